"""Accounts territory by territory: how a year lies in memory while it is played.

Accounts stand in rising order of key, so a territory is scattered over the columns; its rep goes through it every week.
Laid out, a territory's columns are short neighbouring stretches that stay in the processor's nearest memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.record import Column
from sim.rule import loop, step
from sim.world import Accounts, Floats, Ints, Plan, World


class Layout(NamedTuple):
    """Where each account stands while a plan is played; inside a territory by key.

    ``starts`` has no sign: row numbers that can't be negative let a compiled loop take eight accounts at once.
    """

    rows: Ints  # (n,) row in the world of the account at each place
    place: Ints  # (n,) place of each row
    starts: NDArray[np.uint64]  # (m + 1,) where each rep's territory begins
    owner: Ints  # (n,) whose territory each place is in
    accounts: Accounts  # the world's, by place
    neighbours: Ints  # (n, 4) places of the accounts that each place hears from; (0, 4) where nobody listens


INTS = ("key", "region", "industry", "area", "product", "priority")
FLOATS = tuple(name for name in Accounts._fields if name not in (*INTS, "lead"))
_FLOATS, _INTS = attrgetter(*FLOATS), attrgetter(*INTS)


@lru_cache(maxsize=4)
def lay_out(world: World, plan: Plan | None) -> Layout:
    """The territories of a plan, or with None today's, one after the other."""
    return laid(world, world.current if plan is None else plan.owner)


def laid(world: World, owner: Ints, before: Layout | None = None) -> Layout:
    """Territories by whose each account is, (n,); its columns are those of ``before``, which is nearer than the world.

    Nearer to the processor: a year has gone through them, and most accounts lie beside the same ones again.
    """
    n, starts = len(owner), np.zeros(world.reps.key.size + 1, dtype=np.int64)
    of = world.accounts if before is None else before.accounts
    rows, place, whose = np.empty((3, n), dtype=np.int64)
    floats, ints, lead = np.empty((len(FLOATS), n)), np.empty((len(INTS), n), dtype=np.int64), np.empty_like(of.lead)
    _lie(owner, starts, np.empty_like(starts), rows, place, whose)
    came_from = rows if before is None else gathered(before.place, rows)
    _take(came_from, _FLOATS(of), floats, _INTS(of), ints, of.lead, lead)
    for columns in (floats, ints):
        columns.setflags(write=False)  # not the leads: events change a copy, and compiled code takes both for one type
    made: dict[str, Any] = dict(zip((*FLOATS, *INTS), (*floats, *ints), strict=True))
    heard = np.take(place, world.neighbours[rows]) if world.neighbours.size else np.array(world.neighbours)
    return Layout(rows, place, starts.astype(np.uint64), whose, Accounts(lead=lead, **made), heard)


@loop
def _lie(owner: Ints, starts: Ints, next_place: Ints, rows: Ints, place: Ints, whose: Ints) -> None:
    """Where each territory begins, (m + 1,); which row lies at each place, where a row lies, whose a place is, (n,)."""
    for i in range(owner.size):
        starts[owner[i] + 1] += 1
    for j in range(1, starts.size):
        starts[j] += starts[j - 1]
    for j in range(starts.size):
        next_place[j] = starts[j]
    for i in range(owner.size):
        place[i] = next_place[owner[i]]
        rows[place[i]] = i
        whose[place[i]] = owner[i]
        next_place[owner[i]] += 1


@loop
def _take(rows: Ints, floats: Any, made: Floats, ints: Any, made_ints: Ints, lead: Floats, made_lead: Floats) -> None:
    """Columns of accounts by ``rows`` (n,), all in one call: calling for each alone takes longer than gathering it."""
    for k in range(len(floats)):
        column = floats[k]
        for i in range(rows.size):
            made[k, i] = column[rows[i]]
    for k in range(len(ints)):
        whole = ints[k]
        for i in range(rows.size):
            made_ints[k, i] = whole[rows[i]]
    for i in range(rows.size):
        for k in range(lead.shape[1]):
            made_lead[i, k] = lead[rows[i], k]


def gathered(column: NDArray[Any], rows: Ints) -> NDArray[Any]:
    """``column`` in another order, its last axis by ``rows`` (n,); of a table of scores its first.

    As `numpy.take`, of whole columns several times as fast: who asks knows that all rows are there.
    """
    if column.ndim == 2:
        if column.shape[0] == rows.size:
            return column.take(rows, axis=0)
        return np.array([gathered(row, rows) for row in column]).reshape(len(column), rows.size)
    made = np.empty(rows.size, column.dtype)
    _gather(column, rows, made)
    return made


@loop
def _gather(column: NDArray[Any], rows: Ints, made: NDArray[Any]) -> None:
    for i in range(rows.size):
        made[i] = column[rows[i]]


def of_type(kind: str, types: Iterable[tuple[str, str]]) -> Callable[[Any], tuple[NDArray[Any], ...]]:
    """From names and types of a table's columns: what takes those of one type, two at least, out of it."""
    return attrgetter(*(name for name, one in types if one == kind))


@step
def change_places(columns: Any, came_from: Ints, room: NDArray[Any]) -> None:
    """Puts columns of one type, (n,), or (0,) where a year has none, in another order where they stand.

    All in one call: calling for each alone takes longer than going through it. ``room`` is (n,).
    """
    for k in range(len(columns)):
        column = columns[k]
        for i in range(column.size):
            room[i] = column[came_from[i]]
        for i in range(column.size):
            column[i] = room[i]


def by_row(table: Any, columns: tuple[Column, ...], layout: Layout) -> Any:
    """Output columns (..., n) by place as columns by row of the world."""
    return reordered(table, columns, layout.place)


def reordered(table: Any, columns: tuple[Column, ...], places: Ints) -> Any:
    """Output columns (..., n) in another order."""
    return type(table)(*(gathered(getattr(table, column.name), places) for column in columns))
