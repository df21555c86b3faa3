"""Prices that even territories out, and the bound that they prove.

Each unit goes where its cost plus the price of its load is least. A territory that would be too full gets dearer, one
that would be too empty gets cheaper; at the best prices hardly any unit is undecided. Whatever the prices are, they
prove a cost that no assignment within the limits can undercut (Lagrange duality; `least`).
"""

from __future__ import annotations

import math
import time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.design.descent import lowest
from sim.elementary import exp, log
from sim.rule import loop, step
from sim.world import Floats, Ints

BLURS = (0.5, 0.05, 0.005)  # of what a second choice costs more: how undecided units are at first
STEPS = 25  # of the search at each blur
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
    floats: NDArray[np.bool_]  # (k,) whether the limits are shares of the mean that territories get, whatever it is


def effective(price: Floats, choices: Choices) -> Floats:
    """What a load really costs at these prices, (m, k), where the limits float with the mean.

    A limit of 1.1 times the mean is broken less where the mean is higher, so all loads are cheaper by the mean of
    price x limit. Prices 2 and 0, limits 0.9 to 1.1, two territories: 2 − 1.1 and 0 − 1.1.
    """
    edge = np.where(price > 0, choices.high, choices.low)
    lifted: Floats = price - np.where(choices.floats, (price * edge).mean(axis=0), 0.0)
    return lifted


def constant(price: Floats, choices: Choices) -> float:
    """What is taken off the least cost at these prices, for a bound: price x limit of the limits that do not float."""
    edge = np.where(price > 0, choices.high, choices.low)
    return float((price * edge)[:, ~choices.floats].sum())


def priced(choices: Choices, price: Floats) -> Floats:
    """What each choice costs more than the unit's cheapest at these prices, (n, c); infinite where there is none."""
    dear = choices.cost.copy()
    real = effective(price, choices)
    for metric in range(price.shape[1]):
        dear += real[np.maximum(choices.near, 0), metric] * choices.load[:, :, metric]
    dear = np.where(choices.near >= 0, dear, np.inf)
    over: Floats = dear - dear.min(axis=1, keepdims=True)
    return over


def dual(
    choices: Choices, start: Floats | None = None, stop_at: float = math.inf, blurs: tuple[float, ...] = BLURS
) -> Floats:
    """The prices (m, k) that prove most, found on borders that are blurred at first (an annealed power diagram).

    At ``stop_at`` (of the monotonic clock) the prices so far are taken: they prove something too.
    """
    m, k = choices.low.shape
    price = np.zeros((m, k)) if start is None else start
    typical = _typical(choices)
    for share in blurs[start is not None :]:
        blur = share * typical

        def loss(flat: Floats, blur: float = blur) -> tuple[float, Floats]:
            prices = flat.reshape(m, k)
            load = np.zeros((m, k))
            real = effective(prices, choices)
            reached = _smooth(real, choices.near, choices.cost, choices.load, choices.blur, blur, load)
            edge = np.where(prices > 0, choices.high, choices.low)
            edge = edge * np.where(choices.floats, load.mean(axis=0), 1.0)
            return constant(prices, choices) - reached, (edge - load).ravel()

        highest = DEAREST * max(typical, 1e-9)  # where the limits can't be met no price is high enough
        price = lowest(loss, price.ravel(), highest, STEPS, lambda: time.monotonic() > stop_at).reshape(m, k)
        if time.monotonic() > stop_at:
            break
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
            if over < FAR:
                parts += exp(-over)
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


@loop
def cheaper(price: Floats, near: Ints, cost: Floats, load: Floats, home: Ints, place: Ints, over: Floats) -> None:
    """Writes each unit's two cheapest choices but ``home`` (n,) into ``place`` (n, 2), the cheapest first.

    ``over`` (n, 2) is what they cost more than home, less than 0 if they cost less; than the cheapest for a unit whose
    home is -1. Where there is no such choice the place is -1.
    """
    for i in range(near.shape[0]):
        first, second = math.inf, math.inf
        place[i, 0] = -1
        place[i, 1] = -1
        for at in range(near.shape[1]):
            here = _dear(i, at, price, near, cost, load)
            if at == home[i] or here == math.inf:
                continue
            if here < first:
                second, place[i, 1] = first, place[i, 0]
                first, place[i, 0] = here, at
            elif here < second:
                second, place[i, 1] = here, at
        stays = _dear(i, home[i], price, near, cost, load) if home[i] >= 0 else first
        over[i, 0] = first - stays if place[i, 0] >= 0 else math.inf
        over[i, 1] = second - stays if place[i, 1] >= 0 else math.inf
