"""Groups of accounts that stay with one rep: a city, a segment, a company with its subsidiaries.

A design sees one row a group, as if it were one account; what it answers holds for all accounts of the group.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scenarios.design.groups import numbered, related
from scenarios.design.said import words
from scenarios.market import Market
from scenarios.problems import InputError, nearest
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from sim.world import Floats, Ints

COLUMNS = ("city", "county", "postcode", "region", "industry", "product", "size", "parent")
BY_WORD = {
    "by_region": ("region",),
    "by_industry": ("industry",),
    "by_product": ("product",),
    "by_size": ("size",),
    "by_stage": ("stage",),
    "hybrid": ("region", "industry"),
}  # the words that these designs tell accounts apart by
MOST_ASTRAY = 0.1  # of all calls, that groups may hold under another word than their main one
FIRST = ("id", "key", "name", "cell")
MEANS = ("latitude", "longitude", "x_km", "y_km", "order_size", "deal_size", "win_logit", "margin")
COUNT = "accounts"  # how many accounts a row stands for


def kept_together(market: Market, team: Team, options: TerritoryOptions) -> Ints:
    """Number of the group of each account, (n,), in the order of their lowest keys.

    Raises InputError where the column is not there, where groups are fewer than reps, and where the design tells
    accounts apart by what a group mixes.
    """
    column, table = options.keep_together, market.accounts
    if column not in COLUMNS:
        raise InputError([f"territory.keep_together: there is no '{column}'; {nearest(column, COLUMNS)}"])
    if column not in table:
        there = [one for one in COLUMNS if one in table]
        lack = f"territory.keep_together={column}: the accounts have no column '{column}'"
        raise InputError([f"{lack}; choose from: {', '.join(there)}"])
    if not (table[column].fillna("") != "").any():
        raise InputError([f"territory.keep_together={column}: no account of this market has a {column}"])
    group = numbered(table["key"].to_numpy(), families(table) if column == "parent" else labels(table, column))
    problems = []
    count = int(group.max()) + 1
    if count < len(team.reps):
        few = f"{count} groups for {len(team.reps)} reps: some would go without"
        problems.append(f"territory.keep_together={column}: {few}; keep smaller groups together, or none")
    if options.adjacency:
        problems.append("territory.adjacency names accounts; leave keep_together out with it")
    if column != "parent":
        problems.extend(_mixed(market, options, group))
    if problems:
        raise InputError(problems)
    return group


def labels(accounts: pd.DataFrame, column: str) -> np.ndarray:
    """A label for each account, (n,): its word in the column; its own id where it has none."""
    word = accounts[column].fillna("").to_numpy(dtype=object)
    return np.where(word == "", "\0" + accounts["id"].to_numpy(dtype=object), word)


def families(accounts: pd.DataFrame) -> Ints:
    """A number for each account, (n,), the same for all that hang together by ``parent``."""
    own, parent, name = (accounts[one].fillna("").to_numpy(dtype=object) for one in ("id", "parent", "name"))
    return related(own, parent, name)


def grouped(market: Market, group: Ints) -> Market:
    """The market with one row a group, in the order of their numbers.

    Potential, need and other amounts are added up; place, prices and odds are means, weighted by need; words are those
    with most need; today's rep is who has most of the estimated potential. ``accounts`` counts what a row stands for.
    """
    order = np.argsort(market.accounts["key"].to_numpy(), kind="stable")
    table, of = market.accounts.iloc[order].reset_index(drop=True), group[order]
    need = table["need"].to_numpy(dtype=np.float64)
    size = np.bincount(of)
    first = np.unique(of, return_index=True)[1]
    made: dict[str, object] = {}
    for name in map(str, table):
        column = table[name]
        if name in FIRST:
            made[name] = column.iloc[first].reset_index(drop=True)
        elif column.dtype == bool:
            made[name] = np.bincount(of, weights=column) > 0
        elif not pd.api.types.is_numeric_dtype(column):
            weight = table["estimated_potential"].to_numpy(dtype=np.float64) if name == "current_rep" else need
            made[name] = pd.Series(_main_word(of, column, weight)["word"].to_numpy(), dtype="str")
        elif name in MEANS or name.startswith("lead_"):
            one = column.to_numpy(dtype=np.float64)
            made[name] = np.where(size == 1, one[first], _mean(of, one, need))  # a single account is left as it is
        else:
            made[name] = np.bincount(of, weights=column)
    return dataclasses.replace(market, accounts=pd.DataFrame(made | {COUNT: size}))


def led_by_locked(market: Market, team: Team, group: Ints, locked: NDArray[np.bool_] | None) -> Market:
    """The market with each group's locked accounts' rep of today for all of the group, so that it stays whole there.

    Raises InputError where accounts of one group are locked with different reps.
    """
    if locked is None:
        return market
    rep, ids = market.accounts["current_rep"].to_numpy(dtype=object, copy=True), market.accounts["id"].to_numpy()
    problems = []
    for one in np.unique(group[locked]):
        here = group == one
        stay = np.flatnonzero(here & locked)
        other = stay[rep[stay] != rep[stay[0]]]
        if other.size:
            two = f"{ids[stay[0]]} with {rep[stay[0]]} and {ids[other[0]]} with {rep[other[0]]}"
            problems.append(f"territory.locked: {two} stay together in one group; unlock one of the two")
        rep[here] = rep[stay[0]]
    if problems:
        raise InputError(problems)
    return dataclasses.replace(
        market, accounts=market.accounts.assign(current_rep=pd.Series(rep, index=market.accounts.index, dtype="str"))
    )


def for_groups(options: TerritoryOptions, accounts: pd.DataFrame, group: Ints) -> TerritoryOptions:
    """The options with groups for the accounts that they name, each by the id that its row has."""
    first = accounts["id"].to_numpy(dtype=object)[pd.Series(accounts["key"].to_numpy()).groupby(group).idxmin()]
    of = dict(zip(accounts["id"], first[group], strict=True))
    named, locked = (
        ", ".join(dict.fromkeys(str(of.get(one, one)) for one in words(said)))
        for said in (options.named, options.locked)
    )
    return dataclasses.replace(options, named=named, locked=locked)


def most_of(owner: Ints, accounts: pd.DataFrame, group: Ints) -> Ints:
    """The rep who has most of each group's estimated potential, for each account, (n,); ties: the lower row."""
    potential = accounts["estimated_potential"].to_numpy(dtype=np.float64)
    order = np.argsort(accounts["key"].to_numpy(), kind="stable")
    main = _main_word(group[order], pd.Series(owner[order]), potential[order])["word"].to_numpy(dtype=np.int64)
    whole: Ints = main[group]
    return whole


def _main_word(group: Ints, word: pd.Series, weight: Floats) -> pd.DataFrame:
    """The word with most weight in each group, and that weight; a row a group, ties by word."""
    table = pd.DataFrame({"group": group, "word": word.fillna("").to_numpy(), "weight": weight})
    added: pd.DataFrame = table.groupby(["group", "word"])[["weight"]].sum().reset_index()
    return added.sort_values(["group", "weight", "word"], ascending=[True, False, True]).drop_duplicates("group")


def _mean(group: Ints, value: Floats, weight: Floats) -> Floats:
    """The weighted mean of each group's known values; missing where none is."""
    known = ~np.isnan(value)
    counted = np.where(known, weight + 1e-12, 0.0)  # so that accounts that need no call have a middle, too
    total = np.bincount(group, weights=counted)
    added = np.bincount(group, weights=counted * np.where(known, value, 0.0))
    middle: Floats = np.divide(added, total, out=np.full(len(total), np.nan), where=total > 0)
    return middle


def _mixed(market: Market, options: TerritoryOptions, group: Ints) -> list[str]:
    """What is wrong where the design tells accounts apart by a column that the groups mix."""
    need = market.accounts["need"].to_numpy(dtype=np.float64)
    design = options.rest if options.name == "named_accounts" else options.name
    found = []
    for column in BY_WORD.get(design, ()):
        if column in market.accounts:
            astray = 1.0 - _main_word(group, market.accounts[column], need)["weight"].sum() / need.sum()
            if astray > MOST_ASTRAY:
                why = f"{astray:.0%} of the calls would be with reps of another {column}"
                cure = "choose territory=balanced, or keep other groups together"
                found.append(f"territory={design} can't keep each {options.keep_together} together: {why}; {cure}")
    return found
