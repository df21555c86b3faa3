"""Accounts territory by territory: how a year lies in memory while it is played.

Accounts stand in rising order of key, so a territory is scattered over the columns; its rep goes through it every week.
Laid out, a territory's columns are short neighbouring stretches that stay in the processor's nearest memory.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.columns import blank_columns, gather_all, gathered, of_type
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
TYPES = {**dict.fromkeys(FLOATS, "f8"), **dict.fromkeys(INTS, "i8")}
_FLOATS, _INTS = (of_type(kind, TYPES.items()) for kind in ("f8", "i8"))


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
    _lie(owner, starts, np.empty_like(starts), rows, place, whose)
    came_from = rows if before is None else gathered(before.place, rows)
    made = blank_columns(TYPES, (n,))
    floats, ints = (tuple(made[name] for name in names) for names in (FLOATS, INTS))
    gather_all(_FLOATS(of), floats, _INTS(of), ints, came_from)
    for column in (*floats, *ints):
        column.setflags(write=False)  # not the leads: events change a copy, and compiled code takes both for one type
    lead = of.lead.take(came_from, axis=0)
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


def by_row(table: Any, columns: tuple[Column, ...], layout: Layout) -> Any:
    """Output columns (..., n) by place as columns by row of the world."""
    return reordered(table, columns, layout.place)


def reordered(table: Any, columns: tuple[Column, ...], places: Ints) -> Any:
    """Output columns (..., n) in another order."""
    return type(table)(*(gathered(getattr(table, column.name), places) for column in columns))
