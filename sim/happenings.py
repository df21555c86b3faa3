"""What happens to single accounts in a compiled week: orders, opportunities moving, won, lost and opened, leaving."""

from __future__ import annotations

import numpy as np

from sim.draws import DEAL, LEAVING, ORDER, QUICK, STAGE, counted, four, gamma2, lognormal, poisson
from sim.elementary import as_whole, exp, unsigned
from sim.outlook import ready_of, why
from sim.rule import step
from sim.rules.calling import felt
from sim.rules.orders import cents, rounded
from sim.setting import ORDERS, Out, Scratch, Setting
from sim.state import State
from sim.world import CUSTOMER, LAPSED


@step
def order(s: Setting, state: State, out: Out, week: int, j: int, size: int, scratch: Scratch) -> None:
    """Step 3, second half: recurring orders of the first ``size`` accounts listed.

    Counted first and drawn together: so many at once that the processor takes several.
    """
    a, first, now = s.accounts, s.starts[j], s.first_week + week
    for d in range(size):
        scratch.none[d] = scratch.order_rate[scratch.listed[d]]
    for d in range(np.uint64(size)):
        scratch.none[d] = exp(-scratch.none[d])
    place = 0
    while place < size:
        made = 0
        while place < size and made < ORDERS:
            i = first + unsigned(scratch.listed[place])
            count = counted(scratch.ordering[i - first], scratch.order_rate[i - first], scratch.none[place])
            for ordinal in range(count):
                scratch.orderer[made] = scratch.listed[place]
                scratch.order_key[made] = a.key[i]
                scratch.order_ordinal[made] = ordinal
                scratch.order_mean[made] = state.mean_order[i]
                made += 1
            out.account.orders[i] += count
            place += 1
        for d in range(np.uint64(made)):
            one, two, _, _ = four(s.seed, s.replication, ORDER, scratch.order_key[d], now, scratch.order_ordinal[d])
            scratch.order_value[d] = rounded(gamma2(one, two, scratch.order_mean[d]))
        for d in range(made):
            i, value = first + unsigned(scratch.orderer[d]), as_whole(scratch.order_value[d])
            state.success[i] += felt(0.01 * scratch.order_value[d], a.potential[i], s.behaviour.success_memory)
            out.rep.order_revenue[week, j] += value
            out.rep.margin[week, j] += cents(0.01 * scratch.order_value[d] * a.margin[i])
            out.account.order_revenue[i] += value
        out.rep.orders[week, j] += made


@step
def decide(s: Setting, state: State, out: Out, week: int, j: int, scratch: Scratch) -> None:
    """Step 4, first half: every open opportunity moves on, is won or lost, or stays; each account's oldest first."""
    b, first, begins = s.behaviour, s.starts[j], unsigned(state.deals_from[j])
    draw_moves(s, state, week, begins, state.deals[j], scratch)
    closed = 0
    for place in range(due(s, state, j, scratch)):
        at = unsigned(scratch.due[place])
        d = begins + at
        i, stage, outcome = unsigned(state.deal_row[d]), state.deal_stage[d], scratch.outcome[at]
        if stage < b.stages - 1 and outcome < s.goes_on[stage]:
            state.deal_stage[d] += 1
            scratch.moved[i - first] += 1
            continue
        if stage >= b.stages - 1 and outcome < scratch.win_chance[i - first]:
            win(s, state, out, week, j, i, state.deal_cents[d])
        else:
            lose(s, state, out, week, j, i, scratch.reason[at])
        scratch.due[closed] = scratch.due[place]
        closed += 1
    close_up(state, j, closed, scratch)


@step
def due(s: Setting, state: State, j: int, scratch: Scratch) -> int:
    """Lists rep j's open opportunities that leave their stage this week; and how many they are. No branch to guess."""
    b, begins, last = s.behaviour, unsigned(state.deals_from[j]), 0
    for at in range(unsigned(state.deals[j])):
        stage = state.deal_stage[begins + at]
        chance = state.closing[j] if stage < b.stages else b.quick_hazard
        if stage < b.stages - 1:
            chance = s.leaves[stage]
        scratch.due[last] = at
        last += scratch.moves[at] < chance
    return last


@step
def close_up(state: State, j: int, closed: int, scratch: Scratch) -> None:
    """Those that are still open move up, in their order, to where the first ``closed`` that are listed stood."""
    if closed == 0:
        return
    begins, hole = unsigned(state.deals_from[j]), 0
    to = begins + unsigned(scratch.due[0])
    for at in range(unsigned(scratch.due[0]), unsigned(state.deals[j])):
        if hole < closed and at == unsigned(scratch.due[hole]):
            hole += 1
            continue
        d = begins + at
        state.deal_row[to] = state.deal_row[d]
        state.deal_key[to] = state.deal_key[d]
        state.deal_opened[to] = state.deal_opened[d]
        state.deal_ordinal[to] = state.deal_ordinal[d]
        state.deal_stage[to] = state.deal_stage[d]
        state.deal_cents[to] = state.deal_cents[d]
        to += unsigned(1)
    state.deals[j] -= closed


@step
def draw_moves(s: Setting, state: State, week: int, first: int, size: int, scratch: Scratch) -> None:
    """The week's luck of ``size`` open opportunities: does each move, how does it end, why is it lost."""
    now, begins = s.first_week + week, np.uint64(first)
    for d in range(np.uint64(size)):
        index = state.deal_opened[begins + d] * 4096 + state.deal_ordinal[begins + d]
        moves, outcome, reason, _ = four(s.seed, s.replication, STAGE, state.deal_key[begins + d], now, index)
        scratch.moves[d], scratch.outcome[d], scratch.reason[d] = moves, outcome, reason


@step
def win(s: Setting, state: State, out: Out, week: int, j: int, i: int, listed: int) -> None:
    """An opportunity of account i is won: booked at its price less the discount; the first one makes a customer."""
    given = cents(0.01 * listed * state.discount[j])
    value = listed - given
    state.success[i] += felt(0.01 * value, s.accounts.potential[i], s.behaviour.success_memory)
    out.rep.won[week, j] += 1
    out.rep.won_revenue[week, j] += value
    out.rep.discounts[week, j] += given
    out.rep.margin[week, j] += cents(0.01 * listed * s.accounts.margin[i]) - given
    out.account.won[i] += 1
    out.account.won_revenue[i] += value
    if state.status[i] != CUSTOMER:
        state.status[i] = CUSTOMER
        out.rep.new_customers[week, j] += 1
        out.account.became_customer[i] += 1


@step
def lose(s: Setting, state: State, out: Out, week: int, j: int, i: int, u: float) -> None:
    """An opportunity of account i is lost, for a reason."""
    reason = why(s, state, j, i, u)
    out.rep.lost[week, j] += 1
    out.account.lost[i] += 1
    if reason == 0:
        out.account.lost_neglect[i] += 1
    elif reason == 1:
        out.account.lost_price[i] += 1
    elif reason == 2:
        out.account.lost_positioning[i] += 1
    elif reason == 3:
        out.account.lost_reviews[i] += 1
    elif reason == 4:
        out.account.lost_use_case[i] += 1
    elif reason == 5:
        out.account.lost_quality[i] += 1
    elif reason == 6:
        out.account.lost_fit[i] += 1
    else:
        out.account.lost_timing[i] += 1


@step
def open_new(s: Setting, state: State, out: Out, week: int, j: int, i: int, scratch: Scratch) -> bool:
    """Step 4, second half, for one account: new opportunities. False where the columns have no room left."""
    a, b, first = s.accounts, s.behaviour, s.starts[j]
    count = poisson(scratch.opening[i - first], scratch.opening_rate[i - first])
    for ordinal in range(count):
        d = state.deals_from[j] + state.deals[j]
        if d >= state.deals_from[j + 1]:
            return False
        size = four(s.seed, s.replication, DEAL, a.key[i], s.first_week + week, ordinal)[0]
        state.deal_row[d] = np.int64(i)
        state.deal_key[d] = a.key[i]
        state.deal_opened[d] = s.first_week + week
        state.deal_ordinal[d] = ordinal
        state.deal_stage[d] = 0
        if b.quick_share > 0.0:
            ready = four(s.seed, s.replication, QUICK, a.key[i], s.first_week + week, ordinal)[0]
            state.deal_stage[d] = b.stages if ready < ready_of(s, week) else 0
        state.deal_cents[d] = cents(lognormal(size, state.mean_deal[i], b.deal_cv))
        state.deals[j] += 1
    out.rep.opened[week, j] += count
    out.account.opened[i] += count
    return True


@step
def leave(s: Setting, state: State, out: Out, week: int, j: int, i: int, scratch: Scratch) -> None:
    """Step 5 for one account: a customer may lapse, for a reason."""
    if state.status[i] == CUSTOMER and scratch.leaving[i - s.starts[j]] < 0.0:
        state.status[i] = LAPSED
        out.rep.churned[week, j] += 1
        out.account.churned[i] += 1
        drawn = four(s.seed, s.replication, LEAVING, s.accounts.key[i], s.first_week + week, 0)
        out.account.left_for[i] = 1 + why(s, state, j, i, drawn[0])
