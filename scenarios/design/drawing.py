"""Draws territories under a planner's rules, and says how good they are at best.

Prices first (`prices`): the nearly best split, and a bound. Then whole units into the limits (`settling`), every
territory in one piece if it must. Nothing depends on the clock but where to stop.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from scenarios.design.borders import Links, neighbours
from scenarios.design.centres import free_centres
from scenarios.design.choosing import A_HAIR, Ground
from scenarios.design.exact import MOST_CHOICES, best_of_all
from scenarios.design.leaving import least_leaving, placed
from scenarios.design.fewest import fewest_by_prices
from scenarios.design.limits import Limits, impossible, limits, reached
from scenarios.design.medoids import FEW_UNITS, around, around_medoids, locked, suits
from scenarios.design.prices import dual
from scenarios.design.request import Drawn, Request
from scenarios.design.searching import INSIDE, at_prices, searched, whole
from scenarios.design.settling import LAST, STRICT, loads, outside
from scenarios.problems import InputError
from sim.world import Floats, Ints

__all__ = ["Drawn", "Request", "draw"]

SLIPS = 1e-6  # of a mean territory outside a limit: what sums in another order make
DEARER = 12  # steps in which the price of moves is found
TRIES = 4  # with moves ever dearer, until no more moves than may


def draw(request: Request, strict: bool = True) -> Drawn:
    """Shares the units out.

    Raises InputError where the rules can't be met, naming the rule and the amount that would do. Not ``strict``: then
    what comes nearest to the rules is taken.
    """
    stop_at = time.monotonic() + request.seconds
    mean = _means(request, request.homes)
    ground = Ground(request, request.homes, limits(request, mean))
    said = impossible(request, mean) if strict else []
    if not said and request.places is not None and request.homes is None:
        ground = replace(ground, centres=free_centres(ground, stop_at))
    said = said or _out_of_reach(ground)
    if said:
        raise InputError(said)
    links = (request.neighbours or _links(request)) if request.contiguous else None
    if links is not None and suits(ground, links):
        return _redrawn(ground, links, stop_at)
    if request.aim == "change" and not request.moved:
        owner, price, bound, stopped = _fewest_changes(ground, links, stop_at)
    else:
        ground, owner, price, bound, stopped = _least_distance(ground, links, stop_at)
    dearest = ground.choices(ground.near())
    if strict and bound > float(np.where(dearest.near >= 0, dearest.cost, -np.inf).max(axis=1).sum()) + INSIDE:
        raise InputError([_no_design(ground, price)])
    return _answer(ground, owner, price, bound, stopped)


def _redrawn(ground: Ground, links: Links, stop_at: float) -> Drawn:
    """Territories in one piece with free centres, by redrawing borders; where there are many, beside the other way."""
    start = None
    if ground.request.units > FEW_UNITS or locked(ground).any():
        start = _least_distance(ground, links, stop_at)[1]
    owner = around_medoids(ground, links, start, stop_at)
    price = np.zeros((ground.request.territories, len(ground.limit.metrics)))
    return _answer(ground, owner, price, 0.0, time.monotonic() > stop_at, around(owner, ground))


def _fewest_changes(ground: Ground, links: Links | None, stop_at: float) -> tuple[Ints, Floats, float, bool]:
    """Owner, prices, the bound, and whether time ran out, where only what leaves its territory counts."""
    choices = ground.choices(ground.near())
    if ground.limit.floats.any() or choices.near.size <= MOST_CHOICES:
        price, bound, starts = fewest_by_prices(choices, stop_at)
    else:
        must = np.ascontiguousarray(choices.load[:, 0, :])
        leaving, bound = least_leaving(choices, ground.request.today, ground.share, must, stop_at - time.monotonic())
        starts = [placed(choices, ground.request.today, leaving, must)]
        price = np.zeros(choices.low.shape)
    found = [
        searched(whole(start, choices, links, price), choices, links, stop_at, strict)
        for start in starts
        for strict in ((LAST, STRICT) if links is None and ground.limit.floats.any() else (LAST,))
    ]
    rows = np.arange(len(choices.near))
    costs = [(outside(loads(one, choices), choices) > INSIDE, choices.cost[rows, one].sum()) for one, _ in found]
    best = found[min(range(len(found)), key=lambda at: costs[at])][0]
    return np.ascontiguousarray(choices.near[rows, best]), price, bound, time.monotonic() > stop_at


def _least_distance(ground: Ground, links: Links | None, stop_at: float) -> tuple[Ground, Ints, Floats, float, bool]:
    """The ground with its price of moves, owner, prices, the bound, and whether time ran out."""
    if ground.request.moved:
        ground = _at_the_price_of_moves(ground, stop_at)
    bound = -np.inf
    for _ in range(TRIES):
        choices = ground.choices(ground.near())
        price = dual(choices, stop_at=stop_at)
        bound = max(bound, ground.proven(price))
        few = choices.near.size <= MOST_CHOICES and links is None
        exact = best_of_all(choices, stop_at - time.monotonic()) if few else None
        if exact:
            choice, stopped = exact[0], False
            bound = max(bound, exact[1] - ground.price_of_moves * len(ground.request.moved))
        else:
            start = whole(at_prices(choices, price), choices, links, price)
            choice, stopped = searched(start, choices, links, stop_at)
        owner = np.ascontiguousarray(choices.near[np.arange(len(choice)), choice])
        if stopped or moved_of_allowed(ground.request, owner) <= 1.0 + INSIDE:
            break
        ground = replace(ground, price_of_moves=2.0 * ground.price_of_moves)
    return ground, owner, price, bound, stopped


def _answer(
    ground: Ground, owner: Ints, price: Floats, bound: float, stopped: bool, around_medoids: float | None = None
) -> Drawn:
    """What was found, in the planner's units; where distance is to medoids, nothing is proven of it."""
    request = ground.request
    choices = replace(ground, price_of_moves=0.0).choices(np.ascontiguousarray(owner[:, None]))
    cost, total = float(choices.cost.sum()), loads(np.zeros(len(owner), dtype=np.int64), choices)
    word = "under these rules"
    if request.aim == "change":
        cost = float(ground.share[(owner != request.today) & (request.today >= 0)].sum())
        bound -= A_HAIR * float(np.ptp(ground.centres, axis=0).sum()) if ground.centres is not None else 0.0
        word += ", in one piece or not" if request.contiguous else ""
    elif request.homes is None:
        word += " around these centres"
    mean = total.mean(axis=0)
    off = np.abs(total / np.where(mean > 0, mean, 1.0) - 1.0).max(axis=0, initial=0.0)
    said = reached(request, ground.limit, off, moved_of_allowed(request, owner)) + _binding(ground, price, cost)
    if around_medoids is not None:
        cost, word = around_medoids, ""
        said.append(
            "distance is counted to the account in the middle of each territory (the one nearest to its others); "
            "how near this is to the least possible is not proven"
        )
    kept = outside(total, choices) <= SLIPS
    unit = float(request.weight.sum()) / request.territories or 1.0
    by_name = {name: float(off[at]) for at, name in enumerate(ground.limit.metrics)}
    proven = min(max(bound, 0.0), cost) if kept else 0.0
    return Drawn(owner, cost * unit, proven * unit, by_name, tuple(said), stopped, word)


def _means(request: Request, centres: Floats | None) -> dict[str, float]:
    """What a territory has on average of each measure; what grows with distance as if each went to the nearest."""
    mean = {name: float(values.sum()) / request.territories for name, values in request.measures.items()}
    if centres is not None and request.places is not None:
        ground = Ground(
            request, centres, Limits([], np.empty(0), np.empty(0), np.empty(0), np.empty(0, dtype=np.bool_))
        )
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
    said = (
        f"longest_km={request.longest_km:g} is impossible: {lost.size} accounts are farther than that from every home, "
    )
    return [said + f"{request.ids[int(lost[worst])]} farthest; longest_km={np.ceil(away[worst]):g} would reach all"]


def _at_the_price_of_moves(ground: Ground, stop_at: float) -> Ground:
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


def _no_design(ground: Ground, price: Floats) -> str:
    """That the limits together leave nothing, and which of them is the hardest."""
    worst = ground.limit.metrics[int(np.abs(price).sum(axis=0).argmax())]
    return f"the rules together can't be met, even if accounts could be split; {worst} is the hardest: relax its limits"


def _binding(ground: Ground, price: Floats, cost: float) -> list[str]:
    """Which rules bind, and what relaxing them would bring at most."""
    request = ground.request
    word = "weighted distance" if request.aim == "distance" else "what is moved"
    said: list[str] = []
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
