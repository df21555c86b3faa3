"""Who hears from whom: each account from the nearest ones of its own industry."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from scenarios.market import Market
from scenarios.workload import places
from sim.behaviour import Behaviour
from sim.world import NEIGHBOURS, Floats, Ints

SPARE = 4  # more places are looked at than asked for, so that ties at the end are settled by row, too
AT_ONCE = 100_000  # places that are sorted together: bounds the memory of a million accounts


def heard(market: Market, behaviour: Behaviour) -> Ints:
    """The accounts that each one hears from, as rows, nearest first: (n, 4); no rows where nobody listens.

    The nearest of its industry, equally near ones in order of key; where the industry has fewer, the nearest of the
    others; where the market has fewer than five accounts, the same again. Without places: by the order of keys.
    """
    n = len(market.accounts)
    if (behaviour.referral <= 0.0 and behaviour.review <= 0.0) or n < 2:
        return np.zeros((0, NEIGHBOURS), dtype=np.int64)
    where = places(market.accounts) if market.has_places else np.outer(np.arange(n), [1.0, 0.0])
    found = np.empty((n, NEIGHBOURS), dtype=np.int64)
    industry = pd.factorize(market.accounts["industry"])[0]
    rows = np.argsort(industry, kind="stable")
    for mine in np.split(rows, np.flatnonzero(np.diff(industry[rows])) + 1):
        if mine.size > NEIGHBOURS:
            found[mine] = mine[_nearest(where[mine])]
        else:
            for row in mine:
                found[row] = _with_others(where, row, mine)
    return found


def _nearest(where: Floats) -> Ints:
    """Rows of the four nearest others of each row of ``where`` (n, 2), n > 4; equally near ones in order of row.

    Rows at one place are looked up once, and stand for the place with their first five.
    """
    wanted = NEIGHBOURS + 1  # itself is among them
    spots, first, spot, count = np.unique(
        where[:, 0] + 1j * where[:, 1], return_index=True, return_inverse=True, return_counts=True
    )
    inside = np.argsort(spot, kind="stable")
    begins = np.cumsum(count) - count
    nth = np.arange(min(wanted, int(count.max())))
    there = nth < count[:, np.newaxis]  # (spots, nth)
    members = inside[np.where(there, begins[:, np.newaxis] + nth, begins[:, np.newaxis])]
    corner = where[first]
    looked = min(wanted + SPARE, spots.size)
    tree = cKDTree(corner)
    nearest = np.empty((spots.size, wanted), dtype=np.int64)
    for start in range(0, spots.size, AT_ONCE):
        some = slice(start, start + AT_ONCE)
        away, near = (np.asarray(part).reshape(-1, looked) for part in tree.query(corner[some], k=looked))
        km = np.where(there[near], away[:, :, np.newaxis], np.inf).reshape(len(near), -1)
        nearest[some] = _first(km, members[near].reshape(len(near), -1), wanted)
    mine = nearest[spot]
    itself = mine == np.arange(len(where))[:, np.newaxis]
    itself[~itself.any(axis=1), -1] = True  # where many share a place, a row may not be among its own first five
    others: Ints = mine[~itself].reshape(len(where), NEIGHBOURS)
    return others


def _first(km: Floats, row: Ints, wanted: int) -> Ints:
    order = np.lexsort((row, km), axis=-1)[:, :wanted]
    return np.take_along_axis(row, order, axis=1)


def _with_others(where: Floats, row: int, mine: NDArray[np.int64]) -> Ints:
    """The four that one row hears from where its industry, ``mine``, has no four others."""
    strangers = np.ones(len(where), dtype=np.bool_)
    strangers[mine] = False
    km = np.hypot(where[:, 0] - where[row, 0], where[:, 1] - where[row, 1])
    order = np.lexsort((np.arange(len(where)), km, strangers))
    return np.resize(order[order != row], NEIGHBOURS)
