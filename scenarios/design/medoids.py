"""Whole territories with free centres, by redrawing borders: each is as far as its units are from its own middle one.

A centre on the open map is no place that anybody is at; a territory in one piece with no home centres on the one of
its units that is nearest to all the others (its medoid). That is the distance counted here. Nothing is proven about it.
"""

from __future__ import annotations

import math

import numpy as np

from scenarios.design.borders import Links, pieces
from scenarios.design.choosing import Ground
from scenarios.design.districts import PROPOSALS, ROUNDING, compactness, redrawn
from scenarios.design.redrawing import Land
from sim.world import Floats, Ints

MOST_UNITS = 1_000
METRICS = 3  # from so many limited ones on all proposals are made
FEW_UNITS = 200  # up to here all proposals are made; above, they take longer and are fewer


def suits(ground: Ground, links: Links | None) -> bool:
    """Whether borders can be redrawn under these rules: whole territories, free centres, only limits and locks."""
    request = ground.request
    if links is None or request.places is None or request.homes is not None or request.aim != "distance":
        return False
    if request.capacity or request.leaves:
        return False  # limits of single territories need to know which is whose
    if request.units > MOST_UNITS or request.longest_km > 0 or request.moved or ground.limit.floats.any():
        return False
    near = ground.near()
    if near.shape[1] < request.territories:
        return False
    free = (near >= 0).sum(axis=1)
    stays = locked(ground)
    plain = np.array_equal(ground.choices(near).cost, ground.share[:, None] * ground.km(near))
    return plain and bool((free[~stays] == request.territories).all())


def locked(ground: Ground) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Units that stay where they are today, (n,)."""
    request = ground.request
    none = np.zeros(request.units, dtype=np.bool_)
    return none if request.locked is None else request.locked & (request.today >= 0)


def around_medoids(ground: Ground, links: Links, start: Ints | None, stop_at: float = math.inf) -> Ints:
    """The owner (n,) of least distance found; ``start`` (n,), found another way, stands where it is better.

    Borders are redrawn from scratch, or from the start where units are locked: their territories are given.
    """
    request, stays = ground.request, locked(ground)
    assert request.places is not None
    distance: Floats = np.sqrt(np.square(request.places[:, None] - request.places[None]).sum(axis=2))
    size = np.ascontiguousarray(ground.choices(ground.near()).load[:, 0, :])
    shape = (request.territories, 1)
    land = Land(
        size, np.ascontiguousarray((distance * ground.share[:, None]).T), *links,
        np.tile(ground.limit.low[0] + ROUNDING, shape), np.tile(ground.limit.high[0] - ROUNDING, shape), stays,
    )  # fmt: skip
    if start is not None and stays.any() and pieces(start, links)[1] > request.territories:
        return start
    hard = min(1.0, size.shape[1] / METRICS) ** 2  # one metric is even soon
    proposals = int(PROPOSALS * hard * min(1.0, (FEW_UNITS / request.units) ** 0.5))
    begin = start if stays.any() else None
    found = redrawn(land, distance, begin, request.territories, request.seed, proposals, stop_at)
    both = [found] if start is None else [found, start]
    return min(both, key=lambda one: (_out(one, land, links, request.territories), around(one, ground)))


def around(owner: Ints, ground: Ground) -> float:
    """Weight times km of all units to the medoids of their territories, in shares of a mean territory's weight."""
    places = ground.request.places
    assert places is not None
    total = 0.0
    for j in np.unique(owner):
        mine = places[owner == j]
        distance = np.sqrt(np.square(mine[:, None] - mine[None]).sum(axis=2))
        total += compactness(np.zeros(len(mine), dtype=np.int64), distance, ground.share[owner == j])
    return total


def _out(owner: Ints, land: Land, links: Links, territories: int) -> float:
    """How far outside its limits the farthest territory is; in more pieces than territories, a territory for each."""
    load = np.zeros((territories, land.size.shape[1]))
    np.add.at(load, owner, land.size)
    out = float(np.maximum(load - land.high, land.low - load).max(initial=0.0))
    return max(out, 1e-6) + max(pieces(owner, links)[1] - territories, 0)
