"""A stored plan, its status quo, and its twin in which no customer minds the change of rep: three plays on one luck."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from command.play import FAILED, Turn, tables_of, words_of, words_today
from command.terminal import Progress
from scenarios.identity import code_digest, status_quo
from scenarios.problems import InputError

if TYPE_CHECKING:
    from analysis.played import Played
    from scenarios.build import Built
    from sim.world import Ints


class Plays(NamedTuple):
    """The three plays, on the same years, and what they were played in."""

    plan: Played
    today: Played
    undisturbed: Played
    built: Built
    counts_priority_only: bool  # which calls an activity goal of the plan counts


def plays(results: Path, info: dict[str, Any], progress: Progress | None = None) -> Plays:
    """The plan of ``info`` and its status quo from the store, and the twin; what is missing is played.

    Of a plan with several years the first one, in which it takes over.

    Raises InputError where the plan's data or the program is not the one that played it.
    """
    from analysis.played import Played
    from analysis.store import frames
    from command.job import scenario_of
    from command.study import load_for_comparison
    from scenarios.build import build
    from sim.handover import undisrupted, undisrupted_plan
    from sim.run import run

    scenario = replace(scenario_of(info["scenario"])[0], replications=len(info["replications"]))
    plan = load_for_comparison(results, str(info["key"]), scenario.replications)
    today = _today(results, info, progress)
    built = build(scenario, owner_of(plan))
    world = undisrupted(built.world)
    tell = progress.playing if progress else None
    first = replace(undisrupted_plan(built.plan), years=1)
    record = run(world, first, plan.replications.to_list(), progress=tell, begun_in=built.world)
    if progress:
        progress.clear()
    accounts, reps = tables_of(scenario, built)
    plan, today = plan.of_year(1), today.of_year(1)
    undisturbed = Played({**plan.info, "status_quo": False}, frames(record, accounts, reps))
    return Plays(plan, today, undisturbed, built, counts_priority_only(built))


def owner_of(played: Played) -> Ints:
    """Who has each account of a stored plan, as rows of its reps, (n,)."""
    import pandas as pd

    rows = pd.Index(played.reps["id"].astype(str)).get_indexer(pd.Index(played.accounts["rep"].astype(str)))
    return rows.astype(np.int64)


def _today(results: Path, info: dict[str, Any], progress: Progress | None) -> Played:
    """The status quo in as many years as the plan has. Raises InputError where it is another market's by now."""
    from command.job import scenario_of
    from command.study import load_for_comparison
    from scenarios.build import market_and_team

    scenario = replace(scenario_of(info["scenario"])[0], replications=len(info["replications"]))
    again = f"play it again:  {info['command']}"
    if info["code"] != code_digest():
        raise InputError([f"{info['label']} was played by another version of the program; {again}"])
    if info["market_digest"] != market_and_team(scenario)[0].digest:
        raise InputError([f"{info['label']} was played on other data than are there now; {again}"])
    today = status_quo(scenario)
    words = words_of(info)
    turn = Turn(today, words if today == scenario else words_today(words, today), results, progress)
    outcome = turn.take()
    if outcome.state == FAILED:
        raise InputError(outcome.problems)
    return load_for_comparison(results, outcome.key, scenario.replications)


def counts_priority_only(built: Built) -> bool:
    """Whether an activity goal of the plan counts calls on priority accounts alone."""
    from sim.run import digest, start_of
    from sim.year import last_year

    start = start_of(built.world, 0, "compiled", digest(built.world))
    return bool(built.plan.goals(last_year(built.world, built.plan, start)).counts_priority_only)
