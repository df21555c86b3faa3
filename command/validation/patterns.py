"""The published patterns, one function each: ``pattern(lab) -> Readings``, statistics by name, one value a replication.

What is asked of each statistic stands in `configs/validation/bands.yaml`, not here.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from command.validation.calls import calls_and_potential, habit_and_past_sales, planned_calls
from command.validation.handovers import change_of_rep, not_every_account_loses, who_inherits
from command.validation.lab import Lab, Readings
from command.validation.pay import bonus_to_commission, ratchets, simpler_pay
from command.validation.periods import effort_or_timing, fiscal_year, gaming
from command.validation.quotas import attainment_spread, giving_up, quota_difficulty
from command.validation.response import carry_over, selling_elasticity
from command.validation.territories import balance_is_second_order, best_map, flat_optimum, redesign
from sim.world import Floats

Pattern = Callable[[Lab], Readings]


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


PATTERNS: dict[int, Pattern] = {
    1: calls_and_potential,
    2: planned_calls,
    3: selling_elasticity,
    4: carry_over,
    6: redesign,
    7: balance_is_second_order,
    8: best_map,
    9: change_of_rep,
    10: who_inherits,
    11: not_every_account_loses,
    12: quota_difficulty,
    13: giving_up,
    14: simpler_pay,
    17: bonus_to_commission,
    18: effort_or_timing,
    19: fiscal_year,
    20: gaming,
    21: flat_optimum,
    23: concentration,
    24: attainment_spread,
    25: ratchets,
    27: habit_and_past_sales,
}
