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
SPLITS = 4  # rounds in which the prices are made exact
SLIP = 1e-6  # of a mean territory: what the programme lets limits slip
NEARER = 0.002  # share by which a bound must rise for another round
CHEAPEST = 12  # choices of a unit among which the finer prices are found


def fewest_by_prices(
    choices: Choices, today: Ints, beside: list[Ints], stop_at: float
) -> tuple[Floats, float, Choices, list[Ints]]:
    """Prices (m, k), the bound that they prove, the choices worth a search, and starts for it: (n,) among those.

    ``beside`` are owners (n,), found another way, to start from too.

    Every bound is proven over all choices, so that none is missed that was left out while the prices were sought.
    """
    few = choices.near.size <= MOST_CHOICES
    price = dual(choices, stop_at=stop_at)
    bound, owners = proven(choices, price), []
    for _ in range(SPLITS):
        split = best_if_split(left_open(choices, price, SPLIT_OPEN), stop_at - time.monotonic())
        if split is None:  # too few are open
            break
        tried = proven(choices, split[1])
        closer = tried > bound * (1.0 + NEARER)
        price = split[1]
        bound = max(bound, tried)
        owners = [_owner(choices, split[0])]
        if not closer and tried == bound:
            break
    if few:
        exact = best_of_all(choices, stop_at - time.monotonic(), EVEN)
    else:
        open_ = left_open(choices, price, WHOLE_OPEN)
        inside = open_._replace(low=open_.low + SLIP, high=open_.high - SLIP)
        exact = best_of_all(inside, stop_at - time.monotonic(), CLOSE)
    if exact:
        owners.append(_owner(choices, exact[0]))
        bound = max(bound, exact[1]) if few else bound
    if not owners:
        owners = [_owner(choices, at_prices(choices, price))]
    owners += beside
    worth = nearest_in_price(choices, price, [today, *owners])
    return price, bound, worth, [(worth.near == owner[:, None]).argmax(axis=1).astype(np.int64) for owner in owners]


def _owner(choices: Choices, choice: Ints) -> Ints:
    owner: Ints = choices.near[np.arange(len(choice)), choice]
    return owner


def proven(choices: Choices, price: Floats) -> float:
    """What no assignment within the limits can undercut."""
    return least(effective(price, choices), choices.near, choices.cost, choices.load) - constant(price, choices)


def nearest_in_price(choices: Choices, price: Floats, owners: list[Ints]) -> Choices:
    """The same with the ``CHEAPEST`` choices of each unit at these prices, the territories of ``owners`` among them."""
    if choices.near.shape[1] <= CHEAPEST:
        return choices
    dear = choices.cost.copy()
    real = effective(price, choices)
    for metric in range(price.shape[1]):
        dear += real[np.maximum(choices.near, 0), metric] * choices.load[:, :, metric]
    dear = np.where(choices.near >= 0, dear, np.inf)
    for owner in owners:
        dear[(choices.near == owner[:, None]) & (choices.near >= 0)] = -np.inf
    best = np.sort(np.argpartition(dear, CHEAPEST, axis=1)[:, :CHEAPEST], axis=1)
    return choices._replace(
        near=np.ascontiguousarray(np.take_along_axis(choices.near, best, axis=1)),
        cost=np.ascontiguousarray(np.take_along_axis(choices.cost, best, axis=1)),
        load=np.ascontiguousarray(np.take_along_axis(choices.load, best[:, :, None], axis=1)),
    )
