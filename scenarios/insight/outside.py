"""Opportunities and threats: what lies in the market, as the data shows it."""

from __future__ import annotations

import numpy as np

from scenarios.insight.customers import concentration, customers
from scenarios.insight.effort import MORE, effort
from scenarios.insight.facts import CUTS, Facts, each
from scenarios.insight.line import FIRM, OPPORTUNITY, SURE, THREAT, Line
from scenarios.insight.reasons import competitors
from scenarios.insight.segments import FEW

DEPENDS = 0.1  # of revenue with one customer
ONE_REP = 2.0  # times an even share of revenue with one rep


def outside(facts: Facts) -> list[Line]:
    """All opportunities and threats that the data can carry."""
    return [
        *_underserved(facts), *_white_products(facts), *_rivals(facts), *_shrinking(facts), *_dependence(facts),
    ]  # fmt: skip


def _underserved(facts: Facts) -> list[Line]:
    """Segments whose share of effort is well under their share of potential."""
    table, word = effort(facts)
    lines = []
    for row in each(table[table["says"] == MORE]) if len(table) else ():
        gap = max(float(row.potential) * (1.0 - float(row.of_potential)), 0.0)
        numbers = f"{row.effort_share:.0%} of {word} for {row.potential_share:.0%} of potential"
        what = f"{row.segment} ({row.cut}) gets too little effort"
        lines.append(Line(OPPORTUNITY, FIRM, what, numbers, gap, f"move effort to {row.segment}"))
    return lines


def _white_products(facts: Facts) -> list[Line]:
    """Products that some accounts of an industry buy and others do not: what buyers spend, times the buyers' share."""
    sales = facts.sales[(facts.sales["product"] != "") & (facts.sales["account"] != "")]
    lines = []
    for (industry, product), rows in sales.groupby(["industry", "product"]):
        there = set(facts.accounts.loc[facts.accounts["industry"] == industry, "id"])
        buyers = rows["account"].nunique()
        others = len(there) - buyers
        # As many as would not have bought by luck alone, if all bought alike, are no finding.
        by_luck = float(np.exp(-len(rows) / max(len(there), 1)))
        spread = np.sqrt(len(there) * by_luck * (1.0 - by_luck))
        uneven = others - len(there) * by_luck > SURE * spread
        if industry and buyers >= FEW and others >= FEW and uneven:
            paid = float(rows["amount"].sum()) / buyers / facts.covered.years
            money = others * paid * buyers / len(there)
            numbers = f"{buyers} of {len(there)} buy it, {paid:,.0f} a year each"
            what = f"{product} is not bought by everybody in {industry}"
            lines.append(Line(OPPORTUNITY, FIRM, what, numbers, money, f"offer {product} to the other {others}"))
    return lines


def _rivals(facts: Facts) -> list[Line]:
    """Competitors that win more against us than is usual, and those that win less than they did."""
    table = competitors(facts)
    named = facts.decided[facts.decided["competitor"] != ""]
    middle = (facts.covered.first + facts.covered.last) / 2.0
    deal = float(facts.decided.loc[facts.decided["won"], "amount"].mean())
    usual = float(facts.decided["won"].mean())
    lines = []
    for row in each(table) if len(table) else ():
        rows = named[named["competitor"] == row.competitor]
        surely = usual - row.win_rate > SURE * np.sqrt(usual * (1.0 - usual) / row.decided)
        if surely and row.low < row.high < usual:
            money = (usual - row.known) * row.decided * deal / facts.covered.years
            numbers = f"{row.won} of {row.decided} won against it, {row.low:.0%} to {row.high:.0%}; all {usual:.0%}"
            todo = f"learn what {row.competitor} does better"
            lines.append(
                Line(THREAT, FIRM, f"{row.competitor} beats us more often than others do", numbers, money, todo)
            )
        early, late = (rows[half] for half in (rows["closed"] <= middle, rows["closed"] > middle))
        if min(len(early), len(late)) >= FEW:
            p = float(rows["won"].mean())
            spread = np.sqrt(p * (1.0 - p) * (1.0 / len(early) + 1.0 / len(late)))
            change = float(late["won"].mean() - early["won"].mean())
            if spread > 0.0 and abs(change) > SURE * spread:
                better = change > 0.0
                quadrant = OPPORTUNITY if better else THREAT
                what = f"{row.competitor} {'stumbles' if better else 'gains on us'}"
                first, second = f"{early['won'].mean():.0%}", f"{late['won'].mean():.0%}"
                numbers = f"we won {first} against it in the first half, {second} in the second"
                money = abs(change) * len(rows) * deal / facts.covered.years
                todo = "go after its customers" if better else "keep ours from it"
                lines.append(Line(quadrant, FIRM, what, numbers, money, todo))
    return lines


def _shrinking(facts: Facts) -> list[Line]:
    """Segments that bought less often in the second half of the covered days than luck explains, others counted in."""
    middle = (facts.covered.first + facts.covered.last) / 2.0
    late = facts.sales["day"] > middle
    share = float(late.mean())
    lines = []
    for cut in CUTS[:3]:
        named = facts.sales[facts.sales[cut] != ""]
        for segment, rows in named.groupby(cut):
            second = int((rows["day"] > middle).sum())
            spread = np.sqrt(len(rows) * share * (1.0 - share))
            if len(rows) >= 2 * FEW and spread > 0.0 and second - len(rows) * share < -(SURE + 0.5) * spread:
                first = len(rows) - second
                money = float(rows["amount"].mean()) * (first - second) / facts.covered.years
                numbers = f"{first} sales in the first half, {second} in the second; all: {share:.0%} in the second"
                what = f"{segment} ({cut}) shrinks"
                lines.append(
                    Line(THREAT, FIRM, what, numbers, max(money, 0.0), f"find out what {segment} buys instead")
                )
    return lines


def _dependence(facts: Facts) -> list[Line]:
    table = customers(facts)
    held = concentration(table)
    lines = []
    if held.first > DEPENDS:
        top = table.iloc[0]
        numbers = f"{held.first:.0%} of revenue; the first five {held.five:.0%}"
        todo = f"a second contact at {top['name']}, and others like it"
        lines.append(Line(THREAT, FIRM, f"much hangs on {top['name']}", numbers, float(top["revenue"]), todo))
    by_rep = facts.sales[facts.sales["rep"] != ""].groupby("rep")["amount"].sum() / facts.covered.years
    if len(by_rep) > 2:
        best, share = str(by_rep.idxmax()), float(by_rep.max() / by_rep.sum())
        if share > ONE_REP / len(by_rep):
            numbers = f"{share:.0%} of revenue with one of {len(by_rep)} reps"
            todo = f"let others meet {best}'s customers"
            lines.append(Line(THREAT, best, f"much hangs on {best}", numbers, float(by_rep.max()), todo))
    return lines
