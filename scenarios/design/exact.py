"""Few units: the best of all assignments, by HiGHS."""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix, vstack

from scenarios.design.prices import Choices
from sim.world import Ints

MOST_CHOICES = 3_000  # of all units together: above, the search alone
NODES = 2_000  # of the search tree


def best_of_all(choices: Choices) -> tuple[Ints, float] | None:
    """The choices (n,) of least cost inside the limits and what is proven of it; None where none was found.

    One of a unit's choices is 1, the others 0; loads add up to low at least and high at most.
    """
    n = len(choices.near)
    m, k = choices.low.shape
    unit, place = np.nonzero(choices.near >= 0)
    rows = choices.near[unit, place]
    at = np.arange(unit.size)
    each = coo_matrix((np.ones(unit.size), (unit, at)), shape=(n, unit.size))
    loads = [coo_matrix((choices.load[unit, place, one], (rows, at)), shape=(m, unit.size)) for one in range(k)]
    least = np.concatenate([np.ones(n), choices.low.T.ravel()])
    most = np.concatenate([np.ones(n), choices.high.T.ravel()])
    found = milp(
        choices.cost[unit, place],
        constraints=LinearConstraint(vstack([each, *loads]).tocsr(), least, most),
        integrality=np.ones(unit.size, dtype=np.int64),
        bounds=Bounds(0.0, 1.0),
        options={"node_limit": NODES},
    )
    if found.x is None:
        return None
    choice = np.zeros(n, dtype=np.int64)
    taken = found.x > 0.5
    choice[unit[taken]] = place[taken]
    return choice, float(found.mip_dual_bound)
