"""A strategy map checked in its market: what it measures, what it plays, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from command.overrides import read_one
from scenarios.problems import InputError

if TYPE_CHECKING:
    from analysis.strategy.scorecard import Aim
    from command.tactics import Plans
    from scenarios.market import Market
    from scenarios.strategy.map import Objective, StrategyMap

QUOTA_MEASURES = ("attainment", "at_quota")
WITHOUT_QUOTA = ("none", "activity")  # how goal policies begin that set none


class Checked(NamedTuple):
    """A map that hangs together, what is played for it, and its objectives as they are scored."""

    map: StrategyMap
    plans: Plans
    aims: list[Aim]


def checked(file: Path, words: Sequence[str]) -> Checked:
    """Raises InputError with everything that is wrong with the map, in the market of the command line."""
    from analysis.strategy.measures import MEASURES
    from command.job import composed
    from command.tactics import plans as plans_of
    from command.tactics import unplayable
    from scenarios.build import market_and_team
    from scenarios.strategy.map import Known
    from scenarios.strategy.reading import read_map

    known = {name: Known(one.unit, one.better, one.when, one.segments) for name, one in MEASURES.items()}
    of, problems = read_map(file, known)
    plans = plans_of(of, words, problems)
    problems += _without_quota(of, plans) if plans else []
    market = market_and_team(composed(read_one(words).overrides))[0]
    aims = []
    for one in of.objectives.values():
        try:
            aims.append(_aim(one, market))
        except ValueError as problem:
            problems.append(f"{of.file}, objective '{one.name}': in: {problem}")
    if problems or plans is None:
        raise InputError([*problems, *unplayable(of, words)])
    return Checked(of, plans, aims)


def _aim(one: Objective, market: Market) -> Aim:
    """An objective as it is scored. Raises ValueError for a segment that no account is in."""
    from analysis.strategy.scorecard import Aim
    from scenarios.concerned import concerned

    return Aim(
        *(one.name, one.what, one.perspective, one.measure, one.by, one.target.least, one.target.number),
        said=one.target.said,
        where=concerned(one.where, market) if one.where else None,
        segment=one.where,
        leads_to=one.leads_to,
    )


def _without_quota(of: StrategyMap, plans: Plans) -> list[str]:
    """Objectives on attainment in a plan that has no quotas."""
    found = []
    for one in of.objectives.values():
        asked = [("the plan", plans.plan[0])] + ([("today's plan", plans.today[0])] if one.target.relative else [])
        for name, scenario in asked:
            if one.measure in QUOTA_MEASURES and scenario.goals.name.startswith(WITHOUT_QUOTA):
                found.append(
                    f"{of.file}, objective '{one.name}': {one.measure} can't be measured: {name} has no quotas "
                    f"(goals={scenario.goals.name})"
                )
    return found
