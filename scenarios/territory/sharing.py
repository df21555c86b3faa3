"""Sharing accounts out so that all reps have about the same work: near home, or without places with few changes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenarios.design.drawing import Request, draw
from scenarios.territory.asking import WORKLOAD, measured
from scenarios.workload import places
from sim.behaviour import Behaviour
from sim.world import Floats, Ints


def share_out(
    accounts: pd.DataFrame, reps: pd.DataFrame, today: Ints, behaviour: Behaviour, travel: bool, tolerance: float
) -> Ints:
    """A rep (row of ``reps``) for each account, (n,): workloads within ``tolerance`` of their mean where that can be.

    With ``travel`` accounts go near home at the least travel that balance allows. Without, the fewest accounts change
    hands: ``today`` (n,) is the row of today's rep, -1 where he is not among ``reps``.
    """
    if len(reps) == 1 or accounts.empty:
        return np.zeros(len(accounts), dtype=np.int64)
    measures, per_km = measured(accounts, behaviour, travel)
    asked = Request(
        ids=list(accounts["id"]),
        measures=measures,
        per_km=per_km,
        balance={WORKLOAD: 1.0},
        tolerance=tolerance,
        names=list(reps["id"]),
        today=today,
        weight=measures["calls" if travel else WORKLOAD],
        places=places(accounts) if travel else None,
        homes=places(reps) if travel else None,
        aim="distance" if travel else "change",
    )
    return draw(asked, strict=False).owner


def seats(work: Floats, reps: int) -> Ints:
    """How many reps each group gets, one at least, in proportion to its work (Webster's method): shape (groups,).

    >>> seats(np.array([50.0, 30.0, 20.0]), 10).tolist()
    [5, 3, 2]
    """
    given = np.ones(len(work), dtype=np.int64)
    for _ in range(reps - len(work)):
        given[(work / (2 * given + 1)).argmax()] += 1
    return given
