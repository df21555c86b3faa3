"""The headline whose causes are sought: how much more margin a plan brings than today's, under other parameters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from scenarios.build import build
from scenarios.identity import status_quo
from scenarios.schema import GROUPS, GoalsOptions, MarketOptions, Scenario, TeamOptions, TerritoryOptions
from sim.parameter import Declared, Parameter, declared
from sim.run import digest, start_of
from sim.world import Plan, World
from sim.year import play_year

ASKED = ("market", "team", "behaviour")  # groups whose numbers are assumptions; the others are the planner's to set
OFF = 0.25  # part of its range up to which a parameter is tried that is 0 by default


class Span(NamedTuple):
    """A parameter with its default and the ends between which it is tried."""

    name: str  # group.key
    default: float
    low: float
    high: float
    whole: bool


@dataclass(frozen=True)
class Question:
    """Two plans in one market: the one asked about, and today's territories without goals."""

    territory: str
    goals: str
    accounts: int
    reps: int
    replications: int
    seed: int = 1

    def scenario(self, values: dict[str, float]) -> Scenario:
        """The plan with parameters (``group.key``) at other values than their defaults."""
        made = Scenario(
            market=MarketOptions(seed=self.seed, accounts=self.accounts),
            team=TeamOptions(reps=self.reps),
            territory=TerritoryOptions(self.territory),
            goals=GoalsOptions(self.goals),
            replications=self.replications,
        )
        for name, value in values.items():
            group, _, key = name.partition(".")
            options: Any = getattr(made, group)
            changed = options._replace(**{key: value}) if group == "behaviour" else replace(options, **{key: value})
            made = replace(made, **{group: changed})
        return made


@cache
def spans() -> tuple[Span, ...]:
    """Every number that is measured, a convention or an assumption: from half to double its default, in its range.

    What is 0 by default, and so off, is tried up to a quarter of its range.
    """
    return tuple(
        _span(f"{group}.{entry.name}", entry)
        for group in ASKED
        for entry in declared(GROUPS[group])
        if entry.about.kind != "choice" and entry.type in (int, float) and entry.about.high is not None
    )


def _span(name: str, entry: Declared) -> Span:
    default = float(entry.default)
    return Span(name, default, *ends(entry.about, default), entry.type is int)


def ends(about: Parameter, default: float) -> tuple[float, float]:
    """Half and double of a value, inside the declared range; of what is off (0), 0 and a quarter of that range.

    >>> ends(Parameter("share", 0.0, 1.0, ""), 0.6)
    (0.3, 1.0)
    """
    low, high = float(about.low or 0.0), float(about.high or 0.0)
    if default == 0.0:
        return 0.0, OFF * high
    return max(low, default / 2.0), min(high, 2.0 * default)


def gain(question: Question, values: dict[str, float]) -> float:
    """How much more margin the plan is expected to bring in its year than today's, per cent of today's.

    Mean over replications of the fluid margin, both on the same luck.
    """
    scenario = question.scenario(values)
    plan, today = build(scenario), build(status_quo(scenario))
    with_plan = _margins(plan.world, plan.plan, question.replications)
    without = _margins(today.world, today.plan, question.replications)
    return float(100.0 * (with_plan.sum() / without.sum() - 1.0))


def _margins(world: World, plan: Plan, replications: int) -> np.ndarray:
    known = digest(world)
    played = (
        play_year(world, plan, number, start_of(world, number, "compiled", known)) for number in range(replications)
    )
    return np.array([float(year.out.rep.fluid_margin.sum()) for year in played])


def said(question: Question) -> str:
    """The question in words."""
    return (
        f"{question.territory} × {question.goals} against today's territories without goals; "
        f"{question.accounts:,} accounts, {question.reps} reps, market {question.seed}, "
        f"{question.replications} years each"
    )
