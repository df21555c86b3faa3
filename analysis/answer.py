"""What a comparison says, in sentences that say no more than its rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.compare import BETTER, CANT_TELL, SAME, Comparison, sure, verdict
from analysis.cuts import MISMATCH
from analysis.notes import FEWEST_YEARS
from analysis.origin import Row, Said, count, fact, rows_of
from analysis.words import SOME_YEARS, listing, money, money_range, number, percent, years_of_20

MOST_NAMES = 6  # in a sentence


def answer(comparison: Comparison) -> Said:
    """The first sentence of everything: which plan wins, how often, by how much; or that none does."""
    return Said(_answer(comparison))


def _answer(comparison: Comparison) -> str:
    table, baseline = comparison.table, comparison.row(comparison.baseline)
    if len(table) == 1:
        return (
            f"Only one plan was played, {baseline['label']}: it typically contributes "
            f"{money(baseline['contribution'], comparison.currency)} {comparison.span}, "
            f"ROI {number(baseline['roi'], 2)}."
        )
    others = table[~table["is_baseline"]]
    row = comparison.row(comparison.focus)
    if row["verdict"] == SAME:
        same = f"{listing(others['label'].to_list(), len(others))} {'is' if len(others) == 1 else 'are'}"
        return f"{same} the same plan as {baseline['label']}: the difference is exactly 0."
    often, size = years_of_20(row["better"]), _size(comparison, row)
    if row["verdict"] == BETTER:
        return f"{row['label']} beats {baseline['label']} in {often} simulated {comparison.units}: {size}."
    if row["verdict"] == CANT_TELL and comparison.years < FEWEST_YEARS:
        return (
            f"{number(fact(comparison.years, 'years'))} simulated {comparison.units} are too few to tell plans apart "
            f"from {baseline['label']}; in these, {row['label']} brings {size}. "
            f"Play at least {FEWEST_YEARS}, better 20: replications=20."
        )
    if row["verdict"] == CANT_TELL:
        return (
            f"No plan can be told apart from {baseline['label']} for the better over the {comparison.played} "
            f"played: the nearest, {row['label']}, does better in {often} simulated {comparison.units}, {size}."
        )
    return (
        f"{baseline['label']} stays the best: the nearest plan, {row['label']}, does better in "
        f"{often} simulated {comparison.units}, {size}."
    )


def _size(comparison: Comparison, row: Row) -> str:
    currency = comparison.currency
    spread = money_range(row["low"], row["high"], currency)
    typical = money(row["typical"], currency, sign=True)
    each = "years" if comparison.in_a_row == 1 else "runs"
    return f"typically {typical} of contribution {comparison.span}, between {spread} in 8 of 10 {each}"


def on_fresh_luck(
    label: str, baseline: str, differences: NDArray[np.float64], currency: str, matters: float
) -> Said:  # fmt: skip
    """What a plan that was picked among others brings in years that it was not picked by; ``differences`` paired."""
    low, high = np.quantile(differences, (0.1, 0.9))
    better = differences > 0
    found = {
        "years": differences.size, "times": int(better.sum()), "better": float(better.mean()),
        "typical": float(np.median(differences)),
        "low": float(low), "high": float(high), "sure": sure(differences),
    }  # fmt: skip
    row = Row(found, "fresh.csv#plan")
    years, said = number(row["years"]), verdict(differences, matters)
    what = "year" if row["years"] == 1 else "years"
    if said == SAME:
        further = f"In {years} further {what} that nothing was chosen on"
        return Said(f"{further}, {label} is the same as {baseline} to the cent.")
    held = {BETTER: "stays better than", CANT_TELL: "can't be told apart from"}.get(said, "is worse than")
    often = years_of_20(row["better"])
    if row["years"] < SOME_YEARS:  # twentieths would be finer than what was counted
        often = f"{number(row['times'])} of {years} {what}"
    if row["years"] < FEWEST_YEARS:
        return Said(
            f"{years} further {what} that nothing was chosen on: too few to tell {label} from {baseline}; better in "
            f"{often}, typically {money(row['typical'], currency, sign=True)}."
        )
    return Said(
        f"In {years} further years that nothing was chosen on, {label} {held} {baseline}: better in "
        f"{often}, typically {money(row['typical'], currency, sign=True)}, between "
        f"{money_range(row['low'], row['high'], currency)} in 8 of 10; the mean is above 0 with "
        f"probability {number(row['sure'], 3)}."
    )


def company(comparison: Comparison) -> Said:
    """Which other plans are as good as the one on top; empty where there are none."""
    near = comparison.table[comparison.table["near_best"]]
    rows = near[near["key"] != comparison.leader]
    same = comparison.row(comparison.focus)["verdict"] == SAME
    if len(comparison.table) == 1 or rows.empty or same:
        return Said("")
    head, named = comparison.row(comparison.leader)["label"], rows["label"].to_list()
    if len(named) <= 4:
        return Said(f"{head} is not alone at the top: {listing(named)} can't be told apart from it.")
    many = number(count(len(near), "compare.csv", near_best=True))
    return Said(
        f"{head} is not alone at the top: {many} plans can't be told apart from the best of them, among them "
        f"{listing(named[:3])}."
    )


def parts(comparison: Comparison) -> Said:
    """What territories and goals bring one without the other, where both changed and both were played."""
    plan, baseline = comparison.row(comparison.focus), comparison.row(comparison.baseline)
    if plan["territory"] == baseline["territory"] or plan["goals"] == baseline["goals"] or plan["verdict"] != BETTER:
        return Said("")
    told = []
    for words, territory, goals in (
        (f"Its goals alone, with territory {baseline['territory']},", baseline["territory"], plan["goals"]),
        (f"Its territories alone, with goals {baseline['goals']},", plan["territory"], baseline["goals"]),
    ):
        table = comparison.table
        like = (table["pay"] == plan["pay"]) & (table["levers"] == plan["levers"])
        alone = table[like & (table["territory"] == territory) & (table["goals"] == goals)]
        if len(alone) == 1:
            typical = comparison.row(str(alone["key"].iloc[0]))["typical"]
            told.append(f"{words} typically bring {money(typical, comparison.currency, sign=True)}.")
    return Said(" ".join(told))


def price_of_change(row: Row | pd.Series) -> Said:
    """What a plan moves: accounts, relationships, revenue, open pipeline."""
    if row["moved_accounts"] == 0:
        return Said(f"{row['label']} moves no account: nobody changes rep.")
    moved = {
        "the relationships": row["moved_relationship"],
        "last year's revenue": row["moved_revenue"],
        "open pipeline": row["moved_pipeline"],
    }
    told = [f"{percent(share)} of {what}" for what, share in moved.items() if share == share]
    accounts = percent(row["moved_accounts"], 1 if row["moved_accounts"] < 0.02 else 0)
    return Said(
        f"{row['label']} gives {accounts} of accounts another rep{', with ' + listing(told) if told else ''}. "
        "What is lost while customers get used to a new rep is already in the contribution."
    )


def cost_of_selling(comparison: Comparison) -> Said:
    """How selling cost changes under the plan looked at closely; empty where there is nothing to compare."""
    if len(comparison.table) == 1:
        return Said("")
    row, baseline = comparison.row(comparison.focus), comparison.row(comparison.baseline)
    change, level = row["selling_cost_change"], baseline["selling_cost"]
    if change == 0:
        return Said("Selling costs what it does today.")
    more = "more" if change > 0 else "less"
    return Said(
        f"Selling typically costs {money(abs(change), comparison.currency)} {more} {comparison.span} under "
        f"{row['label']}, of {money(level, comparison.currency)} under {baseline['label']}."
    )


def people(frame: pd.DataFrame) -> Said:
    """Who gains and who loses, by name; ``frame`` is that of the chart of gains."""
    gains = frame[frame["verdict"] == "gains"]["name"].to_list()
    loses = frame[frame["verdict"] == "loses"]["name"].to_list()[::-1]
    measure = frame["measure"].iloc[0]
    if not gains and not loses:
        return Said(f"No rep's {measure} clearly changes.")
    parts = [_named(gains, "gains", "gain")] if gains else ["Nobody clearly gains"]
    parts.append(_named(loses, "loses", "lose") if loses else "nobody clearly loses")
    said = f"In {measure}, {parts[0]}; {parts[1]}." if gains else f"{parts[0]} in {measure}; {parts[1]}."
    return Said(said)


def _named(reps: list[str], one: str, several: str) -> str:
    """The reps by name; of many the first three, and how many they are."""
    if len(reps) <= MOST_NAMES:
        return f"{listing(reps, MOST_NAMES)} {one if len(reps) == 1 else several}"
    return f"{number(count(len(reps), 'gains.rows.csv', verdict=one))} reps {several}, most {listing(reps[:3])}"


def wasted(frame: pd.DataFrame, currency: str) -> Said:
    """Which segments get more and which fewer hours than potential; ``frame`` is that of the chart of effort."""
    over = frame[frame["gap"] >= MISMATCH].sort_values("gap", ascending=False)
    under = frame[frame["gap"] <= -MISMATCH].sort_values("gap")
    if over.empty and under.empty:
        return Said("Hours follow potential: no quarter of accounts and no industry is off by five points or more.")

    def told(part: pd.DataFrame) -> str:
        rows = rows_of(part, "effort.rows.csv", "kind", "segment")
        return listing([_spent(row, currency) for row in rows], len(part))

    parts = []
    if len(over):
        parts.append(f"More hours than potential go to {told(over)}.")
    if len(under):
        parts.append(f"Fewer go to {told(under)}.")
    return Said(" ".join(parts))


def _spent(row: Row, currency: str) -> str:
    """A segment with its share of hours and of potential."""
    an_hour = row["return_an_hour"]
    hour = f", typically {number(an_hour)} {currency} of margin an hour" if pd.notna(an_hour) else ""
    place = f"the {row['segment']} of accounts" if row["kind"] == "quarter" else str(row["segment"])
    return f"{place} ({percent(row['hours_share'])} of hours, {percent(row['potential_share'])} of potential{hour})"
