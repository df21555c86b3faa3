"""A plain annealing for a map of units, written apart from ours, to hold it against.

Single units go to a neighbouring territory, by the rule of Metropolis, geometric cooling over the seconds given. What
lies outside the band costs a fixed penalty; the cheapest plan within the band is kept.
"""

from __future__ import annotations

import time

import numpy as np
from numba import njit

from benchmarks.district_maps import DistrictMap
from sim.world import Floats, Ints

HOT, COLD = 1.0, 0.01  # temperatures at the start and at the end, in mean distances of a unit to its medoid
PENALTY = 2.0  # mean cost of a territory for each 100 % of a mean load outside the band
CHUNK = 200_000  # proposals between two looks at the clock


def annealed(given: DistrictMap, tolerance: float, seconds: float, seed: int) -> tuple[float, int]:
    """The least cost found within the band (infinite where none was) and the proposals that were made."""
    p, n = given.territories, len(given.size)
    share = given.size * (p / given.size.sum(axis=0))
    owner = spread(given)
    best = np.array([np.inf])
    unit = start_cost(owner, given.distance, p) / n
    begun, made = time.process_time(), 0
    while (gone := (time.process_time() - begun) / seconds) < 1:
        heat = unit * HOT * (COLD / HOT) ** gone
        walk(owner, share, given.distance, given.starts, given.ends, p, tolerance - 1e-9, heat, PENALTY * unit * n / p,
             CHUNK, seed + made, best)  # fmt: skip
        made += CHUNK
    return float(best[0]), made


def spread(given: DistrictMap) -> Ints:
    """A connected start: seeds far apart, territories grow in turn to neighbouring units."""
    seeds = [0]
    while len(seeds) < given.territories:
        seeds.append(int(given.distance[seeds].min(axis=0).argmax()))
    owner = np.full(len(given.size), -1)
    owner[seeds] = np.arange(given.territories)
    while (owner < 0).any():
        for j in range(given.territories):
            for u in np.flatnonzero(owner == j):
                free = [v for v in given.ends[given.starts[u] : given.starts[u + 1]] if owner[v] < 0]
                if free:
                    owner[free[0]] = j
                    break
    return owner.astype(np.int64)


def start_cost(owner: Ints, distance: Floats, p: int) -> float:
    return float(sum(distance[np.ix_(owner == j, owner == j)].sum(axis=0).min() for j in range(p)))


@njit(cache=True, error_model="numpy", nogil=True)
def whole_without(owner, starts, ends, u):  # type: ignore[no-untyped-def]
    """Whether the territory of u is connected and not empty when u has left it: a search through all of it."""
    n = owner.size
    seen = np.zeros(n, dtype=np.bool_)
    queue = np.empty(n, dtype=np.int64)
    total, first = 0, -1
    for i in range(n):
        if owner[i] == owner[u] and i != u:
            total += 1
            first = i
    if total == 0:
        return False
    queue[0] = first
    seen[first] = True
    head, tail = 0, 1
    while head < tail:
        i = queue[head]
        head += 1
        for e in range(starts[i], starts[i + 1]):
            v = ends[e]
            if owner[v] == owner[u] and v != u and not seen[v]:
                seen[v] = True
                queue[tail] = v
                tail += 1
    return tail == total


@njit(cache=True, error_model="numpy", nogil=True)
def walk(owner, share, distance, starts, ends, p, band, heat, penalty, steps, seed, best):  # type: ignore[no-untyped-def]
    """``steps`` proposals at one temperature; changes ``owner`` and, where a cheaper allowed plan is met, ``best``."""
    np.random.seed(seed)  # noqa: NPY002
    n, k = share.shape
    load = np.zeros((p, k))
    to = np.zeros((p, n))  # distance of all units of a territory to each unit
    for u in range(n):
        load[owner[u]] += share[u]
        to[owner[u]] += distance[u]
    cost = np.full(p, np.inf)
    for u in range(n):
        cost[owner[u]] = min(cost[owner[u]], to[owner[u], u])
    for _ in range(steps):
        u = np.random.randint(n)  # noqa: NPY002
        v = ends[starts[u] + np.random.randint(starts[u + 1] - starts[u])]  # noqa: NPY002
        a, b = owner[u], owner[v]
        if a == b:
            continue
        change = 0.0
        for m in range(k):
            change -= max(abs(load[a, m] - 1) - band, 0.0) + max(abs(load[b, m] - 1) - band, 0.0)
            change += max(abs(load[a, m] - share[u, m] - 1) - band, 0.0)
            change += max(abs(load[b, m] + share[u, m] - 1) - band, 0.0)
        cost_a, cost_b = np.inf, to[b, u]
        for i in range(n):
            if owner[i] == a and i != u:
                cost_a = min(cost_a, to[a, i] - distance[u, i])
            elif owner[i] == b:
                cost_b = min(cost_b, to[b, i] + distance[u, i])
        change = penalty * change + cost_a - cost[a] + cost_b - cost[b]
        if change > 0 and np.random.random() >= np.exp(-change / heat):  # noqa: NPY002
            continue
        if not whole_without(owner, starts, ends, u):
            continue
        owner[u] = b
        load[a] -= share[u]
        load[b] += share[u]
        to[a] -= distance[u]
        to[b] += distance[u]
        cost[a], cost[b] = cost_a, cost_b
        if np.abs(load - 1).max() <= band:
            best[0] = min(best[0], cost.sum())
