"""The years that goals are judged by: as today, under the goals, with effort held fixed, with more calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from analysis.goals import COUNTED, same_chance, weekly
from scenarios.build import Built
from sim.behaviour import Behaviour
from sim.record import Record
from sim.run import run
from sim.world import Floats, GoalPolicy, Goals

LEVELS = (0.8, 1.0, 1.2)  # of effort, to see what it moves
ROUNDS = 2  # of quotas: how hard reps work depends on them
MOST_HOURS = 2.5  # times a rep's week that are still played


@dataclass(frozen=True)
class Years:
    """One plan's market and team with so many simulated years of it; ``tell`` is told of each one played."""

    built: Built
    years: int
    tell: Callable[[], None]

    def play(self, goals: GoalPolicy | None = None, effort: float = 0.0, hours: Floats | None = None) -> Record:
        """The years under other goals, with effort held at ``effort``, or with ``hours`` (m,) times each rep's week.

        Whatever is changed begins after the same past.
        """
        world, plan = self.built.world, self.built.plan
        if effort:
            world = world.each(lambda one: replace(one, behaviour=_at(one.behaviour, effort)))
        if hours is not None:
            world = world.each(lambda one: replace(one, reps=one.reps._replace(hours=one.reps.hours * hours)))
        if goals:
            plan = replace(plan, goals=goals)
        return run(world, plan, range(self.years), progress=lambda _: self.tell(), begun_in=self.built.world)

    def sales(self, record: Record) -> Floats:
        """Money that each rep sold in each year, (R, m)."""
        return np.asarray(weekly(record, "revenue").sum(axis=1))


def _at(behaviour: Behaviour, effort: float) -> Behaviour:
    return behaviour._replace(effort_low=effort, effort_high=effort)


def always(goals: Goals) -> GoalPolicy:
    """The same goals whatever the last year brought."""
    return lambda last: goals


def proposed(playing: Years, today: Record, total: float, activity: Callable[[Floats], Floats]) -> tuple[Goals, float]:
    """Goals with quotas that add up to ``total`` and that all reps reach with the same chance; and that chance.

    ``today`` are the years without goals; ``activity`` makes calls on priority accounts a week (m,) of quotas (m,).
    Each round is played under the goals of the one before: reps work harder or less hard for them.
    """
    sales = playing.sales(today)
    for _ in range(ROUNDS):
        quota, _ = same_chance(sales, total)
        sales = playing.sales(playing.play(always(Goals(quota, activity(quota), True, 1))))
    quota, chance = same_chance(sales, total)
    return Goals(quota, activity(quota), True, 1), chance


def mean_a_week(record: Record, measure: str) -> Floats:
    """A measure a week in the mean year of each rep, (m,)."""
    assert measure in COUNTED
    return np.asarray(weekly(record, measure).mean(axis=(0, 1)))
