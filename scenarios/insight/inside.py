"""Strengths and weaknesses: what lies with us, as the data shows it."""

from __future__ import annotations

import numpy as np

from scenarios.insight.facts import Facts, each
from scenarios.insight.line import FIRM, STRENGTH, SURE, WEAKNESS, Line
from scenarios.insight.pairs import pairs
from scenarios.insight.reasons import reasons
from scenarios.insight.segments import BETTER, FEW, WORSE, segments
from scenarios.insight.stages import bottleneck, funnel, quarter_end
from scenarios.intake.data import Data
from scenarios.intake.schema import OPEN

STILL = 60  # days without a contact after which an open opportunity is one that nobody follows up
LAST_DAYS = 7  # of a quarter in which discounts are looked for
ANSWERS = {
    "price": "show what the price buys before it is compared",
    "quality": "mend what is complained of, and show that it is mended",
    "fit": "ask earlier whether it fits; spend the hours where it does",
    "use case": "bring a customer who does the same",
    "positioning": "say sooner who we are and for whom",
    "reviews": "ask pleased customers to speak",
    "neglect": "call them oftener",
}
BY_CHANCE = ("timing",)  # reasons that nobody could have changed


def inside(data: Data, facts: Facts) -> list[Line]:
    """All strengths and weaknesses that the data can carry."""
    return [
        *_strong_pairs(facts), *_products(facts), *_lost(facts), *_stuck(data, facts), *_unfollowed(data, facts),
        *_rhythm(facts), *_discounts(facts),
    ]  # fmt: skip


def _strong_pairs(facts: Facts) -> list[Line]:
    table = pairs(facts)
    lines = []
    for row in each(table) if len(table) else ():
        counts = f"{row.won} of {row.decided} won, {row.expected:.0f} expected"
        if row.says == BETTER:
            todo = f"give {row.rep} more of {row.segment}"
            what = f"{row.rep} wins more in {row.segment} than rep and segment lead one to expect"
            lines.append(Line(STRENGTH, str(row.rep), what, counts, max(float(row.money), 0.0), todo))
        elif row.says == WORSE:
            what = f"{row.rep} wins less in {row.segment} than rep and segment lead one to expect"
            todo = f"coach {row.rep} there, or give {row.segment} to somebody else"
            lines.append(Line(WEAKNESS, str(row.rep), what, counts, max(-float(row.money), 0.0), todo))
    return lines


def _products(facts: Facts) -> list[Line]:
    table = segments(facts)
    lines = []
    usual = float(facts.decided["won"].mean())
    years = facts.covered.years
    for row in each(table[table["cut"] == "product"]) if len(table) else ():
        beyond = (row.win_known - usual) * row.decided / years * (row.deal if row.deal == row.deal else 0.0)
        counts = f"{row.won} of {row.decided} won, {row.win_low:.0%} to {row.win_high:.0%}; all {usual:.0%}"
        if row.win_says == BETTER:
            what = f"{row.segment} wins more often than the rest"
            lines.append(Line(STRENGTH, FIRM, what, counts, float(beyond), f"lead with {row.segment}"))
        elif row.win_says == WORSE:
            what = f"{row.segment} wins less often than the rest"
            lines.append(Line(WEAKNESS, FIRM, what, counts, float(-beyond), f"find out why {row.segment} is refused"))
    return lines


def _lost(facts: Facts) -> list[Line]:
    """Reasons to say no, by what the lost opportunities would have brought at the usual win rate."""
    table = reasons(facts)
    if table.empty:
        return []
    deal = float(facts.decided.loc[facts.decided["won"], "amount"].mean())
    usual = float(facts.decided["won"].mean())
    lines = []
    for row in each(table):
        if str(row.reason).casefold() in BY_CHANCE or row.count < FEW:
            continue
        money = row.count * deal * usual / facts.covered.years
        numbers = f"{row.count} lost, {row.low:.0%} to {row.high:.0%} of those that give a reason"
        what = f"opportunities are lost for {str(row.reason).casefold()}"
        lines.append(
            Line(WEAKNESS, FIRM, what, numbers, money, ANSWERS.get(str(row.reason).casefold(), "ask the last ten why"))
        )
    return lines


def _stuck(data: Data, facts: Facts) -> list[Line]:
    table = funnel(data, facts)
    name = bottleneck(table)
    if not name:
        return []
    row = each(table[table["stage"] == name])[0]
    usual = float(facts.decided["won"].mean())
    numbers = f"{row.days:.0f} days there at the median; {row.waiting} wait, worth {row.waiting_money:,.0f}"
    money = float(row.waiting_money) * usual
    return [
        Line(WEAKNESS, FIRM, f"opportunities get stuck in {name}", numbers, money, f"look into every one in {name}")
    ]


def _unfollowed(data: Data, facts: Facts) -> list[Line]:
    """Open opportunities that nobody has contacted lately, by rep; nothing where there are no activities."""
    if not len(facts.contacts):
        return []
    deals = data.table("opportunities")
    still = deals[(deals["outcome"] == OPEN) & (deals["account"] != "")]
    last = facts.contacts.groupby("account")["day"].max()
    silent = facts.covered.last - still["account"].map(last).astype(float).fillna(still["created"]) > STILL
    usual = float(facts.decided["won"].mean())
    lines = []
    for rep, rows in still[silent].groupby("rep"):
        if len(rows) >= 3:
            money = float(rows["amount"].sum()) * usual
            numbers = f"{len(rows)} open, worth {rows['amount'].sum():,.0f}, no contact for {STILL} days"
            lines.append(
                Line(WEAKNESS, str(rep), "open opportunities are not followed up", numbers, money, f"{rep}: call them")
            )
    return lines


def _rhythm(facts: Facts) -> list[Line]:
    """Whether winning depends on the end of the quarter."""
    last, other, spreads = quarter_end(facts)
    if abs(spreads) <= SURE:
        return []
    numbers = f"{last:.0%} of decided won in quarters' last months, {other:.0%} in others"
    what = "what is won and lost depends on the end of the quarter"
    return [Line(WEAKNESS, FIRM, what, numbers, 0.0, "look at what is pushed, held back or given away then")]


def _discounts(facts: Facts) -> list[Line]:
    """Whether prices give way in the last week of a quarter: won values over their product's mean, in logs."""
    won = facts.decided[facts.decided["won"] & (facts.decided["product"] != "")]
    if len(won) < 2 * FEW:
        return []
    usual = won.groupby("product")["amount"].transform("mean")
    ratio = np.log((won["amount"] / usual).clip(lower=1e-9).to_numpy(np.float64))
    day = won["closed"].to_numpy(np.int64).astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    left = ((month + 1).astype("datetime64[D]") - day).astype(int)
    ends = (left <= LAST_DAYS) & (month.astype(np.int64) % 3 == 2)
    if not FEW <= ends.sum() <= len(won) - FEW:
        return []
    gap = float(ratio[ends].mean() - ratio[~ends].mean())
    spread = float(ratio.std() * np.sqrt(1.0 / ends.sum() + 1.0 / (~ends).sum()))
    if not (spread > 0.0 and gap < -SURE * spread):
        return []
    money = float(won.loc[ends, "amount"].sum() * (np.exp(-gap) - 1.0)) / facts.covered.years
    numbers = f"{1.0 - np.exp(gap):.0%} less for the same product in the last week of quarters ({ends.sum()} won)"
    what = "prices give way at the end of the quarter"
    return [Line(WEAKNESS, FIRM, what, numbers, money, "stop period-end discounts")]
