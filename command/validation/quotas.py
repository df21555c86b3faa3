"""Patterns of quotas: what reps do as one is easy, hard, out of reach or behind them, and who reaches it."""

from __future__ import annotations

import numpy as np
from scipy.stats import skew

from command.validation.lab import Lab, Readings, fluid, ratio_of_means
from scenarios.goals import by_rep, goal_policy
from scenarios.pay import pay_plan
from scenarios.schema import GoalsOptions, PayOptions
from sim.world import Floats, GoalPolicy, Goals, LastYear
from sim.year import Played

QUOTA_LEVELS = (0.5, 0.65, 0.8, 0.9, 1.0, 1.1, 1.3, 1.5, 1.8)
LATE = slice(35, 52)  # weeks 36 to 52: late enough to know how the year will end
HOPELESS, NEAR = 0.1, (0.3, 0.7)  # chance of the quota as the rep sees it
TIGHT_CAP = 1.05  # of the quota


def quota_difficulty(lab: Lab) -> Readings:
    """Pattern 12: harder goals raise sales up to a point, and calls at the price of quality.

    Kumar et al. 2018; Fang et al. 2004.
    """
    sales, calls, quality = [], [], []
    for level in QUOTA_LEVELS:
        played = lab.year(lab.base, goals=own_quota(level))
        sales.append(fluid(played))
        calls.append(np.array([p.out.rep.calls.sum() for p in played], dtype=float))
        quality.append(np.array([p.out.rep.quality.mean() for p in played]))
    mean = np.array([s.mean() for s in sales])
    best = int(mean.argmax())
    at = {level: place for place, level in enumerate(QUOTA_LEVELS)}
    return {
        "best quota over expected sales": np.full(sales[0].size, QUOTA_LEVELS[best]),
        "best over easiest, points": 100.0 * (sales[best] / sales[0] - 1.0),
        "best over hardest, points": 100.0 * (sales[best] / sales[-1] - 1.0),
        "calls from 0.8 to 1.0, per cent": 100.0 * (calls[at[1.0]] / calls[at[0.8]] - 1.0),
        "quality from 0.8 to 1.0, per cent": 100.0 * (quality[at[1.0]] / quality[at[0.8]] - 1.0),
    }


def giving_up(lab: Lab) -> Readings:
    """Pattern 13: reps give up on a quota out of reach, and go on after it only where that pays (Chung, Steenburgh &
    Sudhir 2014).

    The year of pattern 12 at level 1.0, weeks 36 to 52. A rep-week is hopeless where the rep sees a chance below 0.1,
    near where it sees 0.3 to 0.7, and after the quota where that was sold before the week began. The last is played
    with a higher rate over the quota, and with the same capped at 1.05 of it; the others are paid as the status quo is.

    Some replications have no rep-week of one kind or another, so the mean effort is that of all rep-weeks of the kind
    over all replications (`pooled`).
    """
    ote = lab.scenario.team.ote
    year = lab.year(lab.base, goals=own_quota(1.0))
    over = lab.year(lab.base, goals=own_quota(1.0), pay=pay_plan(PayOptions(name="accelerator"), ote))
    capped = lab.year(lab.base, goals=own_quota(1.0), pay=pay_plan(PayOptions(name="capped", cap=TIGHT_CAP), ote))
    chance = [p.out.rep.chance[LATE] for p in year]
    hopeless = _effort(year, [c < HOPELESS for c in chance])
    near = _effort(year, [(c >= NEAR[0]) & (c <= NEAR[1]) for c in chance])
    after = _effort(over, _after_quota(over))
    return {
        "effort when hopeless": hopeless,
        "effort when hopeless less effort when near": hopeless - near,
        "effort after the quota, with an over-rate": after,
        "the same capped less uncapped": _effort(capped, _after_quota(capped)) - after,
    }


def attainment_spread(lab: Lab) -> Readings:
    """Pattern 24: about half of the reps reach their quota, and attainment differs widely, a few far above (several
    surveys, which conflict).

    The team's quota is 1.06 times last year's expected sales, shared out by 0.8 believed potential and 0.2 last sales.
    Attainment is what was booked by the year's end over the quota, luck included; its spread is that between the reps
    of one team in one year, so each statistic is taken in each replication.
    """
    played = lab.year(lab.base, goals=goal_policy(GoalsOptions(name="quota_potential")))
    attained = np.array([p.out.rep.attainment[-1] for p in played])
    return {
        "reps at quota, per cent": 100.0 * (attained >= 1.0).mean(axis=1),
        "coefficient of variation": attained.std(axis=1) / attained.mean(axis=1),
        "skewness": skew(attained, axis=1),
    }


def own_quota(level: float) -> GoalPolicy:
    """A yearly quota of ``level`` times each rep's own expected sales of last year."""

    def policy(last: LastYear) -> Goals:
        quota = level * by_rep(last.fluid_sales, last.owner, last.reps)
        return Goals(quota, np.zeros(last.reps), False, 1)

    return policy


def pooled(values: list[Floats]) -> Floats:
    """The mean of all values of all replications together, spread over the replications: (replications,).

    `ratio_of_means` of the sums of a replication's values and their numbers: a replication without any holds the mean.
    nan where none has any.

    >>> pooled([np.array([1.0, 1.0, 1.0]), np.array([]), np.array([5.0])]).round(6).tolist()
    [-0.25, 2.0, 4.25]
    """
    total, count = np.array([v.sum() for v in values]), np.array([float(v.size) for v in values])
    return ratio_of_means(total, count) if count.any() else np.full(len(values), np.nan)


def _effort(played: list[Played], which: list[np.ndarray]) -> Floats:
    """Mean effort of the late rep-weeks that ``which`` names, (weeks, m) in each replication."""
    return pooled([p.out.rep.effort[LATE][chosen] for p, chosen in zip(played, which, strict=True)])


def _after_quota(played: list[Played]) -> list[np.ndarray]:
    """The late rep-weeks before which a yearly quota was sold."""
    before = slice(LATE.start - 1, LATE.stop - 1)
    return [p.out.rep.attainment[before] >= 1.0 for p in played]
