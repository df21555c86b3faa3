"""Prices that even territories out, and the bound that they prove.

Each unit goes where its cost plus the price of its load is least. A territory that would be too full gets dearer, one
that would be too empty gets cheaper; at the best prices hardly any unit is undecided. Whatever the prices are, they
prove a cost that no assignment within the limits can undercut (Lagrange duality; `least`).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from sim.elementary import exp, log
from sim.rule import loop, step
from sim.world import Floats, Ints

BLURS = (2.0, 0.5, 0.1, 0.02, 0.005)  # of what a second choice costs more: how undecided units are at first
STEPS = 60  # of the search at each blur
DEAREST = 1_000.0  # times what a second choice costs more
FAR = 30.0  # blurs dearer than the cheapest: a part in 10 trillion


class Choices(NamedTuple):
    """Where each unit may go, what it costs there, and what it loads there. A unit has at least one choice."""

    near: Ints  # (n, c) territory, nearest first; -1 fills up
    cost: Floats  # (n, c)
    load: Floats  # (n, c, k) in shares of a mean territory, a column a metric
    low: Floats  # (m, k) least and most that a territory may have
    high: Floats
    blur: Floats  # (n,) how much the unit weighs in the cost; scales how undecided it is


def dual(choices: Choices, start: Floats | None = None) -> Floats:
    """The prices (m, k) that prove most, found on borders that are blurred at first (an annealed power diagram)."""
    m, k = choices.low.shape
    price = np.zeros((m, k)) if start is None else start
    typical = _typical(choices)
    for share in BLURS if start is None else BLURS[3:]:
        blur = share * typical

        def loss(flat: Floats, blur: float = blur) -> tuple[float, Floats]:
            prices = flat.reshape(m, k)
            load = np.zeros((m, k))
            reached = _smooth(prices, choices.near, choices.cost, choices.load, choices.blur, blur, load)
            edge = np.where(prices > 0, choices.high, choices.low)
            return float((prices * edge).sum()) - reached, (edge - load).ravel()

        highest = DEAREST * max(typical, 1e-9)  # where the limits can't be met no price is high enough
        found = minimize(
            loss, price.ravel(), jac=True, method="L-BFGS-B", bounds=[(-highest, highest)] * (m * k),
            options={"maxiter": STEPS},
        )  # fmt: skip
        price = found.x.reshape(m, k)
    return price


def _typical(choices: Choices) -> float:
    """How much dearer a unit's second choice is than its first, for each of its weight: the scale of blur."""
    if choices.near.shape[1] < 2:
        return 1.0
    cost = np.where(choices.near >= 0, choices.cost, np.inf)
    first, second = np.partition(cost, 1, axis=1)[:, :2].T
    free = np.isfinite(second)
    weight = float(choices.blur[free].sum())
    return float((second - first)[free].sum()) / weight or 1.0 if weight > 0 else 1.0


@step
def _dear(i: int, place: int, price: Floats, near: Ints, cost: Floats, load: Floats) -> float:
    """What unit ``i`` costs with its choice ``place``, the price of its load included; infinite where it has none."""
    j = near[i, place]
    if j < 0:
        return math.inf
    here: float = cost[i, place]
    for metric in range(price.shape[1]):
        here += price[j, metric] * load[i, place, metric]
    return here


@loop
def _smooth(price: Floats, near: Ints, cost: Floats, load: Floats, weight: Floats, blur: float, loads: Floats) -> float:
    """The least cost at these prices, with undecided units split over their choices; adds up ``loads`` (m, k)."""
    n, c = near.shape
    total = 0.0
    for i in range(n):
        soft = blur * max(weight[i], 1e-9)
        lowest = math.inf
        for place in range(c):
            lowest = min(lowest, _dear(i, place, price, near, cost, load))
        parts = 0.0
        for place in range(c):
            over = (_dear(i, place, price, near, cost, load) - lowest) / soft
            parts += exp(-over) if over < FAR else 0.0
        total += lowest - soft * log(parts)
        for place in range(c):
            over = (_dear(i, place, price, near, cost, load) - lowest) / soft
            if over < FAR:
                share = exp(-over) / parts
                for metric in range(price.shape[1]):
                    loads[near[i, place], metric] += share * load[i, place, metric]
    return total


@loop
def least(price: Floats, near: Ints, cost: Floats, load: Floats) -> float:
    """Sum over units of the least ``cost + price · load``.

    Less ``price × high`` where a price is positive and ``price × low`` where it is negative, this is what no assignment
    can undercut. One unit of load 1 that costs 5 in a territory which may have at most 0.8, or 7 in another of price
    0: at a price of 2 both cost 7, and the bound is 7 − 2 × 0.8 = 5.4.
    """
    total = 0.0
    for i in range(near.shape[0]):
        lowest = math.inf
        for place in range(near.shape[1]):
            lowest = min(lowest, _dear(i, place, price, near, cost, load))
        total += lowest
    return total


@loop
def cheapest(price: Floats, near: Ints, cost: Floats, load: Floats, choice: Ints) -> None:
    """Writes the place in ``near`` of each unit's cheapest choice into ``choice`` (n,); the first of equals."""
    for i in range(near.shape[0]):
        lowest = math.inf
        for place in range(near.shape[1]):
            here = _dear(i, place, price, near, cost, load)
            if here < lowest:
                lowest = here
                choice[i] = place
