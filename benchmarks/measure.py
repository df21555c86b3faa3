"""What every measurement needs: a market with a plan, and a clock."""

from __future__ import annotations

import time
from collections.abc import Callable

from scenarios.build import Built, build
from scenarios.schema import GoalsOptions, MarketOptions, Scenario, TeamOptions, TerritoryOptions


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


def seconds(play: Callable[[], object]) -> float:
    """Wall time of one call."""
    started = time.perf_counter()
    play()
    return time.perf_counter() - started
