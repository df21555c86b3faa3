"""How a plan takes over: who gets which accounts, and what a change of rep does to them."""

from __future__ import annotations

from dataclasses import replace

from sim.behaviour import Behaviour
from sim.rule import step, year_loop
from sim.rules.calling import call_hours, distance
from sim.rules.effort import fit
from sim.rules.orders import cents
from sim.rules.pipeline import standing_odds
from sim.rules.relationship import handed_over
from sim.rules.response import goodwill_a_call, share_won
from sim.setting import Setting
from sim.state import State
from sim.world import NOBODY, Levers, Plan, World


def undisrupted(world: World) -> World:
    """The same world where a change of rep changes nothing for the customer: the relationship goes over whole.

    A new rep brings no freshness either, or what is good about a change would be left in and what is bad taken out. To
    be played on from the burn-in of ``world``, in which nothing is handed over.
    """
    return world.each(lambda one: replace(one, behaviour=_unminded(one.behaviour)))


def undisrupted_plan(plan: Plan) -> Plan:
    """The same plan for that world: its levers, where it has any, bring a behaviour of their own."""
    if all(levers.behaviour is None for levers in (plan.levers, *plan.drawn)):
        return plan
    return replace(plan, levers=_unmoved(plan.levers), drawn=tuple(_unmoved(one) for one in plan.drawn))


def _unmoved(levers: Levers) -> Levers:
    own = levers.behaviour
    return levers if own is None else levers._replace(behaviour=_unminded(own))


def _unminded(behaviour: Behaviour) -> Behaviour:
    return behaviour._replace(relationship_kept=1.0, similarity_bonus=0.0, revival=0.0)


@step
def meet_rep(s: Setting, state: State, j: int, i: int) -> None:
    """What account i is to the person in rep j's place; somebody new has a fit of 1 for everything."""
    a, b = s.accounts, s.behaviour
    fits = fit(
        s.reps.fit_industry[j, a.industry[i]], s.reps.fit_area[j, a.area[i]], s.reps.fit_product[j, a.product[i]]
    )  # fmt: skip
    state.fit[i] = 1.0 if state.hired[j] else fits
    state.standing[i] = standing_odds(
        b.win_odds, a.win_logit[i], state.ability[j], state.fit[i], b.win_ability, b.win_fit
    )  # fmt: skip


@step
def reach_out(s: Setting, state: State, j: int, i: int) -> None:
    """How account i is called by rep j: hours, way, and what a call adds to goodwill."""
    a, b, channels = s.accounts, s.behaviour, s.channels
    channel = channels.of[i]
    goes = s.travel and channels.travels[channel]
    km = distance(a.x_km[i], a.y_km[i], s.reps.x_km[j], s.reps.y_km[j]) if goes else 0.0
    state.km[i] = km
    state.hours[i] = call_hours(km, channels.hours[channel], b.road_factor, b.road_speed, b.stops_a_trip)
    state.a_call[i] = goodwill_a_call(a.need[i], b.carry_over) * channels.effect[channel, a.industry[i]]


@step
def grown(state: State, i: int) -> float:
    """What account i asks for beside the year before the plan, as far as it has shown: growth and events of before."""
    return float(state.growth[i]) if state.growth.size else 1.0


@step
def part_with(s: Setting, state: State, j: int, i: int) -> None:
    """Account i leaves its rep for rep j: part of the relationship stays, and somebody fresh comes."""
    b = s.behaviour
    alike = s.reps.alike[state.owner[i], j]
    state.before[i] = state.relationship[i]
    state.relationship[i] = handed_over(state.relationship[i], b.relationship_kept, b.similarity_bonus, alike)
    state.fresh[i] = 1.0


@year_loop
def take_over(s: Setting, state: State, first: bool) -> None:
    """Gives every account to the rep in whose territory it lies; ``first`` at the start, when nothing is handed over.

    An account that changes rep keeps part of the relationship and meets a fresh rep. Every rep's pace starts as the
    share-weighted potential of its present territory over 52 weeks.
    """
    a, b = s.accounts, s.behaviour
    for j in range(s.reps.key.size):
        if first:
            state.ability[j] = s.reps.ability[j]
            state.ramp[j] = 1.0
            state.seat[j] = 1 - s.reps.planned[j]
            state.vacancy[j] = NOBODY * s.reps.planned[j]
        state.time[j] = s.reps.hours[j]
        state.paid[j] = state.gone[j] = 0
        expected = 0
        for i in range(s.starts[j], s.ends[j]):
            if not first and j != state.owner[i]:
                part_with(s, state, j, i)
            state.owner[i] = j
            reach_out(s, state, j, i)
            meet_rep(s, state, j, i)
            share = share_won(state.goodwill[i], b.share_floor, b.response_half, b.response_shape, state.pressure[i])
            expected += cents(share * grown(state, i) * a.potential[i] / 52.0)
        state.pace[j] = expected / 100.0
        state.first_pace[j] = state.pace[j]
        state.sold[j] = 0
        if first:  # a guess that the 104 weeks of the burn-in forget
            state.call_rate[j] = s.reps.hours[j] / b.call_hours * 0.75
            state.goal_rate[j] = state.call_rate[j] * 0.2
        elif s.counts_any:
            state.goal_rate[j] = state.call_rate[j]
