"""Patterns of calls: whom reps call, and what the same hours would bring elsewhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.stats import rankdata

from command.validation.lab import Lab, Readings, fluid
from sim.world import Floats, Ints, World

HALF_YEAR = 26


def calls_and_potential(lab: Lab) -> Readings:
    """Pattern 1: calls do not follow potential (Larson & Jaworski 2021)."""
    potential = lab.base.accounts.potential
    quartile = np.searchsorted(np.quantile(potential, [0.25, 0.5, 0.75]), potential)
    calls = [p.out.account.calls.astype(float) for p in lab.year(lab.base)]
    return {
        "second-lowest quartile over top": np.array([c[quartile == 1].mean() / c[quartile == 3].mean() for c in calls]),
        "rank correlation": np.array([rank_correlation(c, potential) for c in calls]),
    }


def planned_calls(lab: Lab) -> Readings:
    """Pattern 2: the same hours on better chosen calls sell more (Fudge & Lodish 1977; Lodish et al. 1988).

    Two half-years go on from today's state without a quota, so at effort 1. In one, reps choose as they do; in the
    other each week's calls are those that are believed to bring most an hour (`planned`). The gain grows with the
    weeks, as goodwill does, so how long it is played is part of the question.
    """
    today = fluid(lab.year(lab.base, weeks=HALF_YEAR))
    better = fluid(lab.year(planned(lab.base), begun_in=lab.base, weeks=HALF_YEAR))
    return {"gain of weeks 1 to 26, per cent": 100.0 * (better / today - 1.0)}


def planned(world: World) -> World:
    """The world in which nothing but what a call is believed to bring an hour decides whom a rep calls.

    Neither comfort, nor distance beyond the hours it costs, nor an account's turn, nor the mood of the week counts:
    of `sim.rules.calling.log_weight` only ``ln(value / hours)`` is left.
    """
    sober = world.behaviour._replace(comfort_pull=0.0, distance_pull=0.0, turn_pull=0.0, taste=0.0)
    return replace(world, behaviour=sober)


def habit_and_past_sales(lab: Lab) -> Readings:
    """Pattern 27: whom a rep calls follows whom it called, and who bought (Manchanda, Rossi & Chintagunta 2004).

    The direction is theirs, the bands are computed. The last year of the burn-in against the year after it, account by
    account; sales are what was booked. Sales follow potential and so may calls: what potential explains of both is
    taken out before calls are held against last year's sales.
    """
    potential = lab.base.accounts.potential
    habit, follow = [], []
    for start, played in zip(lab.starts(lab.base), lab.year(lab.base), strict=True):
        calls = played.out.account.calls
        habit.append(rank_correlation(calls, start.calls))
        follow.append(partial_rank_correlation(calls, start.sales, potential))
    return {
        "rank correlation with last year's calls": np.array(habit),
        "rank correlation with last year's sales, potential given": np.array(follow),
    }


def rank_correlation(a: Floats | Ints, b: Floats | Ints) -> float:
    """Spearman's rank correlation of two columns."""
    return float(np.corrcoef(rankdata(a), rankdata(b))[0, 1])


def partial_rank_correlation(a: Floats | Ints, b: Floats | Ints, given: Floats | Ints) -> float:
    """Rank correlation of two columns once both are freed of a third: that of what is left of their ranks.

    ``(r_ab - r_ac * r_bc) / sqrt((1 - r_ac**2) * (1 - r_bc**2))``; worked: calls and sales go together with 0.48,
    but with potential they do with 0.29 and 0.74, which leaves (0.48 - 0.29 * 0.74) / (0.96 * 0.67) = 0.41.

    >>> a, b, given = np.array([1, 2, 3, 4]), np.array([2, 1, 4, 3]), np.array([1, 2, 4, 3])
    >>> round(partial_rank_correlation(a, b, given), 6)  # (0.6 - 0.8 * 0.8) / 0.36
    -0.111111
    """
    ab, ac, bc = rank_correlation(a, b), rank_correlation(a, given), rank_correlation(b, given)
    return float((ab - ac * bc) / np.sqrt((1.0 - ac**2) * (1.0 - bc**2)))
