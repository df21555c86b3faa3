"""What was found in an export, what was done about it, and how well the model fits: for planners to read."""

from __future__ import annotations

import numpy as np

from scenarios.crm.calls import set_by_planner
from scenarios.crm.export import Export
from scenarios.crm.fitted import Fit
from scenarios.crm.learn import Learnt
from scenarios.crm.places import Places
from scenarios.crm.timing import mean_weeks, median_days, months
from scenarios.crm.unit import Serving, history
from scenarios.intake.schema import WON
from scenarios.market import Market
from scenarios.schema import MarketOptions
from scenarios.team import Team

WORDS = {"account_office": "an account at one sales office", "account_product": "an account's business in one product"}
MARGIN = 0.6


def notes(learnt: Learnt, where: Places, market: MarketOptions) -> tuple[str, ...]:
    """Sentences that every result made from an export carries: what the data lacked, what was assumed."""
    serving, covered, took = learnt.serving, learnt.covered, learnt.took
    ordered = f", {serving.ordered_only} of them only orders" if serving.ordered_only else ""
    left_out = f"; {serving.open_only} more have only open ones and are left out." if serving.open_only else "."
    days = covered.last - covered.first + 1
    said = [
        (
            f"The unit of planning is {WORDS[learnt.unit]}: {len(learnt.table)} units that have at least one won or "
            f"lost opportunity{' or order' if ordered else ''}{ordered}{left_out}"
        ),
        (
            f"{_whose(serving)} On average {serving.agents:.1f} reps worked a unit, so this hides "
            f"{1 - serving.revenue:.0%} of won revenue and {1 - serving.deals:.0%} of won opportunities, which others "
            "won."
        ),
        (
            f"It covers {_day(covered.first)} to {_day(covered.last)}; sales of these {days} days are scaled to a "
            "year, and so short a time can't tell a season from a single good or bad month."
        ),
        *where.notes,
        f"Calls on record are not used: every unit counts as well covered in the past, and {_needed(where, market)}.",
        _orders(learnt),
        f"It has no costs: gross margin is taken as {MARGIN:.0%} everywhere.",
        "Competitors' lead is as people judge it (the table of competitors); it sets what opportunities are lost for."
        if any(lead.any() for lead in learnt.leads.values())
        else "It says nothing of competitors: their lead is taken as zero.",
    ]
    if took.asleep:
        said.append(
            f"{took.asleep} open opportunities have waited longer than any decided one took ({took.longest:.0f} days); "
            "they are taken as asleep and bring nothing."
        )
    return tuple(said)


def _needed(where: Places, market: MarketOptions) -> str:
    """How many calls units need (`scenarios.crm.calls`)."""
    if set_by_planner(market):
        return f"calls needed are as you set them, {market.calls_needed:g} a rep and week, at most one a week a unit"
    trips = "in its hours, trips included, " if where.counts else ""
    return f"calls needed are set so that today's team about covers them, {trips}at most one a week"


def _orders(learnt: Learnt) -> str:
    """What is sold without an opportunity."""
    if learnt.sales.orders_a_year:
        return f"{learnt.behaviour.recurring_share:.0%} of sales are recurring orders, which follow the relationship."
    return (
        "It has no recurring orders in the days covered: all sales are opportunities. "
        f"{learnt.behaviour.repeat_share:.0%} of them are taken as repeat business, which suffers when the rep "
        "changes; the export can't tell (behaviour.repeat_share)."
    )


def level_note(level: float, market: MarketOptions) -> str:
    """What all accounts ask for beside what was learnt of them (`scenarios.crm.level`), and why."""
    more = (
        f" On top of it market.level={market.level:g} makes all ask for {market.level:g} times as much; sales rise "
        "about with that."
        if market.level != 1.0
        else ""
    )
    return (
        f"Accounts ask for {level:g} times what was learnt of them from the export, which takes each as having got "
        "just the calls it needs. The factor is aimed at today's plan selling what is on record, in a year of means, "
        f"without luck.{more}"
    )


def fit_notes(fit: Fit, export: Export, market: MarketOptions, own: int) -> tuple[str, ...]:
    """What a result made with a fit carries; ``own`` units have a factor of their own in it."""
    played = min(market.draws, len(fit.draws))
    draws = (
        f"Years are played in turn in {played} draws of what the data leaves open, beside their luck."
        if played
        else "Years are played with the best guess alone: what the data leaves open is not in the ranges."
    )
    times = [f"the unit's own factor in the fit ({own} units have one)"] if own else []
    times += [f"{fit.level:.3g} (the fit's level)"] if fit.level != 1.0 else []
    times += [f"{market.level:g} (market.level)"] if market.level != 1.0 else []
    asked = ", times ".join(["what was learnt of them from the export", *times])
    said = [f"Accounts and reps behave as fitted (market.fit). Accounts ask for {asked}. {draws}"]
    if fit.rankings_only:
        said.append(
            "The fit forecast quarters that were held out no better than a guess from the quarter before: take "
            "rankings of plans from it, and no amounts."
        )
    if fit.data and fit.data != export.data.digest:
        said.append("The fit was made from other data than are read here; territory fit makes it anew.")
    return tuple(said)


def _whose(serving: Serving) -> str:
    most = "who won most revenue there, such that all reps have about what they won."
    if not serving.owned:
        return f"The export names no owners: today's rep of a unit is {most}"
    if serving.owned == 1.0:
        return "Today's rep of a unit is the owner that the export names."
    named = f"{serving.owned:.0%} of units"
    return f"Today's rep of a unit is the owner that the export names, for {named}; of the others, {most}"


def data_report(export: Export, market: Market, team: Team) -> list[str]:
    """The data report as lines of text: files, what was found and done, the market, what to keep in mind."""
    rows = [("file", "what was found", "count", "what was done")]
    rows += [(file, "rows", str(count), "read") for file, count in export.sizes.items()]
    rows += [(finding.file, finding.what, str(finding.count), finding.done) for finding in market.findings]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    table = [
        f"{file:<{widths[0]}}  {what:<{widths[1]}}  {count:>{widths[2]}}  {done}".rstrip()
        for file, what, count, done in rows
    ]
    accounts = market.accounts
    industries, offices = accounts["industry"].nunique(), accounts["region"].nunique()
    made = [
        f"Market: {len(accounts)} units, {industries} industries, {offices} offices.",
        f"Potential: {market.currency}{accounts['potential'].sum():,.0f} a year.",
        f"Team: {len(team.reps)} reps, {accounts['current_rep'].nunique()} with a territory today.",
        f"Ability: {team.reps['ability'].min():.2f} to {team.reps['ability'].max():.2f}, 1 is average.",
    ]
    return [*table, "", *made, *market.notes]


def fit_report(export: Export, learnt: Learnt) -> list[str]:
    """Fitted figures beside observed ones, and what the export shows and the model does not have."""
    sales, odds, behaviour, took = learnt.sales, learnt.odds, learnt.behaviour, learnt.took
    deals = history(export)
    won = deals[(deals["outcome"] == WON) & learnt.covered.holds(deals["closed"])]
    years = learnt.covered.years
    last = months(export.decided["closed"]) % 3 == 2
    is_won = (export.decided["outcome"] == WON).to_numpy()
    lines = [
        (
            f"won value a year, before the level: model {(sales.wins * sales.size).sum():,.0f}, "
            f"observed {won['amount'].sum() / years:,.0f}"
        ),
        f"won opportunities a year, before the level: model {sales.wins.sum():,.0f}, observed {len(won) / years:,.0f}",
        f"win odds: model {behaviour.win_odds:.1%}, observed {is_won.mean():.1%}",
        f"days from engaging to closing, mean: model {7 * mean_weeks(behaviour):.0f}, observed {took.mean:.0f}",
        (
            f"the same, median: model {median_days(behaviour):.0f}, observed {took.median_won:.0f} for won and "
            f"{took.median_lost:.0f} for lost ones (the model does not tell them apart)"
        ),
        f"spread of deal values in a unit (CV): model {behaviour.deal_cv:.2f}, observed {sales.deal_cv:.2f}",
        f"units' own part of wins, beyond size, industry, product and luck: sd {sales.spread:.2f} of the log",
        *(f"win odds by {name}: sd {spread:.2f} in log-odds beyond luck" for name, spread in odds.spreads.items()),
        f"deal value between reps: sd {odds.value_spread:.3f} of the log beyond luck and product",
    ]
    if last.any() and not last.all():
        lines.append(
            f"won of decided: {is_won[last].mean():.0%} in the last months of quarters, {is_won[~last].mean():.0%} in "
            "the others; the season moves what opens, and does not carry this"
        )
    return lines


def _day(days: int) -> str:
    return str(np.datetime64(days, "D"))
