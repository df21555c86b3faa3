"""What every measurement needs: a market with a plan, and a clock."""

from __future__ import annotations

import time
from collections.abc import Callable

from scenarios.build import Built, build
from scenarios.schema import (
    ChannelsOptions,
    CrmOptions,
    EventOptions,
    GoalsOptions,
    MarketOptions,
    PayOptions,
    ProcessOptions,
    ReviewOptions,
    Scenario,
    TeamOptions,
    TerritoryOptions,
)
from sim.behaviour import Behaviour


def made(accounts: int, reps: int, goals: str = "none", territory: str = "current") -> Built:
    """A generated market with a plan."""
    return build(
        Scenario(
            market=MarketOptions(accounts=accounts),
            team=TeamOptions(reps=reps),
            goals=GoalsOptions(name=goals),
            territory=TerritoryOptions(name=territory),
        )
    )


def everything(accounts: int, reps: int) -> Built:
    """The same market with every mechanism on."""
    behaviour = Behaviour()._replace(
        stages=3, stage_advance=0.8, patience=0.95, timing=1.0, quit_a_year=0.2, referral=0.2, review=0.1,
        repeat_share=0.2, quick_share=0.3, first_month_pace=0.5, last_month_odds=0.5,
    )  # fmt: skip
    happen = "week 5: demand -10% in region=largest; week 14: competitor price +0.3; week 20: launch +20%; "
    return build(
        Scenario(
            market=MarketOptions(accounts=accounts),
            team=TeamOptions(reps=reps),
            territory=TerritoryOptions(name="balanced"),
            goals=GoalsOptions(name="hybrid", ratchet_up=0.5),
            pay=PayOptions(name="capped", authority=0.1),
            channels=ChannelsOptions(name="phone_small"),
            crm=CrmOptions(name="all"),
            process=ProcessOptions(pace=1.2, success=1.1),
            events=EventOptions(happen=happen + "week 26: rep 1 leaves"),
            behaviour=behaviour,
        )
    )


def reviewed(accounts: int, reps: int) -> Built:
    """The same market with quotas, in a year with something to review: a region grows, a rep leaves."""
    happen = "week 8: demand +60% in region=largest; week 10: rep 1 leaves"
    return build(
        Scenario(
            market=MarketOptions(accounts=accounts),
            team=TeamOptions(reps=reps),
            goals=GoalsOptions(name="quota_potential"),
            review=ReviewOptions(name="quarterly"),
            events=EventOptions(name="bad", happen=happen),
        )
    )


def seconds(play: Callable[[], object]) -> float:
    """Wall time of one call."""
    started = time.perf_counter()
    play()
    return time.perf_counter() - started
