"""Which colour each territory gets on a map: neighbours, and neighbours of neighbours, differ."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import Delaunay, QhullError

BORDER = 0.05  # a neighbour is one that holds more than 5 % of a territory's border


def neighbours(places: NDArray[np.float64], owner: NDArray[np.int64], count: int) -> NDArray[np.bool_]:
    """(count, count) whether two territories touch, by the Delaunay neighbours of their accounts (n, 2)."""
    places, first = np.unique(places, axis=0, return_index=True)
    owner = owner[first]
    if len(places) < 4:
        return ~np.eye(count, dtype=np.bool_)
    try:
        corners = Delaunay(places).simplices
    except QhullError:  # all on one line
        return ~np.eye(count, dtype=np.bool_)
    pairs = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    shared = np.zeros((count, count))
    np.add.at(shared, (owner[pairs[:, 0]], owner[pairs[:, 1]]), 1.0)
    shared += shared.T
    np.fill_diagonal(shared, 0.0)
    border = np.maximum(shared.sum(axis=1, keepdims=True), 1.0)
    touches = np.asarray(shared / border > BORDER)
    return np.asarray(touches | touches.T, dtype=np.bool_)


def spread(touches: NDArray[np.bool_], colours: int) -> NDArray[np.int64]:
    """A colour for each territory, most hemmed-in first; where colours run short, touching ones differ if they can."""
    count = len(touches)
    near = touches.astype(int)
    second = ((near @ near) > 0) & ~touches & ~np.eye(count, dtype=np.bool_)
    chosen = np.full(count, -1, dtype=np.int64)
    order = np.lexsort((np.arange(count), -touches.sum(axis=1)))
    for territory in order:
        cost = np.zeros(colours)
        for weight, others in ((1_000.0, touches[territory]), (10.0, second[territory])):
            taken = chosen[others]
            np.add.at(cost, taken[taken >= 0], weight)
        np.add.at(cost, chosen[chosen >= 0], 0.01)
        chosen[territory] = int(np.argmin(cost))
    return chosen


def colours_of_reps(plans: list[pd.DataFrame], reps: list[str], colours: int) -> dict[str, int]:
    """One colour a rep for all the plans' accounts (x_km, y_km, rep), so that it stays the same from map to map."""
    touches = np.zeros((len(reps), len(reps)), dtype=np.bool_)
    place = {rep: at for at, rep in enumerate(reps)}
    for accounts in plans:
        owner = np.array([place[rep] for rep in accounts["rep"].astype(str)], dtype=np.int64)
        touches |= neighbours(accounts[["x_km", "y_km"]].to_numpy(dtype=float), owner, len(reps))
    return {rep: int(c) for rep, c in zip(reps, spread(touches, colours), strict=True)}
