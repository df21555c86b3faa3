"""No more moved than may be: what a design moves, and the price of moves at which it moves no more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenarios.design.choosing import Ground
from scenarios.design.prices import dual
from scenarios.design.request import Request
from scenarios.design.searching import at_prices
from sim.world import Ints

DEARER = 12  # steps in which the price of moves is found


def at_the_price_of_moves(ground: Ground, stop_at: float) -> Ground:
    """The same with the least price at which the nearly best split moves no more than it may."""
    low, high = 0.0, 1.0
    for _ in range(DEARER):
        if _moves(replace(ground, price_of_moves=high), stop_at) <= 1.0:
            break
        low, high = high, 4.0 * high
    for _ in range(DEARER):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if _moves(replace(ground, price_of_moves=middle), stop_at) <= 1.0 else (middle, high)
    return replace(ground, price_of_moves=high)


def _moves(ground: Ground, stop_at: float) -> float:
    """What the nearly best split moves, over what it may, of the rule that it breaks most."""
    choices = ground.choices(ground.near())
    choice = at_prices(choices, dual(choices, stop_at=stop_at))
    return moved_of_allowed(ground.request, choices.near[np.arange(len(choice)), choice])


def moved_of_allowed(request: Request, owner: Ints) -> float:
    """What changes territory over what may, of the rule that is broken most. 30 of 100 accounts, 20 % may: 1.5."""
    moved = (owner != request.today) & (request.today >= 0)
    shares = [0.0]
    for name, most in request.moved.items():
        values = np.ones(request.units) if name == "accounts" else request.measures[name]
        shares.append(float(values[moved].sum()) / (max(most, 1e-9) * (float(values.sum()) or 1.0)))
    return max(shares)


def left_of_allowed(request: Request, owner: Ints) -> float:
    """What leaves a territory over what may, of the territory and rule broken most. 3 of 10 left, 20 % may: 1.5."""
    left = (owner != request.today) & (request.today >= 0)
    shares = [0.0]
    for name, most in request.leaves.items():
        had, gone = (
            np.bincount(request.today[rows], weights=request.values(name)[rows], minlength=request.territories)
            for rows in (request.today >= 0, left)
        )
        some = had > 0
        shares.append(float((gone[some] / had[some]).max(initial=0.0)) / max(most, 1e-9))
    return max(shares)
