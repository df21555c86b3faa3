"""One compiled loop over columns: the steps of `sim.week`, in its order, with the rules of `sim.rules`.

A step that goes through a whole territory does nothing but arithmetic, so that eight accounts are computed at once;
what happens to single accounts (calls here, the rest in `sim.happenings`) follows one by one, for the few concerned.
"""

from __future__ import annotations

from math import inf

import numpy as np

from sim.draws import WEEKLY, four, may_happen
from sim.elementary import as_whole, unsigned
from sim.happenings import decide, leave, open_new, order
from sim.meeting import hear, meet, next_meeting
from sim.outlook import chance_to_win, move_on, odds_of, openings, pace_of, quick_lane, ready_of, win_shares
from sim.rule import step, year_loop
from sim.rules.calling import believed, call_key, call_value, comfort, goal_bend, log_weight
from sim.rules.effort import effort, held_back, quality, smoothed, weigh_activity, weigh_quota
from sim.rules.fluid import falling_due
from sim.rules.orders import cents, order_rate, rounded
from sim.rules.pay import week_pay
from sim.rules.pipeline import closing_chance, effort_odds
from sim.rules.relationship import deepened, faded
from sim.rules.response import fade, reach_gained
from sim.rules.selection import take_while_fits
from sim.rules.status import churn_chance
from sim.rules.timing import discount, next_period, timed
from sim.setting import Out, Scratch, Setting
from sim.state import State
from sim.watch import watch, watched
from sim.world import CUSTOMER

# How far below last week's last call, in units of taste, a pull may lie to be looked at first, and how much farther
# where that was not far enough; changes no result.
NEARLY = 0.5


@year_loop
def play_weeks(s: Setting, state: State, out: Out, scratch: Scratch) -> bool:
    """Plays the weeks of a year; between two meetings (`sim.meeting`) each rep plays on alone.

    It plays all of its weeks up to then before the next one does, and its territory stays in the processor's nearest
    memory. False where the columns of open opportunities ran out of room. After a review the guesses of before go on.
    """
    if s.begin == 0:
        for j in range(s.reps.key.size):
            scratch.above[j] = -inf
    week = s.begin
    while week < s.weeks:
        meet(s, state, out, week)
        until = next_meeting(s, week)
        for j in range(s.reps.key.size):
            if not play_territory(s, state, out, week, until, j, scratch):
                return False
        week = until
    return True


@step
def play_territory(s: Setting, state: State, out: Out, begin: int, end: int, j: int, scratch: Scratch) -> bool:
    """Rep j's weeks from ``begin`` to before ``end``.

    Laid into its caller: as a loop of its own LLVM goes over it twice, and the second time takes the ranking one
    account after the other.
    """
    watching = out.account_week.called.shape[0] > 0
    first = s.starts[j]
    for week in range(begin, end):
        if s.neighbours.shape[0]:
            for i in range(s.starts[j], s.ends[j]):
                hear(s, state, i)
        set_effort(s, state, out, week, j)
        rank(s, state, week, j, scratch)
        make_calls(s, state, out, week, j, scratch)
        if watching:
            for i in range(s.starts[j], s.ends[j]):
                watch(s, state, out, week, i)
                scratch.moved[i - first] = 0
        expect_orders(s, state, week, j, scratch)
        expect_deals(s, state, week, j, scratch)
        shadow(s, state, out, week, j, scratch)
        order(s, state, out, week, j, orderers(s, j, scratch), scratch)
        decide(s, state, out, week, j, scratch)
        for place in range(comers_and_goers(s, j, scratch)):
            i = first + unsigned(scratch.listed[place])
            if not open_new(s, state, out, week, j, i, scratch):
                return False
            leave(s, state, out, week, j, i, scratch)
        if watching:
            for i in range(s.starts[j], s.ends[j]):
                watched(state, out, week, i, scratch.moved[i - first])
            for d in range(state.deals_from[j], state.deals_from[j] + state.deals[j]):
                out.account_week.open[week, state.deal_row[d]] += 1
        forget(s, state, j)
        close_week(s, state, out, week, j)
    return True


@step
def territory(s: Setting, j: int) -> tuple[int, int]:
    """Where rep j's accounts begin and how many they are, as numbers with a sign, to count with."""
    return np.int64(s.starts[j]), np.int64(s.ends[j] - s.starts[j])  # type: ignore[return-value]


@step
def set_effort(s: Setting, state: State, out: Out, week: int, j: int) -> None:
    """Step 1: a rep chooses effort and quality for the week, and how it closes."""
    b = s.behaviour
    quota = s.quota[j] * s.period_share[week]
    left = float(s.period_end[week] - s.period_start[week])
    ahead = float(s.period_end[week] - week)
    drive, paid, chance, lost_to_rush = weigh_quota(
        quota, state.sold[j] / 100.0, state.pace[j], left, ahead,
        s.pay.commission, s.pay.over, s.pay.bonus, s.pay.cap, b.patience,
        b.drive, b.discouragement, b.luck_of_week, b.luck_of_pace, b.rush,
    )  # fmt: skip
    benefit = drive + paid - held_back(s.ratchet, chance)
    benefit += weigh_activity(s.activity[j], state.goal_rate[j], b.activity_reward, b.luck_of_activity)
    state.effort[j] = effort(benefit, b.effort_response, b.effort_low, b.effort_high)
    if state.vacancy[j] > 0:  # who helps out works as usual
        state.effort[j] = 1.0
        lost_to_rush = 0.0
    state.quality[j] = quality(
        state.ability[j], b.quality_ability, state.effort[j], b.quality_effort, state.ramp[j], lost_to_rush
    )  # fmt: skip
    state.chance[j] = chance
    state.discount[j] = discount(paid, s.pay.commission, s.pay.authority)
    state.effort_odds[j] = effort_odds(state.effort[j], b.win_effort) + b.win_discount * state.discount[j]
    state.effort_odds[j] += odds_of(s, week)
    hazard = b.closing_hazard
    if b.timing > 0.0 and quota > 0.0 and ahead <= b.timing_weeks:
        later = next_period(
            quota, state.pace[j], s.pay.commission, s.pay.bonus, left, b.luck_of_week, b.luck_of_pace, b.patience
        )  # fmt: skip
        hazard *= timed(paid, later, b.timing)
    state.closing[j] = closing_chance(hazard * pace_of(s, week), state.effort[j], b.closing_effort)
    out.rep.effort[week, j] = state.effort[j]
    out.rep.quality[week, j] = state.quality[j]
    out.rep.chance[week, j] = chance
    out.rep.pace[week, j] = 100.0 * state.pace[j]


@step
def rank(s: Setting, state: State, week: int, j: int, scratch: Scratch) -> None:
    """Step 2, first half: draws the week's luck and how strongly each account pulls its rep, in passes."""
    a, b, first = s.accounts, s.behaviour, s.starts[j]
    now = s.first_week + week
    for i in range(s.starts[j], s.ends[j]):
        taste, ordering, opening, leaving = four(s.seed, s.replication, WEEKLY, a.key[i], now, 0)
        scratch.taste[i - first], scratch.ordering[i - first] = taste, ordering
        scratch.opening[i - first], scratch.leaving[i - first] = opening, leaving
    value_calls(s, state, j, scratch)
    for i in range(s.starts[j], s.ends[j]):
        pleasant = comfort(b.comfort_base, state.relationship[i], state.success[i])
        scratch.keys[i - first] = log_weight(
            scratch.keys[i - first], state.hours[i], pleasant, state.km[i], state.since_call[i],
            b.comfort_pull, b.distance_pull, b.turn_pull,
        )  # fmt: skip
    if s.activity[j] > 0.0:
        for i in range(s.starts[j], s.ends[j]):
            scratch.keys[i - first] += goal_bend(
                state.hours[i], a.priority[i], s.counts_any, 1 - s.counts_any, b.cheap_pull, b.priority_pull
            )  # fmt: skip
    for i in range(s.starts[j], s.ends[j]):
        scratch.keys[i - first] = call_key(scratch.keys[i - first], b.taste, scratch.taste[i - first])


@step
def value_calls(s: Setting, state: State, j: int, scratch: Scratch) -> None:
    """What rep j believes a call would add at each account; the usual shape of 1 is written out, as in `win_shares`."""
    b, first, each = s.behaviour, s.starts[j], state.quality[j]
    if b.response_shape == 1.0:
        for i in range(s.starts[j], s.ends[j]):
            more = each * state.fit[i] * state.a_call[i]
            gained = reach_gained(state.goodwill[i], more, b.response_half, 1.0, state.pressure[i])
            scratch.keys[i - first] = call_value(state.belief[i], b.share_floor, gained)
    else:
        for i in range(s.starts[j], s.ends[j]):
            more = each * state.fit[i] * state.a_call[i]
            gained = reach_gained(state.goodwill[i], more, b.response_half, b.response_shape, state.pressure[i])
            scratch.keys[i - first] = call_value(state.belief[i], b.share_floor, gained)


@step
def make_calls(s: Setting, state: State, out: Out, week: int, j: int, scratch: Scratch) -> None:
    """Step 2, second half: calls the first ones that fit the hours, and guesses a pull that next week's will reach."""
    first, size = territory(s, j)
    budget, nearly = state.time[j] * state.effort[j], NEARLY * s.behaviour.taste
    last, count = take_while_fits(
        scratch.keys, state.hours, first, size, budget, scratch.above[j], nearly,
        scratch.listed, scratch.near, scratch.places,
    )  # fmt: skip
    for place in range(last + count - 1, last - 1, -1):
        call(s, state, out, week, j, unsigned(first + scratch.listed[place]))
    scratch.above[j] = scratch.keys[scratch.listed[last]] - nearly if count else -inf


@step
def call(s: Setting, state: State, out: Out, week: int, j: int, i: int) -> None:
    """One call of rep j on account i: goodwill and relationship rise, the rep learns about its potential."""
    b, channel = s.behaviour, s.channels.of[i]
    state.goodwill[i] += state.quality[j] * state.fit[i] * state.a_call[i]
    state.relationship[i] = deepened(state.relationship[i], b.relationship_gain * s.channels.bond[channel])
    state.belief_error[i] = fade(state.belief_error[i], b.belief_left)
    state.belief[i] = believed(s.accounts.potential[i], state.belief_error[i])
    state.since_call[i] = 0.0
    out.rep.calls[week, j] += 1
    out.rep.priority_calls[week, j] += s.accounts.priority[i]
    out.rep.hours[week, j] += state.hours[i]
    out.rep.travel_hours[week, j] += state.hours[i] - s.channels.hours[channel]
    state.counted[j] += s.channels.counts[channel] * (1 if s.counts_any else s.accounts.priority[i])
    out.account.calls[i] += 1
    out.account.hours[i] += state.hours[i]


@step
def expect_orders(s: Setting, state: State, week: int, j: int, scratch: Scratch) -> None:
    """Step 3, first half: share, recurring orders to be expected of every account, and its chance of leaving."""
    b, first = s.behaviour, s.starts[j]
    demand = s.season[week]
    win_shares(s, state, j)
    for i in range(s.starts[j], s.ends[j]):
        relationship, size = state.relationship[i], state.mean_order[i]
        buys = 1.0 if state.status[i] == CUSTOMER and size > 0.0 else 0.0
        orders = buys * order_rate(b.orders_a_year, demand, state.share[i], relationship, b.order_loyalty)
        scratch.order_rate[i - first] = orders
        scratch.ordered[i - first] = orders * size
        scratch.leaving[i - first] -= churn_chance(b.churn_a_year, state.goodwill[i], relationship)


@step
def expect_deals(s: Setting, state: State, week: int, j: int, scratch: Scratch) -> None:
    """Step 4, first half: the opportunities to be expected of every account, and the chance to win one."""
    first, demand = s.starts[j], s.season[week]
    for i in range(s.starts[j], s.ends[j]):
        scratch.opening_rate[i - first] = openings(s, state, i, state.share[i], demand)
    for i in range(s.starts[j], s.ends[j]):
        scratch.win_chance[i - first] = chance_to_win(s, state, j, i)


@step
def shadow(s: Setting, state: State, out: Out, week: int, j: int, scratch: Scratch) -> None:
    """Books what is expected as fluid sales, and moves the expected pipeline on; the feeling of success fades."""
    first, last, decided = s.starts[j], s.behaviour.stages - 1, state.closing[j]
    quick, at_once = quick_lane(s, state)
    paid, quick_paid = decided * (1.0 - state.discount[j]), at_once * (1.0 - state.discount[j])
    sales, margin = 0, 0
    for i in range(s.starts[j], s.ends[j]):
        state.success[i] = fade(state.success[i], s.behaviour.success_memory)
    for i in range(s.starts[j], s.ends[j]):
        from_orders = rounded(scratch.ordered[i - first])
        due = falling_due(state.open_money[last, i], paid, state.open_money[quick, i], quick_paid)
        from_wins = rounded(due * scratch.win_chance[i - first])
        out.account.fluid_orders[i] += as_whole(from_orders)
        out.account.fluid_won[i] += as_whole(from_wins)
        sales += as_whole(from_orders + from_wins)
        margin += cents(0.01 * (from_orders + from_wins) * s.accounts.margin[i])
    out.rep.fluid_sales[week, j] += sales
    if state.discount[j] > 0.0:  # what is let go of the price is let go of the margin
        for i in range(s.starts[j], s.ends[j]):
            due = falling_due(state.open_money[last, i], decided, state.open_money[quick, i], at_once)
            given = due * scratch.win_chance[i - first] * state.discount[j]
            margin -= cents(given * (1.0 - s.accounts.margin[i]))
    out.rep.fluid_margin[week, j] += margin
    move_on(s, state, j, decided, ready_of(s, week), scratch.opening_rate)


@step
def orderers(s: Setting, j: int, scratch: Scratch) -> int:
    """Lists the accounts that may order this week, which the week's uniforms decide; and how many they are."""
    first = s.starts[j]
    for i in range(s.starts[j], s.ends[j]):
        scratch.happens[i - first] = 1 if may_happen(scratch.ordering[i - first], scratch.order_rate[i - first]) else 0
    return listed(s, j, scratch)


@step
def comers_and_goers(s: Setting, j: int, scratch: Scratch) -> int:
    """Lists the accounts that may have a new opportunity or leave; and how many they are."""
    first = s.starts[j]
    for i in range(s.starts[j], s.ends[j]):
        opens = may_happen(scratch.opening[i - first], scratch.opening_rate[i - first])
        scratch.happens[i - first] = 1 if opens | (scratch.leaving[i - first] < 0.0) else 0
    return listed(s, j, scratch)


@step
def listed(s: Setting, j: int, scratch: Scratch) -> int:
    """How many accounts of rep j's something may happen to; they stand in ``scratch.listed``. No branch to guess."""
    _, size = territory(s, j)
    last = 0
    for place in range(size):
        scratch.listed[last] = place
        last += scratch.happens[place]
    return last


@step
def forget(s: Setting, state: State, j: int) -> None:
    """Step 6: goodwill, relationship and freshness fade."""
    b = s.behaviour
    for i in range(s.starts[j], s.ends[j]):
        state.goodwill[i] = fade(state.goodwill[i], b.carry_over)
        state.relationship[i] = faded(state.relationship[i], b.relationship_fade)
        state.fresh[i] = fade(state.fresh[i], b.freshness_left)
        state.since_call[i] += 1.0


@step
def close_week(s: Setting, state: State, out: Out, week: int, j: int) -> None:
    """Step 7: a rep books the week's sales, pay, pace and rates."""
    b = s.behaviour
    ends = 1 if week + 1 == s.period_end[week] else 0
    quota = s.quota[j] * s.period_share[week]
    booked = out.rep.order_revenue[week, j] + out.rep.won_revenue[week, j]
    counted = state.counted[j]
    earned = week_pay(
        booked / 100.0, state.sold[j] / 100.0, quota, state.first_pace[j], ends, s.period_share[week],
        s.activity[j], float(counted), s.pay.commission, s.pay.over, s.pay.bonus, s.pay.cap,
        b.activity_reward, s.pay.ote,
    )  # fmt: skip
    state.sold[j] += booked
    if quota > 0.0:
        out.rep.attainment[week, j] = state.sold[j] / 100.0 / quota
    if ends:
        state.missed[j] = state.missed[j] + 1 if state.sold[j] / 100.0 < quota else 0
        state.sold[j] = 0
    out.rep.pay[week, j] = cents(earned) if state.vacancy[j] == 0 else 0
    state.paid[j] += out.rep.pay[week, j]
    out.rep.place[week, j] = state.seat[j]
    state.pace[j] = smoothed(state.pace[j], out.rep.fluid_sales[week, j] / 100.0 / s.usual[week], b.pace_memory)
    state.call_rate[j] = smoothed(state.call_rate[j], out.rep.calls[week, j] / state.effort[j], b.pace_memory)
    state.goal_rate[j] = smoothed(state.goal_rate[j], counted / state.effort[j], b.pace_memory)
    state.counted[j] = 0
