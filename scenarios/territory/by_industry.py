"""Reps specialise in an industry, or in a few small ones, each in what suits the team best."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from scenarios.market import Market
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from scenarios.territory.by_group import share_groups
from scenarios.territory.sharing import seats
from sim.behaviour import Behaviour
from sim.world import Floats, Ints


def design(market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour, seed: int) -> Ints:
    """Row of the rep for each account, (n,): each industry has its reps, by their fit to it."""
    names, fit = known_fit(market, team, "industry", team.fit_industry)
    return shared_by(market, team, options, behaviour, "industry", names, fit)


def known_fit(market: Market, team: Team, column: str, fit: pd.DataFrame) -> tuple[list[str], Floats]:
    """The words of a column in order, and what each rep is good at, (m, words); 1 where that is not known."""
    names = sorted(market.accounts[column].unique())
    return names, fit.reindex(index=team.reps["id"], columns=names).fillna(1.0).to_numpy(dtype=np.float64)


def shared_by(
    market: Market,
    team: Team,
    options: TerritoryOptions,
    behaviour: Behaviour,
    column: str,
    names: list[str],
    fit: Floats,
) -> Ints:
    """Row of the rep for each account, (n,), among the specialists for its word in ``column``.

    Reps are dealt to the words ``names`` in proportion to calls needed, small ones together where there are more of
    them than reps; who takes which is the assignment with the highest sum of ``fit`` (m, words). Specialists in the
    same share evenly, near home.
    """
    word = np.searchsorted(names, market.accounts[column].to_numpy(dtype=object)).astype(np.int64)
    need = market.accounts["need"].to_numpy(dtype=np.float64)
    work = np.bincount(word, weights=need, minlength=len(names)).astype(np.float64)
    bundle = bundles(work, min(len(names), len(team.reps)))
    return share_groups(market, team, options, behaviour, bundle[word], specialists(fit, work, bundle))


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
