"""When things happen in an export: the span that it really covers, how long deals take, the season."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from scenarios.crm.odds import shrunk
from scenarios.intake.schema import LOST, OPEN, WON
from sim.behaviour import Behaviour
from sim.world import WEEKS, Floats

THIN_MONTH = 0.2  # of the usual month's closings: thinner months at either end do not count as covered
SHORTEST = 28  # days
YEAR = 365.25
HAZARDS = (0.01, 0.9)


class Span(NamedTuple):
    """First and last day (since 1970) that the export covers."""

    first: int
    last: int

    @property
    def years(self) -> float:
        """Its length in years, at least four weeks."""
        return max(self.last - self.first + 1, SHORTEST) / YEAR

    @property
    def months(self) -> int:
        """How many calendar months it touches."""
        first, last = months(pd.Series([self.first, self.last]))
        return int(last - first) + 1

    def holds(self, days: pd.Series) -> pd.Series:
        """Which days lie in it."""
        return (days >= self.first) & (days <= self.last)


class Cycle(NamedTuple):
    """Days that decided opportunities took from engaging to closing; ``asleep`` are open for longer than any did."""

    mean: float
    median_won: float
    median_lost: float
    longest: float
    asleep: int


def months(days: pd.Series) -> np.ndarray:
    """Months since January 1970 of days since 1970."""
    return days.to_numpy(np.int64).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def first_day(month: int) -> int:
    """Day since 1970 on which a month since January 1970 begins.

    >>> first_day(1)
    31
    """
    return int(np.datetime64(month, "M").astype("datetime64[D]").astype(int))


def span(decided: pd.DataFrame) -> Span:
    """From the first to the last closing, without the months at either end with under a fifth of the usual closings."""
    month = months(decided["closed"])
    numbers, counts = np.unique(month, return_counts=True)
    full = numbers[counts >= THIN_MONTH * np.median(counts)]
    closed = decided["closed"].to_numpy(np.int64)[(month >= full[0]) & (month <= full[-1])]
    return Span(int(closed.min()), int(closed.max()))


def cycle(deals: pd.DataFrame) -> Cycle:
    """How long won and lost opportunities took; a week where no engage date is known."""
    decided = deals[deals["outcome"] != OPEN]
    known = decided[decided["created"] >= 0]
    took = (known["closed"] - known["created"]).astype(float)
    if took.empty:
        return Cycle(7.0, 7.0, 7.0, 7.0, 0)
    halves = [took[known["outcome"] == stage] for stage in (WON, LOST)]
    medians = [float(half.median()) if len(half) else float(took.median()) for half in halves]
    still = deals[(deals["outcome"] == OPEN) & (deals["created"] >= 0)]
    waited = decided["closed"].max() - still["created"]
    return Cycle(float(took.mean()), medians[0], medians[1], float(took.max()), int((waited > took.max()).sum()))


def hazard(mean_days: float, stages: int) -> float:
    """Chance a week of leaving a stage, the same in all K, so that all take the mean: ``K / weeks``, in 0.01 to 0.9.

    >>> hazard(70.0, 2)
    0.2
    """
    return float(np.clip(stages / max(mean_days / 7.0, 1e-9), *HAZARDS))


def mean_weeks(behaviour: Behaviour) -> float:
    """Weeks that the model's opportunities take on average at effort 1: the sum of ``1 / chance`` over the stages.

    Some walk no stages, and take one over their own chance. The calendar is left out.
    """
    walking = (behaviour.stages - 1) / behaviour.stage_hazard + 1.0 / behaviour.closing_hazard
    return behaviour.quick_share / behaviour.quick_hazard + (1.0 - behaviour.quick_share) * walking


def median_days(behaviour: Behaviour) -> float:
    """Days that half of the model's opportunities take, with equal chances in all stages.

    >>> median_days(Behaviour())
    70.0
    """
    stages, left, weeks = behaviour.stages, 1.0, 0
    chance, quick = np.zeros(stages), behaviour.quick_share
    chance[0] = 1.0 - quick
    move = np.array([behaviour.stage_hazard] * (stages - 1) + [behaviour.closing_hazard])
    while left > 0.5:
        moved = chance * move
        chance = chance - moved
        chance[1:] += moved[:-1]
        quick *= 1.0 - behaviour.quick_hazard
        left = float(chance.sum()) + quick
        weeks += 1
    return 7.0 * weeks


def season(decided: pd.DataFrame, covered: Span, mean_days: float) -> Floats:
    """Demand week by week from 1 January on, (52,), mean 1.

    Opportunities closed a day in each calendar month over the average, in logs, shrunk by what mere counting luck
    explains; months that the span does not cover are average. Weeks are read off between the middles of months, the
    mean time a deal takes earlier: the season moves what opens, and closings follow.
    """
    day = np.arange(covered.first, covered.last + 1)
    closed = decided.loc[covered.holds(decided["closed"]), "closed"]
    days = np.bincount(months(pd.Series(day)) % 12, minlength=12)
    counts = np.bincount(months(closed) % 12, minlength=12)
    seen = (days >= SHORTEST // 2) & (counts > 0)
    level = np.zeros(12)
    if seen.sum() > 1:
        rate = np.log(counts[seen] / days[seen] / (counts[seen].sum() / days[seen].sum()))
        level[seen] = shrunk(rate, 1.0 / counts[seen]).value
    middles = (np.arange(12) + 0.5) / 12.0
    when = ((np.arange(WEEKS) + 0.5) * 7.0 + mean_days) / YEAR
    weeks = np.exp(np.interp(when, middles, level, period=1.0))
    return np.asarray(weeks / weeks.mean(), dtype=np.float64)
