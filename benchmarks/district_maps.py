"""Maps of units that can be divided as asked: a division is planted and the units are fitted to it.

Units lie at random on a square of 100 km, neighbours are those of the Gabriel graph. Territories grow from random
seeds, always the lightest one next; then each metric is scaled territory by territory until they are balanced.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import Delaunay, distance_matrix

from scenarios.design.districts import connected, outside
from sim.world import Floats, Ints

TOLERANCE = 0.05
RANGES = ((4, 20), (15, 400), (15, 100))  # of the three metrics, uniform, before they are fitted


@dataclass(frozen=True)
class DistrictMap:
    """One map to divide, with a division that is known to be allowed."""

    name: str
    territories: int
    size: Floats  # (n, 3)
    distance: Floats  # (n, n) km
    starts: Ints
    ends: Ints
    planted: Ints  # (n,)


def district_map(n: int, territories: int, seed: int) -> DistrictMap:
    """The map of n units with this seed; tries again until the planted division is balanced."""
    luck = np.random.default_rng(seed)
    while True:
        place = luck.uniform(0, 100, (n, 2))
        distance = distance_matrix(place, place)
        starts, ends = gabriel(place, distance)
        size = np.column_stack([luck.uniform(low, high, n) for low, high in RANGES])
        planted = grown(luck, size, starts, ends, territories)
        count = np.bincount(planted, minlength=territories)
        if count.max() > 2 * count.min():
            continue
        load = np.array([size[planted == j].sum(axis=0) for j in range(territories)])
        goal = 1 + luck.uniform(-0.9 * TOLERANCE, 0.9 * TOLERANCE, load.shape)
        size *= (goal * load.mean(axis=0) / load)[planted]
        if outside(planted, size, territories) <= TOLERANCE and connected(planted, starts, ends):
            name = f"{n} units, {territories} territories, seed {seed}"
            return DistrictMap(name, territories, size, distance, starts, ends, planted)


def gabriel(place: Floats, distance: Floats) -> tuple[Ints, Ints]:
    """Neighbours, as starts (n + 1,) and ends: two units with no third inside the circle that has them as diameter."""
    corners = Delaunay(place).simplices
    pairs = np.unique(np.sort(np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1), axis=0)
    square = distance**2
    a, b = pairs.T
    third = square[a] + square[b]
    third[np.arange(len(a)), a] = third[np.arange(len(a)), b] = np.inf
    pairs = pairs[third.min(axis=1) >= square[a, b]]
    both = np.vstack([pairs, pairs[:, ::-1]])
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    starts = np.searchsorted(both[:, 0], np.arange(len(place) + 1))
    return starts.astype(np.int64), both[:, 1].astype(np.int64)


def grown(luck: np.random.Generator, size: Floats, starts: Ints, ends: Ints, territories: int) -> Ints:
    """A connected division from random seeds: the lightest territory that can takes a random neighbour."""
    owner = np.full(len(size), -1)
    owner[luck.choice(len(size), territories, replace=False)] = np.arange(territories)
    weight = (size / size.sum(axis=0)).sum(axis=1)
    while (owner < 0).any():
        load = np.bincount(owner[owner >= 0], weights=weight[owner >= 0], minlength=territories)
        for j in load.argsort():
            free = [v for u in np.flatnonzero(owner == j) for v in ends[starts[u] : starts[u + 1]] if owner[v] < 0]
            if free:
                owner[luck.choice(free)] = j
                break
    return owner.astype(np.int64)
