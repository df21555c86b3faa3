"""What a planner asks of `territory design`, as words on a line: read, checked, all mistakes named at once.

Nothing heavy is imported here: a mistake is answered before numpy is there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite, isnan, nan

from scenarios.design.said import words
from scenarios.intake.values import column_name
from scenarios.problems import InputError, nearest
from sim.behaviour import Behaviour

KEYS = {
    "accounts": "FILE: CSV or XLSX, a row an account (or a district, or a postcode)",
    "territories": "NUMBER (default: as many as today, or as the reps file names), or found by workload or profit",
    "reps": "FILE with a row a rep, and where there are places the home: territories grow around it",
    "must_match": "COLUMNS of accounts and reps: only a rep who lists an account's word may have it",
    "should_match": "COLUMN:NUMBER, as language:25: no match counts as 25 km more; with aim=change as 25 moves more",
    "keep_together": "COLUMN whose accounts stay in one territory: city, county, postcode, …; families by parent",
    "balance": "COLUMNS to even out, [potential,workload]; potential:2 in a band half as wide; 'accounts' counts rows",
    "tolerance": "SHARE of the mean that a territory may be off, as 0.1 or 10% (default 0.1)",
    "minimum": "COLUMN:NUMBER that each territory has at least, as accounts:20",
    "maximum": "COLUMN:NUMBER that each territory has at most",
    "contiguous": "yes or no: each territory in one piece (default: yes where adjacency is given)",
    "adjacency": "FILE with two columns of ids: who borders on whom",
    "longest_km": "NUMBER: the farthest that an account may be from its rep's home or centre",
    "longest_minutes": "NUMBER: the same as minutes of driving one way",
    "road_factor": "NUMBER: road over straight line, for longest_minutes (default 1.3)",
    "road_speed": "NUMBER: km an hour on the road, for longest_minutes (default 60)",
    "workload": "COLUMN with the hours a year that each account takes: no rep gets more than the hours it has",
    "capacity_hours": "NUMBER of hours a year that each rep has (default: column hours of the reps file)",
    "potential": "COLUMN with the sales to be won, for territories=profit (default potential)",
    "margin": "SHARE of sales that is left before selling costs, for territories=profit",
    "territory_cost": "NUMBER: what a territory costs a year, for territories=profit",
    "locked": "COLUMN with yes in it, FILE of ids, ids, or territories: accounts that stay where they are today",
    "most_moved": "SHARE of the accounts that may change territory, or COLUMN:SHARE, as potential:0.1",
    "most_moved_per_rep": "the same of what each territory has today",
    "aim": "distance (short ways) or change (as little moved as it takes)",
    "weight": "COLUMN that distance or change counts with (default: the first balanced one)",
    "quota": "COLUMN that quotas follow; writes quotas.csv",
    "period": "WORDS for the Period column of quotas.csv, as [Q1,Q2,Q3,Q4]: each gets the same part (default Year)",
    "id": "COLUMN with the ids (default: id, account, or the first in which no value stands twice)",
    "today": "COLUMN with today's territory (default: territory, rep or owner), or FILE with accounts and territories",
    "seed": "NUMBER (default 1)",
    "seconds": "NUMBER: when to stop at the latest (default 60)",
    "out": "FOLDER for what is written (default results/design)",
}
AIMS = ("distance", "change")
FOUND_BY = ("workload", "profit")  # how the number of territories may be found
USUAL = Behaviour()
ACCOUNTS = "accounts"  # the column that counts rows
MOST_TERRITORIES = 10_000
WHOLE = {"territories": (1, MOST_TERRITORIES), "seed": (0, 2**32 - 1)}
SHARES = ("tolerance", "margin")  # may be written in per cent
NUMBERS = {
    "tolerance": (0.0, 10.0),
    "longest_km": (0.0, 1e6),
    "longest_minutes": (0.0, 1e5),
    "road_factor": (1.0, 10.0),
    "road_speed": (1.0, 1_000.0),
    "capacity_hours": (0.1, 8_784.0),
    "margin": (0.0, 1.0),
    "territory_cost": (0.0, 1e12),
    "seconds": (0.0, 1e6),
}
TABLES = ("balance", "minimum", "maximum", "most_moved", "most_moved_per_rep", "should_match")
COLUMNS = ("weight", "quota", "id", "workload", "potential", "keep_together")  # take the name of one column
SPOKEN = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@dataclass(frozen=True)
class Wishes:
    """What is asked for; empty text, an empty table or None where nothing was said."""

    accounts: str = ""
    territories: int | None = None
    found_by: str = ""  # workload or profit: how the number of territories is found
    reps: str = ""
    must_match: tuple[str, ...] = ()
    should_match: dict[str, float] = field(default_factory=dict)  # column -> price; NaN = the usual one
    keep_together: str = ""
    balance: dict[str, float] = field(default_factory=dict)  # column -> weight
    tolerance: float = 0.1  # share of the mean
    minimum: dict[str, float] = field(default_factory=dict)
    maximum: dict[str, float] = field(default_factory=dict)
    contiguous: bool | None = None
    adjacency: str = ""
    longest_km: float = 0.0  # 0 = no limit
    longest_minutes: float = 0.0
    road_factor: float = USUAL.road_factor
    road_speed: float = USUAL.road_speed
    workload: str = ""
    capacity_hours: float = 0.0  # 0 = as the reps file says
    potential: str = "potential"
    margin: float = 0.0
    territory_cost: float = 0.0
    locked: str = ""
    most_moved: dict[str, float] = field(default_factory=dict)  # column -> share
    most_moved_per_rep: dict[str, float] = field(default_factory=dict)
    aim: str = ""
    weight: str = ""
    quota: str = ""
    period: tuple[str, ...] = ("Year",)
    id: str = ""
    today: str = ""
    seed: int = 1
    seconds: float = 60.0
    out: str = "results/design"


def wishes(arguments: Sequence[str]) -> Wishes:
    """The wishes that the arguments state. Raises InputError with everything that is wrong with them."""
    problems: list[str] = []
    said: dict[str, str] = {}
    for argument in arguments:
        key, equals, value = argument.partition("=")
        if not equals:
            near = f"; {nearest(key, KEYS)}" if key.isidentifier() and key not in KEYS else ""
            problems.append(f"'{argument}' sets nothing; write key=value, for example territories=10{near}")
        elif key not in KEYS:
            problems.append(f"nothing is called '{key}'.  {nearest(key, KEYS)}")
        elif key in said and said[key] != value:
            problems.append(f"{key} is set twice, to '{said[key]}' and to '{value}'; keep one")
        else:
            said[key] = value.strip()
    found: dict[str, object] = {}
    for key, value in said.items():
        try:
            found["found_by" if key == "territories" and value in FOUND_BY else key] = _value(key, value)
        except ValueError as error:
            problems.append(str(error))
    if "accounts" not in said:
        problems.append("accounts=FILE is missing: a CSV or XLSX file with a row an account")
    elif not said["accounts"]:
        problems.append("accounts= is empty: give a CSV or XLSX file with a row an account")
    if problems:
        raise InputError(problems)
    return Wishes(**found)  # type: ignore[arg-type]  # _value gives each key its type


def _value(key: str, text: str) -> object:
    """A value as its key's type. Raises ValueError with a sentence."""
    if key == "territories" and text in FOUND_BY:
        return text
    if key in WHOLE:
        return _whole(key, text, *WHOLE[key])
    if key in NUMBERS:
        return _within(key, share(key, text) if key in SHARES else _number(key, text), *NUMBERS[key])
    if key in TABLES:
        return _table(key, text)
    if key == "must_match":
        return tuple(_columns(key, text, 1.0))
    if key == "period":
        return _periods(text)
    return _word(key, text)


def _word(key: str, text: str) -> object:
    """One word, or yes or no. Raises ValueError with a sentence."""
    if key == "contiguous":
        if text.casefold() not in SPOKEN:
            raise ValueError(f"contiguous: '{text}' is neither yes nor no")
        return SPOKEN[text.casefold()]
    if key == "aim":
        if text not in AIMS:
            raise ValueError(f"aim: there is no '{text}'.  {nearest(text, AIMS)}")
        return text
    if "\0" in text or (key == "out" and not text):
        raise ValueError(f"{key}: '{text}' can't be used; it is {KEYS[key]}")
    return column_name(text) if key in COLUMNS else text


def _periods(text: str) -> tuple[str, ...]:
    """The periods of a quota. Raises ValueError where one stands there twice, or none."""
    found = words(text)
    if not found or len(set(found)) < len(found):
        raise ValueError(f"period: '{text}' can't be used; name each period once, as [Q1,Q2,Q3,Q4]")
    return found


def _table(key: str, text: str) -> dict[str, float]:
    """Columns with a number each, within what the key takes."""
    if key == "balance":
        return {column: _within(key, weight, 1e-9, 1e9) for column, weight in _columns(key, text, 1.0).items()}
    if key in ("minimum", "maximum"):
        return {column: _within(key, amount, 0.0, 1e15) for column, amount in _columns(key, text, None).items()}
    if key == "should_match":
        asked = _columns(key, text, nan)
        return {column: price if isnan(price) else _within(key, price, 0.0, 1e6) for column, price in asked.items()}
    given = f"{ACCOUNTS}:{text}" if re.fullmatch(r"[\d.]+\s*%?", text) else text
    return {column: _within(key, most, 0.0, 1.0) for column, most in _columns(key, given, None).items()}


def _columns(key: str, text: str, alone: float | None) -> dict[str, float]:
    """Columns with a number each, as in ``[potential:2,workload]``; ``alone`` where one stands alone."""
    found: dict[str, float] = {}
    for part in text.strip("[]{}() ").split(","):
        name, colon, number = part.rpartition(":") if ":" in part else (part, "", "")
        if not column_name(name) or (not colon and alone is None):
            raise ValueError(f"{key}: '{part.strip()}' is not understood; it is {KEYS[key]}")
        if column_name(name) in found:
            raise ValueError(f"{key}: '{name.strip()}' stands there twice; keep one")
        found[column_name(name)] = share(key, number) if colon or alone is None else alone
    return found


def share(key: str, text: str) -> float:
    """A number that may be written in per cent. Raises ValueError with a sentence where it is none.

    >>> share("tolerance", "5%"), share("tolerance", "0.05")
    (0.05, 0.05)
    """
    text = text.strip()
    return _number(key, text[:-1]) / 100.0 if text.endswith("%") else _number(key, text)


def _number(key: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise ValueError(f"{key}: '{text}' is not a number; it is {KEYS[key]}")
    return number


def _whole(key: str, text: str, low: int, high: int) -> int:
    number = _within(key, _number(key, text), low, high)
    if number != int(number):
        raise ValueError(f"{key}: '{text}' is not a whole number; it is {KEYS[key]}")
    return int(number)


def _within(key: str, number: float, low: float, high: float) -> float:
    if not low <= number <= high:
        raise ValueError(f"{key}: {number:,g} is out of range; it must be between {low:,g} and {high:,g}")
    return number
