"""A territory's year in means: the steps of `sim.week` with chances in place of draws, through the rules of `sim`.

A call falls on an account with a chance, goodwill and relationship rise by that part of it, what an account buys is
what it buys on average. Effort is 1, as without goals. A rep's calls in a week are those above a bar that leaves just
the hours there are: with Gumbel draws the chance to be above it is ``1 - exp(-z * exp(pull / taste))``, and z is found
so that the expected hours come out.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scenarios.earning.known import Known
from sim.behaviour import Behaviour
from sim.elementary import exp, power
from sim.rule import loop, step
from sim.rules.calling import call_hours, call_value, comfort, distance, felt, log_weight
from sim.rules.effort import fit, quality
from sim.rules.fluid import falling_due, flow
from sim.rules.orders import order_rate
from sim.rules.pipeline import opening_rate, standing_odds, win_chance
from sim.rules.relationship import deepened, faded, handed_over
from sim.rules.response import fade, reach_gained, share_won
from sim.rules.rhythm import in_month, month_of_quarter, paced, ready_share
from sim.rules.status import churn_chance
from sim.world import Floats, Ints

EVERYTHING = 1e9  # z of a rep who has time for every account, every week
NEWTON = 3  # steps a week to the bar; last week's is near
FIRST = 40  # steps in the first week
NEARLY = 1e-4  # of the hours
NO_PRESSURE = 0.0  # nobody foresees what competitors will do, or what neighbours will say


class Accounts(NamedTuple):
    """How accounts stand, by row of the market, (n,); means, so that a status is a chance."""

    goodwill: Floats
    relationship: Floats
    before: Floats  # relationship before the last change of rep
    fresh: Floats
    success: Floats
    since_call: Floats
    customer: Floats  # chance of being one
    open_money: Floats  # (K, n), or (K + 1, n), as in `sim.state`


class Book(NamedTuple):
    """A territory while its year is played, by place in it."""

    at: Accounts
    accounts: Floats  # as in Known, and the next five
    potential: Floats
    margin: Floats
    order_size: Floats
    opening_rate: Floats
    deal_size: Floats
    hours: Floats  # of one call
    km: Floats
    each_call: Floats  # goodwill that a call of this rep adds
    standing: Floats  # log-odds of winning
    pull: Floats  # how strongly an account draws a call, e**(pull / taste)
    missed: Floats  # chance of no call this week
    opened: Floats  # money that opens this week
    earned: Floats  # margin less travel so far, of all accounts that a row stands for
    spent: Floats  # hours so far, likewise


def fresh_accounts(n: int, lanes: int) -> Accounts:
    """A guess of how accounts stand, that two years of calls forget."""
    return Accounts(
        goodwill=np.ones(n),
        relationship=np.full(n, 0.6),
        before=np.full(n, 0.6),
        fresh=np.zeros(n),
        success=np.full(n, 0.6),
        since_call=np.full(n, 4.0),
        customer=np.full(n, 0.87),
        open_money=np.zeros((lanes, n)),
    )


def blank_book(n: int, lanes: int) -> Book:
    """Room for a territory of up to ``n`` rows."""
    return Book(fresh_accounts(n, lanes), *(np.zeros(n) for _ in range(15)))


@step
def _take_up(k: Known, start: Accounts, today: Ints, i: int, j: int, place: int, book: Book) -> None:
    """Writes account i as rep j's into the book; handed over where another has it today (``today`` < 0: nobody)."""
    b, at = k.behaviour, book.at
    km = distance(k.x_km[i], k.y_km[i], k.home_x[j], k.home_y[j]) if k.travel else 0.0
    fits = fit(
        k.fit_industry[j, k.industry[i]], k.fit_area[j, k.area[i]], k.fit_product[j, k.product[i]]
    )  # fmt: skip
    book.accounts[place] = k.accounts[i]
    book.potential[place] = max(k.potential[i], 1e-9)
    book.margin[place] = k.margin[i]
    book.order_size[place] = k.order_size[i]
    book.opening_rate[place] = k.opening_rate[i]
    book.deal_size[place] = max(k.deal_size[i], 1e-9)
    book.km[place] = km
    book.hours[place] = call_hours(km, b.call_hours, b.road_factor, b.road_speed, b.stops_a_trip)
    book.each_call[place] = (
        quality(k.ability[j], b.quality_ability, 1.0, b.quality_effort, 1.0, 0.0) * fits * k.a_call[i]
    )
    book.standing[place] = standing_odds(b.win_odds, k.win_logit[i], k.ability[j], fits, b.win_ability, b.win_fit)
    book.earned[place] = 0.0
    book.spent[place] = 0.0
    changes = today[i] >= 0 and today[i] != j
    at.goodwill[place] = start.goodwill[i]
    relationship = start.relationship[i]
    at.relationship[place] = relationship
    if changes:
        alike = k.alike[today[i], j]
        at.relationship[place] = handed_over(relationship, b.relationship_kept, b.similarity_bonus, alike)
    at.before[place] = relationship if changes else start.before[i]
    at.fresh[place] = 1.0 if changes else start.fresh[i]
    at.success[place] = start.success[i]
    at.since_call[place] = start.since_call[i]
    at.customer[place] = start.customer[i]
    for stage in range(at.open_money.shape[0]):
        at.open_money[stage, place] = start.open_money[stage, i]


@step
def _weigh(b: Behaviour, place: int, book: Book) -> None:
    """How strongly an account draws a call this week."""
    at = book.at
    gained = reach_gained(
        at.goodwill[place], book.each_call[place], b.response_half, b.response_shape, NO_PRESSURE
    )  # fmt: skip
    value = call_value(book.potential[place], b.share_floor, gained)
    pleasant = comfort(b.comfort_base, at.relationship[place], at.success[place])
    draw = log_weight(
        value, book.hours[place], pleasant, book.km[place], at.since_call[place],
        b.comfort_pull, b.distance_pull, b.turn_pull,
    )  # fmt: skip
    book.pull[place] = exp(draw / max(b.taste, 1e-3))


@step
def _miss(places: int, z: float, book: Book) -> None:
    """Each account's chance of no call in a week with the bar z."""
    for place in range(np.uint64(places)):
        book.missed[place] = exp(-z * book.pull[place])


@step
def _bar(places: int, budget: float, z: float, steps: int, book: Book) -> float:
    """z so that the expected hours of a week are ``budget``, by Newton's method; ``EVERYTHING`` where all fit.

    A rep stops at the first call that does not fit, so half a call's time is left over on average. Leaves the chances
    of no call that belong to z.
    """
    total, squares, fastest = 0.0, 0.0, 0.0
    for place in range(places):
        hours = book.accounts[place] * book.hours[place]
        total += hours
        squares += hours * book.hours[place]
        fastest += hours * book.pull[place]
    left = max(budget - 0.5 * squares / max(total, 1e-9), 0.5 * budget)
    if total <= left:
        z, steps = EVERYTHING, 0
    elif z * fastest < left:
        z = left / fastest  # the least it can be: chances grow slower than z
    _miss(places, z, book)
    for _ in range(steps):
        used, slope = 0.0, 0.0
        for place in range(places):
            hours = book.accounts[place] * book.hours[place]
            used += hours * (1.0 - book.missed[place])
            slope += hours * book.pull[place] * book.missed[place]
        if abs(used - left) <= NEARLY * left:
            break
        z = max(z + (left - used) / max(slope, 1e-300), 0.25 * z)
        _miss(places, z, book)
    return z


@step
def _respond(
    b: Behaviour, place: int, book: Book, counts: float, cost_an_hour: float, pace: float, odds: float
) -> None:  # fmt: skip
    """Calls, orders, opportunities and leaving of one account in a week, and how it fades."""
    at, missed = book.at, book.missed[place]
    p = 1.0 - missed
    goodwill = at.goodwill[place] + p * book.each_call[place]
    relationship = deepened(at.relationship[place], p * b.relationship_gain)
    share = share_won(goodwill, b.share_floor, b.response_half, b.response_shape, NO_PRESSURE)
    orders = order_rate(b.orders_a_year, 1.0, share, relationship, b.order_loyalty) * book.order_size[place]
    opens = opening_rate(
        book.opening_rate[place], share, 1.0, b.revival, at.before[place], at.fresh[place],
        b.repeat_share, relationship, b.order_loyalty,
    )  # fmt: skip
    book.opened[place] = opens * book.deal_size[place]
    recent = 1.0 - power(missed, b.recent_weeks)
    wins = win_chance(
        book.standing[place], odds, relationship, recent, NO_PRESSURE, b.win_relationship, b.win_recent_call
    )  # fmt: skip
    last = b.stages - 1
    quick, at_once = (last + 1, b.quick_hazard) if at.open_money.shape[0] > b.stages else (last, 0.0)
    won = wins * falling_due(
        at.open_money[last, place], paced(b.closing_hazard, pace), at.open_money[quick, place], at_once
    )  # fmt: skip
    sales = at.customer[place] * orders + won
    hours = p * book.hours[place]
    earned = sales * book.margin[place] - cost_an_hour * (hours - p * b.call_hours)
    book.earned[place] += counts * book.accounts[place] * earned
    book.spent[place] += counts * book.accounts[place] * hours
    customer = at.customer[place] + (1.0 - at.customer[place]) * min(1.0, won / book.deal_size[place])
    at.customer[place] = customer * (1.0 - churn_chance(b.churn_a_year, goodwill, relationship))
    at.goodwill[place] = fade(goodwill, b.carry_over)
    at.relationship[place] = faded(relationship, b.relationship_fade)
    at.fresh[place] = fade(at.fresh[place], b.freshness_left)
    at.success[place] = fade(at.success[place], b.success_memory)
    at.success[place] += felt(sales, book.potential[place], b.success_memory)
    at.since_call[place] = missed * at.since_call[place] + 1.0


@step
def _move_on(b: Behaviour, places: int, book: Book, pace: float, ready: float) -> None:
    """A week of the expected pipeline, as `sim.outlook.move_on`."""
    last, money = b.stages - 1, book.at.open_money
    closes, leaves = paced(b.closing_hazard, pace), b.stage_hazard
    arrives = leaves * b.stage_advance
    for stage in range(last, 0, -1):
        leaving = closes if stage == last else leaves
        for place in range(np.uint64(places)):
            money[stage, place] = flow(money[stage, place], leaving, money[stage - 1, place] * arrives)
    leaving = closes if last == 0 else leaves
    for place in range(np.uint64(places)):
        money[0, place] = flow(money[0, place], leaving, book.opened[place] * (1.0 - ready))
    if money.shape[0] > b.stages:
        for place in range(np.uint64(places)):
            money[b.stages, place] = flow(
                money[b.stages, place], b.quick_hazard, book.opened[place] * ready
            )  # fmt: skip


@loop
def play(
    k: Known, start: Accounts, today: Ints, members: Ints, j: int, more: float, ahead: int, bar: Floats, given: bool,
    book: Book,
) -> float:  # fmt: skip
    """Plays rep j's year with the accounts ``members`` (rows); returns what it earns: margin less travel, money.

    ``bar`` (weeks,) is z of every week: written, or with ``given`` read (then accounts do not vie for hours: each is
    played as if it came to a territory with that bar). The first ``ahead`` weeks are played and not counted. ``more``
    are hours a week on top. ``book`` holds each account's part.
    """
    b, places = k.behaviour, members.size
    for place in range(places):
        _take_up(k, start, today, members[place], j, place, book)
    z = 0.0
    for week in range(bar.size):
        for place in range(np.uint64(places)):
            _weigh(b, place, book)
        if given:
            _miss(places, bar[week], book)
        else:
            z = _bar(places, k.hours[j] + more, z, FIRST if week == 0 else NEWTON, book)
            bar[week] = z
        counts = 1.0 if week >= ahead else 0.0
        month = month_of_quarter(week)
        pace = in_month(month, b.first_month_pace, 1.0, b.last_month_pace)
        odds = in_month(month, b.first_month_odds, 0.0, b.last_month_odds)
        for place in range(np.uint64(places)):
            _respond(b, place, book, counts, k.cost_an_hour, pace, odds)
        _move_on(b, places, book, pace, ready_share(b.quick_share, b.first_month_quick, month))
    earned = 0.0
    for place in range(places):
        earned += book.earned[place]
    return earned


@loop
def keep(members: Ints, book: Book, stands: Accounts) -> None:
    """Writes how the accounts of a played book stand into columns by row."""
    for place in range(members.size):
        i = members[place]
        stands.goodwill[i] = book.at.goodwill[place]
        stands.relationship[i] = book.at.relationship[place]
        stands.before[i] = book.at.before[place]
        stands.fresh[i] = book.at.fresh[place]
        stands.success[i] = book.at.success[place]
        stands.since_call[i] = book.at.since_call[place]
        stands.customer[i] = book.at.customer[place]
        for stage in range(book.at.open_money.shape[0]):
            stands.open_money[stage, i] = book.at.open_money[stage, place]
