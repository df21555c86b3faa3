"""A market, its team and the planner's rules as a request to the design engine."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scenarios.design.borders import Links, links_of
from scenarios.design.drawing import draw
from scenarios.design.headcount import by_workload
from scenarios.design.matching import held_back
from scenarios.design.request import Request
from scenarios.design.said import numbers, words
from scenarios.earning.todays import HELD, held_today
from scenarios.market import Market
from scenarios.problems import InputError, nearest
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from scenarios.territory.current import todays_rows
from scenarios.territory.edits import near
from scenarios.territory.expertise import expertise
from scenarios.workload import hours_at, places
from sim.behaviour import Behaviour
from sim.rules.calling import drive_minutes
from sim.world import WEEKS, Floats, Ints

WORKLOAD = "workload"  # hours needed, travel included
COLUMNS = {"potential": "estimated_potential", "calls": "need"}  # what a planner calls a column of accounts
YES = {"yes": True, "no": False, "": False}


def request(
    market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour, aim: str, seed: int
) -> Request:
    """What ``options`` asks of this market. Raises InputError with everything that can't be understood."""
    measures, per_km = measured(market.accounts, behaviour, market.has_places)
    rows, problems = todays_rows(market, team), []
    stated = (options.balance, options.minimum, options.maximum, options.most_moved, options.most_moved_per_rep)
    if any(word in one for word in HELD for one in stated):  # it takes a while to say, so only where it is asked for
        measures |= held_today(market, team, behaviour, rows)
    names = dict.fromkeys([*measures, *HELD])
    balance = numbers("territory.balance", options.balance, 1.0, names) or {WORKLOAD: 1.0}
    first = next(iter(balance))
    if options.contiguous not in YES:
        problems.append(f"territory.contiguous: '{options.contiguous}' is neither yes nor no")
    if options.capacity not in YES:
        problems.append(f"territory.capacity: '{options.capacity}' is neither yes nor no")
    locked = locked_accounts(options.locked, market, team, rows, problems)
    if problems:
        raise InputError(problems)
    known = expertise(market, team, options, aim)
    capacity = {}
    if YES.get(options.capacity):
        capacity[WORKLOAD] = hours_a_year(team)
        problems += overfull(measures[WORKLOAD], capacity[WORKLOAD], [*market.accounts["id"]])
    if known.fits is not None:
        problems += held_back(known.fits, locked, rows, list(market.accounts["id"]), list(team.reps["id"]))
    if problems:
        raise InputError(problems)
    a_km = drive_minutes(1.0, behaviour.road_factor, behaviour.road_speed)
    minutes_bind = options.longest_minutes > 0.0 and not 0.0 < options.longest_km < options.longest_minutes / a_km
    weight = measures["potential"] if aim == "change" else measures["calls" if first == WORKLOAD else first]
    return Request(
        ids=list(market.accounts["id"]),
        measures=measures,
        per_km=per_km,
        balance=balance,
        tolerance=options.tolerance,
        minimum=numbers("territory.minimum", options.minimum, 0.0, names),
        maximum=numbers("territory.maximum", options.maximum, 0.0, names),
        names=list(team.reps["id"]),
        today=rows,
        weight=weight,
        places=places(market.accounts) if market.has_places else None,
        homes=places(team.reps) if market.has_places else None,
        contiguous=YES[options.contiguous],
        neighbours=adjacent(options.adjacency, market.accounts) if options.adjacency else None,
        longest_km=options.longest_minutes / a_km if minutes_bind else options.longest_km,
        minutes_a_km=a_km if minutes_bind else 0.0,
        fits=known.fits,
        dearer=known.dearer,
        capacity=capacity,
        locked=locked,
        moved=numbers("territory.most_moved", options.most_moved, 0.0, names),
        leaves=numbers("territory.most_moved_per_rep", options.most_moved_per_rep, 0.0, names),
        aim=aim,
        seed=seed,
    )


def drawn_under_rules(asked: Request) -> Ints:
    """The owner (n,) inside the band where that can be. Raises InputError where a hard limit of a rep was not kept."""
    drawn = draw(asked, strict=False)
    if drawn.broken:
        raise InputError(drawn.broken)
    return drawn.owner


def hours_a_year(team: Team) -> Floats:
    """Selling and travel hours that each rep has in a year, (m,)."""
    return np.asarray(team.reps["hours"].to_numpy(np.float64) * WEEKS)


def overfull(needed: Floats, hours: Floats, ids: Sequence[str]) -> list[str]:
    """Why the accounts, without any travel, are more than the reps have hours for, and what would do."""
    total, there, most = float(needed.sum()), float(hours.sum()), float(hours.max())
    said = []
    if total > there * (1 + 1e-9):
        each = there / len(hours)
        people = f"the {len(hours)} reps have {there:,.0f}: it takes {by_workload(total, each)} such reps, or"
        told = f"the accounts need {total:,.0f} hours a year before any travel, {people}"
        said.append(f"territory.capacity: {told} {np.ceil(total / len(hours) / WEEKS * 10) / 10:g} hours a week each")
    worst = int(np.argmax(needed))
    if needed[worst] > most * (1 + 1e-9):
        told = f"account {ids[worst]} alone needs {needed[worst]:,.0f} hours a year, nobody has more than {most:,.0f}"
        said.append(f"territory.capacity: {told}; leave capacity out, or give somebody more hours")
    return said


def measured(accounts: pd.DataFrame, behaviour: Behaviour, travel: bool) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """What can be balanced: each a column (n,) with what one account has at home, and what grows with each kilometre.

    Workload is hours a year; an account of 10 calls of one hour has 10, and 0.11 more for each kilometre of road.
    """
    need = accounts["need"].to_numpy(np.float64)
    at_home = hours_at(np.zeros(len(need)), need, behaviour)
    found = {WORKLOAD: at_home, "accounts": _each(accounts)}
    found |= {word: accounts[column].to_numpy(np.float64) for word, column in COLUMNS.items()}
    grown = {WORKLOAD: hours_at(np.ones(len(need)), need, behaviour) - at_home} if travel else {}
    return found, grown


def _each(accounts: pd.DataFrame) -> Floats:
    """How many accounts a row stands for: groups that stay together stand in one."""
    return accounts["accounts"].to_numpy(np.float64) if "accounts" in accounts else np.ones(len(accounts))


def locked_accounts(
    said: str, market: Market, team: Team, today: Ints, problems: list[str]
) -> NDArray[np.bool_] | None:
    """Accounts that stay as today, (n,): by id, or with everything their rep has."""
    given = words(said)
    if not given:
        return None
    account = {name: row for row, name in enumerate(market.accounts["id"])}
    rep = {name: row for row, name in enumerate(team.reps["id"])}
    locked = np.zeros(len(today), dtype=bool)
    for name in given:
        if name in account:
            locked[account[name]] = True
        elif name in rep:
            locked |= today == rep[name]
        else:
            problems.append(f"territory.locked: no account or rep has the id '{name}'; {near(name, [*rep, *account])}")
    return locked


def adjacent(file: str, accounts: pd.DataFrame) -> Links:
    """Neighbours from a CSV file with two columns of account ids. Raises InputError with every line that is wrong."""
    row = {name: place for place, name in enumerate(accounts["id"])}
    try:
        lines = list(csv.reader(Path(file).read_text(encoding="utf-8-sig").splitlines()))
    except OSError as error:
        raise InputError([f"territory.adjacency: {file} can't be read: {error.strerror}"]) from error
    problems, pairs = [], []
    for number, line in enumerate(lines, 1):
        cells = [cell.strip() for cell in line if cell.strip()]
        strange = [cell for cell in cells if cell not in row]
        if len(cells) == 2 and not strange:
            pairs.append([row[cells[0]], row[cells[1]]])
        elif number > 1 and cells:  # the first line may be a head
            lost = f"no account has the id '{strange[0]}'; {nearest(strange[0], row)}" if strange else ""
            problems.append(f"{file}, line {number}: {lost or 'two ids expected'}")
    if problems:
        raise InputError(problems)
    return links_of(np.array(pairs, dtype=np.int64).reshape(-1, 2), len(row))
