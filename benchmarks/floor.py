"""The floor: a loop that only makes the draws, the logarithms and exponentials of a week, and touches its columns.

Nothing is decided in it. What the compiled engine takes beyond this is the price of the model's logic.
"""

from __future__ import annotations

import math

from sim.draws import WEEKLY, four
from sim.rule import loop
from sim.setting import Out, Setting
from sim.state import State


@loop
def touch_weeks(s: Setting, state: State, out: Out) -> float:
    """For every account and week: one block of four uniforms, five logarithms, one exponential, each column once."""
    a = s.accounts
    total = 0.0
    for week in range(s.demand.size):
        for i in range(a.key.size):
            taste, ordering, opening, leaving = four(s.seed, s.replication, WEEKLY, a.key[i], s.first_week + week, 0)
            read = (
                state.belief[i] + state.full[i] + state.pressure[i] + state.hours[i] + state.km[i] + state.fit[i]
                + state.before[i] + state.standing[i] + state.shock[i] + state.root_shock[i] + state.status[i]
                + state.owner[i] + a.potential[i] + a.order_size[i] + a.opening_rate[i] + a.deal_size[i] + a.margin[i]
            )  # fmt: skip
            noise = math.log(-math.log(taste)) + math.log(1.0 + ordering) + math.log(1.0 + opening)
            chance = math.exp(-leaving) + math.log(1.0 + read * read)
            state.goodwill[i] = 0.5 * (state.goodwill[i] + leaving)
            state.relationship[i] = 0.5 * (state.relationship[i] + opening)
            state.fresh[i] = 0.5 * (state.fresh[i] + ordering)
            state.success[i] = 0.5 * (state.success[i] + taste)
            state.since_call[i] = 0.5 * (state.since_call[i] + noise)
            state.share[i] = chance
            state.booked[i] = state.called[i]
            state.open_money[i, 0] = 0.5 * (state.open_money[i, 0] + chance)
            state.open_money[i, 1] = 0.5 * (state.open_money[i, 1] + chance)
            out.account.fluid_orders[i] += state.booked[i]
            out.account.fluid_won[i] += state.booked[i]
            total += chance
    return total
