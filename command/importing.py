"""`territory import FOLDER`: any CRM's export into the one form, with how it was read and what was set aside."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from command.parser import Parser
from command.terminal import DONE, check_folder, complain, say
from scenarios.problems import InputError, nearest

if TYPE_CHECKING:
    from scenarios.intake.data import Data

SHOWN = 6  # findings told at once; all stand in the report
EXAMPLES = (
    ("FOLDER", "read an export; what is not understood is said"),
    ("FOLDER --to imported/mine --mapping MY_MAPPING.yaml", "the same, read as a file of yours says"),
)


def _parser() -> Parser:
    parser = Parser(
        "import",
        "Reads the CSV, XLSX and Parquet files of a folder as an export of accounts, reps, opportunities, "
        "activities and more, says how, and writes clean tables that market=crm plays.",
        EXAMPLES,
        "docs/crm.md",
    )
    parser.add_argument("folder", help="the folder of the export")
    parser.add_argument("--to", default="", help="where the tables are written (default: imported/NAME of the folder)")
    parser.add_argument("--mapping", default="", help="a file that says how each file is read, as an import writes it")
    parser.add_argument("--system", default="", help="whose column names to expect, where the guess is wrong")
    return parser


def main(arguments: Sequence[str]) -> int:
    """Reads, says how, writes; returns the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        return _import(asked)
    except InputError as error:
        return complain(error.problems)


def _import(asked: argparse.Namespace) -> int:
    from scenarios.intake.currencies import USUAL, mixed, only
    from scenarios.intake.data import read_data
    from scenarios.intake.mapping import systems
    from scenarios.intake.writing import write

    if asked.system and asked.system not in systems():
        raise InputError([f"--system: no system '{asked.system}'; {nearest(asked.system, systems())}"])
    if asked.mapping and not Path(asked.mapping).is_file():
        raise InputError([f"--mapping: there is no file '{asked.mapping}'"])
    folder = Path(asked.to) if asked.to else Path("imported") / Path(asked.folder).resolve().name
    check_folder(folder, "--to")
    if folder.exists() and folder.resolve() == Path(asked.folder).resolve():
        raise InputError([f"--to: {folder} is the export itself; give another folder"])
    data = read_data(asked.folder, Path(asked.mapping) if asked.mapping else None, asked.system)
    changed = write(data, folder)
    _print(data)
    like = systems()[data.mapping.source].title
    say(f"looks like {like}; wrong? change a copy of {folder}/mapping.yaml and give it back:")
    say(f"           {_again(asked, folder)}")
    for one in data.findings[:SHOWN]:
        say(f"found      {one.file}: {one.what} ({one.count:,}): {one.done}")
    if len(data.findings) > SHOWN:
        say(f"found      {len(data.findings) - SHOWN} more, see {folder}/report.md")
    if len(data.rejects):
        first = data.rejects.iloc[0]
        where = f"{first['file']}, line {first['line']}: {first['reason']}"
        say(f"set aside  {len(data.rejects):,} rows, see {folder}/rejects.csv; first: {where}")
    files = ", ".join(f"{name}.csv" for name in data.tables)
    say(f"{'written' if changed else 'unchanged':<10} {folder}: {files}, report.md")
    several, currency = mixed(data.currencies), only(data.currencies)
    if several:
        say(f"CURRENCIES there are several; amounts were added up WITHOUT conversion: {several}. Convert them first")
    shown = [f"market.currency={currency}"] if currency not in ("", USUAL) else []
    if shown:
        also = f"--currency {currency} to market and swot"
        say(f"currency   amounts are in {currency}: add {shown[0]} to what you play, {also}; else {USUAL} is shown")
    lacking = _lacking(data)
    for problem in lacking:
        say(f"not yet    territory simulate can't play it. {problem}")
    if "opportunities" in data.tables and not lacking:
        words = " ".join(["market=crm", f"market.folder={shlex.quote(str(folder))}", *shown])
        say(f"play it    territory simulate -m {words} territory=current,balanced")
    return DONE


def _lacking(data: Data) -> tuple[str, ...]:
    """Why no market can be made of the data; nothing where one can."""
    from scenarios.crm.export import exported

    try:
        exported(data)
    except InputError as error:
        return error.problems
    return ()


def _again(asked: argparse.Namespace, folder: Path) -> str:
    return shlex.join(["territory", "import", asked.folder, "--to", str(folder), "--mapping", "MY_MAPPING.yaml"])


def _print(data: Data) -> None:
    """A line a file: what it is read as, how many rows, which column is which header."""
    from scenarios.intake.writing import used

    rows = [("file", "read as", "rows", "columns")]
    for reading in data.mapping.readings:
        size = f"{data.sizes[reading.file]:,}" if reading.table else ""
        rows.append((reading.file, reading.table or "not used", size, used(reading)))
    from command.console import show

    show(rows, right=(2,))
