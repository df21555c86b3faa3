"""Accounts from a planner's own files: any table with an id and numbers will do.

Rows that can't be used are set aside, each with a reason; the rest goes on. Only what breaks the whole stops it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scenarios.design.places import KM, LATITUDES, LONGITUDES, Centre, coordinate, middle, on_the_plane, place_columns
from scenarios.design.wishes import ACCOUNTS
from scenarios.intake.sheet import SHOWN, Reject, Sheet, read_sheet
from scenarios.intake.values import column_name, number
from scenarios.problems import InputError, nearest, some
from sim.world import Floats

TODAY = (
    "territory", "territory_id", "territoryid", "current_rep", "rep", "owner", "owner_id", "ownerid",
    "hubspot_owner_id", "sales_agent", "gebiet", "vertriebsgebiet", "betreuer",
)  # fmt: skip
IDS = ("account_id", "accountid", "account", "customer_id", "customer", "kundennummer", "kunde")
NO_MEASURES = {
    "zip", "zip_code", "zipcode", "postal_code", "postcode", "billingpostalcode", "plz", "postleitzahl", "phone",
    "line", "row",
}  # fmt: skip
USUAL = "potential"  # what is balanced where nothing else is asked for
MOSTLY = 0.9  # of a column's fields are numbers, then it is a column of numbers


@dataclass(frozen=True)
class Table:
    """What is to be shared out, a row an account, sorted by id: the order of the file never matters."""

    file: str
    ids: list[str]  # n, unique
    words: dict[str, list[str]]  # every column as text
    measures: dict[str, Floats]  # every column of numbers (n,), blanks as 0; `accounts` counts rows
    places: Floats | None  # (n, 2) km east and north
    centre: Centre | None
    today: list[str]  # territory, "" where none
    id_column: str
    today_column: str  # "" where there is none
    rejects: tuple[Reject, ...]
    notes: tuple[str, ...]


def read_accounts(path: Path, asked: Collection[str], id_column: str = "", today_column: str = "") -> Table:
    """The accounts of a file; ``asked`` are the columns that have to hold numbers.

    Raises InputError where a column is missing or holds no numbers, or where too few rows can be used.
    """
    sheet = read_sheet(path)
    texts = {name: sheet.column(name) for name in sheet.names}
    known = _id_column(sheet, id_column)
    today = _today_column(sheet, column_name(today_column), known)
    where = place_columns(sheet.names)
    kept = [name for name in sheet.names if name not in {known, today, *where} | NO_MEASURES]
    parsed = {name: [number(text) for text in sheet.numbers(name)] for name in kept}
    _check_asked(sheet, asked, parsed)
    spots = [[coordinate(text, name) for text in _axis(sheet, name)] for name in where]
    notes = _place_notes(sheet, where, spots)
    if notes:
        where, spots = (), []
    reasons = _reasons(sheet, known, {name: parsed[name] for name in asked if name != ACCOUNTS}, where, spots)
    good = [row for row, reason in enumerate(reasons) if not reason]
    rejects = [
        Reject(sheet.file, sheet.lines[row], reason, ",".join(sheet.rows[row])[:SHOWN])
        for row, reason in enumerate(reasons)
        if reason
    ]
    rejects = sorted([*sheet.rejects, *rejects], key=lambda one: one.line)
    if 2 * len(good) < len(good) + len(rejects):
        raise InputError(_too_many(sheet, rejects, len(good)))
    ids = texts[known]
    good.sort(key=lambda row: ids[row])
    measures = {ACCOUNTS: np.ones(len(good))}
    for name, values in parsed.items():
        if name in asked or _mostly_numbers(values):
            column = np.array([values[row] if values[row] is not None else np.nan for row in good], dtype=np.float64)
            blank = int(np.isnan(column).sum())
            if blank and name in asked:
                notes.append(f"{sheet.file}: {name} is blank in {blank:,} rows; taken as 0")
            measures[name] = np.nan_to_num(column, nan=0.0)
        elif name == USUAL:
            bad = next(row for row, value in enumerate(values) if value is None or math.isnan(value))
            told = f"line {sheet.lines[bad]}: '{texts[name][bad][:40]}' is no number of 0 or more"
            notes.append(f"{sheet.file}: column {name} is not used, as too many of its fields are no amounts; {told}")
    located = np.array([[axis[row] for axis in spots] for row in good], dtype=np.float64)
    centre = middle(where, located)
    return Table(
        file=sheet.file,
        ids=[ids[row] for row in good],
        words={name: [words[row] for row in good] for name, words in texts.items()},
        measures=measures,
        places=on_the_plane(located, centre),
        centre=centre,
        today=[texts[today][row] for row in good] if today else [""] * len(good),
        id_column=known,
        today_column=today,
        rejects=tuple(rejects),
        notes=tuple(notes),
    )


def _id_column(sheet: Sheet, wanted: str) -> str:
    """The column with the ids: the one asked for, `id`, one called after accounts, or the first without repeats."""
    names = sheet.names
    if wanted:
        if wanted not in names:
            raise InputError([f"id: {sheet.file} has no column '{wanted}'; {nearest(wanted, names)}"])
        return wanted
    if "id" in names:
        return "id"
    amounts = {name for name in names if any("." in one and number(one) for one in sheet.numbers(name))}
    for share, choices in ((0.5, IDS), (1.0, names), (0.9, names)):  # a few rows may stand there twice
        for name in choices:
            values = {value for value in sheet.column(name) if value} if name in names else set()
            if values and name not in amounts and len(values) >= share * len(sheet.rows):
                return name
    raise InputError([f"{sheet.file}: no column names each row; add one called id, or say which: id=COLUMN"])


def _axis(sheet: Sheet, name: str) -> list[str]:
    """A column of coordinates; degrees have no thousands, so that a point or comma is a decimal one."""
    return sheet.numbers(name) if name in KM else [text.replace(",", ".") for text in sheet.column(name)]


def _today_column(sheet: Sheet, wanted: str, known: str) -> str:
    """The column with today's territory; empty where there is none."""
    names = [name for name in sheet.names if name != known]
    if wanted and wanted not in names:
        raise InputError([f"today: {sheet.file} has no column '{wanted}'; {nearest(wanted, names)}"])
    return wanted or next((name for name in TODAY if name in names), "")


def _place_notes(sheet: Sheet, where: Sequence[str], spots: Sequence[Sequence[float | None]]) -> list[str]:
    """A sentence where no columns say where rows are, or so few rows have a place that places can't be used."""
    if not where:
        pairs = " or ".join(" and ".join(pair) for pair in ((LATITUDES[0], LONGITUDES[0]), KM))
        there = f"{sheet.file} has {some(sheet.names)}"
        return [f"no places found: territories don't follow the map.  columns taken: {pairs}; {there}"]
    placed = sum(None not in spot for spot in zip(*spots, strict=True))
    if 2 * placed >= len(sheet.rows):
        return []
    return [f"{sheet.file}: {placed:,} of {len(sheet.rows):,} rows have a place; territories are drawn without places"]


def _check_asked(sheet: Sheet, asked: Collection[str], parsed: dict[str, list[float | None]]) -> None:
    """Raises InputError for each column that is asked for and is not there, or holds no numbers."""
    numbers = [name for name, values in parsed.items() if _mostly_numbers(values)]
    problems = []
    for name in asked:
        if name == ACCOUNTS:
            continue
        if name not in parsed:
            cure = nearest(name, [*numbers, ACCOUNTS])
            problems.append(f"{sheet.file}: there is no column of numbers '{name}'.  {cure}")
            continue
        filled = [row for row, value in enumerate(parsed[name]) if value is None or not math.isnan(value)]
        bad = [row for row in filled if parsed[name][row] is None]
        if not filled:
            problems.append(f"{sheet.file}: column {name} is blank in all rows; {nearest(name, [*numbers, ACCOUNTS])}")
        elif 2 * len(bad) > len(filled):
            first = bad[0]
            problems.append(
                f"{sheet.file}, line {sheet.lines[first]}: column {name}: '{sheet.column(name)[first][:40]}' is no "
                f"number of 0 or more, and so are most of its fields; {nearest(name, [*numbers, ACCOUNTS])}"
            )
    if problems:
        raise InputError(problems)


def _mostly_numbers(values: Sequence[float | None]) -> bool:
    """Whether a column is one of numbers; blanks say nothing."""
    filled = [value for value in values if value is None or not math.isnan(value)]
    return bool(filled) and sum(value is not None for value in filled) >= MOSTLY * len(filled)


def _reasons(
    sheet: Sheet,
    known: str,
    asked: dict[str, list[float | None]],
    where: Sequence[str],
    spots: Sequence[Sequence[float | None]],
) -> list[str]:
    """Why each row can't be used; empty text where it can. Of rows with one id the one whose text sorts first stays."""
    reasons = ["" if name else f"no {known}" for name in sheet.column(known)]
    for names, columns, what in ((list(asked), list(asked.values()), "number of 0 or more"), (where, spots, "place")):
        for name, values in zip(names, columns, strict=True):
            for row, (value, text) in enumerate(zip(values, sheet.column(name), strict=True)):
                if value is None and not reasons[row]:
                    reasons[row] = f"{name}: '{text[:40]}' is no {what}"
    at = sheet.names.index(known)
    taken: dict[str, int] = {}
    for row in sorted(range(len(reasons)), key=lambda one: sheet.rows[one]):
        name = sheet.rows[row][at]
        if not reasons[row] and taken.setdefault(name, row) != row:
            reasons[row] = f"{known} '{name[:60]}' stands there more than once"
    return reasons


def _too_many(sheet: Sheet, rejects: Sequence[Reject], good: int) -> list[str]:
    told = "; ".join(f"line {one.line}: {one.reason}" for one in rejects[:3])
    return [f"{sheet.file}: {len(rejects):,} of {good + len(rejects):,} rows can't be used. First: {told}"]
