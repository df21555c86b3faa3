"""The reps that live nearest to each account."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from scenarios.workload import places
from sim.world import Floats, Ints

SPARE = 4  # more are looked at than asked for, so that ties at the end are settled by row, too


def nearest_reps(accounts: pd.DataFrame, reps: pd.DataFrame, k: int) -> tuple[Ints, Floats]:
    """Rows of the ``k`` nearest reps of each account, nearest first, and how far they are in km: two (n, k) arrays.

    All reps where there are fewer; equally near reps stand in the order of their rows.
    """
    k = min(k, len(reps))
    looked = min(k + SPARE, len(reps))
    found = cKDTree(places(reps)).query(places(accounts), k=looked)
    km = np.asarray(found[0], dtype=np.float64).reshape(len(accounts), looked)
    row = np.asarray(found[1], dtype=np.int64).reshape(len(accounts), looked)
    order = np.lexsort((row, km), axis=-1)[:, :k]
    return np.take_along_axis(row, order, axis=1), np.take_along_axis(km, order, axis=1)
