"""Today's territories of a generated market: grown, not drawn, and out of balance as most are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenarios.generator.accounts import pick
from scenarios.neighbours import nearest_reps
from scenarios.workload import workloads
from sim.behaviour import Behaviour
from sim.draws import DRAW, column
from sim.world import Floats, Ints

REDRAWN = 0.25
PASSED_ON = 0.10
NEAR_REPS = 4
BAND = 0.15
OUTSIDE = (0.5, 0.6)  # share of territories outside the band; "more than half" is what surveys of sales forces find
MOST_SPREAD = 0.25  # CV; where 55 % of a bell-shaped spread are outside 0.15, its standard deviation is 0.15 / 0.598
LARGEST = 1.5  # times the mean: two of its standard deviations, as the largest of twenty is
NEAR_ENOUGH = 0.04  # beyond these together, after the first tries: a CV of 0.29 is that of 60 % outside
TRIES = 24


def status_quo(accounts: pd.DataFrame, reps: pd.DataFrame, seed: int, behaviour: Behaviour) -> Ints:
    """Today's rep of each account, as a row of ``reps``: shape (n,).

    Each account belongs to the nearest rep, then a quarter of them is drawn again among the four nearest, in inverse
    proportion to the work that these have: whoever has time gets more of what changes hands. So until 50 to 60 % of
    territories are more than 15 % off the mean workload, and loads no more spread than that share means where they are
    bell-shaped. Where `TRIES` draws do not nearly bring that, in as many more rounds reps who have too much pass on a
    tenth of what they had when it came nearest so far. A quarter drawn again and again would shred the map.
    """
    key = accounts["key"].to_numpy()
    near, _ = nearest_reps(accounts, reps, NEAR_REPS)
    rows = np.arange(len(near))
    home: Ints = near[:, 0]
    best, least = home, np.inf
    for turn in range(2 * TRIES):
        before = home if turn < TRIES else best
        load = np.maximum(workloads(accounts, reps, before, behaviour, travel=True), 1e-9)
        again, has_time = column(seed, DRAW, 1, key, index=turn) < REDRAWN, 1.0 / load[near]
        if turn >= TRIES:
            has_time = np.where(load[near] < load.mean(), has_time, 0.0)
            again = (column(seed, DRAW, 1, key, index=turn) < PASSED_ON) & (load[before] > load.mean())
            again &= has_time.any(axis=1)
        choice = pick(np.where(again[:, None], has_time, 1.0), column(seed, DRAW, 2, key, index=turn))
        owner = np.where(again, near[rows, choice], before)
        miss = _miss(workloads(accounts, reps, owner, behaviour, travel=True))
        if miss < least:
            best, least = owner, miss
        if least == 0.0 or (turn + 1 == TRIES and least <= NEAR_ENOUGH):
            break
    return best


def _miss(load: Floats) -> float:
    """How far workloads (m,) are from what is looked for: too few or many outside the band, or too spread."""
    outside, spread, largest = share_outside(load, BAND), load.std() / load.mean(), load.max() / load.mean()
    far = max(0.0, float(spread) - MOST_SPREAD) + max(0.0, float(largest) - LARGEST)
    return max(OUTSIDE[0] - outside, outside - OUTSIDE[1], 0.0) + far


def share_outside(load: Floats, band: float) -> float:
    """Share of territories whose workload is more than ``band`` away from the mean.

    >>> share_outside(np.array([80.0, 100.0, 120.0, 100.0]), 0.15)
    0.5
    """
    return float(np.mean(np.abs(load / load.mean() - 1.0) > band))
