"""Reps specialise in an industry, or in a few small ones, each in what suits the team best."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from scenarios.market import Market
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from scenarios.territory.by_group import share_groups
from scenarios.territory.sharing import seats
from sim.behaviour import Behaviour
from sim.world import Floats, Ints


def design(market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour, seed: int) -> Ints:
    """Row of the rep for each account, (n,).

    Reps are dealt to industries in proportion to calls needed, small industries together where there are more of
    them than reps; who takes which is the assignment with the highest sum of fit. Inside an industry reps share evenly,
    near home.
    """
    names = sorted(market.accounts["industry"].unique())
    industry = np.searchsorted(names, market.accounts["industry"].to_numpy(dtype=object)).astype(np.int64)
    need = market.accounts["need"].to_numpy(dtype=np.float64)
    work = np.bincount(industry, weights=need, minlength=len(names)).astype(np.float64)
    bundle = bundles(work, min(len(names), len(team.reps)))
    fit = team.fit_industry.reindex(index=team.reps["id"], columns=names).fillna(1.0).to_numpy(dtype=np.float64)
    return share_groups(market, team, options, behaviour, bundle[industry], specialists(fit, work, bundle))


def bundles(work: Floats, count: int) -> Ints:
    """A bundle for each industry, (industries,): the largest first, each into the bundle with least work so far.

    >>> bundles(np.array([5.0, 4.0, 2.0, 1.0]), 2).tolist()
    [0, 1, 1, 0]
    """
    bundle = np.zeros(len(work), dtype=np.int64)
    filled = np.zeros(count)
    empty = np.ones(count, dtype=bool)
    for place in np.argsort(-work, kind="stable"):
        bundle[place] = np.where(empty, -1.0, filled).argmin()
        filled[bundle[place]] += work[place]
        empty[bundle[place]] = False
    return bundle


def specialists(fit: Floats, work: Floats, bundle: Ints) -> Ints:
    """The bundle of each rep, (m,): seats in proportion to work, filled so that fit (m, industries) adds up highest."""
    count = int(bundle.max()) + 1
    inside = (bundle[:, None] == np.arange(count)) * work[:, None]
    suits = fit @ (inside / inside.sum(axis=0))
    seat = np.repeat(np.arange(count), seats(inside.sum(axis=0), len(fit)))
    rows, places = linear_sum_assignment(suits[:, seat], maximize=True)
    group = np.empty(len(fit), dtype=np.int64)
    group[rows] = seat[places]
    return group
