"""`territory market FOLDER`: who buys what, where and why, from a business's own data."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from command.parser import Parser
from command.terminal import DONE, check_folder, complain, say
from scenarios.problems import InputError

if TYPE_CHECKING:
    import pandas as pd
EXAMPLES = (
    ("imported/NAME", "segments, key customers, reasons"),
    ("imported/NAME --needs needs.yaml --currency €", "with what segments need, as people say"),
)


def _parser() -> Parser:
    made = Parser(
        "market",
        "Segments, key customers, effort beside potential, reasons and ways of contact, as far as the data "
        "of an export or an import says; written as a page and tables.",
        EXAMPLES,
        "docs/howto/market.md",
    )
    made.add_argument("folder", help="the folder of the export, or of an import")
    made.add_argument("--needs", default="", help="a YAML file with what segments need, as people say")
    made.add_argument("--to", default="", help="where the page is written (default: market/NAME of the folder)")
    made.add_argument("--mapping", default="", help="a file that says how each file is read, as an import writes it")
    made.add_argument("--currency", default="", help="sign before money (default: the export's own, else $)")
    return made


def main(arguments: Sequence[str]) -> int:
    """Writes the page, prints the segments; returns the exit code."""
    asked = _parser().parse_args(list(arguments))
    try:
        return _market(asked)
    except InputError as error:
        return complain(error.problems)


def _market(asked: argparse.Namespace) -> int:
    from scenarios.insight.facts import facts
    from scenarios.insight.needs import stated_needs
    from scenarios.insight.page import PAGE, tables, write
    from scenarios.insight.segments import TOO_FEW
    from scenarios.intake.currencies import USUAL, only
    from scenarios.intake.data import read_data

    for option in ("mapping", "needs"):
        if getattr(asked, option) and not Path(getattr(asked, option)).is_file():
            raise InputError([f"--{option}: there is no file '{getattr(asked, option)}'"])
    folder = Path(asked.to) if asked.to else Path("market") / Path(asked.folder).resolve().name
    check_folder(folder, "--to")
    data = read_data(asked.folder, Path(asked.mapping) if asked.mapping else None)
    seen, currency = facts(data), asked.currency or only(data.currencies) or USUAL
    needs = stated_needs(Path(asked.needs)) if asked.needs else ()
    files = write(seen, data, folder, currency, needs)
    made = tables(seen, data, needs)
    if "segments" in made:
        _print(made["segments"], currency)
    else:
        say(TOO_FEW)
    say(f"page     {folder / PAGE}")
    say(f"tables   {', '.join(files[1:])}")
    say(f"swot     territory swot {asked.folder}{f' --currency {currency}' if currency != USUAL else ''}")
    return DONE


def _print(table: pd.DataFrame, currency: str) -> None:
    """One line a segment of the single cuts: revenue, how surely it wins more or less, size of a sale."""
    money = f"{currency} a year"
    rows = [("cut", "segment", "accounts", "won", "decided", "win %", "without luck", "", money, "growth %")]
    for _, row in table[~table["cut"].str.contains(" × ", regex=False)].iterrows():
        growth = "" if row["growth"] != row["growth"] else f"{100 * row['growth']:+.0f}"
        between = f"{100 * row['win_low']:.0f} to {100 * row['win_high']:.0f}"
        rows.append(
            (row["cut"], row["segment"], f"{row['accounts']:,}", f"{row['won']:,}", f"{row['decided']:,}",
             f"{100 * row['win_rate']:.0f}", between, row["win_says"], f"{row['revenue']:,.0f}", growth)
        )  # fmt: skip
    from command.console import show

    show(rows, right=(2, 3, 4, 5, 6, 8, 9), gives_way=(3, 4, 9, 2, 7))
