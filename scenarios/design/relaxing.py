"""Rules that can't be kept together: how far each alone would have to be relaxed, held against a real design.

Where there are too many accounts to draw a design for each amount, the least band is told that whole accounts can't
undercut. Nothing here hangs on the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, hstack, vstack

from scenarios.design.choosing import Ground
from scenarios.design.limits import deviation, limits, round_down, round_up
from scenarios.design.prices import dual
from scenarios.design.request import Request
from scenarios.design.searching import INSIDE
from scenarios.design.settling import loads
from sim.world import Ints

MOST_PAIRS = 60_000  # of units and territories, up to which designs are drawn to hold an amount against
WIDEST = 1_000.0  # times the amount stated
HALVINGS = 8
FURTHER = (1.0, 1.02, 1.1, 1.3, 2.0)  # times the least amount for units that may be split, until whole ones fit

Design = Callable[[Ground], tuple[Ints, bool]]  # owner (n,), and whether every limit is kept
Rule = tuple[Callable[[float], Request], Callable[[Request], str]]


def can_be(ground: Ground, bound: float) -> bool:
    """Whether the bound leaves a design: none costs more than each unit's dearest choice."""
    choices = ground.choices(ground.near())
    dearest = np.where(choices.near >= 0, choices.cost, -np.inf).max(axis=1).sum()
    return bound <= float(dearest) * (1.0 + INSIDE) + INSIDE


def what_would_do(ground: Ground, mean: dict[str, float], design: Design) -> list[str]:
    """For each rule that relaxed alone leaves a design: the amount, as the planner writes it. A design keeps it.

    Above MOST_PAIRS the least tolerance, where accounts may be split.
    """
    if ground.request.units * ground.request.territories > MOST_PAIRS:
        least = least_tolerance(ground)
        return [] if least is None else [f"tolerance={round_up(least):g} (or a little more, as accounts are whole)"]
    said = []
    for relaxed, word in _rules(ground.request):

        def at(factor: float, relaxed: Callable[[float], Request] = relaxed) -> Ground:
            request = relaxed(factor)
            return replace(ground, request=request, limit=limits(request, mean))

        def fine(factor: float, at: Callable[[float], Ground] = at) -> bool:
            now = at(factor)
            if (now.near() < 0).all(axis=1).any():
                return False
            return can_be(now, now.proven(dual(now.choices(now.near()))))

        if not fine(WIDEST):
            continue
        low, high = 0.0, float(np.log(WIDEST))
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            low, high = (low, middle) if fine(float(np.exp(middle))) else (middle, high)
        for further in FURTHER:
            now = at(float(np.exp(high)) * further)
            if design(now)[1]:
                said.append(word(now.request))
                break
    return said


def least_tolerance(ground: Ground) -> float | None:
    """The least band that a design with split accounts could keep; None where no band does, or the mean floats.

    Minimise t, so that each territory's share of the mean of each balanced metric is within 1 ± t / weight and all
    other limits hold. Territories of 3 and 9 equal accounts that nobody else reaches: 0.5.
    """
    request, limit = ground.request, ground.limit
    if limit.floats.any() or not request.balance:
        return None
    choices = ground.choices(ground.near())
    unit, place = np.nonzero(choices.near >= 0)
    n, m, q = request.units, request.territories, unit.size
    under, top = [], []
    for at, name in enumerate(limit.metrics):
        values = (choices.load[unit, place, at], (choices.near[unit, place], np.arange(q)))
        load = coo_array(values, shape=(m, q))
        band = 1.0 / request.balance[name] if name in request.balance else 0.0
        high, low = (np.full(m, 1.0),) * 2 if band else (limit.high[:, at], limit.low[:, at])
        for way, edge in ((1.0, high), (-1.0, low)):
            under.append(hstack([way * load, coo_array(np.full((m, 1), -band))]))
            top.append(way * edge)
    each = coo_array((np.ones(q), (unit, np.arange(q))), shape=(n, q + 1))
    found: Any = linprog(  # type: ignore[call-overload]  # takes sparse matrices too
        np.append(np.zeros(q), 1.0), A_ub=vstack(under).tocsr(), b_ub=np.concatenate(top),
        A_eq=each.tocsr(), b_eq=np.ones(n), bounds=(0.0, None), method="highs-ipm",
    )  # fmt: skip
    return float(found.fun) if found.status == 0 else None


def impossible_band(ground: Ground, owner: Ints) -> str:
    """Why ``owner`` (n,) is outside the band, where a linear programme proves that all must be; else empty."""
    request, choices = ground.request, ground.choices(np.ascontiguousarray(owner[:, None]))
    off = deviation(loads(np.zeros(len(owner), dtype=np.int64), choices))
    narrower = np.array([request.balance.get(name, 0.0) for name in ground.limit.metrics])
    if (off * narrower <= request.tolerance).all():
        return ""
    least = least_tolerance(ground)
    if least is None or least <= request.tolerance * (1.0 + 1e-6) + 1e-9:
        return ""
    told = f"tolerance={request.tolerance:g} can't be met beside the other rules, even if accounts could be split"
    return f"{told}; tolerance={round_up(least):g} (or a little more, as accounts are whole) would do"


def _rules(request: Request) -> Iterator[Rule]:
    if request.balance:
        yield (
            lambda factor: replace(request, tolerance=round_up(max(request.tolerance, 1e-3) * factor)),
            lambda now: f"tolerance={now.tolerance:g}",
        )
    for name in request.maximum:
        yield (
            lambda factor, name=name: replace(  # type: ignore[misc]
                request, maximum={**request.maximum, name: round_up(request.maximum[name] * factor)}
            ),
            lambda now, name=name: f"maximum={name}:{now.maximum[name]:.6g}",  # type: ignore[misc]
        )
    for name in request.minimum:
        yield (
            lambda factor, name=name: replace(  # type: ignore[misc]
                request, minimum={**request.minimum, name: round_down(request.minimum[name] / factor)}
            ),
            lambda now, name=name: f"minimum={name}:{now.minimum[name]:.6g}",  # type: ignore[misc]
        )
    if request.longest_km > 0:
        yield (
            lambda factor: replace(request, longest_km=round_up(request.longest_km * factor)),
            lambda now: (
                f"longest_minutes={now.longest_km * now.minutes_a_km:g}"
                if now.minutes_a_km
                else f"longest_km={now.longest_km:g}"
            ),
        )
    for name in request.leaves:
        yield (
            lambda factor, name=name: replace(  # type: ignore[misc]
                request, leaves={**request.leaves, name: min(round_up(max(request.leaves[name], 1e-3) * factor), 1.0)}
            ),
            lambda now, name=name: f"most_moved_per_rep={name}:{now.leaves[name]:g}",  # type: ignore[misc]
        )


def out_of_reach(ground: Ground) -> list[str]:
    """Units that no territory may have: too far from all, or locked where it is too far."""
    request = ground.request
    lost = np.flatnonzero((ground.near() < 0).all(axis=1))
    if not lost.size or ground.centres is None or request.places is None or request.longest_km <= 0:
        return []
    away = np.sqrt(np.square(request.places[lost][:, None] - ground.centres[None]).sum(axis=2))
    if request.fits is not None:
        away = np.where(request.fits[lost], away, np.inf)
    free = request.homes is None
    nearest, what = away.min(axis=1), f"farther than that from every {'centre found' if free else 'home'}"
    if request.locked is not None:
        stays = request.locked[lost] & (request.today[lost] >= 0)
        if stays.any():
            nearest = np.where(stays, away[np.arange(lost.size), request.today[lost]], nearest)
            what += ", or locked in a territory that is"
    worst = int(nearest.argmax())
    what += " that may have them" if request.fits is not None else ""
    rule, a_km = ("longest_minutes", request.minutes_a_km) if request.minutes_a_km else ("longest_km", 1.0)
    verdict = "was not reached" if free else "is impossible"
    far = f"{rule}={request.longest_km * a_km:g} {verdict}: {lost.size} accounts are {what}"
    cure = f"{rule}={round_up(float(nearest[worst]) * a_km):g} would reach all"
    return [f"{far}, {request.ids[int(lost[worst])]} farthest; {cure}"]
