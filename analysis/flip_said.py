"""What would flip a comparison, in sentences and tables that say no more than the rows of `analysis.flips`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.compare import CANT_TELL, SAME, Comparison
from analysis.flips import INSIDE, NONE, OUTSIDE, figures, leader
from analysis.origin import Row, Said, count, rows_of
from analysis.words import digits_for, listing, money_unit, number, percent, short_of_20

TOLD = 3  # flips in the sentence; all stand in the table
FUTURES = 6  # inputs in the table of regret


@dataclass(frozen=True)
class Flips:
    """What a search found for one comparison: rows of `analysis.flips.flips` and `regret`; both None where nothing can
    flip, and then ``why``.
    """

    comparison: Comparison
    leader: str
    frame: pd.DataFrame | None = None
    regret: pd.DataFrame | None = None
    why: str = ""

    def save(self, folder: Path) -> None:
        """Writes flips and regret as CSV and Parquet."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in (("flips", self.frame), ("regret", self.regret)):
            if frame is not None:
                frame.to_parquet(folder / f"{name}.parquet", index=False)
                frame.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")

    def label(self, key: str) -> str:
        """What a plan is called."""
        return str(self.comparison.row(key)["label"])


    def rows(self) -> list[Row]:
        """The rows of flips; numbers know from which."""
        return list(rows_of(self.frame, "flips.csv", "input")) if self.frame is not None else []

    def tried(self, **where: object) -> str:
        """How many inputs were tried, all or those that have these values."""
        assert self.frame is not None
        kept = self.frame.loc[(self.frame[list(where)] == list(where.values())).all(axis=1)]
        return number(count(len(kept), "flips.csv", **where))


def nothing(comparison: Comparison) -> str:
    """Why nothing can flip: one plan alone, plans that are the same or can't be told apart; empty where it can."""
    if len(comparison.table) == 1:
        return "Only one plan was played: there is no winner that could change."
    if leader(comparison)[1]:
        return ""
    row, other = comparison.row(comparison.focus), comparison.row(comparison.baseline)["label"]
    if row["verdict"] == SAME:
        return f"{row['label']} is the same plan as {other}, so nothing flips."
    assert row["verdict"] == CANT_TELL
    return f"No plan can be told apart from {other} as it is: there is no winner that a wrong assumption could change."


def condition(row: Any) -> str:
    """An input at its flip, in words: 'the selling part of hours is more than 21 % below assumed (0.43, not 0.55)'."""
    unit = f" {row.unit}" if " a" in row.unit else ""
    higher = row.flip > row.default
    if row.default == 0.0:
        return f"{row.words} is {'above' if higher else 'below'} {figures(row.flip)}{unit} (none assumed)"
    off = percent(row.off)
    side = "more than {} above" if higher else "more than {} below"
    return f"{row.words} is {side.format(off)} assumed ({figures(row.flip)}{unit}, not {figures(row.default)})"


def in_short(found: Flips) -> Said:
    """One line, for the terminal and the top of the page."""
    if found.frame is None:
        return Said(found.why)
    rows = [row for row in found.rows() if row.where == INSIDE]
    if not rows:
        return Said(f"nothing flips it: {found.tried()} inputs that change anything were tried, each {_ends()}")
    more = "" if len(rows) == 1 else f"; {found.tried(where=INSIDE)} of {found.tried()} inputs flip it in all"
    return Said(f"flips if {condition(rows[0])}: {found.label(rows[0].leads)} then leads{more}")


def first_flip(found: Flips) -> Said:
    """The same as a sentence of its own."""
    said = in_short(found).marked.rstrip(".")
    begins = said[0].upper() if said.startswith(("flips", "nothing")) else said[0]  # plans keep their small letters
    return Said(f"{begins}{said[1:]}.")


def sentence(found: Flips) -> Said:
    """The answer to what would flip it."""
    if found.frame is None:
        return Said(found.why)
    label, frame = found.label(found.leader), found.frame
    rows = [row for row in found.rows() if row.where == INSIDE]
    if not rows:
        many = f"{found.tried()} inputs that change anything"
        said = f"{label} stays ahead in all that was tried: {many}, one at a time, each {_ends()}."
    else:
        shown = rows[:TOLD]
        one = f" to {found.label(shown[0].leads)}" if len({row.leads for row in shown}) == 1 else ""
        told = [condition(row) + ("" if one else f", to {found.label(row.leads)}") for row in shown]
        said = (
            f"{label} loses its lead{one} if {'; or if '.join(told)}. {found.tried(where=INSIDE)} of "
            f"{found.tried()} inputs flip it."
        )
    at_an_end = frame[["verdict_low", "verdict_high"]].isin([CANT_TELL, SAME]).any(axis=1)
    unclear = frame[(frame["where"] != INSIDE) & at_an_end]
    usual = frame["verdict_default"].iloc[0] if len(frame) else ""
    if len(unclear) and usual not in (CANT_TELL, SAME):
        said += f" It can't be told apart any more at an end of {listing(unclear['words'].to_list())}."
    return Said(said)


def _ends() -> str:
    return "from half to double of what is assumed, or up from 0 where none is"


def table(found: Flips) -> dict[str, Any]:
    """A row an input: where it flips and who then leads, the lead at both ends."""
    assert found.frame is not None
    currency = found.comparison.currency
    amounts = [f"typical_{side}" for side in ("low", "default", "high")]
    scale, unit = money_unit(float(found.frame[amounts].abs().to_numpy().max()), currency)

    def end(row: Any, side: str) -> str:
        typical = getattr(row, f"typical_{side}") / scale
        equal = " =" if getattr(row, f"verdict_{side}") in (CANT_TELL, SAME) else ""
        value = getattr(row, side)
        if value == row.default:
            return "–"
        how = short_of_20(getattr(row, f"better_{side}"))
        return f"{number(typical, digits_for(typical), sign=True)}{equal} ({how}) at {figures(value)}"

    rows = [
        [f"{row.words}, {row.unit}" if row.unit else row.words, figures(row.default), flip_of(row), range_of(row),
         found.label(row.leads) if row.leads else "–", end(row, "low"), end(row, "high")]
        for row in found.rows()
    ]  # fmt: skip
    rows = [[Said(cell) for cell in row] for row in rows]
    heads = ["input", "assumed", "flips at", "luck leaves it in", "then leads"]
    heads += [f"lead at low end, {unit}", f"at high end, {unit}"]
    return {"heads": heads, "rows": rows}


def flip_of(row: Any) -> str:
    """The value at which the winner changes, or that there is none in the range tried."""
    if row.where == NONE:
        return "none in the range tried"
    return figures(row.flip) + (" (outside the range tried)" if row.where == OUTSIDE else "")


def range_of(row: Any) -> str:
    """The range that the simulation's own luck leaves a flip in; a side that it does not bound is left open."""
    if row.where == NONE:
        return "–"
    ends = sorted(value for value in (row.flip_from, row.flip_to) if np.isfinite(value))
    if len(ends) == 2:
        return f"{figures(ends[0])} to {figures(ends[1])}"
    bound = "on from" if row.flip > row.default else "up to"
    return f"{bound} {figures(ends[0])}" if ends else "anywhere"


def regret_table(found: Flips) -> dict[str, Any]:
    """Plans as columns, futures as rows: what each plan loses against the best of them, typically and in a bad year."""
    assert found.regret is not None
    assert found.frame is not None
    words = dict(zip(found.frame["input"], found.frame["words"], strict=True))
    amounts = found.regret[["regret", "regret_bad_year"]]
    scale, unit = money_unit(float(amounts.to_numpy().max()), found.comparison.currency)
    plans = list(dict.fromkeys(found.regret["plan"]))
    futures: dict[tuple[str, str], dict[str, Row]] = {}
    for row in rows_of(found.regret.reset_index(names="line"), "regret.csv", "line"):
        futures.setdefault((row.input, str(row.value)), {})[row.plan] = row
    rows = []
    for (name, _), by_plan in futures.items():
        told = [
            f"{number(by_plan[plan].regret / scale, digits_for(by_plan[plan].regret / scale))}, "
            f"{number(by_plan[plan].regret_bad_year / scale)}"
            for plan in plans
        ]
        future = f"{words[name]} {figures(by_plan[plans[0]].value)}" if name else "as assumed"
        rows.append([Said(cell) for cell in (future, *told)])
    return {"heads": ["future", *(f"{found.label(plan)}, {unit}" for plan in plans)], "rows": rows}
