"""Where territories centre when nobody's home says so: spread out first, then each in the middle of what it gets."""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np

from scenarios.design.choosing import Ground
from scenarios.design.prices import dual
from scenarios.design.searching import at_prices
from sim.world import Floats, Ints

ROUNDS = 6
PULLS = 8  # steps of Weiszfeld's method


def free_centres(ground: Ground, stop_at: float = math.inf) -> Floats:
    """Centres (m, 2) km around which the request's units are near and within the limits.

    In turn: units go where the limits' prices send them, and each centre to the point with the least
    weighted distance to its units (Cooper's alternation).
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
        centres = middles(places, weight, owner, centres)
        if time.monotonic() > stop_at:
            break
    return centres


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
