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


def fewest_by_prices(choices: Choices, stop_at: float) -> tuple[Floats, float, list[Ints]]:
    """Prices (m, k), the bound that they prove, and choices (n,) to start the search from.

    Every bound is proven over all choices, so that none is missed that was left out while the prices were sought.
    """
    price = dual(choices, stop_at=stop_at)
    bound = proven(choices, price)
    finer = dual(_nearest_in_price(choices, price), price, stop_at, FINER)
    tried = proven(choices, finer)
    if tried > bound:
        bound, price = tried, finer
    starts = [at_prices(choices, price)]
    for _ in range(SPLITS):
        split = best_if_split(left_open(choices, price, SPLIT_OPEN), stop_at - time.monotonic())
        if split is None:
            break
        tried = proven(choices, split[1])
        closer = tried > bound * (1.0 + CLOSE)
        if tried > bound:
            bound, price = tried, split[1]
        starts = [split[0]]
        if not closer or choices.near.size <= SPLIT_OPEN:
            break
    few = choices.near.size <= MOST_CHOICES
    exact = best_of_all(
        choices if few else left_open(choices, price, WHOLE_OPEN), stop_at - time.monotonic(), EVEN if few else CLOSE
    )
    if exact:
        starts.append(exact[0])
        bound = max(bound, exact[1]) if few else bound
    return price, bound, starts


def proven(choices: Choices, price: Floats) -> float:
    """What no assignment within the limits can undercut."""
    return least(effective(price, choices), choices.near, choices.cost, choices.load) - constant(price, choices)


def _nearest_in_price(choices: Choices, price: Floats) -> Choices:
    """The same with the ``CHEAPEST`` choices of each unit at these prices."""
    if choices.near.shape[1] <= CHEAPEST:
        return choices
    dear = choices.cost.copy()
    real = effective(price, choices)
    for metric in range(price.shape[1]):
        dear += real[np.maximum(choices.near, 0), metric] * choices.load[:, :, metric]
    best = np.argpartition(np.where(choices.near >= 0, dear, np.inf), CHEAPEST, axis=1)[:, :CHEAPEST]
    return choices._replace(
        near=np.ascontiguousarray(np.take_along_axis(choices.near, best, axis=1)),
        cost=np.ascontiguousarray(np.take_along_axis(choices.cost, best, axis=1)),
        load=np.ascontiguousarray(np.take_along_axis(choices.load, best[:, :, None], axis=1)),
    )
