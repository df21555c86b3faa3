"""What a year leaves behind: the fluid margin of the 26 weeks after it, without further calls."""

from __future__ import annotations

from sim.outlook import chance_to_win, move_on, odds_of, openings, pace_of, quick_lane, ready_of, refresh, win_shares
from sim.rule import loop, step, year_loop
from sim.rules.fluid import falling_due
from sim.rules.orders import cents, order_rate
from sim.rules.pipeline import effort_odds
from sim.rules.relationship import faded
from sim.rules.response import fade
from sim.rules.rhythm import paced
from sim.rules.status import churn_chance
from sim.rules.word import root
from sim.setting import Out, Scratch, Setting
from sim.state import State
from sim.world import CUSTOMER, Ints

WEEKS_AFTER = 26


@year_loop
def end_state(s: Setting, state: State, out: Out, scratch: Scratch) -> None:
    """Writes the last state and its end value into the account columns. ``state`` is used up.

    Next year's luck is unknown: demand is the season's and what events left, and reps work at effort 1.
    """
    for j in range(s.reps.key.size):
        first = s.starts[j]
        for i in range(s.starts[j], s.ends[j]):
            out.account.status[i] = state.status[i]
            out.account.goodwill[i] = state.goodwill[i]
            out.account.relationship[i] = state.relationship[i]
            scratch.customer[i - first] = 1.0 if state.status[i] == CUSTOMER else 0.0
            scratch.money[i - first] = 0.0
            state.shock[i] = state.growth[i] if state.growth.size else 1.0
            state.root_shock[i] = root(state.shock[i])
            refresh(s, state, i)
        for week in range(WEEKS_AFTER):
            week_after(s, state, j, week % s.season.size, scratch)
        for i in range(s.starts[j], s.ends[j]):
            out.account.end_value[i] = cents(scratch.money[i - first] * s.accounts.margin[i])


@step
def week_after(s: Setting, state: State, j: int, week: int, scratch: Scratch) -> None:
    """One week of a territory without calls: what it is expected to sell, and how it fades."""
    b, first = s.behaviour, s.starts[j]
    last, demand = b.stages - 1, s.season[week]
    closing = paced(b.closing_hazard, pace_of(s, week))
    quick, at_once = quick_lane(s, state)
    state.effort_odds[j] = effort_odds(1.0, b.win_effort) + odds_of(s, week)
    win_shares(s, state, j)
    for i in range(s.starts[j], s.ends[j]):
        scratch.opening_rate[i - first] = openings(s, state, i, state.share[i], demand)
    for i in range(s.starts[j], s.ends[j]):
        scratch.win_chance[i - first] = chance_to_win(s, state, j, i)
    for i in range(s.starts[j], s.ends[j]):
        rate = order_rate(b.orders_a_year, demand, state.share[i], state.relationship[i], b.order_loyalty)
        ordered = scratch.customer[i - first] * rate * state.mean_order[i]
        due = falling_due(state.open_money[last, i], closing, state.open_money[quick, i], at_once)
        scratch.money[i - first] += ordered + due * scratch.win_chance[i - first]
    for i in range(s.starts[j], s.ends[j]):
        scratch.customer[i - first] *= 1.0 - churn_chance(b.churn_a_year, state.goodwill[i], state.relationship[i])
    for i in range(s.starts[j], s.ends[j]):
        state.goodwill[i] = fade(state.goodwill[i], b.carry_over)
        state.relationship[i] = faded(state.relationship[i], b.relationship_fade)
        state.fresh[i] = fade(state.fresh[i], b.freshness_left)
        state.since_call[i] += 1.0
    move_on(s, state, j, closing, ready_of(s, week), scratch.opening_rate)


def open_values(state: State, values: Ints) -> None:
    """Adds the value in cents of every open opportunity to its account in ``values`` (n,)."""
    _add_values(state.deals_from, state.deals, state.deal_row, state.deal_cents, values)


@loop
def _add_values(begins: Ints, deals: Ints, row: Ints, cents_of: Ints, values: Ints) -> None:
    """Four columns instead of the whole state: taking sixty apart costs more than going through them."""
    for j in range(deals.size):
        for d in range(begins[j], begins[j] + deals[j]):
            values[row[d]] += cents_of[d]
