"""Borders redrawn unit by unit: the compiled part of `scenarios.design.districts`.

A proposal hands one unit to a neighbouring territory, or swaps two. It is taken by the rule of Metropolis at a
temperature; what it leaves outside the band costs extra; what would tear a territory apart is refused.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.draws import DISTRICT, four
from sim.elementary import log
from sim.rule import loop, step
from sim.world import Floats, Ints

SWAPS = 0.5  # share of proposals that swap two units instead of handing over one
NEVER = 1e300


class Land(NamedTuple):
    """The units and what is near what; nothing of it changes."""

    size: Floats  # (n, k) in shares of a mean territory
    pull: Floats  # (n, n) what it costs that unit i belongs to medoid j: weight of i times distance, at [j, i]
    starts: Ints  # (n + 1,) neighbours of unit i are ends[starts[i] : starts[i + 1]]
    ends: Ints
    low: Floats  # (p, k) least and most that a territory may have, in shares of a mean territory
    high: Floats
    locked: NDArray[np.bool_]  # (n,) stays where it is


class Plan(NamedTuple):
    """Who has what, and what follows from it; kept up to date with every change."""

    owner: Ints  # (n,) territory of each unit
    load: Floats  # (p, k) in shares of a mean territory
    far: Floats  # (p, n) cost of territory j if unit i were its medoid
    cost: Floats  # (p,) cost with the best of its own units as medoid
    over: Floats  # (p,) how far outside the limits, summed over metrics
    members: Ints  # (p, n) units of each territory, `units` of them
    place: Ints  # (n,) where in `members` a unit stands
    units: Ints  # (p,) how many units each has
    seen: Ints  # (n,) scratch: the last search that met a unit
    queue: Ints  # (n,) scratch
    best: Ints  # (n,) the best plan so far, as owners
    least: Floats  # (2,) of the best plan: how far outside the band, cost


@loop
def take_stock(land: Land, plan: Plan) -> None:
    """Everything that follows from `plan.owner`, computed anew."""
    n = plan.owner.size
    plan.units[:] = 0
    plan.load[:] = 0.0
    plan.far[:] = 0.0
    for u in range(n):
        j = plan.owner[u]
        plan.members[j, plan.units[j]] = u
        plan.place[u] = plan.units[j]
        plan.units[j] += 1
        for m in range(land.size.shape[1]):
            plan.load[j, m] += land.size[u, m]
        for i in range(n):
            plan.far[j, i] += land.pull[i, u]
    for j in range(plan.units.size):
        plan.over[j] = excess(land, plan, j, -1, -1)
        plan.cost[j] = medoid_cost(land, plan, j, -1, -1)


@step
def excess(land: Land, plan: Plan, j: int, lost: int, won: int) -> float:
    """How far territory j would be outside its limits with unit `lost` gone and `won` added (-1: none)."""
    total = 0.0
    for m in range(land.size.shape[1]):
        load = plan.load[j, m]
        if lost >= 0:
            load -= land.size[lost, m]
        if won >= 0:
            load += land.size[won, m]
        total += max(load - land.high[j, m], 0.0) + max(land.low[j, m] - load, 0.0)
    return total


@step
def medoid_cost(land: Land, plan: Plan, j: int, lost: int, won: int) -> float:
    """The cost of territory j around its best medoid with unit `lost` gone and `won` added (-1: none)."""
    least = NEVER
    for c in range(plan.units[j]):
        i = plan.members[j, c]
        cost = plan.far[j, i]
        if lost >= 0:
            cost -= land.pull[i, lost]
        if won >= 0:
            cost += land.pull[i, won]
        if cost < least and i != lost:
            least = cost
    if won >= 0:
        cost = plan.far[j, won]
        if lost >= 0:
            cost -= land.pull[won, lost]
        least = min(least, cost)
    return least


@step
def borders_on(land: Land, plan: Plan, u: int, j: int, but: int) -> bool:
    """Whether unit u has a neighbour in territory j other than unit `but`."""
    found = False
    for e in range(land.starts[u], land.starts[u + 1]):
        v = land.ends[e]
        if plan.owner[v] == j and v != but:
            found = True
    return found


@loop
def stays_whole(land: Land, plan: Plan, j: int, lost: int, won: int, search: int) -> bool:
    """Whether territory j is connected without unit `lost` and with unit `won` (-1: none), being connected now.

    Walks from `won`, or from a neighbour of `lost`, until all neighbours of `lost` in j are met: mostly a few steps.
    """
    wanted = 0
    first = won
    for e in range(land.starts[lost], land.starts[lost + 1]):
        v = land.ends[e]
        if plan.owner[v] == j:
            plan.seen[v] = -search  # to be met
            wanted += 1
            if first < 0:
                first = v
    if first < 0:
        return False  # nothing would be left
    if plan.seen[first] == -search:
        wanted -= 1
    plan.seen[first] = search
    plan.queue[0] = first
    head, tail = 0, 1
    while wanted > 0 and head < tail:
        u = plan.queue[head]
        head += 1
        for e in range(land.starts[u], land.starts[u + 1]):
            v = land.ends[e]
            if plan.owner[v] != j or v == lost or plan.seen[v] == search:
                continue
            if plan.seen[v] == -search:
                wanted -= 1
            plan.seen[v] = search
            plan.queue[tail] = v
            tail += 1
    return wanted == 0


@step
def partner(land: Land, plan: Plan, a: int, b: int, u: int, luck: float) -> int:
    """A unit of b that borders on a without unit u, the first from a place in b that luck picks; -1 where none does."""
    size = plan.units[b]
    start = int(luck * size)
    found = -1
    for c in range(size):
        w = plan.members[b, (start + c) % size]
        if not land.locked[w] and borders_on(land, plan, w, a, u):
            found = w
            break
    return found


@step
def hand_over(land: Land, plan: Plan, u: int, b: int) -> None:
    """Unit u goes to territory b; costs and excess are left to the caller."""
    a = plan.owner[u]
    last = plan.members[a, plan.units[a] - 1]
    plan.members[a, plan.place[u]] = last
    plan.place[last] = plan.place[u]
    plan.units[a] -= 1
    plan.members[b, plan.units[b]] = u
    plan.place[u] = plan.units[b]
    plan.units[b] += 1
    plan.owner[u] = b
    for m in range(land.size.shape[1]):
        plan.load[a, m] -= land.size[u, m]
        plan.load[b, m] += land.size[u, m]
    for i in range(plan.owner.size):
        plan.far[a, i] -= land.pull[i, u]
        plan.far[b, i] += land.pull[i, u]


@step
def remember(plan: Plan) -> None:
    """Keeps the plan if it is the best so far: least outside the band, then cheapest."""
    over, cost = plan.over.sum(), plan.cost.sum()
    if over < plan.least[0] - 1e-12 or (over <= plan.least[0] + 1e-12 and cost < plan.least[1] * (1.0 - 1e-9)):
        plan.least[0], plan.least[1] = over, cost
        for i in range(plan.owner.size):  # a slice would allocate
            plan.best[i] = plan.owner[i]


@loop
def redraw(land: Land, plan: Plan, strict: float, heat: float, seed: int, turn: int, first: int, last: int) -> None:
    """Proposals ``first`` to ``last`` of a round at one temperature.

    Lowers cost + ``strict`` x excess, by Metropolis: a change for the worse by x is taken with chance exp(-x / heat).
    """
    remember(plan)
    n = plan.owner.size
    for number in range(first, last):
        r0, r1, r2, r3 = four(seed, 0, DISTRICT, turn, 0, number)
        u = int(r0 * n)
        from_, to = land.starts[u], land.starts[u + 1]
        a = plan.owner[u]
        b = plan.owner[land.ends[from_ + int(r1 * (to - from_))]] if to > from_ else a
        if a == b or land.locked[u]:
            continue
        w = -1
        if r3 < SWAPS:
            w = partner(land, plan, a, b, u, r3 / SWAPS)
            if w < 0:
                continue
        elif plan.units[a] == 1:
            continue
        most = -heat * log(r2)
        over_a, over_b = excess(land, plan, a, u, w), excess(land, plan, b, w, u)
        change = strict * (over_a + over_b - plan.over[a] - plan.over[b])
        if change - plan.cost[a] - plan.cost[b] > most:
            continue
        cost_a = medoid_cost(land, plan, a, u, w)
        cost_b = medoid_cost(land, plan, b, w, u)
        if change + cost_a + cost_b - plan.cost[a] - plan.cost[b] > most:
            continue
        if not stays_whole(land, plan, a, u, w, 2 * number + 1):
            continue
        if w >= 0:
            if not stays_whole(land, plan, b, w, u, 2 * number + 2):
                continue
            hand_over(land, plan, w, a)
        hand_over(land, plan, u, b)
        plan.over[a], plan.over[b], plan.cost[a], plan.cost[b] = over_a, over_b, cost_a, cost_b
        remember(plan)
