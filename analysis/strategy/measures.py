"""What an objective can be measured by: the measures of a year, and counts of the record, up to a week or in a segment.

Up to a week, and in a segment, a year is cut and measured as if that were all of it: one copy of each equation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.metrics import METRICS, measures
from analysis.played import Frames, Played
from sim.world import REASONS, WEEKS

Values = NDArray[np.float64]  # one a simulated year
Mask = NDArray[np.bool_]

PLAN, FLOW, YEAR = "plan", "flow", "year"  # known before week 1; counted up to a week; known when the year is over


class Known(NamedTuple):
    """One measure: its unit, which way is better, its meaning, when it is known, whether it has segments."""

    unit: str
    better: str  # higher, lower or none
    meaning: str
    when: str
    segments: bool
    measure: Callable[[Played], Values]


def _counted(played: Played, column: str) -> Values:
    """A column of the reps' weeks added up."""
    return np.asarray(played.sums(column).sum(axis=1), dtype=np.float64)


def _share(part: Values, whole: Values) -> Values:
    """part / whole, missing where there is nothing of it."""
    return np.asarray(part / np.where(whole != 0, whole, np.nan), dtype=np.float64)


def win_rate(played: Played) -> Values:
    """Won / decided. 30 won and 70 lost → 0.3."""
    won = _counted(played, "won")
    return _share(won, won + _counted(played, "lost"))


def customer_time(played: Played) -> Values:
    """Hours with customers / hours used. 20 hours, 5 of them on the road → 0.75."""
    return 1.0 - _share(_counted(played, "travel_hours"), _counted(played, "hours"))


def lost_for(played: Played, reason: str) -> Values:
    """Opportunities lost for a reason / all lost. 12 of 60 → 0.2."""
    lost, why = (played.account_years(column).sum(axis=1) for column in ("lost", f"lost_{reason}"))
    return _share(np.asarray(why, np.float64), np.asarray(lost, np.float64))


def pipeline(played: Played) -> Values:
    """Value of what is open after the last week, in money."""
    return np.asarray(played.account_years("open_value").sum(axis=1) / 100, dtype=np.float64)


def _of_metrics(name: str) -> Callable[[Played], Values]:
    return lambda played: METRICS[name].measure(played).to_numpy(np.float64)


BEFORE_WEEK_1 = {"moved_accounts", "moved_revenue", "moved_pipeline", "moved_relationship"}
UP_TO_A_WEEK = {
    "contribution", "roi", "revenue", "margin", "selling_cost", "travel_cost", "rep_changes", "new_customers", "calls",
    "effort", "revenue_cv", "revenue_gini", "revenue_in_band", "hired",
}  # fmt: skip
IN_A_SEGMENT = {
    "revenue", "end_value", "coverage", "touched", "new_customers", "retention", "calls", *BEFORE_WEEK_1,
}  # fmt: skip


def _when(name: str) -> str:
    if name in BEFORE_WEEK_1 or name.startswith(("workload_", "potential_")):
        return PLAN
    return FLOW if name in UP_TO_A_WEEK else YEAR


def _counts() -> dict[str, Known]:
    """What the record counts and METRICS does not hold."""
    counted = {
        "opened": ("opportunities", "higher", "opportunities that opened", True),
        "won": ("opportunities", "higher", "opportunities won", True),
        "lost": ("opportunities", "lower", "opportunities lost", True),
        "churned": ("accounts", "lower", "customers that lapsed", True),
        "priority_calls": ("calls", "higher", "calls made on priority accounts", False),
    }
    table = {
        name: Known(unit, better, meaning, FLOW, segments, partial(_counted, column=name))
        for name, (unit, better, meaning, segments) in counted.items()
    }
    table["win_rate"] = Known("share", "higher", "opportunities won, of those decided", FLOW, True, win_rate)
    table["customer_time"] = Known("share", "higher", "hours not on the road", FLOW, False, customer_time)
    table["pipeline"] = Known("money", "higher", "value still open after the last week", YEAR, True, pipeline)
    for reason in REASONS:
        said = f"opportunities lost for {reason.replace('_', ' ')}, of all lost"
        table[f"lost_{reason}"] = Known("share", "lower", said, YEAR, True, partial(lost_for, reason=reason))
    return table


MEASURES: dict[str, Known] = {
    **{
        name: Known(one.unit, one.better, one.meaning, _when(name), name in IN_A_SEGMENT, _of_metrics(name))
        for name, one in METRICS.items()
    },
    **_counts(),
}


def measured(played: Played, name: str, until: int, where: Mask | None) -> Values:
    """A measure of each year up to week ``until``, of all accounts or those of ``where`` (n,); NaN where none is."""
    about = MEASURES[name]
    if where is not None:
        return about.measure(within(played, where))
    if until < WEEKS and about.when == FLOW:
        return about.measure(so_far(played, until))
    return measures(played)[name].to_numpy(np.float64) if name in METRICS else about.measure(played)


@dataclass(frozen=True, eq=False)
class _SoFar(Played):
    """A year up to a week: its weeks are cut, and what a year costs is there in proportion."""

    until: int = WEEKS

    def weeks(self, column: str) -> NDArray[Any]:
        return super().weeks(column)[:, : self.until]

    @property
    def reps(self) -> pd.DataFrame:
        reps = super().reps
        yearly = {name: reps[name] * (self.until / WEEKS) for name in ("overhead", "tools") if name in reps}
        return reps.assign(**yearly)


def so_far(played: Played, until: int) -> Played:
    """The years up to week ``until`` as if they were whole ones; overhead and tools are spread over the weeks."""
    return _SoFar(played.info, played.frames, until)


AS_WEEKS = {"new_customers": "became_customer"}  # columns of the reps' weeks that accounts know by another name
SUMMED = ("calls", "order_revenue", "won_revenue", "opened", "won", "lost", "churned", "new_customers")


class _Segment(Frames):
    """The frames of some accounts: one rep who has them all, one week that is the year."""

    def __init__(self, played: Played, where: Mask) -> None:
        super().__init__({"accounts": played.accounts[where], "reps": played.reps.iloc[:1]})
        self.played, self.where = played, where

    def column(self, frame: str, name: str) -> NDArray[Any]:
        if frame == "account_years":
            return self.played.account_years(name)[:, self.where].ravel()
        if frame == "rep_weeks" and name in SUMMED:
            return np.asarray(self.played.account_years(AS_WEEKS.get(name, name))[:, self.where].sum(axis=1))
        raise KeyError(f"{name} is not known by segment")


def within(played: Played, where: Mask) -> Played:
    """The years of some accounts (n,) as if they were all there are; sums alone, as accounts know no weeks."""
    return replace(played, frames=_Segment(played, where))
