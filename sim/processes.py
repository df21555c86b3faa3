"""The Mesa engine in several processes: Python agents hold the interpreter, so threads would not help."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

from sim.run import cores, digest, known_start, remember
from sim.world import Goals, LastYear, Plan, World
from sim.year import Played, Start, burn_in, last_year, play_year

_WORLD: World | None = None  # of this worker process


def play_in_processes(
    world: World, plan: Plan, replications: Sequence[int], workers: int | None, progress: Callable[[int], None] | None
) -> list[Played]:
    """Like `sim.run.run` with the Mesa engine, spread over ``workers`` processes; the same bits."""
    known = {number: digest(world.of(number)) for number in replications}
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers or cores(), context, _receive, (world,)) as pool:
        missing = [number for number in replications if known_start(known[number], "mesa", number) is None]
        for number, start in zip(missing, pool.map(_burn_in, missing), strict=True):
            remember(known[number], "mesa", number, start)
        tasks = []
        for number in replications:
            mine = world.of(number)
            start = known_start(known[number], "mesa", number) or burn_in(mine, number, "mesa")
            # Goals are set here: a goal policy may be a closure, which does not travel between processes.
            goals = plan.goals(last_year(mine, plan, start))
            tasks.append((replace(plan.of(number), goals=_SetGoals(goals)), number, start))
        played = []
        for result in pool.map(_play, tasks):
            played.append(result)
            if progress is not None:
                progress(len(played))
    return played


class _SetGoals:
    """Goals that are already set."""

    def __init__(self, goals: Goals) -> None:
        self.goals = goals

    def __call__(self, last: LastYear) -> Goals:
        return self.goals


def _receive(world: World) -> None:
    global _WORLD
    _WORLD = world.each(replace)  # its columns are frozen again: others would be compiled for once more
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    """Ends this worker when its parent is gone: after a hard kill nobody else would."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _burn_in(replication: int) -> Start:
    assert _WORLD is not None
    return burn_in(_WORLD.of(replication), replication, "mesa")


def _play(task: tuple[Plan, int, Start]) -> Played:
    assert _WORLD is not None
    plan, replication, start = task
    return play_year(_WORLD.of(replication), plan, replication, start, "mesa")
