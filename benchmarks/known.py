"""Known businesses: a generated market with a drawn behaviour, played a year with books, written as a CRM's export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from command.fitting.behaviour import RANGES
from command.records import tables
from scenarios.build import Built, build
from scenarios.intake.vendor import write_as
from scenarios.schema import MarketOptions, Scenario, TeamOptions
from sim.behaviour import Behaviour
from sim.ledger import Ledger, keep_books

YEAR = 2023
MOST_STAGES = 4
COURSE = {  # what the course of opportunities is drawn from, evenly; inside what `sim.behaviour` allows
    "quick_share": (0.05, 0.60),
    "first_month_quick": (-1.0, 1.0),
    "quick_hazard": (0.30, 0.90),
    "stage_hazard": (0.10, 0.60),
    "closing_hazard": (0.10, 0.50),
    "stage_advance": (0.60, 1.00),
    "first_month_pace": (0.40, 1.80),
    "last_month_pace": (0.60, 2.00),
    "win_odds": (0.15, 0.60),
    "first_month_odds": (-0.8, 0.8),
    "last_month_odds": (-0.8, 0.8),
}
ACCOUNTS, REPS, OPENED = (150, 250), (5, 8), (1500, 4000)


@dataclass(frozen=True)
class Known:
    """A business of which everything is known, and the year that was played of it."""

    scenario: Scenario
    built: Built
    ledger: Ledger


def business(seed: int) -> Scenario:
    """A business drawn by its seed: market, team and behaviour."""
    rng = np.random.default_rng([seed, 77])
    course = {name: float(rng.uniform(*between)) for name, between in COURSE.items()}
    stages = int(rng.integers(1, MOST_STAGES + 1))
    if stages == 1:
        course["stage_advance"] = 1.0
    own = {one.name: float(rng.uniform(one.low, one.high)) for one in RANGES}
    behaviour = Behaviour(stages=stages, **course, **own)
    reps = int(rng.integers(REPS[0], REPS[1] + 1))
    quick = behaviour.quick_share
    chance = behaviour.win_odds * (quick + (1.0 - quick) * behaviour.stage_advance ** (stages - 1))
    wins = float(rng.uniform(*OPENED)) * chance / reps
    accounts = int(rng.integers(ACCOUNTS[0], ACCOUNTS[1] + 1))
    return Scenario(
        market=MarketOptions(seed=seed, accounts=accounts, wins_a_rep=wins),
        team=TeamOptions(reps=reps),
        behaviour=behaviour,
    )


def played(scenario: Scenario, folder: Path, change: Callable[[Built], Built] = lambda built: built) -> Known:
    """Plays a year of it, with what is changed of it beforehand, and writes its export to ``folder``."""
    built = change(build(scenario))
    ledger = keep_books(built.world, built.plan)
    write_as(tables(built, ledger, YEAR), "salesforce", folder)
    return Known(scenario, built, ledger)
