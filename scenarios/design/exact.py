"""The best of all assignments, or of those that prices leave open, by HiGHS."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_matrix, csr_matrix, hstack, identity, vstack

from scenarios.design.prices import Choices, priced
from sim.world import Floats, Ints

MOST_CHOICES = 1_000  # of all units together: up to here the best of all is looked for
NODES = 500  # of the search tree: with so few choices it is done in about a second, whatever the clock says
BEST = 4  # choices of a unit, so that not all that are open are of a few units
SOME = 1e-9  # of a unit: less is nothing


class _Programme(NamedTuple):
    """The choices of all units that have more than one, and the limits of what is left for them."""

    unit: Ints  # (q,) row of the unit and place of the choice
    place: Ints
    cost: Floats  # (q + k,) of the choices, and of the means of the metrics
    each: csr_matrix  # a row a unit: its choices add up to 1
    mean: csr_matrix  # a row a floating metric: mean load less mean = ``level``
    level: Floats
    under: csr_matrix  # rows of floating and of fixed limits: at most ``top``; high ones first, then low ones
    top: Floats
    rows: Ints  # (r,) place of each row of ``under`` in the prices: territory x k + metric
    sign: Floats  # (r,) 1 for a high limit, −1 for a low one
    given: float  # what the units cost that have no choice


def _programme(choices: Choices) -> _Programme:
    m, k = choices.low.shape
    fixed = (choices.near >= 0).sum(axis=1) == 1
    alone = np.flatnonzero(fixed)
    only = (choices.near[alone] >= 0).argmax(axis=1)
    base = np.zeros((m, k))
    np.add.at(base, choices.near[alone, only], choices.load[alone, only])
    unit, place = np.nonzero((choices.near >= 0) & ~fixed[:, None])
    rows, at = choices.near[unit, place], np.arange(unit.size)
    free, nth = np.unique(unit, return_inverse=True)
    each = coo_matrix((np.ones(unit.size), (nth, at)), shape=(free.size, unit.size)).tocsr()
    means, level, under, top, where, sign = [_beside(csr_matrix((0, unit.size)), k)], [np.empty(0)], [], [], [], []
    for one in range(k):
        load = coo_matrix((choices.load[unit, place, one], (rows, at)), shape=(m, unit.size)).tocsr()
        has = base[:, one]
        if choices.floats[one]:
            means.append(_beside(csr_matrix(load.sum(axis=0) / m), k, one, -1.0))
            level.append(np.array([-has.mean()]))
        for way, edge in ((1.0, choices.high[:, one]), (-1.0, choices.low[:, one])):
            bounded = choices.floats[one]
            under.append(_beside(way * load, k, one if bounded else -1, -way * edge))
            top.append(way * ((0.0 if bounded else edge) - has))
            where.append(np.arange(m) * k + one)
            sign.append(np.full(m, way))
    return _Programme(
        unit, place, np.concatenate([choices.cost[unit, place], np.zeros(k)]), _beside(each, k),
        vstack(means).tocsr(), np.concatenate(level), vstack(under).tocsr(), np.concatenate(top),
        np.concatenate(where), np.concatenate(sign), float(choices.cost[alone, only].sum()),
    )  # fmt: skip


def _beside(load: csr_matrix, k: int, one: int = -1, mean: Floats | float = 0.0) -> csr_matrix:
    """The rows with a column for the mean of each metric, 0 but in that of metric ``one``."""
    beside = np.zeros((load.shape[0], k))
    if one >= 0:
        beside[:, one] = mean
    return hstack([load, csr_matrix(beside)]).tocsr()


def best_of_all(
    choices: Choices, seconds: float = math.inf, close: float = 0.0, nodes: int = NODES
) -> tuple[Ints, float] | None:
    """The choices (n,) of least cost inside the limits and what is proven of it; None where none was found.

    One of a unit's choices is 1, the others 0; loads add up to low at least and high at most, times the mean where
    limits float: the mean is one more unknown for each metric.
    """
    one = _programme(choices)
    if not one.unit.size:
        return None
    q, k = one.unit.size, choices.low.shape[1]
    found = milp(
        one.cost,
        constraints=[
            LinearConstraint(one.each, 1.0, 1.0),
            LinearConstraint(one.mean, one.level, one.level),
            LinearConstraint(one.under, -np.inf, one.top),
        ][:: 1 if one.level.size else 2],
        integrality=np.concatenate([np.ones(q), np.zeros(k)]),
        bounds=Bounds(0.0, np.concatenate([np.ones(q), np.full(k, np.inf)])),
        options={
            "node_limit": nodes,
            "mip_rel_gap": close,
            **({"time_limit": max(seconds, 0.1)} if math.isfinite(seconds) else {}),
        },
    )
    return None if found.x is None else (_taken(choices, one, found.x), float(found.mip_dual_bound) + one.given)


class Split(NamedTuple):
    """The best where units may be split, and limits may be broken at a price."""

    choice: Ints  # (n,) each unit's largest part
    price: Floats  # (m, k)
    used: NDArray[np.bool_]  # (n, c) what has a part
    cost: float  # with what is paid for broken limits
    broken: float  # by which limits are, in shares of a mean territory, all together


def best_if_split(choices: Choices, dearest: tuple[Floats, Floats], seconds: float = math.inf) -> Split | None:
    """The best where units may be split; None where time ran out.

    Breaking a high limit by a mean territory costs ``dearest[0]`` (m, k), a low one ``dearest[1]``: so there always is
    an answer, and no price is higher. Hardly a unit is split, no more of them than there are limits that bind.
    """
    one = _programme(choices)
    (m, k), q, r = choices.low.shape, len(one.cost), len(one.top)
    if not one.unit.size:
        return None
    away = np.where(one.sign > 0, dearest[0].ravel()[one.rows], dearest[1].ravel()[one.rows])
    equal = vstack([one.each, one.mean]).tocsr()
    found: Any = linprog(  # type: ignore[call-overload]  # takes sparse matrices too
        np.concatenate([one.cost, away]),
        A_ub=hstack([one.under, csr_matrix(-identity(r))]).tocsr(), b_ub=one.top,
        A_eq=hstack([equal, csr_matrix((equal.shape[0], r))]).tocsr(),
        b_eq=np.concatenate([np.ones(one.each.shape[0]), one.level]),
        bounds=(0.0, None), method="highs", options={"time_limit": max(seconds, 0.1)} if math.isfinite(seconds) else {},
    )  # fmt: skip
    if found.x is None or found.status != 0:
        return None
    price = np.zeros(m * k)
    np.add.at(price, one.rows, -found.ineqlin.marginals * one.sign)
    used = np.zeros(choices.near.shape, dtype=np.bool_)
    some = found.x[: one.unit.size] > SOME
    used[one.unit[some], one.place[some]] = True
    broken = float(found.x[q:].sum())
    return Split(_taken(choices, one, found.x), price.reshape(m, k), used, float(found.fun) + one.given, broken)


def _taken(choices: Choices, one: _Programme, share: Floats) -> Ints:
    """Each unit's choice (n,) with the largest share."""
    choice: Ints = (choices.near >= 0).argmax(axis=1).astype(np.int64)
    order = np.argsort(share[: one.unit.size], kind="stable")
    choice[one.unit[order]] = one.place[order]
    return choice


def left_open(choices: Choices, price: Floats, most: int) -> Choices:
    """The same with only those choices that are hardly dearer at these prices than a unit's cheapest.

    ``most`` besides the cheapest, half of them so that each territory has as many as the others: where prices are not
    yet right, all units want the same few. What costs least without prices stays open, too.
    """
    over = priced(choices, price)
    flat, where = over.ravel(), np.maximum(choices.near, 0).ravel()
    if most + len(over) >= flat.size:
        return choices._replace(near=np.where(np.isfinite(over), choices.near, -1))
    few = over
    if over.shape[1] > BEST:
        few = np.where(over <= np.partition(over, BEST - 1, axis=1)[:, BEST - 1 : BEST], over, np.inf)
    last = np.partition(few.ravel(), most // 2 + len(over))[most // 2 + len(over)]
    stays = (few <= last).ravel()
    territories = len(price)
    each = most // (2 * territories)
    order = np.lexsort((flat, where))
    first = np.searchsorted(where[order], np.arange(territories))
    rank = np.arange(flat.size) - first[where[order]]
    stays[order[rank < each]] = True
    cheap = np.where(choices.near >= 0, choices.cost, np.inf).argmin(axis=1)
    stays[np.arange(len(over)) * over.shape[1] + cheap] = True
    stays &= np.isfinite(flat)
    return choices._replace(near=np.where(stays.reshape(over.shape), choices.near, -1))
