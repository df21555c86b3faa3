"""What played years say of goals: how often each is met, how far it is in the rep's hands, quotas that are alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.record import Record

Values = NDArray[np.float64]
COUNTED = {
    "revenue": ("order_revenue", "won_revenue"),
    "won": ("won",),
    "opened": ("opened",),
    "new_customers": ("new_customers",),
    "calls": ("calls",),
    "priority_calls": ("priority_calls",),
}
OUT_OF_REACH, MATTER_OF_COURSE = 0.20, 0.95
VERDICTS = ("out of reach", "achievable", "a matter of course")


def weekly(record: Record, measure: str) -> Values:
    """A measure week by week, (R, weeks, m): money or a count."""
    columns = [record.rep_week[name].astype(np.float64) for name in COUNTED[measure]]
    total = np.sum(columns, axis=0)
    return np.asarray(total / 100.0 if measure == "revenue" else total, dtype=np.float64)


def met(values: Values, target: float, windows: Sequence[tuple[int, int]]) -> Values:
    """Share of the windows (first week, week after the last) of each year in which a goal is reached: (R,).

    ``values`` (R, weeks) are one rep's, or the team's.

    >>> met(np.array([[1.0, 2.0, 3.0, 0.0]]), 3.0, [(0, 2), (2, 4)]).tolist()
    [1.0]
    >>> met(np.array([[1.0, 2.0, 3.0, 0.0]]), 3.0, [(0, 1), (2, 3)]).tolist()
    [0.5]
    """
    reached = [values[:, first:end].sum(axis=1) >= target for first, end in windows]
    return np.asarray(np.mean(reached, axis=0), dtype=np.float64)


def verdict(chance: float) -> str:
    """What a chance makes of a goal: below a fifth it is out of reach, above 19 in 20 it asks for nothing.

    >>> verdict(0.1), verdict(0.2), verdict(0.96)
    ('out of reach', 'achievable', 'a matter of course')
    """
    return VERDICTS[0] if chance < OUT_OF_REACH else VERDICTS[2] if chance > MATTER_OF_COURSE else VERDICTS[1]


def in_own_hands(levels: Sequence[Values]) -> float:
    """Share of a measure's variance that effort explains, from years played at each of some levels of effort.

    ``levels`` are one (R,) array a level, all levels equally likely. Between levels: the variance of their means, less
    what luck alone gives it; within: the mean variance in a level, which is luck. ``between / (between + within)``.
    Worked: means 9, 10 and 11 with a spread of 1 in each (and many years): 0.667 / 1.667 = 0.4.

    >>> luck = np.tile([-1.0, 1.0], 5_000)
    >>> round(in_own_hands([9.0 + luck, 10.0 + luck, 11.0 + luck]), 2)
    0.4
    >>> in_own_hands([luck, luck])
    0.0
    """
    means = np.array([level.mean() for level in levels])
    within = float(np.mean([level.var(ddof=1) for level in levels]))
    by_luck = within / len(levels[0]) * (len(levels) - 1) / len(levels)
    between = max(0.0, float(means.var()) - by_luck)
    return between / (between + within) if between + within > 0.0 else 0.0


def same_chance(sales: Values, total: float) -> tuple[Values, float]:
    """Quotas (m,) that add up to ``total`` and that every rep reaches with the same chance; and that chance.

    ``sales`` (R, m) are what the reps sold in played years: each quota is the same quantile of its rep's own sales. A
    total above what all the best years bring, or below all the worst, is shared in proportion to those.

    >>> quota, chance = same_chance(np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]]), 22.0)
    >>> quota.round(2).tolist(), round(chance, 2)
    ([2.0, 20.0], 0.5)
    >>> same_chance(np.array([[1.0, 10.0], [3.0, 30.0]]), 66.0)[0].tolist()
    [6.0, 60.0]
    """
    low, high = sales.min(axis=0), sales.max(axis=0)
    if total >= high.sum():
        return high * (total / high.sum()) if high.sum() > 0.0 else high + total / len(high), 0.0
    if total <= low.sum():
        return low * (total / low.sum()), 1.0
    below, above = 0.0, 1.0
    for _ in range(60):
        middle = (below + above) / 2.0
        if np.quantile(sales, middle, axis=0).sum() < total:
            below = middle
        else:
            above = middle
    quota = np.asarray(np.quantile(sales, above, axis=0), dtype=np.float64)
    return quota * (total / quota.sum()), 1.0 - above
