"""Sharing accounts out so that all reps have about the same work: near home, or without places with few changes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import logsumexp

from scenarios.neighbours import nearest_reps
from scenarios.workload import hours_at
from sim.behaviour import Behaviour
from sim.rule import loop
from sim.world import Floats, Ints

MOST_PAIRS = 500_000  # up to here every rep is a candidate for every account
NEAR_REPS = 16  # candidates above that
COOLING = (30.0, 8.0, 2.0)  # km: how blurred borders are while prices are found
SWEEPS = 60


def share_out(
    accounts: pd.DataFrame, reps: pd.DataFrame, today: Ints, behaviour: Behaviour, places: bool, tolerance: float
) -> Ints:
    """A rep (row of ``reps``) for each account, (n,): workloads within ``tolerance`` of their mean where that can be.

    With ``places`` accounts go near home at the least travel that balance allows. Without, the fewest accounts change
    hands: ``today`` (n,) is the row of today's rep, -1 where he is not among ``reps``.
    """
    if len(reps) == 1 or accounts.empty:
        return np.zeros(len(accounts), dtype=np.int64)
    if places:
        return by_place(accounts, reps, behaviour, tolerance)
    hours = hours_at(np.zeros(len(accounts)), accounts["need"].to_numpy(), behaviour)
    return by_change(hours, today, len(reps), tolerance)


def by_place(accounts: pd.DataFrame, reps: pd.DataFrame, behaviour: Behaviour, tolerance: float) -> Ints:
    """The shares with least travel: prices that even the loads out, then single accounts moved into the band.

    Each account takes the rep with the least ``km + price``; prices are the dual of the transport problem, found on
    borders that are blurred at first (an annealed power diagram). What whole accounts leave uneven, `_settle` repairs.
    """
    m = len(reps)
    near, km = nearest_reps(accounts, reps, m if len(accounts) * m <= MOST_PAIRS else NEAR_REPS)
    need = accounts["need"].to_numpy(dtype=np.float64)
    hours = hours_at(km, np.broadcast_to(need[:, None], km.shape), behaviour)
    choice: Ints = (km + _prices(near, km, hours, m)[near]).argmin(axis=1)
    _settle(choice, near, hours, np.zeros(m), 0.5 * tolerance, SWEEPS)
    owner: Ints = near[np.arange(len(near)), choice]
    return owner


def _prices(near: Ints, km: Floats, hours: Floats, m: int) -> Floats:
    """What each rep adds to every distance, km, so that loads come out even: shape (m,)."""
    price = np.zeros(m)
    weight = hours[:, 0]  # hours with the nearest rep stand for the account's size
    goal = weight.sum() / m
    for blur in COOLING:

        def loss(p: Floats, blur: float = blur) -> tuple[float, Floats]:
            pull = -(km + p[near]) / blur
            top = logsumexp(pull, axis=1)
            part = np.exp(pull - top[:, None]) * weight[:, None]
            load = np.bincount(near.ravel(), weights=part.ravel(), minlength=m)
            return float((blur * top * weight).sum() / goal + p.sum()), 1.0 - load / goal

        price = minimize(loss, price, jac=True, method="L-BFGS-B", options={"maxiter": 60}).x
    return price


@loop
def _settle(choice: Ints, near: Ints, hours: Floats, load: Floats, band: float, sweeps: int) -> None:
    """Moves single accounts, in the order of rows, while that brings loads nearer the band or saves travel inside it.

    A move counts by its change of ``hours of all + sum of (hours outside the band)**2 / (0.02 * mean)``.
    """
    n, k = near.shape
    for i in range(n):
        load[near[i, choice[i]]] += hours[i, choice[i]]
    for _ in range(sweeps):
        mean = load.sum() / load.size
        low, high = mean * (1.0 - band), mean * (1.0 + band)
        strict = 1.0 / (0.02 * mean)
        moves = 0
        for i in range(n):
            a = near[i, choice[i]]
            here = hours[i, choice[i]]
            left = load[a] - here
            now_a = max(load[a] - high, 0.0, low - load[a])
            then_a = max(left - high, 0.0, low - left)
            best = -1e-9 * mean
            place = -1
            for c in range(k):
                b = near[i, c]
                if b == a:
                    continue
                full = load[b] + hours[i, c]
                now_b = max(load[b] - high, 0.0, low - load[b])
                then_b = max(full - high, 0.0, low - full)
                change = hours[i, c] - here
                change += strict * (then_a * then_a - now_a * now_a + then_b * then_b - now_b * now_b)
                if change < best:
                    best = change
                    place = c
            if place >= 0:
                load[a] = left
                load[near[i, place]] += hours[i, place]
                choice[i] = place
                moves += 1
        if moves == 0:
            break


def by_change(hours: Floats, today: Ints, m: int, tolerance: float) -> Ints:
    """The shares with few changes: loads brought into the band by moving one account at a time, shape (n,).

    Accounts without a rep go first, the largest to whoever has least. Then the rep farthest outside the band hands an
    account to the one with least (or takes one from the one with most), always the account that fits the gap best.
    """
    owner = np.array(today, dtype=np.int64)
    load = np.bincount(owner[owner >= 0], weights=hours[owner >= 0], minlength=m)
    for row in np.argsort(-np.where(owner < 0, hours, -1.0), kind="stable")[: int((owner < 0).sum())]:
        owner[row] = load.argmin()
        load[owner[row]] += hours[row]
    mean = load.mean()
    for _ in range(2 * len(owner)):
        full, empty = int(load.argmax()), int(load.argmin())
        if load[full] <= mean * (1.0 + tolerance) and load[empty] >= mean * (1.0 - tolerance):
            break
        rows = np.flatnonzero(owner == full)
        gap = min(load[full] - mean, mean - load[empty])
        row = rows[np.abs(hours[rows] - gap).argmin()]
        if hours[row] >= load[full] - load[empty]:  # moving it would only turn the two round
            break
        owner[row] = empty
        load[full] -= hours[row]
        load[empty] += hours[row]
    return owner


def seats(work: Floats, reps: int) -> Ints:
    """How many reps each group gets, one at least, in proportion to its work (Webster's method): shape (groups,).

    >>> seats(np.array([50.0, 30.0, 20.0]), 10).tolist()
    [5, 3, 2]
    """
    given = np.ones(len(work), dtype=np.int64)
    for _ in range(reps - len(work)):
        given[(work / (2 * given + 1)).argmax()] += 1
    return given
