"""The four files of a CRM export as tables of text, each row with its line in the file.

Whatever bytes a file holds, this ends in a table or in sentences that say what is wrong with it.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from scenarios.market import Finding
from scenarios.problems import InputError, nearest


class Columns(NamedTuple):
    """Columns that a file must have, and those that are read where they are there."""

    needed: tuple[str, ...]
    welcome: tuple[str, ...] = ()


FILES = {
    "accounts.csv": Columns(("account", "sector", "revenue", "employees"), ("office_location", "subsidiary_of")),
    "products.csv": Columns(("product", "sales_price")),
    "sales_teams.csv": Columns(("sales_agent", "regional_office")),
    "sales_pipeline.csv": Columns(
        (
            "opportunity_id",
            "sales_agent",
            "product",
            "account",
            "deal_stage",
            "engage_date",
            "close_date",
            "close_value",
        )
    ),
}
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
LONGEST_LINE = 20_000
SHOWN = 200  # characters of a bad row that are kept
FEW_ROWS, FEW_SHARE = 5, 0.02  # above the larger of the two, bad rows stop the import


class Reject(NamedTuple):
    """A row that was set aside: where it stands, why, and what it says."""

    file: str
    line: int
    reason: str
    row: str


@dataclass
class Table:
    """One file: ``rows`` hold text, in the order of the file, with ``line`` and ``text`` beside the columns."""

    file: str
    rows: pd.DataFrame
    size: int  # rows in the file, bad ones too
    data: bytes
    rejects: list[Reject] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def set_aside(self, bad: pd.Series, reason: str | pd.Series) -> None:
        """Takes the rows where ``bad`` out of the table, each with its reason."""
        reasons = reason if isinstance(reason, pd.Series) else pd.Series(reason, index=self.rows.index)
        for line, text, why in zip(self.rows.loc[bad, "line"], self.rows.loc[bad, "text"], reasons[bad], strict=True):
            self.rejects.append(Reject(self.file, int(line), str(why), str(text)))
        self.rows = self.rows[~bad]

    def found(self, what: str, count: int, done: str) -> None:
        """Notes something about the file, where it happens at all."""
        if count:
            self.findings.append(Finding(self.file, what, int(count), done))

    def too_many_bad(self) -> list[str]:
        """A sentence where more rows are bad than max(5, 2 %) of the file; else nothing."""
        allowed = max(FEW_ROWS, int(FEW_SHARE * self.size))
        if len(self.rejects) <= allowed:
            return []
        counts = pd.Series([re.sub(r"'.*'", "…", reject.reason) for reject in self.rejects]).value_counts()
        kinds = sorted(counts.items(), key=lambda kind: (-kind[1], str(kind[0])))[:5]
        first = sorted(self.rejects, key=lambda reject: reject.line)[:3]
        return [
            f"{self.file}: {len(self.rejects)} of {self.size} rows can't be used, more than the {allowed} "
            "that are set aside: "
            + "; ".join(f"{count} × {reason}" for reason, count in kinds)
            + ". First: "
            + "; ".join(f"line {reject.line}: {reject.reason}" for reject in first)
        ]


def read_folder(folder: str) -> dict[str, Table]:
    """All four files of an export. Raises InputError with every problem of every file."""
    if not folder:
        raise InputError(
            ["market.folder is empty: give the folder of the CRM export, as in market.folder=../exports/crm"]
        )
    place = Path(folder)
    if "\0" in folder or not place.is_dir():
        raise InputError([f"market.folder: there is no folder '{folder}'"])
    tables: dict[str, Table] = {}
    problems: list[str] = []
    for file, columns in FILES.items():
        try:
            tables[file] = read(place / file, columns)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return tables


def read(path: Path, columns: Columns) -> Table:
    """One file as a table of text. Raises InputError where it is missing, empty, binary or lacks a column."""
    data = contents(path)
    text, plain = decoded(path.name, data)
    lines = re.split(r"\r\n|\n|\r", text)
    head = next((number for number, line in enumerate(lines) if line.strip()), None)
    if head is None:
        raise InputError([f"{path.name}: the file is empty"])
    separator, names = _header(path.name, lines[head], columns)
    wanted = [name for name in (*columns.needed, *columns.welcome) if name in names]
    place = [names.index(name) for name in wanted]

    rows: list[list[object]] = []
    rejects: list[Reject] = []
    for number, line in enumerate(lines[head + 1 :], start=head + 2):
        if not line.strip(" \t,;"):
            continue
        values = fields(line, separator)
        if values is None:
            rejects.append(
                Reject(
                    path.name,
                    number,
                    "a quotation mark that is not closed on its line, or an endless line",
                    line[:SHOWN],
                )
            )
        elif len(values) != len(names):
            rejects.append(Reject(path.name, number, f"{len(values)} fields instead of {len(names)}", line[:SHOWN]))
        else:
            rows.append([*(" ".join(values[at].split()) for at in place), number, line[:SHOWN]])
    size = len(rows) + len(rejects)
    if not size:
        raise InputError([f"{path.name}: it has a header and no rows"])
    frame = pd.DataFrame(rows, columns=[*wanted, "line", "text"])
    frame = frame.astype(dict.fromkeys((*wanted, "text"), "str") | {"line": "int64"})
    for name in columns.welcome:
        if name not in names:
            frame[name] = pd.Series("", index=frame.index, dtype="str")
    table = Table(path.name, frame, size, data, rejects)
    table.found("not written in UTF-8", 0 if plain else 1, "read as Windows-1252; look at names with accents")
    table.found(f"fields parted by {SEPARATORS[separator]}", int(separator != ","), "read so")
    return table


def contents(path: Path) -> bytes:
    """All of a file. Raises InputError where it is missing, empty or can't be read, with the nearest name beside it."""
    if not path.exists():
        here = sorted(other.name for other in path.parent.glob("*.csv") if other.name not in FILES)
        raise InputError([f"{path.name}: missing" + (f"; {nearest(path.name, here)}" if here else "")])
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError([f"{path.name}: can't be read ({error.strerror})"]) from None
    if not data.strip():
        raise InputError([f"{path.name}: the file is empty"])
    return data


def decoded(file: str, data: bytes) -> tuple[str, bool]:
    """A file's text, and whether it was UTF-8 or UTF-16. Raises InputError where it is no text."""
    if data.startswith(b"PK\x03\x04"):
        raise InputError([f"{file}: this is a workbook or an archive, not a CSV file; save it as CSV"])
    unicode = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"  # Excel's "Unicode text"
    try:
        text, plain = data.decode(unicode), True
    except UnicodeDecodeError:
        try:
            text, plain = data.decode("cp1252"), False
        except UnicodeDecodeError:
            text, plain = "\0", False
    odd = re.search(r"[\x00-\x08\x0e-\x1f\x7f]", text)
    if odd:
        raise InputError([f"{file}: this is no text file (binary data); save the export as CSV in UTF-8"])
    return text, plain


def _header(file: str, line: str, columns: Columns) -> tuple[str, list[str]]:
    """The separator and the column names: of all separators, the one that gives most of the needed columns."""

    def names(separator: str) -> list[str]:
        return [re.sub(r"\W+", "_", name.strip().casefold()) for name in fields(line, separator) or []]

    separator = max(SEPARATORS, key=lambda one: sum(name in names(one) for name in columns.needed))
    found = names(separator)
    problems = []
    for name in columns.needed:
        if name not in found:
            others = [other for other in found if other and other not in columns.needed]
            hint = f"; {nearest(name, others[:12])}" if others else ""
            problems.append(f"{file}: column '{name}' is missing{hint[:SHOWN]}")
        elif found.count(name) > 1:
            problems.append(f"{file}: column '{name}' stands there {found.count(name)} times; keep one")
    if problems:
        raise InputError(problems)
    return separator, found


def fields(line: str, separator: str) -> list[str] | None:
    """The fields of one line; None where a quotation mark is left open or the line is too long to be a row."""
    if len(line) > LONGEST_LINE:
        return None
    try:
        return next(csv.reader([line], delimiter=separator, strict=True))
    except (csv.Error, StopIteration):
        return None
