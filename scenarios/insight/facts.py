"""What happened, row by row, with everything it can be cut by: decided opportunities, sales, contacts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from scenarios.crm.timing import Span, span
from scenarios.intake.data import Data
from scenarios.intake.schema import OPEN, WON
from scenarios.intake.values import UNKNOWN
from scenarios.problems import InputError

SIZES = ("small", "medium", "large")
LARGE, MEDIUM = 0.1, 0.4  # the tenth with most revenue is large, the next three tenths are medium
CUTS = ("industry", "region", "product", "size")
ORDER = "order"


@dataclass(frozen=True)
class Facts:
    """Three tables over the days of ``covered``, each with the columns of CUTS, the account and the rep.

    ``decided``: opportunities won or lost, with won, amount, closed, days (NaN where unknown), reason, competitor.
    ``sales``: what was won and ordered, with amount, day and margin (NaN where costs are unknown). ``contacts``:
    visits, calls and e-mails, with kind, day and hours. ``accounts`` has one row each, with its size.
    """

    covered: Span
    accounts: pd.DataFrame
    decided: pd.DataFrame
    sales: pd.DataFrame
    contacts: pd.DataFrame
    sized_by: str  # revenue, employees, or "" where neither is known


def each(table: pd.DataFrame) -> list[Any]:
    """The rows of a table, each with its columns as names."""
    return list(table.itertuples(index=False))


def facts(data: Data) -> Facts:
    """Brings opportunities, orders and activities beside what is known of accounts, reps and products.

    Raises InputError where nothing was won or lost.
    """
    deals = data.table("opportunities")
    closed = deals[deals["outcome"] != OPEN] if len(deals) else deals
    if closed.empty:
        raise InputError([f"{data.file('opportunities')}: no opportunity was won or lost; there is no market to see"])
    covered = span(closed)
    accounts, sized_by = _sized(data.table("accounts"))
    margin = _margins(data)
    decided = _cut(closed[covered.holds(closed["closed"])], accounts, data).assign(
        won=lambda rows: rows["outcome"] == WON,
        days=lambda rows: (rows["closed"] - rows["created"]).where(rows["created"] >= 0).astype(float),
    )
    return Facts(
        covered=covered,
        accounts=accounts,
        decided=decided.reset_index(drop=True),
        sales=_sales(decided, data, accounts, covered, margin),
        contacts=_contacts(data, accounts, covered),
        sized_by=sized_by,
    )


def _sized(accounts: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Accounts with their size, by revenue, or employees where too few tell their revenue."""
    column = next((name for name in ("revenue", "employees") if accounts[name].notna().mean() >= 0.5), "")
    if not column:
        return accounts.assign(size=UNKNOWN), ""
    rank = accounts[column].rank(pct=True, method="first")
    size = np.select([rank > 1.0 - LARGE, rank > 1.0 - MEDIUM, rank > 0.0], SIZES[::-1], UNKNOWN)
    return accounts.assign(size=pd.Series(size, index=accounts.index, dtype="str")), column


def _margins(data: Data) -> pd.Series:
    """Share of the price that each product leaves, by product; empty where no product's cost is known."""
    products = data.table("products")
    if not len(products) or not products["cost"].notna().any():
        return pd.Series(dtype=float)
    priced = products[(products["price"] > 0) & products["cost"].notna()]
    return pd.Series(1.0 - (priced["cost"] / priced["price"]).to_numpy(), index=priced["id"])


def _cut(rows: pd.DataFrame, accounts: pd.DataFrame, data: Data) -> pd.DataFrame:
    """Rows with the industry, region and size of their account; a region is the account's, else its rep's."""
    known = accounts.set_index("id")
    office = data.table("reps").set_index("id")["region"] if len(data.table("reps")) else pd.Series(dtype="str")
    own = rows["account"].map(known["region"])
    region = own.where(own.notna() & (own != ""), rows["rep"].map(office))
    return rows.assign(
        industry=rows["account"].map(known["industry"]).fillna("").astype("str"),
        region=region.fillna("").astype("str"),
        size=rows["account"].map(known["size"]).fillna("").astype("str"),
    )


def _sales(decided: pd.DataFrame, data: Data, accounts: pd.DataFrame, covered: Span, margin: pd.Series) -> pd.DataFrame:
    columns = ["account", "rep", "product", "amount", "day", *CUTS[:2], "size"]
    won = decided[decided["won"]].rename(columns={"closed": "day"})[columns]
    orders = data.table("orders")
    if len(orders):
        held = orders[covered.holds(orders["date"])].rename(columns={"date": "day"})
        won = pd.concat([won, _cut(held, accounts, data)[columns]], ignore_index=True)
    share = won["product"].map(margin) if len(margin) else pd.Series(np.nan, index=won.index)
    return won.assign(margin=won["amount"] * share.astype(float)).reset_index(drop=True)


def _contacts(data: Data, accounts: pd.DataFrame, covered: Span) -> pd.DataFrame:
    rows = data.table("activities")
    if not len(rows):
        return pd.DataFrame(
            {name: [] for name in ("account", "rep", "kind", "day", "hours", "industry", "region", "size")}
        )
    held = rows[covered.holds(rows["date"])].rename(columns={"date": "day"})
    made = _cut(held, accounts, data).assign(hours=held["minutes"] / 60.0)
    return made[["account", "rep", "kind", "day", "hours", "industry", "region", "size"]].reset_index(drop=True)
