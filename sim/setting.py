"""A world and a plan as the engines read them: who has which accounts, goals and pay, week by week."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.behaviour import Behaviour
from sim.calendar import usual_weeks
from sim.columns import blank_columns
from sim.draws import MOST_EVENTS
from sim.layout import Layout
from sim.record import ACCOUNT_WEEK, ACCOUNT_YEAR, REP_WEEK, Column
from sim.rules.selection import FEW
from sim.week import periods_of_year
from sim.world import (
    LEAVES,
    WEEKS,
    Accounts,
    Channels,
    Events,
    Floats,
    Goals,
    Ints,
    Levers,
    Pay,
    Plan,
    Reps,
    World,
    no_events,
    visits,
)

ORDERS = 512  # drawn at once; one account's, which may be MOST_EVENTS, stay together
COLLEAGUES = 3  # who give hours to an empty place


class Setting(NamedTuple):
    """What does not change while a year is played; plain arrays and numbers.

    In a year with reviews there are places to spare (`sim.layout`).
    """

    accounts: Accounts  # territory by territory, see `sim.layout`
    reps: Reps
    behaviour: Behaviour
    rows: Ints  # (n,) row in the world of the account at each place
    starts: NDArray[np.uint64]  # (m + 1,) where each rep's accounts begin
    ends: NDArray[np.uint64]  # (m,) and the place after the last of them
    neighbours: Ints  # (n, 4) places of the accounts that each one hears from; (0, 4) where nobody listens
    colleagues: Ints  # (m, 3) reps who give hours to an empty place; (0, 3) where nobody can leave
    season: Floats  # (52,)
    usual: Floats  # (52,) what each week brings beside the mean week, as reps are used to it
    events: Events  # of this year; accounts by place
    channels: Channels  # accounts by place
    leaves: Floats  # (K - 1,) weekly chance to leave a stage before the last; (1,) and not read where K is 1
    goes_on: Floats  # the same, part of what leaves it that goes on; the rest is lost
    period_start: Ints  # (weeks,) first week of the goal period
    period_end: Ints  # (weeks,) week after its last
    period_share: Floats  # (weeks,) part of the year's quota that belongs to the period
    quota: Floats  # (m,) money a year, 0 = none
    activity: Floats  # (m,) calls a week, 0 = none
    counts_any: int  # 1 where every call counts for the activity goal
    ratchet: float  # what reps hold back for fear of the next quota, in weeks of pay
    pay: Pay
    travel: int
    seed: int
    replication: int
    first_week: int  # number of week 0 of this year since the burn-in began
    begin: int  # first week that is played
    weeks: int  # the week after the last that is played


def setting(
    world: World, layout: Layout, goals: Goals, pay: Pay, replication: int, first_week: int,
    plan: Plan | None = None, weeks: int = WEEKS,
) -> Setting:  # fmt: skip
    """Everything that the engines read for ``weeks`` weeks of one year; ``plan`` is None in the burn-in."""
    n, rows = layout.accounts.key.size, layout.rows
    levers = plan.levers if plan is not None else Levers()
    b = as_declared(levers.behaviour or world.behaviour)
    events = (plan and plan.events) or no_events(n)
    channels = (plan and plan.channels) or visits(b.call_hours, world.reps.fit_industry.shape[1], n)
    moves = b.quit_a_year > 0.0 or bool((events.what == LEAVES).any()) or bool(world.reps.planned.any())
    people = plan is not None and moves
    stages = max(b.stages - 1, 1)
    period_start, period_end = (np.array(each, dtype=np.int64) for each in periods_of_year(goals.periods, weeks))
    return Setting(
        accounts=layout.accounts,
        reps=world.reps._replace(hours=_frozen(np.maximum(world.reps.hours + levers.hours, 0.0))),
        behaviour=b,
        rows=rows,
        starts=layout.starts,
        ends=layout.ends,
        neighbours=layout.neighbours,
        colleagues=colleagues(world) if people else np.zeros((0, COLLEAGUES), dtype=np.int64),
        season=np.array(world.season, dtype=np.float64),
        usual=usual_weeks(world.season, b),
        events=events._replace(concerns=events.concerns.take(rows, axis=1)),
        channels=channels._replace(of=channels.of.take(rows)),
        leaves=np.array(levers.leaves or (b.stage_hazard,) * stages, dtype=np.float64),
        goes_on=np.array(levers.goes_on or (b.stage_advance,) * stages, dtype=np.float64),
        period_start=period_start,
        period_end=period_end,
        period_share=(period_end - period_start) / WEEKS,
        quota=np.array(goals.quota, dtype=np.float64),
        activity=np.array(goals.activity, dtype=np.float64),
        counts_any=0 if goals.counts_priority_only else 1,
        ratchet=float(b.ratchet_fear) if goals.ratchets else 0.0,
        pay=Pay(*(float(value) for value in pay)),
        travel=int(world.travel),
        seed=int(world.seed),
        replication=int(replication),
        first_week=int(first_week),
        begin=0,
        weeks=weeks,
    )


@lru_cache(maxsize=256)
def as_declared(b: Behaviour) -> Behaviour:
    """The same behaviour with every parameter of its declared type, which compiled code takes it to have."""
    return Behaviour._make(type(usual)(value) for usual, value in zip(Behaviour(), b, strict=True))


def _frozen(column: Floats) -> Floats:
    column.setflags(write=False)
    return column


@lru_cache(maxsize=4)
def colleagues(world: World) -> Ints:
    """The three reps who live nearest to each one, (m, 3); the nearest again where there are fewer, oneself alone.

    Who may only come one day is nobody's colleague: what others do for each other does not hang on it.
    """
    r, m = world.reps, world.reps.key.size
    found = np.empty((m, COLLEAGUES), dtype=np.int64)
    for j in range(m):
        km = np.hypot(r.x_km - r.x_km[j], r.y_km - r.y_km[j])
        others = np.lexsort((r.key, km))
        others = others[(others != j) & (r.planned[others] == 0)] if m > 1 else others
        others = others if others.size else np.array([j])
        found[j] = np.resize(others, COLLEAGUES)
    return found


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
    """Room for the compiled engine to work in, so that a year allocates nothing.

    (n,) are the accounts of the largest territory, and (capacity,) the opportunities that it has room for: territories
    take turns in it, so it stays in the processor's nearest memory. Places count from the territory's first.
    """

    keys: Floats  # (n,) ranking of the week
    near: Floats  # (FEW,) rankings near the top,
    places: Ints  # (FEW,) and where they stand
    listed: Ints  # (n,) accounts that the week asks about one by one: to be called, then where something may happen
    taste: Floats  # (n,) this week's uniforms of each account: its rep's taste,
    ordering: Floats  # (n,) its orders,
    opening: Floats  # (n,) its new opportunities,
    leaving: Floats  # (n,) and whether it lapses: less the chance of it, below 0 where a customer does
    order_rate: Floats  # (n,) orders expected this week,
    ordered: Floats  # (n,) and the money in them
    opening_rate: Floats  # (n,) opportunities expected to open,
    win_chance: Floats  # (n,) chance of winning an opportunity that is decided this week
    happens: NDArray[np.uint8]  # (n,) 1 where one of these may happen
    moves: Floats  # (capacity,) this week's uniforms of each open opportunity: whether it moves,
    outcome: Floats  # (capacity,) how it ends,
    reason: Floats  # (capacity,) and why it is lost
    due: Ints  # (capacity,) those that leave their stage this week, then of these the ones that close
    moved: Ints  # (n,) opportunities that moved on this week
    none: Floats  # (n,) of the accounts listed: chance that none orders
    orderer: Ints  # (ORDERS + MOST_EVENTS,) this week's orders: the account of each,
    order_key: Ints  # its key,
    order_ordinal: Ints  # which one of the account's it is,
    order_mean: Floats  # what one is on average, money,
    order_value: Floats  # and what it is, cents
    money: Floats  # (n,) expected after the year, so far
    customer: Floats  # (n,) chance of being a customer then
    above: Floats  # (m,) ranking that this week's last call will reach: a guess, to be quick


_DRAWN_AT_ONCE = ("orderer", "order_key", "order_ordinal", "order_mean", "order_value")
# In a week the first of two is no longer read when the second comes.
_SAME_ROOM = (("keys", "ordered"), ("taste", "order_rate"))
_WHOLE = ("places", "listed", "due", "moved", "orderer", "order_key", "order_ordinal")


def scratch(accounts: int, opportunities: int, reps: int) -> Scratch:
    """Room to play years in, of so many reps; accounts and room for opportunities are those of one territory."""
    size = dict.fromkeys(Scratch._fields, accounts)
    size |= {"near": FEW, "places": FEW, "above": reps}
    size |= dict.fromkeys(_DRAWN_AT_ONCE, ORDERS + MOST_EVENTS)
    size |= dict.fromkeys(("moves", "outcome", "reason", "due"), opportunities)
    columns: dict[str, Any] = {
        name: np.empty(size[name], np.int64 if name in _WHOLE else np.float64) for name in Scratch._fields
    }
    columns["happens"] = np.empty(accounts, np.uint8)
    columns |= {later: columns[sooner] for sooner, later in _SAME_ROOM}
    return Scratch(**columns)


def _blank(table: Any, columns: tuple[Column, ...], shape: tuple[int, ...]) -> Any:
    return table(**blank_columns({column.name: column.dtype for column in columns}, shape))


def blank_out(weeks: int, accounts: int, reps: int, inspected: bool) -> Out:
    """Empty output columns."""
    return Out(
        _blank(RepWeeks, REP_WEEK, (weeks, reps)),
        _blank(AccountYear, ACCOUNT_YEAR, (accounts,)),
        _blank(AccountWeeks, ACCOUNT_WEEK, (weeks, accounts) if inspected else (0, 0)),
    )
