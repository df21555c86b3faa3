"""A review in the middle of a year: what is known then, and how what it changes takes over."""

from __future__ import annotations

import numpy as np

from sim.ending import open_values
from sim.handover import meet_rep, part_with, reach_out
from sim.layout import Layout, change_places, gathered, gathered_together, laid, of_each_type, reordered
from sim.record import ACCOUNT_WEEK, ACCOUNT_YEAR
from sim.rule import loop
from sim.rules.orders import cents
from sim.rules.pipeline import chance_to_come
from sim.rules.response import share_won
from sim.setting import Out, Setting
from sim.state import State, rearranged
from sim.world import Changes, Floats, Ints, Seen, World

_OF_ACCOUNTS = of_each_type((column.name, column.dtype) for column in ACCOUNT_YEAR)


def seen(s: Setting, state: State, out: Out, layout: Layout, last_year: Ints, week: int, since: int) -> Seen:
    """What a planner knows after ``week`` weeks; ``last_year`` (n,) are cents booked in the year before, by row."""
    place, account, rep = layout.place, out.account, out.rep
    open_value = np.zeros(len(place), dtype=np.int64)
    open_values(state, open_value)
    owner, orders, won, opened = gathered_together(
        (layout.owner, account.order_revenue, account.won_revenue, open_value), place
    )  # fmt: skip
    return Seen(
        week=week,
        since=since,
        owner=owner,
        sales=(orders + won) / 100.0,
        last_year=last_year / 100.0,
        calls=gathered(account.calls, place),
        open_value=opened / 100.0,
        weekly=(rep.order_revenue[:week] + rep.won_revenue[:week]) / 100.0,
        quota=np.array(s.quota),
        vacant=state.vacancy.copy(),
    )


def realigned(
    world: World, s: Setting, state: State, out: Out, old: Layout, changes: Changes, week: int,
    holdover: float, doublings: int,
) -> tuple[Setting, State, Out, Layout]:  # fmt: skip
    """The year as it goes on: accounts with their new reps, opportunities and all, and the new quotas.

    It goes on in the columns that it has, in another order; ``state`` and ``out`` of before are used up.
    """
    s = s._replace(quota=np.array(changes.quota, dtype=np.float64))
    if (changes.owner == gathered(old.owner, old.place)).all():
        return s, state, out, old
    new = laid(world, changes.owner)
    came_from = gathered(old.place, new.rows)
    s = s._replace(
        accounts=new.accounts,
        rows=new.rows,
        starts=new.starts,
        neighbours=new.neighbours,
        events=s.events._replace(concerns=s.events.concerns.take(came_from, axis=1)),
        channels=s.channels._replace(of=s.channels.of.take(came_from)),
    )
    state = rearranged(state, old, new, came_from, doublings)
    for columns in _OF_ACCOUNTS:
        change_places(columns(out.account), came_from)
    watched = out.account_week
    if watched.called.size:
        out = out._replace(account_week=reordered(watched, ACCOUNT_WEEK, came_from))
    m = len(changes.quota)
    hand_over(s, state, out, week, holdover, np.zeros(m), np.zeros(m))
    return s, state, out, new


@loop
def hand_over(
    s: Setting, state: State, out: Out, week: int, holdover: float, before: Floats, after: Floats
) -> None:  # fmt: skip
    """Accounts that changed rep meet the new one; what reps expect of their territories grows and shrinks with these.

    The rep who gives an account away is credited ``holdover`` of what its open opportunities are expected to bring.
    ``before`` and ``after`` (m,) are room: what each territory sells in a usual week, with the one rep and the other.
    """
    a, b = s.accounts, s.behaviour
    for j in range(s.reps.key.size):
        for d in range(state.deals_from[j], state.deals_from[j] + state.deals[j]):
            gave = state.owner[state.deal_row[d]]
            if gave != j:
                chance = chance_to_come(state.deal_stage[d], b.stages, b.stage_advance, b.win_odds)
                state.sold[gave] += cents(holdover * chance * 0.01 * state.deal_cents[d])
    for j in range(s.reps.key.size):
        for i in range(s.starts[j], s.starts[j + 1]):
            gave = state.owner[i]
            share = share_won(state.goodwill[i], b.share_floor, b.response_half, b.response_shape, state.pressure[i])
            before[gave] += share * a.potential[i] / 52.0
            after[j] += share * a.potential[i] / 52.0
            if gave != j:
                part_with(s, state, j, i)
                out.account.moves[i] += 1
                out.rep.gained[week, j] += 1
                out.rep.given[week, gave] += 1
                state.owner[i] = j
                reach_out(s, state, j, i)
                meet_rep(s, state, j, i)
    for j in range(s.reps.key.size):
        if before[j] > 0.0:
            state.pace[j] *= after[j] / before[j]
            state.first_pace[j] *= after[j] / before[j]
        else:
            state.pace[j] = state.first_pace[j] = after[j]
