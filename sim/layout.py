"""Accounts territory by territory: how a year lies in memory while it is played.

Accounts stand in rising order of key, so a territory is scattered over the columns; its rep goes through it every week.
Laid out, a territory's columns are short neighbouring stretches that stay in the processor's nearest memory.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.record import Column
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


@lru_cache(maxsize=4)
def lay_out(world: World, plan: Plan | None) -> Layout:
    """The territories of a plan, or with None today's, one after the other."""
    owner = world.current if plan is None else plan.owner
    rows = np.argsort(owner, kind="stable").astype(np.int64)
    place = np.empty_like(rows)
    place[rows] = np.arange(rows.size)
    starts = np.searchsorted(owner[rows], np.arange(world.reps.key.size + 1)).astype(np.uint64)
    columns: list[Any] = [column[rows] for column in world.accounts]
    accounts = Accounts(*columns)
    for name, column in accounts._asdict().items():
        column.setflags(write=name == "lead")  # events change it, in a copy: compiled code takes both for one type
    heard = np.take(place, world.neighbours[rows]) if world.neighbours.size else np.array(world.neighbours)
    return Layout(rows, place, starts, owner[rows], accounts, heard)


def by_row(table: Any, columns: tuple[Column, ...], layout: Layout) -> Any:
    """Output columns (..., n) by place as columns by row of the world."""
    return type(table)(*(getattr(table, column.name).take(layout.place, axis=-1) for column in columns))
