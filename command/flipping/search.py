"""The search for flips: every input at both ends on a few years, on more only where these leave it open.

What is decided rests on the numbers of years 0, 1, 2, … alone: not on what the store holds, nor on threads or engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from analysis.compare import FEWEST_YEARS
from analysis.flips import Tried, Years, nearest
from analysis.precision import half_width
from command.flipping.points import Points
from command.flipping.unknowns import Unknown

At = Callable[[float, int], Mapping[str, Years]]

BLOCK = 4  # times as many years where it is not
MOST_POINTS = 3  # played on the way to a flip
NEAR = 0.02  # of the span: a flip that is known so closely needs no further point


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
    found = {
        value: {key: usual[key] + (value - unknown.default) * slopes[key] for key in usual}
        for value in (unknown.low, unknown.default, unknown.high)
    }
    return _tried(unknown, found, slopes)


def _played(points: Points, unknown: Unknown, leader: str, usual: Mapping[str, Years]) -> Tried:
    every = len(next(iter(usual.values())))
    found: dict[float, Mapping[str, Years]] = {unknown.default: dict(usual)}

    def at(value: float, years: int) -> Mapping[str, Years]:
        money = {key: points.contribution(key, unknown, value, years) for key in (leader, *usual)}
        return {key: money[leader] - money[key] for key in usual}

    for end in unknown.ends:
        years = min(FEWEST_YEARS, every)
        found[end] = at(end, years)
        while years < every and not _settled(found[end], usual):
            years = min(BLOCK * years, every)
            found[end] = at(end, years)
        if years == every and _typical(found[end]) <= 0.0:
            _towards(found, at, unknown.default, end, every)
    return _tried(unknown, found, None)


def _settled(rivals: Mapping[str, Years], usual: Mapping[str, Years]) -> bool:
    """Whether the leading plan surely stays ahead of all: its lead as assumed, moved by the least that it may have moved."""
    moved = {key: years - usual[key][: years.size] for key, years in rivals.items()}
    return all(float(usual[key].mean() + one.mean()) > half_width(one) for key, one in moved.items())


def _typical(rivals: Mapping[str, Years]) -> float:
    return float(np.median(nearest(rivals)[1]))


def _towards(found: dict[float, Mapping[str, Years]], at: At, ahead: float, behind: float, years: int) -> None:
    """Plays between a value at which the plan leads and one at which it does not, by false position, until it is near.

    An end that stays where it is counts half as much the next time, or a curve would be walked from one side only.
    """
    span, usual = abs(behind - ahead), _typical(found[ahead])
    lead, lag = usual, _typical(found[behind])
    for _ in range(MOST_POINTS):
        part = min(max(lead / (lead - lag), 0.02), 0.98)
        value = float(f"{ahead + part * (behind - ahead):.6g}")
        if value in found or abs(behind - ahead) <= NEAR * span:
            return
        found[value] = at(value, years)
        now = _typical(found[value])
        if abs(now) <= NEAR * usual:
            return
        if now > 0.0:
            ahead, lead, lag = value, now, 0.5 * lag
        else:
            behind, lag, lead = value, now, 0.5 * lead


def _tried(
    unknown: Unknown, found: Mapping[float, Mapping[str, Years]], slopes: Mapping[str, Years] | None
) -> Tried:  # fmt: skip
    return Tried(
        unknown.key, unknown.words, unknown.unit, unknown.low, unknown.default, unknown.high, unknown.limits, found, slopes
    )  # fmt: skip
