"""The simulated years that a real one is held against: the plan's, today's, and the plan's with a review."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.cuts import contribution_by_week
from analysis.metrics import contribution, end_value
from analysis.played import Played
from analysis.store import frames
from analysis.tracking.measures import Values, watched
from command.play import tables_of
from scenarios.build import Built
from scenarios.identity import plain
from scenarios.schema import Scenario
from sim.record import Record
from sim.run import run
from sim.world import WEEKS, Plan, World

AT_ONCE = 200_000_000  # bytes of single weeks of accounts
A_ROW = 84  # bytes of one account's week
MOST_AT_ONCE = 20  # years

Tell = Callable[[int], None]


def silent(done: int) -> None:
    """Tells nobody how many years are played."""


class Paid(NamedTuple):
    """What simulated years sold and earned, (R, weeks) so far and (R,) in all; money. No review's own price is off."""

    sales: Values
    contribution: Values
    whole: Values  # contribution of the year
    after: Values  # end value
    moves: Values  # accounts that a review moved


class Watched(NamedTuple):
    """The plan's simulated years, R of them: what is watched of them, their goals, what they earned."""

    values: Values  # (R, weeks, g, K)
    called: Values  # (n,) calls on each account up to the week, mean year
    quota: Values  # (R, m) money
    activity: Values  # (R, m) calls a week
    paid: Paid


def watch(
    scenario: Scenario,
    built: Built,
    years: Sequence[int],
    counts: Values,
    usual: Values,
    members: Values,
    week: int,
    tell: Tell = silent,
    plan: Plan | None = None,
) -> Watched:
    """Plays ``years`` of the plan, account by account, and keeps what is watched of them."""
    size = max(1, min(MOST_AT_ONCE, AT_ONCE // (A_ROW * WEEKS * len(counts))))
    values, called, quota, activity, earned = [], np.zeros(len(counts)), [], [], []
    said, tables = plain(scenario), tables_of(scenario, built)
    for record in _in_parts(built.world, plan or built.plan, years, size, tell, inspected=True):
        assert record.account_week is not None
        values.append(watched(record.account_week, counts, usual, members))
        called += record.account_week["called"][:, :week].sum(axis=(0, 1))
        quota.append(record.goals["quota"])
        activity.append(record.goals["activity_goal"])
        earned.append(_paid(record, said, *tables))
    return Watched(
        np.concatenate(values),
        called / len(years),
        np.concatenate(quota),
        np.concatenate(activity),
        _together(earned),
    )


def pay_of(scenario: Scenario, built: Built, plan: Plan, years: Sequence[int], tell: Tell = silent) -> Paid:
    """Plays ``years`` of a plan in the built world, and what they earned."""
    said, tables = plain(scenario), tables_of(scenario, built)
    return _together([_paid(one, said, *tables) for one in _in_parts(built.world, plan, years, MOST_AT_ONCE, tell)])


def _paid(record: Record, scenario: dict[str, Any], accounts: pd.DataFrame, reps: pd.DataFrame) -> Paid:
    # Frames have their years in rising order; here they may come in any.
    numbers = tuple(range(len(record.replications)))
    made = frames(replace(record, replications=numbers, account_week=None), accounts, reps)
    played = Played({"scenario": scenario, "replications": list(numbers)}, made)
    sold = (played.weeks("order_revenue") + played.weeks("won_revenue")).sum(axis=2) / 100.0
    return Paid(
        sold.cumsum(axis=1),
        contribution_by_week(played).to_numpy().T,
        contribution(played).to_numpy(np.float64),
        end_value(played).to_numpy(np.float64),
        played.weeks("gained").sum(axis=(1, 2)).astype(np.float64),
    )


def _together(parts: Sequence[Paid]) -> Paid:
    return Paid(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _in_parts(
    world: World, plan: Plan, years: Sequence[int], size: int, tell: Tell, inspected: bool = False
) -> Iterator[Record]:
    """So many years at once that memory holds them; ``tell`` hears how many are done."""
    for first in range(0, len(years), size):
        yield run(world, plan, list(years[first : first + size]), inspected=inspected)
        tell(min(first + size, len(years)))
