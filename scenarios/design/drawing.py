"""Draws territories under a planner's rules, and says how good they are at best.

Prices first (`prices`): the nearly best split, and a bound. Then whole units into the limits (`settling`), every
territory in one piece if it must. Nothing depends on the clock but where to stop.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from scenarios.design.borders import Links, mended, neighbours
from scenarios.design.centres import free_centres
from scenarios.design.choosing import Ground
from scenarios.design.exact import MOST_CHOICES, best_of_all
from scenarios.design.fitting import crowded
from scenarios.design.leaving import least_leaving, placed
from scenarios.design.limits import KEPT, Limits, impossible, limits, own_limits, reached
from scenarios.design.prices import Choices, cheapest, dual
from scenarios.design.request import Drawn, Request
from scenarios.design.settling import LAST, STRICT, loads, settled
from scenarios.problems import InputError
from sim.world import Floats, Ints

__all__ = ["Drawn", "Request", "draw"]

NARROWER = (1.0, 0.7, 0.5, 0.3)  # of the band: aimed at until the search ends inside the whole of it
MEANS = 4  # rounds in which the mean is found that a design's own travel brings
CLOSE = 0.1  # of the tolerance: so near the mean has to be guessed where accounts go to others than the nearest
DEARER = 12  # steps in which the price of moves is found
TRIES = 4  # with moves ever dearer, until no more moves than may
INSIDE = 1e-9


def draw(request: Request, strict: bool = True) -> Drawn:
    """Shares the units out.

    Raises InputError where the rules can't be met, naming the rule and the amount that would do. Not ``strict``: then
    what comes nearest to the rules is taken.
    """
    stop_at = time.monotonic() + request.seconds
    mean = _means(request, request.homes)
    found: list[tuple[float, float, int, Drawn]] = []
    for _ in range(MEANS if grows(request) else 1):
        before = mean
        drawn, mean = _drawn(request, before, strict, stop_at)
        out = max(
            (off * request.balance[name] for name, off in drawn.off.items() if name in request.balance), default=0
        )
        found.append((max(out, request.tolerance + INSIDE), drawn.cost, len(found), drawn))
        near = (request.fits is None and request.dearer is None) or _unmoved(before, mean, CLOSE * request.tolerance)
        if (out <= request.tolerance + INSIDE and near) or drawn.stopped:
            break
    return min(found, key=lambda one: one[:3])[-1]


def _unmoved(before: dict[str, float], mean: dict[str, float], by: float) -> bool:
    """Whether no mean is off by more than this share; who must match may live far away, which makes work of its own."""
    return all(abs(mean[name] - before[name]) <= by * before[name] for name in before)


def grows(request: Request) -> bool:
    """Whether something that is limited grows with the distance from the centre."""
    return any(name in request.per_km for name in (*request.balance, *request.minimum, *request.maximum))


def _drawn(request: Request, mean: dict[str, float], strict: bool, stop_at: float) -> tuple[Drawn, dict[str, float]]:
    """A design inside limits around ``mean``, and the means that territories really have in it."""
    ground = Ground(request, request.homes, limits(request, mean))
    said = impossible(request, mean) + crowded(request, ground.limit) if strict else []
    if not said and request.places is not None and request.homes is None:
        ground = replace(ground, centres=free_centres(ground))
    said = said or _out_of_reach(ground)
    if said:
        raise InputError(said)
    links = (request.neighbours or _links(request)) if request.contiguous else None
    plain = not request.moved and not request.leaves and request.dearer is None
    if request.aim == "change" and not grows(request) and plain:
        owner, price, bound, stopped = _fewest_changes(ground, links, stop_at)
    else:
        ground, owner, price, bound, stopped = _least_distance(ground, links, stop_at)
    dearest = ground.choices(ground.near())
    if strict and bound > float(np.where(dearest.near >= 0, dearest.cost, -np.inf).max(axis=1).sum()) + INSIDE:
        raise InputError([_no_design(ground, price)])
    drawn, total = _answer(ground, owner, price, bound, stopped)
    now = {name: float(total[:, at].mean() * ground.limit.mean[at]) for at, name in enumerate(ground.limit.metrics)}
    return drawn, {**mean, **now}


def _fewest_changes(ground: Ground, links: Links | None, stop_at: float) -> tuple[Ints, Floats, float, bool]:
    """Owner, no prices, the bound, and whether time ran out, where only what leaves its territory counts."""
    choices = ground.choices(ground.near())
    must = np.ascontiguousarray(choices.load[:, 0, :])
    stays = (choices.near == ground.request.today[:, None]).any(axis=1) & (ground.request.today >= 0)
    today = np.where(stays, ground.request.today, -1)  # who may not stay has to leave, at any price
    leaving, bound = least_leaving(choices, today, ground.share, must)
    bound += float(ground.share[~stays & (ground.request.today >= 0)].sum())
    start = _whole(placed(choices, today, leaving, must), choices, links)
    owner, stopped = _searched(start, choices, links, stop_at, LAST)
    return owner, np.zeros(choices.low.shape), bound, stopped


def _least_distance(ground: Ground, links: Links | None, stop_at: float) -> tuple[Ground, Ints, Floats, float, bool]:
    """The ground with its price of moves, owner, prices, the bound, and whether time ran out."""
    if ground.request.moved:
        ground = _at_the_price_of_moves(ground)
    bound = -np.inf
    for _ in range(TRIES):
        choices = ground.choices(ground.near())
        price = dual(choices)
        bound = max(bound, ground.proven(price))
        few = choices.near.size <= MOST_CHOICES and links is None and not grows(ground.request)
        exact = best_of_all(choices) if few else None
        if exact:
            owner, stopped = np.ascontiguousarray(choices.near[np.arange(len(exact[0])), exact[0]]), False
            bound = max(bound, exact[1] - ground.price_of_moves * len(ground.request.moved))
        else:
            owner, stopped = _searched(_at_prices(choices, price, links), choices, links, stop_at, STRICT)
        if stopped or moved_of_allowed(ground.request, owner) <= 1.0 + INSIDE:
            break
        ground = replace(ground, price_of_moves=2.0 * ground.price_of_moves)
    return ground, owner, price, bound, stopped


def _answer(ground: Ground, owner: Ints, price: Floats, bound: float, stopped: bool) -> tuple[Drawn, Floats]:
    """What was found, in the planner's units, and the loads of territories (m, k) in shares of the mean."""
    request = ground.request
    choices = replace(ground, price_of_moves=0.0).choices(np.ascontiguousarray(owner[:, None]))
    cost, total = float(choices.cost.sum()), loads(np.zeros(len(owner), dtype=np.int64), choices)
    mean = total.mean(axis=0)
    off = np.abs(total / np.where(mean > 0, mean, 1.0) - 1.0).max(axis=0, initial=0.0)
    said = reached(request, ground.limit, off, moved_of_allowed(request, owner)) + _binding(ground, price, cost)
    unit = float(request.weight.sum()) / request.territories or 1.0
    by_name = {name: float(off[at]) for at, name in enumerate(ground.limit.metrics)}
    broken = tuple(own_limits(request, ground.limit, total))
    least = min(max(bound, 0.0), cost) * unit
    return Drawn(owner, cost * unit, least, by_name, (*broken, *said), stopped, broken), total


def _means(request: Request, centres: Floats | None) -> dict[str, float]:
    """What a territory has on average of each measure; what grows with distance as if each went to the nearest."""
    mean = {name: float(values.sum()) / request.territories for name, values in request.measures.items()}
    if centres is not None and request.places is not None:
        ground = Ground(request, centres, Limits([], np.empty((0, 0)), np.empty((0, 0)), np.empty(0)))
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
    km = np.sqrt(np.square(request.places[lost][:, None] - ground.centres[None]).sum(axis=2))
    away = np.where(request.fits[lost], km, np.inf).min(axis=1) if request.fits is not None else km.min(axis=1)
    worst = int(away.argmax())
    rule, a_km = ("longest_minutes", request.minutes_a_km) if request.minutes_a_km else ("longest_km", 1.0)
    said = f"{rule}={request.longest_km * a_km:g} is impossible: {lost.size} accounts are farther than that from every "
    said += "home that may have them, " if request.fits is not None else "home, "
    farthest = request.ids[int(lost[worst])]
    return [said + f"{farthest} farthest; {rule}={np.ceil(away[worst] * a_km):g} would reach all"]


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


def _at_prices(choices: Choices, price: Floats, links: Links | None) -> Ints:
    """Each unit's cheapest choice at these prices, (n,), every territory in one piece if it must."""
    choice = np.zeros(len(choices.near), dtype=np.int64)
    cheapest(price, choices.near, choices.cost, choices.load, choice)
    return _whole(choice, choices._replace(cost=choices.cost + (price[choices.near] * choices.load).sum(axis=2)), links)


def _whole(choice: Ints, choices: Choices, links: Links | None) -> Ints:
    """The choices with every territory in one piece, if it must."""
    if links is None:
        return choice
    cost = np.where(choices.near >= 0, choices.cost, np.inf)
    owner = mended(choices.near[np.arange(len(choice)), choice], links, cost, choices.near)
    place: Ints = (choices.near == owner[:, None]).argmax(axis=1).astype(np.int64)
    return place


def _searched(
    start: Ints, choices: Choices, links: Links | None, stop_at: float, strict: tuple[float, ...]
) -> tuple[Ints, bool]:
    """The best owner (n,) found from ``start``, and whether time ran out."""
    rows = np.arange(len(choices.near))
    found: list[tuple[float, float, Ints]] = []
    stopped = False
    for share in NARROWER:
        middle = 0.5 * (choices.low + choices.high)
        room = 0.5 * share * (choices.high - choices.low)
        choice = settled(start, choices._replace(low=middle - room, high=middle + room), links, strict)
        if share < 1.0:
            choice = settled(choice, choices, links, LAST)
        found.append((max(_out(choice, choices), INSIDE), float(choices.cost[rows, choice].sum()), choice))
        stopped = time.monotonic() > stop_at
        if found[-1][0] <= INSIDE or stopped:
            break
    best = min(found, key=lambda one: one[:2])[2]
    return np.ascontiguousarray(choices.near[rows, best]), stopped


def _out(choice: Ints, choices: Choices) -> float:
    """How far outside its limits the farthest territory is."""
    total = loads(choice, choices)
    return float(np.maximum(total - choices.high, choices.low - total).max(initial=0.0))


def _no_design(ground: Ground, price: Floats) -> str:
    """That the limits together leave nothing, and which of them is the hardest."""
    worst = ground.limit.metrics[int(np.abs(price).sum(axis=0).argmax())]
    worst = worst.replace(KEPT, "most_moved_per_rep of ")
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
