"""Accounts that a review moves: each is copied alone into the room to spare of the territory that it comes to.

What stood last in the territory that it leaves takes its place, so that territories stay stretches of accounts. A
territory that outgrows its room goes, whole, to where there is more.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.columns import piece
from sim.layout import Layout, Places, with_room
from sim.rule import step, year_loop
from sim.setting import Out, Setting
from sim.state import COLUMNS_OF_DEALS, DEAL_COLUMNS, State
from sim.world import Ints

NO_ROOM = -1


def moved(s: Setting, state: State, out: Out, layout: Layout) -> bool:
    """Moves accounts to the territories of ``state.owner``; False, and nothing is done, where there is no room.

    All columns of ``s``, ``state``, ``out`` and ``layout`` change where they stand; ``layout`` is the year's own.
    """
    places, a = layout.rows.size, layout.accounts
    if places == layout.place.size:
        return False
    apart = state.open_money, state.said, state.word, s.channels.of, layout.rows
    wholes = [piece(one) for one in (a.key, state.goodwill, out.account.end_value)]
    wholes += [one.reshape(-1, places).view(np.int64) for one in apart]
    signs = piece(out.account.status), s.events.concerns.view(np.int8)
    leads = a.lead.T.view(np.int64), state.lead.T.view(np.int64)
    goes_to, to, came_from, room = np.empty((4, places), dtype=np.int64)
    changed = _move(
        state.owner, layout.rows, layout.place, layout.owner, layout.starts, layout.ends, layout.limits,
        goes_to, to, came_from, np.empty((2, state.deals.size), dtype=np.int64),
        tuple(wholes), piece(out.account.calls), signs, leads, state.lead is not a.lead, room,
        COLUMNS_OF_DEALS(state), state.deals, state.deals_from,
        np.empty((len(DEAL_COLUMNS) + 1, state.deal_row.size), dtype=np.int64),
    )  # fmt: skip
    if changed == NO_ROOM:
        return False
    if layout.neighbours.size:
        to, came_from = to[:changed], came_from[:changed]
        layout.neighbours[to] = layout.neighbours[came_from]
        layout.neighbours[:] = goes_to[layout.neighbours]
    return True


@year_loop
def _move(
    owner: Ints, rows: Ints, place: Ints, whose: Ints, starts: Places, ends: Places, limits: Places,
    goes_to: Ints, to: Ints, came_from: Ints, counted: Ints,
    wholes: Any, counts: NDArray[np.int32], signs: Any, leads: Any, events: bool, room: Ints,
    of_deals: Any, deals: Ints, deals_from: Ints, going: Ints,
) -> int:  # fmt: skip
    """How many places hold another account than before: ``to`` has these, ``came_from`` where it stood; NO_ROOM.

    ``goes_to`` (p,) is where each place's account stands now. ``wholes``, ``counts`` and ``signs`` are columns in
    pieces of memory, (k, p), by the bytes of a number; the second of ``leads``, (5, p), is one of its own where there
    are events. ``room`` (p,), ``counted`` (2, m) and ``going`` are room.
    """
    size, free = counted[0], counted[1]
    if not _fits(owner, rows.size, starts, ends, limits, of_deals, deals, deals_from, size, free):
        return NO_ROOM
    changed = _find_places(owner, whose, starts, ends, limits, size, free, to, came_from)
    for p in range(goes_to.size):
        goes_to[p] = p
    for q in range(changed):
        goes_to[came_from[q]] = to[q]
    _hand_deals(owner, goes_to, of_deals, deals, deals_from, going)
    for k in range(len(wholes)):
        _carry(wholes[k], to, came_from, changed, room)
    _carry(counts, to, came_from, changed, room)
    for k in range(len(signs)):
        _carry(signs[k], to, came_from, changed, room)
    for k in range(1 + events):
        _carry(leads[k], to, came_from, changed, room)
    for q in range(changed):
        place[rows[to[q]]] = to[q]
    return changed


@step
def _fits(
    owner: Ints, places: int, starts: Places, ends: Places, limits: Places, of_deals: Any, deals: Ints,
    deals_from: Ints, size: Ints, count: Ints,
) -> bool:  # fmt: skip
    """Whether there is room for all accounts, and for each rep's open opportunities and half as many again.

    Writes how many accounts each will have into ``size`` (m,).
    """
    fits, outside = True, np.int64(starts[size.size])
    for j in range(size.size):
        size[j] = count[j] = 0
    for j in range(size.size):
        for p in range(starts[j], ends[j]):
            size[owner[p]] += 1
    for j in range(size.size):
        if size[j] > np.int64(limits[j] - starts[j]):
            outside += with_room(size[j])
        for d in range(deals_from[j], deals_from[j] + deals[j]):
            count[owner[of_deals[0][d]]] += 1
    for j in range(size.size):
        fits = fits and 3 * count[j] <= 2 * (deals_from[j + 1] - deals_from[j])
    return bool(fits and outside <= places)


@step
def _find_places(
    owner: Ints, whose: Ints, starts: Places, ends: Places, limits: Places, size: Ints, free: Ints, to: Ints,
    came_from: Ints,
) -> int:  # fmt: skip
    """Where who stays and who comes will stand. ``size`` (m,) is how many each will have, ``free`` is room.

    Both are left with where territories begin and end.
    """
    changed, m = 0, size.size
    for j in range(m):
        if size[j] > np.int64(limits[j] - starts[j]):
            begin: int = np.int64(starts[m])  # type: ignore[assignment]
            starts[m] += np.uint64(with_room(size[j]))
            limits[j] = starts[m]
            for p in range(begin, starts[m]):
                whose[p] = j
            changed, free[j] = _go_whole(owner, starts, ends, j, begin, changed, to, came_from)
            size[j] = begin
        else:
            changed, free[j] = _close_up(owner, starts, ends, j, changed, to, came_from)
            size[j] = np.int64(starts[j])
    for j in range(m):
        for p in range(starts[j], ends[j]):
            r = owner[p]
            if r != j:
                to[changed], came_from[changed] = free[r], p
                changed += 1
                free[r] += 1
    for j in range(m):
        starts[j], ends[j] = size[j], free[j]
    return changed


@step
def _go_whole(
    owner: Ints, starts: Places, ends: Places, j: int, begin: int, changed: int, to: Ints, came_from: Ints
) -> tuple[int, int]:  # fmt: skip
    """Who stays with rep j goes to places from ``begin`` on: how many places change so far, the first that is free."""
    free = begin
    for p in range(starts[j], ends[j]):
        if owner[p] == j:
            to[changed], came_from[changed] = free, p
            changed += 1
            free += 1
    return changed, free


@step
def _close_up(
    owner: Ints, starts: Places, ends: Places, j: int, changed: int, to: Ints, came_from: Ints
) -> tuple[int, int]:  # fmt: skip
    """Where others leave rep j, the last who stay take their places: as `_go_whole`."""
    first: int = np.int64(starts[j])  # type: ignore[assignment]
    last = np.int64(ends[j]) - 1
    while first <= last:
        if owner[first] == j:
            first += 1
        elif owner[last] != j:
            last -= 1
        else:
            to[changed], came_from[changed] = first, last
            changed += 1
            first += 1
            last -= 1
    return changed, first


@step
def _hand_deals(
    owner: Ints, goes_to: Ints, of_deals: Any, deals: Ints, deals_from: Ints, going: Ints
) -> None:  # fmt: skip
    """Open opportunities go along with their accounts, behind those that are there.

    ``going`` (7, d) is room for them and for whose they will be.
    """
    leave, last = 0, len(of_deals)
    for j in range(deals.size):
        kept = deals_from[j]
        for d in range(deals_from[j], deals_from[j] + deals[j]):
            r = owner[of_deals[0][d]]
            of_deals[0][d] = goes_to[of_deals[0][d]]
            if r == j:
                for k in range(len(of_deals)):
                    of_deals[k][kept] = of_deals[k][d]
                kept += 1
            else:
                for k in range(len(of_deals)):
                    going[k, leave] = of_deals[k][d]
                going[last, leave] = r
                leave += 1
        deals[j] = kept - deals_from[j]
    for g in range(leave):
        r = going[last, g]
        for k in range(len(of_deals)):
            of_deals[k][deals_from[r] + deals[r]] = going[k, g]
        deals[r] += 1


@step
def _carry(columns: Any, to: Ints, came_from: Ints, changed: int, room: Any) -> None:
    """Columns of a piece of memory, (k, p): what is at ``came_from`` goes to ``to``, all at once."""
    for k in range(columns.shape[0]):
        for q in range(changed):
            room[q] = columns[k, came_from[q]]
        for q in range(changed):
            columns[k, to[q]] = room[q]
