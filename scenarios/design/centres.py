"""Where territories centre when nobody's home says so: spread out first, then each in the middle of what it gets."""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np
from scipy.spatial import cKDTree

from scenarios.design.choosing import Ground
from scenarios.design.prices import dual
from scenarios.design.searching import at_prices
from sim.world import Floats, Ints

ROUNDS = 6
CIRCLES = 200  # steps to the middle of a circle
PULLS = 8  # steps of Weiszfeld's method


def free_centres(ground: Ground, stop_at: float = math.inf) -> Floats:
    """Centres (m, 2) km around which the request's units are near and within the limits.

    In turn: units go where the limits' prices send them, and each centre to the point with the least
    weighted distance to its units (Cooper's alternation). Who is beyond the longest way of all pulls at the nearest.
    """
    places = ground.request.places
    assert places is not None
    weight, m = ground.share, ground.request.territories
    centres = spread(places, weight, m)
    price = None
    for _ in range(ROUNDS):
        now = replace(ground, centres=centres)
        choices = now.choices(now.near())
        price = dual(choices, price, stop_at)
        owner = choices.near[np.arange(len(places)), at_prices(choices, price)]
        beyond = np.flatnonzero(owner < 0)  # out of everybody's reach so far: they pull at the nearest centre
        owner[beyond] = cKDTree(centres).query(places[beyond])[1]
        centres = middles(places, weight, owner, centres)
        if time.monotonic() > stop_at:
            break
    if ground.request.longest_km <= 0 or farthest(places, centres) <= ground.request.longest_km:
        return centres
    around = covering(places, m)
    return around if farthest(places, around) <= farthest(places, centres) else centres


def farthest(places: Floats, centres: Floats) -> float:
    """How far the farthest place is from the centre next to it."""
    return float(np.max(cKDTree(centres).query(places)[0]))


def covering(places: Floats, count: int) -> Floats:
    """Centres (count, 2) from which the farthest place is as near as could be found.

    Farthest first (Gonzalez 1985), then in turn: places go to the nearest centre, and each centre to the middle of
    the smallest circle around its places. Places 1, 2, 25 and 51 on a line and two centres: 13 and 51.
    """
    centres = spread(places, np.ones(len(places)), count)
    best = centres
    for _ in range(ROUNDS):
        owner = cKDTree(centres).query(places)[1]
        centres = np.array([_encircled(places[owner == j], centres[j]) for j in range(count)])
        best = min(best, centres, key=lambda one: farthest(places, one))
    return np.ascontiguousarray(best)


def _encircled(places: Floats, otherwise: Floats) -> Floats:
    """The middle of the smallest circle around places, by ever smaller steps to the farthest (Badoiu and Clarkson)."""
    middle = places.mean(axis=0) if len(places) else otherwise
    for step in range(2, 2 + CIRCLES if len(places) else 2):
        middle = middle + (places[int(np.square(places - middle).sum(axis=1).argmax())] - middle) / step
    return middle


def spread(places: Floats, weight: Floats, count: int) -> Floats:
    """Places spread over the land, (count, 2): each the one with most ``weight × distance²`` from those before it."""
    chosen = [int(np.argmax(weight))]
    away = np.square(places - places[chosen[0]]).sum(axis=1)
    for _ in range(count - 1):
        chosen.append(int(np.argmax(away * weight)))
        away = np.minimum(away, np.square(places - places[chosen[-1]]).sum(axis=1))
    return np.ascontiguousarray(places[chosen])


def middles(places: Floats, weight: Floats, owner: Ints, centres: Floats) -> Floats:
    """For each territory the point with the least weighted distance to its units; one without units stays."""
    m = len(centres)
    mass = np.bincount(owner, weights=weight, minlength=m)
    point = np.column_stack([np.bincount(owner, weights=weight * axis, minlength=m) for axis in places.T])
    point = np.where(mass[:, None] > 0, point / np.where(mass > 0, mass, 1.0)[:, None], centres)
    for _ in range(PULLS):
        away = np.sqrt(np.square(places - point[owner]).sum(axis=1))
        pull = weight / np.maximum(away, 1e-3)
        mass = np.bincount(owner, weights=pull, minlength=m)
        drawn = np.column_stack([np.bincount(owner, weights=pull * axis, minlength=m) for axis in places.T])
        point = np.where(mass[:, None] > 0, drawn / np.where(mass > 0, mass, 1.0)[:, None], point)
    return np.ascontiguousarray(point)
