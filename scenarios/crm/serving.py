"""Whose a unit is where the export does not say: who sold most there, such that all reps sell what they sold."""

from __future__ import annotations

import numpy as np

from sim.world import Floats, Ints

STEPS, RATE, COOLING = 400, 0.1, 100.0
A_LITTLE = 0.02  # of the mean rep's sales, so that who has nothing yet is no reason to divide by nothing


def matched(won: Floats, fixed: Ints) -> Ints:
    """The rep (column) of each unit (row), (n,), from what each won there, (n, m): shares, money, anything above 0.

    A unit is its strongest rep's, each rep's part times a weight of the rep's own; the weights are raised where a rep
    would get less than it won and lowered where it would get more, and the best of STEPS rounds is kept: the least sum
    of differences between what reps' units brought in all and what the reps won. ``fixed`` (n,) are columns that are
    known, -1 where not.

    Worked: two units in which the first rep won 6 of 10 and 6 of 10, the second 4 and 4. Each unit's strongest is the
    first, but the second sold 8 of 20: it gets one of them.

    >>> sorted(matched(np.array([[6.0, 4.0], [6.0, 4.1]]), np.array([-1, -1])).tolist())
    [0, 1]
    >>> sorted(matched(np.array([[5.0, 5.0], [5.0, 5.0]]), np.array([-1, -1])).tolist())
    [0, 1]
    """
    whole, sold = won.sum(axis=1), won.sum(axis=0)
    weight = np.ones(won.shape[1])
    # Units alike to the last figure must not change hands all at once: each prefers somebody by a thousandth.
    number = np.arange(1, won.shape[0] + 1)[:, None] * (np.arange(won.shape[1]) + 1.0)
    won = won * (1.0 + 0.001 * (number * 0.6180339887498949 % 1.0))
    least, best = np.inf, fixed
    for step in range(STEPS):
        owner = np.where(fixed >= 0, fixed, np.argmax(won * weight, axis=1))
        has = np.bincount(owner, weights=whole, minlength=len(weight))
        off = float(np.abs(has - sold).sum())
        if off < least:
            least, best = off, owner
        weight *= ((sold + 1e-9) / (has + A_LITTLE * sold.mean())) ** (RATE / (1.0 + step / COOLING))
    return best
