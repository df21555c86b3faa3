"""Who gets which territory: each rep's year in each territory, and the assignment that is expected to earn most.

What counts is what the simulation knows of people: how far a territory is from home, how well its industries, regions
(their language among it) and products fit, how able the rep is, and whom the customers know.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from scenarios.earning.outlook import Outlook, territory
from sim.world import Floats, Ints

LOOKED_AT = 40  # reps asked about a territory: those who live nearest to its middle
NEVER = -1e15  # money


class Placement(NamedTuple):
    """One territory and the rep who serves it best, all things considered."""

    territory: int  # row of the rep for whom it was drawn
    rep: int  # row of the rep who gets it
    earned: float  # margin less travel a year, expected, money
    as_drawn: float  # the same with the rep for whom it was drawn
    worth: float  # how much less all territories would earn if just this rep did not get just this territory
    second: int  # row of the rep who would get it then; the same where there is no other


def places(market: Outlook, owner: Ints, stays: Ints | None = None) -> list[Placement]:
    """The best placement of all reps, by territory; ``owner`` (n,) are the territories as drawn.

    ``stays`` are rows of reps who keep the territory that was drawn for them.
    """
    earned = _earned(market, owner, np.empty(0, dtype=np.int64) if stays is None else stays)
    drawn, (rows, reps) = np.diag(earned), linear_sum_assignment(-earned)
    total = float(earned[rows, reps].sum())
    found = []
    for row, rep in zip(rows.tolist(), reps.tolist(), strict=True):
        without = earned.copy()
        without[row, rep] = NEVER
        others = linear_sum_assignment(-without)
        left = float(without[others].sum())
        other = int(others[1][row])
        worth, second = (total - left, other) if left > 0.5 * NEVER else (float(earned[row, rep]), rep)
        found.append(Placement(row, rep, float(earned[row, rep]), float(drawn[row]), worth, second))
    return found


def placed(owner: Ints, found: list[Placement]) -> Ints:
    """The owner (n,) of each account when every territory has the rep that was found for it."""
    rep = np.empty(len(found), dtype=np.int64)
    for one in found:
        rep[one.territory] = one.rep
    return rep[owner]


def _earned(market: Outlook, owner: Ints, stays: Ints) -> Floats:
    """What each territory (m,) would earn with each rep (m,), money; `NEVER` where nobody asks."""
    m = len(market.known.hours)
    earned = np.full((m, m), NEVER)
    for row in range(m):
        members = np.flatnonzero(owner == row)
        if row in stays:
            asked: Ints = np.array([row])
        elif m <= LOOKED_AT or not len(members) or not market.known.travel:
            asked = np.setdiff1d(np.arange(m), stays)
        else:
            asked = np.setdiff1d(np.union1d(_nearest(market, members), [row]), stays)
        for rep in asked.tolist():
            earned[row, rep] = territory(market, rep, members).earned
    return earned


def _nearest(market: Outlook, members: Ints) -> Ints:
    """Reps who live nearest to the middle of these accounts, by row among equals."""
    k = market.known
    away = np.hypot(k.home_x - k.x_km[members].mean(), k.home_y - k.y_km[members].mean())
    return np.lexsort((np.arange(len(away)), away))[:LOOKED_AT]
