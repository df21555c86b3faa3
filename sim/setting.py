"""A world and a plan as the engines read them: who has which accounts, goals and pay, week by week."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.behaviour import Behaviour
from sim.layout import Layout
from sim.record import ACCOUNT_WEEK, ACCOUNT_YEAR, REP_WEEK, Column
from sim.rules.selection import FEW
from sim.week import period_of
from sim.world import WEEKS, Accounts, Floats, Goals, Ints, Pay, Reps, World


class Setting(NamedTuple):
    """What does not change while a year is played; plain arrays and numbers."""

    accounts: Accounts  # territory by territory, see `sim.layout`
    reps: Reps
    behaviour: Behaviour
    rows: Ints  # (n,) row in the world of the account at each place
    starts: NDArray[np.uint64]  # (m + 1,) where each rep's accounts begin
    demand: Floats  # (weeks,) season times trend
    season: Floats  # (52,)
    period_start: Ints  # (weeks,) first week of the goal period
    period_end: Ints  # (weeks,) week after its last
    period_share: Floats  # (weeks,) part of the year's quota that belongs to the period
    quota: Floats  # (m,) money a year, 0 = none
    activity: Floats  # (m,) calls a week, 0 = none
    counts_any: int  # 1 where every call counts for the activity goal
    pay: Pay
    travel: int
    seed: int
    replication: int
    first_week: int  # number of week 0 of this year since the burn-in began


def setting(
    world: World,
    layout: Layout,
    goals: Goals,
    pay: Pay,
    trend: Floats,
    replication: int,
    first_week: int,
    weeks: int = WEEKS,
) -> Setting:
    """Everything that the engines read for ``weeks`` weeks of one year."""
    periods = [period_of(week, goals.periods) for week in range(weeks)]
    period_start = np.array([first for first, _ in periods], dtype=np.int64)
    period_end = np.array([end for _, end in periods], dtype=np.int64)
    return Setting(
        accounts=layout.accounts,
        reps=world.reps,
        behaviour=world.behaviour,
        rows=layout.rows,
        starts=layout.starts,
        demand=world.season[:weeks] * trend[:weeks],
        season=np.array(world.season),
        period_start=period_start,
        period_end=period_end,
        period_share=(period_end - period_start) / WEEKS,
        quota=np.array(goals.quota, dtype=np.float64),
        activity=np.array(goals.activity, dtype=np.float64),
        counts_any=0 if goals.counts_priority_only else 1,
        pay=Pay(*(float(value) for value in pay)),
        travel=int(world.travel),
        seed=int(world.seed),
        replication=int(replication),
        first_week=int(first_week),
    )


def no_goals(reps: int) -> Goals:
    """No quota and no activity goal.

    Calls on priority accounts are counted all the same: how many a rep makes is what a goal on them is held against.
    """
    return Goals(np.zeros(reps), np.zeros(reps), True, 1)


def _table(name: str, columns: tuple[Column, ...]) -> Any:
    return NamedTuple(name, [(column.name, NDArray[np.generic]) for column in columns])


# The declared columns as named tuples of arrays, for the engines to write into.
RepWeeks = _table("RepWeeks", REP_WEEK)
AccountYear = _table("AccountYear", ACCOUNT_YEAR)
AccountWeeks = _table("AccountWeeks", ACCOUNT_WEEK)


class Out(NamedTuple):
    """Where a year is written: (weeks, m), (n,) and, when inspected, (weeks, n), else (0, 0)."""

    rep: Any
    account: Any
    account_week: Any


class Scratch(NamedTuple):
    """Room for the compiled engine to work in, so that a year allocates nothing."""

    keys: Floats  # (n,) ranking of the week
    near: Floats  # (FEW,) rankings near the top,
    places: Ints  # (FEW,) and where they stand
    listed: Ints  # (n,) accounts that the week asks about one by one: to be called, then where something may happen
    ordering: Floats  # (n,) this week's uniforms of each account: its orders,
    opening: Floats  # (n,) its new opportunities,
    leaving: Floats  # (n,) and whether it lapses
    order_rate: Floats  # (n,) orders expected this week,
    ordered: Floats  # (n,) and the money in them
    opening_rate: Floats  # (n,) opportunities expected to open,
    opened: Floats  # (n,) and the money in them
    win_chance: Floats  # (n,) chance of winning an opportunity that is decided this week
    churn: Floats  # (n,) chance that it lapses, if it is a customer
    moves: Floats  # (capacity,) this week's uniforms of each open opportunity: whether it moves,
    outcome: Floats  # (capacity,) how it ends,
    reason: Floats  # (capacity,) and why it is lost
    moved: Ints  # (n,) opportunities that moved on this week
    money: Floats  # (n,) expected after the year, so far
    customer: Floats  # (n,) chance of being a customer then


def scratch(accounts: int, opportunities: int) -> Scratch:
    """Room to play one year in, with so many accounts and so many opportunities open at once."""

    def column(name: str) -> Any:
        size = {"near": FEW, "places": FEW, **dict.fromkeys(("moves", "outcome", "reason"), opportunities)}
        whole = name in ("places", "listed", "moved")
        return np.empty(size.get(name, accounts), np.int64 if whole else np.float64)

    return Scratch(*(column(name) for name in Scratch._fields))


def _blank(table: Any, columns: tuple[Column, ...], shape: tuple[int, ...]) -> Any:
    return table(*(np.zeros(shape, dtype=column.dtype) for column in columns))


def blank_out(weeks: int, accounts: int, reps: int, inspected: bool) -> Out:
    """Empty output columns."""
    return Out(
        _blank(RepWeeks, REP_WEEK, (weeks, reps)),
        _blank(AccountYear, ACCOUNT_YEAR, (accounts,)),
        _blank(AccountWeeks, ACCOUNT_WEEK, (weeks, accounts) if inspected else (0, 0)),
    )
