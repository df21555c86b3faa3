"""From a planner's files and wishes to what is asked of the engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scenarios.design.assigned import read_assigned
from scenarios.design.beside import Reps, read_borders, read_reps
from scenarios.design.groups import Groups, groups_by, what_comes_together
from scenarios.design.matching import Words
from scenarios.design.people import capacity, expertise, territories
from scenarios.design.request import Request
from scenarios.design.said import words
from scenarios.design.table import USUAL, Table, read_accounts
from scenarios.design.wishes import ACCOUNTS, Wishes
from scenarios.intake.sheet import Reject, read_sheet
from scenarios.intake.values import column_name
from scenarios.problems import InputError, nearest
from sim.rules.calling import drive_minutes

YES = {"yes", "y", "true", "1", "x", "locked"}


@dataclass(frozen=True)
class Brief:
    """What was read, what is asked of it, and what the planner should know before the answer."""

    table: Table
    request: Request
    rejects: tuple[Reject, ...]
    notes: tuple[str, ...]
    wanted: dict[str, Words] = field(default_factory=dict)  # columns that should match
    groups: Groups | None = None  # accounts that stay together


def brief(wishes: Wishes) -> Brief:
    """Reads all files that the wishes name. Raises InputError with what can't be used or does not fit together."""
    table = _table(wishes)
    reps = read_reps(Path(wishes.reps), table.centre) if wishes.reps else None
    balance = wishes.balance or {(USUAL if table.measures.get(USUAL, np.zeros(1)).any() else ACCOUNTS): 1.0}
    first = next(iter(balance))
    if first == USUAL and not wishes.balance:  # held to the same as if it were asked for: a row without it is set aside
        table = _table(replace(wishes, balance=balance))
    _check_amounts(table, balance)
    notes = list(table.notes)
    if not wishes.balance:
        notes.append(f"balanced by {first}; balance=[COLUMN,…] takes others: {', '.join(sorted(table.measures))}")
    wishes = replace(wishes, territories=territories(wishes, table, notes))
    names = _names(wishes, table, reps, first, notes)
    today = _today(table, reps, names, notes)
    locked = _locked(wishes, table, reps, today, notes)
    rejects = list(table.rejects)
    links = None
    if wishes.adjacency:
        links, strangers = read_borders(Path(wishes.adjacency), table.ids)
        rejects += strangers
    aim = wishes.aim or ("distance" if table.places is not None else "change")
    _check(wishes, table, aim)
    known = expertise(wishes, table, reps, today, locked, aim, notes)
    hours = capacity(wishes, table, reps, len(names), notes)
    reach, a_km = _reach(wishes, notes)
    request = Request(
        ids=table.ids,
        measures=table.measures,
        balance=balance,
        tolerance=wishes.tolerance,
        names=names,
        today=today,
        weight=table.measures[wishes.weight or first],
        minimum=wishes.minimum,
        maximum=wishes.maximum,
        places=table.places,
        homes=reps.homes if reps else None,
        contiguous=bool(wishes.adjacency) if wishes.contiguous is None else wishes.contiguous,
        neighbours=links,
        longest_km=reach,
        minutes_a_km=a_km,
        fits=known.fits,
        dearer=known.dearer,
        capacity={} if hours is None else {wishes.workload: hours},
        locked=locked,
        moved=wishes.most_moved,
        leaves=wishes.most_moved_per_rep,
        aim=aim,
        seed=wishes.seed,
        seconds=wishes.seconds,
    )
    groups = _groups(wishes, table)
    if groups:
        notes.append(what_comes_together(request, groups, wishes.keep_together))
    return Brief(table, request, tuple(rejects), tuple(notes), known.wanted, groups)


def _groups(wishes: Wishes, table: Table) -> Groups | None:
    """The accounts that stay together. Raises InputError where the column is not there, or says nothing."""
    column = wishes.keep_together
    if not column:
        return None
    if column not in table.words:
        raise InputError([f"keep_together: {table.file} has no column '{column}'; {nearest(column, table.words)}"])
    if not any(table.words[column]):
        raise InputError([f"keep_together: column {column} of {table.file} is blank in all rows"])
    return groups_by(column, table.words, table.ids)


def _table(wishes: Wishes) -> Table:
    """The accounts, with today's territories from a file of their own where the wishes name one."""
    asked = {*wishes.balance, *wishes.minimum, *wishes.maximum, *wishes.most_moved, *wishes.most_moved_per_rep}
    asked |= {wishes.weight, wishes.quota, wishes.workload}
    asked |= {wishes.potential} if wishes.found_by == "profit" else set()
    beside = bool(wishes.today) and Path(wishes.today).is_file()
    table = read_accounts(Path(wishes.accounts), sorted(asked - {""}), wishes.id, "" if beside else wishes.today)
    if not beside:
        return table
    of = {account: territory for _, account, territory in read_assigned(Path(wishes.today))}
    found = [of.get(name, "") for name in table.ids]
    lost = len(of.keys() - set(table.ids))
    if not any(found):
        one = f"ids look like '{table.ids[0]}' here and '{min(of)}' there"
        raise InputError([f"today: '{wishes.today}' names none of the accounts of {table.file}; {one}"])
    note = (f"today: {lost:,} accounts of '{wishes.today}' are not in {table.file}",) if lost else ()
    return replace(table, today=found, notes=(*table.notes, *note))


def _check_amounts(table: Table, balance: Collection[str]) -> None:
    """Raises InputError where there is nothing of a column to balance."""
    some = sorted(name for name, values in table.measures.items() if values.any())
    problems = [
        f"balance: {name} is 0 in all rows of {table.file}, so there is nothing to balance; {nearest(name, some)}"
        for name in balance
        if not table.measures[name].any()
    ]
    if problems:
        raise InputError(problems)


def _reach(wishes: Wishes, notes: list[str]) -> tuple[float, float]:
    """The longest way in km, 0 for any, and minutes a km where minutes say so."""
    a_km = drive_minutes(1.0, wishes.road_factor, wishes.road_speed)
    km = wishes.longest_minutes / a_km
    if not wishes.longest_minutes or 0 < wishes.longest_km < km:
        return wishes.longest_km, 0.0
    road = f"roads {wishes.road_factor:g} times as long, {wishes.road_speed:g} km an hour"
    told = "road_factor= and road_speed= say otherwise"
    notes.append(f"longest_minutes={wishes.longest_minutes:g} is {km:.1f} km in a straight line: {road}; {told}")
    return km, a_km


def _check(wishes: Wishes, table: Table, aim: str) -> None:
    """Raises InputError where a wish needs what the files do not say."""
    problems = []
    where = f"{table.file} has none (x_km and y_km, or latitude and longitude)"
    if aim == "distance" and table.places is None:
        problems.append(f"aim=distance needs places, and {where}")
    problems += [
        f"{key} needs places, and {where}"
        for key, asked in (("longest_km", wishes.longest_km), ("longest_minutes", wishes.longest_minutes))
        if asked and table.places is None
    ]
    if wishes.contiguous and table.places is None and not wishes.adjacency:
        problems.append(f"contiguous=yes needs adjacency=FILE or places, and {where}")
    lack = f"needs today's territories; {table.file} names none, say which column: today=COLUMN"
    for key, asked in (
        ("most_moved", wishes.most_moved),
        ("most_moved_per_rep", wishes.most_moved_per_rep),
        ("aim=change", wishes.aim == "change"),
    ):
        if asked and not any(table.today):
            problems.append(f"{key} {lack}")
    if problems:
        raise InputError(problems)


def _names(wishes: Wishes, table: Table, reps: Reps | None, first: str, notes: list[str]) -> list[str]:
    """The territories' names: the reps, or today's, the largest of them where there shall be fewer, or new ones."""
    if reps:
        if wishes.territories not in (None, len(reps.ids)):
            raise InputError([f"territories={wishes.territories}, but the reps file names {len(reps.ids)}; keep one"])
        return reps.ids
    todays = sorted({name for name in table.today if name})
    count = wishes.territories or len(todays)
    if not count:
        raise InputError([f"say how many: territories=10, or reps=FILE; {table.file} names no territories of today"])
    if count > len(table.ids):
        raise InputError([f"territories={count:,} are more than the {len(table.ids):,} accounts; take fewer"])
    if len(todays) > count:
        size = Counter[str]()
        for name, value in zip(table.today, table.measures[first].tolist(), strict=True):
            size[name] += value
        todays = sorted(todays, key=lambda name: (-size[name], name))
        notes.append(f"given up, as the smallest of today's {len(todays)}: {', '.join(sorted(todays[count:]))}")
        return sorted(todays[:count])
    width = len(str(count))
    fresh = (f"T{number:0{width}}" for number in range(1, 2 * count + 1))
    return todays + [name for name in fresh if name not in todays][: count - len(todays)]


def _today(table: Table, reps: Reps | None, names: list[str], notes: list[str]) -> NDArray[np.int64]:
    """Row of today's territory of each account, (n,), -1 where it has none that goes on."""
    row_of = {name: row for row, name in enumerate(names)}
    called = reps.called if reps else {}
    today = np.array([row_of.get(called.get(name, name), -1) for name in table.today], dtype=np.int64)
    lost = Counter(name for name, row in zip(table.today, today.tolist(), strict=True) if name and row < 0)
    if reps:
        notes += [
            f"{lost[name]:,} accounts of '{name}', who is not in the reps file, go to others" for name in sorted(lost)
        ]
    return today


def _locked(
    wishes: Wishes, table: Table, reps: Reps | None, today: NDArray[np.int64], notes: list[str]
) -> NDArray[np.bool_] | None:
    """Which accounts stay where they are, (n,): by a column, a file of ids, ids, or territories with all they have."""
    if not wishes.locked:
        return None
    column = column_name(wishes.locked)
    if column in table.words:
        chosen = [word.casefold() in YES for word in table.words[column]]
    else:
        if Path(wishes.locked).is_file():
            sheet = read_sheet(Path(wishes.locked))
            named = {row[0] for row in sheet.rows} | ({sheet.head[0]} & set(table.ids))
        else:
            named = set(words(wishes.locked))
        called = reps.called if reps else {}
        books = {word: called.get(word, word) for word in named - set(table.ids)}
        theirs = [called.get(name, name) for name in table.today]
        known = {*table.ids, *(one.row.split(",")[0] for one in table.rejects), *theirs, *(reps.ids if reps else ())}
        strangers = sorted(word for word in named if word not in known and books.get(word) not in known)
        if strangers:
            choices = [*table.words, *sorted({*theirs, *called} - {""}), *table.ids[:2000]]
            raise InputError(
                f"locked: '{name}' is no column, file, id or territory; {nearest(name, choices)}"
                for name in strangers[:20]
            )
        whole = set(books.values())
        chosen = [name in named or (book in whole) for name, book in zip(table.ids, theirs, strict=True)]
    locked = np.array(chosen, dtype=np.bool_)
    homeless = int((locked & (today < 0)).sum())
    if homeless:
        notes.append(f"{homeless:,} locked accounts have no territory today that goes on; they are given one")
    return locked & (today >= 0)
