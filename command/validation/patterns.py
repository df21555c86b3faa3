"""The published patterns, one function each: ``pattern(lab) -> Readings``, statistics by name, one value a replication.

What is asked of each statistic stands in `configs/validation/bands.yaml`, not here.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from command.validation.calls import calls_and_potential, habit_and_past_sales, planned_calls
from command.validation.lab import Lab, Readings, fluid
from command.validation.response import carry_over, selling_elasticity
from command.validation.territories import balance_is_second_order, best_map, redesign
from scenarios.goals import by_rep
from sim.run import Played
from sim.world import Floats, GoalPolicy, Goals, LastYear

Pattern = Callable[[Lab], Readings]

QUOTA_LEVELS = (0.5, 0.65, 0.8, 0.9, 1.0, 1.1, 1.3, 1.5, 1.8)


def change_of_rep(lab: Lab) -> Readings:
    """Pattern 9: every rep in turn leaves, its accounts go to the nearest other (Shi et al. 2017)."""
    world = lab.of_equals()
    a, r = world.accounts, world.reps
    stay = [_sales_by_account(p) for p in lab.year(world)]
    lost, held = np.zeros(len(stay)), np.zeros(len(stay))
    km = np.hypot(a.x_km[:, None] - r.x_km[None, :], a.y_km[:, None] - r.y_km[None, :])
    for leaver in range(r.key.size):
        mine = world.current == leaver
        if not mine.any():
            continue
        others = km.copy()
        others[:, leaver] = np.inf
        owner = np.where(mine, others.argmin(axis=1), world.current)
        for number, played in enumerate(lab.year(world, owner=owner)):
            lost[number] += stay[number][mine].sum() - _sales_by_account(played)[mine].sum()
            held[number] += stay[number][mine].sum()
    return {"change of sales, per cent": -100.0 * lost / held}


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


def concentration(lab: Lab) -> Readings:
    """Pattern 23: few customers bring most sales, more than they have of the potential; customers are the accounts that
    bought in the year (McCarthy & Winer 2018).
    """
    potential = lab.base.accounts.potential
    shares, over = [], []
    for p in lab.year(lab.base):
        sales = (p.out.account.order_revenue + p.out.account.won_revenue).astype(float)
        bought = sales > 0.0
        shares.append(_top_fifth(sales[bought]))
        over.append(shares[-1] - _top_fifth(potential[bought]))
    return {
        "top fifth of customers, per cent of sales": np.array(shares),
        "the same over their share of potential, points": np.array(over),
    }


def _top_fifth(values: Floats) -> float:
    """Per cent of a sum that its largest fifth holds."""
    ranked = np.sort(values)[::-1]
    return float(100.0 * ranked[: len(ranked) // 5].sum() / ranked.sum())


def own_quota(level: float) -> GoalPolicy:
    """A yearly quota of ``level`` times each rep's own expected sales of last year."""

    def policy(last: LastYear) -> Goals:
        quota = level * by_rep(last.fluid_sales, last.owner, last.reps)
        return Goals(quota, np.zeros(last.reps), False, 1)

    return policy


def _sales_by_account(played: Played) -> Floats:
    account = played.out.account
    return (account.fluid_orders + account.fluid_won) / 100.0  # type: ignore[no-any-return]


PATTERNS: dict[int, Pattern] = {
    1: calls_and_potential,
    2: planned_calls,
    3: selling_elasticity,
    4: carry_over,
    6: redesign,
    7: balance_is_second_order,
    8: best_map,
    9: change_of_rep,
    12: quota_difficulty,
    23: concentration,
    27: habit_and_past_sales,
}
