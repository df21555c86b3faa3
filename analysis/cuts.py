"""The same year cut by rep, by segment and by week: what the sums of `analysis.metrics` are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from analysis.costs import cost_an_hour, fixed_by_week, hiring_by_week, reviews_by_week
from analysis.metrics import attainment_by_rep
from analysis.played import Played

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
    return played.by_rep("order_revenue", "won_revenue") / 100


def pay_by_rep(played: Played) -> pd.DataFrame:
    """Pay of the year in money: one row a replication, one column a rep."""
    return played.by_rep("pay") / 100


def reps(played: Played) -> pd.DataFrame:
    """One row a rep of today's team (index: id): name, accounts, hours_needed, median sales, pay and attainment."""
    accounts = played.accounts
    team = played.reps[~played.reps["planned"]]
    ids = team["id"].astype(str)
    book = accounts.groupby(accounts["rep"].astype(str)).agg(
        accounts=("id", "size"), hours_needed=("hours_needed", "sum"), potential=("potential", "sum")
    )
    frame = book.reindex(ids, fill_value=0)
    frame.insert(0, "name", team["name"].astype(str).to_numpy())
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
    revenue = played.account_years("order_revenue") + played.account_years("won_revenue")
    a_account = pd.DataFrame(
        {
            "hours": played.account_years("hours").mean(axis=0),
            "revenue": revenue.mean(axis=0) / 100,
            "potential": accounts["potential"].to_numpy(),
            "accounts": 1,
        }
    )
    a_account["margin"] = a_account["revenue"] * accounts["margin"].to_numpy()
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


def contribution_by_week(played: Played, margin: str = "margin") -> pd.DataFrame:
    """Contribution so far in money: one row a week, one column a replication; overhead and tools are spread
    over the weeks.

    ``margin`` = "fluid_margin" counts sales as they were to be expected, free of the luck of single ones.
    """
    on_road = (played.weeks("travel_hours") * cost_an_hour(played).to_numpy()).sum(axis=2)
    money = (played.weeks(margin) - played.weeks("pay")).sum(axis=2) / 100 - on_road
    money -= reviews_by_week(played) + hiring_by_week(played)
    weeks = money.shape[1]
    table = pd.DataFrame(money.T, pd.RangeIndex(1, weeks + 1, name="week"), played.replications)
    return table.sub(fixed_by_week(played).T).cumsum()


def break_even(frame: pd.DataFrame) -> int | None:
    """The first week from which the typical year stays ahead to the end; None where it ends behind.

    Typical −5, −2, +1, +4 → week 3; 1 means ahead from the first week.
    """
    behind = frame.index[(frame.median(axis=1) <= 0).to_numpy()]
    if len(behind) == 0:
        return int(frame.index[0])
    return None if behind[-1] == frame.index[-1] else int(behind[-1]) + 1
