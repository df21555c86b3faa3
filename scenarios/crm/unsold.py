"""A market of accounts that nothing was sold to yet: who they are the planner knows, how they buy the literature."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenarios.crm.export import ANY, Export
from scenarios.crm.leads import leads
from scenarios.crm.report import MARGIN
from scenarios.crm.unit import keys, owners
from scenarios.generator.accounts import PRIORITY_SHARE, SIZE_SHARE, SIZES
from scenarios.generator.worth import openings, order_size
from scenarios.intake.values import UNKNOWN
from scenarios.schema import MarketOptions, TeamOptions
from scenarios.team import REP_COLUMNS, Team
from sim.behaviour import Behaviour
from sim.world import Floats

NOTE = (
    "No opportunity in the data was won or lost: how often accounts ask, how much they buy, how long they take and how "
    "often one wins are not measured here but the defaults of docs/parameters.md, from the literature and from "
    "conventions. Plans can be ranked by it; its amounts of money say nothing about this business."
)
OWN, LIKE_SIZE, ALIKE = (
    "Potential is the export's own estimate.",
    "Potential rises with the root of an account's {0}, around market.mean_potential: an assumption.",
    "Every account has the same potential, market.mean_potential: the export tells neither it nor their size.",
)


def unsold_team(export: Export, options: TeamOptions) -> Team:
    """The reps of the export, all average; where it names none, ``team.reps`` of them."""
    reps = export.reps
    ids = list(reps["id"]) or [f"R{n:02d}" for n in range(1, options.reps + 1)]
    names = dict(zip(reps["id"], reps["name"], strict=True))
    region = dict(zip(reps["id"], reps["region"], strict=True))
    people = pd.DataFrame(
        {
            "id": pd.Series(ids, dtype="str"),
            "key": keys(ids),
            "name": pd.Series([names.get(one) or one for one in ids], dtype="str"),
            "region": pd.Series([region.get(one) or UNKNOWN for one in ids], dtype="str"),
            "latitude": np.nan,
            "longitude": np.nan,
            "x_km": 0.0,
            "y_km": 0.0,
            "ability": 1.0,
            "hours": options.hours * options.selling_share,
        }
    )
    people = people.sort_values("key").reset_index(drop=True)[list(REP_COLUMNS)]
    ids = list(people["id"])

    def average(words: pd.Series | list[str]) -> pd.DataFrame:
        return pd.DataFrame(1.0, index=ids, columns=sorted(set(words)))

    return Team(
        reps=people,
        fit_industry=average(export.accounts["industry"].replace("", UNKNOWN)),
        fit_region=average([*_regions(export), *people["region"]]),
        fit_product=average([*export.products["id"], ANY]),
        cost_per_km=options.cost_per_km,
    )


def unsold_accounts(
    export: Export, market: MarketOptions, team: Team, behaviour: Behaviour
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """`ACCOUNT_COLUMNS` but for places and calls needed, one row an account, and where its potential comes from.

    Opportunities and orders are such that all accounts together, well covered, bring ``market.wins_a_rep`` wins a rep
    (`scenarios.generator.worth`).
    """
    a = export.accounts
    potential, said = _potential(a, market)
    potential = potential * market.level
    opened = openings(potential, market.wins_a_rep * len(team.reps), behaviour)
    place = np.argsort(np.argsort(-potential, kind="stable"), kind="stable")
    n = len(a)
    large = round(SIZE_SHARE[2] * n)
    size = np.where(place < large, 2, np.where(place < large + round(SIZE_SHARE[1] * n), 1, 0))
    region, industry = _regions(export), a["industry"].replace("", UNKNOWN).astype("str")
    cells = region + " / " + industry
    frame = pd.DataFrame(
        {
            "id": a["id"],
            "key": keys(a["id"]),
            "name": a["name"].where(a["name"] != "", a["id"]),
            "city": a["city"],
            "region": region,
            "industry": industry,
            "product": pd.Series(next(iter(export.products["id"]), ANY), index=a.index, dtype="str"),
            "size": pd.Series(np.array(SIZES, dtype=object)[size], index=a.index, dtype="str"),
            "cell": np.searchsorted(sorted(set(cells)), cells.to_numpy(dtype=object)).astype(np.int64),
            "potential": potential,
            "estimated_potential": potential,
            "order_size": order_size(potential, behaviour),
            "opening_rate": opened.rate,
            "deal_size": opened.size,
            "win_logit": 0.0,
            "margin": MARGIN,
            **{f"lead_{criterion}": lead for criterion, lead in leads(export.data, list(a["industry"])).items()},
            "priority": place < max(1, round(PRIORITY_SHARE * n)),
            "current_rep": _served(export, team, potential),
        }
    )
    orders = len(export.data.table("orders"))
    unused = (f"{orders:,} orders are on record and not used, as no opportunity was decided.",) if orders else ()
    return frame.sort_values("key").reset_index(drop=True), (NOTE, said, *unused)


def _regions(export: Export) -> pd.Series:
    return export.accounts["region"].replace("", UNKNOWN).astype("str")


def _potential(accounts: pd.DataFrame, market: MarketOptions) -> tuple[Floats, str]:
    """What each account could buy in a year, money (n,), and where that comes from."""
    if accounts["potential"].notna().mean() >= 0.5:
        own = accounts["potential"].fillna(accounts["potential"].median()).to_numpy(np.float64)
        return np.maximum(own, 1e-9 * max(own.max(), 1.0)), OWN
    for column in ("revenue", "employees"):
        known = accounts[column].where(accounts[column] > 0)
        if known.notna().mean() >= 0.5:
            root = np.sqrt(known.fillna(known.median()).to_numpy(np.float64))
            return market.mean_potential * root / root.mean(), LIKE_SIZE.format(column)
    return np.full(len(accounts), market.mean_potential), ALIKE


def _served(export: Export, team: Team, potential: Floats) -> pd.Series:
    """Today's rep of each account: whom the export names, else the rep of its region, else anybody, with least to do.

    Accounts that nobody has are dealt out largest first, each to the one who has the least potential so far.
    """
    a, people = export.accounts, team.reps
    known = owners(export, set(people["id"]))
    has = dict.fromkeys(people["id"], 0.0)
    rep = {account: str(known[account]) for account in a["id"] if account in known}
    for account, could in zip(a["id"], potential, strict=True):
        if account in rep:
            has[rep[account]] += could
    local: dict[str, list[str]] = {}
    for one, region in zip(people["id"], people["region"], strict=True):
        local.setdefault(region, []).append(one)
    rows = sorted(zip(-potential, keys(a["id"]), a["id"], _regions(export), strict=True))
    for could, _, account, region in rows:
        if account not in rep:
            rep[account] = min(local.get(region, list(has)), key=lambda one: (has[one], one))
            has[rep[account]] -= could
    return a["id"].map(rep).astype("str")
