"""The published patterns, one function each: ``pattern(lab) -> Readings``, statistics by name, one value a replication.

What is asked of each statistic stands in `configs/validation/bands.yaml`, not here.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.stats import rankdata

from command.validation.handovers import change_of_rep, not_every_account_loses
from command.validation.lab import Lab, Readings, fluid
from command.validation.quotas import attainment_spread, giving_up, quota_difficulty
from command.validation.territories import balance_is_second_order, best_map, flat_optimum, redesign
from sim.run import Played
from sim.world import Floats

Pattern = Callable[[Lab], Readings]


def rank_correlation(a: Floats, b: Floats) -> float:
    """Spearman's rank correlation of two columns."""
    return float(np.corrcoef(rankdata(a), rankdata(b))[0, 1])


def calls_and_potential(lab: Lab) -> Readings:
    """Pattern 1: calls do not follow potential (Larson & Jaworski 2021)."""
    potential = lab.base.accounts.potential
    quartile = np.searchsorted(np.quantile(potential, [0.25, 0.5, 0.75]), potential)
    calls = [p.out.account.calls.astype(float) for p in lab.year(lab.base)]
    return {
        "second-lowest quartile over top": np.array([c[quartile == 1].mean() / c[quartile == 3].mean() for c in calls]),
        "rank correlation": np.array([rank_correlation(c, potential) for c in calls]),
    }


def selling_elasticity(lab: Lab) -> Readings:
    """Pattern 3: per cent of sales for one per cent of selling hours, at once and in the long run."""
    more, less = lab.with_hours(1.1), lab.with_hours(0.9)
    span = np.log(1.1 / 0.9)
    at_once = [lab.year(world, begun_in=lab.base, weeks=4) for world in (more, less)]
    return {
        "long run": np.log(fluid(lab.year(more)) / fluid(lab.year(less))) / span,
        "first four weeks": np.log(fluid(at_once[0]) / fluid(at_once[1])) / span,
        "first four weeks, recurring orders": np.log(_orders(at_once[0]) / _orders(at_once[1])) / span,
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


def _orders(played: list[Played]) -> Floats:
    return np.array([float(p.out.account.fluid_orders.sum()) for p in played])


PATTERNS: dict[int, Pattern] = {
    1: calls_and_potential,
    3: selling_elasticity,
    6: redesign,
    7: balance_is_second_order,
    8: best_map,
    9: change_of_rep,
    11: not_every_account_loses,
    12: quota_difficulty,
    13: giving_up,
    21: flat_optimum,
    23: concentration,
    24: attainment_spread,
}
