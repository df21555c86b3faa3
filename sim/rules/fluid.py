"""The fluid shadow: what a state is expected to sell, without the luck of single orders and opportunities."""

from __future__ import annotations

import numpy as np

from sim.rule import rule


@rule
def fluid_closing(
    open_money: np.ndarray, row: int, opened: float, stages: int, hazard: float, advance: float, closing: float
) -> float:
    """Moves an account's expected open money one week on; returns the money decided this week.

    ``open_money`` (n, K) is changed in its ``row``. In the order of the real funnel: the last stage loses ``closing``
    of its money, each earlier one sends ``hazard`` of its money on (of which ``advance`` arrives), then ``opened``
    enters the first.
    """
    last = stages - 1
    decided: float = open_money[row, last] * closing
    open_money[row, last] -= decided
    for stage in range(last - 1, -1, -1):
        moving = open_money[row, stage] * hazard
        open_money[row, stage] -= moving
        open_money[row, stage + 1] += moving * advance
    open_money[row, 0] += opened
    return decided
