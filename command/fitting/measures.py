"""What a business leaves behind that tells how its accounts and reps behave: the same measures of data and of play."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from scenarios.crm.decisions import week_of
from scenarios.crm.export import Export
from scenarios.crm.learn import Learnt
from scenarios.crm.unit import UNITS
from scenarios.intake.schema import WON
from sim.world import WEEKS, Floats, Ints

TOP = 0.2  # the units that bring most, whose part is measured
NAMES = (
    "top_fifth",  # part of the sales that the best fifth of units bring
    "without_sale",  # part of units that bought nothing
    "halves",  # rank correlation of what units bought in the first half and in the second
    "rep_spread",  # CV of sales over reps
    "week_spread",  # CV of the team's weekly sales
    "rep_months",  # mean CV of a rep's four-week sales
    "calls_of_potential",  # rank correlation of calls with potential
    "calls_of_sales",  # rank correlation of calls with sales
    "call_spread",  # CV of calls over units
    "uncalled",  # part of units that were never called
    "calls_kept",  # rank correlation of calls in the first half and in the second
    "sales_of_calls",  # rank correlation of sales in the second half with calls in the first, sales in the first given
    "rep_calls",  # mean calls a week and rep
    "call_weeks",  # mean CV of a rep's weekly calls
)
# Units are made such that they sell what the data has: how unequal their sales are says nothing more of the rest, nor
# how calls follow a potential that was learnt from the very sales which they brought.
MADE_SO = ("top_fifth", "without_sale", "halves", "rep_spread", "calls_of_potential")
TELLS = np.array([name not in MADE_SO for name in NAMES])


class Traces(NamedTuple):
    """What was sold and called, week by week: units' won value, orders and calls, all (weeks, n), and whose each is."""

    sales: Floats
    calls: Floats
    rep: Ints  # (n,)
    potential: Floats  # (n,)
    reps: int
    counted: bool  # calls are on record


def measures(traces: Traces) -> Floats:
    """The measures of NAMES, (s,); NaN where there is nothing to measure them by."""
    sales, calls = traces.sales, traces.calls
    half = len(sales) // 2
    whole = sales.sum(axis=0)
    first, second = sales[:half].sum(axis=0), sales[half:].sum(axis=0)
    by_rep = np.zeros((len(sales), traces.reps))
    np.add.at(by_rep.T, traces.rep, sales.T)
    months = by_rep[: len(by_rep) // 4 * 4].reshape(-1, 4, traces.reps).sum(axis=1)
    money = [
        top_share(whole),
        float((whole <= 0.0).mean()),
        _ranks(first, second),
        _cv(by_rep.sum(axis=0)),
        _cv(sales.sum(axis=1)),
        float(np.mean([_cv(column) for column in months.T if column.sum() > 0.0] or [np.nan])),
    ]
    if not traces.counted:
        return np.array([*money, *[np.nan] * (len(NAMES) - len(money))])
    made = calls.sum(axis=0)
    each = np.zeros((len(calls), traces.reps))
    np.add.at(each.T, traces.rep, calls.T)
    early, late = calls[:half].sum(axis=0), calls[half:].sum(axis=0)
    return np.array(
        [
            *money,
            _ranks(made, traces.potential),
            _ranks(made, whole),
            _cv(made),
            float((made <= 0.0).mean()),
            _ranks(early, late),
            _given(second, early, first),
            float(each.mean()),
            float(np.mean([_cv(column) for column in each.T if column.sum() > 0.0] or [np.nan])),
        ]
    )


def call_length(traces: Traces, hours: float) -> float:
    """Hours that a call takes with its way, such that a rep of ``hours`` a week makes as many as are on record.

    A rep starts no call that does not fit the week: half a call is left over in the mean. 0 where none are on record.
    """
    each = float(traces.calls.sum()) / (len(traces.calls) * traces.reps)
    return hours / (each + 0.5) if traces.counted else 0.0


def top_share(values: Floats) -> float:
    """Part of the whole that the best fifth brings."""
    ordered = np.sort(values)[::-1]
    total = float(ordered.sum())
    return float(ordered[: max(1, round(TOP * len(ordered)))].sum()) / total if total > 0.0 else float("nan")


def _cv(values: Floats) -> float:
    mean = float(values.mean())
    return float(values.std()) / mean if mean > 0.0 else float("nan")


def _ranks(one: Floats, other: Floats) -> float:
    """Rank correlation; NaN where one of them does not vary."""
    if np.ptp(one) <= 0.0 or np.ptp(other) <= 0.0:
        return float("nan")
    return float(np.corrcoef(rankdata(one), rankdata(other))[0, 1])


def _given(one: Floats, other: Floats, third: Floats) -> float:
    """Rank correlation of two, a third given."""
    a, b, c = _ranks(one, other), _ranks(one, third), _ranks(other, third)
    left = (1.0 - b**2) * (1.0 - c**2)
    return (a - b * c) / float(np.sqrt(left)) if left > 1e-12 else float("nan")


def traced(export: Export, learnt: Learnt, rep: Ints, potential: Floats, reps: int) -> tuple[Traces, int, int]:
    """What the data has of the last year it covers, by unit; its first week of the year, and how many weeks it is.

    Calls and orders of an account count to its units in proportion to what each of them bought.
    """
    first, last = week_of(pd.Series([learnt.covered.first, learnt.covered.last]))
    first = max(int(first), int(last) - WEEKS + 1)
    weeks = int(last) - first + 1
    table, column = learnt.table, UNITS[learnt.unit]
    unit = pd.MultiIndex.from_frame(table[["account", column]])
    won = export.deals[(export.deals["outcome"] == WON) & (export.deals["closed"] >= 0)]
    sales = np.zeros((weeks, len(table)))
    place, week = unit.get_indexer(pd.MultiIndex.from_frame(won[["account", column]])), week_of(won["closed"]) - first
    inside = (place >= 0) & (week >= 0) & (week < weeks)
    np.add.at(sales, (week[inside], place[inside]), won["amount"].to_numpy(np.float64)[inside])
    part = _parts(table)
    orders = export.data.table("orders")
    if len(orders):
        _share_out(sales, orders["account"], orders["date"], orders["amount"].to_numpy(np.float64), part, first)
    activities = export.data.table("activities")
    calls = np.zeros_like(sales)
    if len(activities):
        _share_out(calls, activities["account"], activities["date"], np.ones(len(activities)), part, first)
    return Traces(sales, calls, rep, potential, reps, bool(calls.any())), first % WEEKS, weeks


def _parts(table: pd.DataFrame) -> dict[str, list[tuple[int, float]]]:
    """The units of each account, with the part of it that each is."""
    worth = table["won"] + 1e-6 * (table["won"].mean() + 1.0)
    share = worth / worth.groupby(table["account"]).transform("sum")
    parts: dict[str, list[tuple[int, float]]] = {}
    for place, (account, of) in enumerate(zip(table["account"], share, strict=True)):
        parts.setdefault(account, []).append((place, float(of)))
    return parts


Parts = dict[str, list[tuple[int, float]]]  # units of an account, each with its part


def _share_out(into: Floats, account: pd.Series, day: pd.Series, amount: Floats, part: Parts, first: int) -> None:
    week = week_of(day) - first
    for one, when, value in zip(account, week, amount, strict=True):
        if 0 <= when < len(into):
            for place, of in part.get(one, ()):
                into[when, place] += value * of
