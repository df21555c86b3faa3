"""The plan's simulated years and the real one side by side, with what both have on record, and the drift detector."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from analysis.played import Played
from analysis.tracking.drift import BLOCK, KINDS, WATCHED, Detector, columns_of, fit
from analysis.tracking.limits import limits
from analysis.tracking.measures import AT, TERRITORY, Group, Values, groups, watched
from command.tracking.plays import Tell, Watched, watch
from command.twin import counts_priority_only
from scenarios.actual import Actual
from scenarios.build import Built
from scenarios.schema import Scenario
from sim.world import WEEKS

RECORDED = {  # the measures that each kind of record carries
    "calls": ("calls", "counted"),
    "opportunities": ("opened", "decided", "won", "won_revenue", "open"),
    "orders": ("order_revenue", "ordered"),
}
MISSING = {
    "calls": "no visit, call or e-mail is on record: who works less can't be seen, and no activity goal be judged",
    "opportunities": "no opportunity is on record: sales are orders alone here, and no quota can be judged",
    "orders": "no order is on record, but the plan has some: sales are won opportunities, and no quota can be judged",
}

NOT_LEARNT = ("opened", "open")  # of a market that is learnt from an export: from what was won or lost alone
UNEVEN = (
    "the plan's market is learnt from opportunities that were won or lost; some are never closed, so new and open ones "
    "are not held against it"
)
BESIDE = (
    "a real business is only like its simulated one: what all territories share, such as the calendar, is not told as "
    "drift; they are held against one another"
)
NO_RHYTHM = "the plan was played without a twin, so it knows no rhythm of quarters: territory fit, then market.fit"


@dataclass(frozen=True)
class Year:
    """``now`` (weeks, g, K) beside the simulated years ``watched.values`` (R, weeks, g, K); ``limits`` (2, kinds)."""

    scenario: Scenario
    built: Built
    actual: Actual
    groups: list[Group]
    members: Values  # (n, g)
    counts: Values  # (n,) 1 where a call counts for the activity goal
    usual: Values  # (n,) money of an account's usual order
    watched: Watched
    now: Values
    recorded: tuple[str, ...]
    missing: tuple[str, ...]  # kinds of records that the plan has and this year has not
    detector: Detector
    limits: Values

    @property
    def span(self) -> tuple[int, int]:
        """The weeks that are on record: the first (from 0), and the one after the last."""
        return self.actual.first, self.actual.week

    @property
    def notes(self) -> list[str]:
        """What a reader has to know of how the two years are held against each other."""
        told = [MISSING[kind] for kind in self.missing]
        if self.scenario.market.name == "crm":
            told += [BESIDE, UNEVEN, *([] if self.scenario.market.fit else [NO_RHYTHM])]
        return told

    @property
    def missing_sales(self) -> bool:
        """Whether a kind of sales that the plan has is not on record."""
        return any(kind != "calls" for kind in self.missing)

    @property
    def territories(self) -> range:
        """The groups that are territories."""
        return range(sum(group.kind == TERRITORY for group in self.groups))


def side_by_side(scenario: Scenario, built: Built, plan: Played, actual: Actual, years: int, tell: Tell) -> Year:
    """Plays ``years`` of the plan and fits the detector on them; ``tell`` hears how many are played."""
    named, members = groups(plan.accounts, plan.reps)
    counts, usual = _counts(built), built.world.accounts.order_size
    made = watch(scenario, built, range(years), counts, usual, members, actual.week, tell)
    unknown = NOT_LEARNT if scenario.market.name == "crm" else ()
    there = [name for kind, of in RECORDED.items() if kind in actual.recorded for name in of]
    recorded = tuple(name for name in there if name not in unknown)
    mean = made.values.mean(axis=(0, 1, 2))
    missing = tuple(
        kind for kind, names in RECORDED.items() if kind not in actual.recorded and any(mean[AT[one]] for one in names)
    )
    for kind in missing:  # what is not on record is not expected either
        made.values[..., [AT[name] for name in RECORDED[kind]]] = 0.0
    wide = np.array([group.kind != TERRITORY for group in named])
    columns = tuple(name for name in WATCHED if name in recorded and mean[AT[name]] > 0.0)
    looks = tuple(range(actual.first + BLOCK, WEEKS + 1))
    make = partial(
        fit,
        columns=columns,
        kinds=KINDS,
        wide=wide,
        first=actual.first,
        looks=looks,
        beside=scenario.market.name == "crm",
    )
    held = columns_of(made.values, columns)
    now = watched(actual.weeks, counts, usual, members)
    detector = make(held), limits(held, make)
    return Year(scenario, built, actual, named, members, counts, usual, made, now, recorded, missing, *detector)


def _counts(built: Built) -> Values:
    counts = np.ones(len(built.plan.owner))
    if built.plan.channels is not None:
        counts *= built.plan.channels.counts[built.plan.channels.of]
    return np.asarray(counts * built.world.accounts.priority) if counts_priority_only(built) else counts
