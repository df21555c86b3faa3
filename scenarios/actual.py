"""This year's records of a CRM as the plan's weeks: what happened at each account of the plan, week by week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from scenarios.in_plan import InPlan, plain
from scenarios.intake.data import Data
from scenarios.intake.schema import LOST, OPEN, WON
from scenarios.problems import InputError
from sim.world import WEEKS

FEWEST = 4  # whole weeks that can be tracked
LATE = 14  # days into the year after which a first record says that nothing was recorded before
DATED = (("opportunities", "created"), ("opportunities", "closed"), ("activities", "date"), ("orders", "date"))
EPOCH = dt.date(1970, 1, 1)
WEEKEND = dt.timedelta(days=2)  # after the last record, so that a week whose last record is of its fifth day is whole
QUIET = dt.timedelta(days=6)  # after the last record, in which nothing may have happened


@dataclass(frozen=True)
class Actual:
    """What is on record of a plan's year up to a day.

    ``weeks`` has columns of `sim.record.ACCOUNT_WEEK` (52, n) by week and account of the plan, money in cents;
    ``first`` (from 0) and ``week`` are the weeks between which everything is recorded. ``deals``: the opportunities
    that are open on the day, with the account's row; ``aside``: table, record, reason of what is counted nowhere;
    ``others``: part of the sales that reps of the plan made at accounts that are not theirs in it, or strangers.
    ``recorded`` names which of calls, opportunities and orders are there.
    """

    begins: dt.date
    day: dt.date
    first: int
    week: int
    weeks: dict[str, np.ndarray]
    deals: pd.DataFrame
    aside: pd.DataFrame
    others: float
    recorded: tuple[str, ...]
    quota: pd.Series  # by rep of the plan; money a year
    activity: pd.Series  # by rep of the plan; calls a week
    left: pd.Series  # by rep of the plan: the week (from 0) in which it left
    notes: tuple[str, ...]


def actual(
    data: Data, accounts: pd.DataFrame, reps: pd.DataFrame, begins: dt.date | None, day: dt.date | None,
    week: int | None,
) -> Actual:  # fmt: skip
    """This year's records up to ``day``, or the end of ``week``, or the last record; the year begins on ``begins``.

    ``accounts`` and ``reps`` are the plan's. Raises InputError with everything that keeps the year from being tracked.
    """
    last = _last_day(data)
    if begins is None:
        begins = dt.date((day or last).year, 1, 1)
    if day is None:
        day = begins + dt.timedelta(days=7 * week - 1) if week else last + WEEKEND
    start, end = (begins - EPOCH).days, (day - EPOCH).days
    if last < begins:
        raise InputError([f"the last record is of {last}, before the year began, {begins}; year_starts says when"])
    if day < begins:
        raise InputError([f"as_of={day}: that is before the year began, {begins}; year_starts=DATE says when it did"])
    known_until = min(end, (last + QUIET - EPOCH).days)
    whole = min(WEEKS, (known_until + 1 - start) // 7)
    if week and whole < week:
        raise InputError([f"week={week}: the last record is of {last}, in week {whole + 1} of the year from {begins}"])
    match = InPlan(data, accounts, reps)
    deals, orders, calls = _in_plan(match, data, start)
    first = _first_week(data, start)
    if whole - first < FEWEST:
        since = f", and nothing was recorded before week {first + 1}" if first else ""
        raise InputError(
            [f"only {max(0, whole - first)} whole weeks are on record by {day}{since}; {FEWEST} are needed"]
        )
    match.stop_if_nothing(len(deals) + len(orders) + len(calls))
    stop = start + 7 * whole
    weeks = _weeks(deals, orders, calls, start, stop, len(accounts))
    quota, activity = _goals(data, match, start)
    return Actual(
        begins, day, first, whole, weeks, _open_deals(deals, stop, accounts), match.aside(),
        _by_others(deals, orders, accounts, reps, start, stop),
        tuple(name for name, rows in (("calls", calls), ("opportunities", deals), ("orders", orders)) if len(rows)),
        quota, activity, _left(data, match, start, stop), match.notes(),
    )  # fmt: skip


def _last_day(data: Data) -> dt.date:
    """The day of the last record. Raises InputError where none has a date."""
    days = [data.table(table)[column].astype("int64").max() for table, column in DATED if len(data.table(table))]
    if not days or max(days) < 0:
        undated = "no opportunity, order or activity has a date, so no week can be tracked"
        raise InputError([f"{undated}; territory import FOLDER says how each column was read"])
    return EPOCH + dt.timedelta(days=int(max(days)))


def _first_week(data: Data, start: int) -> int:
    """The first week of which all is recorded: the year's first, unless the first closing, order or call is late."""
    days = [data.table(t)[c].astype("int64") for t, c in DATED[1:] if len(data.table(t))]
    seen = [int(day[day >= 0].min()) for day in days if (day >= 0).any()]
    first = min(seen, default=start)
    return 0 if first < start + LATE else -((start - first) // 7)


def _in_plan(match: InPlan, data: Data, start: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Opportunities that were open in the year, orders and activities of it, each with the account's row."""
    deals = data.table("opportunities")
    if len(deals):
        deals = deals[(deals["outcome"] == OPEN) | (deals["closed"].astype("int64") >= start)]
    orders, calls = data.table("orders"), data.table("activities")
    orders = orders[orders["date"].astype("int64") >= start] if len(orders) else orders
    calls = calls[calls["date"].astype("int64") >= start] if len(calls) else calls
    return (
        match.rows("opportunities", deals, "id"),
        match.rows("orders", orders, "id"),
        match.rows("activities", calls, "id"),
    )


def _weeks(
    deals: pd.DataFrame, orders: pd.DataFrame, calls: pd.DataFrame, start: int, stop: int, count: int
) -> dict[str, np.ndarray]:
    """Columns (52, n) of what happened from day ``start`` to before ``stop``."""

    def counted(rows: pd.DataFrame, day: str, amount: str = "") -> np.ndarray:
        made = np.zeros((WEEKS, count))
        if len(rows):
            days = rows[day].astype("int64").to_numpy()
            held = (days >= start) & (days < stop)
            worth = rows[amount].fillna(0.0).to_numpy(np.float64)[held] * 100.0 if amount else 1.0
            at = np.minimum((days[held] - start) // 7, WEEKS - 1)
            np.add.at(made, (at, rows["row"].to_numpy()[held]), worth)
        return made

    def outcome(word: str) -> pd.DataFrame:
        return deals[deals["outcome"] == word] if len(deals) else deals

    opened, won, lost = (counted(rows, day) for rows, day in (
        (deals, "created"), (outcome(WON), "closed"), (outcome(LOST), "closed"),
    ))  # fmt: skip
    return {
        "called": np.minimum(counted(calls, "date"), 1.0),  # an account is called at most once a week in the plan
        "opened": opened,
        "won": won,
        "lost": lost,
        "won_revenue": counted(outcome(WON), "closed", "amount"),
        "order_revenue": counted(orders, "date", "amount"),
        "open": np.maximum(_open_before(deals, start, count) + (opened - won - lost).cumsum(axis=0), 0.0),
    }


def _open_before(deals: pd.DataFrame, start: int, count: int) -> np.ndarray:
    """Opportunities of each account that were open when the year began; one without a first day is taken as such."""
    if deals.empty:
        return np.zeros(count)
    before = deals["created"].astype("int64").to_numpy() < start
    return np.bincount(deals["row"].to_numpy()[before], minlength=count).astype(np.float64)


def _open_deals(deals: pd.DataFrame, stop: int, accounts: pd.DataFrame) -> pd.DataFrame:
    """Opportunities that are open on the day: id, row, stage, amount, weeks (open, NaN where unknown)."""
    if deals.empty:
        return pd.DataFrame({"id": [], "row": [], "stage": [], "amount": [], "weeks": []})
    created, closed = deals["created"].astype("int64"), deals["closed"].astype("int64")
    there = (created < stop) & ((closed < 0) | (closed >= stop) | (deals["outcome"] == OPEN))
    kept = deals[there]
    age = ((stop - kept["created"].astype("int64")) / 7.0).where(kept["created"].astype("int64") >= 0)
    return pd.DataFrame(
        {"id": kept["id"].astype(str), "row": kept["row"], "stage": kept["stage"].astype(str),
         "amount": kept["amount"].astype(float), "weeks": age}
    ).reset_index(drop=True)  # fmt: skip


def _by_others(
    deals: pd.DataFrame, orders: pd.DataFrame, accounts: pd.DataFrame, reps: pd.DataFrame, start: int, stop: int
) -> float:
    """Part of the year's sales that somebody else made than the account's rep in the plan; 0 where no one is named."""
    owner = accounts["rep"].astype(str).to_numpy()
    names = dict(zip(reps["id"].astype(str), reps["name"].astype(str), strict=True))
    total = other = 0.0
    for rows, day in ((deals[deals["outcome"] == WON] if len(deals) else deals, "closed"), (orders, "date")):
        if len(rows):
            days = rows[day].astype("int64")
            held = rows[(days >= start) & (days < stop) & (rows["rep"].astype(str) != "")]
            mine = owner[held["row"].to_numpy()]
            said = held["rep"].astype(str).map(plain).to_numpy()
            own = np.array([plain(word) for word in mine]), np.array([plain(names.get(word, "")) for word in mine])
            amount = held["amount"].fillna(0.0).to_numpy(np.float64)
            total += amount.sum()
            other += amount[(said != own[0]) & (said != own[1])].sum() if len(held) else 0.0
    return float(other / total) if total else 0.0


def _goals(data: Data, match: InPlan, start: int) -> tuple[pd.Series, pd.Series]:
    """Quotas of the year and calls a week that the records name, by rep of the plan."""
    quota: dict[str, float] = {}
    activity: dict[str, float] = {}
    for rep, since, amount, measure in _quota_rows(data):
        mine = match.rep(rep)
        if not mine or not start <= since < start + 7 * WEEKS:
            continue
        if "call" in measure:
            activity[mine] = amount
        elif measure in ("", "revenue"):
            quota[mine] = quota.get(mine, 0.0) + amount
    return pd.Series(quota, dtype=float), pd.Series(activity, dtype=float)


def _quota_rows(data: Data) -> Iterator[tuple[str, int, float, str]]:
    table = data.table("quotas")
    for row in table.to_dict("records") if len(table) else ():
        yield str(row["rep"]), int(row["since"]), float(row["amount"]), str(row["measure"]).casefold()


def _left(data: Data, match: InPlan, start: int, stop: int) -> pd.Series:
    """The week in which each rep left whom the records say to have left this year."""
    people: Any = data.table("reps")
    found = {}
    if len(people):
        for rep, day in zip(people["id"].astype(str), people["left"].astype("int64"), strict=True):
            if start <= day < stop and match.rep(rep):
                found[match.rep(rep)] = int(day - start) // 7
    return pd.Series(found, dtype="int64")
