"""The fewest changes where what a unit loads hangs on where it goes: prices made exact, then whole units.

Nearly every unit stays where it is at the best, so few choices matter. A linear programme over those that do says what
prices are; the prices say which choices it lacks (column generation). Its prices may go only so far from the best
known, the farther the more they proved: without that they swing, and all choices would be taken in, in vain.
"""

from __future__ import annotations

import time

import numpy as np

from scenarios.design.exact import MOST_CHOICES, SOME, best_if_split, best_of_all, left_open
from scenarios.design.prices import Choices, cheaper, constant, dual, effective, least, priced
from scenarios.design.searching import INSIDE, at_prices
from scenarios.design.settling import loads, outside, settled
from sim.world import Floats, Ints

ROUNDS = 24  # of the programme, at most
EACH = 20  # choices for each territory that come in a round
STEP, WIDER, NARROWER, FREE = 0.4, 2.0, 1.5, 4.0  # how far prices may go, of the dearest; times it from round to round
EXACT = 0.001  # share by which the programme is above what is proven: the end
EVEN = 1e-5  # of the best: the same but for the hair that a kilometre counts
CLOSE = 0.02  # above what is proven: near enough
NODES = 200  # of the search tree
TREE = 0.015  # of the best among those open: near enough
FEWEST_OPEN, MOST_OPEN = 500, 1_000  # choices among which whole units are looked for
SLIP = 1e-6  # of a mean territory: what the programme lets limits slip
FIRST = (0.5, 1.0, 2.0)  # times the dearest price, for share outside × (the same + EDGE): the best of three
STRICTER = (1.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0)  # times that, one after the other
LATE = 1.0  # seconds after the end in which what is outside the limits is brought in
CHEAPEST = 12  # choices of a unit among which the search moves


def fewest_by_prices(choices: Choices, today: Ints, stop_at: float) -> tuple[Floats, float, Ints]:
    """Prices (m, k), the bound that they prove, and the best choice (n,) found; ``today`` (n,) is -1 where none is.

    Every bound is proven over all choices, so that none is missed that was left out while the prices were sought.
    """
    price, bound, split = exact_prices(choices, today, dual(choices, stop_at=stop_at), stop_at)
    found = [split]
    if choices.near.size <= MOST_CHOICES:
        exact = best_of_all(choices, stop_at - time.monotonic(), EVEN)
        if exact:
            return price, max(bound, exact[1]), exact[0]
    found.append(into_limits(split, choices, price, today, stop_at))
    best = _best(found, choices)
    if rank(best, choices) > (INSIDE, bound * (1.0 + CLOSE)) and time.monotonic() < stop_at:
        most = min(max(FEWEST_OPEN, EACH * len(price)), MOST_OPEN)
        open_ = left_open(choices, price, most)
        narrower = open_._replace(low=open_.low + SLIP, high=open_.high - SLIP)
        some = best_of_all(narrower, stop_at - time.monotonic(), TREE, NODES)
        if some:
            best = _best([best, some[0]], choices)
    return price, bound, best


def exact_prices(choices: Choices, today: Ints, price: Floats, stop_at: float) -> tuple[Floats, float, Ints]:
    """The prices that prove most, from ``price`` (m, k), what they prove, and the best if units may be split, (n,).

    Where the clock ends it, the best so far.
    """
    bound, choice = proven(choices, price), at_prices(choices, price)
    n, rows = len(choices.near), np.arange(len(choices.near))
    stays = (choices.near == today[:, None]) & (choices.near >= 0)
    home = np.where(stays.any(axis=1), stays.argmax(axis=1), -1).astype(np.int64)
    used = stays.copy()
    used[rows[home < 0], choice[home < 0]] = True
    most = EACH * len(price)
    last, far = price, STEP * float(np.abs(price).max()) or 1.0
    for _ in range(ROUNDS):
        if time.monotonic() > stop_at:
            break
        open_ = used.copy()
        for at in (price, last):
            place, over = np.empty((n, 2), dtype=np.int64), np.empty((n, 2))
            cheaper(effective(at, choices), choices.near, choices.cost, choices.load, home, place, over)
            best = np.argsort(over, axis=None, kind="stable")[:most]
            best = best[place.ravel()[best] >= 0]
            open_[best // 2, place.ravel()[best]] = True
        dearest = np.maximum(price, 0.0) + far, np.maximum(-price, 0.0) + far
        near = choices._replace(near=np.where(open_, choices.near, -1))
        split = best_if_split(near, dearest, stop_at - time.monotonic())
        if split is None:
            break
        used |= split.used
        last, choice = split.price, split.choice
        tried = [(proven(choices, one), at) for at, one in enumerate((last, 0.5 * (last + price)))]
        closer = max(tried)
        better = tried[0][0] > bound
        near_enough = split.cost <= max(bound, closer[0]) * (1.0 + EXACT)
        if closer[0] > bound:
            bound, price = closer[0], last if closer[1] == 0 else 0.5 * (last + price)
        if near_enough and split.broken <= SOME:
            break
        far *= FREE if near_enough else WIDER if better else 1.0 / NARROWER
    return price, bound, choice


def into_limits(choice: Ints, choices: Choices, price: Floats, today: Ints, stop_at: float) -> Ints:
    """Whole units into the limits by what they cost at these prices, (n,).

    At the best prices what hardly costs more moves first. By cost alone the search would take a heavy unit where it
    should take one that goes far.
    """
    worth, place = nearest_in_price(choices, price, [today, owned(choice, choices)])
    start = (place == choice[:, None]).argmax(axis=1).astype(np.int64)
    dear = worth._replace(cost=np.ascontiguousarray(priced(worth, price)))
    scale = float(np.abs(price).max()) or 1.0
    late = time.monotonic() > stop_at  # then once, and briefly, so that at least it is inside
    tries, until = (FIRST[:1], time.monotonic() + LATE) if late else (FIRST, stop_at)
    found = [settled(start, dear, None, STRICTER, until, first * scale) for first in tries]
    best: Ints = np.take_along_axis(place, _best(found, worth)[:, None], axis=1)[:, 0]
    return best


def rank(choice: Ints, choices: Choices) -> tuple[float, float]:
    """How far outside the limits, and the cost: the less the better."""
    out = max(outside(loads(choice, choices), choices), INSIDE)
    return out, float(choices.cost[np.arange(len(choice)), choice].sum())


def _best(found: list[Ints], choices: Choices) -> Ints:
    return min(found, key=lambda one: rank(one, choices))


def owned(choice: Ints, choices: Choices) -> Ints:
    """The territory of each unit, (n,)."""
    owner: Ints = choices.near[np.arange(len(choice)), choice]
    return owner


def proven(choices: Choices, price: Floats) -> float:
    """What no assignment within the limits can undercut."""
    return least(effective(price, choices), choices.near, choices.cost, choices.load) - constant(price, choices)


def nearest_in_price(choices: Choices, price: Floats, owners: list[Ints]) -> tuple[Choices, Ints]:
    """The same with the ``CHEAPEST`` choices of each unit at these prices, the territories of ``owners`` among them.

    Beside it the place that each had before, (n, c).
    """
    count = choices.near.shape[1]
    if count <= CHEAPEST:
        return choices, np.broadcast_to(np.arange(count), choices.near.shape)
    dear = priced(choices, price)
    for owner in owners:
        dear[(choices.near == owner[:, None]) & (choices.near >= 0)] = -np.inf
    best = np.sort(np.argpartition(dear, CHEAPEST, axis=1)[:, :CHEAPEST], axis=1)
    few = choices._replace(
        near=np.ascontiguousarray(np.take_along_axis(choices.near, best, axis=1)),
        cost=np.ascontiguousarray(np.take_along_axis(choices.cost, best, axis=1)),
        load=np.ascontiguousarray(np.take_along_axis(choices.load, best[:, :, None], axis=1)),
    )
    return few, best
