"""One compiled loop over columns: the steps of `sim.week`, in its order, with the rules of `sim.rules`."""

from __future__ import annotations

from sim.draws import DEAL, LEAVING, ORDER, STAGE, WEEKLY, four, gamma2, lognormal, poisson
from sim.outlook import chance_to_win, openings, why
from sim.rule import loop, step
from sim.rules.calling import believed, call_pull, goal_bend, success
from sim.rules.effort import effort, quality, smoothed, weigh_activity, weigh_quota
from sim.rules.fluid import fluid_closing
from sim.rules.orders import cents, order_rate
from sim.rules.pay import week_pay
from sim.rules.pipeline import closing_chance, effort_odds
from sim.rules.relationship import deepened, faded
from sim.rules.response import fade, share_won
from sim.rules.selection import take_while_fits
from sim.rules.status import churn_chance
from sim.setting import Out, Scratch, Setting
from sim.state import State
from sim.watch import watch, watched
from sim.world import CUSTOMER, LAPSED


@loop
def set_effort(s: Setting, state: State, out: Out, week: int) -> None:
    """Step 1: every rep chooses effort and quality for the week."""
    b = s.behaviour
    left = float(s.period_end[week] - s.period_start[week])
    ahead = float(s.period_end[week] - week)
    for j in range(s.reps.key.size):
        benefit, chance, lost_to_rush = weigh_quota(
            s.quota[j] * s.period_share[week], state.sold[j] / 100.0, state.pace[j], left, ahead,
            s.pay.commission, s.pay.over, s.pay.bonus, s.pay.cap,
            b.drive, b.discouragement, b.luck_of_week, b.luck_of_pace, b.rush,
        )  # fmt: skip
        benefit += weigh_activity(s.activity[j], state.goal_rate[j], b.activity_reward, b.luck_of_activity)
        state.effort[j] = effort(benefit, b.effort_response, b.effort_low, b.effort_high)
        state.quality[j] = quality(
            s.reps.ability[j], b.quality_ability, state.effort[j], b.quality_effort, lost_to_rush
        )
        state.chance[j] = chance
        state.effort_odds[j] = effort_odds(state.effort[j], b.win_effort)
        state.closing[j] = closing_chance(b.closing_hazard, state.effort[j], b.closing_effort)
        out.rep.effort[week, j] = state.effort[j]
        out.rep.quality[week, j] = state.quality[j]
        out.rep.chance[week, j] = chance
        out.rep.pace[week, j] = 100.0 * state.pace[j]


@loop
def make_calls(s: Setting, state: State, out: Out, week: int, scratch: Scratch) -> None:
    """Step 2: every rep ranks its accounts and calls the first ones that fit its hours."""
    a, b = s.accounts, s.behaviour
    for j in range(s.reps.key.size):
        start, end = s.starts[j], s.starts[j + 1]
        size = end - start
        goal = 1 if s.activity[j] > 0.0 else 0
        for place in range(size):
            i = s.rows[start + place]
            taste, ordering, opening, leaving = four(s.seed, s.replication, WEEKLY, a.key[i], s.first_week + week, 0)
            scratch.ordering[i], scratch.opening[i], scratch.leaving[i] = ordering, opening, leaving
            bend = goal_bend(
                state.hours[i],
                a.priority[i],
                goal * s.counts_any,
                goal * (1 - s.counts_any),
                b.cheap_pull,
                b.priority_pull,
            )
            scratch.keys[start + place] = call_pull(
                state.belief[i], state.goodwill[i], state.quality[j] * state.fit[i], state.full[i], state.pressure[i],
                state.hours[i], state.km[i], state.relationship[i], state.success[i], state.since_call[i], bend, taste,
                b.response_half, b.response_shape, b.share_floor, b.comfort_base,
                b.comfort_pull, b.distance_pull, b.turn_pull, b.taste,
            )  # fmt: skip
            scratch.hours[start + place] = state.hours[i]
        count = take_while_fits(
            scratch.keys, scratch.hours, start, end, s.reps.hours[j] * state.effort[j], scratch.taken
        )
        for place in range(count):
            call(s, state, out, week, j, s.rows[scratch.taken[end - 1 - place]])


@step
def call(s: Setting, state: State, out: Out, week: int, j: int, i: int) -> None:
    """One call of rep j on account i: goodwill and relationship rise, the rep learns about its potential."""
    b = s.behaviour
    state.goodwill[i] += state.quality[j] * state.fit[i]
    state.relationship[i] = deepened(state.relationship[i], b.relationship_gain)
    state.belief_error[i] = fade(state.belief_error[i], b.belief_left)
    state.belief[i] = believed(s.accounts.potential[i], state.belief_error[i])
    state.since_call[i] = 0.0
    state.called[i] = 1
    out.rep.calls[week, j] += 1
    out.rep.priority_calls[week, j] += s.accounts.priority[i]
    out.rep.hours[week, j] += state.hours[i]
    out.rep.travel_hours[week, j] += state.hours[i] - b.call_hours
    out.account.calls[i] += 1
    out.account.hours[i] += state.hours[i]


@step
def order(s: Setting, state: State, out: Out, week: int, i: int, u: float) -> None:
    """Step 3 for one account: recurring orders, and what was expected of it this week."""
    a, b = s.accounts, s.behaviour
    j = state.owner[i]
    share = share_won(
        state.goodwill[i], state.full[i], b.share_floor, b.response_half, b.response_shape, state.pressure[i]
    )
    state.share[i] = share
    size = a.order_size[i] * state.shock[i]
    state.booked[i] = 0
    expected = 0.0
    if state.status[i] == CUSTOMER and size > 0.0:
        rate = order_rate(b.orders_a_year, s.demand[week], share, state.relationship[i], b.order_loyalty)
        expected = rate * size
        count = poisson(u, rate)
        for ordinal in range(count):
            first, second, _, _ = four(s.seed, s.replication, ORDER, a.key[i], s.first_week + week, ordinal)
            value = cents(gamma2(first, second, size))
            state.booked[i] += value
            out.rep.order_revenue[week, j] += value
            out.rep.margin[week, j] += cents(0.01 * value * a.margin[i])
            out.account.order_revenue[i] += value
        out.rep.orders[week, j] += count
        out.account.orders[i] += count
    expect(s, state, out, week, i, expected)


@step
def expect(s: Setting, state: State, out: Out, week: int, i: int, orders: float) -> None:
    """The fluid shadow of account i this week: expected orders and wins, given the state."""
    a, b = s.accounts, s.behaviour
    j = state.owner[i]
    opened = openings(s, state, i, s.demand[week]) * a.deal_size[i] * state.root_shock[i]
    decided = fluid_closing(state.open_money, i, opened, b.stages, b.stage_hazard, b.stage_advance, state.closing[j])
    from_orders = cents(orders)
    from_wins = cents(decided * chance_to_win(s, state, i))
    out.account.fluid_orders[i] += from_orders
    out.account.fluid_won[i] += from_wins
    out.rep.fluid_sales[week, j] += from_orders + from_wins
    out.rep.fluid_margin[week, j] += cents(0.01 * (from_orders + from_wins) * a.margin[i])


@loop
def decide(s: Setting, state: State, out: Out, week: int, scratch: Scratch) -> None:
    """Step 4, first half: every open opportunity, oldest first, moves on, is won or lost, or stays."""
    b = s.behaviour
    kept = 0
    last = b.stages - 1
    for d in range(state.deals[0]):
        i = state.deal_row[d]
        j = state.owner[i]
        index = state.deal_opened[d] * 4096 + state.deal_ordinal[d]
        moves, outcome, why, _ = four(s.seed, s.replication, STAGE, s.accounts.key[i], s.first_week + week, index)
        stays = True
        if state.deal_stage[d] < last:
            if moves < b.stage_hazard:
                if outcome < b.stage_advance:
                    state.deal_stage[d] += 1
                    scratch.moved[i] += 1
                else:
                    lose(s, state, out, week, i, why)
                    stays = False
        elif moves < state.closing[j]:
            stays = False
            if outcome < chance_to_win(s, state, i):
                win(s, state, out, week, i, state.deal_cents[d])
            else:
                lose(s, state, out, week, i, why)
        if stays:
            state.deal_row[kept] = i
            state.deal_opened[kept] = state.deal_opened[d]
            state.deal_ordinal[kept] = state.deal_ordinal[d]
            state.deal_stage[kept] = state.deal_stage[d]
            state.deal_cents[kept] = state.deal_cents[d]
            kept += 1
    state.deals[0] = kept


@step
def win(s: Setting, state: State, out: Out, week: int, i: int, value: int) -> None:
    """An opportunity of account i is won: booked in full; the first one makes a customer."""
    j = state.owner[i]
    state.booked[i] += value
    out.rep.won[week, j] += 1
    out.rep.won_revenue[week, j] += value
    out.rep.margin[week, j] += cents(0.01 * value * s.accounts.margin[i])
    out.account.won[i] += 1
    out.account.won_revenue[i] += value
    if state.status[i] != CUSTOMER:
        state.status[i] = CUSTOMER
        out.rep.new_customers[week, j] += 1
        out.account.became_customer[i] += 1


@step
def lose(s: Setting, state: State, out: Out, week: int, i: int, u: float) -> None:
    """An opportunity of account i is lost, for a reason."""
    reason = why(s, state, i, u)
    out.rep.lost[week, state.owner[i]] += 1
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
        out.account.lost_fit[i] += 1
    else:
        out.account.lost_timing[i] += 1


@step
def open_new(s: Setting, state: State, out: Out, week: int, i: int, u: float) -> bool:
    """Step 4, second half, for one account: new opportunities. False where the columns have no room left."""
    a, b = s.accounts, s.behaviour
    count = poisson(u, openings(s, state, i, s.demand[week]))
    for ordinal in range(count):
        d = state.deals[0]
        if d >= state.deal_row.size:
            return False
        size = four(s.seed, s.replication, DEAL, a.key[i], s.first_week + week, ordinal)[0]
        state.deal_row[d] = i
        state.deal_opened[d] = s.first_week + week
        state.deal_ordinal[d] = ordinal
        state.deal_stage[d] = 0
        state.deal_cents[d] = cents(lognormal(size, a.deal_size[i] * state.root_shock[i], b.deal_cv))
        state.deals[0] = d + 1
    out.rep.opened[week, state.owner[i]] += count
    out.account.opened[i] += count
    return True


@step
def leave(s: Setting, state: State, out: Out, week: int, i: int, u: float) -> None:
    """Step 5 for one account: a customer may lapse, for a reason."""
    b = s.behaviour
    if state.status[i] == CUSTOMER:
        x = state.goodwill[i] / state.full[i]
        if u < churn_chance(b.churn_a_year, x, state.relationship[i]):
            state.status[i] = LAPSED
            out.rep.churned[week, state.owner[i]] += 1
            out.account.churned[i] += 1
            drawn = four(s.seed, s.replication, LEAVING, s.accounts.key[i], s.first_week + week, 0)
            out.account.left_for[i] = 1 + why(s, state, i, drawn[0])


@step
def forget(s: Setting, state: State, i: int) -> None:
    """Step 6 for one account: goodwill, relationship, freshness and the feeling of success fade."""
    b = s.behaviour
    state.goodwill[i] = fade(state.goodwill[i], b.carry_over)
    state.relationship[i] = faded(state.relationship[i], b.relationship_fade)
    state.fresh[i] = fade(state.fresh[i], b.freshness_left)
    state.success[i] = success(state.success[i], state.booked[i] / 100.0, s.accounts.potential[i], b.success_memory)
    state.since_call[i] += 1.0
    state.called[i] = 0


@loop
def close_week(s: Setting, state: State, out: Out, week: int) -> None:
    """Step 7: every rep books the week's sales, pay, pace and rates."""
    b = s.behaviour
    ends = 1 if week + 1 == s.period_end[week] else 0
    for j in range(s.reps.key.size):
        quota = s.quota[j] * s.period_share[week]
        booked = out.rep.order_revenue[week, j] + out.rep.won_revenue[week, j]
        counted = out.rep.calls[week, j] if s.counts_any else out.rep.priority_calls[week, j]
        earned = week_pay(
            booked / 100.0, state.sold[j] / 100.0, quota, state.first_pace[j], ends, s.period_share[week],
            s.activity[j], float(counted), s.pay.commission, s.pay.over, s.pay.bonus, s.pay.cap,
            b.activity_reward, s.pay.ote,
        )  # fmt: skip
        state.sold[j] += booked
        if quota > 0.0:
            out.rep.attainment[week, j] = state.sold[j] / 100.0 / quota
        if ends:
            state.sold[j] = 0
        out.rep.pay[week, j] = cents(earned)
        state.pace[j] = smoothed(state.pace[j], out.rep.fluid_sales[week, j] / 100.0 / s.season[week], b.pace_memory)
        state.call_rate[j] = smoothed(state.call_rate[j], out.rep.calls[week, j] / state.effort[j], b.pace_memory)
        state.goal_rate[j] = smoothed(state.goal_rate[j], counted / state.effort[j], b.pace_memory)


@loop
def play_weeks(s: Setting, state: State, out: Out, scratch: Scratch) -> bool:
    """Plays all weeks of ``s.demand``. False where the columns of open opportunities ran out of room."""
    n = s.accounts.key.size
    watching = out.account_week.called.shape[0] > 0
    for week in range(s.demand.size):
        set_effort(s, state, out, week)
        make_calls(s, state, out, week, scratch)
        for i in range(n):
            scratch.moved[i] = 0
            if watching:
                watch(s, state, out, week, i)
            order(s, state, out, week, i, scratch.ordering[i])
        decide(s, state, out, week, scratch)
        for i in range(n):
            if not open_new(s, state, out, week, i, scratch.opening[i]):
                return False
            leave(s, state, out, week, i, scratch.leaving[i])
            if watching:
                watched(state, out, week, i, scratch.moved[i])
            forget(s, state, i)
        if watching:
            for d in range(state.deals[0]):
                out.account_week.open[week, state.deal_row[d]] += 1
        close_week(s, state, out, week)
    return True
