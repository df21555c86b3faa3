"""The measures of a played year, each one function ``metric(played) -> Series indexed by replication``.

Money is in the market's currency. A measure that rests on the plan alone (balance, disruption) is the same number
in every replication. A measure that the data can't give (attainment without a quota) is missing (NaN).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import analysis.costs as costs_of
import analysis.played as played_year
from analysis.costs import selling_cost, travel_cost
from analysis.played import Frames, Played
from sim.world import CUSTOMER

BAND = 0.15  # the common rule: a territory is in balance within 15 % of the mean

Values = NDArray[np.float64]
Measure = Callable[[Played], pd.Series]
Spread = Callable[[Values], Values]  # over the last axis: one figure for the territories of each year


class Metric(NamedTuple):
    """One measure: its unit, which way is better (``higher``, ``lower`` or ``none``), its meaning, its function."""

    unit: str
    better: str
    meaning: str
    measure: Measure


def _always(played: Played, value: float) -> pd.Series:
    return pd.Series(float(value), index=played.replications)


# Money


def revenue(played: Played) -> pd.Series:
    """Orders and won opportunities booked in the year."""
    return played.total("order_revenue", "won_revenue") / 100


def margin(played: Played) -> pd.Series:
    """Gross margin of them."""
    return played.total("margin") / 100


def contribution(played: Played) -> pd.Series:
    """Gross margin − selling cost. Margin 300,000 − cost 157,200 = 142,800."""
    return margin(played) - selling_cost(played)


def roi(played: Played) -> pd.Series:
    """Contribution / selling cost. 142,800 / 157,200 = 0.908."""
    cost = selling_cost(played)
    return (margin(played) - cost) / cost.where(cost != 0)


def end_value(played: Played) -> pd.Series:
    """Margin expected of the 26 weeks after the year, from its state, without further calls."""
    return played.series(played.account_years("end_value").sum(axis=1) / 100)


# Balance


def variation(values: Values) -> Values:
    """Standard deviation / mean. [8, 12] → 2 / 10 = 0.2. Missing where the mean is 0."""
    mean = values.mean(axis=-1)
    share: Values = values.std(axis=-1) / np.where(mean, mean, np.nan)
    return share


def gini(values: Values) -> Values:
    """Mean difference between any two / twice the mean; 0 = all equal. [8, 12] → 0.1. Missing where the mean is 0."""
    ordered, count = np.sort(values, axis=-1), values.shape[-1]
    total = ordered.sum(axis=-1)
    ranks = 2 * np.arange(1, count + 1) - count - 1
    share: Values = (ranks * ordered).sum(axis=-1) / np.where(total, count * total, np.nan)
    return share


def within_band(values: Values) -> Values:
    """Share of them within ±15 % of the mean. [8, 12] → 0; [9, 11] → 1."""
    mean = values.mean(axis=-1, keepdims=True)
    share: Values = (np.abs(values - mean) <= BAND * np.abs(mean) * (1 + 1e-12)).mean(axis=-1)
    return share


def by_territory(played: Played, values: pd.Series) -> Values:
    """Values of accounts added up by rep of the plan's first day; a rep without accounts has 0."""
    summed = values.groupby(played.accounts["rep"].astype(str)).sum()
    return summed.reindex(first_team(played), fill_value=0.0).to_numpy(dtype=np.float64)


def first_team(played: Played) -> list[str]:
    """Ids of who is there when the plan begins: the team, and of those hired who begin with it."""
    ids, planned = played.reps["id"].astype(str), played.reps["planned"]
    return list(ids[~planned | ids.isin(played.accounts["rep"].unique().astype(str))] if planned.any() else ids)


def _spread_of_accounts(played: Played, column: str, spread: Spread) -> pd.Series:
    return _always(played, float(spread(by_territory(played, played.accounts[column]))))


def _spread_of_revenue(played: Played, spread: Spread) -> pd.Series:
    sold = played.by_rep("order_revenue", "won_revenue")[first_team(played)]
    return played.series(spread(sold.to_numpy(np.float64)))


def hired(played: Played) -> pd.Series:
    """People who were hired for new places."""
    return played.total("hired")


# Coverage and effort


def calls(played: Played) -> pd.Series:
    """Calls made."""
    return played.total("calls")


def coverage(played: Played) -> pd.Series:
    """Calls made / calls needed, each worth what it does for goodwill; a visit is worth 1. 900 of 1,000 → 0.9."""
    need = float(played.accounts["need"].sum()) * played.years
    worth = played.accounts["call_worth"].to_numpy(float) if "call_worth" in played.accounts else np.ones(1)
    if (worth == 1.0).all():
        return calls(played) / need
    return played.series(played.account_years("calls") @ worth / need)


def touched(played: Played) -> pd.Series:
    """Share of accounts called at least once."""
    return played.series((played.account_years("calls") > 0).mean(axis=1))


def effort(played: Played) -> pd.Series:
    """Mean effort over weeks and places of the team; 1 is normal."""
    places = played.weeks("place")
    return played.series((played.weeks("effort") * places).sum(axis=(1, 2)) / places.sum(axis=(1, 2)))


# Attainment


def attainment_by_rep(played: Played) -> pd.DataFrame:
    """Sales of the year / quota: one row a replication, one column a rep; missing where there is no quota.

    Of several years those with a quota, all together.
    Sales 450,000 on a quota of 500,000 → 0.9.
    """
    quota = played.goals_by_year("quota")  # (replications, years, reps)
    weeks = played.weeks("order_revenue") + played.weeks("won_revenue")
    cents = weeks.reshape(len(quota), quota.shape[1], -1, quota.shape[2]).sum(axis=2)
    counts, whole = np.where(quota > 0, cents, 0).sum(axis=1) / 100, quota.sum(axis=1)
    ids = pd.Index(played.reps["id"].astype(str), name="rep")
    return pd.DataFrame(counts / np.where(whole > 0, whole, np.nan), played.replications, ids)


def attainment(played: Played) -> pd.Series:
    """Mean attainment of reps with a quota."""
    return attainment_by_rep(played).mean(axis=1)


def at_quota(played: Played) -> pd.Series:
    """Share of reps with a quota who reach it."""
    table = attainment_by_rep(played)
    reached = (table >= 1).sum(axis=1) / table.notna().sum(axis=1).replace(0, np.nan)
    return reached.astype(float)


# Customers


def new_customers(played: Played) -> pd.Series:
    """Prospects and lapsed accounts that became customers."""
    return played.total("new_customers")


def retention(played: Played) -> pd.Series:
    """Of the customers before week 1, the share still customers after the last. 45 of 50 → 0.9."""
    before = played.account_years("status_start") == CUSTOMER
    still = before & (played.account_years("status") == CUSTOMER)
    customers = before.sum(axis=1)
    return played.series(still.sum(axis=1) / np.where(customers, customers, np.nan))


# Disruption: what changes rep against today


def changes_rep(played: Played) -> pd.Series:
    """For each account (index: its id) whether its rep in this plan is not today's."""
    accounts = played.accounts
    return pd.Series(
        accounts["rep"].astype(str).to_numpy() != accounts["current_rep"].astype(str).to_numpy(),
        index=accounts["id"].astype(str),
    )


def moved_accounts(played: Played) -> pd.Series:
    """Share of accounts that change rep. 200 of 2,000 → 0.1."""
    return _always(played, float(changes_rep(played).mean()))


def moves(played: Played) -> pd.Series:
    """Changes of rep an account lives through: at the start of the plan, and in its reviews."""
    reviewed = played.weeks("gained").sum(axis=(1, 2)) / len(played.accounts)
    return played.series(reviewed) + moved_accounts(played)


def _moved_share(played: Played, column: str) -> pd.Series:
    """Share of a column of accounts that lies on accounts which change rep; missing where all of it is 0."""
    heavy = played.account_years(column)
    total = heavy.sum(axis=1)
    moved = np.where(changes_rep(played).to_numpy(), heavy, 0).sum(axis=1)
    return played.series(moved / np.where(total != 0, total, np.nan))


def _balance() -> dict[str, Metric]:
    """CV, Gini and share within the band, of workload, potential and revenue over territories."""
    spreads: tuple[tuple[str, str, str, Spread], ...] = (
        ("cv", "lower", "standard deviation / mean over territories of", variation),
        ("gini", "lower", "Gini coefficient over territories of", gini),
        ("in_band", "higher", "share of territories within ±15 % of the mean of", within_band),
    )
    table: dict[str, Metric] = {}
    for name, better, words, spread in spreads:
        unit = "share" if name == "in_band" else "ratio"
        table[f"workload_{name}"] = Metric(
            unit, better, f"{words} hours needed", partial(_spread_of_accounts, column="hours_needed", spread=spread)
        )
        table[f"potential_{name}"] = Metric(
            unit, better, f"{words} potential", partial(_spread_of_accounts, column="potential", spread=spread)
        )
        table[f"revenue_{name}"] = Metric(unit, better, f"{words} revenue", partial(_spread_of_revenue, spread=spread))
    return table


METRICS: dict[str, Metric] = {
    "contribution": Metric("money", "higher", "gross margin less selling cost", contribution),
    "roi": Metric("ratio", "higher", "contribution / selling cost", roi),
    "revenue": Metric("money", "higher", "orders and won opportunities", revenue),
    "margin": Metric("money", "higher", "gross margin of revenue", margin),
    "selling_cost": Metric("money", "lower", "pay, overhead, tools, travel, reviews and hiring", selling_cost),
    "travel_cost": Metric("money", "lower", "of it travel", travel_cost),
    "end_value": Metric("money", "higher", "margin expected of the 26 weeks after, without further calls", end_value),
    "hired": Metric("reps", "none", "people hired for new places", hired),
    "coverage": Metric("share", "higher", "calls made, in visits / calls needed", coverage),
    "touched": Metric("share", "higher", "accounts called at least once", touched),
    "attainment": Metric("share", "higher", "sales / quota, mean of reps with a quota", attainment),
    "at_quota": Metric("share", "higher", "reps who reach their quota", at_quota),
    "moved_accounts": Metric("share", "lower", "accounts that change rep", moved_accounts),
    "moved_revenue": Metric(
        "share", "lower", "last year's revenue that changes rep", partial(_moved_share, column="sales_last_year")
    ),
    "moved_pipeline": Metric(
        "share",
        "lower",
        "open pipeline before week 1 that changes rep",
        partial(_moved_share, column="open_value_start"),
    ),
    "moved_relationship": Metric(
        "share",
        "lower",
        "relationship before week 1 that is with the rep who loses the account",
        partial(_moved_share, column="relationship_start"),
    ),
    "rep_changes": Metric("changes an account", "lower", "changes of rep that an account lives through", moves),
    "new_customers": Metric("accounts", "higher", "accounts that became customers", new_customers),
    "retention": Metric("share", "higher", "customers before week 1 who still are after the last", retention),
    "calls": Metric("calls", "none", "calls made", calls),
    "effort": Metric("times normal", "none", "mean effort of reps", effort),
    **_balance(),
}


@cache
def version() -> str:
    """A hash of the sources that measure: what another version measured is measured again."""
    sources = (Path(__file__), Path(costs_of.__file__), Path(played_year.__file__))
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()[:12]


def measured(played: Played) -> pd.DataFrame:
    """All of METRICS, for the store: replication, one column a metric, and ``measured_by``, the version that did it."""
    columns = {name: metric.measure(played).to_numpy(np.float64) for name, metric in METRICS.items()}
    return pd.DataFrame({"replication": played.replications, **columns, "measured_by": version()})


class Measured(Frames):
    """The frames of a scenario just played and its measures, which are taken when they are asked for."""

    def __init__(self, played: Played) -> None:
        super().__init__(dict(played.frames))
        self.played = played

    def __getitem__(self, name: str) -> pd.DataFrame:
        return measured(self.played) if name == "measures" else super().__getitem__(name)


def measures(played: Played) -> pd.DataFrame:
    """All of METRICS: one row a replication, one column a metric; taken from the store if this version put it there."""
    table = played.frames["measures"] if "measures" in played.frames else measured(played)
    if not (table["measured_by"] == version()).all():
        table = measured(played)
    return table.set_index("replication")[list(METRICS)]
