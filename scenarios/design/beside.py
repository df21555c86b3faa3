"""The files that may stand beside the accounts: reps with their homes, and who borders on whom."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from scenarios.design.borders import Links, links_of
from scenarios.design.places import KM, Centre, coordinate, on_the_plane, place_columns
from scenarios.intake.sheet import SHOWN, Reject, Sheet, read_sheet
from scenarios.problems import InputError
from sim.world import Floats

HOURS = "hours"  # of a year that a rep has: the column of the reps file


class Reps(NamedTuple):
    """Who there is to serve the accounts, sorted by id."""

    ids: list[str]
    called: dict[str, str]  # id of each name and id
    homes: Floats | None  # (m, 2) km
    file: str = ""
    words: dict[str, list[str]] = {}  # noqa: RUF012  # every column as text, m; nobody writes into it
    lines: tuple[int, ...] = ()  # of the file, m


def read_reps(path: Path, centre: Centre | None) -> Reps:
    """The reps of a file, with homes where the accounts have places too. Raises InputError with all that is wrong."""
    sheet = read_sheet(path)
    names = sheet.names
    known = next((name for name in ("id", "rep", "territory", "name", *names) if name in names), names[0])
    ids = sheet.column(known)
    problems = []
    for row, name in enumerate(ids):
        if not name or ids.index(name) < row:
            why = f"'{name}' stands already in line {sheet.lines[ids.index(name)]}" if name else "it is empty"
            problems.append(f"{sheet.file}, line {sheet.lines[row]}: column {known}: {why}")
    where = place_columns(names)
    if centre is None or (where == KM) != (centre.latitude is None):
        where = ()
    spots = [[coordinate(text, name) for text in sheet.numbers(name)] for name in where]
    for name, axis in zip(where, spots, strict=True):
        for row, value in enumerate(axis):
            if value is None:
                text = sheet.column(name)[row][:40]
                problems.append(f"{sheet.file}, line {sheet.lines[row]}: column {name}: '{text}' is no place")
    problems += [f"{one.file}, line {one.line}: {one.reason}" for one in sheet.rejects]
    if problems:
        raise InputError(problems)
    order = sorted(range(len(ids)), key=lambda row: ids[row])
    called = {words[row]: ids[row] for words in _names(sheet) for row in order} | {name: name for name in ids}
    homes = on_the_plane(np.array([[axis[row] for axis in spots] for row in order], dtype=np.float64), centre)
    words = {name: [column[row] for row in order] for name, column in ((one, _words(sheet, one)) for one in names)}
    lines = tuple(sheet.lines[row] for row in order)
    return Reps([ids[row] for row in order], called, homes if where else None, sheet.file, words, lines)


def read_borders(path: Path, ids: Sequence[str]) -> tuple[Links, list[Reject]]:
    """Who borders on whom, by a file with two columns of ids.

    Pairs that name strangers are set aside. Raises InputError where most of them do.
    """
    sheet = read_sheet(path)
    row_of = {name: row for row, name in enumerate(ids)}
    if len(sheet.head) < 2:
        raise InputError(
            [f"{sheet.file}: it has one column; it needs two ids a row, of accounts that border on each other"]
        )
    pairs = list(zip(sheet.lines, sheet.rows, strict=True))
    if sheet.head[0] in row_of and sheet.head[1] in row_of:  # no names of columns: the first row is a pair too
        pairs.insert(0, (sheet.head_line, sheet.head))
    found, rejects = [], list(sheet.rejects)
    for line, row in pairs:
        strangers = [name for name in row[:2] if name not in row_of]
        if strangers:
            why = f"'{strangers[0][:60]}' is no account that is shared out"
            rejects.append(Reject(sheet.file, line, why, ",".join(row)[:SHOWN]))
        else:
            found.append((row_of[row[0]], row_of[row[1]]))
    if 2 * len(found) < len(pairs):
        first = f"line {rejects[0].line}: {rejects[0].reason}; ids look like '{ids[0]}'"
        raise InputError([f"{sheet.file}: {len(rejects):,} of {len(pairs):,} pairs can't be used. First: {first}"])
    links = links_of(np.array(found, dtype=np.int64).reshape(-1, 2), len(ids))
    return links, rejects


def _words(sheet: Sheet, name: str) -> list[str]:
    """A column as text; hours as numbers are written here."""
    return sheet.numbers(name) if name == HOURS else sheet.column(name)


def _names(sheet: Sheet) -> list[list[str]]:
    """Columns by which a rep may be called beside the id."""
    return [sheet.column(name) for name in ("name", "rep_name", "full_name") if name in sheet.names]
