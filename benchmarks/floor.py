"""The floor: a loop that only makes the draws, logarithms and exponentials of a week, and reads and writes its columns.

Nothing is decided in it. What the compiled engine takes beyond this is the price of the model's logic.
"""

from __future__ import annotations

from sim.draws import DEAL, ORDER, STAGE, WEEKLY, four, normal
from sim.elementary import exp, log
from sim.rule import loop, step
from sim.setting import Out, Scratch, Setting
from sim.state import State

# In a week of the base model one in so many accounts is called, orders, has an opportunity open, opens a new one.
CALLED, ORDERED, OPEN, OPENED = 6, 6, 2, 30


@loop
def touch_weeks(s: Setting, state: State, out: Out, scratch: Scratch) -> float:
    """Every column once a week, rep by rep, with as many draws and functions as a year has; returns what it drew."""
    total = 0.0
    for j in range(s.reps.key.size):
        for week in range(s.weeks):
            now = s.first_week + week
            rank(s, state, j, now, scratch)
            expect(s, state, j, scratch)
            book(s, state, out, j, scratch)
            forget(s, state, j)
            total += happen(s, state, j, now)
    return total


@step
def rank(s: Setting, state: State, j: int, now: int, scratch: Scratch) -> None:
    """The ranking of calls: one block of four uniforms, five logarithms."""
    a = s.accounts
    for i in range(s.starts[j], s.starts[j + 1]):
        taste, ordering, opening, leaving = four(s.seed, s.replication, WEEKLY, a.key[i], now, 0)
        scratch.ordering[i], scratch.opening[i], scratch.leaving[i] = ordering, opening, leaving
        value = state.belief[i] + state.goodwill[i] + state.fit[i] + state.a_call[i] + state.pressure[i]
        ease = state.hours[i] + state.km[i] + state.relationship[i] + state.success[i] + state.since_call[i]
        scratch.keys[i] = log(value) + log(ease) + log(ordering) + log(-log(taste)) + a.priority[i]


@step
def expect(s: Setting, state: State, j: int, scratch: Scratch) -> None:
    """What is to be expected of every account: one exponential."""
    a = s.accounts
    for i in range(s.starts[j], s.starts[j + 1]):
        read = state.goodwill[i] + state.pressure[i] + state.shock[i] + state.relationship[i] + a.order_size[i]
        state.share[i] = read
        scratch.order_rate[i] = read + state.status[i]
        scratch.ordered[i] = read
        scratch.churn[i] = read
    for i in range(s.starts[j], s.starts[j + 1]):
        read = state.share[i] + state.root_shock[i] + state.before[i] + state.fresh[i] + a.opening_rate[i]
        scratch.opening_rate[i] = read
        scratch.opened[i] = read + a.deal_size[i]
        scratch.win_chance[i] = exp(-read) + state.standing[i]


@step
def book(s: Setting, state: State, out: Out, j: int, scratch: Scratch) -> None:
    """The fluid shadow's columns."""
    for i in range(s.starts[j], s.starts[j + 1]):
        state.booked[i] = 0
        out.account.fluid_orders[i] += int(scratch.ordered[i])
        out.account.fluid_won[i] += int(s.accounts.margin[i])
    for stage in range(s.behaviour.stages):
        for i in range(s.starts[j], s.starts[j + 1]):
            state.open_money[stage, i] = 0.5 * (state.open_money[stage, i] + scratch.opened[i])


@step
def forget(s: Setting, state: State, j: int) -> None:
    """What fades."""
    for i in range(s.starts[j], s.starts[j + 1]):
        state.goodwill[i] *= 0.5
        state.relationship[i] *= 0.5
        state.fresh[i] *= 0.5
        state.success[i] = 0.5 * (state.success[i] + state.booked[i] + s.accounts.potential[i])
        state.since_call[i] += 1.0
        state.called[i] = 0


@step
def happen(s: Setting, state: State, j: int, now: int) -> float:
    """Calls, orders, open and new opportunities: as many draws and functions as single accounts take."""
    a = s.accounts
    total = 0.0
    for i in range(s.starts[j], s.starts[j + 1], CALLED):
        state.belief[i] = a.potential[i] * exp(state.belief_error[i])
    for i in range(s.starts[j], s.starts[j + 1], ORDERED):
        first, second, _, _ = four(s.seed, s.replication, ORDER, a.key[i], now, 0)
        total += exp(-second) * (log(first) + log(second))
    for i in range(s.starts[j], s.starts[j + 1], OPEN):
        total += four(s.seed, s.replication, STAGE, a.key[i], now, 1)[0]
    for i in range(s.starts[j], s.starts[j + 1], OPENED):
        size = four(s.seed, s.replication, DEAL, a.key[i], now, 0)[0]
        total += exp(-size) + exp(normal(size)) + log(size)
    return total
