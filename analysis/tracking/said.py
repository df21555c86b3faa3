"""Where the year stands in words and tables, for the terminal and the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.goals import OUT_OF_REACH
from analysis.precision import MATTERS
from analysis.tracking.measures import FIRM, REGION, TERRITORY, Group
from analysis.tracking.paying import Paying
from analysis.tracking.standing import Change, Flag
from analysis.words import digits_for, listing, money, money_unit, number, percent, years_of_20

Table = dict[str, Any]
MOST_TOLD = 8  # of what drifts, in sentences; all of it stands in the table
SURE = 0.95  # from here on a mean is called surely above or below 0
WORDS = {
    "calls": "calls",
    "opened": "new opportunities",
    "decided": "decisions",
    "won": "wins",
    "won_revenue": "won money",
    "ordered": "orders",
}
KIND_WORDS = {"work": "calls", "demand": "demand", "winning": "wins", "orders": "orders"}
TO_DO = {
    "work": "Calls are in the rep's own hands: talk about {whose} week first.",
    "demand": "Customers ask for more or less than they did: look at {whose} market; a quota can follow it.",
    "winning": "Opportunities are won at another rate than they were: look at why {whose} are lost.",
    "orders": "Customers order more or less than they did: ask {whose} largest why.",
}


def change_words(one: Change) -> str:
    """A measure and how far it is off: 'calls −38 %'."""
    return f"{WORDS.get(one.measure, one.measure)} {number(100 * one.share, sign=True)} %"


def flag_words(flag: Flag) -> str:
    """Why a group is flagged, in a few words: 'since week 14: calls −38 %, wins −12 %'."""
    told = ", ".join(change_words(one) for one in flag.changes) or KIND_WORDS[flag.kind]
    return f"since week {flag.since + 1}: {told}"


def flag_sentence(flag: Flag, groups: Sequence[Group]) -> str:
    """A flag as a sentence for the page and the terminal."""
    group = groups[flag.group]
    who = {TERRITORY: group.name, REGION: f"region {group.name}", FIRM: "the firm"}[group.kind]
    if flag.kind == "work" and group.kind != TERRITORY:
        advice = "Calls are in reps' own hands: see whose they are."
    else:
        advice = TO_DO[flag.kind]
    whose = "the firm's" if group.kind == FIRM else f"{group.name}'s"
    told = f"{who} drifts ({KIND_WORDS[flag.kind]}), {flag_words(flag)}; told from week {flag.found} on."
    return f"{told} {advice.format(whose=whose)}"


def to_do(flags: Sequence[Flag], groups: Sequence[Group], standing: pd.DataFrame, realign: pd.DataFrame | None,
          currency: str) -> list[str]:  # fmt: skip
    """What follows, the most important first."""
    clearest = sorted(flags, key=lambda flag: -flag.times)
    lines = [flag_sentence(flag, groups) for flag in clearest[:MOST_TOLD]]
    if len(flags) > MOST_TOLD:
        lines.append(f"{len(flags) - MOST_TOLD} more drift, less clearly")
    if not flags:
        lines.append("nothing drifts beyond luck: no territory needs another plan for what its numbers say so far")
    out = standing[(standing["quota_chance"] < OUT_OF_REACH) & (standing["kind"] == TERRITORY)]
    if len(out):
        told = [f"{row['name']} ({sure_percent(row['quota_chance'])})" for _, row in out.iterrows()]
        lines.append(f"out of reach as it goes: the quota of {listing(told)}; quotas nobody believes in move nobody")
    if realign is not None:
        lines.append(realign_sentence(realign, currency))
    return lines


def realign_sentence(realign: pd.DataFrame, currency: str) -> str:
    """Which review would pay, if any can be told to, by more than the smallest difference that matters."""
    matters = MATTERS * abs(float(realign["none"].iloc[0]))
    best = realign.sort_values("contribution", ascending=False).iloc[0]
    if best["sure"] >= SURE and best["contribution"] >= matters:
        return (
            f"a {best['policy']} review now would pay: {money(best['contribution'], currency, sign=True)} contribution "
            f"this year (sure {best['sure']:.2f}), {money(best['after'], currency, sign=True)} left behind, by analogy"
        )
    both = realign["contribution"] + realign["after"]
    later = realign[(realign["after_sure"] >= SURE) & (both >= matters)]
    if len(later):
        one = later.sort_values("after", ascending=False).iloc[0]
        return (
            f"no review surely pays within the year; a {one['policy']} one leaves more behind "
            f"({money(one['after'], currency, sign=True)}, sure {one['after_sure']:.2f}) for "
            f"{money(one['contribution'], currency, sign=True)} this year, by analogy"
        )
    return (
        f"no realignment surely pays now by {percent(MATTERS, 1)} of contribution or more, by analogy with the "
        "simulated years most like this one"
    )


def standing_table(
    standing: pd.DataFrame, flags: Sequence[Flag], currency: str, kinds: Sequence[str] = (TERRITORY, FIRM)
) -> Table:
    """One row a group: sold, 8 in 10, place in the fan, drift, chances of both goals."""
    rows = standing[standing["kind"].isin(kinds)]
    scale, unit = money_unit(float(rows[["low", "high", "sold"]].to_numpy().max(initial=0.0)), currency)
    told = {flag.group: flag for flag in flags}
    digits = digits_for(float(rows["middle"].min()) / scale) if scale > 1 else 0
    asked = bool(standing["activity"].notna().any())
    quotas = bool(standing["quota"].notna().any())
    heads = ["territory", f"sold {unit}", "plan's 8 in 10", "in the fan"]
    heads += [*(["quota", "quota if it stays"] if quotas else []), *(["calls goal"] if asked else []), "drift"]
    made = []
    for at, row in rows.iterrows():
        flag = told.get(int(str(at)))
        chances = [chance_words(row, "quota"), stays_words(row, "quota")] if quotas else []
        calls = [chance_words(row, "activity")] if asked else []
        made.append(
            [
                row["name"],
                number(row["sold"] / scale, digits),
                f"{number(row['low'] / scale, digits)} .. {number(row['high'] / scale, digits)}",
                place_words(float(row["place"])),
                *chances,
                *calls,
                flag_words(flag) if flag else "",
            ]
        )
    return {"heads": heads, "rows": made, "words": [0, len(heads) - 1]}


def place_words(place: float) -> str:
    """Where in the fan, as how many of 100 simulated years had sold less.

    >>> place_words(0.0), place_words(0.314), place_words(1.0)
    ('below all', '31 of 100', 'above all')
    """
    if place <= 0.0 or place >= 1.0:
        return "below all" if place <= 0.0 else "above all"
    return f"{max(1, min(99, round(100 * place)))} of 100"


def chance_words(row: pd.Series, goal: str) -> str:
    """A chance with how well it is known: '34 % ±3'; never certain."""
    share, give = float(row[f"{goal}_chance"]), float(row[f"{goal}_give"])
    if not math.isfinite(share):
        return "–"
    return f"{sure_percent(share)} ±{max(1, round(100 * give))}"


def stays_words(row: pd.Series, goal: str) -> str:
    """The chance if what drifts stays so; blank where that is no other."""
    stays, share = float(row[f"{goal}_stays"]), float(row[f"{goal}_chance"])
    return "" if not math.isfinite(stays) or abs(stays - share) < 0.005 else sure_percent(stays)


def sure_percent(share: float) -> str:
    """A chance in percent, never 0 or 100.

    >>> sure_percent(0.0), sure_percent(0.346), sure_percent(1.0)
    ('<1 %', '35 %', '>99 %')
    """
    return "<1 %" if share < 0.01 else ">99 %" if share > 0.99 else percent(share)


def realign_table(realign: pd.DataFrame, currency: str) -> Table:
    """What each policy would bring."""
    scale, unit = money_unit(float(realign[["contribution", "low", "high", "after"]].abs().to_numpy().max()), currency)
    heads = ["review", "accounts move", f"contribution {unit}", "8 in 10", "better in", "sure", f"left behind {unit}"]
    rows = [
        [
            row["policy"], number(row["moved"], 1), number(row["contribution"] / scale, 1, sign=True),
            f"{number(row['low'] / scale, 1, sign=True)} .. {number(row['high'] / scale, 1, sign=True)}",
            years_of_20(row["better"]), f"{row['sure']:.2f}",
            f"{number(row['after'] / scale, 1, sign=True)} (sure {row['after_sure']:.2f})",
        ]
        for _, row in realign.iterrows()
    ]  # fmt: skip
    return {"heads": heads, "rows": rows, "words": [0]}


def paying_sentences(pays: Paying, currency: str, week: int) -> list[str]:
    """Whether the division of territories pays, as far as one year can say."""
    so_far, year = pays.row("so far", "all"), pays.row("the year", "all")
    alike = pays.row("the year", "most alike")
    promise = (
        f"Promised over today's territories by week {week}: {money(so_far['mean'], currency, sign=True)} contribution "
        f"({money(so_far['low'], currency, sign=True)} to {money(so_far['high'], currency, sign=True)} in 8 of 10 "
        f"years); by the year's end {money(year['mean'], currency, sign=True)}, better in "
        f"{years_of_20(year['better'])}, sure {year['sure']:.2f}; in the years most like this one "
        f"{money(alike['mean'], currency, sign=True)}, better in {years_of_20(alike['better'])}."
    )
    sold = (
        f"The firm has sold {money(pays.sold, currency)}: the plan's 8 in 10 are {money(pays.plan[0], currency)} to "
        f"{money(pays.plan[2], currency)}, those of today's territories {money(pays.today[0], currency)} to "
        f"{money(pays.today[2], currency)}. {_rather(pays.rather_plan)}"
    )
    return [promise, sold]


def _rather(chance: float) -> str:
    if not math.isfinite(chance):
        return ""
    if 0.2 <= chance <= 0.8:
        said = "one year's sales can't tell the two apart"
    else:
        said = "so the sales speak " + ("for" if chance > 0.5 else "against") + " what the plan promised"
    return f"Were both as likely before, they come from the plan's years with {percent(chance)}: {said}."
