"""Draws territories under a planner's rules, and says how good they are at best.

Prices first (`prices`): the nearly best split, and a bound. Then whole units into the limits (`settling`), every
territory in one piece if it must. Nothing depends on the clock but where to stop.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from scenarios.design.apart import apart
from scenarios.design.borders import Links, neighbours
from scenarios.design.breaches import Breach, breaches, told
from scenarios.design.centres import free_centres
from scenarios.design.choosing import A_HAIR, MOST_PAIRS, Ground
from scenarios.design.exact import MOST_CHOICES, best_of_all
from scenarios.design.fewest import fewest_by_prices
from scenarios.design.fitting import crowded
from scenarios.design.leaving import least_leaving, placed
from scenarios.design.limits import (
    KEPT,
    Limits,
    deviation,
    impossible,
    limits,
    off_band,
    round_down,
    round_up,
)
from scenarios.design.medoids import FEW_UNITS, around, around_medoids, locked, suits
from scenarios.design.moving import at_the_price_of_moves, moved_of_allowed
from scenarios.design.oversized import with_room
from scenarios.design.prices import dual
from scenarios.design.relaxing import can_be, out_of_reach, what_would_do
from scenarios.design.request import Drawn, Request
from scenarios.design.searching import INSIDE, at_prices, searched, whole
from scenarios.design.settling import LAST, STRICT, loads, outside
from scenarios.problems import InputError
from sim.world import Floats, Ints

__all__ = ["Drawn", "Request", "draw"]

SLIPS = 1e-6  # of a mean territory outside a limit: what sums in another order make
EXACT = 4.0  # seconds in which the best of all assignments is looked for
TRIES = 4  # with moves ever dearer, until no more moves than may


def draw(request: Request, strict: bool = True) -> Drawn:
    """Shares the units out.

    Raises InputError where the rules can't be met, naming the rule and the amount that would do. Not ``strict``: then
    the band is a wish, and what comes nearest to it is taken; all other rules hold as ever.
    """
    stop_at = time.monotonic() + request.seconds
    mean = _means(request, request.homes)
    ground = Ground(request, request.homes, limits(request, mean))
    links = (request.neighbours or _links(request)) if request.contiguous else None
    hard = ground if strict else _without_band(request, mean)
    said = impossible(hard.request, mean) + apart(hard.request, links) + crowded(hard.request, hard.limit)
    if said and (request.minimum or request.maximum):
        said[: len(impossible(hard.request, mean))] = impossible(hard.request, mean, _workable(hard, mean))
    if not said and request.places is not None and request.homes is None:
        ground = replace(ground, centres=free_centres(ground, stop_at))
    said = said or out_of_reach(ground)
    if said:
        raise InputError(said)
    if not strict:
        ground = replace(ground, limit=with_room(ground))
    if links is not None and suits(ground, links):
        return _redrawn(ground, links, stop_at)
    if request.aim == "change" and not request.moved:
        owner, price, bound, stopped = _fewest_changes(ground, links, stop_at)
    else:
        ground, owner, price, bound, stopped = _least_distance(ground, links, stop_at)
    if strict and not can_be(ground, bound):
        raise InputError([_no_design(ground, price, mean)])
    if request.moved and moved_of_allowed(request, owner) > 1.0 + INSIDE and not stopped:
        owner, said = _least_moved(ground, links, owner, stop_at)
        if said:
            raise InputError(said)
    return _answer(ground, links, owner, price, bound, stopped)


def broken_by(request: Request, owner: Ints) -> list[Breach]:
    """Every hard rule that somebody else's assignment, ``owner`` (n,), breaks."""
    ground = Ground(request, request.homes, limits(request, _means(request, request.homes)))
    choices = ground.choices(np.ascontiguousarray(owner[:, None]))
    total = loads(np.zeros(len(owner), dtype=np.int64), choices)
    links = (request.neighbours or _links(request)) if request.contiguous else None
    return breaches(ground, owner, total, links)


def _without_band(request: Request, mean: dict[str, float]) -> Ground:
    """The request's ground with hard rules only."""
    hard = replace(request, balance={})
    return Ground(hard, hard.homes, limits(hard, mean))


def _redrawn(ground: Ground, links: Links, stop_at: float) -> Drawn:
    """Territories in one piece with free centres, by redrawing borders; where there are many, beside the other way."""
    start = None
    if ground.request.units > FEW_UNITS or locked(ground).any():
        start = _least_distance(ground, links, stop_at)[1]
    owner = around_medoids(ground, links, start, stop_at)
    price = np.zeros((ground.request.territories, len(ground.limit.metrics)))
    return _answer(ground, links, owner, price, 0.0, time.monotonic() > stop_at, around(owner, ground))


def _fewest_changes(ground: Ground, links: Links | None, stop_at: float) -> tuple[Ints, Floats, float, bool]:
    """Owner, prices, the bound, and whether time ran out, where only what leaves its territory counts."""
    asked, choices = ground.request, ground.choices(ground.near())
    today = asked.today
    starts: list[Ints] = []
    beside: list[Ints] = []
    loose = links is None and ground.limit.floats.any() and choices.near.size > MOST_PAIRS
    if links is not None or loose:  # what is near is inside the limits, and hangs together, from the start
        near = replace(ground, request=replace(ground.request, aim="distance"))
        owner = _least_distance(near, links, stop_at)[1]
        beside.append(owner)
        starts.append((choices.near == owner[:, None]).argmax(axis=1).astype(np.int64))
    strict: tuple[tuple[float, ...], ...] = (LAST,)
    price, bound = np.zeros(choices.low.shape), -np.inf
    if time.monotonic() > stop_at and starts:
        return owner, price, bound, True
    by_prices = asked.fits is not None or asked.dearer is not None or bool(asked.leaves)
    if choices.near.size > MOST_CHOICES and not ground.limit.floats.any() and not by_prices:
        must = np.ascontiguousarray(choices.load[:, 0, :])
        stays = (choices.near == today[:, None]).any(axis=1) & (today >= 0)
        left = np.where(stays, today, -1)  # who may not stay has to leave, at any price
        leaving, bound = least_leaving(choices, left, ground.share, must, stop_at - time.monotonic())
        bound += float(ground.share[~stays & (today >= 0)].sum())
        starts.append(placed(choices, left, leaving, must))
    elif links is not None:
        price = dual(choices, stop_at=stop_at)
        bound = ground.proven(price)
        starts.append(at_prices(choices, price))
    else:
        price, bound, choices, starts = fewest_by_prices(choices, today, beside, stop_at)
        strict = (STRICT, LAST)
    rows = np.arange(len(choices.near))
    found: list[tuple[float, float, Ints]] = []
    for start in starts[::-1] if links is None else starts:
        for levels in strict:
            if found and (time.monotonic() > stop_at or (loose and found[0][0] <= INSIDE)):
                break
            choice, _ = searched(whole(start, choices, links, price), choices, links, stop_at, levels)
            out = max(outside(loads(choice, choices), choices), INSIDE)
            found.append((out, float(choices.cost[rows, choice].sum()), choice))
    best = min(found, key=lambda one: one[:2])[2]
    return np.ascontiguousarray(choices.near[rows, best]), price, bound, time.monotonic() > stop_at


def _least_distance(ground: Ground, links: Links | None, stop_at: float) -> tuple[Ground, Ints, Floats, float, bool]:
    """The ground with its price of moves, owner, prices, the bound, and whether time ran out."""
    if ground.request.moved:
        ground = at_the_price_of_moves(ground, stop_at)
    bound = -np.inf
    for _ in range(TRIES):
        choices = ground.choices(ground.near())
        price = dual(choices, stop_at=stop_at)
        bound = max(bound, ground.proven(price))
        few = choices.near.size <= MOST_CHOICES and links is None
        exact = best_of_all(choices, min(stop_at - time.monotonic(), EXACT)) if few else None
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
    ground: Ground,
    links: Links | None,
    owner: Ints,
    price: Floats,
    bound: float,
    stopped: bool,
    around_medoids: float | None = None,
) -> Drawn:
    """What was found, in the planner's units; where distance is to medoids, nothing is proven of it."""
    request = ground.request
    choices = replace(ground, price_of_moves=0.0).choices(np.ascontiguousarray(owner[:, None]))
    cost, total = float(choices.cost.sum()), loads(np.zeros(len(owner), dtype=np.int64), choices)
    word = "under these rules"
    if request.aim == "change" and request.dearer is None:
        cost = float(ground.share[(owner != request.today) & (request.today >= 0)].sum())
        bound -= A_HAIR * request.territories * _width(ground)
        word += ", in one piece or not" if request.contiguous else ""
    elif request.homes is None:
        word += " around these centres"
    off = deviation(total)
    said = off_band(request, ground.limit, total) + _binding(ground, price, cost)
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
    broken = tuple(told(breaches(ground, owner, total, links)))
    return Drawn(owner, cost * unit, proven * unit, by_name, (*broken, *said), stopped, word, broken)


def _means(request: Request, centres: Floats | None) -> dict[str, float]:
    """What a territory has on average of each measure; what grows with distance as if each went to the nearest."""
    mean = {name: float(values.sum()) / request.territories for name, values in request.measures.items()}
    if centres is not None and request.places is not None:
        ground = Ground(
            request, centres, Limits([], np.empty((0, 0)), np.empty((0, 0)), np.empty(0), np.empty(0, dtype=np.bool_))
        )
        nearest = ground.km(ground.near()[:, :1])[:, 0]
        for name, grown in request.per_km.items():
            mean[name] += float((grown * nearest).sum()) / request.territories
    return mean


def _links(request: Request) -> Links:
    if request.places is None:
        raise InputError(["contiguous=yes needs places or an adjacency file: nothing else says what is next to what"])
    return neighbours(request.places)


def _least_moved(ground: Ground, links: Links | None, owner: Ints, stop_at: float) -> tuple[Ints, list[str]]:
    """The owner (n,) that moves as much as it may, where one is found, and why none can be, where that is proven."""
    request, said = ground.request, []
    best = moved_of_allowed(request, owner)
    for name, most in request.moved.items():
        values = np.ones(request.units) if name == "accounts" else request.measures[name]
        only = replace(
            ground, request=replace(request, aim="change", weight=values, moved={}, dearer=None), price_of_moves=0.0
        )
        found, _, bound, _ = _fewest_changes(only, links, stop_at)
        total = loads(np.zeros(request.units, dtype=np.int64), only.choices(found[:, None]))
        kept = outside(total, only.choices(found[:, None])) <= SLIPS
        now = moved_of_allowed(request, found)
        if kept and now < best:
            owner, best = found, now
        least = bound / request.territories - A_HAIR * _width(ground)
        if least > most * (1.0 + 1e-6):
            moved = float(values[(found != request.today) & (request.today >= 0)].sum() / (values.sum() or 1.0))
            would = f"; most_moved={name}:{round_up(moved):g} would do" if kept else ""
            said.append(
                f"most_moved {name}:{most:g} is impossible beside the other rules: {round_down(least):.3g} at least "
                f"must move{would}"
            )
    return owner, said


def _width(ground: Ground) -> float:
    return float(np.ptp(ground.request.places, axis=0).sum()) if ground.request.places is not None else 0.0


def _no_design(ground: Ground, price: Floats, mean: dict[str, float]) -> str:
    """That the limits together leave nothing, which of them is the hardest, and what would do."""
    worst = ground.limit.metrics[int(np.abs(price).sum(axis=0).argmax())]
    worst = worst.replace(KEPT, "most_moved_per_rep of ")
    cures = _workable(ground, mean)
    would = " or ".join(cures) + " would do" if cures else "relax its limits"
    return f"the rules together can't be met, even if accounts could be split; {worst} is the hardest: {would}"


def _workable(ground: Ground, mean: dict[str, float]) -> list[str]:
    """Amounts of single rules that, relaxed alone, leave a design; each is held against one."""

    def design(now: Ground) -> tuple[Ints, bool]:
        now, owner, _, _, _ = _least_distance(now, None, time.monotonic() + now.request.seconds)
        choices = now.choices(owner[:, None])
        return owner, outside(loads(np.zeros(len(owner), dtype=np.int64), choices), choices) <= SLIPS

    return what_would_do(replace(ground, price_of_moves=0.0), mean, design)


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
