"""A territory's plan in sentences and tables, each from its rows."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from analysis.cuts import MISMATCH
from analysis.explanation.books import Book, Goal
from analysis.explanation.reviewing import Reviewing
from analysis.explanation.territory import FEW, KINDS, Spread, Territory
from analysis.goals import VERDICTS, verdict
from analysis.words import digits_for, listing, money, money_unit, number, percent, short_of_20, years_of_20

Table = dict[str, Any]
CALLED = {"quarter": "by potential", "industry": "by industry", "region": "by region"}
MOST_TOLD = 2  # segments in a sentence


def headline(book: Book, plan: Territory, currency: str) -> str:
    """What a manager signs: the quota and its chance, else what is expected; from the rows."""
    if book.accounts.empty:
        return f"{plan.name} has no accounts in this plan"
    quota = quota_of(book)
    if quota is None:
        sold = within(plan.sales, currency)
        return f"{plan.name} is expected to sell {sold}"
    return (
        f"{plan.name} reaches a quota of {money(quota.goal, currency)} in {years_of_20(quota.reached)} simulated years"
    )


def quota_of(book: Book) -> Goal | None:
    """The rep's quota; None without one."""
    return next((goal for goal in book.goals if goal.kind == "quota"), None)


def within(of: Spread, currency: str) -> str:
    """An amount with its range: '760 k$, 690 to 840 k$ in 8 of 10 years'."""
    scale, unit = money_unit(max(abs(of.low), abs(of.high)), currency)
    digits = digits_for(of.typical / scale) if scale > 1 else 0
    low, typical, high = (number(one / scale, digits) for one in of)
    return f"{typical} {unit}, {low} to {high} {unit} in 8 of 10 simulated years"


def _counted(of: Spread, digits: int = 0) -> str:
    low, typical, high = (number(one, digits) for one in of)
    return f"{typical} ({low} to {high})"


def _shares(of: Spread) -> str:
    low, typical, high = (percent(one) for one in of)
    return f"{typical} ({low} to {high})"


def effort_facts(plan: Territory, currency: str) -> list[tuple[str, str]]:
    """Hours needed beside hours there are, travel, priority accounts; ranges hold 8 in 10 years."""
    of = plan.effort
    load = f"{percent(of.hours_needed / of.hours_there)} of" if of.hours_there else "beside"
    needed = f"{number(of.hours_needed)} a year with travel, {load} the {number(of.hours_there)} there are"
    facts = [
        ("hours needed", f"{needed}; {percent(of.load)} of the mean territory's"),
        ("hours used", f"{_counted(of.hours)} a year, {_shares(of.travel)} of them on the road"),
        ("calls", f"{_counted(of.calls)} a year for {number(of.need)} needed; coverage {_shares(of.coverage)}"),
        (
            "priority accounts",
            f"{of.priority:,}, with {_counted(of.priority_calls)} calls a year" if of.priority else "none here",
        ),
    ]
    if of.vacant.high > 0:
        facts.append(("nobody there", f"{_counted(of.vacant)} weeks of the year in which the place is empty"))
    facts.append(("sales", within(plan.sales, currency)))
    return facts


def segments_sentence(plan: Territory) -> str:
    """The segments whose part of the hours is five points from their part of the potential, the widest gaps first."""
    table = plan.segments
    if table.empty:
        return ""
    gaps = (table["hours_share"] - table["potential_share"]).where(table["accounts"] > 0)
    told = []
    for side, words in ((1, "more"), (-1, "less")):
        rows = (side * gaps)[side * gaps >= MISMATCH].sort_values(ascending=False, kind="stable").index[:MOST_TOLD]
        named = [
            f"{table['segment'][row]} ({percent(table['hours_share'][row])} of hours, "
            f"{percent(table['potential_share'][row])} of potential)"
            for row in rows
        ]
        if named:
            told.append(f"{words} effort than potential: {listing(named)}")
    if not told:
        return "No segment's share of hours is five points from its share of estimated potential."
    said = "; ".join(told)
    return f"{said[0].upper()}{said[1:]}."


def segments_table(plan: Territory, currency: str) -> Table:
    """Each segment: accounts, potential, calls, hours, shares of effort and potential, expected revenue."""
    table = plan.segments
    scale, unit = money_unit(float(table["revenue_high"].max()) if len(table) else 0.0, currency)
    heads = ["segment", "kind", "accounts", f"potential {unit}", "calls", "hours", "of hours", "of potential"]
    heads += ["gap, points", f"revenue {unit}", "8 in 10"]
    rows = []
    for kind in KINDS:
        for place, row in enumerate(table[table["kind"] == kind].to_dict("records")):
            amounts = [row[name] / scale for name in ("potential", "revenue", "revenue_low", "revenue_high")]
            potential, revenue, low, high = (number(one, digits_for(one) if scale > 1 else 0) for one in amounts)
            rows.append(
                [
                    row["segment"], CALLED[kind] if place == 0 else "", number(row["accounts"]), potential,
                    number(row["calls"]), number(row["hours"]), percent(row["hours_share"]),
                    percent(row["potential_share"]),
                    number(100 * (row["hours_share"] - row["potential_share"]), sign=True), revenue, f"{low} to {high}",
                ]
            )  # fmt: skip
    return {"heads": heads, "rows": rows, "words": [0, 1]}


def goal_facts(book: Book, plan: Territory, periods: int, currency: str) -> list[tuple[str, str]]:
    """Each goal with its chance, and the range that luck alone gives."""
    facts = []
    for goal in book.goals:
        if goal.kind == "quota":
            each = f", {money(goal.goal / periods, currency)} in each of {periods} periods" if periods > 1 else ""
            name, said = "quota", f"{money(goal.goal, currency)} a year{each}"
        else:
            name, said = "activity goal", f"{number(goal.goal, 1)} {goal.kind}"
        span = f"{percent(goal.low)} to {percent(goal.high)} of it in 8 of 10"
        facts.append((name, f"{said}; reached in {years_of_20(goal.reached)} simulated years, {span}"))
    if quota_of(book) is not None:
        facts.append(("open before week 1", _cover(plan.open_start, plan.cover_start, currency)))
        facts.append(("open after week 52", _cover(plan.open_end, plan.cover_end, currency)))
    return facts


def _cover(money_open: Spread, cover: Spread, currency: str) -> str:
    return f"{money(money_open.typical, currency)} of opportunities, {_shares(cover)} of the quota"


def luck_sentence(book: Book, drawn: bool) -> str:
    """How far one year's result says nothing of a rep; empty without a quota."""
    quota = quota_of(book)
    if quota is None:
        return ""
    what = "luck and what the twin does not know give" if drawn else "luck alone gives"
    return (
        f"The same rep in the same territory ends between {percent(quota.low)} and {percent(quota.high)} of the quota "
        f"in 8 of 10 simulated years: {what} that range, and a result inside it says nothing of the rep."
    )


def smart_table(book: Book, plan: Territory, reviewing: Reviewing) -> Table:
    """Whether each goal is specific, measurable, achievable, relevant and time-bound, as territory goals says it."""
    rows = []
    for goal in book.goals:
        if goal.kind == "quota":
            name, by = "quota", f"yes: by the end of {reviewing.after(52)}"
            part = percent(goal.goal / plan.quotas, 1) if plan.quotas else "–"
            relevant = f"yes: {part} of all quotas of the plan"
        else:
            name, by = "activity goal", "yes: every week"
            relevant = "not told here: takes the year with more and with less effort"
        said = verdict(goal.reached)
        often = f"{years_of_20(goal.reached)} simulated years"
        reachable = f"yes: in {often}" if said == VERDICTS[1] else f"no: {said}, {often}"
        rows.append([name, "yes: one rep's", f"yes: {_measure(goal)}", reachable, relevant, by])
    return {"heads": ["goal", "specific", "measurable", "achievable", "relevant", "time-bound"], "rows": rows,
            "words": [0, 1, 2, 3, 4, 5]}  # fmt: skip


def _measure(goal: Goal) -> str:
    return "orders and wins booked" if goal.kind == "quota" else goal.kind.removesuffix(" a week")


def missing_sentence(book: Book) -> str:
    """What lacks to goals that are SMART; empty where nothing does."""
    if not book.goals:
        return (
            "This plan has no goals: nothing here is specific, measurable or time-bound. territory goals proposes "
            "some, goals=quota_potential plays them."
        )
    lacking = []
    for goal in book.goals:
        said = verdict(goal.reached)
        if said != VERDICTS[1]:
            kind = "the quota" if goal.kind == "quota" else "the activity goal"
            lacking.append(f"{kind} is {said}")
    return f"What is missing: {listing(lacking)}." if lacking else ""


def dates_table(plan: Territory, reviewing: Reviewing, currency: str, own: bool = False) -> Table:
    """What is to be reached by each date, and how likely the quota is from there; ``own`` is for the rep."""
    table = plan.dates
    quota = bool(table["on_pace"].notna().any())
    scale, unit = money_unit(float(table[["on_pace", "high"]].max().max()), currency)
    covered = bool(table["coverage"].notna().any()) and not own
    looks = bool(table["look"].any()) and not own
    heads = ["by the end of", *([f"on pace {unit}"] if quota else []), f"sold {unit}, 8 in 10"]
    if quota:
        heads += ["years on pace", "quota then", "if behind"]
    heads += ["calls, 8 in 10", *(["coverage"] if covered else []), *(["review held in"] if looks else [])]
    rows = []
    for row in table.to_dict("records"):
        pace, low, high = (row[name] / scale for name in ("on_pace", "low", "high"))
        digits = digits_for(high) if scale > 1 else 0
        shown = [reviewing.after(int(row["week"])), *([number(pace, digits)] if quota else [])]
        shown.append(f"{number(low, digits)} to {number(high, digits)}")
        if quota:
            shown.append(f"{row['ahead']} of {plan.years}")
            shown += [short_of_20(row[f"reached_{at}"]) for at in ("ahead", "behind")]
        shown.append(f"{number(row['calls_low'])} to {number(row['calls_high'])}")
        shown += [percent(row["coverage"])] if covered else []
        shown += [short_of_20(row["held"]) if row["look"] else ""] if looks else []
        rows.append(shown)
    return {"heads": heads, "rows": rows, "words": [0]}


def dates_caption(plan: Territory) -> str:
    """What the columns of `dates_table` say."""
    if plan.dates["on_pace"].isna().all():
        return f"Ranges hold 8 in 10 of {plan.years} simulated years. There is no quota, so there is no pace."
    return (
        "On pace: the part of the quota that the mean year has sold by then. Quota then, if behind: how often it is "
        f"reached in the end by the simulated years that were on pace by then, and by the others; not told of fewer "
        f"than {FEW} of the {plan.years} years."
    )


def goal_parts_table(book: Book, plan: Territory, counts_priority_only: bool, currency: str) -> Table:
    """How a rep's goals divide over its segments, in proportion to what each is expected to bring and to get."""
    quota = quota_of(book)
    activity = next((goal for goal in book.goals if goal.kind != "quota"), None)
    counted = "priority_calls" if activity is not None and counts_priority_only else "calls"
    shown = plan.segments[plan.segments["kind"].isin(["quarter", "industry"])]
    whole = float(shown[shown["kind"] == "quarter"][counted].sum())
    scale, unit = money_unit(max(quota.goal if quota else 0.0, plan.sales.high), currency)
    heads = ["segment", "kind", "accounts", *([f"quota {unit}"] if quota else []), f"sales {unit}, 8 in 10"]
    heads += ["calls a week expected", *([f"goal: {activity.kind}"] if activity else [])]
    rows, kind = [], ""
    for row in shown.to_dict("records"):
        first, kind = row["kind"] != kind, row["kind"]
        share = row["revenue_share"] if math.isfinite(row["revenue_share"]) else 0.0
        money_parts = [share * quota.goal / scale] if quota else []
        low, high = (number(row[f"revenue_{side}"] / scale, 1 if scale > 1 else 0) for side in ("low", "high"))
        rows.append(
            [
                row["segment"], CALLED[kind] if first else "", number(row["accounts"]),
                *(number(one, 1 if scale > 1 else 0) for one in money_parts), f"{low} to {high}",
                number(row["calls"] / 52, 1),
                *([number(activity.goal * row[counted] / whole if whole else 0.0, 1)] if activity else []),
            ]
        )  # fmt: skip
    return {"heads": heads, "rows": rows, "words": [0, 1]}


def index_table(books: list[Book], plans: list[Territory], currency: str) -> Table:
    """All territories, in the team's order: quota and chance, load, and where most of their potential is."""
    quotas = any(quota_of(book) is not None for book in books)
    heads = ["territory", "accounts", "new", "gave", "potential", "load", *(["quota", "reached in"] if quotas else [])]
    heads += ["sales, 8 in 10", "largest segments"]
    rows = []
    for book, plan in zip(books, plans, strict=True):
        quota, of = quota_of(book), plan.effort
        goal = [money(quota.goal, currency), short_of_20(quota.reached)] if quota else ["–", "–"]
        scale, unit = money_unit(plan.sales.high, currency)
        digits = digits_for(plan.sales.high / scale) if scale > 1 else 0
        rows.append(
            [
                book.name, number(len(book.accounts)), number(len(book.new)), number(len(book.gave)),
                money(float(book.accounts["potential"].sum()), currency),
                percent(of.hours_needed / of.hours_there) if of.hours_there else "–", *(goal if quotas else []),
                f"{number(plan.sales.low / scale, digits)} to {number(plan.sales.high / scale, digits)} {unit}",
                _largest(plan.segments),
            ]
        )  # fmt: skip
    return {"heads": heads, "rows": rows, "words": [0, len(heads) - 1]}


def _largest(segments: pd.DataFrame) -> str:
    if segments.empty:
        return ""
    own = segments[segments["kind"] == "industry"].head(MOST_TOLD)
    return ", ".join(f"{row['segment']} {percent(row['potential_share'])}" for row in own.to_dict("records"))
