"""Strengths, weaknesses, opportunities and threats: each line with its numbers, ranked by the money at stake."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from scenarios.insight.effort import potential
from scenarios.insight.facts import Facts
from scenarios.insight.inside import inside
from scenarios.insight.line import OPPORTUNITY, STRENGTH, THREAT, WEAKNESS, Line
from scenarios.insight.outside import outside
from scenarios.insight.rivals import rival_lines
from scenarios.insight.segments import FEW
from scenarios.intake.data import Data
from scenarios.intake.markup import cell
from scenarios.intake.writing import publish

PAGE, TO_DO = "swot.md", "to_do.csv"
HEADS = {STRENGTH: "Strengths", WEAKNESS: "Weaknesses", OPPORTUNITY: "Opportunities", THREAT: "Threats"}


def swot(data: Data, facts: Facts, stated: tuple[Line, ...] = ()) -> list[Line]:
    """All lines that the data can carry, and those that people stated, most money first."""
    found = [*inside(data, facts), *outside(facts), *rival_lines(data, facts), *stated]
    return sorted(found, key=lambda line: (-line.money, line.quadrant, line.scope, line.what))


def by_territory(lines: list[Line], facts: Facts) -> dict[str, list[Line]]:
    """The lines of each rep: those that name it, and what its own accounts could still buy."""
    could, _ = potential(facts)
    accounts = facts.accounts.assign(could=facts.accounts["id"].map(could))
    bought = facts.sales.groupby("account")["amount"].sum() / facts.covered.years
    own: dict[str, list[Line]] = {}
    for rep in sorted(set(facts.decided["rep"]) - {""}):
        own[rep] = [line for line in lines if line.scope == rep]
        theirs = accounts[accounts["rep"] == rep]
        gap = (theirs["could"] - theirs["id"].map(bought).astype(float).fillna(0.0)).clip(lower=0.0)
        if len(theirs) >= FEW and gap.sum() > 0:
            top = theirs.loc[gap.sort_values(ascending=False).index[:3]]
            names = ", ".join(str(name or key) for name, key in zip(top["name"], top["id"], strict=True))
            numbers = f"{int((gap > 0).sum())} of {len(theirs)}; most: {names}"
            what = "accounts buy less than they could"
            own[rep].append(Line(OPPORTUNITY, rep, what, numbers, float(gap.sum()), f"{rep}: see {names}"))
    return {rep: sorted(found, key=lambda line: -line.money) for rep, found in own.items() if found}


def frame(lines: list[Line]) -> pd.DataFrame:
    """The lines as a table: a to-do list, most money first."""
    return pd.DataFrame(lines, columns=list(Line._fields))


def write(lines: list[Line], data: Data, facts: Facts, folder: Path, currency: str) -> None:
    """Writes the page and the to-do list."""
    publish(folder, PAGE, page(lines, data, facts, currency), {TO_DO: frame(lines)}, "%.0f")


def page(lines: list[Line], data: Data, facts: Facts, currency: str) -> list[str]:
    """The page as Markdown: the firm by quadrant, then each rep."""
    about = (
        "Each line is told because the data can carry it, with its numbers; what people said is marked *stated, not "
        "measured*. Money is what is at stake in a year, roughly: the order matters more than the amount."
    )
    made = [
        "# SWOT",
        "",
        about,
        "",
        f"Data `{data.digest[:12]}`; again: `territory swot FOLDER`.",
    ]
    for quadrant, head in HEADS.items():
        found = [line for line in lines if line.quadrant == quadrant]
        made += ["", f"## {head}", ""]
        made += [_told(line, currency) for line in found] or ["Nothing that the data can carry."]
    reps = by_territory(lines, facts)
    if reps:
        made += ["", "# By rep"]
    names = data.table("reps").set_index("id")["name"]
    for rep, found in reps.items():
        name = str(names.get(rep, "")) or rep
        made += ["", f"## {cell(name)}", "", *(f"{_told(line, currency)} ({line.quadrant})" for line in found)]
    return made


def _told(line: Line, currency: str) -> str:
    money = f"{currency}{line.money:,.0f}: " if line.money else ""
    said = "" if line.measured else " *(stated, not measured)*"
    todo = f" → {cell(line.todo)}" if line.todo else ""
    return f"- {money}{cell(line.what)}{said}; {cell(line.numbers)}{todo}"
