"""`territory swot FOLDER`: strengths, weaknesses, opportunities and threats, as a to-do list by money at stake."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from command.parser import Parser
from command.terminal import DONE, check_folder, complain, say
from scenarios.problems import InputError

if TYPE_CHECKING:
    from scenarios.insight.line import Line

SHOWN = 15  # lines in the terminal; all stand in the files
EXAMPLES = (
    ("imported/NAME", "the to-do list, by money at stake"),
    ("imported/NAME --stated stated.yaml", "with what only people know"),
)


def _parser() -> Parser:
    made = Parser(
        "swot",
        "What an export or an import says of strengths, weaknesses, opportunities and threats, ranked by "
        "the money at stake; a line is told only where the data can carry it.",
        EXAMPLES,
        "docs/howto/swot.md",
    )
    made.add_argument("folder", help="the folder of the export, or of an import")
    made.add_argument("--stated", default="", help="a YAML file with what only people know, marked as stated")
    made.add_argument("--to", default="", help="where the page is written (default: market/NAME of the folder)")
    made.add_argument("--mapping", default="", help="a file that says how each file is read, as an import writes it")
    made.add_argument("--currency", default="", help="sign before money (default: the export's own, else $)")
    return made


def main(arguments: Sequence[str]) -> int:
    """Writes the page, prints the first lines; returns the exit code."""
    asked = _parser().parse_args(list(arguments))
    try:
        return _swot(asked)
    except InputError as error:
        return complain(error.problems)


def _swot(asked: argparse.Namespace) -> int:
    from scenarios.insight.facts import facts
    from scenarios.insight.segments import TOO_FEW, segments
    from scenarios.insight.stated import stated_lines
    from scenarios.insight.swot import PAGE, TO_DO, swot, write
    from scenarios.intake.currencies import USUAL, only
    from scenarios.intake.data import read_data

    for option in ("mapping", "stated"):
        if getattr(asked, option) and not Path(getattr(asked, option)).is_file():
            raise InputError([f"--{option}: there is no file '{getattr(asked, option)}'"])
    folder = Path(asked.to) if asked.to else Path("market") / Path(asked.folder).resolve().name
    check_folder(folder, "--to")
    stated = stated_lines(Path(asked.stated)) if asked.stated else ()
    data = read_data(asked.folder, Path(asked.mapping) if asked.mapping else None)
    seen, currency = facts(data), asked.currency or only(data.currencies) or USUAL
    lines = swot(data, seen, stated)
    write(lines, data, seen, folder, currency)
    _print(lines, currency)
    if segments(seen).empty:
        say(TOO_FEW)
    if len(lines) > SHOWN:
        say(f"{len(lines) - SHOWN} more lines in {folder / TO_DO}")
    say(f"page     {folder / PAGE}")
    say(f"to do    {folder / TO_DO}")
    say(f"goals    territory goals {asked.folder}{f' market.currency={currency}' if currency != USUAL else ''}")
    return DONE


def _print(lines: list[Line], currency: str) -> None:
    rows = [("", f"{currency} a year", "whom", "what", "numbers")]
    for line in lines[:SHOWN]:
        money = f"{line.money:,.0f}" if line.money else ""
        rows.append((line.quadrant, money, line.scope, line.what, line.numbers))
    from command.console import show

    show(rows, right=(1,))
