"""Plays a plan in a world, as often as it is asked for: burn-in once a market, team and replication, then the plan."""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sim.record import ACCOUNT_WEEK, ACCOUNT_YEAR, REP_WEEK, Record
from sim.world import Plan, World
from sim.year import Played, Start, burn_in
from sim.years import play_plan

ENGINES = ("compiled", "mesa")


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
