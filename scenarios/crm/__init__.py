"""A CRM export as a market: `load` reads, cleans and refits; `inspect_export` only reads and cleans."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace

import numpy as np
import pandas as pd

from scenarios.crm.calls import calls_needed
from scenarios.crm.export import Export, inspect_export
from scenarios.crm.fitted import LEVEL, Fit, read_fit, taken
from scenarios.crm.learn import Learnt, learn
from scenarios.crm.level import as_on_record, times
from scenarios.crm.places import Places, housed, located
from scenarios.crm.report import MARGIN, data_report, fit_notes, fit_report, level_note, notes
from scenarios.crm.timing import season
from scenarios.crm.unit import keys, left_out
from scenarios.crm.unsold import unsold_accounts, unsold_team
from scenarios.generator.accounts import PRIORITY_SHARE, SIZE_SHARE, SIZES
from scenarios.generator.worth import covered_share, need
from scenarios.intake.schema import WON
from scenarios.intake.values import UNKNOWN
from scenarios.market import ACCOUNT_COLUMNS, Drawn, Market
from scenarios.schema import MarketOptions, TeamOptions
from scenarios.team import REP_COLUMNS, Team
from sim.behaviour import Behaviour
from sim.draws import UNSURE, column, normals
from sim.rules.relationship import steady
from sim.world import WEEKS, Floats

DRAWN = ("potential", "order_size", "opening_rate", "deal_size", "win_logit")  # what a fit leaves open of accounts

UNIT_COLUMNS = ("account", "office", "current_rep", "potential")

__all__ = ["Export", "data_report", "fit_report", "inspect_export", "learn", "load"]


def load(market: MarketOptions, team: TeamOptions, behaviour: Behaviour) -> tuple[Market, Team, Behaviour]:
    """The market and team of the export in ``market.folder``, and the behaviour with what the export refits.

    Raises InputError with every problem of the files. Reps are those with a won or lost opportunity; ``team.reps`` is
    used only where nothing was sold yet and nobody is named.
    """
    export = inspect_export(market.folder)
    if not export.sold:
        return _unsold(export, market, team, behaviour)
    fit = read_fit(market.fit) if market.fit else None
    learnt = learn(export, market.unit, behaviour)
    sold = float((learnt.sales.wins * learnt.sales.size + learnt.sales.orders).sum())
    if fit:
        asks = learnt.table["id"].map(fit.asks).astype(float).fillna(1.0).to_numpy()
        own = int(learnt.table["id"].isin(list(fit.asks)).sum())
        sales = learnt.sales._replace(wins=learnt.sales.wins * asks, orders=learnt.sales.orders * asks)
        learnt = replace(learnt, sales=sales, behaviour=taken(learnt.behaviour, behaviour, fit.behaviour))
    people, table = _team(export, learnt, team), learnt.table
    level = market.level * fit.level if fit else 1.0
    units = table.assign(potential=_potential(learnt, level))[list(UNIT_COLUMNS)]
    people, where, calls = _settled(export, market, units, people, learnt.behaviour)
    accounts = _accounts(export, learnt, level, where, calls)
    made = Market(
        accounts=accounts.assign(parent=_families(export, learnt.table["account"])),
        products=_products(export),
        season=season(export.decided, learnt.covered, learnt.took.mean),
        has_places=where.counts,
        currency=market.currency,
        source="CRM export",
        digest=_digest(export, market, team, behaviour),
        findings=(*export.findings, *left_out(export, learnt.table), *where.findings),
        notes=(*notes(learnt, where, market), *(fit_notes(fit, export, market, own) if fit else ())),
        drawn=_drawn(export, learnt, market, people, where, accounts, behaviour, fit) if fit else (),
        sold=sold,
    )
    if not fit:
        found = as_on_record(made, people, learnt.behaviour)
        made = replace(times(made, found * market.level), notes=(*made.notes, level_note(found, market)))
    report = (*data_report(export, made, people), "", *fit_report(export, learnt))
    return replace(made, report=report, rejects=export.rejects), people, learnt.behaviour


def _unsold(
    export: Export, market: MarketOptions, team: TeamOptions, behaviour: Behaviour
) -> tuple[Market, Team, Behaviour]:
    """The market of an export in which nothing was won or lost yet."""
    people = unsold_team(export, team)
    accounts, said = unsold_accounts(export, market, people, behaviour)
    units = accounts[["id", "region", "current_rep", "potential"]].set_axis(UNIT_COLUMNS, axis=1)
    people, where, calls = _settled(export, market, units, people, behaviour)
    accounts = accounts.assign(need=calls).join(where.units)[list(ACCOUNT_COLUMNS)]
    made = Market(
        accounts=accounts.assign(parent=_families(export, accounts["id"])),
        products=_products(export),
        season=np.ones(WEEKS),
        has_places=where.counts,
        currency=market.currency,
        source="CRM export without sales",
        digest=_digest(export, market, team, behaviour),
        findings=(*export.findings, *where.findings),
        notes=(*said, *where.notes),
    )
    return replace(made, report=tuple(data_report(export, made, people)), rejects=export.rejects), people, behaviour


def _settled(
    export: Export, market: MarketOptions, units: pd.DataFrame, people: Team, behaviour: Behaviour
) -> tuple[Team, Places, Floats]:
    """The team at its homes, where ``units`` are (n rows with `UNIT_COLUMNS`), and the calls that each needs, (n,)."""
    owner = pd.Index(people.reps["id"]).get_indexer(pd.Index(units["current_rep"])).astype(np.int64)
    potential = units["potential"].to_numpy(np.float64)
    wanted = need(potential, market.need_exponent, market.calls_needed, len(people.reps))
    where = located(export, units["account"], units["office"])
    people, where = housed(export, where, units["office"], people, owner, wanted)
    return people, where, calls_needed(wanted, market, where, people, owner, behaviour)


def _drawn(
    export: Export, learnt: Learnt, market: MarketOptions, people: Team, where: Places, accounts: pd.DataFrame,
    asked: Behaviour, fit: Fit,
) -> tuple[Drawn, ...]:  # fmt: skip
    """Markets that it may as well be, one for each draw of the fit that is asked for.

    What planners see of it, and the calls that accounts need, stay as they are.
    """
    made = []
    names, off = list(people.reps["id"]), learnt.odds.ability_error
    for number, values in enumerate(fit.draws[: market.draws]):
        behaviour = taken(learnt.behaviour, asked, values)
        sales = learnt.sales.drawn(learnt.table["key"].to_numpy(np.int64), market.seed, number)
        level = market.level * values[LEVEL]
        truth = replace(learnt, sales=sales, behaviour=behaviour)
        table = _accounts(export, truth, level, where, accounts["need"].to_numpy(np.float64))
        luck = normals(column(market.seed, UNSURE, 2, people.reps["key"].to_numpy(np.int64), number))
        ability = people.reps["ability"].to_numpy(np.float64) * np.exp(off.loc[names].to_numpy(np.float64) * luck)
        made.append(Drawn(table[list(DRAWN)], ability, behaviour))
    return tuple(made)


def _potential(learnt: Learnt, level: float) -> Floats:
    """What each unit could buy in a year, money (n,): fitted sales over the share that a well-covered account gives."""
    sales = learnt.sales
    return (sales.wins * level * sales.size + sales.orders * level) / covered_share(learnt.behaviour)


def _accounts(export: Export, learnt: Learnt, level: float, where: Places, calls: Floats) -> pd.DataFrame:
    """All of `ACCOUNT_COLUMNS`; units need ``calls`` (n,) a year.

    Openings are such that a unit which
    gets the calls it needs, with the relationship that these hold, sells what was fitted: ``52 · rate · s1 · loyal ·
    p · deal size = sales``, p being its own chance of winning, loyal what the relationship makes of repeat business.
    ``level`` is a factor on what all ask for.
    """
    table, sales, odds = learnt.table, learnt.sales, learnt.odds
    share = covered_share(learnt.behaviour)
    beyond = table["product"].map(odds.product).fillna(0.0) + table["industry"].map(odds.industry).fillna(0.0)
    logit = beyond.to_numpy(np.float64)
    b = learnt.behaviour
    chance = 1.0 / (1.0 + np.exp(-(np.log(odds.overall / (1.0 - odds.overall)) + logit)))
    wins = sales.wins * level
    orders = sales.orders * level
    potential = _potential(learnt, level)
    standing = np.array([steady(c / WEEKS, b.relationship_gain, b.relationship_fade) for c in calls])
    loyal = b.repeat_share * (1.0 + b.order_loyalty * (standing - 0.5)) + 1.0 - b.repeat_share
    lately = 1.0 - (1.0 - calls / WEEKS) ** 3  # called within three weeks
    place = np.argsort(np.argsort(-potential, kind="stable"), kind="stable")
    n = len(table)
    large = round(SIZE_SHARE[2] * n)
    size = np.where(place < large, 2, np.where(place < large + round(SIZE_SHARE[1] * n), 1, 0))
    cells = table["office"] + " / " + table["industry"]
    frame = (
        table[["id", "key", "industry", "product", "current_rep"]]
        .join(where.units)
        .assign(
            name=table["name"],
            city=table["account"].map(export.accounts.set_index("id")["city"]).astype("str") if where.counts else "",
            region=table["office"],
            size=pd.Series(np.array(SIZES, dtype=object)[size], dtype="str"),
            cell=np.searchsorted(sorted(set(cells)), cells.to_numpy(dtype=object)).astype(np.int64),
            potential=potential,
            estimated_potential=potential,
            need=calls,
            # An order's value is such that a well-covered customer's orders bring what they brought.
            order_size=orders / (b.orders_a_year * np.minimum(1.0, share * (1.0 + b.order_loyalty * (standing - 0.5)))),
            opening_rate=wins / (WEEKS * share * chance * loyal),
            deal_size=sales.size,
            # The odds that were observed hold with that relationship and those calls.
            win_logit=logit - b.win_relationship * (standing - 0.5) - b.win_recent_call * lately,
            margin=MARGIN,
            **{f"lead_{criterion}": lead for criterion, lead in learnt.leads.items()},
            priority=place < max(1, round(PRIORITY_SHARE * n)),
        )
    )
    return frame[list(ACCOUNT_COLUMNS)]


def _families(export: Export, accounts: pd.Series) -> pd.Series:
    """The company that heads each unit's family: its own, or the one that it is a subsidiary of, and so on upwards."""
    above = dict(zip(export.accounts["id"], export.accounts["parent"], strict=True))
    head = {}
    for company in above:
        seen = [company]
        while above.get(seen[-1]) and above[seen[-1]] not in seen:
            seen.append(above[seen[-1]])
        # Companies that own each other in a circle have no head; the first of it by name stands for them.
        head[company] = min(seen[seen.index(above[seen[-1]]) :]) if above.get(seen[-1]) else seen[-1]
    return accounts.map(head).astype("str")


def _team(export: Export, learnt: Learnt, options: TeamOptions) -> Team:
    """The reps with a won or lost opportunity; fit to offices is 1, as reps sell in their own office only."""
    odds = learnt.odds
    known = export.reps.set_index("id")
    office = known["region"].replace("", UNKNOWN)
    people = pd.Series(odds.ability.index, dtype="str")
    reps = pd.DataFrame(
        {
            "id": people,
            "key": keys(people),
            "name": people.map(known["name"].where(known["name"] != "")).fillna(people).astype("str"),
            "region": people.map(office),
            "latitude": np.nan,
            "longitude": np.nan,
            "x_km": 0.0,
            "y_km": 0.0,
            "ability": odds.ability.to_numpy(),
            "hours": options.hours * options.selling_share,
        }
    )
    reps = reps.sort_values("key").reset_index(drop=True)[list(REP_COLUMNS)]
    ids = list(reps["id"])
    regions = sorted(set(office) | set(learnt.table["office"]))
    return Team(
        reps=reps,
        fit_industry=odds.fit_industry.loc[ids],
        fit_region=pd.DataFrame(1.0, index=ids, columns=regions),
        fit_product=odds.fit_product.loc[ids],
        cost_per_km=options.cost_per_km,
    )


def _products(export: Export) -> pd.DataFrame:
    """Products with their list price; where that is blank, the mean of what was paid (0 where nothing was)."""
    products = export.products.drop(columns="name").rename(columns={"id": "name"})[["name", "price"]]
    won = export.deals[export.deals["outcome"] == WON]
    paid = products["name"].map(won["amount"].astype(float).groupby(won["product"]).mean())
    return products.assign(price=products["price"].fillna(paid).fillna(0.0), margin=MARGIN)


def _digest(export: Export, market: MarketOptions, team: TeamOptions, behaviour: Behaviour) -> str:
    """A hash of the files' bytes, of how they were read and of every option but where the folder lies."""
    fit = [read_fit(market.fit)] if market.fit else []
    options = [asdict(replace(market, folder="", fit="")), asdict(team), behaviour._asdict(), export.data.digest, fit]
    return hashlib.sha256(json.dumps(options, sort_keys=True).encode()).hexdigest()
