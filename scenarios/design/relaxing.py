"""Rules that can't be kept together: how far each alone would have to be relaxed, held against a real design."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from scenarios.design.choosing import Ground
from scenarios.design.limits import limits, round_down, round_up
from scenarios.design.prices import dual
from scenarios.design.request import Request
from scenarios.design.searching import INSIDE
from sim.world import Ints

SECONDS = 5.0  # of looking for amounts, at most
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
    """For each rule that relaxed alone leaves a design: the amount, as the planner writes it. A design keeps it."""
    until = time.monotonic() + SECONDS
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

        if time.monotonic() > until or not fine(WIDEST):
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
            if time.monotonic() > until:
                break
    return said


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
