"""The scorecard in words and tables: for the terminal, the page and the chart alike."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from analysis.cuts import each
from analysis.strategy.measures import MEASURES
from analysis.strategy.scorecard import HELPS, HURTS, LITTLE, NOT_MEASURED, NOTHING, Scorecard
from analysis.words import listing, money, number, percent, short_of_20
from sim.world import WEEKS

Table = dict[str, Any]
SIGNS = {HELPS: "▲", HURTS: "▼", HELPS + LITTLE: "△", HURTS + LITTLE: "▽"}
COMMON = 0.8  # chance from which an objective counts as likely to be met


def shown(value: float, unit: str, currency: str, sign: bool = False) -> str:
    """A value of a measure as it is read; a change of a share is in points.

    >>> shown(0.9, "share", "$"), shown(0.015, "share", "$", sign=True), shown(1234.0, "calls", "$")
    ('90 %', '+1.5 points', '1,234')
    """
    if not math.isfinite(value):
        return "–"
    if unit == "money":
        return money(value, currency, sign)
    if unit == "share":
        digits = 0 if abs(round(100 * value) - 100 * value) < 0.005 else 1 if abs(100 * value) >= 1 else 2
        return f"{number(100 * value, digits, sign=True)} points" if sign else percent(value, digits)
    if unit in ("ratio", "times normal", "changes an account"):
        return number(value, 2, sign)
    return number(value, 1 if abs(value) < 10 and value != round(value) else 0, sign)


def due(week: int) -> str:
    """A date as planners say it. 52 → 'year', 26 → 'quarter 2', 10 → 'week 10'."""
    if week == WEEKS:
        return "year"
    quarter, rest = divmod(week * 4, WEEKS)
    return f"week {week}" if rest else f"quarter {quarter}"


def aimed(row: Any, currency: str) -> str:
    """What is to be reached: the planner's own words, and the number where they are relative to today's."""
    sign = "≥" if row.least else "≤"
    return f"{sign} {shown(row.target, row.unit, currency)}"


def span(row: Any, unit: str, currency: str, sign: bool = False) -> str:
    """8 in 10 years, low .. high, the unit once. '16,101 .. 19,033 k$'."""
    low, high = (shown(end, unit, currency, sign) for end in (row.low, row.high))
    (number_low, _, unit_low), (_, _, unit_high) = low.partition(" "), high.partition(" ")
    return f"{number_low if unit_low == unit_high else low} .. {high}"


def chance(row: Any) -> str:
    """How often an objective is met, and how surely that is known: '85 % (73 to 93)'."""
    if math.isnan(row.chance):
        return "–"
    return f"{percent(row.chance)} ({number(100 * row.chance_low)} to {number(100 * row.chance_high)})"


def objectives_table(found: Scorecard, narrow: bool = False) -> Table:
    """One row an objective, from the top; ``narrow`` leaves out what can be spared."""
    rows, above = [], ""
    for row in each(from_the_top(found.objectives)):
        segment = f" in {row.segment}" if row.segment else ""
        whole = [] if narrow else [f"{row.measure}{segment}, {due(row.by)}"]
        rows.append(
            [
                "" if narrow and row.perspective == above else row.perspective,
                row.what,
                *whole,
                shown(row.today, row.unit, found.currency),
                *([] if narrow else [row.said]),
                aimed(row, found.currency),
                shown(row.typical, row.unit, found.currency),
                span(row, row.unit, found.currency),
                chance(row),
                *([] if narrow else [percent(row.chance_today)]),
            ]
        )
        above = row.perspective
    if narrow:
        heads = ["", "objective", "today", "target", "result", "8 in 10 years", "chance"]
        return {"heads": heads, "rows": rows, "words": [0, 1]}
    heads = ["perspective", "objective", "measure, by", "today", "target", "that is", "result", "8 in 10 years"]
    return {"heads": [*heads, "chance", "chance today"], "rows": rows, "words": [0, 1, 2]}


def from_the_top(objectives: pd.DataFrame) -> pd.DataFrame:
    """Financial objectives first; inside a perspective in the order of the map."""
    rank = {"financial": 0, "customer": 1, "internal": 2, "learning": 3}
    return objectives.sort_values("perspective", key=lambda names: names.map(rank), kind="stable")


def added(row: Any, unit: str, currency: str) -> str:
    """What a tactic adds to an objective, in a cell: a sign, the mean, and how surely it lies on that side of 0."""
    if row.says in (NOTHING, NOT_MEASURED):
        return "0" if row.says == NOTHING else NOT_MEASURED
    return f"{SIGNS.get(row.says, '≈')} {shown(row.mean, unit, currency, sign=True)} ({surely(row)})"


def surely(row: Any) -> str:
    """The probability that the mean lies on the side of 0 where it is."""
    if not math.isfinite(row.sure):
        return "–"
    share = max(row.sure, 1 - row.sure)
    return ">0.99" if share > 0.99 else number(share, 2)


def tactics_table(found: Scorecard) -> Table:
    """One row an objective, from the top, one column a tactic: what it adds, paired by year."""
    names = list(dict.fromkeys(found.tactics["tactic"]))
    cells = {(row.tactic, row.objective): row for row in each(found.tactics)}
    rows = [
        [row.what, *(added(cells[name, row.objective], row.unit, found.currency) for name in names)]
        for row in each(from_the_top(found.objectives))
    ]
    return {"heads": ["objective", *names], "rows": rows, "words": [0]}


def top(found: Scorecard) -> Any:
    """The row of the objective at the top."""
    return next(row for row in each(found.objectives) if row.objective == found.top)


def brings_table(found: Scorecard) -> Table:
    """One row a tactic: what it adds to the objective at the top, 8 in 10, how surely, and to its chance."""
    head = top(found)
    rows = [
        [
            row.tactic,
            shown(row.mean, head.unit, found.currency, sign=True),
            span(row, head.unit, found.currency, sign=True),
            surely(row),
            row.says,
            f"{number(100 * row.chance, 0, sign=True)} points",
        ]
        for row in each(found.tactics[found.tactics["objective"] == head.objective])
    ]
    heads = ["tactic", f"adds to {head.measure}", "8 in 10 years", "sure", "", "to its chance"]
    return {"heads": heads, "rows": rows, "words": [0, 4]}


def headline(found: Scorecard) -> str:
    """How many objectives are likely to be met, and which is least so."""
    rows = found.objectives[found.objectives["chance"].notna()]
    likely = int((rows["chance"] >= COMMON).sum())
    said = f"{likely} of {len(rows)} objectives are met in at least 16 of 20 simulated years"
    if likely == len(rows):
        return said
    hardest = rows.iloc[int(rows["chance"].argmin())]
    return f"{said}; least likely: {str(hardest['what']).rstrip('.')} ({short_of_20(hardest['chance'])})"


def unscored(found: Scorecard) -> list[str]:
    """Objectives that have no chance in this market, and why."""
    return [
        f"objective '{row.objective}' can't be scored: "
        + (
            f"{row.measure} can't be measured here"
            if math.isnan(row.typical)
            else f"today's {row.measure} is 0, and {row.said} of nothing says nothing; give an amount"
        )
        for row in each(found.objectives)
        if math.isnan(row.chance)
    ]


def link_sentences(found: Scorecard) -> list[str]:
    """Whether the map is as the years are: links that are missing, and those along which nothing comes."""
    cells = {(row.tactic, row.objective): row for row in each(found.tactics)}
    units = dict(zip(found.objectives["objective"], found.objectives["unit"], strict=True))
    told_of = []
    for tactic, objective in found.missing:
        row = cells[tactic, objective]
        by = f"by {shown(row.mean, units[objective], found.currency, sign=True)}" if math.isfinite(row.mean) else "too"
        told_of.append(
            f"tactic '{tactic}' moves objective '{objective}' ({by}, {row.says}), but no link leads there: "
            f"add '{objective}' to what it serves, or a link"
        )
    for cause, effect in found.idle:
        kind = "tactic" if (cause, effect) in cells else "objective"
        told_of.append(f"link {kind} '{cause}' → '{effect}': nothing that can be told comes along it")
    if not found.missing:
        told_of.insert(0, "Every tactic moves what is downstream of it in the map, and nothing else, to the last bit.")
        silent = [row for row in each(found.tactics) if row.downstream and not row.moves]
        if silent:
            pairs = listing([f"'{row.tactic}' → '{row.objective}'" for row in silent])
            told_of[0] = f"No tactic moves what is not downstream of it; of what is, these do not move: {pairs}."
    return told_of


def meanings(found: Scorecard) -> list[tuple[str, str]]:
    """What each measure of the map means."""
    names = dict.fromkeys(found.objectives["measure"])
    return [(name, MEASURES[name].meaning) for name in names]
