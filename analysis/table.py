"""The comparison as a short table for the terminal, and as tab-separated values where the output is not one."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table

from analysis.compare import CANT_TELL, SAME, Comparison
from analysis.origin import Figure, Row, Said, count, fact
from analysis.precision import Precision, how_well
from analysis.words import digits_for, listing, money_unit, number, short_of_20

WIDTH = 100
PLAN_AT_LEAST, FRAME = 17, 4  # columns of the plan's name, and of the mark and what stands around the table
# What goes first where the terminal is narrow, by how the heads begin; what answers the question stays.
GIVE_WAY = ("kept", "new", "at-", "cover", "reve", "load", "moved", "contri", "ROI")
LAST = ("typi", "8 in 10", "better")  # and these only where a plan's name is broken already
YEARS_FROM, YEARS_WORDS = 2, 12  # the first columns of the years name plan and measure, each with so much room
FEW_PLANS = 4  # from so many on it is said which are outdone by no other, so many by name


def scale_of(comparison: Comparison) -> tuple[float, str]:
    """One unit of money for the whole comparison, from its largest contribution."""
    return money_unit(float(comparison.table["contribution"].abs().max()), comparison.currency)


def mark(row: Row | pd.Series) -> str:
    """``*`` best or can't be told apart from it, ``=`` can't be told apart from the baseline."""
    equal = not row["is_baseline"] and row["verdict"] in (SAME, CANT_TELL)
    return ("*" if row["near_best"] else "") + ("=" if equal else "")


def cells(comparison: Comparison, row: Row | pd.Series) -> dict[str, str]:
    """One plan's numbers, under their heads with units."""
    scale, unit = scale_of(comparison)
    largest = float(comparison.table[["low", "high"]].abs().to_numpy().max()) / scale
    digits = digits_for(largest) if scale > 1 else 0
    compared = len(comparison.table) > 1
    shown = {
        "ROI": number(row["roi"], 2),
        f"contri-\nbution\n{unit}": number(row["contribution"] / scale, digits_for(row["contribution"] / scale)),
        f"reve-\nnue\n{unit}": number(row["revenue"] / scale, digits_for(row["revenue"] / scale)),
    }
    if compared:
        blank = row["is_baseline"]
        low, high = (number(row[side] / scale, digits, sign=True) for side in ("low", "high"))
        shown |= {
            "better\nin": "–" if blank else short_of_20(row["better"]),
            f"typi-\ncal\n{unit}": "–" if blank else number(row["typical"] / scale, digits, sign=True),
            f"8 in 10\n{unit}": "–" if blank else f"{low} .. {high}",
        }
    return shown | {
        "load\nCV": number(row["workload_cv"], 2),
        "cover\n%": number(100 * row["coverage"]),
        "at-\ntain\n%": number(100 * row["attainment"]),
        "moved\n%": number(100 * row["moved_accounts"]),
        "new": number(row["new_customers"]),
        "kept\n%": number(100 * row["retention"]),
    }


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Prints the comparison: a table of 100 columns on a terminal, tab-separated values anywhere else."""
    if not console.is_terminal:
        console.file.write(tsv(comparison))
        return
    rows = [row for _, row in comparison.table.iterrows()]
    shown = [cells(comparison, row) for row in rows]
    names = [str(row["label"]).replace(" × ", "\n") for row in rows]
    width = min(WIDTH, console.width)
    left_out, plan = _left_out(names, shown, width)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 0), header_style="bold")
    table.add_column("plan\ngoals", overflow="fold", width=plan)
    table.add_column("")
    for head in shown[0]:
        if head not in left_out:
            table.add_column(head, justify="right", no_wrap=True)
    for row, name, numbers in zip(rows, names, shown, strict=True):
        told = [value for head, value in numbers.items() if head not in left_out]
        table.add_row(name, mark(row), *told, style="dim" if row["is_baseline"] else "")
    console.print(table, width=width)
    _say_left_out(left_out, console)
    for line in footnotes(comparison):
        console.print(line, highlight=False)


def _left_out(names: list[str], shown: list[dict[str, str]], width: int) -> tuple[list[str], int]:
    """The heads of the columns that a narrow terminal has no room for, the least telling first; and the plans' width.

    A number is never cut: rather a name is broken, or a column goes.
    """
    heads = list(shown[0])
    wide = {head: max(len(part) for part in (*head.split("\n"), *(row[head] for row in shown))) for head in heads}
    longest = max(len(part) for name in names for part in name.split("\n"))
    gone: list[str] = []

    def room() -> int:
        return width - FRAME - sum(wide[head] + 1 for head in heads if head not in gone)

    for starts, plan in ((GIVE_WAY, max(PLAN_AT_LEAST, longest)), (LAST, PLAN_AT_LEAST)):
        for start in starts:
            if plan <= room():
                break
            gone += [head for head in heads if head.startswith(start)]
    return [head for head in heads if head in gone], max(1, min(max(PLAN_AT_LEAST, longest), room()))


def _say_left_out(heads: list[str], console: Console) -> None:
    if heads:
        names = [_in_one_line(head) for head in heads]
        console.print(f"Left out where the terminal is so narrow: {listing(names, len(names))}.", highlight=False)


def _in_one_line(head: str) -> str:
    """A head as it is said elsewhere: at the terminal it is broken, also inside words."""
    return head.replace("-\n", "").replace("\n", " ")


def print_years(shown: dict[str, list[Any]], console: Console) -> None:
    """Prints `analysis.years.years_table` on a terminal; anywhere else the rows are in years.csv alone."""
    if not console.is_terminal:
        return
    width = min(WIDTH, console.width)
    heads, rows = shown["heads"], [[str(cell) for cell in row] for row in shown["rows"]]
    wide = [max(map(len, column)) + 2 for column in zip(heads, *rows, strict=True)]
    kept = len(heads)
    while kept > YEARS_FROM and 2 * YEARS_WORDS + sum(wide[YEARS_FROM:kept]) > width:
        kept -= 1
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for place, head in enumerate(heads[:kept]):
        numeric = place >= YEARS_FROM
        table.add_column(head, justify="right" if numeric else "left", overflow="fold", no_wrap=numeric)
    for row in rows:
        table.add_row(*row[:kept])
    console.print(table, width=width)
    _say_left_out(heads[kept:], console)


def footnotes(comparison: Comparison) -> list[Said]:
    """What the signs and columns mean, and what else must be known."""
    scale, unit = scale_of(comparison)
    years, many = comparison.played, comparison.in_a_row
    whole = "" if many == 1 else f", of all {number(fact(many, 'in_a_row'))} years"
    notes = [Said(note) for note in comparison.notes]
    if len(comparison.table) == 1:
        return [Said(f"{years} played. Only one plan: nothing to compare it with."), *notes]
    baseline = comparison.row(comparison.baseline)
    matters = fact(comparison.matters, "matters") / scale
    known = how_well(_known(comparison), fact(comparison.years, "years"), comparison.currency, comparison.limit)
    signs = (
        f"* best, or can't be told apart from it; = can't be told apart from {baseline['territory']} "
        f"(difference that matters: {number(matters, digits_for(matters))} {unit})"
    )
    return [
        Said(f"Against {baseline['label']}, same luck, {years}. ROI = contribution / selling cost{whole}."),
        Said(signs),
        Said(f"{known[0].upper()}{known[1:]}."),
        *front(comparison),
        *notes,
    ]


def _known(comparison: Comparison) -> list[Precision]:
    """How well each plan's mean difference is known, in figures that know their row."""
    keys = [key for key in comparison.table["key"] if key != comparison.baseline]
    told = []
    for key, one in zip(keys, comparison.known, strict=True):
        row = f"compare.csv#{key}"
        told.append(
            one._replace(
                known_to=Figure(one.known_to, f"{row}/known_to"),
                wanted=Figure(one.wanted, f"{row}/wanted"),
                correlation=Figure(one.correlation, f"{row}/correlation"),
            )
        )
    return told


def front(comparison: Comparison) -> list[Said]:
    """Which plans no other outdoes, in a sentence; nothing where there are not several that could."""
    others = comparison.table[~comparison.table["is_baseline"]]
    if len(others) < FEW_PLANS:
        return []
    best = others[~others["outdone"]]["label"].to_list()
    many = number(count(len(best), "compare.csv", is_baseline=False, outdone=False))
    of = number(count(len(others), "compare.csv", is_baseline=False))
    on = "on contribution, balance, travel and accounts moved together"
    return [Said(f"{many} of {of} plans are outdone by no other {on}: {listing(best, len(best))}.")]


COLUMNS: dict[str, type] = {
    "key": str, "label": str, "contribution": float, "roi": float, "revenue": float, "better": float,
    "typical": float, "low": float, "high": float, "sure": float, "best": float, "regret": float,
    "verdict": str, "near_best": bool, "group": float, "workload_cv": float, "coverage": float,
    "attainment": float, "moved_accounts": float, "new_customers": float, "retention": float,
    "outdone": bool, "mean": float, "known_to": float, "correlation": float,
}  # fmt: skip


def tsv(comparison: Comparison) -> str:
    """The same for scripts: plain numbers under the names of ``Comparison.table``, missing ones empty."""
    lines = ["\t".join(COLUMNS)]
    for _, row in comparison.table.iterrows():
        lines.append("\t".join(_plain(row[name]) for name in COLUMNS))
    return "\n".join(lines) + "\n"


def _plain(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.10g}" if math.isfinite(value) else ""
    return str(value).replace("\t", " ").replace("\n", " ")


def as_plans(comparison: Comparison) -> list[dict[str, Any]]:
    """The same for programs: a dictionary a plan, best first, numbers as they are, None where one is missing."""
    plans = []
    for _, row in comparison.table.iterrows():
        plan = {name: _bare(row[name], kind) for name, kind in COLUMNS.items()}
        plans.append({**plan, "is_baseline": bool(row["is_baseline"])})
    return plans


def _bare(value: Any, kind: type) -> Any:
    if kind is not float:
        return kind(value)
    number = value.item() if hasattr(value, "item") else value
    return number if math.isfinite(number) else None


def markdown(comparison: Comparison) -> str:
    """The table and its footnotes as Markdown, for a ticket."""
    rows = [row for _, row in comparison.table.iterrows()]
    heads = ["plan", "", *(_in_one_line(head) for head in cells(comparison, rows[0]))]
    lines = [_line(heads), _line([":--", ":--", *["--:"] * (len(heads) - 2)])]
    for row in rows:
        name = f"{row['label']} (today's)" if row["is_baseline"] and len(rows) > 1 else str(row["label"])
        lines.append(_line([name, mark(row), *cells(comparison, row).values()]))
    notes = [note.replace("* best", "\\* best") for note in footnotes(comparison)]
    return "\n".join([*lines, "", *(f"{note}  " for note in notes)]).rstrip() + "\n"


def _line(words: list[str]) -> str:
    return "| " + " | ".join(word.replace("|", "\\|").replace("*", "\\*") for word in words) + " |"
