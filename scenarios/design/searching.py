"""From prices to whole units: the nearly best split, then the search into the limits."""

from __future__ import annotations

import math
import time

import numpy as np

from scenarios.design.borders import Links, mended
from scenarios.design.prices import Choices, cheapest, effective
from scenarios.design.settling import LAST, STRICT, loads, outside, settled
from sim.world import Floats, Ints

NARROWER = (1.0, 0.7, 0.5, 0.3)  # of the band: aimed at until the search ends inside the whole of it
INSIDE = 1e-9


def at_prices(choices: Choices, price: Floats) -> Ints:
    """Each unit's cheapest choice at these prices, (n,)."""
    choice = np.zeros(len(choices.near), dtype=np.int64)
    cheapest(effective(price, choices), choices.near, choices.cost, choices.load, choice)
    return choice


def whole(choice: Ints, choices: Choices, links: Links | None, price: Floats | None = None) -> Ints:
    """The choices (n,) with every territory in one piece, if it must; at these prices, where there are any."""
    if links is None:
        return choice
    cost = np.where(choices.near >= 0, choices.cost, np.inf)
    if price is not None:
        cost = cost + (effective(price, choices)[choices.near] * choices.load).sum(axis=2)
    owner = mended(choices.near[np.arange(len(choice)), choice], links, cost, choices.near)
    place: Ints = (choices.near == owner[:, None]).argmax(axis=1).astype(np.int64)
    return place


def searched(
    start: Ints, choices: Choices, links: Links | None, stop_at: float = math.inf, strict: tuple[float, ...] = STRICT
) -> tuple[Ints, bool]:
    """The best choice (n,) found from ``start``, and whether time ran out."""
    rows = np.arange(len(choices.near))
    inside = outside(loads(start, choices), choices) <= INSIDE  # moves shift limits that float: it may be best as it is
    found = [(INSIDE, float(choices.cost[rows, start].sum()), start)] if inside else []
    for share in NARROWER:
        choice = settled(start, _narrowed(choices, share), links, strict, stop_at)
        if share < 1.0:
            choice = settled(choice, choices, links, LAST, stop_at)
        out = outside(loads(choice, choices), choices)
        found.append((max(out, INSIDE), float(choices.cost[rows, choice].sum()), choice))
        if out <= INSIDE or time.monotonic() > stop_at:
            break
    return min(found, key=lambda one: one[:2])[2], time.monotonic() > stop_at


def _narrowed(choices: Choices, share: float) -> Choices:
    """The same with limits nearer to the mean. Limits of 0.9 to 1.1, a share of 0.5: 0.95 to 1.05."""
    low = choices.low + (1.0 - share) * np.maximum(1.0 - choices.low, 0.0) * (choices.low > 0)
    high = choices.high - (1.0 - share) * np.maximum(choices.high - 1.0, 0.0) * (choices.high < 2.0)
    return choices._replace(low=low, high=high)
