"""Any CSV, XLSX or Parquet file as rows of text, each with its line; what can't be read is set aside with a reason.

Whatever bytes a file holds, this ends in a table or in sentences that say what is wrong with it.
"""

from __future__ import annotations

import csv
import math
import re
import warnings
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from scenarios.intake.values import column_name, pointed, styles
from scenarios.problems import InputError, nearest

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
LONGEST_LINE = 20_000
LONGEST_FIELD = 400  # lines that a quoted field may go over, as descriptions in exports do
SHOWN = 200  # characters of a bad row that are kept
GUARDED = re.compile(r"'+[=+\-@]")  # text that begins as a formula does, kept from being one
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")  # no text, and a terminal might take it for a command
WORKBOOK, PARQUET = b"PK\x03\x04", b"PAR1"


class Reject(NamedTuple):
    """A row that was set aside: where it stands, why, and what it says."""

    file: str
    line: int
    reason: str
    row: str


@dataclass
class Sheet:
    """A file's first row, and the rows below it with as many fields each."""

    file: str
    head: list[str]  # as it is written
    head_line: int
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    separator: str = ","
    plain: bool = True  # written in UTF-8 or UTF-16, or no text file at all

    @property
    def names(self) -> list[str]:
        """The columns' names as they are used here; one without a name is called after its place."""
        return [column_name(name) or f"column_{place}" for place, name in enumerate(self.head, 1)]

    def column(self, name: str) -> list[str]:
        """All fields of a column, in the order of the file."""
        at = self.names.index(name)
        return [row[at] for row in self.rows]

    def under(self, header: str) -> list[str]:
        """All fields under a header as it is written."""
        at = self.head.index(header)
        return [row[at] for row in self.rows]

    def numbers(self, name: str) -> list[str]:
        """The same, with numbers such as 1.234,50 € written 1234.50 where the column, or else the file, writes so.

        What a lone 1.234 means is told by the other numbers: by those of its column, and if none of them tells, of
        the file.
        """
        fields = self.column(name)
        comma, point = styles(fields)
        if not comma and not point:
            comma, point = self.written
        return [pointed(text) for text in fields] if comma and not point else fields

    @cached_property
    def written(self) -> tuple[bool, bool]:
        """Whether numbers with a decimal comma stand in the file, and whether such with a point."""
        return styles(text for row in self.rows for text in row)


def contents(path: Path) -> bytes:
    """All of a file. Raises InputError where it is missing, empty or can't be read, with the nearest name beside it."""
    if not path.exists():
        here = sorted(other.name for other in path.parent.glob("*.csv"))
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
    if CONTROL.search(text):
        raise InputError([f"{file}: this is no text file (binary data); save the export as CSV in UTF-8"])
    return text, plain


def fields(line: str, separator: str) -> list[str] | None:
    """The fields of one line; None where a quotation mark is left open or the line is too long to be a row."""
    if len(line) > LONGEST_LINE:
        return None
    try:
        return next(csv.reader([line], delimiter=separator, strict=True))
    except (csv.Error, StopIteration):
        return None


def read_sheet(path: Path) -> Sheet:
    """A CSV or Parquet file, or the first sheet of a workbook. Raises InputError where it is missing or no table."""
    return checked(next(iter(sheets_of(path, contents(path)))))


def sheets_of(path: Path, data: bytes) -> list[Sheet]:
    """All tables of a file: the sheets of a workbook that hold anything, or the one of a CSV or Parquet file.

    Raises InputError where it can't be read.
    """
    if data.startswith(WORKBOOK):
        return _workbook(path)
    return [_parquet(path) if data.startswith(PARQUET) else _text(path.name, data)]


def checked(sheet: Sheet) -> Sheet:
    """The same sheet. Raises InputError where it has no rows or a column twice."""
    twice = sorted({name for name in sheet.names if sheet.names.count(name) > 1})
    if twice:
        raise InputError(f"{sheet.file}: column '{name}' stands there more than once; keep one" for name in twice)
    if not sheet.rows:
        many = f" that can be read; {sheet.rejects[0].reason}" if sheet.rejects else ""
        raise InputError([f"{sheet.file}: it has a first row and no others{many}"])
    return sheet


def _text(file: str, data: bytes) -> Sheet:
    text, plain = decoded(file, data)
    lines = re.split(r"\r\n|\n|\r", text)
    told = re.fullmatch(r"sep=(.)\s*", lines[0], re.I)  # what Excel writes and reads above the first row
    told_by = told[1] if told and told[1] in SEPARATORS else ""
    first = next((number for number, line in enumerate(lines) if line.strip() and not (told_by and not number)), None)
    if first is None:
        raise InputError([f"{file}: the file is empty"])
    separator = told_by or max(SEPARATORS, key=lambda one: len(_row(lines, first, one)[0] or ()))
    head, used = _row(lines, first, separator)
    if head is None:
        raise InputError([f"{file}, line {first + 1}: the first row has a quotation mark that is not closed"])
    sheet = Sheet(file, head, first + 1, separator=separator, plain=plain)
    at = first + used
    while at < len(lines):
        values, used = _row(lines, at, separator)
        if values is None:
            why = "a quotation mark that is not closed, or an endless line"
            sheet.rejects.append(Reject(file, at + 1, why, lines[at][:SHOWN]))
        elif any(values):
            _take(sheet, values, at + 1, lines[at])
        at += used
    return sheet


def _row(lines: list[str], at: int, separator: str) -> tuple[list[str] | None, int]:
    """The fields of the row that begins there, and how many lines it has; None and 1 where a quotation stays open."""
    text = lines[at]
    quotes = text.count('"')
    for used in range(1, LONGEST_FIELD + 1):
        values = (fields(text, separator) if text else []) if quotes % 2 == 0 or used == 1 else None
        if values is not None:
            return [" ".join(value.split()) for value in values], used
        if not quotes or len(text) > LONGEST_LINE or at + used >= len(lines):
            break
        text = f"{text} {lines[at + used]}"
        quotes += lines[at + used].count('"')
    return None, 1


def _take(sheet: Sheet, values: list[str], line: int, text: str) -> None:
    """Adds a row, or sets it aside where it has another number of fields than the first; blank ends do not count."""
    wanted = len(sheet.head)
    if len(values) > wanted and not any(values[wanted:]):
        values = values[:wanted]
    if len(values) != wanted:
        sheet.rejects.append(Reject(sheet.file, line, f"{len(values)} fields instead of {wanted}", text[:SHOWN]))
        return
    sheet.rows.append([meant(value) for value in values])
    sheet.lines.append(line)


def meant(cell: str) -> str:
    """A cell without the apostrophe that keeps table programs from running it.

    >>> meant("'=1+1"), meant("''=x"), meant("'s-Gravenhage")
    ('=1+1', "'=x", "'s-Gravenhage")
    """
    return cell[1:] if GUARDED.match(cell) else cell


def _workbook(path: Path) -> list[Sheet]:
    """The sheets of a workbook; several are named as in `book.xlsx / Deals`. Raises InputError where it is none."""
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on styles that are not read here
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            pages = {
                page.title: [[_cell(value) for value in row] for row in page.iter_rows(values_only=True)]
                for page in book.worksheets
            }
            book.close()
    except Exception:  # whatever a broken archive makes of the reader
        raise InputError([f"{path.name}: this is no workbook that can be read; save it as CSV"]) from None
    filled = {title: rows for title, rows in pages.items() if any(any(row) for row in rows)}
    if not filled:
        raise InputError([f"{path.name}: {'the first sheet' if len(pages) == 1 else 'every sheet'} is empty"])
    return [_grid(path.name if len(filled) == 1 else f"{path.name} / {title}", rows) for title, rows in filled.items()]


def _grid(file: str, rows: list[list[str]]) -> Sheet:
    """Rows of cells as a sheet: the first that holds anything is its head."""
    first = next(place for place, row in enumerate(rows) if any(row))
    head = list(rows[first])
    while head and not head[-1]:
        head.pop()
    sheet = Sheet(file, head, first + 1)
    for line, values in enumerate(rows[first + 1 :], first + 2):
        if any(values):
            padded = values + [""] * (len(head) - len(values))
            _take(sheet, padded, line, ",".join(values))
    return sheet


def _parquet(path: Path) -> Sheet:
    """A Parquet file. Raises InputError where it can't be read."""
    from pyarrow import ArrowException, parquet

    try:
        table = parquet.read_table(path, partitioning=None)
        columns = [[_cell(value) for value in column.to_pylist()] for column in table.columns]
    except (ArrowException, OSError, ValueError, OverflowError):
        raise InputError([f"{path.name}: this is no Parquet file that can be read"]) from None
    sheet = Sheet(path.name, [_cell(name) for name in table.column_names], 0)
    for line, values in enumerate(zip(*columns, strict=True), 1):
        if any(values):
            _take(sheet, list(values), line, ",".join(values))
    return sheet


def _cell(value: object) -> str:
    """A cell as text; a whole number without a point, so that an id stays one."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and math.isfinite(value) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return " ".join(CONTROL.sub(" ", str(value)).split())
