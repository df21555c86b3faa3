"""What was found in an export, what was done about it, and how well the model fits: for planners to read."""

from __future__ import annotations

import numpy as np

from scenarios.crm.export import Export
from scenarios.crm.odds import Odds
from scenarios.crm.potential import Sales
from scenarios.crm.timing import Cycle, Span, cycle, median_days, months, span
from scenarios.crm.unit import Serving
from scenarios.market import Market
from scenarios.team import Team
from sim.behaviour import Behaviour
from sim.world import WEEKS

WORDS = {"account_office": "an account at one sales office", "account_product": "an account's business in one product"}
MARGIN = 0.6


def notes(unit: str, units: int, serving: Serving, covered: Span, took: Cycle) -> tuple[str, ...]:
    """Sentences that every result made from an export carries: what the data lacked, what was assumed."""
    said = [
        f"The unit of planning is {WORDS[unit]}: {units} units that have at least one won or lost opportunity"
        + (f"; {serving.open_only} more have only open ones and are left out." if serving.open_only else "."),
        f"The export names no owners: today's rep of a unit is the agent with most won revenue there. On average "
        f"{serving.agents:.1f} agents worked a unit, so this hides {1 - serving.revenue:.0%} of won revenue and "
        f"{1 - serving.deals:.0%} of won opportunities, which other agents won.",
        f"It covers {_day(covered.first)} to {_day(covered.last)}; sales of these {covered.last - covered.first + 1} days are "
        "scaled to a year, and one year can't tell a season from a single good or bad month.",
        "It has no coordinates: travel is left out.",
        "It has no calls: every unit counts as well covered in the past, and calls needed are set so that today's team about "
        "covers them.",
        "It has no recurring orders: all sales are opportunities.",
        f"It has no costs: gross margin is taken as {MARGIN:.0%} everywhere.",
        "It says nothing of competitors: their lead is taken as zero.",
    ]
    if took.asleep:
        said.append(
            f"{took.asleep} open opportunities have waited longer than any decided one took ({took.longest:.0f} days); "
            "they are taken as asleep and bring nothing."
        )
    return tuple(said)


def data_report(export: Export, market: Market, team: Team) -> list[str]:
    """The data report as lines of text: files, what was found and done, the market, what to keep in mind."""
    rows = [("file", "what was found", "count", "what was done")]
    rows += [(file, "rows", str(count), "read") for file, count in export.sizes.items()]
    rows += [(finding.file, finding.what, str(finding.count), finding.done) for finding in market.findings]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    table = [
        f"{file:<{widths[0]}}  {what:<{widths[1]}}  {count:>{widths[2]}}  {done}".rstrip() for file, what, count, done in rows
    ]
    accounts = market.accounts
    made = [
        f"Market: {len(accounts)} units, {accounts['industry'].nunique()} industries, {accounts['region'].nunique()} offices; "
        f"{market.currency}{accounts['potential'].sum():,.0f} potential a year.",
        f"Team: {len(team.reps)} reps; ability {team.reps['ability'].min():.2f} to {team.reps['ability'].max():.2f}; "
        f"{accounts['current_rep'].nunique()} have a territory today.",
    ]
    return [*table, "", *made, *market.notes]


def fit_report(export: Export, sales: Sales, odds: Odds, behaviour: Behaviour, share: float, potential: float) -> list[str]:
    """Fitted figures beside observed ones, and what the export shows and the model does not have."""
    decided = export.decided
    covered, took = span(decided), cycle(export.deals)
    won = decided[(decided["deal_stage"] == "Won") & covered.holds(decided["close_date"])]
    named = won[(won["account"] != "") & (won["product"] != "")]
    last = months(decided["close_date"]) % 3 == 2
    is_won = (decided["deal_stage"] == "Won").to_numpy()
    value = (sales.wins * sales.size).sum()
    lines = [
        f"won value a year: model {share * potential:,.0f}, observed {named['close_value'].sum() / covered.years:,.0f} "
        f"(units' sum {value:,.0f})",
        f"won opportunities a year: model {sales.wins.sum():,.0f}, observed {len(named) / covered.years:,.0f}",
        f"win odds: model {behaviour.win_odds:.1%}, observed {is_won.mean():.1%}",
        f"days from engaging to closing: mean, model {7 * behaviour.stages / behaviour.stage_hazard:.0f}, observed "
        f"{took.mean:.0f}; median, model {median_days(behaviour):.0f}, observed {took.median_won:.0f} for won and "
        f"{took.median_lost:.0f} for lost ones (the model does not tell them apart)",
        f"spread of deal values in a unit (CV): model {behaviour.deal_cv:.2f}, observed {sales.deal_cv:.2f}",
        f"units' own part of wins, beyond size, sector, product and luck: sd {sales.spread:.2f} of the log",
        *(f"win odds between {name}: sd {spread:.2f} in log-odds beyond luck" for name, spread in odds.spreads.items()),
        f"deal value between agents: sd {odds.value_spread:.3f} of the log beyond luck and product",
    ]
    if last.any() and not last.all():
        lines.append(
            f"won of decided: {is_won[last].mean():.0%} in the last months of quarters, {is_won[~last].mean():.0%} in the others; "
            "the season moves what opens, and does not carry this"
        )
    return lines


def season_line(market: Market) -> str:
    """Highest and lowest week of the season in one line."""
    low, high = int(np.argmin(market.season)) + 1, int(np.argmax(market.season)) + 1
    return f"season: from {market.season.min():.2f} in week {low} to {market.season.max():.2f} in week {high} of {WEEKS}"


def _day(days: int) -> str:
    return str(np.datetime64(days, "D"))
