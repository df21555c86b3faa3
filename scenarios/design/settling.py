"""Whole units into the limits: from the nearly best split, one unit at a time or two against each other."""

from __future__ import annotations

import math
import time
from typing import NamedTuple

import numpy as np

from scenarios.design.borders import Links, stays_whole
from scenarios.design.prices import Choices
from sim.rule import loop, step
from sim.world import Floats, Ints

STRICT = (30.0, 300.0, 3_000.0, 30_000.0)  # times a territory's mean cost, for share outside × (share outside + EDGE)
LAST = (30_000.0,)  # to end with
EDGE = 0.002  # so that the last hair outside is not free
SWEEPS = 40  # through all units at each strictness
TRADES = 6  # rounds of units against each other
BLOCK = 300_000_000  # choices compared between two looks at the clock


class _Map(NamedTuple):
    """What the search moves in, and its scratch."""

    near: Ints
    cost: Floats
    load: Floats
    low: Floats
    high: Floats
    starts: Ints  # empty where territories need not hang together
    ends: Ints
    seen: Ints
    queue: Ints


def settled(
    choice: Ints,
    choices: Choices,
    links: Links | None,
    strict: tuple[float, ...] = STRICT,
    stop_at: float = math.inf,
    scale: float = 0.0,
) -> Ints:
    """The choices (n,) after the search: inside the limits if it got there, at little more cost than at the start.

    ``scale`` is what ``strict`` multiplies, 0 = a territory's mean cost at the start.
    Limits that float are set by the mean of the loads before each sweep; in the end nothing moves, so they fit.
    """
    n, m = len(choice), len(choices.low)
    choice = choice.copy()
    owner = np.ascontiguousarray(choices.near[np.arange(n), choice])
    total = loads(choice, choices)
    starts, ends = links if links else (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
    land = _Map(
        choices.near, choices.cost, choices.load, choices.low.copy(), choices.high.copy(),
        starts, ends, np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64),
    )  # fmt: skip
    count = np.bincount(owner, minlength=m).astype(np.int64)
    mean = scale or float(choices.cost[np.arange(n), choice].sum()) / m or 1.0
    marks = np.zeros(1, dtype=np.int64)
    state = choice, owner, total, count, land
    for level in strict:
        for _ in range(SWEEPS):
            _float(land, choices, total)
            if not _sweep(*state, level * mean, marks) or time.monotonic() > stop_at:
                break
    for _ in range(TRADES):
        _float(land, choices, total)
        members = np.argsort(owner, kind="stable")
        first = np.searchsorted(owner[members], np.arange(m + 1))
        traded = 0
        each = max(BLOCK * m // (n * choices.near.shape[1] ** 2), 1)
        for begin in range(0, n, each):
            traded += _trade(*state, strict[-1] * mean, marks, members, first, begin, min(begin + each, n))
            if time.monotonic() > stop_at:
                return choice
        _float(land, choices, total)
        moved = _sweep(*state, strict[-1] * mean, marks)
        if not traded and not moved:
            break
    return choice


def _float(land: _Map, choices: Choices, total: Floats) -> None:
    """Sets the limits that float, by the mean of the loads as they are."""
    middle = np.where(choices.floats, total.mean(axis=0), 1.0)
    land.low[:] = choices.low * middle
    land.high[:] = choices.high * middle


def outside(total: Floats, choices: Choices) -> float:
    """How far outside its limits the farthest territory is, of loads (m, k) in shares of a mean territory."""
    middle = np.where(choices.floats, total.mean(axis=0), 1.0)
    return float(np.maximum(total - choices.high * middle, choices.low * middle - total).max(initial=0.0))


def loads(choice: Ints, choices: Choices) -> Floats:
    """What each territory has of each metric, (m, k), in shares of a mean territory."""
    rows, total = np.arange(len(choice)), np.zeros(choices.low.shape)
    np.add.at(total, choices.near[rows, choice], choices.load[rows, choice])
    return total


@step
def _excess(load: float, low: float, high: float) -> float:
    """The penalty of a load outside its limits."""
    out = 0.0
    if load > high:
        out = load - high
    elif load < low:
        out = low - load
    return out * (out + EDGE)


@step
def _swing(a: int, b: int, metric: int, to_a: float, to_b: float, total: Floats, land: _Map) -> float:
    """Change of penalty where territories ``a`` and ``b`` get so much more of a metric."""
    low_a, high_a = land.low[a, metric], land.high[a, metric]
    low_b, high_b = land.low[b, metric], land.high[b, metric]
    change: float = (
        _excess(total[a, metric] + to_a, low_a, high_a)
        - _excess(total[a, metric], low_a, high_a)
        + _excess(total[b, metric] + to_b, low_b, high_b)
        - _excess(total[b, metric], low_b, high_b)
    )
    return change


@step
def _exchanged(i: int, there: int, v: int, home: int, choice: Ints, total: Floats, land: _Map, strict: float) -> float:
    """Change of cost and penalty where unit ``i`` takes its choice ``there`` and ``v`` its choice ``home``."""
    here, now = choice[i], choice[v]
    a, b = land.near[i, here], land.near[i, there]
    change: float = land.cost[i, there] - land.cost[i, here] + land.cost[v, home] - land.cost[v, now]
    for metric in range(total.shape[1]):
        to_a = land.load[v, home, metric] - land.load[i, here, metric]
        to_b = land.load[i, there, metric] - land.load[v, now, metric]
        change += strict * _swing(a, b, metric, to_a, to_b, total, land)
    return change


@step
def _still_whole(i: int, b: int, v: int, owner: Ints, land: _Map, marks: Ints) -> bool:
    """Whether ``v`` may leave ``b`` for the territory of ``i`` when ``i`` comes in its place."""
    a = owner[i]
    owner[i] = b
    marks[0] += 1
    whole: bool = _touches(v, a, owner, land.starts, land.ends) and stays_whole(
        v, owner, land.starts, land.ends, land.seen, land.queue, marks[0]
    )
    owner[i] = a
    return whole


@step
def _shift(i: int, here: int, there: int, total: Floats, land: _Map, strict: float) -> float:
    """Change of cost and penalty if unit ``i`` goes to its choice ``there``."""
    a, b = land.near[i, here], land.near[i, there]
    change: float = land.cost[i, there] - land.cost[i, here]
    for metric in range(total.shape[1]):
        out, into = land.load[i, here, metric], land.load[i, there, metric]
        change += strict * _swing(a, b, metric, -out, into, total, land)
    return change


@step
def _touches(i: int, b: int, owner: Ints, starts: Ints, ends: Ints) -> bool:
    for e in range(starts[i], starts[i + 1]):  # noqa: SIM110  # any() of a generator does not compile
        if owner[ends[e]] == b:
            return True
    return False


@step
def _put(i: int, there: int, choice: Ints, owner: Ints, total: Floats, count: Ints, land: _Map) -> None:
    here = choice[i]
    a, b = land.near[i, here], land.near[i, there]
    for metric in range(total.shape[1]):
        total[a, metric] -= land.load[i, here, metric]
        total[b, metric] += land.load[i, there, metric]
    count[a] -= 1
    count[b] += 1
    choice[i] = there
    owner[i] = b


@loop
def _sweep(choice: Ints, owner: Ints, total: Floats, count: Ints, land: _Map, strict: float, marks: Ints) -> int:
    """Takes each unit in turn to the choice that helps most; how many moved."""
    n, c = land.near.shape
    whole = land.starts.size > 0
    moved = 0
    for i in range(n):
        here = choice[i]
        if count[owner[i]] < 2:
            continue
        best, place = -1e-12, -1
        for there in range(c):
            b = land.near[i, there]
            if b < 0 or there == here:
                continue
            change = _shift(i, here, there, total, land, strict)
            if change >= best:
                continue
            if whole and not _touches(i, b, owner, land.starts, land.ends):
                continue
            best = change
            place = there
        if place >= 0:
            marks[0] += 1
            if whole and not stays_whole(i, owner, land.starts, land.ends, land.seen, land.queue, marks[0]):
                continue
            _put(i, place, choice, owner, total, count, land)
            moved += 1
    return moved


@loop
def _trade(
    choice: Ints, owner: Ints, total: Floats, count: Ints, land: _Map, strict: float, marks: Ints,
    members: Ints, first: Ints, begin: int, end: int,
) -> int:  # fmt: skip
    """Gives units of territories outside their limits for units of others, where that helps; how many were traded.

    The units are rows ``begin`` to ``end``. ``members`` (n,) are the units territory by territory as the round begins,
    ``first`` (m + 1,) where each starts.
    """
    c = land.near.shape[1]
    whole = land.starts.size > 0
    traded = 0
    for i in range(begin, end):
        a = owner[i]
        if not _is_out(a, total, land):
            continue
        marks[0] += 1
        if whole and not stays_whole(i, owner, land.starts, land.ends, land.seen, land.queue, marks[0]):
            continue
        best, place, partner, back = -1e-9, -1, -1, -1
        for there in range(c):
            b = land.near[i, there]
            if b < 0 or b == a or (whole and not _touches(i, b, owner, land.starts, land.ends)):
                continue
            for at in range(first[b], first[b + 1]):
                v = members[at]
                if owner[v] != b:
                    continue
                home = _place_of(a, v, land.near)
                if home < 0:
                    continue
                change = _exchanged(i, there, v, home, choice, total, land, strict)
                if change >= best or (whole and not _still_whole(i, b, v, owner, land, marks)):
                    continue
                best, place, partner, back = change, there, v, home
        if partner >= 0:
            _put(i, place, choice, owner, total, count, land)
            _put(partner, back, choice, owner, total, count, land)
            traded += 1
    return traded


@step
def _is_out(j: int, total: Floats, land: _Map) -> bool:
    for metric in range(total.shape[1]):
        if _excess(total[j, metric], land.low[j, metric], land.high[j, metric]) > 0.0:
            return True
    return False


@step
def _place_of(j: int, i: int, near: Ints) -> int:
    for place in range(near.shape[1]):
        if near[i, place] == j:
            return place
    return -1
