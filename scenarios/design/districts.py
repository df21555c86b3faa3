"""Districts with free centres: connected, balanced territories on a map of units, as compact as can be found.

Every territory is as far away as its units are from its medoid, the one of them that is nearest to all the others. The
borders are redrawn by simulated annealing (`scenarios.design.redrawing`), several rounds of it, each from a hot start.
"""

from __future__ import annotations

import math
import time

import numpy as np

from scenarios.design.redrawing import Land, Plan, redraw, take_stock
from scenarios.problems import InputError
from sim.draws import DISTRICT, four
from sim.world import Floats, Ints

PROPOSALS = 90_000_000  # five seconds for 200 units
ROUNDS = 9
STAGES = 100  # temperatures of a round
HOT, COLD = 1.0, 0.05  # the first and the last, in mean distances of a unit to its medoid
STRICT = (1.5, 2.5, 4.0)  # what 100 % of a mean load outside the band costs, in mean costs of a territory, in turn
STRICTER = 2.0  # all three grow so much while nothing within the band was found
ROUNDING = 1e-9  # the band is so much narrower inside, so that sums in any order are within it


def districts(
    size: Floats,
    distance: Floats,
    starts: Ints,
    ends: Ints,
    territories: int,
    tolerance: float,
    seed: int,
    proposals: int = PROPOSALS,
    weight: Floats | None = None,
) -> Ints:
    """The territory, 0 to p - 1, of each unit, (n,): connected, nearest to the band, then with the least cost found.

    ``size`` (n, k) >= 0 are the metrics; each metric of each territory should be within ``tolerance`` (0.05: 5 %) of
    their mean. ``distance`` (n, n) is in km, each unit's counted ``weight`` (n,) times, once if there is none. Unit i
    has the neighbours ``ends[starts[i]:starts[i + 1]]``, and is one of theirs. Territories are numbered by their first
    unit.

    The work is ``proposals``, never a time. Luck goes by place: the caller sorts units by key, then the order in which
    they were read does not matter. Whether the band was reached, `outside` says.

    >>> line = np.array([[0.0, 1, 9], [1, 0, 8], [9, 8, 0]])
    >>> path = np.array([0, 1, 3, 4]), np.array([1, 0, 2, 1])
    >>> size = np.array([[1.0], [1], [2]])
    >>> districts(size, line, *path, territories=2, tolerance=0.05, seed=1, proposals=9000).tolist()
    [0, 0, 1]
    """
    piece = pieces(np.zeros(len(size), dtype=np.int64), starts, ends)
    _check(len(size), int(piece.max(initial=-1)) + 1, territories)
    total = size.sum(axis=0)
    share = np.ascontiguousarray(size[:, total > 0] * (territories / total[total > 0]))
    edge = np.full((territories, share.shape[1]), tolerance - ROUNDING)
    free = np.zeros(len(size), dtype=np.bool_)
    pull = distance.T if weight is None else (distance * weight[:, None]).T
    land = Land(share, np.ascontiguousarray(pull), starts, ends, 1.0 - edge, 1.0 + edge, free)
    best = redrawn(land, distance, None, territories, seed, proposals)
    _, first, number = np.unique(best, return_index=True, return_inverse=True)
    named: Ints = first.argsort().argsort()[number]
    return named


def redrawn(
    land: Land, distance: Floats, start: Ints | None, territories: int, seed: int, proposals: int,
    stop_at: float = math.inf,
) -> Ints:  # fmt: skip
    """The best owner (n,) of several rounds, each from a start of its own, or all from the ``start`` (n,) given.

    Best is nearest to the limits, then cheapest. At ``stop_at`` (of the monotonic clock) the best so far is taken.
    """
    piece = pieces(np.zeros(len(land.size), dtype=np.int64), land.starts, land.ends)
    factor = 1.0
    least, best = (np.inf, np.inf), piece
    for turn in range(ROUNDS):
        begin = start
        if begin is None:
            begin = _grown(land, distance, piece, territories, four(seed, 0, DISTRICT, turn, 1, 0)[0])
        strict = STRICT[turn % len(STRICT)] * factor
        plan = _round(land, begin, territories, strict, seed, turn, proposals // ROUNDS, stop_at)
        found = float(plan.least[0]), float(plan.least[1])
        if found < least:
            least, best = found, plan.best
        if least[0] > 0 and (turn + 1) % len(STRICT) == 0:
            factor *= STRICTER
        if time.monotonic() > stop_at:
            break
    return best


def _check(n: int, islands: int, territories: int) -> None:
    """Refuses what no plan can meet."""
    problems = []
    if not 1 <= territories <= n:
        problems.append(f"{territories} territories of {n} units: choose 1 to {n}")
    if islands > territories:
        problems.append(
            f"the map has {islands} parts that do not touch, so {territories} connected territories can't cover it: "
            f"choose {islands} territories or more, or name more neighbours"
        )
    if problems:
        raise InputError(problems)


def _round(
    land: Land, start: Ints, territories: int, strict: float, seed: int, turn: int, proposals: int, stop_at: float
) -> Plan:
    """One annealing from ``start``, geometrically cooled; its best plan is in ``best``."""
    n, k = land.size.shape
    plan = Plan(
        owner=start.copy(),
        load=np.zeros((territories, k)),
        far=np.zeros((territories, n)),
        cost=np.zeros(territories),
        over=np.zeros(territories),
        members=np.zeros((territories, n), dtype=np.int64),
        place=np.zeros(n, dtype=np.int64),
        units=np.zeros(territories, dtype=np.int64),
        seen=np.zeros(n, dtype=np.int64),
        queue=np.zeros(n, dtype=np.int64),
        best=start.copy(),
        least=np.full(2, np.inf),
    )
    take_stock(land, plan)
    cost = plan.cost.sum()
    each = max(proposals // STAGES, 1)
    for stage in range(STAGES):
        heat = cost / n * HOT * (COLD / HOT) ** (stage / (STAGES - 1))
        redraw(land, plan, strict * cost / territories, heat, seed, turn, stage * each, (stage + 1) * each)
        take_stock(land, plan)  # sums kept up over millions of changes drift
        if time.monotonic() > stop_at:
            break
    return plan


def _grown(land: Land, distance: Floats, piece: Ints, territories: int, luck: float) -> Ints:
    """A connected plan to start from: seeds far apart, the lightest territory that can takes the unit nearest its seed.

    A part of the map that touches no other gets seeds by its size, one at least; its first one is where ``luck``
    (0 to 1) falls, so that rounds start apart.
    """
    size = land.size.sum(axis=1) if land.size.shape[1] else np.ones(len(distance))
    parts = [np.flatnonzero(piece == part) for part in range(int(piece.max()) + 1)]
    seeds = [int(part[int(luck * len(part))]) for part in parts]
    while len(seeds) < territories:
        given = np.bincount(piece[seeds])
        room = np.bincount(piece) > given
        part = np.where(room, np.bincount(piece, weights=size) / given, -1.0).argmax()
        gap = distance[seeds].min(axis=0)
        gap[seeds] = -1.0
        seeds.append(int(np.where(piece == part, gap, -2.0).argmax()))
    owner = np.full(len(size), -1, dtype=np.int64)
    owner[seeds] = np.arange(territories)
    while (owner < 0).any():
        load = np.bincount(owner[owner >= 0], weights=size[owner >= 0], minlength=territories)
        for j in load.argsort(kind="stable"):
            mine = np.flatnonzero(owner == j)
            around = np.unique(np.concatenate([land.ends[land.starts[u] : land.starts[u + 1]] for u in mine]))
            free = around[owner[around] < 0]
            if len(free):
                owner[free[distance[seeds[j], free].argmin()]] = j
                break
    return owner


def compactness(owner: Ints, distance: Floats, weight: Floats | None = None) -> float:
    """What all units are away from the medoids of their territories, km: the least over each territory's own units.

    ``owner`` (n,), ``distance`` (n, n) km, each unit's counted ``weight`` (n,) times.

    >>> line = np.abs(np.subtract.outer([0.0, 1, 2, 9], [0.0, 1, 2, 9]))
    >>> compactness(np.array([0, 0, 0, 1]), line)  # around the second unit 1 + 0 + 1, the fourth is alone
    2.0
    """
    scaled = distance if weight is None else distance * weight[:, None]
    return float(sum(scaled[np.ix_(owner == j, owner == j)].sum(axis=0).min() for j in np.unique(owner)))


def outside(owner: Ints, size: Floats, territories: int) -> float:
    """How far a territory is from the mean at most, as a share of it, over all metrics of which there is anything.

    ``owner`` (n,), ``size`` (n, k); ``territories`` also counts those without a unit.

    >>> outside(np.array([0, 0, 1]), np.array([[1.0, 1], [1, 2], [2, 5]]), 2)  # loads 2 and 2, and 3 and 5 around 4
    0.25
    """
    load = np.array([np.bincount(owner, weights=metric, minlength=territories) for metric in size.T if metric.any()])
    if load.size == 0:
        return 0.0
    return float(np.abs(load / load.mean(axis=1, keepdims=True) - 1.0).max())


def connected(owner: Ints, starts: Ints, ends: Ints) -> bool:
    """Whether each territory is of one piece; neighbours as in `districts`.

    >>> path = np.array([0, 1, 3, 4]), np.array([1, 0, 2, 1])
    >>> connected(np.array([0, 0, 1]), *path), connected(np.array([0, 1, 0]), *path)
    (True, False)
    """
    return len(np.unique(pieces(owner, starts, ends))) == len(np.unique(owner))


def pieces(owner: Ints, starts: Ints, ends: Ints) -> Ints:
    """The connected piece of its territory that each unit is in, (n,), numbered by their first units.

    >>> pieces(np.array([0, 1, 0]), np.array([0, 1, 3, 4]), np.array([1, 0, 2, 1])).tolist()
    [0, 1, 2]
    """
    piece = np.full(len(owner), -1, dtype=np.int64)
    count = 0
    for first in range(len(owner)):
        if piece[first] >= 0:
            continue
        piece[first] = count
        queue = [first]
        for u in queue:
            for v in ends[starts[u] : starts[u + 1]].tolist():
                if owner[v] == owner[u] and piece[v] < 0:
                    piece[v] = count
                    queue.append(v)
        count += 1
    return piece
