"""The tables of a plan's explanation: worth, balance, moves, placements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.explanation.books import Book
from analysis.explanation.worth import MEASURES, PARTS, Worth
from analysis.words import digits_for, listing, money, money_unit, number, percent, short_of_20

Table = dict[str, Any]


def worth_table(found: Worth, currency: str) -> Table:
    """Gross gain, price and net, of the year and of what comes after."""
    scale, unit = money_unit(float(found.table[["low", "high", "mean"]].abs().to_numpy().max()), currency)
    rows = []
    for measure, words in MEASURES.items():
        for part, name in PARTS.items():
            row = found.row(measure, part)
            mean, typical, low, high = (
                number(row[one] / scale, digits_for(row[one] / scale) if scale > 1 else 0, sign=True)
                for one in ("mean", "typical", "low", "high")
            )
            often = short_of_20(float(row["above"]))
            rows.append([words if part == "gross" else "", name, mean, typical, f"{low} .. {high}", often])
    heads = ["", "", f"mean {unit}", "typical", "8 in 10", "above 0 in"]
    return {"heads": heads, "rows": rows, "words": [0, 1]}


def placed_sentence(table: pd.DataFrame, currency: str) -> str:
    """Whether every territory has the rep who is expected to earn most there, and what the best placement would add."""
    others = table[table["best"] != table["rep"]]
    if others.empty:
        return "No other placement of the reps in these territories is expected to earn more."
    more = money(float(table["expected_with_best"].sum() - table["expected"].sum()), currency, sign=True)
    told = [f"{row['rep_name']}'s to {row['best_name']}" for row in others.to_dict("records")]
    return (
        f"The same territories with other reps are expected to earn {more} a year: {listing(told)}. "
        "territory.people=best plays that."
    )


def placements_table(table: pd.DataFrame, currency: str) -> Table:
    """Each territory, who has it, who would be best, and what that placement is worth to all territories together."""
    scale, unit = money_unit(float(table[["expected", "expected_with_best"]].abs().to_numpy().max(initial=0)), currency)
    rows = [
        [
            row["rep_name"],
            number(row["expected"] / scale, 1),
            "" if row["best"] == row["rep"] else row["best_name"],
            number(row["expected_with_best"] / scale, 1),
            number(row["worth"] / scale, 1),
        ]
        for row in table.to_dict("records")
    ]
    heads = ["territory of", f"earns {unit}", "better with", f"then {unit}", f"best placement worth {unit}"]
    return {"heads": heads, "rows": rows, "words": [0, 2]}


def balance_table(table: pd.DataFrame) -> Table:
    """Each territory before → after; those outside the band are marked."""
    heads = ["territory", "accounts", "hours needed", "hours index", "potential index", "revenue index"]
    rows = []
    for row in table.to_dict("records"):
        indices = [
            " → ".join(
                f"{100 * row[f'{column}_index_{when}']:.0f}{mark(row.get(f'{column}_band_{when}', ''))}"
                for when in ("before", "after")
            )
            for column in ("hours_needed", "potential", "revenue")
        ]
        counts = [
            f"{number(row[f'{column}_before'])} → {number(row[f'{column}_after'])}"
            for column in ("accounts", "hours_needed")
        ]
        rows.append([row["name"], *counts, *indices])
    return {"heads": heads, "rows": rows, "words": [0]}


def mark(band: str) -> str:
    """A sign behind a figure outside the band: ▲ over, ▼ under."""
    return {"over": " ▲", "under": " ▼"}.get(band, "")


def moves_table(table: pd.DataFrame, currency: str, most: int, narrow: bool = False) -> Table:
    """The moves that carry most revenue, with what they carry and why; ``narrow`` leaves out what can be spared."""
    far = bool(len(table)) and table["km_before"].notna().any()
    heads = ["account", "from → to", f"revenue {currency}", "open pipeline", "relationship", "potential"]
    heads += [*(["km"] if far else []), *([] if narrow else ["fit"]), f"brings {currency}", "why"]
    rows = [
        [
            row["name"],
            f"{row['from_name']} → {row['to_name']}",
            number(row["revenue"]),
            number(row["open_pipeline"]),
            number(row["relationship"], 2),
            number(row["potential"]),
            *([f"{number(row['km_before'])} → {number(row['km_after'])}"] if far else []),
            *([] if narrow else [f"{number(row['fit_before'], 2)} → {number(row['fit_after'], 2)}"]),
            number(row["brings"], sign=True) if narrow else _with_span(row),
            row["why"],
        ]
        for row in table.head(most).to_dict("records")
    ]
    return {"heads": heads, "rows": rows, "words": [0, 1, len(heads) - 1]}


def _with_span(row: dict[Any, Any]) -> str:
    """What a move brings: the mean, and 8 in 10 years."""
    mean, low, high = (number(row[one], sign=True) for one in ("brings", "brings_low", "brings_high"))
    return f"{mean} ({low} .. {high})"


def books_table(books: Sequence[Book], currency: str) -> Table:
    """The list of books: how much is in each, what came and went."""
    heads = ["rep", "accounts", "new", "gave", f"potential {currency}", "hours needed", "of hours there", "neglected"]
    rows = [
        [
            book.name,
            number(len(book.accounts)),
            number(len(book.new)),
            number(len(book.gave)),
            number(float(book.accounts["potential"].sum())),
            number(book.hours_needed),
            percent(book.hours_needed / book.hours_there) if book.hours_there else "–",
            number(len(book.neglected)),
        ]
        for book in books
    ]
    return {"heads": heads, "rows": rows, "words": [0]}
