"""Which new territory keeps which of today's names: so that as little as can be changes its rep."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from scenarios.design.request import Drawn, Request


def renamed(request: Request, drawn: Drawn) -> Drawn:
    """The same ground under the names that keep most weight with today's territory.

    Only where a territory is its ground and nothing else: no homes, no locks, no limit on moves, short ways as the aim.
    Two territories on today's ground with names the wrong way round: swapped, nothing moves.
    """
    has = request.today >= 0
    tied = request.homes is not None or bool(request.moved) or request.aim == "change"
    tied = tied or request.fits is not None or request.dearer is not None
    tied = tied or bool(request.capacity) or bool(request.leaves)
    tied = tied or (request.locked is not None and bool(request.locked.any()))
    if tied or not has.any():
        return drawn
    m = request.territories
    weight = request.weight[has] if float(request.weight[has].sum()) > 0 else np.ones(int(has.sum()))
    kept = np.bincount(drawn.owner[has] * m + request.today[has], weights=weight, minlength=m * m).reshape(m, m)
    ground, name = linear_sum_assignment(-kept)
    name_of = np.empty(m, dtype=np.int64)
    name_of[ground] = name
    return replace(drawn, owner=name_of[drawn.owner])
