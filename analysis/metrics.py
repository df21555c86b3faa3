"""The measures of a played year, each one function ``metric(played) -> Series indexed by replication``.

Money is in the market's currency. A measure that rests on the plan alone (balance, disruption) is the same number
in every replication. A measure that the data can't give (attainment without a quota) is missing (NaN).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.store import Played
from sim.world import CUSTOMER

BAND = 0.15  # the common rule: a territory is in balance within 15 % of the mean

Measure = Callable[[Played], pd.Series]


class Metric(NamedTuple):
    """One measure: its unit, which way is better (``higher``, ``lower`` or ``none``), its meaning, its function."""

    unit: str
    better: str
    meaning: str
    measure: Measure


def replications(played: Played) -> pd.Index:
    """The years that were played, in rising order."""
    years: pd.Index = pd.Index(sorted(played.info["replications"]), name="replication")
    return years


def _year(played: Played, *columns: str) -> pd.Series:
    """Columns of the reps' weeks added up over reps and weeks."""
    return played.years[list(columns)].sum(axis=1)


def _always(played: Played, value: float) -> pd.Series:
    return pd.Series(float(value), index=replications(played))


# Money


def revenue(played: Played) -> pd.Series:
    """Orders and won opportunities booked in the year."""
    return _year(played, "order_revenue", "won_revenue") / 100


def margin(played: Played) -> pd.Series:
    """Gross margin of them."""
    return _year(played, "margin") / 100


def cost_an_hour(played: Played) -> pd.Series:
    """Cost of an hour on the road of each rep (index: its id). 60 km/h × 0.40 a km = 24."""
    reps = played.reps
    return pd.Series((reps["cost_per_km"] * reps["road_speed"]).to_numpy(float), index=reps["id"].astype(str))


def travel_cost(played: Played) -> pd.Series:
    """Hours on the road × cost of such an hour, added up over reps. 50 h × 24 = 1,200."""
    a_rep = played.rep_years["travel_hours"].unstack()
    a_rep.columns = a_rep.columns.astype(str)
    return a_rep.mul(cost_an_hour(played), axis=1).sum(axis=1)


def selling_cost(played: Played) -> pd.Series:
    """Pay + overhead + travel.

    Pay 120,000 + overhead 36,000 + travel 1,200 = 157,200.
    """
    return _year(played, "pay") / 100 + float(played.reps["overhead"].sum()) + travel_cost(played)


def contribution(played: Played) -> pd.Series:
    """Gross margin − selling cost. Margin 300,000 − cost 157,200 = 142,800."""
    return margin(played) - selling_cost(played)


def roi(played: Played) -> pd.Series:
    """Contribution / selling cost. 142,800 / 157,200 = 0.908."""
    cost = selling_cost(played)
    return (margin(played) - cost) / cost.where(cost != 0)


def end_value(played: Played) -> pd.Series:
    """Margin expected of the 26 weeks after the year, from its state, without further calls."""
    return played.account_years.groupby("replication")["end_value"].sum() / 100


# Balance


def variation(values: NDArray[np.float64]) -> float:
    """Standard deviation / mean. [8, 12] → 2 / 10 = 0.2. Missing where the mean is 0."""
    mean = float(values.mean())
    return float(values.std() / mean) if mean else float("nan")


def gini(values: NDArray[np.float64]) -> float:
    """Mean difference between any two / twice the mean; 0 = all equal. [8, 12] → 0.1. Missing where the mean is 0."""
    ordered, count = np.sort(values), values.size
    total = float(ordered.sum())
    ranks = 2 * np.arange(1, count + 1) - count - 1
    return float((ranks * ordered).sum() / (count * total)) if total else float("nan")


def within_band(values: NDArray[np.float64]) -> float:
    """Share of them within ±15 % of the mean. [8, 12] → 0; [9, 11] → 1."""
    mean = float(values.mean())
    return float((np.abs(values - mean) <= BAND * abs(mean) * (1 + 1e-12)).mean())


Spread = Callable[[NDArray[np.float64]], float]


def _by_territory(played: Played, values: pd.Series) -> NDArray[np.float64]:
    """Values of accounts added up by rep; a rep without accounts has 0."""
    summed = values.groupby(played.accounts["rep"].astype(str)).sum()
    return summed.reindex(played.reps["id"].astype(str), fill_value=0.0).to_numpy(dtype=np.float64)


def _spread_of_accounts(played: Played, column: str, spread: Spread) -> pd.Series:
    return _always(played, spread(_by_territory(played, played.accounts[column])))


def _spread_of_revenue(played: Played, spread: Spread) -> pd.Series:
    table = (played.rep_years["order_revenue"] + played.rep_years["won_revenue"]).unstack().astype(float)
    return pd.Series([spread(row) for row in table.to_numpy()], index=table.index)


# Coverage and effort


def calls(played: Played) -> pd.Series:
    """Calls made."""
    return _year(played, "calls")


def coverage(played: Played) -> pd.Series:
    """Calls made / calls needed. 900 of 1,000 → 0.9."""
    return calls(played) / float(played.accounts["need"].sum())


def touched(played: Played) -> pd.Series:
    """Share of accounts called at least once."""
    years = played.account_years
    return (years["calls"] > 0).groupby(years["replication"]).mean()


def effort(played: Played) -> pd.Series:
    """Mean effort of reps over the year; 1 is normal."""
    return played.rep_weeks.groupby("replication")["effort"].mean()


# Attainment


def attainment_by_rep(played: Played) -> pd.DataFrame:
    """Sales of the year / quota: one row a replication, one column a rep; missing where there is no quota.

    Sales 450,000 on a quota of 500,000 → 0.9.
    """
    sales = (played.rep_years["order_revenue"] + played.rep_years["won_revenue"]).unstack() / 100
    sales.columns = sales.columns.astype(str)
    quota = played.goals.assign(rep=played.goals["rep"].astype(str)).pivot(
        index="replication", columns="rep", values="quota"
    )
    return sales / quota.where(quota > 0).reindex(index=sales.index, columns=sales.columns)


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
    return _year(played, "new_customers")


def retention(played: Played) -> pd.Series:
    """Of the customers before week 1, the share still customers after the last. 45 of 50 → 0.9."""
    years = played.account_years
    before = years[years["status_start"] == CUSTOMER]
    return (before["status"] == CUSTOMER).groupby(before["replication"]).mean().reindex(replications(played))


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


def _moved_share(played: Played, column: str) -> pd.Series:
    """Share of a column of accounts that lies on accounts which change rep; missing where all of it is 0."""
    years = played.account_years
    heavy = years[column].astype(float)
    account = pd.Categorical(years["account"])
    moved = changes_rep(played).reindex(account.categories.astype(str)).to_numpy()[account.codes]
    total = heavy.groupby(years["replication"]).sum()
    return heavy.where(moved, 0.0).groupby(years["replication"]).sum() / total.where(total != 0)


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
    "selling_cost": Metric("money", "lower", "pay, overhead and travel", selling_cost),
    "end_value": Metric("money", "higher", "margin expected of the 26 weeks after, without further calls", end_value),
    "coverage": Metric("share", "higher", "calls made / calls needed", coverage),
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
    "rep_changes": Metric(
        "changes an account", "lower", "changes of rep that an account lives through", moved_accounts
    ),
    "new_customers": Metric("accounts", "higher", "accounts that became customers", new_customers),
    "retention": Metric("share", "higher", "customers before week 1 who still are after the last", retention),
    "calls": Metric("calls", "none", "calls made", calls),
    "effort": Metric("times normal", "none", "mean effort of reps", effort),
    **_balance(),
}


def measures(played: Played) -> pd.DataFrame:
    """All of METRICS: one row a replication, one column a metric."""
    columns = {name: metric.measure(played) for name, metric in METRICS.items()}
    return pd.DataFrame(columns, index=replications(played)).astype(float)
