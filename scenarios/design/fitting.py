"""Who may have which unit: the nearest of those that fit, and what can be said of it before anything is drawn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from scenarios.design.limits import Limits, round_up
from scenarios.design.request import Request
from sim.world import Floats, Ints

NEAREST = 8  # of those that fit, and of those that fit without a price, are looked at beside the nearest of all
MOST_KINDS = 400  # of accounts, by who may have them: above, only the search tells what can't be
NAMED = 4


def kinds(mask: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """The first row of each kind of unit, and the number of each unit's kind, (n,), where equal rows are one kind.

    >>> [one.tolist() for one in kinds(np.array([[True, False], [True, True], [True, False]]))]
    [[0, 1], [0, 1, 0]]
    """
    packed = np.packbits(mask, axis=1)
    _, first, kind = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    return first.astype(np.int64), kind.reshape(-1).astype(np.int64)


def nearest_fitting(near: Ints, request: Request, centres: Floats) -> Ints:
    """The territories in ``near`` (n, c), and the nearest others that fit, -1 where there is none to add.

    A unit whose 16 nearest reps all lack its language still has the nearest who speak it.
    """
    assert request.places is not None
    fits = np.ones((request.units, request.territories), dtype=bool) if request.fits is None else request.fits
    masks = [fits] if request.fits is not None else []
    if request.dearer is not None:
        masks.append(fits & (request.dearer == 0.0))
    for mask in masks:
        more = np.full((request.units, NEAREST), -1, dtype=np.int64)
        first, kind = kinds(mask)
        for number, row in enumerate(first):
            open_to, here = np.flatnonzero(mask[row]), np.flatnonzero(kind == number)
            count = min(NEAREST, open_to.size)
            if count:
                found = cKDTree(centres[open_to]).query(request.places[here], k=count)[1]
                more[here, :count] = np.sort(open_to[np.asarray(found).reshape(here.size, count)], axis=1)
        known = (more[:, :, None] == near[:, None, :]).any(axis=2)
        near = np.hstack([near, np.where(known, -1, more)])
    return near


def crowded(request: Request, limit: Limits) -> list[str]:
    """Why those who may have some accounts can't hold them, or have too little to get, each with what would do.

    Two of three reps may have accounts that are 2.4 mean territories, in a band of 0.1: 2.2 is all they can hold.
    """
    if request.fits is None:
        return []
    first, kind = kinds(request.fits)
    if first.size > MOST_KINDS:
        return []
    may = request.fits[first]
    inside = (may.astype(np.int64) @ (~may).T.astype(np.int64)) == 0  # kind p may go nowhere else than kind q may
    said = []
    for at, name in enumerate(limit.metrics):
        if name not in request.measures or limit.floats[at]:
            continue
        load = np.bincount(kind, weights=request.measures[name], minlength=first.size) / limit.mean[at]
        held, room = inside.T.astype(np.float64) @ load, may.astype(np.float64) @ limit.high[:, at]
        said += [
            _too_much(request, limit, at, first[one], may[one], float(held[one]), float(room[one]))
            for one in np.flatnonzero(held > room * (1 + 1e-9))
        ]
        gets = load @ may
        for j in np.flatnonzero(gets < limit.low[:, at] * (1 - 1e-9)) if name not in request.per_km else ():
            told = f"what {request.names[j]} may have is {gets[j]:.0%} of a mean territory in {name}"
            band = (1.0 - float(gets[j])) * request.balance.get(name, 0.0)
            cure = f"tolerance={round_up(band):g}" if band > 0 else f"a minimum of {gets[j] * limit.mean[at]:,.4g}"
            said.append(f"{told}, less than the rules ask for: more has to match, or {cure}")
    return said


def _too_much(
    request: Request, limit: Limits, at: int, unit: int, may: NDArray[np.bool_], held: float, room: float
) -> str:
    """One sentence on accounts that only some may have, and who can't hold them."""
    name, people = limit.metrics[at], [request.names[j] for j in np.flatnonzero(may)]
    more = f" and {len(people) - NAMED} more" if len(people) > NAMED else ""
    which = f"accounts that only {', '.join(people[:NAMED])}{more} may have, such as {request.ids[unit]},"
    band = (held / len(people) - 1.0) * request.balance.get(name, 0.0)
    if band > request.tolerance:
        cure = f"tolerance={round_up(band):g}"
    else:
        cure = f"room for {(held - room) * limit.mean[at]:,.4g} more of {name}"
    told = f"{which} are {held:.0%} of a mean territory in {name}, and {room:.0%} is all that the rules let them have"
    return f"{told}: let others match too, or {cure}"
