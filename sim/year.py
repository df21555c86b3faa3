"""One year of one replication: the burn-in before it, how a plan takes over, its weeks and reviews, and its end."""

from __future__ import annotations

import threading
from typing import NamedTuple

import numpy as np

from sim.behaviour import lanes
from sim.compiled_engine import play_weeks
from sim.ending import end_state, open_values
from sim.entry import before_entry, enter
from sim.handover import take_over
from sim.layout import Layout, by_row, lay_out, own
from sim.outlook import refresh_all
from sim.record import ACCOUNT_WEEK, ACCOUNT_YEAR
from sim.review import realigned, seen
from sim.rule import loop
from sim.setting import Out, Scratch, Setting, blank_out, no_goals, scratch, setting
from sim.state import State, before_burn_in, draw_year, laid_out, learn
from sim.world import WEEKS, YEAR_OF_PLAN, Floats, Ints, LastYear, Pay, Plan, Review, Seen, World

BURN_IN_PAY = Pay(commission=0.5, bonus=5.0, over=0.5, cap=float("inf"), ote=120_000.0)


class Start(NamedTuple):
    """Where a year begins in one replication: the state and what the year before is known to have brought."""

    state: State
    sales: Ints  # (n,) cents booked in the year before
    fluid_sales: Ints  # (n,) cents expected in it
    calls: Ints  # (n,)
    year: int = YEAR_OF_PLAN  # since the burn-in began
    layout: Layout | None = None  # of the state; None: by today's territories
    quota: Floats | None = None  # (m,) of the year before, money; None: there was none
    reviewed: bool = False  # whether the plan was looked at again between the two years
    before: Ints | None = None  # (n,) cents booked in the year before the plan began; None: in the last one


def known_sales(start: Start) -> tuple[Floats, Floats]:
    """Money for which each account bought in the year before, and in the one before the plan began, (n,)."""
    sold = start.sales / 100.0
    before = sold if start.before is None else start.before / 100.0
    for each in (sold, before):
        each.setflags(write=False)  # all reviews of a year see the same ones
    return sold, before


class Played(NamedTuple):
    """One replication of one plan: its output columns and the goals it was played with."""

    out: Out
    quota: np.ndarray
    activity: np.ndarray


class _RoomRanOut(Exception):
    """More opportunities are open at once than the columns hold."""


def play(s: Setting, state: State, out: Out, engine: str) -> None:
    """Plays all weeks of a prepared year into ``state`` and ``out``."""
    if engine == "mesa":
        from sim.mesa_engine import play_weeks as play_agents

        done = play_agents(s, state, out)
    else:
        done = play_weeks(s, state, out, room(s, state))
    if not done:
        raise _RoomRanOut


_kept = threading.local()


@loop
def widest(begins: Ints, ends: Ints) -> int:
    """The longest of stretches from ``begins`` to before ``ends``, (m,)."""
    longest = 0
    for j in range(ends.size):
        longest = max(longest, ends[j] - begins[j])
    return longest


def room(s: Setting, state: State) -> Scratch:
    """Room to play a prepared year in: each thread keeps the largest it had, and nothing in it outlasts the year."""
    accounts, deals = s.starts.view(np.int64), state.deals_from
    needed = widest(accounts, s.ends.view(np.int64)), widest(deals, deals[1:]), s.reps.key.size
    had = getattr(_kept, "size", (0, 0, 0))
    if any(one > other for one, other in zip(needed, had, strict=True)):
        size = tuple(max(pair) for pair in zip(needed, had, strict=True))
        _kept.room = scratch(*size)
        _kept.size = size  # only now: where there was no memory for it, the next year must not write beyond the old one
    kept: Scratch = _kept.room
    return kept


def _new_year(world: World, layout: Layout, replication: int, year: int, state: State) -> None:
    a, b = layout.accounts, world.behaviour
    key, region = a.key[: layout.starts[-1]], a.region[: layout.starts[-1]]
    draw_year(key, region, world.seed, replication, year, b.account_shock, b.region_shock, state.shock)
    if world.growth.size and year >= YEAR_OF_PLAN:
        state.growth[:] *= 1.0 + world.growth[layout.rows]
    if state.growth.size:
        state.shock[:] *= state.growth
    state.root_shock[:] = np.sqrt(state.shock)


def burn_in(world: World, replication: int, engine: str = "compiled", doublings: int = 0) -> Start:
    """Two years of today's territories, without goals, from stationary draws: goodwill forgets in that time.

    What the plan enters was not sold to before.
    """
    world = before_entry(world)
    n, m = world.accounts.key.size, world.reps.key.size
    layout = lay_out(world, None)
    state = before_burn_in(world, layout, replication, doublings)
    for year in range(YEAR_OF_PLAN):
        s = setting(world, layout, no_goals(m), BURN_IN_PAY, replication, year * WEEKS)
        if year == 0:
            take_over(s, state, True)
        # Two normal years: what nobody foresees falls on the year that is played.
        state.shock[:] = state.root_shock[:] = 1.0
        refresh_all(s, state)
        out = blank_out(WEEKS, n, m, False)
        try:
            play(s, state, out, engine)
        except _RoomRanOut:
            return burn_in(world, replication, engine, doublings + 1)
    account = by_row(out.account, ACCOUNT_YEAR, layout)
    return Start(
        state,
        account.order_revenue + account.won_revenue,
        account.fluid_orders + account.fluid_won,
        account.calls,
    )


def last_year(world: World, plan: Plan, start: Start) -> LastYear:
    """What is known when the plan's goals are set."""
    m = world.reps.key.size
    current = world.current if start.layout is None else start.layout.owner[start.layout.place]
    quota = np.zeros(m) if start.quota is None else start.quota
    sold = np.bincount(current, weights=start.sales / 100.0, minlength=m)
    return LastYear(
        owner=plan.owner,
        current=current,
        fluid_sales=start.fluid_sales / 100.0,
        sales=start.sales / 100.0,
        calls=start.calls,
        belief=world.accounts.belief,
        priority=world.accounts.priority,
        reps=m,
        quota=quota,
        attained=np.divide(sold, quota, out=np.zeros(m), where=quota > 0.0),
    )


class Prepared(NamedTuple):
    """A year about to begin; accounts lie territory by territory."""

    setting: Setting
    state: State
    out: Out


def prepare(
    world: World, plan: Plan, replication: int, start: Start,
    weeks: int = WEEKS, inspected: bool = False, doublings: int = 0, layout: Layout | None = None,
) -> Prepared:  # fmt: skip
    """Sets goals, hands accounts over and draws the year's shocks; ``start`` is left as it is.

    ``layout`` is of the plan's territories, where there is one already.
    """
    m, layout = world.reps.key.size, layout or lay_out(world, plan)
    before = start.layout or lay_out(world, None)
    rows = lanes(plan.levers.behaviour or world.behaviour)
    changes = plan.events is not None or world.growth.size > 0
    state = laid_out(start.state, before, layout, doublings, changes, rows)
    goals = plan.goals(last_year(world, plan, start))
    s = setting(world, layout, goals, plan.pay, replication, start.year * WEEKS, plan, weeks)
    out = blank_out(weeks, layout.rows.size, m, inspected)
    new = world.entered[layout.rows] if world.entered.size else world.entered
    enters = start.layout is None and new.size > 0
    if enters:
        enter(state, layout.accounts, new)
    out.account.status_start[:] = state.status
    out.account.relationship_start[:] = state.relationship
    out.account.sales_last_year[:] = start.sales[layout.rows]
    open_values(state, out.account.open_value_start)
    if start.layout is not None:
        _note_moves(before.owner[before.place], plan.owner, layout, out)
        out.rep.reviewed[0] = start.reviewed * state.seat
    if start.layout is None:  # who comes at once comes in the first week
        state.vacancy[list(plan.hired)] = 1
    take_over(s, state, False)
    if enters:  # who meets them first replaced nobody
        enter(state, layout.accounts, new)
    if goals.counts_priority_only:  # what a rep has to expect is what was called on the accounts it now has
        called = start.calls * world.accounts.priority
        state.goal_rate[:] = np.bincount(plan.owner, weights=called, minlength=m) / WEEKS
    if plan.levers.belief != 1.0 and start.layout is None:  # once, when the plan begins
        learn(state, layout.accounts, plan.levers.belief)
    _new_year(world, layout, replication, start.year, state)
    refresh_all(s, state)
    return Prepared(s, state, out)


def _note_moves(before: Ints, now: Ints, layout: Layout, out: Out) -> None:
    """Notes which accounts change rep between two years; ``before`` and ``now`` (n,) are rows of reps."""
    moves, m = before != now, out.rep.gained.shape[1]
    out.account.moves[layout.place] = moves
    out.rep.gained[0], out.rep.given[0] = np.bincount(now[moves], minlength=m), np.bincount(before[moves], minlength=m)


def play_year(
    world: World, plan: Plan, replication: int, start: Start, engine: str = "compiled",
    weeks: int = WEEKS, inspected: bool = False, doublings: int = 0,
) -> Played:  # fmt: skip
    """The plan's year in one replication, from ``start`` (which is left as it is); columns by row of the world."""
    year, layout, _ = played_through(world, plan, replication, start, engine, weeks, inspected, doublings)
    return closed(year, layout, inspected)


def played_through(
    world: World, plan: Plan, replication: int, start: Start, engine: str, weeks: int, inspected: bool, doublings: int
) -> tuple[Prepared, Layout, int]:
    """A year with all its weeks and reviews played, not closed yet; how its accounts lie; when they last changed."""
    review = plan.review or Review((), _nothing)
    dates = [week for week in review.weeks if week < weeks]
    spare = bool(dates) and engine == "compiled" and not inspected
    layout = lay_out(world, plan, spare)
    layout = own(layout) if spare else layout
    year = prepare(world, plan, replication, start, weeks, inspected, doublings, layout)
    begin, changed, sold = 0, 0, known_sales(start)
    try:
        for week in dates:
            play(year.setting._replace(begin=begin, weeks=week), year.state, year.out, engine)
            begin = week
            changes = review.policy(seen(*year, layout, *sold, week, week - changed))
            if changes is not None:
                year.out.rep.reviewed[week] = changes.held * year.state.seat
                s, state, out, lies = realigned(world, *year, layout, changes, week, review.holdover, doublings)
                changed = changed if lies is layout else week
                year, layout = Prepared(s, state, out), lies
        play(year.setting._replace(begin=begin), year.state, year.out, engine)
    except _RoomRanOut:
        return played_through(world, plan, replication, start, engine, weeks, inspected, doublings + 1)
    return year, layout, changed


def _nothing(seen: Seen) -> None:
    """A review that is never held."""


def closed(year: Prepared, layout: Layout, inspected: bool) -> Played:
    """Values what a played year leaves, which uses up its state, and puts its columns by row of the world."""
    s, state, out = year
    open_values(state, out.account.open_value)
    out.account.rep_end[:] = s.reps.key[layout.owner]
    end_state(s, state, out, room(s, state))
    seen = by_row(out.account_week, ACCOUNT_WEEK, layout) if inspected else out.account_week
    played = Out(out.rep, by_row(out.account, ACCOUNT_YEAR, layout), seen)
    return Played(played, np.array(s.quota), np.array(s.activity))
