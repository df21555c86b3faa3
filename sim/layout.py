"""Accounts territory by territory: how a year lies in memory while it is played.

Accounts stand in rising order of key, so a territory is scattered over the columns; its rep goes through it every week.
Laid out, a territory's columns are short neighbouring stretches that stay in the processor's nearest memory. Where
reviews will move accounts, each territory has room to spare at its end (`sim.moving`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.columns import blank_columns, copied, gather_all, gathered, of_type
from sim.record import Column
from sim.rule import loop, step
from sim.world import Accounts, Floats, Ints, Plan, World

Places = NDArray[np.uint64]


class Layout(NamedTuple):
    """Where each account stands while a plan is played; inside a territory by key, until a review moves accounts.

    Of p places, p >= n; what stands at one to spare means nothing. ``starts`` and ``ends`` have no sign: row numbers
    that can't be negative let a compiled loop take eight accounts at once.
    """

    rows: Ints  # (p,) row in the world of the account at each place; any row at one to spare
    place: Ints  # (n,) place of each row
    starts: Places  # (m + 1,) where each rep's territory begins, then the places that no territory has
    ends: Places  # (m,) the place after a territory's last account
    limits: Places  # (m,) and after its last place to spare
    owner: Ints  # (p,) whose territory, or room of it, each place is in; 0 beyond all
    accounts: Accounts  # the world's, by place
    neighbours: Ints  # (p, 4) places of the accounts that each place hears from; (0, 4) where nobody listens


INTS = ("key", "region", "industry", "area", "product", "priority")
FLOATS = tuple(name for name in Accounts._fields if name not in (*INTS, "lead"))
TYPES = {**dict.fromkeys(FLOATS, "f8"), **dict.fromkeys(INTS, "i8")}
_FLOATS, _INTS = (of_type(kind, TYPES.items()) for kind in ("f8", "i8"))
SPARE = 8  # one place to spare for so many accounts of a territory,
AT_LEAST = 4  # and so many more;
OUTSIDE = 4  # one for so many of all accounts, for territories that outgrow their room


@lru_cache(maxsize=4)
def lay_out(world: World, plan: Plan | None, spare: bool = False) -> Layout:
    """The territories of a plan, or with None today's, one after the other; ``spare``: with room between them."""
    return laid(world, world.current if plan is None else plan.owner, None, spare)


def laid(world: World, owner: Ints, before: Layout | None = None, spare: bool = False) -> Layout:
    """Territories by whose each account is, (n,); its columns are those of ``before``, which is nearer than the world.

    Nearer to the processor: a year has gone through them, and most accounts lie beside the same ones again.
    """
    n, m = len(owner), world.reps.key.size
    starts, (ends, limits) = np.zeros(m + 1, dtype=np.uint64), np.empty((2, m), dtype=np.uint64)
    of = world.accounts if before is None else before.accounts
    places = n + (n // SPARE + AT_LEAST * m + n // OUTSIDE) * spare
    (rows, whose), place = np.zeros((2, places), dtype=np.int64), np.empty(n, dtype=np.int64)
    _lie(owner, spare, starts, ends, limits, rows, place, whose)
    taken = rows[: starts[-1]]
    came_from = taken if before is None else gathered(before.place, taken)
    made = blank_columns(TYPES, (places,))
    floats, ints = (tuple(made[name] for name in names) for names in (FLOATS, INTS))
    gather_all(_FLOATS(of), floats, _INTS(of), ints, came_from)
    _freeze(made)
    lead = leads(of.lead, came_from, places)
    heard = np.take(place, world.neighbours[rows]) if world.neighbours.size else np.array(world.neighbours)
    accounts = Accounts(lead=lead, **made)
    return Layout(rows, place, starts, ends, limits, whose, accounts, heard)


def leads(before: Floats, came_from: Ints, places: int) -> Floats:
    """Leads, (p, 5), of the accounts that stood at ``came_from``; the places after these are to spare."""
    made = np.empty((places, before.shape[1]))
    np.take(before, came_from, axis=0, out=made[: came_from.size], mode="clip")
    return made


def _freeze(columns: dict[str, NDArray[Any]]) -> None:
    """Not the leads: events change a copy, and compiled code takes both for one type."""
    for column in columns.values():
        column.setflags(write=False)


def own(layout: Layout) -> Layout:
    """A copy of one year's own, in which reviews may move accounts."""
    taken = layout.starts[-1]
    made, lead = copied(TYPES, layout.accounts.key, taken), np.empty_like(layout.accounts.lead)
    lead[:taken] = layout.accounts.lead[:taken]
    _freeze(made)
    return layout._replace(
        rows=layout.rows.copy(),
        place=layout.place.copy(),
        starts=layout.starts.copy(),
        ends=layout.ends.copy(),
        limits=layout.limits.copy(),
        owner=layout.owner.copy(),
        accounts=Accounts(lead=lead, **made),
        neighbours=layout.neighbours.copy(),
    )


@loop
def _lie(
    owner: Ints, spare: bool, starts: Places, ends: Places, limits: Places, rows: Ints, place: Ints, whose: Ints
) -> None:  # fmt: skip
    """Fills a `Layout`; ``starts`` has zeros."""
    for i in range(owner.size):
        starts[owner[i] + 1] += np.uint64(1)
    for j in range(ends.size):
        size: int = np.int64(starts[j + 1])  # type: ignore[assignment]
        ends[j] = starts[j]
        starts[j + 1] = limits[j] = starts[j] + np.uint64(with_room(size) if spare else size)
        for p in range(starts[j], limits[j]):
            whose[p] = j
    for i in range(owner.size):
        p = ends[owner[i]]
        place[i], rows[p] = p, i
        ends[owner[i]] += np.uint64(1)


@step
def with_room(accounts: int) -> int:
    """Places for a territory of so many accounts, some to spare."""
    return accounts + accounts // SPARE + AT_LEAST


def by_row(table: Any, columns: tuple[Column, ...], layout: Layout) -> Any:
    """Output columns (..., n) by place as columns by row of the world."""
    return reordered(table, columns, layout.place)


def reordered(table: Any, columns: tuple[Column, ...], places: Ints) -> Any:
    """Output columns (..., n) in another order."""
    return type(table)(*(gathered(getattr(table, column.name), places) for column in columns))
