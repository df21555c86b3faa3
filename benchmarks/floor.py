"""The floor: a loop that only makes the draws, logarithms and exponentials of a week, and reads and writes its columns.

Nothing is decided in it. What the compiled engine takes beyond this is the price of the model's logic.
"""

from __future__ import annotations

import numpy as np

from sim.draws import DEAL, ORDER, STAGE, WEEKLY, four, normal
from sim.elementary import as_whole, exp, log
from sim.rule import step, year_loop
from sim.setting import Out, Scratch, Setting
from sim.state import State

# In a week of the base model one in so many accounts is called, orders, has an opportunity open, opens a new one.
CALLED, ORDERED, OPEN, OPENED = 6, 6, 2, 30


@year_loop
def touch_weeks(s: Setting, state: State, out: Out, scratch: Scratch) -> None:
    """Every column once a week, rep by rep, with as many draws and functions as a year has."""
    for j in range(s.reps.key.size):
        for week in range(s.weeks):
            now = s.first_week + week
            rank(s, state, j, now, scratch)
            expect(s, state, j, scratch)
            book(s, state, out, j, scratch)
            forget(s, state, j)
            happen(s, state, j, now, scratch)


@step
def rank(s: Setting, state: State, j: int, now: int, scratch: Scratch) -> None:
    """The ranking of calls: one block of four uniforms, five logarithms."""
    a = s.accounts
    for i in range(s.starts[j], s.ends[j]):
        taste, ordering, opening, leaving = four(s.seed, s.replication, WEEKLY, a.key[i], now, 0)
        scratch.taste[i], scratch.ordering[i], scratch.opening[i], scratch.leaving[i] = (
            taste, ordering, opening, leaving,
        )  # fmt: skip
    for i in range(s.starts[j], s.ends[j]):
        value = state.belief[i] + state.goodwill[i] + state.fit[i] + state.a_call[i] + state.pressure[i]
        scratch.keys[i] = value
    for i in range(s.starts[j], s.ends[j]):
        ease = state.km[i] + state.relationship[i] + state.success[i]
        scratch.keys[i] = log(scratch.keys[i] + state.hours[i]) + log(ease) + log(state.since_call[i])
    for i in range(s.starts[j], s.ends[j]):
        scratch.keys[i] -= log(-log(scratch.taste[i]))


@step
def expect(s: Setting, state: State, j: int, scratch: Scratch) -> None:
    """What is to be expected of every account: one exponential."""
    for i in range(s.starts[j], s.ends[j]):
        read = state.goodwill[i] + state.pressure[i] + state.relationship[i] + state.mean_order[i]
        state.share[i] = read
        scratch.order_rate[i] = read + state.status[i]
        scratch.ordered[i] = read
        scratch.leaving[i] = read
    for i in range(s.starts[j], s.ends[j]):
        scratch.opening_rate[i] = (
            state.share[i] + state.opens[i] + state.before[i] + state.fresh[i] + state.relationship[i]
        )
    for i in range(s.starts[j], s.ends[j]):
        read = state.standing[i] + state.relationship[i] + state.since_call[i] + state.pressure[i]
        scratch.win_chance[i] = exp(-read)


@step
def book(s: Setting, state: State, out: Out, j: int, scratch: Scratch) -> None:
    """The fluid shadow's columns."""
    for i in range(s.starts[j], s.ends[j]):
        state.success[i] *= 0.5
        out.account.fluid_orders[i] += as_whole(scratch.ordered[i])
        out.account.fluid_won[i] += as_whole(s.accounts.margin[i])
    for stage in range(s.behaviour.stages):
        for i in range(s.starts[j], s.ends[j]):
            opened = scratch.opening_rate[i] * state.mean_deal[i]
            state.open_money[stage, i] = 0.5 * (state.open_money[stage, i] + opened)


@step
def forget(s: Setting, state: State, j: int) -> None:
    """What fades."""
    for i in range(s.starts[j], s.ends[j]):
        state.goodwill[i] *= 0.5
        state.relationship[i] *= 0.5
        state.fresh[i] *= 0.5
        state.since_call[i] += 1.0


@step
def happen(s: Setting, state: State, j: int, now: int, scratch: Scratch) -> None:
    """Calls, orders, open and new opportunities: as many draws and functions as single accounts take, in passes."""
    a, first = s.accounts, s.starts[j]
    size = s.ends[j] - first
    for i in range(s.starts[j], s.ends[j], CALLED):
        state.belief[i] = a.potential[i] * exp(state.belief_error[i])
    for d in range(size // np.uint64(ORDERED)):
        one, two, _, _ = four(s.seed, s.replication, ORDER, a.key[first + d], now, 0)
        scratch.order_value[d] = exp(-two) * (log(one) + log(two))
    for d in range(first, first + size // np.uint64(OPEN)):
        one, two, three, _ = four(s.seed, s.replication, STAGE, a.key[d], now, 1)
        scratch.moves[d], scratch.outcome[d], scratch.reason[d] = one, two, three
    for d in range(size // np.uint64(OPENED)):
        one = four(s.seed, s.replication, DEAL, a.key[first + d], now, 0)[0]
        scratch.order_mean[d] = exp(-one) + exp(normal(one)) + log(one)
