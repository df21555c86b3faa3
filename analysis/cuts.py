"""The same year cut by rep, by segment and by week: what the sums of `analysis.metrics` are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from analysis.metrics import attainment_by_rep, cost_an_hour
from analysis.store import Played

MISMATCH = 0.05  # a gap of five points between share of hours and share of potential is worth saying
QUARTERS = ("top quarter", "second quarter", "third quarter", "lowest quarter")


def each(frame: pd.DataFrame) -> Iterable[Any]:
    """The rows of a frame, one by one, their columns as attributes."""
    return frame.itertuples(index=False)


def names(played: Played) -> dict[str, str]:
    """What people call each rep, by id."""
    return dict(zip(played.reps["id"].astype(str), played.reps["name"].astype(str), strict=True))


def sales_by_rep(played: Played) -> pd.DataFrame:
    """Revenue of the year in money: one row a replication, one column a rep."""
    return _by_rep(played, ["order_revenue", "won_revenue"])


def pay_by_rep(played: Played) -> pd.DataFrame:
    """Pay of the year in money: one row a replication, one column a rep."""
    return _by_rep(played, ["pay"])


def _by_rep(played: Played, columns: list[str]) -> pd.DataFrame:
    weeks = played.rep_weeks
    table = (
        weeks[columns].sum(axis=1).groupby([weeks["replication"], weeks["rep"]], observed=False).sum().unstack() / 100
    )
    table.columns = table.columns.astype(str)
    return table


def reps(played: Played) -> pd.DataFrame:
    """One row a rep (index: id): name, accounts, hours_needed, and typical (median) sales, pay, attainment."""
    accounts = played.accounts
    ids = played.reps["id"].astype(str)
    book = accounts.groupby(accounts["rep"].astype(str)).agg(
        accounts=("id", "size"), hours_needed=("hours_needed", "sum"), potential=("potential", "sum")
    )
    frame = book.reindex(ids, fill_value=0)
    frame.insert(0, "name", played.reps["name"].astype(str).to_numpy())
    return frame.assign(
        sales=sales_by_rep(played).median(),
        pay=pay_by_rep(played).median(),
        attainment=attainment_by_rep(played).median(),
    ).rename_axis("rep")


def quarter_of_potential(accounts: pd.DataFrame) -> pd.Series:
    """The quarter by potential that each account belongs to; ties go by its key, so that no row order matters."""
    order = np.lexsort((accounts["key"].to_numpy(), -accounts["potential"].to_numpy()))
    rank = np.empty(len(accounts), dtype=np.int64)
    rank[order] = np.arange(len(accounts))
    return pd.Series(np.asarray(QUARTERS)[rank * len(QUARTERS) // max(len(accounts), 1)], index=accounts.index)


def segments(played: Played, by: str) -> pd.DataFrame:
    """Effort against potential by ``quarter`` of potential or a column of accounts (industry, region, product).

    One row a segment: accounts, potential_share, hours_share, revenue_share, hours (a year) and return_an_hour
    (gross margin / hour), over all replications together. Return is missing where no hour was spent.
    """
    accounts = played.accounts
    segment = quarter_of_potential(accounts) if by == "quarter" else accounts[by].astype(str)
    years = played.account_years
    a_account = (
        pd.DataFrame(
            {
                "hours": years["hours"],
                "revenue": (years["order_revenue"] + years["won_revenue"]) / 100,
            }
        )
        .groupby(years["account"], observed=True)
        .sum()
        / years["replication"].nunique()
    )
    a_account.index = a_account.index.astype(str)
    a_account = a_account.reindex(accounts["id"].astype(str), fill_value=0.0).reset_index(drop=True)
    a_account["margin"] = a_account["revenue"] * accounts["margin"].to_numpy()
    a_account["potential"] = accounts["potential"].to_numpy()
    a_account["accounts"] = 1
    table = a_account.groupby(segment.to_numpy()).sum()
    shares = table[["potential", "hours", "revenue"]] / table[["potential", "hours", "revenue"]].sum()
    result = pd.DataFrame(
        {
            "accounts": table["accounts"],
            "potential_share": shares["potential"],
            "hours_share": shares["hours"],
            "revenue_share": shares["revenue"],
            "hours": table["hours"],
            "return_an_hour": table["margin"] / table["hours"].where(table["hours"] > 0),
        }
    ).rename_axis("segment")
    if by == "quarter":
        return result.reindex([quarter for quarter in QUARTERS if quarter in result.index])
    return result.sort_values(["potential_share"], ascending=False, kind="stable")


def contribution_by_week(played: Played) -> pd.DataFrame:
    """Contribution so far in money: one row a week, one column a replication; overhead is spread over the weeks."""
    weeks = played.rep_weeks
    on_road = weeks["travel_hours"] * weeks["rep"].astype(str).map(cost_an_hour(played)).astype(float)
    money = ((weeks["margin"] - weeks["pay"]) / 100 - on_road).groupby([weeks["week"], weeks["replication"]]).sum()
    table = money.unstack().sort_index()
    return table.sub(float(played.reps["overhead"].sum()) / len(table)).cumsum()
