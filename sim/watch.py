"""Weekly columns of single accounts, for looking into a year."""

from __future__ import annotations

from sim.rule import step
from sim.rules.response import share_won
from sim.setting import Out, Setting
from sim.state import State


@step
def watch(s: Setting, state: State, out: Out, week: int, i: int) -> None:
    """What the account looks like when it responds (only when inspected)."""
    b = s.behaviour
    seen = out.account_week
    seen.called[week, i] = 1 if state.since_call[i] == 0.0 else 0
    seen.goodwill[week, i] = state.goodwill[i]
    seen.relationship[week, i] = state.relationship[i]
    seen.share[week, i] = share_won(
        state.goodwill[i], b.share_floor, b.response_half, b.response_shape, state.pressure[i]
    )
    # Counts so far this year; the difference to the end of the week is what the week brought.
    seen.orders[week, i] = -out.account.orders[i]
    seen.order_revenue[week, i] = -out.account.order_revenue[i]
    seen.opened[week, i] = -out.account.opened[i]
    seen.won[week, i] = -out.account.won[i]
    seen.won_revenue[week, i] = -out.account.won_revenue[i]
    seen.lost[week, i] = -out.account.lost[i]
    seen.fluid_sales[week, i] = -out.account.fluid_orders[i] - out.account.fluid_won[i]


@step
def watched(state: State, out: Out, week: int, i: int, moved: int) -> None:
    """The same at the end of the week."""
    seen = out.account_week
    seen.orders[week, i] += out.account.orders[i]
    seen.order_revenue[week, i] += out.account.order_revenue[i]
    seen.opened[week, i] += out.account.opened[i]
    seen.won[week, i] += out.account.won[i]
    seen.won_revenue[week, i] += out.account.won_revenue[i]
    seen.lost[week, i] += out.account.lost[i]
    seen.fluid_sales[week, i] += out.account.fluid_orders[i] + out.account.fluid_won[i]
    seen.moved[week, i] = moved
    seen.status[week, i] = state.status[i]
