"""The fewest changes where what a unit loads hangs on where it goes: by prices, made exact step by step."""

from __future__ import annotations

import time

import numpy as np

from scenarios.design.exact import (
    CLOSE,
    MOST_CHOICES,
    SPLIT_OPEN,
    WHOLE_OPEN,
    best_if_split,
    best_of_all,
    left_open,
)
from scenarios.design.prices import Choices, constant, dual, effective, least
from scenarios.design.searching import at_prices
from sim.world import Floats, Ints

EVEN = 1e-5  # of the best: the same but for the hair that a kilometre counts
SPLITS = 3  # rounds in which the prices are made exact
FINER = (0.5, 0.05, 0.01, 0.002, 0.0005)  # as BLURS: with hardly any unit undecided
CHEAPEST = 12  # choices of a unit among which the finer prices are found


def fewest_by_prices(choices: Choices, today: Ints, stop_at: float) -> tuple[Floats, float, Choices, list[Ints]]:
    """Prices (m, k), the bound that they prove, the choices worth a search, and starts for it: (n,) among those.

    Every bound is proven over all choices, so that none is missed that was left out while the prices were sought.
    """
    few = choices.near.size <= MOST_CHOICES
    price = dual(choices, stop_at=stop_at)
    bound = proven(choices, price)
    worth = choices if few else nearest_in_price(choices, price, today)
    finer = dual(worth, price, stop_at, FINER)
    tried = proven(choices, finer)
    if tried > bound:
        bound, price = tried, finer
    worth = choices if few else nearest_in_price(choices, price, today)
    starts = [at_prices(worth, price)]
    for _ in range(SPLITS):
        split = best_if_split(left_open(worth, price, SPLIT_OPEN), stop_at - time.monotonic())
        if split is None:
            break
        tried = proven(choices, split[1])
        closer = tried > bound * (1.0 + CLOSE)
        if tried > bound:
            bound, price = tried, split[1]
        starts = [split[0]]
        if not closer or choices.near.size <= SPLIT_OPEN:
            break
    open_ = worth if few else left_open(worth, price, WHOLE_OPEN)
    exact = best_of_all(open_, stop_at - time.monotonic(), EVEN if few else CLOSE)
    if exact:
        starts.append(exact[0])
        bound = max(bound, exact[1]) if few else bound
    return price, bound, worth, starts


def proven(choices: Choices, price: Floats) -> float:
    """What no assignment within the limits can undercut."""
    return least(effective(price, choices), choices.near, choices.cost, choices.load) - constant(price, choices)


def nearest_in_price(choices: Choices, price: Floats, today: Ints) -> Choices:
    """The same with the ``CHEAPEST`` choices of each unit at these prices, today's territory among them."""
    if choices.near.shape[1] <= CHEAPEST:
        return choices
    dear = choices.cost.copy()
    real = effective(price, choices)
    for metric in range(price.shape[1]):
        dear += real[np.maximum(choices.near, 0), metric] * choices.load[:, :, metric]
    dear = np.where(choices.near >= 0, dear, np.inf)
    dear[(choices.near == today[:, None]) & (choices.near >= 0)] = -np.inf
    best = np.sort(np.argpartition(dear, CHEAPEST, axis=1)[:, :CHEAPEST], axis=1)
    return choices._replace(
        near=np.ascontiguousarray(np.take_along_axis(choices.near, best, axis=1)),
        cost=np.ascontiguousarray(np.take_along_axis(choices.cost, best, axis=1)),
        load=np.ascontiguousarray(np.take_along_axis(choices.load, best[:, :, None], axis=1)),
    )
