"""What a year leaves behind: the fluid margin of the 26 weeks after it, without further calls."""

from __future__ import annotations

import numpy as np

from sim.outlook import chance_to_win
from sim.rule import loop
from sim.rules.fluid import fluid_closing
from sim.rules.orders import cents, order_rate
from sim.rules.pipeline import effort_odds, opening_rate
from sim.rules.relationship import faded
from sim.rules.response import fade, share_won
from sim.rules.status import churn_chance
from sim.setting import Out, Setting
from sim.state import State
from sim.world import CUSTOMER

WEEKS_AFTER = 26


@loop
def end_state(s: Setting, state: State, out: Out) -> None:
    """Writes the last state and its end value into the account columns. ``state`` is used up.

    Next year's luck is unknown, so demand is the season's alone and shocks are 1; reps work at effort 1.
    """
    a, b = s.accounts, s.behaviour
    for j in range(s.reps.key.size):
        state.effort_odds[j] = effort_odds(1.0, b.win_effort)
    for i in range(a.key.size):
        out.account.status[i] = state.status[i]
        out.account.goodwill[i] = state.goodwill[i] / state.full[i]
        out.account.relationship[i] = state.relationship[i]
        customer = 1.0 if state.status[i] == CUSTOMER else 0.0
        money = 0.0
        for week in range(WEEKS_AFTER):
            demand = s.season[week % s.season.size]
            share = share_won(
                state.goodwill[i], state.full[i], b.share_floor, b.response_half, b.response_shape, state.pressure[i]
            )
            rate = order_rate(b.orders_a_year, demand, share, state.relationship[i], b.order_loyalty)
            opened = (
                opening_rate(
                    a.opening_rate[i], share, demand,
                    b.revival, state.before[i], state.fresh[i], b.repeat_share, state.relationship[i], b.order_loyalty,
                )
                * a.deal_size[i]
            )  # fmt: skip
            decided = fluid_closing(
                state.open_money, i, opened, b.stages, b.stage_hazard, b.stage_advance, b.closing_hazard
            )
            money += customer * rate * a.order_size[i] + decided * chance_to_win(s, state, i)
            customer *= 1.0 - churn_chance(b.churn_a_year, state.goodwill[i] / state.full[i], state.relationship[i])
            state.goodwill[i] = fade(state.goodwill[i], b.carry_over)
            state.relationship[i] = faded(state.relationship[i], b.relationship_fade)
            state.fresh[i] = fade(state.fresh[i], b.freshness_left)
            state.since_call[i] += 1.0
        out.account.end_value[i] = cents(money * a.margin[i])


@loop
def open_values(state: State, values: np.ndarray) -> None:
    """Adds the value in cents of every open opportunity to its account in ``values`` (n,)."""
    for d in range(state.deals[0]):
        values[state.deal_row[d]] += state.deal_cents[d]
