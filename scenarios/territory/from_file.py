"""Territories from a file with columns account and rep, or a map; accounts it does not name stay with today's rep."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from scenarios.design.assigned import MAPS, read_assigned
from scenarios.intake.sheet import meant
from scenarios.market import Market
from scenarios.problems import InputError, nearest
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from scenarios.territory.current import todays_rows
from sim.behaviour import Behaviour
from sim.world import Ints

COLUMNS = ("account", "rep")
LONGEST_LINE = 20_000


def design(market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour, seed: int) -> Ints:
    """Row of the rep for each account, (n,). Raises InputError with every problem of the file, by line."""
    lines = read(options.file)
    account_row = {name: row for row, name in enumerate(market.accounts["id"])}
    rep_row = {name: row for row, name in enumerate(team.reps["id"])}
    owner = todays_rows(market, team)
    problems = []
    seen: dict[str, int] = {}
    for line, account, rep in lines:
        where = f"{options.file}, line {line}"
        if account not in account_row:
            cure = _near(account, account_row)
            problems.append(f"{where}: column account: no account has the id '{account}'; {cure}")
        elif account in seen:
            problems.append(f"{where}: account '{account}' stands already in line {seen[account]}; keep one of the two")
        if rep not in rep_row:
            problems.append(f"{where}: column rep: no rep has the id '{rep}'; {_near(rep, rep_row)}")
        seen.setdefault(account, line)
        if account in account_row and rep in rep_row:
            owner[account_row[account]] = rep_row[rep]
    if problems:
        raise InputError(problems)
    return owner


def read(file: str) -> list[tuple[int, str, str]]:
    """Line number, account and rep of each line of the file. Raises InputError where it is no such table."""
    if not file:
        raise InputError(["territory=from_file needs territory.file: a CSV file with columns account and rep"])
    if Path(file).suffix.casefold() in (".xlsx", *MAPS) and Path(file).is_file():
        return read_assigned(Path(file))
    text = _text(file)
    first = text.splitlines()[0]
    table = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    head = [name.strip().casefold() for name in next(table, [])]
    missing = [name for name in COLUMNS if name not in head]
    if missing:
        raise InputError(f"{file}, line 1: column {name} is missing; found: {', '.join(head)}" for name in missing)
    at = [head.index(name) for name in COLUMNS]
    rows = []
    short = []
    for row in table:
        if not any(value.strip() for value in row):
            continue
        if len(row) <= max(at):
            short.append(f"{file}, line {table.line_num}: has {len(row)} values, the head has {len(head)}")
            continue
        rows.append((table.line_num, meant(row[at[0]].strip()), meant(row[at[1]].strip())))
    if short:
        raise InputError(short)
    return rows


def _text(file: str) -> str:
    """All of the file. Raises InputError where it is missing, empty or no text."""
    path = Path(file)
    if not path.is_file():
        raise InputError([f"territory.file: there is no file '{file}'"])
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as reason:
        raise InputError([f"territory.file: '{file}' can't be read: {reason.strerror}"]) from None
    except UnicodeDecodeError:
        raise InputError([f"{file}: is not a text file in UTF-8; save it as CSV"]) from None
    if "\0" in text:
        raise InputError([f"{file}: is not a text file; save it as CSV"])
    if not text.strip():
        raise InputError([f"{file}: is empty; it needs the columns account and rep"])
    endless = next((number for number, line in enumerate(text.splitlines(), 1) if len(line) > LONGEST_LINE), 0)
    if endless:
        raise InputError([f"{file}, line {endless}: is longer than {LONGEST_LINE:,} characters; that is no row"])
    return text


def _near(word: str, words: dict[str, int]) -> str:
    """The nearest id; of a long list only an example where none is near."""
    found = nearest(word, words)
    return found if found.startswith("did") or len(words) <= 20 else f"ids look like '{next(iter(words))}'"
