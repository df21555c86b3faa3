"""The unit of planning: an account at one sales office, or an account's business in one product."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from scenarios.crm.export import Export
from scenarios.problems import InputError, nearest
from sim.world import Ints

UNITS = {"account_office": "office", "account_product": "product"}


class Serving(NamedTuple):
    """How well one agent stands for a unit's history."""

    agents: float  # mean number of agents with a decided opportunity in a unit
    revenue: float  # share of won revenue that the units' main agents won
    deals: float  # share of won opportunities that they won
    reps: int  # agents who are the main one of at least one unit
    open_only: int  # units with open opportunities and nothing decided: left out


def history(export: Export) -> pd.DataFrame:
    """Decided opportunities that name account and product: all that accounts' sales are learnt from."""
    decided = export.decided
    return decided[(decided["account"] != "") & (decided["product"] != "")]


def units(export: Export, unit: str) -> tuple[pd.DataFrame, Serving]:
    """One row a unit with a decided opportunity, in rising order of key, and how well one agent stands for each.

    Columns: id, key, account, office, industry, product, current_rep, deals, wins, won (money). Office and product
    are those with most won revenue, where they are not the unit itself; current_rep is the agent with most won
    revenue there (ties: most opportunities, then name). Raises InputError where ``unit`` is none of UNITS.
    """
    if unit not in UNITS:
        raise InputError([f"market.unit: there is no unit '{unit}'; {nearest(unit, UNITS)}"])
    by = ["account", UNITS[unit]]
    deals = history(export)
    deals = deals.assign(
        won=deals["close_value"].where(deals["deal_stage"] == "Won", 0.0), wins=deals["deal_stage"] == "Won"
    )
    table = deals.groupby(by).agg(
        deals=("won", "size"), wins=("wins", "sum"), won=("won", "sum"), industry=("sector", "first")
    )
    agent = leader(deals, by, "sales_agent")
    table["current_rep"] = agent["sales_agent"]
    for column in ("office", "product"):
        if column not in by:
            table[column] = leader(deals, by, column)[column]
    serving = Serving(
        agents=float(deals.groupby(by)["sales_agent"].nunique().mean()),
        revenue=float(agent["won"].sum() / table["won"].sum()),
        deals=float(agent["wins"].sum() / table["wins"].sum()),
        reps=int(agent["sales_agent"].nunique()),
        open_only=_open_only(export, by, table.index),
    )
    table = table.reset_index()
    table["id"] = table["account"] + " / " + table[UNITS[unit]]
    table["key"] = keys(table["id"])
    return table.sort_values("key").reset_index(drop=True), serving


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
