"""An export, read and cleaned: canonical tables, how each file was read, what was noticed, what was set aside."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import yaml

from scenarios.intake.currencies import ADDED_UP, currency_findings, named
from scenarios.intake.mapping import Mapping, from_yaml, guess
from scenarios.intake.rows import AT, LINE, TEXT, Rows, joined
from scenarios.intake.schema import TABLES
from scenarios.intake.sheet import Reject, Sheet, checked, contents, sheets_of
from scenarios.intake.tidy import complete, refer, rows_of, tidy
from scenarios.market import Finding
from scenarios.problems import InputError

UNREAD = (".xls", ".xlsb", ".ods", ".json")
TYPES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".parquet")
MAPPING, REPORT, REJECTS = "mapping.yaml", "report.md", "rejects.csv"  # what an import writes beside the tables
MOST_NAMES = 300_000  # distinct names that are made into rows where a table is missing


@dataclass(frozen=True)
class Data:
    """The canonical tables that the files hold (`schema.TABLES`), each sorted, so that the order of rows is no matter.

    Text is empty where blank, numbers are NaN, days are days since 1970 or -1. ``files`` says which files each table
    came from, ``sizes`` how many rows each file had. ``rejects``: file, line, reason, row. ``currencies``: how many of
    the amounts that are added up are in which. ``digest`` is a hash of the files' bytes and of how they are read.
    """

    tables: dict[str, pd.DataFrame]
    files: dict[str, tuple[str, ...]]
    mapping: Mapping
    sizes: dict[str, int]
    findings: tuple[Finding, ...]
    rejects: pd.DataFrame
    digest: str
    currencies: Counter[str] = field(default_factory=Counter)

    def table(self, name: str) -> pd.DataFrame:
        """A table; empty, with all its columns, where no file holds it."""
        if name in self.tables:
            return self.tables[name]
        return pd.DataFrame({column: pd.Series(dtype="str") for column in TABLES[name].names})

    def file(self, name: str) -> str:
        """The files that a table came from, for people to read."""
        return ", ".join(self.files.get(name, ())) or "no file"


def read_data(folder: str | Path, mapping: Path | None = None, system: str = "") -> Data:
    """Reads and cleans all tables of a folder; nothing is written.

    ``mapping`` is a planner's file that says how; else it is guessed, for the ``system`` they name or the one that the
    files look like.

    Raises InputError with every problem: a file that can't be read, no accounts, a wrong mapping, too many bad rows.
    """
    paths = _paths(folder)
    sheets, digest = _sheets(paths)
    found = from_yaml(mapping, sheets) if mapping else guess(sheets, system)
    by_file = {sheet.file: sheet for sheet in sheets}
    parts: dict[str, list[Rows]] = {}
    problems: list[str] = []
    currencies: Counter[str] = Counter()
    for reading in found.readings:
        if reading.table:
            currencies += named(by_file[reading.file], reading)
            try:
                made = rows_of(checked(by_file[reading.file]), reading)
            except InputError as error:
                problems += error.problems
                continue
            complete(made)
            parts.setdefault(reading.table, []).append(made)
    if not any(reading.table == "accounts" for reading in found.readings):
        problems.append(_no_accounts(sheets, found))
    if problems:
        raise InputError(problems)
    tables = {name: joined(name, parts[name]) for name in TABLES if name in parts}
    for rows in tables.values():
        tidy(rows)
    _stop_if_too_many(tables)
    _derive(tables)
    for name in TABLES:  # accounts and reps before those who name them
        if name in tables and tables[name].files:
            refer(tables[name], tables)
    _stop_if_too_many(tables)
    digest.update(repr(found.readings).encode())
    sizes = {sheet.file: len(sheet.rows) + len(sheet.rejects) for sheet in sheets}
    return _data(tables, found, sizes, digest.hexdigest(), currencies, _unread(folder))


def _data(
    tables: dict[str, Rows], mapping: Mapping, sizes: dict[str, int], digest: str, currencies: Counter[str],
    others: list[Finding],
) -> Data:  # fmt: skip
    rejects = sorted(reject for rows in tables.values() for reject in rows.rejects)
    for rows in tables.values():
        rows.found("rows that can't be used", len(rows.rejects), "set aside, each with its line and reason")
    paid = [file for name in ADDED_UP if name in tables for file in tables[name].files]
    others = [*currency_findings(currencies, ", ".join(paid)), *others]
    return Data(
        tables={name: _bare(rows) for name, rows in tables.items()},
        files={name: rows.files for name, rows in tables.items()},
        mapping=mapping,
        sizes={reading.file: sizes[reading.file] for reading in mapping.readings if reading.table},
        findings=(*(finding for rows in tables.values() for finding in rows.findings), *others),
        rejects=pd.DataFrame(rejects, columns=list(Reject._fields)),
        digest=digest,
        currencies=currencies,
    )


def _bare(rows: Rows) -> pd.DataFrame:
    """A table's own columns, in the order they are declared."""
    return rows.frame[list(TABLES[rows.table].names)].reset_index(drop=True)


def _paths(folder: str | Path) -> list[Path]:
    """The files of a folder that may hold tables, by name."""
    place = Path(folder)
    if not str(folder):
        raise InputError(["the folder of the export is empty: give it, as in ../exports/crm"])
    if "\0" in str(folder) or not place.is_dir():
        raise InputError([f"there is no folder '{folder}'"])
    ours = {REJECTS} if (place / MAPPING).exists() else set()
    # Programs that have a table open keep a hidden file beside it, `~$book.xlsx` or `._book.csv`.
    shown = [path for path in place.iterdir() if not path.name.startswith((".", "~$"))]
    found = sorted(path for path in shown if path.suffix.lower() in TYPES and path.name not in ours)
    odd = [ascii(path.name) for path in found if not path.name.isprintable()]
    if odd:
        raise InputError(f"{name}: the file's name has signs that can't be shown; give it another" for name in odd)
    if not found:
        raise InputError([f"{place.name}: there is no CSV, XLSX or Parquet file in this folder"])
    return found


def _unread(folder: str | Path) -> list[Finding]:
    """Files that may hold tables, of kinds that are not read."""
    others = sorted(path.name for path in Path(folder).iterdir() if path.suffix.lower() in UNREAD)
    return [Finding(name, "a kind of file that is not read", 1, "left out; save it as XLSX or CSV") for name in others]


def _sheets(paths: Sequence[Path]) -> tuple[list[Sheet], hashlib._Hash]:
    """All sheets of the files, and a hash of their bytes. Raises InputError with every file that can't be read."""
    digest = hashlib.sha256()
    sheets: list[Sheet] = []
    problems: list[str] = []
    for path in paths:
        try:
            data = contents(path)
            sheets += sheets_of(path, data)
            digest.update(f"{path.name} {len(data)} ".encode() + data)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return sheets, digest


def _no_accounts(sheets: Sequence[Sheet], mapping: Mapping) -> str:
    said = [
        f"{reading.file} ({f'read as {reading.table}' if reading.table else 'columns ' + ', '.join(sheet.head[:6])})"
        for reading, sheet in zip(mapping.readings, sheets, strict=True)
    ]
    return (
        "no file holds accounts, with a column that names each, as id or account does: "
        + "; ".join(said)
        + ". Say which it is: territory import FOLDER --mapping FILE, with a FILE that begins as this one:\n"
        + _begun(sheets, mapping)
    )


def _begun(sheets: Sequence[Sheet], mapping: Mapping) -> str:
    """A mapping to start from: the first sheet that was not understood, else the first, as accounts."""
    unread = [sheet for sheet, reading in zip(sheets, mapping.readings, strict=True) if not reading.table]
    sheet = (unread or list(sheets))[0]
    columns = dict(zip(("id", "name", "rep", "city"), [head for head in sheet.head if head], strict=False))
    said = {"files": {sheet.file: {"table": "accounts", "columns": columns}}}
    return yaml.safe_dump(said, sort_keys=False, allow_unicode=True).rstrip()


def _derive(tables: dict[str, Rows]) -> None:
    """Reps, products and territories that no file lists, from those who name them."""
    for name, places in (
        ("reps", (("opportunities", "rep"), ("accounts", "rep"), ("activities", "rep"))),
        ("products", (("opportunities", "product"), ("orders", "product"))),
        ("territories", (("accounts", "territory"), ("reps", "territory"))),
    ):
        if name in tables:
            continue
        named = [tables[table].frame[column] for table, column in places if table in tables]
        words = sorted(set(pd.concat(named)) - {""}) if named else []
        if words and len(words) <= MOST_NAMES:
            frame = pd.DataFrame({"id": pd.Series(words, dtype="str"), AT: "", LINE: 0, TEXT: ""})
            tables[name] = Rows(name, (), frame, {}, 0)
            complete(tables[name])


def _stop_if_too_many(tables: dict[str, Rows]) -> None:
    problems = [problem for rows in tables.values() for problem in rows.too_many_bad()]
    accounts = tables["accounts"]
    if not problems and accounts.frame.empty:
        first = min(accounts.rejects, key=lambda reject: (reject.file, reject.line))
        why = f"first: line {first.line}: {first.reason}"
        problems = [f"{first.file}: no row can be used as an account; {why}. {accounts.way_out(first.reason)}"]
    if problems:
        raise InputError(problems)
