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
from scenarios.design.choosing import A_HAIR, Ground
from scenarios.design.exact import MOST_CHOICES, best_of_all
from scenarios.design.fewest import fewest_by_prices, into_limits, nearest_in_price, owned, rank
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
from scenarios.design.prices import Choices, dual
from scenarios.design.relaxing import can_be, impossible_band, out_of_reach, what_would_do
from scenarios.design.request import Drawn, Request
from scenarios.design.searching import INSIDE, at_prices, searched, whole
from scenarios.design.settling import LAST, STRICT, loads, outside
from scenarios.problems import InputError
from sim.world import Floats, Ints

__all__ = ["Drawn", "Request", "draw"]

SLIPS = 1e-6  # of a mean territory outside a limit: what sums in another order make
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
        ground, owner, price, bound, stopped = _least_distance(ground, links, stop_at, strict)
    if strict and not can_be(ground, bound):
        raise InputError([_no_design(ground, price, mean)])
    if strict and (out := impossible_band(ground, owner)):
        raise InputError([out])
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
    hangs = bool(ground.limit.floats.any()) or asked.fits is not None or asked.dearer is not None or bool(asked.leaves)
    if links is not None:
        return _fewest_in_one_piece(ground, choices, links, hangs, stop_at)
    if hangs or choices.near.size <= MOST_CHOICES:
        price, bound, start = fewest_by_prices(choices, asked.today, stop_at)
        choices, place = nearest_in_price(choices, price, [asked.today, owned(start, choices)])
        start = (place == start[:, None]).argmax(axis=1).astype(np.int64)
    else:
        price, (start, bound) = np.zeros(choices.low.shape), _by_leaving(ground, choices, stop_at)
    if outside(loads(start, choices), choices) > INSIDE:  # inside, any step that gains leads out, and back at a price
        levels = (STRICT, LAST) if hangs else (LAST,)
        found = [searched(start, choices, None, stop_at, level)[0] for level in levels]
        start = min(found, key=lambda one: rank(one, choices))
        if rank(start, choices)[0] > SLIPS and time.monotonic() > stop_at:
            start = into_limits(start, choices, price, asked.today, stop_at)
    return owned(start, choices), price, bound, time.monotonic() > stop_at


def _fewest_in_one_piece(
    ground: Ground, choices: Choices, links: Links, hangs: bool, stop_at: float
) -> tuple[Ints, Floats, float, bool]:
    """As `_fewest_changes`, every territory in one piece; the bound leaves that out.

    What is near hangs together, and is inside the limits, from the start.
    """
    near = replace(ground, request=replace(ground.request, aim="distance"))
    owner = _least_distance(near, links, stop_at)[1]
    price, bound = np.zeros(choices.low.shape), -np.inf
    if time.monotonic() > stop_at:
        return owner, price, bound, True
    if hangs or choices.near.size <= MOST_CHOICES:
        price = dual(choices, stop_at=stop_at)
        start, bound = at_prices(choices, price), ground.proven(price)
    else:
        start, bound = _by_leaving(ground, choices, stop_at)
    found: list[Ints] = []
    for one in ((choices.near == owner[:, None]).argmax(axis=1).astype(np.int64), start):
        if not found or time.monotonic() < stop_at:
            found.append(searched(whole(one, choices, links, price), choices, links, stop_at, LAST)[0])
    best = min(found, key=lambda one: rank(one, choices))
    return owned(best, choices), price, bound, time.monotonic() > stop_at


def _by_leaving(ground: Ground, choices: Choices, stop_at: float) -> tuple[Ints, float]:
    """A start for the search, (n,), and the bound, by the programme that says what leaves."""
    today, must = ground.request.today, np.ascontiguousarray(choices.load[:, 0, :])
    stays = (choices.near == today[:, None]).any(axis=1) & (today >= 0)
    left = np.where(stays, today, -1)  # who may not stay has to leave, at any price
    leaving, bound = least_leaving(choices, left, ground.share, must, stop_at - time.monotonic())
    return placed(choices, left, leaving, must), bound + float(ground.share[~stays & (today >= 0)].sum())


def _least_distance(
    ground: Ground, links: Links | None, stop_at: float, strict: bool = False
) -> tuple[Ground, Ints, Floats, float, bool]:
    """The ground with its price of moves, owner, prices, the bound, and whether time ran out.

    ``strict``: where the bound shows that nothing keeps the limits, nothing is searched for.
    """
    if ground.request.moved:
        ground = at_the_price_of_moves(ground, stop_at)
    bound = -np.inf
    for _ in range(TRIES):
        choices = ground.choices(ground.near())
        price = dual(choices, stop_at=stop_at)
        bound = max(bound, ground.proven(price))
        if strict and not can_be(ground, bound):
            return ground, owned(at_prices(choices, price), choices), price, bound, False
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
        now, owner, _, _, _ = _least_distance(now, None, time.monotonic() + now.request.seconds, strict=True)
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
