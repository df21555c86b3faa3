"""Key customers, how much hangs on them, and who buys steadily."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from scenarios.crm.timing import months
from scenarios.insight.facts import Facts

STEADY = 2 / 3  # of the covered months with a sale


class Concentration(NamedTuple):
    """How much of the revenue hangs on few: shares of the first 1, 5 and 10 customers, and how many make up a half."""

    first: float
    five: float
    ten: float
    half: int


def customers(facts: Facts) -> pd.DataFrame:
    """One row an account that bought, most revenue first.

    Columns: account, name, industry, region, size, rep (who sold most there), revenue a year, share and running share
    of all, sales, months (share of the covered months with a sale), steady.
    """
    sales = facts.sales[facts.sales["account"] != ""]
    month = months(sales["day"])
    table = sales.assign(month=month).groupby("account").agg(
        industry=("industry", "first"), region=("region", "first"), size=("size", "first"),
        revenue=("amount", "sum"), sales=("amount", "size"), months=("month", "nunique"),
    )  # fmt: skip
    by_rep = sales.groupby(["account", "rep"])["amount"].sum().reset_index()
    best = by_rep.sort_values(["amount", "rep"], ascending=[False, True]).drop_duplicates("account")
    table["rep"] = best.set_index("account")["rep"]
    table["share"] = table["revenue"] / table["revenue"].sum()
    table["revenue"] /= facts.covered.years
    table["months"] /= facts.covered.months
    table["steady"] = table["months"] >= STEADY
    names = facts.accounts.set_index("id")["name"]
    table.insert(0, "name", names.where(names != "").reindex(table.index).fillna(pd.Series(table.index, table.index)))
    table = table.reset_index().sort_values(["revenue", "account"], ascending=[False, True]).reset_index(drop=True)
    table["running"] = table["share"].cumsum()
    return table


def concentration(table: pd.DataFrame) -> Concentration:
    """How much hangs on the first customers of `customers`.

    >>> concentration(pd.DataFrame({"share": [0.4, 0.3, 0.2, 0.1]}))
    Concentration(first=0.4, five=1.0, ten=1.0, half=2)
    """
    share = table["share"].to_numpy(float)
    running = np.cumsum(share)
    first, five, ten = (round(float(share[:k].sum()), 12) for k in (1, 5, 10))
    return Concentration(first, five, ten, int(np.searchsorted(running, 0.5 - 1e-12) + 1))
