"""The search for flips: every input at both ends on a few years, on more only where these leave it open.

What is decided rests on the numbers of years 0, 1, 2, … alone: not on what the store holds, nor on threads or engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from analysis.flips import Tried, Years, nearest
from analysis.notes import FEWEST_YEARS
from analysis.precision import half_width
from command.flipping.points import Points
from command.flipping.unknowns import Unknown

At = Callable[[float], dict[str, Years]]

BLOCK = 4  # times as many years where it is not
MOST_POINTS = 3  # played on the way to a flip
NEAR = 0.25  # of what luck leaves open of the mean: a lead as small as that is played closely enough


def search(
    points: Points, unknowns: Sequence[Unknown], leader: str, usual: Mapping[str, Years]
) -> Iterator[Tried]:  # fmt: skip
    """What is found for each input in turn; ``usual`` are the leading plan's differences to others as assumed."""
    for unknown in unknowns:
        if unknown.slope is not None:
            yield _line(points, unknown, leader, usual)
        else:
            yield _played(points, unknown, leader, usual)


def _line(points: Points, unknown: Unknown, leader: str, usual: Mapping[str, Years]) -> Tried:
    """An input that enters linearly, from the stored years alone."""
    assert unknown.slope is not None
    years = len(next(iter(usual.values())))
    slope = {key: unknown.slope(played)[:years] for key, played in points.plans.items()}
    slopes = {key: slope[leader] - slope[key] for key in usual}
    found: dict[float, dict[str, Years]] = {
        value: {key: usual[key] + (value - unknown.default) * slopes[key] for key in usual}
        for value in (unknown.low, unknown.default, unknown.high)
    }
    return _tried(unknown, found, slopes)


def _played(points: Points, unknown: Unknown, leader: str, usual: Mapping[str, Years]) -> Tried:
    every = len(next(iter(usual.values())))
    found: dict[float, dict[str, Years]] = {unknown.default: dict(usual)}

    def at(value: float, years: int, rivals: Sequence[str]) -> dict[str, Years]:
        money = {key: points.contribution(key, unknown, value, years) for key in (leader, *rivals)}
        return {key: money[leader] - money[key] for key in rivals}

    for end in unknown.ends:
        years, still = min(FEWEST_YEARS, every), list(usual)
        found[end] = at(end, years, still)
        while years < every and (still := [key for key in still if not _settled(found[end][key], usual[key])]):
            years = min(BLOCK * years, every)
            found[end] |= at(end, years, still)
        if still and _typical({key: found[end][key] for key in still}) <= 0.0:
            _towards(found, partial(at, years=every, rivals=still), unknown.default, end)
    return _tried(unknown, found, None)


def _settled(years: Years, usual: Years) -> bool:
    """Whether the leading plan surely stays ahead: its lead as assumed, moved by the least that it may have moved."""
    moved = years - usual[: years.size]
    return float(usual.mean() + moved.mean()) > half_width(moved)


def _typical(rivals: Mapping[str, Years]) -> float:
    return float(np.median(nearest(rivals)[1]))


def _towards(found: dict[float, dict[str, Years]], at: At, ahead: float, behind: float) -> None:
    """Plays between a value at which the plan leads and one at which it does not, until luck alone hides the rest.

    By false position; an end that stays where it is counts half as much the next time, or a curve would be walked from
    one side only.
    """
    keys = tuple(at_end for at_end in found[behind] if found[behind][at_end].size == found[ahead][at_end].size)
    lead, lag = (_typical({key: found[value][key] for key in keys}) for value in (ahead, behind))
    for _ in range(MOST_POINTS if lead > 0.0 else 0):
        part = min(max(lead / (lead - lag), 0.02), 0.98)
        value = float(f"{ahead + part * (behind - ahead):.6g}")
        if value in found:
            return
        found[value] = at(value)
        now = _typical(found[value])
        if abs(now) <= NEAR * half_width(nearest(found[value])[1]):
            return
        if now > 0.0:
            ahead, lead, lag = value, now, 0.5 * lag
        else:
            behind, lag, lead = value, now, 0.5 * lead


def _tried(
    unknown: Unknown, found: dict[float, dict[str, Years]], slopes: dict[str, Years] | None
) -> Tried:  # fmt: skip
    ends = unknown.low, unknown.default, unknown.high
    return Tried(unknown.key, unknown.words, unknown.unit, *ends, unknown.limits, found, slopes)
