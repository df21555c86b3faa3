"""Writes an import: every table as CSV in the one form, how each file was read, what was found, what was set aside."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from scenarios.design.files import FORMULA, NUMBER
from scenarios.intake.data import MAPPING, REJECTS, REPORT, Data
from scenarios.intake.mapping import Reading, as_yaml, systems
from scenarios.intake.markup import cell
from scenarios.intake.schema import DATE, TABLES
from scenarios.problems import InputError

TITLE = "# What was imported"
LEARNT_FROM = {
    "opportunities": "market, odds, pace, season, reasons and goals",
    "reps": "offices and managers; who sells is known from opportunities",
    "stages": "where opportunities get stuck",
    "activities": "effort, contact methods and activity goals",
    "orders": "recurring sales and steady segments",
    "quotas": "attainment and the look back at goals",
    "products": "prices and margins by product",
    "competitors": "where competitors win",
    "territories": "names of territories",
    "assignments": "who had which account when",
}


def write(data: Data, folder: Path) -> bool:
    """Writes the import into ``folder``, all of it or nothing; the same data twice gives the same bytes.

    Returns whether anything changed. What people keep beside an import, as a mapping of their own, stays. Raises
    InputError where the folder holds something and no import wrote it.
    """
    if folder.exists() and any(folder.iterdir()) and not _imported(folder):
        raise InputError([f"--to: {folder} holds files that no import wrote; give an empty or a new folder"])
    with beside(folder) as part:
        _fill(data, part)
        changed = _differs(part, folder)
        if changed:
            put(part, folder)
    return changed


def _imported(folder: Path) -> bool:
    """Whether an import wrote what lies there; a mapping alone may be anybody's."""
    if not (folder / MAPPING).is_file() or not (folder / REPORT).is_file():
        return False
    return (folder / REPORT).read_text(encoding="utf-8", errors="replace").startswith(f"{TITLE}\n")


@contextmanager
def beside(folder: Path) -> Iterator[Path]:
    """A new folder to write into, on the disk where ``folder`` is to be; gone afterwards.

    Raises InputError where nothing can be written.
    """
    try:
        parent = folder.resolve().parent
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".territory-", dir=parent, ignore_cleanup_errors=True) as place:
            part = Path(place) / "part"
            part.mkdir()
            yield part
    except OSError as error:
        raise InputError([f"--to: '{folder}' can't be written ({error.strerror})"]) from None


def put(part: Path, folder: Path) -> None:
    """Moves what was written to its folder; only files of an import's own names make way for it."""
    if not folder.exists():
        part.rename(folder.resolve())
        return
    names = {path.name for path in part.iterdir()}
    for name in sorted(names):
        (part / name).replace(folder / name)
    for name in _own(folder) - names:
        (folder / name).unlink()


def _own(folder: Path) -> set[str]:
    """The files there that have a name which an import gives."""
    names = {MAPPING, REPORT, REJECTS, *(f"{name}.csv" for name in TABLES)}
    return {path.name for path in folder.iterdir() if path.name in names}


def _fill(data: Data, part: Path) -> None:
    for name, table in data.tables.items():
        as_text(name, table).to_csv(part / f"{name}.csv", index=False, lineterminator="\n")
    (part / MAPPING).write_text(as_yaml(data.mapping), encoding="utf-8")
    (part / REPORT).write_text("\n".join(report(data)) + "\n", encoding="utf-8")
    texts = {name: harmless_column(data.rejects[name].astype("str")) for name in ("file", "reason", "row")}
    rejects = data.rejects.assign(**texts)
    rejects.to_csv(part / REJECTS, index=False, lineterminator="\n")


def _differs(part: Path, folder: Path) -> bool:
    names = {path.name for path in part.iterdir()}
    if not folder.exists() or names != _own(folder):
        return True
    return any((part / name).read_bytes() != (folder / name).read_bytes() for name in names)


def as_text(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """A table as it is written: days as dates, blanks blank, no cell that a table program would run."""
    columns = {}
    for field in TABLES[name].fields:
        column = table[field.name]
        if field.kind == DATE:
            days = column.to_numpy(np.int64)
            written = np.where(days >= 0, days.astype("datetime64[D]").astype("str"), "")
            columns[field.name] = pd.Series(written, index=table.index, dtype="str")
        elif column.dtype == np.float64:
            whole = column.notna() & (column == column.round()) & (column.abs() < 1e15)
            texts = [_plain(value, is_whole) for value, is_whole in zip(column, whole, strict=True)]
            columns[field.name] = pd.Series(texts, index=table.index, dtype="str")
        else:
            columns[field.name] = harmless_column(column)
    return pd.DataFrame(columns)


def _plain(value: float, whole: bool) -> str:
    if whole:
        return str(int(value))
    return "" if value != value else repr(float(value))


def harmless_column(column: pd.Series) -> pd.Series:
    """Text that no table program takes for a formula: an apostrophe before what begins like one."""
    risky = column.str.match(FORMULA.pattern) & ~column.str.fullmatch(NUMBER.pattern)
    return column.where(~risky.fillna(False).astype(bool), "'" + column)


def publish(
    folder: Path, page: str, lines: list[str], tables: dict[str, pd.DataFrame], figures: str = "%.6g",
    more: Callable[[Path], list[str]] | None = None,
) -> list[str]:  # fmt: skip
    """Writes a page and its tables, all or nothing; returns the files' names, the page first.

    ``lines`` of ``page``; a table a file, numbers to so many ``figures``, its text such that no table program runs it;
    ``more`` writes further files into the folder that it is given. Raises InputError where nothing can be written.
    """
    with beside(folder) as part:
        files = more(part) if more else []
        for name, table in tables.items():
            texts = [str(column) for column in table if table[column].dtype == "str" or table[column].dtype == object]
            tame = table.assign(**{column: harmless_column(table[column].astype("str")) for column in texts})
            tame.to_csv(part / name, index=False, lineterminator="\n", float_format=figures)
        (part / page).write_text("\n".join(lines) + "\n", encoding="utf-8")
        folder.mkdir(exist_ok=True)
        written = [page, *files, *tables]
        for name in written:
            (part / name).replace(folder / name)
    return written


def used(reading: Reading) -> str:
    """How the columns of a file are read, in a line: `industry ← sector, revenue`."""
    pairs = reading.columns.items()
    return ", ".join(name if name == header else f"{name} ← {header}" for name, header in pairs)


def report(data: Data) -> Sequence[str]:
    """The data report as Markdown: files, what was found and done, what is missing and what that costs."""
    lines = [
        TITLE,
        "",
        f"The files look like {systems()[data.mapping.source].title}. How each was read stands in `{MAPPING}`.",
        "",
        "| file | read as | rows | columns |",
        "| --- | --- | --- | --- |",
    ]
    for reading in data.mapping.readings:
        rows = f"{data.sizes[reading.file]:,}" if reading.table else ""
        lines.append(f"| {cell(reading.file)} | {reading.table or 'not used'} | {rows} | {cell(used(reading))} |")
    lines += ["", "## What was found", "", "| file | what | count | what was done |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {cell(one.file)} | {cell(one.what)} | {one.count:,} | {cell(one.done)} |" for one in data.findings
    ] or ["| | nothing | | |"]
    lines += ["", "## What is there", "", "| table | rows |", "| --- | --- |"]
    lines += [f"| {name} | {len(table):,} |" for name, table in data.tables.items()]
    on_map = int(data.tables["accounts"]["latitude"].notna().sum())
    lines += [f"| accounts with coordinates | {on_map:,} |"] if on_map else []
    lacking = [name for name in LEARNT_FROM if name not in data.tables]
    missing = [f"- no {name}: nothing can be said of {LEARNT_FROM[name]}" for name in lacking]
    missing += [] if on_map else ["- no latitude and longitude of accounts: there is no map, and travel is left out"]
    return [*lines, "", "## What is missing", "", *missing] if missing else lines
