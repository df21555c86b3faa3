"""Where one territory ends and the next begins, as lines between accounts that lie next to each other."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import QhullError, Voronoi, cKDTree

AROUND = 7  # places that say together whose the land is, so that a single account far from home draws no ring
LAND = 0.7  # of the places their own rep must have the land around; less is not a matter of where
REACH = 0.035  # of the longer side: no border runs through land farther from an account, unless accounts are few

Lines = NDArray[np.float64]


def borders(frame: pd.DataFrame) -> Lines:
    """Lines (k, 2 ends, 2) between territories of accounts (x_km, y_km, rep); none where reps don't go by land.

    Each line is the stretch half way between two places whose land belongs to different reps. Whose it is, most of the
    seven nearest places say; a place belongs to the rep with most accounts in it.
    """
    nothing = np.empty((0, 2, 2))
    codes, found = pd.factorize(frame["rep"], sort=True)
    owners = len(found)
    places, which = np.unique(frame[["x_km", "y_km"]].to_numpy(dtype=float), axis=0, return_inverse=True)
    if len(places) < AROUND or owners < 2:
        return nothing
    held = np.zeros((len(places), owners))
    np.add.at(held, (which.ravel(), codes), 1.0)
    own = held.argmax(axis=1)
    near = cKDTree(places).query(places, AROUND)[1]
    votes = np.zeros((len(places), owners))
    for one in np.asarray(near).T:
        votes[np.arange(len(places)), own[one]] += 1.0
    votes[np.arange(len(places)), own] += 0.5
    land = votes.argmax(axis=1)
    if (land == own).mean() < LAND:
        return nothing
    try:
        cells = Voronoi(places)
    except QhullError:  # all on one line
        return nothing
    pairs, ends = cells.ridge_points, np.array(cells.ridge_vertices)
    drawn = (land[pairs[:, 0]] != land[pairs[:, 1]]) & (ends >= 0).all(axis=1)
    sides = np.ptp(places, axis=0)
    reach = max(REACH * float(sides.max()), float(np.sqrt(sides.prod() / len(places))))
    return _within_reach(cells.vertices[ends[drawn]], places[pairs[drawn]], reach)


def _within_reach(lines: Lines, pairs: Lines, reach: float) -> Lines:
    """What of each line lies within reach of the two places that it parts, (k, 2, 2) all."""
    middle = pairs.mean(axis=1)
    apart = np.hypot(*(pairs[:, 0] - middle).T)
    most = np.sqrt(np.maximum(reach**2 - apart**2, 0.0))  # along the line, from the middle of the two places
    along = (lines[:, 1] - lines[:, 0]) / np.maximum(np.hypot(*(lines[:, 1] - lines[:, 0]).T), 1e-12)[:, None]
    at = ((lines - middle[:, None]) * along[:, None]).sum(axis=2)
    cut = np.clip(at, -most[:, None], most[:, None])
    kept = cut[:, 1] - cut[:, 0] > 1e-9
    return np.asarray((middle[:, None] + cut[:, :, None] * along[:, None])[kept])
