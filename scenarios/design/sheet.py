"""Any CSV or XLSX file as rows of text, each with its line; rows that can't be read are set aside with a reason."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from scenarios.crm.read import SEPARATORS, SHOWN, Reject, contents, decoded, fields
from scenarios.design.wishes import column_name
from scenarios.problems import InputError

LONGEST_FIELD = 20  # lines that a quoted field may go over, as addresses in exports do
GUARDED = re.compile(r"'+[=+\-@]")  # text that begins as a formula does, kept from being one
COMMA = re.compile(r"(€ ?)?-?(\d+,(\d{1,2}|\d{4,})|\d{1,3}(\.\d{3})+,\d+)( ?€)?")  # 12,5 and 1.234,567
POINT = re.compile(r"[$€£]? ?-?(\d+\.(\d{1,2}|\d{4,})|\d{1,3}(,\d{3})+\.\d+)")  # 12.5 and 1,234.567
WITH_COMMA = re.compile(r"-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?")
WORKBOOK = b"PK\x03\x04"


@dataclass
class Sheet:
    """A file's first row, and the rows below it with as many fields each."""

    file: str
    head: list[str]  # as it is written
    head_line: int
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The columns' names as they are used here; one without a name is called after its place."""
        return [column_name(name) or f"column_{place}" for place, name in enumerate(self.head, 1)]

    def column(self, name: str) -> list[str]:
        """All fields of a column, in the order of the file."""
        at = self.names.index(name)
        return [row[at] for row in self.rows]

    def numbers(self, name: str) -> list[str]:
        """The same, with numbers such as 1.234,50 € written 1234.50 where the column, or else the file, writes so.

        What a lone 1.234 means is told by the other numbers: by those of its column, and if none of them tells, of
        the file.
        """
        fields = self.column(name)
        comma, point = _styles(fields)
        if not comma and not point:
            comma, point = self._styles
        return [_pointed(text) for text in fields] if comma and not point else fields

    @cached_property
    def _styles(self) -> tuple[bool, bool]:
        return _styles(text for row in self.rows for text in row)


def _styles(fields: Iterable[str]) -> tuple[bool, bool]:
    """Whether numbers with a decimal comma stand there, and whether such with a point; 1,234 and 1.234 tell nothing."""
    comma = point = False
    for text in fields:
        comma = comma or bool(COMMA.fullmatch(text))
        point = point or bool(POINT.fullmatch(text))
        if comma and point:
            break
    return comma, point


def _pointed(text: str) -> str:
    """A number that is written with a decimal comma, with a point; other text as it is.

    >>> _pointed("1.234,50 €"), _pointed("-7,25"), _pointed("1.234"), _pointed("Dover, OH")
    ('1234.50', '-7.25', '1234', 'Dover, OH')
    """
    bare = text.strip("€ ")
    return bare.replace(".", "").replace(",", ".") if WITH_COMMA.fullmatch(bare) else text


def read_sheet(path: Path) -> Sheet:
    """A CSV file, or the first sheet of a workbook. Raises InputError where it is missing, empty or no table."""
    data = contents(path)
    sheet = _workbook(path) if data.startswith(WORKBOOK) else _text(path.name, data)
    twice = sorted({name for name in sheet.names if sheet.names.count(name) > 1})
    if twice:
        raise InputError(f"{path.name}: column '{name}' stands there more than once; keep one" for name in twice)
    if not sheet.rows:
        many = f" that can be read; {sheet.rejects[0].reason}" if sheet.rejects else ""
        raise InputError([f"{path.name}: it has a first row and no others{many}"])
    return sheet


def _text(file: str, data: bytes) -> Sheet:
    lines = re.split(r"\r\n|\n|\r", decoded(file, data)[0])
    first = next(number for number, line in enumerate(lines) if line.strip())
    separator = max(SEPARATORS, key=lambda one: len(fields(lines[first], one) or ()))
    head = fields(lines[first], separator)
    if head is None:
        raise InputError([f"{file}, line {first + 1}: the first row has a quotation mark that is not closed"])
    sheet = Sheet(file, [name.strip() for name in head], first + 1)
    at = first + 1
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
    for used in range(1, LONGEST_FIELD + 1):
        values = fields(text, separator) if text else []
        if values is not None:
            return [" ".join(value.split()) for value in values], used
        if '"' not in text or at + used >= len(lines):
            break
        text = f"{text} {lines[at + used]}"
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


def _workbook(path: Path) -> Sheet:
    """The first sheet of a workbook. Raises InputError where it is another kind of archive."""
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on styles that are not read here
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            rows = [[_cell(value) for value in row] for row in book.worksheets[0].iter_rows(values_only=True)]
            book.close()
    except Exception:  # whatever a broken archive makes of the reader
        raise InputError([f"{path.name}: this is no workbook that can be read; save it as CSV"]) from None
    first = next((place for place, row in enumerate(rows) if any(row)), None)
    if first is None:
        raise InputError([f"{path.name}: the first sheet is empty"])
    head = rows[first]
    while head and not head[-1]:
        head.pop()
    sheet = Sheet(path.name, head, first + 1)
    for line, values in enumerate(rows[first + 1 :], first + 2):
        if any(values):
            padded = values + [""] * (len(head) - len(values))
            _take(sheet, padded, line, ",".join(values))
    return sheet


def _cell(value: object) -> str:
    """A cell as text; a whole number without a point, so that an id stays one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return " ".join(str(value).split())
