"""Two records of one plan held against each other, bit by bit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.record import Record
from sim.world import World

# Each table, who its last axis is, and whether it has weeks; what a week shows of the reps comes before its accounts.
TABLES = (
    ("goals", "rep", False),
    ("rep_week", "rep", True),
    ("account_week", "account", True),
    ("account_year", "account", False),
)


def first_difference(one: Record, other: Record, world: World) -> str:
    """Where two records first differ, as ``week 4, rep 12: calls 3 != 4``; empty where they do not.

    Weeks are counted from 1, reps and accounts are named by their keys. First comes what differs before week 1 (goals),
    then week by week reps before accounts, then what only the year shows. Where a record has more replications than
    one, the text begins with ``replication 3``.
    """
    if one.replications != other.replications:
        return f"replications {one.replications} != {other.replications}"
    keys = {"rep": world.reps.key, "account": world.accounts.key}
    found = []
    for order, (table, who, weekly) in enumerate(TABLES):
        left, right = getattr(one, table) or {}, getattr(other, table) or {}
        if list(left) != list(right):
            return f"{table}: columns {sorted(left)} != {sorted(right)}"
        for column, name in enumerate(left):
            a, b = left[name], right[name]
            if (a.dtype, a.shape) != (b.dtype, b.shape):
                return f"{table}.{name}: {a.dtype}{list(a.shape)} != {b.dtype}{list(b.shape)}"
            places = np.argwhere(bits(a) != bits(b))
            if not places.size:
                continue
            place = tuple(int(number) for number in places[0])
            week = place[1] if weekly else -1 if table == "goals" else 10**6
            when = f"week {week + 1}" if weekly else "before week 1" if table == "goals" else "year"
            which = f"replication {one.replications[place[0]]}, " if len(one.replications) > 1 else ""
            text = f"{which}{when}, {who} {keys[who][place[-1]]}: {name} {a[place]} != {b[place]}"
            found.append((place[0], week, order, place[-1], column, text))
    return min(found)[-1] if found else ""


def bits(column: NDArray[np.generic]) -> NDArray[np.generic]:
    """A column as whole numbers: not even 0.0 and -0.0 are the same."""
    return np.ascontiguousarray(column).view(f"i{column.dtype.itemsize}")
