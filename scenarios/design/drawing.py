"""Draws territories under a planner's rules, and says how good they are at best.

Prices first (`prices`): the nearly best split, and a bound. Then whole units into the limits (`settling`), every territory
in one piece if it must. Nothing depends on the clock but where to stop.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from scenarios.design.borders import Links, mended, neighbours
from scenarios.design.centres import free_centres
from scenarios.design.choosing import Ground
from scenarios.design.limits import Limits, impossible, limits, reached
from scenarios.design.prices import Choices, cheapest, dual
from scenarios.design.request import Drawn, Request
from scenarios.design.settling import LAST, loads, settled
from scenarios.problems import InputError
from sim.world import Floats, Ints

__all__ = ["Drawn", "Request", "draw"]

NARROWER = (1.0, 0.7, 0.5, 0.3)  # of the band: aimed at until the search ends inside the whole of it
DEARER = 12  # steps in which the price of moves is found
INSIDE = 1e-9


def draw(request: Request, strict: bool = True) -> Drawn:
    """Shares the units out. Raises InputError where the rules can't be met, naming the rule and the amount that would do.

    Not ``strict``: what comes nearest to the rules is taken where they can't be met, as far as that is known at once.
    """
    stop_at = time.monotonic() + request.seconds
    said = impossible(request, _means(request, request.homes)) if strict else []
    if said:
        raise InputError(said)
    ground = Ground(request, request.homes, limits(request, _means(request, request.homes)))
    if request.places is not None and request.homes is None:
        ground = replace(ground, centres=free_centres(ground))
    said = _out_of_reach(ground)
    if said:
        raise InputError(said)
    links = (request.neighbours or _links(request)) if request.contiguous else None
    if request.moved:
        ground = _at_the_price_of_moves(ground)
    choices = ground.choices(ground.near())
    price = dual(choices)
    bound = ground.proven(price)
    owner, off, stopped = _searched(ground, choices, price, links, stop_at)
    if strict and bound > float(np.where(choices.near >= 0, choices.cost, -np.inf).max(axis=1).sum()) + INSIDE:
        raise InputError([_no_design(ground, price, owner)])
    final = replace(ground, price_of_moves=0.0)
    cost = _cost(final, owner)
    unit = float(request.weight.sum()) / request.territories or 1.0
    said = reached(request, ground.limit, off) + _binding(ground, price, cost)
    off_by = {name: float(off[at]) for at, name in enumerate(ground.limit.metrics)}
    return Drawn(owner, cost * unit, min(max(bound, 0.0), cost) * unit, off_by, tuple(said), stopped)


def _means(request: Request, centres: Floats | None) -> dict[str, float]:
    """What a territory has on average of each measure; what grows with distance as if each went to the nearest."""
    mean = {name: float(values.sum()) / request.territories for name, values in request.measures.items()}
    if centres is not None and request.places is not None:
        ground = Ground(request, centres, Limits([], np.empty(0), np.empty(0), np.empty(0)))
        nearest = ground.km(ground.near()[:, :1])[:, 0]
        for name, grown in request.per_km.items():
            mean[name] += float((grown * nearest).sum()) / request.territories
    return mean


def _links(request: Request) -> Links:
    if request.places is None:
        raise InputError(["contiguous=yes needs places or an adjacency file: nothing else says what is next to what"])
    return neighbours(request.places)


def _out_of_reach(ground: Ground) -> list[str]:
    """Units that no territory may have."""
    request = ground.request
    lost = np.flatnonzero((ground.near() < 0).all(axis=1))
    if not lost.size or ground.centres is None or request.places is None:
        return []
    away = np.sqrt(np.square(request.places[lost][:, None] - ground.centres[None]).sum(axis=2)).min(axis=1)
    worst = int(away.argmax())
    return [
        f"longest_km={request.longest_km:g} is impossible: {lost.size} accounts are farther than that from every centre; "
        f"{request.ids[int(lost[worst])]} is the farthest, longest_km={np.ceil(away[worst]):g} would reach all"
    ]


def _at_the_price_of_moves(ground: Ground) -> Ground:
    """The same with the least price at which the nearly best split moves no more than it may."""
    low, high = 0.0, 1.0
    for _ in range(DEARER):
        if _moves(replace(ground, price_of_moves=high)) <= 1.0:
            break
        low, high = high, 4.0 * high
    for _ in range(DEARER):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if _moves(replace(ground, price_of_moves=middle)) <= 1.0 else (middle, high)
    return replace(ground, price_of_moves=high)


def _moves(ground: Ground) -> float:
    """What the nearly best split moves, over what it may, of the rule that it breaks most."""
    choices = ground.choices(ground.near())
    choice = np.zeros(ground.request.units, dtype=np.int64)
    cheapest(dual(choices), choices.near, choices.cost, choices.load, choice)
    return moved_of_allowed(ground.request, choices.near[np.arange(len(choice)), choice])


def moved_of_allowed(request: Request, owner: Ints) -> float:
    """What changes territory over what may, of the rule that is broken most. 30 of 100 accounts, 20 % may: 1.5."""
    moved = (owner != request.today) & (request.today >= 0)
    shares = [0.0]
    for name, most in request.moved.items():
        values = np.ones(request.units) if name == "accounts" else request.measures[name]
        shares.append(float(values[moved].sum()) / (max(most, 1e-9) * (float(values.sum()) or 1.0)))
    return max(shares)


def _searched(
    ground: Ground, choices: Choices, price: Floats, links: Links | None, stop_at: float
) -> tuple[Ints, Floats, bool]:
    """The best owner (n,) found, how far its farthest territory is off the mean of each metric, whether time ran out."""
    rows = np.arange(ground.request.units)
    start = np.zeros(rows.size, dtype=np.int64)
    cheapest(price, choices.near, choices.cost, choices.load, start)
    if links is not None:
        reduced = choices.cost + (price[choices.near] * choices.load).sum(axis=2)
        owner = mended(choices.near[rows, start], links, np.where(choices.near >= 0, reduced, np.inf), choices.near)
        start = (choices.near == owner[:, None]).argmax(axis=1).astype(np.int64)
    best: tuple[tuple[float, float], Ints] | None = None
    stopped = False
    for share in NARROWER:
        middle = 0.5 * (choices.low + choices.high)
        room = 0.5 * share * (choices.high - choices.low)
        inner = choices._replace(low=middle - room, high=middle + room)
        choice = settled(start, inner, links)
        if share < 1.0:
            choice = settled(choice, choices, links, LAST)
        out = _out(ground, choice, choices)
        found = ((max(out, INSIDE), float(choices.cost[rows, choice].sum())), choice)
        best = found if best is None or found[0] < best[0] else best
        stopped = time.monotonic() > stop_at
        if out <= INSIDE or stopped:
            break
    assert best is not None
    choice = best[1]
    return choices.near[rows, choice], _off(loads(choice, choices)), stopped


def _off(total: Floats) -> Floats:
    """How far the farthest territory is off the mean of each metric, (k,), as a share of the mean."""
    mean = total.mean(axis=0)
    off: Floats = np.abs(total / np.where(mean > 0, mean, 1.0) - 1.0).max(axis=0, initial=0.0)
    return off


def _out(ground: Ground, choice: Ints, choices: Choices) -> float:
    """How far outside its limits the farthest territory is."""
    total = loads(choice, choices)
    return float(np.maximum(total - choices.high, choices.low - total).max(initial=0.0))


def _cost(ground: Ground, owner: Ints) -> float:
    made = ground.choices(np.ascontiguousarray(owner[:, None]))
    return float(made.cost.sum())


def _no_design(ground: Ground, price: Floats, owner: Ints) -> str:
    """That the limits together leave nothing, and which of them is the hardest."""
    worst = ground.limit.metrics[int(np.abs(price).sum(axis=0).argmax())]
    return f"the rules together can't be met, even if accounts could be split; {worst} is the hardest: relax its limits"


def _binding(ground: Ground, price: Floats, cost: float) -> list[str]:
    """Which rules bind, and what relaxing them would bring at most."""
    request = ground.request
    word = "weighted distance" if request.aim == "distance" else "what is moved"
    said = []
    if cost <= 0:
        return said
    for at, name in enumerate(ground.limit.metrics):
        gain = float(np.abs(price[:, at]).sum()) * 0.01 / cost
        if gain >= 0.0005 and name in request.balance:
            wider = request.tolerance + 0.01
            said.append(f"the band on {name} binds: tolerance={wider:g} would save up to {gain:.1%} of {word}")
    if ground.price_of_moves > 0:
        gain = 0.1 * ground.price_of_moves * len(request.moved) / cost
        rules = ", ".join(f"{name}:{most:g}" for name, most in request.moved.items())
        said.append(f"most_moved {rules} binds: a tenth more would save up to {gain:.1%} of {word}")
    return said
