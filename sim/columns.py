"""Columns in one piece of memory, and how many of them change their order in one call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.memory import keep
from sim.rule import loop, step
from sim.world import Ints

keep()


def blank_columns(types: Mapping[str, str], shape: tuple[int, ...]) -> dict[str, NDArray[Any]]:
    """Columns of zeros, ``shape`` each, by name; those of as many bytes a number lie in one piece of memory.

    A week goes through a hundred columns. Each in a place of its own, they are more pages than the processor knows
    the addresses of; of one large piece numpy asks for large pages, of which two or three hold all.
    """
    made: dict[str, NDArray[Any]] = {}
    for word, names, kinds in _by_size(tuple(types.items())):
        made |= _named(np.zeros((len(names), *shape), word), names, kinds)
    return made


def copied(types: Mapping[str, str], one: NDArray[Any], size: int) -> dict[str, NDArray[Any]]:
    """A copy of columns from `blank_columns`, (n,), all of as many bytes a number; ``one`` is any of them.

    Only the first ``size`` numbers of each are set.
    """
    ((word, names, kinds),) = _by_size(tuple(types.items()))
    whole = piece(one).view(word)
    made = np.empty_like(whole)
    made[:, :size] = whole[:, :size]
    return _named(made, names, kinds)


def piece(one: NDArray[Any]) -> NDArray[Any]:
    """The piece of memory, (k, n), in which `blank_columns` has put ``one`` and k - 1 others; as whole numbers."""
    whole = one.base
    assert whole is not None
    return whole.view(f"i{whole.itemsize}")


def _named(columns: NDArray[Any], names: list[str], kinds: list[np.dtype[Any]]) -> dict[str, NDArray[Any]]:
    word, named = columns.dtype, zip(names, kinds, columns, strict=True)
    return {name: column if kind == word else column.view(kind) for name, kind, column in named}


@cache
def _by_size(types: tuple[tuple[str, str], ...]) -> list[tuple[np.dtype[Any], list[str], list[np.dtype[Any]]]]:
    """Names and types of columns by the bytes of a number, each with the type that most of them have."""
    sizes: dict[int, list[tuple[str, np.dtype[Any]]]] = {}
    for name, kind in types:
        sizes.setdefault(np.dtype(kind).itemsize, []).append((name, np.dtype(kind)))
    found = []
    for columns in sizes.values():
        names, kinds = [name for name, _ in columns], [kind for _, kind in columns]
        found.append((max(kinds, key=kinds.count), names, kinds))
    return found


def of_type(kind: str, types: Iterable[tuple[str, str]]) -> Callable[[Any], tuple[NDArray[Any], ...]]:
    """From names and types of a table's columns: what takes those of one type, two at least, out of it."""
    return attrgetter(*(name for name, one in types if one == kind))


def gathered(column: NDArray[Any], rows: Ints) -> NDArray[Any]:
    """``column`` in another order, its last axis by ``rows`` (n,).

    As `numpy.take`, of whole columns several times as fast: who asks knows that all rows are there.
    """
    if column.ndim == 2:
        return np.array([gathered(row, rows) for row in column]).reshape(len(column), rows.size)
    made = np.empty(rows.size, column.dtype)
    _gather(column, rows, made)
    return made


@loop
def _gather(column: NDArray[Any], rows: Ints, made: NDArray[Any]) -> None:
    for i in range(rows.size):
        made[i] = column[rows[i]]


@loop
def gather_all(floats: Any, made_floats: Any, ints: Any, made_ints: Any, rows: Ints) -> None:
    """Columns of two types, (n,), or (0,) where a year has none, in another order.

    All in one call: calling for each alone takes longer than going through it.
    """
    for k in range(len(floats)):
        column, made = floats[k], made_floats[k]
        for i in range(rows.size if column.size else 0):
            made[i] = column[rows[i]]
    for k in range(len(ints)):
        whole, made_whole = ints[k], made_ints[k]
        for i in range(rows.size if whole.size else 0):
            made_whole[i] = whole[rows[i]]


@step
def change_places(columns: Any, came_from: Ints, room: NDArray[Any]) -> None:
    """Puts columns of one type, (n,), or (0,) where a year has none, in another order where they stand.

    All in one call, as above. ``room`` is (n,).
    """
    for k in range(len(columns)):
        column = columns[k]
        for i in range(column.size):
            room[i] = column[came_from[i]]
        for i in range(column.size):
            column[i] = room[i]
