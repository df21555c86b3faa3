"""The unit of planning: an account at one sales office, or an account's business in one product."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from scenarios.crm.export import Export
from scenarios.crm.serving import matched
from scenarios.crm.timing import span
from scenarios.intake.schema import WON
from scenarios.market import Finding
from scenarios.problems import InputError, nearest
from sim.world import Ints

UNITS = {"account_office": "office", "account_product": "product"}
SOLD = ("account", "office", "product", "industry", "rep", "won", "wins")


class Serving(NamedTuple):
    """How well one rep stands for a unit's history."""

    agents: float  # mean number of reps with a decided opportunity in a unit
    revenue: float  # share of won revenue that the units' reps of today won
    deals: float  # share of won opportunities that they won
    reps: int  # reps who have at least one unit
    owned: float  # share of units whose owner the export names
    ordered_only: int  # units with orders and nothing decided
    open_only: int  # units with open opportunities and neither: left out


def history(export: Export) -> pd.DataFrame:
    """Decided opportunities that name account and product: all that accounts' sales are learnt from."""
    decided = export.decided
    return decided[(decided["account"] != "") & (decided["product"] != "")]


def units(export: Export, unit: str) -> tuple[pd.DataFrame, Serving]:
    """One row a unit with a decided opportunity, in rising order of key, and how well one rep stands for each.

    An account that only places orders is a unit, too. Columns: id, name, key, account, office, industry, product,
    current_rep, deals, wins, won (money). Office and product are those with most revenue, where they are not the unit
    itself; current_rep is the owner that the export names, else who sold most there, such that all reps have about what
    they sold (`serving.matched`). Raises InputError where ``unit`` is none of UNITS.
    """
    if unit not in UNITS:
        raise InputError([f"market.unit: there is no unit '{unit}'; {nearest(unit, UNITS)}"])
    by = ["account", UNITS[unit]]
    deals = history(export)
    deals = deals.assign(won=deals["amount"].where(deals["outcome"] == WON, 0.0), wins=deals["outcome"] == WON)
    sold = pd.concat([deals[list(SOLD)], _only_ordered(export, deals, UNITS[unit])], ignore_index=True)
    table = sold.groupby(by).agg(industry=("industry", "first"))
    own = deals.groupby(by).agg(deals=("won", "size"), wins=("wins", "sum"), won=("won", "sum"))
    table = table.join(own).fillna({"deals": 0, "wins": 0, "won": 0.0}).astype({"deals": "int64", "wins": "int64"})
    owner = table.index.get_level_values("account").map(owners(export, set(deals["rep"])))
    table["current_rep"] = _whose(sold, by, table.index, pd.Series(owner, index=table.index, dtype="str"))
    theirs = deals.merge(table[["current_rep"]], left_on=by, right_index=True)
    theirs = theirs[theirs["rep"] == theirs["current_rep"]]
    for column in ("office", "product"):
        if column not in by:
            table[column] = leader(sold, by, column)[column]
    serving = Serving(
        agents=float(deals.groupby(by)["rep"].nunique().mean()),
        revenue=float(theirs["won"].sum() / table["won"].sum()),
        deals=float(theirs["wins"].sum() / table["wins"].sum()),
        reps=int(table["current_rep"].nunique()),
        owned=float(pd.notna(owner).mean()),
        ordered_only=int((table["deals"] == 0).sum()),
        open_only=_open_only(export, by, table.index),
    )
    table = table.reset_index()
    table["id"] = table["account"] + " / " + table[UNITS[unit]]
    names = export.accounts.set_index("id")["name"]
    account = table["account"].map(names.where(names != "")).fillna(table["account"])
    table["name"] = account.astype("str") + " / " + table[UNITS[unit]]
    table["key"] = keys(table["id"])
    return table.sort_values("key").reset_index(drop=True), serving


def left_out(export: Export, table: pd.DataFrame) -> tuple[Finding, ...]:
    """Orders of accounts that are no unit of ``table``, and those outside the days covered, with their money."""
    orders = export.data.table("orders")
    if not len(orders):
        return ()
    file, within = export.data.file("orders"), span(export.decided).holds(orders["date"])
    strange = within & ~orders["account"].isin(table["account"])
    found = []
    for rows, what in (
        (strange, "orders of accounts that are not played: without a won or lost opportunity, and no product or rep"),
        (~within, "orders outside the days that the opportunities cover"),
    ):
        if rows.any():
            found.append(Finding(file, what, int(rows.sum()), f"left out: {orders.loc[rows, 'amount'].sum():,.0f}"))
    return tuple(found)


def _only_ordered(export: Export, deals: pd.DataFrame, column: str) -> pd.DataFrame:
    """Orders of accounts without a decided opportunity, as rows of SOLD: nothing of them is an opportunity's.

    Of who placed them in the days covered, with the rep who sold or else has the account, whose office they count to.
    Where units are products, an order that names none is of no unit (`left_out` counts it).
    """
    orders = export.data.table("orders")
    if not len(orders):
        return deals.loc[[], list(SOLD)]
    orders = orders[span(export.decided).holds(orders["date"])]
    known = export.accounts.set_index("id")["industry"]
    team = deals.drop_duplicates("rep").set_index("rep")["office"]
    theirs = orders["account"].map(owners(export, set(team.index)))
    orders = orders.assign(rep=orders["rep"].where(orders["rep"].isin(team.index), theirs))
    alone = ~orders["account"].isin(deals["account"]) & orders["account"].isin(known.index)
    alone &= orders["rep"].notna() & (orders[column] != "" if column == "product" else True)
    orders = orders[alone]
    return orders.assign(
        office=orders["rep"].map(team), industry=orders["account"].map(known), won=orders["amount"].astype(float),
        wins=False,
    )[list(SOLD)]  # fmt: skip


def _whose(deals: pd.DataFrame, by: list[str], units: pd.Index, owner: pd.Series) -> np.ndarray:
    """Today's rep of each unit: its ``owner`` where one is known, else by `serving.matched`.

    An opportunity counts a little beside its value, for units in which nothing was won.
    """
    little = 1e-6 * float(deals["won"].mean()) + 1e-9
    counted = deals.assign(won=deals["won"] + little).groupby([*by, "rep"])["won"].sum().unstack("rep").fillna(0.0)
    counted = counted.reindex(units)
    reps = np.array(counted.columns, dtype=object)
    fixed = pd.Index(reps).get_indexer(pd.Index(owner.fillna("")))
    return np.asarray(reps[matched(counted.to_numpy(np.float64), fixed.astype(np.int64))])


def owners(export: Export, team: set[str]) -> dict[str, str]:
    """Whose each account is today, as far as the export says and that rep has sold.

    Its owner, else the rep it is assigned to, else the one rep of its territory.
    """
    accounts, reps, given = export.accounts, export.reps, export.data.table("assignments")
    seats = reps[reps["territory"] != ""].drop_duplicates("territory", keep=False).set_index("territory")["id"]
    now = given[given["until"].astype("int64") < 0] if len(given) else given
    now = now.assign(rep=now["rep"].where(now["rep"] != "", now["territory"].map(seats)))
    assigned = now.dropna(subset=["rep"]).drop_duplicates("account", keep="last").set_index("account")["rep"]
    found = accounts["rep"].where(accounts["rep"] != "", accounts["id"].map(assigned))
    found = found.where(found.notna() & (found != ""), accounts["territory"].map(seats))
    return {account: rep for account, rep in zip(accounts["id"], found, strict=True) if rep in team}


def leader(deals: pd.DataFrame, by: list[str], column: str) -> pd.DataFrame:
    """Of each unit the ``column`` with most won revenue (ties: most opportunities, then name), its won and wins."""
    sums = (
        deals.groupby([*by, column]).agg(won=("won", "sum"), wins=("wins", "sum"), size=("won", "size")).reset_index()
    )
    best = sums.sort_values(["won", "size", column], ascending=[False, False, True]).drop_duplicates(by)
    return best.set_index(by).sort_index()


def keys(names: Iterable[str]) -> Ints:
    """A permanent number below 2**31 for each name: a hash of the name alone, the next free number where two agree.

    >>> keys(["b", "a"]).tolist() == keys(["a", "b"]).tolist()[::-1]
    True
    """
    listed = list(names)
    taken: dict[str, int] = {}
    used: set[int] = set()
    for name in sorted(listed):
        key = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest(), "big") >> 1
        while key in used:
            key = (key + 1) % 2**31
        used.add(key)
        taken[name] = key
    return np.array([taken[name] for name in listed], dtype=np.int64)


def _open_only(export: Export, by: list[str], known: pd.Index) -> int:
    named = export.deals[(export.deals[by] != "").all(axis=1)]
    return len(set(zip(*(named[column] for column in by), strict=True)) - set(known))
