"""Plays a plan in a world: burn-in once a market, team and replication, then the plan's year."""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from sim.behaviour import lanes
from sim.compiled_engine import play_weeks, play_weeks_together
from sim.ending import end_state, open_values
from sim.entry import before_entry, enter
from sim.handover import take_over
from sim.layout import Layout, by_row, lay_out
from sim.outlook import refresh_all
from sim.record import ACCOUNT_WEEK, ACCOUNT_YEAR, REP_WEEK, Record
from sim.review import realigned, seek, seen
from sim.setting import Out, Scratch, Setting, blank_out, no_goals, scratch, setting
from sim.state import State, before_burn_in, draw_year, laid_out, learn
from sim.world import WEEKS, YEAR_OF_PLAN, Floats, Ints, LastYear, Pay, Plan, Review, Seen, World

ENGINES = ("compiled", "mesa")
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


def known_sales(start: Start) -> tuple[Ints, Ints]:
    """Cents that each account bought in the year before, and in the one before the plan began, (n,)."""
    return start.sales, start.sales if start.before is None else start.before


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
        weekly = play_weeks_together if s.together else play_weeks
        done = weekly(s, state, out, room(s, state))
    if not done:
        raise _RoomRanOut


_kept = threading.local()


def room(s: Setting, state: State) -> Scratch:
    """Room to play a prepared year in: each thread keeps its last one, and nothing in it outlasts the year."""
    size = (s.accounts.key.size, state.deal_row.size, s.reps.key.size)
    if getattr(_kept, "size", None) != size:
        _kept.size, _kept.room = size, scratch(*size)
    kept: Scratch = _kept.room
    return kept


def _new_year(world: World, layout: Layout, replication: int, year: int, state: State) -> None:
    a, b = layout.accounts, world.behaviour
    draw_year(a.key, a.region, world.seed, replication, year, b.account_shock, b.region_shock, state.shock)
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
    weeks: int = WEEKS, inspected: bool = False, doublings: int = 0,
) -> Prepared:  # fmt: skip
    """Sets goals, hands accounts over and draws the year's shocks; ``start`` is left as it is."""
    n, m = world.accounts.key.size, world.reps.key.size
    layout = lay_out(world, plan)
    before = start.layout or lay_out(world, None)
    rows = lanes(plan.levers.behaviour or world.behaviour)
    changes = plan.events is not None or world.growth.size > 0
    state = laid_out(start.state, before, layout, doublings, changes, rows)
    goals = plan.goals(last_year(world, plan, start))
    s = setting(world, layout, goals, plan.pay, replication, start.year * WEEKS, plan, weeks)
    out = blank_out(weeks, n, m, inspected)
    new = world.entered[layout.rows] if world.entered.size else world.entered
    enters = start.layout is None and new.size > 0
    if enters:
        enter(state, layout.accounts, new)
    out.account.status_start[:] = state.status
    out.account.relationship_start[:] = state.relationship
    out.account.sales_last_year[:] = start.sales[layout.rows]
    open_values(state, out.account.open_value_start)
    if start.layout is not None:
        _note_moves(state.owner, layout.owner, out)
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


def _note_moves(before: Ints, now: Ints, out: Out) -> None:
    """Notes which accounts change rep between two years; ``before`` and ``now`` (n,) are rows of reps, by place."""
    moves, m = before != now, out.rep.gained.shape[1]
    out.account.moves[:] = moves
    out.rep.gained[0], out.rep.given[0] = np.bincount(now[moves], minlength=m), np.bincount(before[moves], minlength=m)


def play_year(
    world: World, plan: Plan, replication: int, start: Start, engine: str = "compiled",
    weeks: int = WEEKS, inspected: bool = False, doublings: int = 0,
) -> Played:  # fmt: skip
    """The plan's year in one replication, from ``start`` (which is left as it is); columns by row of the world."""
    year, layout, _ = _played(world, plan, replication, start, engine, weeks, inspected, doublings)
    return _closed(year, layout, inspected)


def _played(
    world: World, plan: Plan, replication: int, start: Start, engine: str, weeks: int, inspected: bool, doublings: int
) -> tuple[Prepared, Layout, int]:
    """A year with all its weeks and reviews played, not closed yet; how its accounts lie; when they last changed."""
    year, layout = prepare(world, plan, replication, start, weeks, inspected, doublings), lay_out(world, plan)
    begin = changed = 0
    review = plan.review or Review((), _nothing)
    try:
        for week in [week for week in review.weeks if week < weeks]:
            play(year.setting._replace(begin=begin, weeks=week), year.state, year.out, engine)
            begin = week
            changes = review.policy(seen(*year, layout, *known_sales(start), week, week - changed))
            if changes is not None:
                changed = week
                year.out.rep.reviewed[week] = changes.held * year.state.seat
                s, state, out, layout = realigned(world, *year, layout, changes, week, review.holdover, doublings)
                year = Prepared(s, state, out)
        play(year.setting._replace(begin=begin), year.state, year.out, engine)
    except _RoomRanOut:
        return _played(world, plan, replication, start, engine, weeks, inspected, doublings + 1)
    return year, layout, changed


def _nothing(seen: Seen) -> None:
    """A review that is never held."""


def _closed(year: Prepared, layout: Layout, inspected: bool) -> Played:
    """Values what a played year leaves, which uses up its state, and puts its columns by row of the world."""
    s, state, out = year
    open_values(state, out.account.open_value)
    out.account.rep_end[:] = s.reps.key[layout.owner]
    end_state(s, state, out, room(s, state))
    seen = by_row(out.account_week, ACCOUNT_WEEK, layout) if inspected else out.account_week
    played = Out(out.rep, by_row(out.account, ACCOUNT_YEAR, layout), seen)
    return Played(played, np.array(s.quota), np.array(s.activity))


def _gone_on(year: Prepared, layout: Layout, start: Start, inspected: bool, reviewed: bool) -> tuple[Played, Start]:
    """A played year closed, and where the next one begins: accounts, people, open opportunities as it leaves them."""
    # What no event touched stays the market's own column: a copy would count as changed.
    left = {name: column if name == "lead" else column.copy() for name, column in year.state._asdict().items()}
    played = _closed(year, layout, inspected)
    account = played.out.account
    return played, Start(
        State(**left),
        account.order_revenue + account.won_revenue,
        account.fluid_orders + account.fluid_won,
        account.calls,
        start.year + 1,
        layout,
        played.quota,
        reviewed,
        known_sales(start)[1],
    )


def years_in_a_row(
    world: World, plans: Sequence[Plan], replication: int, start: Start, engine: str = "compiled"
) -> list[Played]:
    """One year after the other in one replication, each under its own plan; the first goes on from ``start``.

    Accounts, people and open opportunities are what the year before left; goals are set on what it brought.
    """
    years = []
    for plan in plans:
        year, layout, _ = _played(world, plan, replication, start, engine, WEEKS, False, 0)
        played, start = _gone_on(year, layout, start, False, False)
        years.append(played)
    return years


def year_of_plan(
    world: World, plan: Plan, number: int, owner: Ints, replication: int, start: Start, engine: str, inspected: bool
) -> tuple[Played, Ints, Start]:
    """One of a plan's years, from 0, in which ``owner`` (n,) has the accounts; who has them in the next one, and
    where that begins. A review between the two may move accounts.
    """
    now = plan.in_year(number, owner)
    year, layout, changed = _played(world, now, replication, start, engine, WEEKS, inspected, 0)
    owner, held = layout.owner[layout.place], None
    if plan.review is not None and WEEKS in plan.review.weeks:
        held = plan.review.policy(seen(*year, layout, *known_sales(start), WEEKS, WEEKS - changed))
    if held is not None:
        owner = held.owner
        seek(year.state, held)
    played, start = _gone_on(year, layout, start, inspected, held is not None and held.held)
    return played, owner, start


def play_plan(
    world: World, plan: Plan, replication: int, start: Start, engine: str = "compiled", inspected: bool = False
) -> list[Played]:
    """All years of a plan in one replication, one after the other; accounts stay with whom reviews gave them."""
    years, owner = [], plan.owner
    for number in range(plan.years - 1):
        played, owner, start = year_of_plan(world, plan, number, owner, replication, start, engine, inspected)
        years.append(played)
    last = plan.in_year(plan.years - 1, owner)
    return [*years, play_year(world, last, replication, start, engine, inspected=inspected)]


def digest(world: World) -> str:
    """A hash of everything that a burn-in depends on."""
    made = hashlib.blake2b(repr((world.behaviour, world.seed, world.travel)).encode(), digest_size=16)
    for array in (*world.accounts, *world.reps, world.season, world.current, world.neighbours, world.entered):
        made.update(np.ascontiguousarray(array).tobytes())
    return made.hexdigest()


_STARTS: OrderedDict[tuple[str, str, int], Start] = OrderedDict()
_STARTS_KEPT = 2_000_000_000  # bytes
_LOCK = threading.Lock()


def known_start(world_digest: str, engine: str, replication: int) -> Start | None:
    """The burn-in of a world and replication, if it is remembered."""
    with _LOCK:
        key = (world_digest, engine, replication)
        if key in _STARTS:
            _STARTS.move_to_end(key)
        return _STARTS.get(key)


def remember(world_digest: str, engine: str, replication: int, start: Start) -> None:
    """Keeps a burn-in for the plans that follow, as many as fit into memory."""
    with _LOCK:
        _STARTS[(world_digest, engine, replication)] = start
        size = sum(column.nbytes for column in start.state) + 3 * start.sales.nbytes
        while len(_STARTS) > 1 and size * len(_STARTS) > _STARTS_KEPT:
            _STARTS.popitem(last=False)


def start_of(world: World, replication: int, engine: str, world_digest: str) -> Start:
    """The burn-in of this world and replication, played once for all plans."""
    start = known_start(world_digest, engine, replication)
    if start is None:
        start = burn_in(world, replication, engine)
        remember(world_digest, engine, replication, start)
    return start


def run(
    world: World, plan: Plan, replications: Sequence[int], engine: str = "compiled", threads: int | None = None,
    progress: Callable[[int], None] | None = None, inspected: bool = False, begun_in: World | None = None,
) -> Record:  # fmt: skip
    """Plays ``plan`` once for each replication; ``progress`` is told how many are done.

    ``begun_in`` is another world with the same accounts and reps whose burn-in the year goes on from: two worlds that
    differ in what happens at the hand-over have one past.

    The result depends on nothing but world, plan and the numbers of the replications: neither on the engine nor on
    ``threads`` (default: one a core; processes for the Mesa engine).

    Raises ValueError for an unknown engine.
    """
    if engine not in ENGINES:
        raise ValueError(f"no engine '{engine}'; choose from: {', '.join(ENGINES)}")
    alone = threads == 1 or len(replications) == 1 or inspected or begun_in is not None or plan.years > 1
    if engine == "mesa" and not alone:
        from sim.processes import play_in_processes

        years = play_in_processes(world, plan, replications, threads, progress)
        return gather([[year] for year in years], replications, engine)
    past = begun_in or world
    known = [digest(one) for one in past.drawn or (past,)]

    def one(replication: int) -> list[Played]:
        start = start_of(past.of(replication), replication, engine, known[replication % len(known)])
        mine = world.of(replication), plan.of(replication)
        return play_plan(*mine, replication, start, engine, inspected)

    played: list[list[Played]] = []
    with ThreadPoolExecutor(max_workers=1 if engine == "mesa" else threads or cores()) as pool:
        for result in pool.map(one, replications):
            played.append(result)
            if progress is not None:
                progress(len(played))
    return gather(played, replications, engine)


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def gather(played: Sequence[Sequence[Played]], replications: Sequence[int], engine: str) -> Record:
    """One record from single replications, in the order given, each a list of years."""
    every = [year for years in played for year in years]
    shape = (len(played), len(played[0])) if len(played[0]) > 1 else (len(played),)

    def whole(columns: Sequence[np.ndarray]) -> np.ndarray:
        """Columns of all years, weeks in a row."""
        return np.stack(columns).reshape(len(played), -1, columns[0].shape[-1])

    def by_year(columns: Sequence[np.ndarray]) -> np.ndarray:
        return np.stack(columns).reshape(*shape, -1)

    return Record(
        replications=tuple(int(replication) for replication in replications),
        engine=engine,
        rep_week={c.name: whole([getattr(p.out.rep, c.name) for p in every]) for c in REP_WEEK},
        account_year={c.name: by_year([getattr(p.out.account, c.name) for p in every]) for c in ACCOUNT_YEAR},
        goals={"quota": by_year([p.quota for p in every]), "activity_goal": by_year([p.activity for p in every])},
        account_week=(
            {c.name: whole([getattr(p.out.account_week, c.name) for p in every]) for c in ACCOUNT_WEEK}
            if every[0].out.account_week.called.size
            else None
        ),
    )
