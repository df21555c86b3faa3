"""Named accounts go to named reps; any other design draws the rest with the remaining reps."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scenarios.design.limits import round_up
from scenarios.design.said import numbers, words
from scenarios.market import Market
from scenarios.neighbours import nearest_reps
from scenarios.problems import InputError, nearest
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from scenarios.territory.asking import measured
from scenarios.territory.by_group import share_groups
from scenarios.territory.current import todays_rows
from scenarios.territory.edits import near
from scenarios.territory.sharing import seats
from sim.behaviour import Behaviour
from sim.world import Ints

NO_REST = {
    "named_accounts": "it names accounts itself",
    "from_file": "put the named accounts into the file, with territory=from_file",
}
NOBODY = "territory.named: no account is named; name them, or say how many, as in territory.named=20"


def design(market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour, seed: int) -> Ints:
    """Row of the rep for each account, (n,).

    ``options.named`` says which accounts, ``named_reps`` who takes them; these share them evenly, near home. The design
    ``rest`` sees only the other accounts and reps. Where all accounts are named all reps share them, and
    a team of one rep has them all. Raises InputError with every name that is not there.
    """
    from scenarios.territory import DESIGNS  # the table holds this design, too

    if len(team.reps) == 1:
        return np.zeros(len(market.accounts), dtype=np.int64)
    problems: list[str] = []
    if options.rest not in DESIGNS.keys() - NO_REST.keys():
        why = NO_REST.get(options.rest) or nearest(options.rest, DESIGNS.keys() - NO_REST.keys())
        problems.append(f"territory.rest: '{options.rest}' can't draw the rest; {why}")
    named = which_accounts(market.accounts, options.named, problems)
    reps = which_reps(market, team, options.named_reps, named, problems)
    if problems:
        raise InputError(problems)
    owner = np.empty(len(named), dtype=np.int64)
    largest = dataclasses.replace(market, accounts=market.accounts[named])
    one_group = np.zeros(int(named.sum()), dtype=np.int64)
    owner[named] = share_groups(largest, team, options, behaviour, one_group, np.where(reps, 0, 1))
    most_moved = _left_to_move(market, team, options, behaviour, owner, named, reps) if options.most_moved else ""
    if named.all():
        return owner
    others, among = np.flatnonzero(~named), np.flatnonzero(~reps)
    rest = _rest(market, team, others, among)
    locked = _still_there(options.locked, market, team, *rest)
    chosen = dataclasses.replace(options, name=options.rest, locked=locked, most_moved=most_moved)
    owner[others] = among[DESIGNS[options.rest](*rest, chosen, behaviour, seed)]
    return owner


def which_accounts(accounts: pd.DataFrame, said: str, problems: list[str]) -> NDArray[np.bool_]:
    """True for each named account, (n,): by id, or so many of the largest by estimated potential, ties by key."""
    given = words(said)
    if len(given) == 1 and given[0].isdigit() and given[0] not in set(accounts["id"]):
        order = np.lexsort((accounts["key"], -accounts["estimated_potential"].to_numpy(dtype=np.float64)))
        largest = np.zeros(len(accounts), dtype=bool)
        largest[order[: int(given[0])]] = True
        if not largest.any():
            problems.append(NOBODY)
        return largest
    row = {name: place for place, name in enumerate(accounts["id"])}
    strange = [name for name in given if name not in row]
    problems.extend(f"territory.named: no account has the id '{name}'; {near(name, list(row))}" for name in strange)
    if not given:
        problems.append(NOBODY)
    named: NDArray[np.bool_] = accounts["id"].isin(given).to_numpy()
    return named


def which_reps(
    market: Market, team: Team, said: str, named: NDArray[np.bool_], problems: list[str]
) -> NDArray[np.bool_]:
    """True for each rep who takes named accounts, (m,); all of them where nothing else is to be shared.

    By id, or so many; else as many as the named accounts need of all calls. Where only a number is known, it is those
    with the most of that work around them (without places: with them today), ties by key.
    """
    ids, m, need = team.reps["id"], len(team.reps), market.accounts["need"].to_numpy(dtype=np.float64)
    given = words(said)
    if named.all() or not named.any():
        return np.ones(m, dtype=bool)
    by_number = len(given) == 1 and given[0].isdigit() and given[0] not in set(ids)
    if given and not by_number:
        strange = [name for name in given if name not in set(ids)]
        problems.extend(f"territory.named_reps: no rep has the id '{name}'; {nearest(name, ids)}" for name in strange)
        chosen: NDArray[np.bool_] = ids.isin(given).to_numpy()
        count = int(chosen.sum())
    else:
        work = np.array([need[~named].sum(), need[named].sum()])
        count = int(given[0]) if given else min(int(seats(work, m)[1]), int(named.sum()))
        places = market.has_places
        around = nearest_reps(market.accounts, team.reps, 1)[0][:, 0] if places else todays_rows(market, team)
        weight = np.bincount(around[named], weights=need[named], minlength=m)
        chosen = np.zeros(m, dtype=bool)
        chosen[np.lexsort((team.reps["key"], -weight))[:count]] = True
    if not problems and not 1 <= count < m:
        problems.append(f"territory.named_reps: {count} of {m} reps; one at least, and one at least for the rest")
    return chosen


def _rest(market: Market, team: Team, others: Ints, among: Ints) -> tuple[Market, Team]:
    """The market without named accounts and the team without named reps.

    What a named rep has today and does not keep counts to the remaining rep who lives nearest; without places, the
    largest first, to whoever has least.
    """
    accounts, reps = market.accounts.iloc[others].copy(), team.reps.iloc[among].reset_index(drop=True)
    left = ~accounts["current_rep"].isin(reps["id"]).to_numpy()
    todays_rows(market, team)  # refuses a rep who is not in the team at all
    ids = reps["id"].to_numpy(dtype=object)
    heir = accounts["current_rep"].to_numpy(dtype=object, copy=True)
    if left.any() and market.has_places:
        heir[left] = ids[nearest_reps(accounts[left], reps, 1)[0][:, 0]]
    elif left.any():
        need = accounts["need"].to_numpy(dtype=np.float64)
        load = np.array([need[heir == rep].sum() for rep in ids])
        for row in np.lexsort((accounts["key"], np.where(left, -need, 1.0)))[: int(left.sum())]:
            heir[row] = ids[load.argmin()]
            load[load.argmin()] += need[row]
    accounts["current_rep"] = pd.Series(heir, index=accounts.index, dtype="str")
    return (
        dataclasses.replace(market, accounts=accounts.reset_index(drop=True)),
        dataclasses.replace(team, reps=reps),
    )


def _still_there(said: str, market: Market, team: Team, rest: Market, remaining: Team) -> str:
    """The locked accounts and reps without those that the named ones took; a misspelt name stays, to be answered."""
    gone = {*market.accounts["id"], *team.reps["id"]} - {*rest.accounts["id"], *remaining.reps["id"]}
    return ", ".join(word for word in words(said) if word not in gone)


def _left_to_move(
    market: Market,
    team: Team,
    options: TerritoryOptions,
    behaviour: Behaviour,
    owner: Ints,
    named: NDArray[np.bool_],
    reps: NDArray[np.bool_],
) -> str:
    """What is left of `most_moved` for the rest, after what naming accounts moves by itself, as the planner writes it.

    Of 100 accounts 20 may move; 5 named ones do, and 3 others have lost their rep: 12 of the 80 others are left.
    Raises InputError where naming alone moves more.
    """
    measures = measured(market.accounts, behaviour, market.has_places)[0]
    today = todays_rows(market, team)
    gone = np.where(named, owner != today, reps[today])
    left, problems = [], []
    for name, most in numbers("territory.most_moved", options.most_moved, 0.0, measures).items():
        total = float(measures[name].sum()) or 1.0
        forced, rest = float(measures[name][gone].sum()), float(measures[name][~named].sum()) or 1.0
        if forced > most * total * (1 + 1e-9):
            alone = f"naming these accounts moves {forced / total:.1%} by itself"
            problems.append(
                f"territory.most_moved {name}:{most:g}: {alone}; most_moved={name}:{round_up(forced / total):g} would "
                "do, or fewer names"
            )
        left.append(f"{name}:{max(most * total - forced, 0.0) / rest:.12g}")
    if problems:
        raise InputError(problems)
    return ", ".join(left)
