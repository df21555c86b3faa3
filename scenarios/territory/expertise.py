"""Who of a team matches an account: by the rep's own region, and by fit for its industry or product."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scenarios.design import matching
from scenarios.design.matching import Words
from scenarios.design.said import numbers
from scenarios.market import Market
from scenarios.problems import InputError
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from sim.world import Floats, Ints

COLUMNS = ("region", "industry", "product")


class Expertise(NamedTuple):
    """Who may have which account, and what one costs more where it does not match; None: no such rule."""

    fits: NDArray[np.bool_] | None  # (n, m)
    dearer: Floats | None  # (n, m) km, or moves where change is the aim


def expertise(market: Market, team: Team, options: TerritoryOptions, aim: str) -> Expertise:
    """What `must_match` and `should_match` ask. Raises InputError with every word that nobody matches."""
    hard = numbers("territory.must_match", options.must_match, 0.0, COLUMNS)
    soft = numbers("territory.should_match", options.should_match, math.inf, COLUMNS, unsaid=True)
    found = {name: matched(market, team, name, options.least_fit) for name in {**hard, **soft}}
    ids = list(market.accounts["id"])
    problems = [one for name in hard for one in _nobody(market, team, name, options.least_fit, found[name])]
    fits = np.logical_and.reduce([found[name] for name in hard]) if hard else None
    if fits is not None and not problems and not fits.any(axis=1).all():
        lost = np.flatnonzero(~fits.any(axis=1))
        told = f"{lost.size:,} accounts, such as {ids[lost[0]]}, have nobody who matches {' and '.join(hard)} together"
        least = _best_together(market, team, tuple(hard), lost)
        cure = f"or territory.least_fit={math.floor(1000 * least) / 1000:g} would do" if least > 0 else "or hire"
        problems.append(f"territory.must_match: {told}; leave one to should_match, {cure}")
    if problems:
        raise InputError(problems)
    usual = matching.MOVES if aim == "change" else matching.KM
    price = {name: usual if math.isinf(one) else one for name, one in soft.items()}
    dearer = np.sum([np.where(found[name], 0.0, price[name]) for name in soft], axis=0) if soft else None
    return Expertise(fits, dearer)


def matched(market: Market, team: Team, column: str, least_fit: float) -> NDArray[np.bool_]:
    """Whether each rep matches each account's word in a column, (n, m)."""
    if column == "region":
        return matching.matches(_regions(market, team))
    word, known = pd.factorize(market.accounts[column])
    return (_fit(team, column, list(known)) >= least_fit - 1e-12).T[word]


def _best_together(market: Market, team: Team, columns: tuple[str, ...], rows: Ints) -> float:
    """The least fit that leaves each of these accounts somebody, in all columns at once; minus infinity for nobody."""
    level = np.full((len(market.accounts), len(team.reps)), np.inf)
    for column in columns:
        if column == "region":
            level[~matched(market, team, column, 0.0)] = -np.inf
        else:
            word, known = pd.factorize(market.accounts[column])
            level = np.minimum(level, _fit(team, column, list(known)).T[word])
    return float(level[rows].max(axis=1).min())


def _regions(market: Market, team: Team) -> Words:
    return Words(list(market.accounts["region"].fillna("")), list(team.reps["region"].fillna("")))


def _fit(team: Team, column: str, known: list[str]) -> Floats:
    """Each rep's fit for each word, (m, words); 1 where that is not known."""
    table = team.fit_industry if column == "industry" else team.fit_product
    return table.reindex(index=team.reps["id"], columns=known).fillna(1.0).to_numpy(dtype=np.float64)


def _nobody(market: Market, team: Team, column: str, least_fit: float, found: NDArray[np.bool_]) -> list[str]:
    """A sentence for each word of a column that nobody matches."""
    lost = ~found.any(axis=1)
    if not lost.any():
        return []
    if column == "region":
        told = matching.strangers(column, _regions(market, team), list(market.accounts["id"]), "no rep of the team")
        return [f"territory.must_match: {one}" for one in told]
    said: list[str] = []
    for word, count in pd.Series(market.accounts[column].to_numpy()[lost]).value_counts().sort_index().items():
        fit = _fit(team, column, [str(word)])[:, 0]
        best = int(fit.argmax())
        lack = f"{column} '{word}' ({count:,} accounts): nobody's fit is {least_fit:g}"
        cure = f"{team.reps['id'].iloc[best]} fits best; territory.least_fit={math.floor(1000 * fit[best]) / 1000:g}"
        said.append(f"territory.must_match: {lack}, {cure} would do")
    return said
