"""A review in the middle of a year: what is known then, and how what it changes takes over."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.columns import change_places, gathered, of_type
from sim.ending import open_values
from sim.handover import grown, meet_rep, part_with, reach_out
from sim.layout import Layout, laid, reordered
from sim.moving import moved
from sim.outlook import win_shares
from sim.record import ACCOUNT_WEEK, ACCOUNT_YEAR
from sim.rule import loop, year_loop
from sim.rules.orders import cents
from sim.rules.pipeline import chance_to_come
from sim.setting import Out, Setting
from sim.state import FLOATS_OF_ACCOUNTS, INTS_OF_ACCOUNTS, State, rearranged
from sim.world import WEEKS, Changes, Floats, Ints, Seen, World

_TYPES = [(column.name, column.dtype) for column in ACCOUNT_YEAR]
_FLOATS, _INTS, _COUNTS, _SIGNS = (of_type(kind, _TYPES) for kind in ("f8", "i8", "i4", "i1"))


def seen(
    s: Setting, state: State, out: Out, layout: Layout, last_year: Floats, before: Floats, week: int, since: int
) -> Seen:  # fmt: skip
    """What a planner knows after ``week`` weeks; ``last_year`` and ``before`` (n,) are what was sold in the year before
    and in the one before the plan began, money, by row.
    """
    n, account, rep = len(layout.place), out.account, out.rep
    cents_open, (owner, calls) = np.zeros(len(layout.rows), dtype=np.int64), np.empty((2, n), dtype=np.int64)
    sales, open_value = np.empty((2, n))
    weekly = np.empty((week, len(s.quota)))
    open_values(state, cents_open)
    _see(
        layout.place, layout.owner, owner, account.order_revenue, account.won_revenue, sales,
        account.calls, calls, cents_open, open_value, rep.order_revenue, rep.won_revenue, weekly,
    )  # fmt: skip
    quota, vacant, ahead = s.quota.copy(), state.vacancy.copy(), WEEKS - week or WEEKS
    return Seen(week, since, ahead, owner, sales, last_year, before, calls, open_value, weekly, quota, vacant)


@loop
def _see(
    place: Ints, whose: Ints, owner: Ints, orders: Ints, won: Ints, sales: Floats,
    called: NDArray[np.int32], calls: Ints, cents_open: Ints, open_value: Floats,
    orders_of_reps: Ints, won_of_reps: Ints, weekly: Floats,
) -> None:  # fmt: skip
    """Columns of accounts by row, and money that was booked in cents."""
    for i in range(place.size):
        at = place[i]
        owner[i], calls[i] = whose[at], called[at]
        sales[i] = (orders[at] + won[at]) / 100.0
        open_value[i] = cents_open[at] / 100.0
    for week in range(weekly.shape[0]):
        for j in range(weekly.shape[1]):
            weekly[week, j] = (orders_of_reps[week, j] + won_of_reps[week, j]) / 100.0


def realigned(
    world: World, s: Setting, state: State, out: Out, old: Layout, changes: Changes, week: int,
    holdover: float, doublings: int,
) -> tuple[Setting, State, Out, Layout]:  # fmt: skip
    """The year as it goes on: accounts with their new reps, opportunities and all, and the new quotas.

    It goes on in the columns that it has, in another order; ``state``, ``out`` and ``old`` of before are used up. The
    layout is another one where accounts have moved.
    """
    s, m = s._replace(quota=np.array(changes.quota, dtype=np.float64)), len(changes.quota)
    owner = np.ascontiguousarray(changes.owner, dtype=np.int64)  # whoever wrote the policy
    seek(state, changes)
    if not hand_over(s, state, out, owner, week, float(holdover), *np.zeros((2, m), dtype=np.int64)):
        return s, state, out, old
    if moved(s, state, out, old):
        return s, state, out, old._replace()
    new = laid(world, owner, old, spare=old.rows.size > old.place.size)
    came_from = gathered(old.place, new.rows)
    s = s._replace(
        accounts=new.accounts,
        rows=new.rows,
        starts=new.starts,
        ends=new.ends,
        neighbours=new.neighbours,
        events=s.events._replace(concerns=s.events.concerns.take(came_from, axis=1)),
        channels=s.channels._replace(of=gathered(s.channels.of, came_from)),
    )
    _change_places(
        FLOATS_OF_ACCOUNTS(state) + _FLOATS(out.account), state.open_money,
        INTS_OF_ACCOUNTS(state) + _INTS(out.account), _COUNTS(out.account), _SIGNS(out.account), came_from,
        np.empty(len(came_from)), np.empty_like(came_from),
    )  # fmt: skip
    state = rearranged(state, old, new, came_from, doublings)
    if out.account_week.called.size:
        out = out._replace(account_week=reordered(out.account_week, ACCOUNT_WEEK, came_from))
    return s, state, out, new


def seek(state: State, changes: Changes) -> None:
    """Somebody is sought for the places that are to be filled."""
    if changes.seek is not None:
        state.vacancy[:] = np.where(changes.seek > 0, changes.seek, state.vacancy)


@loop
def _change_places(
    floats: Any, stages: Floats, ints: Any, counts: Any, signs: Any, came_from: Ints, room: Floats, whole_room: Ints
) -> None:
    """`change_places` of columns of each type, and of the rows of ``stages`` (K, n)."""
    change_places(floats, came_from, room)
    change_places(stages, came_from, room)
    change_places(ints, came_from, whole_room)
    change_places(counts, came_from, whole_room)
    change_places(signs, came_from, whole_room)


@year_loop
def hand_over(
    s: Setting, state: State, out: Out, owner: Ints, week: int, holdover: float, before: Ints, after: Ints
) -> int:  # fmt: skip
    """Accounts meet the rep whose they are now, ``owner`` (n,); what reps expect grows and shrinks with what moves.

    Returns how many changed rep. The rep who gives an account away is credited ``holdover`` of what its open
    opportunities are expected to bring. ``before`` and ``after`` (m,) are room: what each territory sells in a usual
    week, with the one rep and the other, in cents, so that it is the same in whatever order accounts stand.
    """
    a, b = s.accounts, s.behaviour
    for j in range(s.reps.key.size):
        for d in range(state.deals_from[j], state.deals_from[j] + state.deals[j]):
            if owner[s.rows[state.deal_row[d]]] != j:
                chance = chance_to_come(state.deal_stage[d], b.stages, b.stage_advance, b.win_odds)
                state.sold[j] += cents(holdover * chance * 0.01 * state.deal_cents[d])
    changed = 0
    for j in range(s.reps.key.size):
        win_shares(s, state, j)
        total = 0
        for i in range(s.starts[j], s.ends[j]):
            total += cents(state.share[i] * grown(state, i) * a.potential[i] / 52.0)
        before[j] += total
        after[j] += total
        for i in range(s.starts[j], s.ends[j]):
            r = owner[s.rows[i]]
            if r != j:
                usual = cents(state.share[i] * grown(state, i) * a.potential[i] / 52.0)
                after[j] -= usual
                after[r] += usual
                changed += 1
                part_with(s, state, r, i)
                out.account.moves[i] += 1
                out.rep.gained[week, r] += 1
                out.rep.given[week, j] += 1
                state.owner[i] = r
                reach_out(s, state, r, i)
                meet_rep(s, state, r, i)
    for j in range(s.reps.key.size):
        if after[j] == before[j]:
            continue
        if before[j] > 0:
            state.pace[j] *= after[j] / before[j]
            state.first_pace[j] *= after[j] / before[j]
        else:
            state.pace[j] = state.first_pace[j] = after[j] / 100.0
    return changed
