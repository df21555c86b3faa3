"""A played year as an export: the tables that a CRM would hold if the simulated business were a real one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from scenarios.build import Built
from scenarios.intake.schema import CALL, EMAIL, LOST, OPEN, TABLES, VISIT, WON
from sim.ledger import Ledger
from sim.world import WEEKS

WAYS = (VISIT, CALL, EMAIL)  # in the order of `scenarios.channels.WAYS`
EARLY = ("Qualification", "Needs analysis", "Proposal", "Quotation", "Negotiation", "Review", "Contract")
CLOSING = "Decision"
CLOSED = {WON: "Closed Won", LOST: "Closed Lost"}
STATUS = ("Prospect", "Customer", "Lapsed")
Frame = dict[str, list[Any]]


def stage_name(stage: int, stages: int) -> str:
    """What a stage is called; the last is where it is decided, and where those are that walk none.

    >>> [stage_name(stage, 3) for stage in range(4)]
    ['Qualification', 'Needs analysis', 'Decision', 'Decision']
    """
    return CLOSING if stage >= stages - 1 else EARLY[min(stage, len(EARLY) - 1)]


def tables(built: Built, ledger: Ledger, year: int) -> dict[str, pd.DataFrame]:
    """The canonical tables of one played year; week 0 begins on the first of January of ``year``.

    What a planner's CRM would not show is left out: true potential, ability, relationship, who would have bought.
    """
    first = (dt.date(year, 1, 1) - dt.date(1970, 1, 1)).days
    accounts, reps = built.market.accounts, built.team.reps
    account_ids, rep_ids = list(accounts["id"]), list(reps["id"])
    keys = accounts["key"].to_numpy()

    def day(week: int, account: int, ordinal: int = 0) -> int:
        """A working day of a week of the year."""
        return int(first + 7 * week + (keys[account] + ordinal) % 5)

    owner = [rep_ids[row] for row in built.plan.owner]
    assert ledger.year is not None
    state = ledger.year.state
    place = np.argsort(ledger.year.setting.rows)
    status = [STATUS[value] for value in state.status[place]]
    made = {
        "accounts": _accounts(accounts, owner, status),
        "reps": {name: list(reps[name][state.seat > 0]) for name in ("id", "name", "region", "latitude", "longitude")},
        "assignments": {
            "account": account_ids, "rep": owner, "since": [first] * len(owner), "until": [-1] * len(owner),
        },
        "opportunities": _opportunities(ledger, account_ids, rep_ids, list(accounts["product"]), day),
        "stages": _stages(ledger, account_ids, built.behaviour.stages, day),
        "activities": _activities(ledger, account_ids, rep_ids, built.plan.channels, day),
        "orders": _orders(ledger, account_ids, rep_ids, list(accounts["product"]), day),
        "quotas": _quotas(ledger, rep_ids, first),
        "products": {
            "id": list(built.market.products["name"]),
            "name": list(built.market.products["name"]),
            "price": list(built.market.products["price"].astype(float)),
        },
    }  # fmt: skip
    made["opportunities"]["stage"] = [
        CLOSED.get(outcome) or stage_name(stage, built.behaviour.stages)
        for outcome, stage in zip(made["opportunities"]["outcome"], made["opportunities"]["stage"], strict=True)
    ]
    return {name: _complete(name, table) for name, table in made.items() if next(iter(table.values()))}


def _complete(name: str, columns: Frame) -> pd.DataFrame:
    """A table with all its columns, blank where the year says nothing, sorted as an import sorts."""
    rows = len(next(iter(columns.values())))
    frame = {}
    for field in TABLES[name].fields:
        blank: Any = {"number": np.nan, "signed": np.nan, "date": -1}.get(field.kind, "")
        kind = {"number": "float64", "signed": "float64", "date": "int64"}.get(field.kind, "str")
        frame[field.name] = pd.Series(columns.get(field.name, [blank] * rows), dtype=kind)
    return pd.DataFrame(frame)


def _accounts(accounts: pd.DataFrame, owner: list[str], status: list[str]) -> Frame:
    named = {"name": "name", "industry": "industry", "region": "region", "city": "city", "latitude": "latitude"}
    named |= {"longitude": "longitude", "potential": "estimated_potential"}
    columns: Frame = {"id": list(accounts["id"]), "rep": owner, "status": status}
    return columns | {ours: list(accounts[theirs]) for ours, theirs in named.items()}


def _opportunities(
    ledger: Ledger, accounts: list[str], reps: list[str], products: list[str], day: Callable[..., int]
) -> Frame:
    deals = list(ledger.deals.values())
    outcome = [WON if deal.won else LOST if deal.closed >= 0 else OPEN for deal in deals]
    return {
        "id": [_deal_id(accounts, deal.account, deal.opened, deal.ordinal) for deal in deals],
        "account": [accounts[deal.account] for deal in deals],
        "rep": [reps[deal.rep] for deal in deals],
        "product": [products[deal.account] for deal in deals],
        "stage": [deal.stage for deal in deals],
        "outcome": outcome,
        "amount": [deal.cents / 100.0 for deal in deals],
        "created": [day(deal.opened, deal.account, deal.ordinal) for deal in deals],
        "closed": [day(deal.closed, deal.account, deal.ordinal) if deal.closed >= 0 else -1 for deal in deals],
        "reason": [deal.reason.replace("_", " ").capitalize() for deal in deals],
    }


def _deal_id(accounts: list[str], account: int, opened: int, ordinal: int) -> str:
    return f"{accounts[account]}-{opened + 10 * WEEKS:04d}-{ordinal}"


def _stages(ledger: Ledger, accounts: list[str], stages: int, day: Callable[..., int]) -> Frame:
    columns: Frame = {"opportunity": [], "stage": [], "entered": []}
    for deal in ledger.deals.values():
        steps = [(stage_name(stage, stages), week) for stage, week in deal.moves]
        if deal.opened >= 0:
            opened_in = deal.stage if deal.stage >= stages else 0
            steps = [(stage_name(opened_in, stages), deal.opened), *steps]
        if deal.closed >= 0:
            steps.append((CLOSED[WON if deal.won else LOST], deal.closed))
        for name, week in steps:
            columns["opportunity"].append(_deal_id(accounts, deal.account, deal.opened, deal.ordinal))
            columns["stage"].append(name)
            columns["entered"].append(day(week, deal.account, deal.ordinal))
    return columns


def _activities(ledger: Ledger, accounts: list[str], reps: list[str], channels: Any, day: Callable[..., int]) -> Frame:
    way = channels.of if channels is not None else np.zeros(len(accounts), dtype=np.int64)
    calls = ledger.calls
    return {
        "id": [f"{accounts[call.account]}-{call.week:02d}" for call in calls],
        "kind": [WAYS[way[call.account]] for call in calls],
        "date": [day(call.week, call.account) for call in calls],
        "account": [accounts[call.account] for call in calls],
        "rep": [reps[call.rep] for call in calls],
        "minutes": [float(round(60.0 * call.hours)) for call in calls],
    }


def _orders(
    ledger: Ledger, accounts: list[str], reps: list[str], products: list[str], day: Callable[..., int]
) -> Frame:
    orders = ledger.orders
    return {
        "id": [f"{accounts[order.account]}-{order.week:02d}-{order.ordinal}" for order in orders],
        "account": [accounts[order.account] for order in orders],
        "date": [day(order.week, order.account, order.ordinal) for order in orders],
        "amount": [order.cents / 100.0 for order in orders],
        "product": [products[order.account] for order in orders],
        "rep": [reps[order.rep] for order in orders],
    }


def _quotas(ledger: Ledger, reps: list[str], first: int) -> Frame:
    """Each rep's quota of the year, and its activity goal in calls a week, where there are any."""
    assert ledger.year is not None
    setting = ledger.year.setting
    rows = [(rep, float(goal), "revenue") for rep, goal in zip(reps, setting.quota, strict=True) if goal > 0.0]
    rows += [(rep, float(goal), "calls a week") for rep, goal in zip(reps, setting.activity, strict=True) if goal > 0.0]
    return {
        "rep": [rep for rep, _, _ in rows],
        "since": [first] * len(rows),
        "until": [first + 7 * WEEKS - 1] * len(rows),
        "amount": [goal for _, goal, _ in rows],
        "measure": [measure for _, _, measure in rows],
    }
