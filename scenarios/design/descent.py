"""The lowest point of a smooth convex function: steps along the slope, bent by what the last steps taught (L-BFGS).

Written out because the library's way calls matrix routines that start threads for a hundred numbers: on a busy machine
they take longer than everything else, and their number changes the last digits.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.world import Floats

KEPT = 10  # steps that are remembered
ENOUGH, STEEP = 1e-4, 0.9  # a step lowers the value by this share of what the slope promised, and the slope to that
HALVINGS = 20  # of a step
FLAT = 1e-7  # of the value, gained in a step: the end


def lowest(
    loss: Callable[[Floats], tuple[float, Floats]], start: Floats, highest: float, steps: int, late: Callable[[], bool]
) -> Floats:
    """A point (q,) near the lowest, no part of it beyond ±``highest``; ``late`` says when to stop.

    >>> def bowl(x): return float(((x - 3.0) ** 2).sum()), 2.0 * (x - 3.0)
    >>> lowest(bowl, np.zeros(1), 10.0, 50, lambda: False).round(6)
    array([3.])
    """
    x = start.copy()
    value, slope = loss(x)
    moves: list[tuple[Floats, Floats]] = []
    for _ in range(steps):
        way = -_bent(slope, moves)
        promised = float((way * slope).sum())
        if promised >= 0.0:
            break
        length = 1.0 if moves else min(1.0, 1.0 / float(np.abs(slope).sum()))
        short, long = 0.0, np.inf
        for _ in range(HALVINGS):
            there = np.clip(x + length * way, -highest, highest)
            reached, tilt = loss(there)
            if reached > value + ENOUGH * length * promised:
                long = length
            elif float((tilt * way).sum()) < STEEP * promised:
                short = length
            else:
                break
            length = 2.0 * short if np.isinf(long) else 0.5 * (short + long)
        if reached >= value or late():
            return there if reached < value else x
        step, turn = there - x, tilt - slope
        if float((step * turn).sum()) > 1e-12 * float((turn * turn).sum()):
            moves = [*moves[1 - KEPT :], (step, turn)]
        gained, x, value, slope = value - reached, there, reached, tilt
        if gained <= FLAT * max(abs(value), 1.0):
            break
    return x


def _bent(slope: Floats, moves: list[tuple[Floats, Floats]]) -> Floats:
    """The slope times what the moves tell of the inverse curvature (two loops through them)."""
    way = slope.copy()
    shares = []
    for step, turn in reversed(moves):
        share = (step * way).sum() / (step * turn).sum()
        shares.append(share)
        way -= share * turn
    if moves:
        step, turn = moves[-1]
        way *= (step * turn).sum() / (turn * turn).sum()
    for (step, turn), share in zip(moves, reversed(shares), strict=True):
        way += step * (share - (turn * way).sum() / (step * turn).sum())
    return way
