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
from sim.rule import loop
from sim.world import Accounts, Ints, Plan, World


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


def laid(world: World, owner: Ints) -> Layout:
    """Territories by whose each account is, (n,)."""
    rows, place = np.empty_like(owner), np.empty_like(owner)
    starts = np.zeros(world.reps.key.size + 1, dtype=np.int64)
    _lie(owner, starts, np.empty_like(starts), rows, place)
    floats, ints = gathered_together(_FLOATS(world.accounts), rows), gathered_together(_INTS(world.accounts), rows)
    for columns in (floats, ints):
        columns.setflags(write=False)  # not the leads: events change a copy, and compiled code takes both for one type
    lead = world.accounts.lead.take(rows, axis=0)
    accounts = Accounts(lead=lead, **dict(zip(FLOATS, floats, strict=True)), **dict(zip(INTS, ints, strict=True)))
    heard = np.take(place, world.neighbours[rows]) if world.neighbours.size else np.array(world.neighbours)
    return Layout(rows, place, starts.astype(np.uint64), owner[rows], accounts, heard)


@loop
def _lie(owner: Ints, starts: Ints, next_place: Ints, rows: Ints, place: Ints) -> None:
    """Where each territory begins, (m + 1,), which row lies at each place, (n,), and where each row lies, (n,)."""
    for i in range(owner.size):
        starts[owner[i] + 1] += 1
    for j in range(1, starts.size):
        starts[j] += starts[j - 1]
    for j in range(starts.size):
        next_place[j] = starts[j]
    for i in range(owner.size):
        place[i] = next_place[owner[i]]
        rows[place[i]] = i
        next_place[owner[i]] += 1


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


def of_each_type(types: Iterable[tuple[str, str]]) -> list[Callable[[Any], Any]]:
    """From names and types of a table's columns: what takes those of one type out of it, as a tuple; two at least."""
    names: dict[str, list[str]] = {}
    for name, kind in types:
        names.setdefault(kind, []).append(name)
    return [attrgetter(*some) for some in names.values()]


def gathered_together(columns: tuple[NDArray[Any], ...], rows: Ints) -> NDArray[Any]:
    """Columns (n,) of one type in another order, (k, n): calling for each alone takes longer than gathering it."""
    made = np.empty((len(columns), rows.size), columns[0].dtype)
    _gather_together(columns, rows, made)
    return made


@loop
def _gather_together(columns: tuple[NDArray[Any], ...], rows: Ints, made: NDArray[Any]) -> None:
    for k in range(len(columns)):
        column = columns[k]
        for i in range(rows.size):
            made[k, i] = column[rows[i]]


def change_places(columns: tuple[NDArray[Any], ...], came_from: Ints) -> None:
    """Puts columns of one type, (n,), or (0,) where a year has none, in another order where they stand."""
    _change_places(columns, came_from, np.empty(came_from.size, columns[0].dtype))


@loop
def _change_places(columns: tuple[NDArray[Any], ...], came_from: Ints, room: NDArray[Any]) -> None:
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
