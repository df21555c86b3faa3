"""Today's territories of a generated market: grown, not drawn, and out of balance as most are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenarios.neighbours import nearest_reps
from scenarios.workload import workloads
from sim.behaviour import Behaviour
from sim.draws import DRAW, column
from sim.world import Floats, Ints

REDRAWN = 0.25
NEAR_REPS = 4
BAND = 0.15
OUTSIDE = (0.5, 0.6)  # share of territories outside the band; "more than half" is what surveys of sales forces find
TRIES = 12


def status_quo(accounts: pd.DataFrame, reps: pd.DataFrame, seed: int, behaviour: Behaviour) -> Ints:
    """Today's rep of each account, as a row of ``reps``: shape (n,).

    Each account belongs to the nearest rep, then a quarter of them is drawn again among the four nearest, until 50 to
    60 % of territories have a workload more than 15 % off the mean. Where `TRIES` draws do not bring that, as many
    more each redraw a quarter of what came nearest so far, which evens loads out; with few reps it stays the nearest.
    """
    key = accounts["key"].to_numpy()
    near, _ = nearest_reps(accounts, reps, NEAR_REPS)
    best: Ints = near[:, 0]
    rows = np.arange(len(near))
    least = np.inf
    for turn in range(2 * TRIES):
        again = column(seed, DRAW, 1, key, index=turn) < REDRAWN
        choice = (column(seed, DRAW, 2, key, index=turn) * near.shape[1]).astype(np.int64)
        owner = np.where(again, near[rows, choice], near[:, 0] if turn < TRIES else best)
        outside = share_outside(workloads(accounts, reps, owner, behaviour, travel=True), BAND)
        miss = max(OUTSIDE[0] - outside, outside - OUTSIDE[1], 0.0)
        if miss < least:
            best, least = owner, miss
        if least == 0.0:
            break
    return best


def share_outside(load: Floats, band: float) -> float:
    """Share of territories whose workload is more than ``band`` away from the mean.

    >>> share_outside(np.array([80.0, 100.0, 120.0, 100.0]), 0.15)
    0.5
    """
    return float(np.mean(np.abs(load / load.mean() - 1.0) > band))
