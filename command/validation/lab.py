"""Where patterns are played: one market, many replications, worlds that differ in one thing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from scenarios.build import make_world, market_and_team
from scenarios.goals import goal_policy
from scenarios.pay import pay_plan
from scenarios.schema import GoalsOptions, MarketOptions, PayOptions, Scenario, TeamOptions, TerritoryOptions
from scenarios.territory import assign
from sim.behaviour import Behaviour
from sim.run import cores, digest, start_of
from sim.world import WEEKS, Events, Floats, GoalPolicy, Ints, LastYear, Pay, Plan, World
from sim.year import Played, Start, last_year, play_year
from sim.years import years_in_a_row

Result = TypeVar("Result")
Readings = dict[str, Floats]  # statistic -> its value in each replication

no_goals = goal_policy(GoalsOptions(name="none"))


class Lab:
    """A generated market and team on which patterns are played.

    ``behaviour`` holds what a rival model changes; ``seed`` makes market, team and luck.
    """

    def __init__(
        self,
        seed: int,
        accounts: int = 1000,
        reps: int = 10,
        replications: int = 24,
        behaviour: Behaviour | None = None,
    ) -> None:
        self.scenario = Scenario(
            market=MarketOptions(seed=seed, accounts=accounts),
            team=TeamOptions(reps=reps),
            behaviour=behaviour or Behaviour(),
        )
        self.replications = range(replications)
        self.market, self.team, self.behaviour = market_and_team(self.scenario)
        self.base = make_world(self.market, self.team, self.behaviour, seed)
        self.pay = pay_plan(PayOptions(), self.scenario.team.ote)

    def each(self, play: Callable[[int], Result]) -> list[Result]:
        """``play(replication)`` for every replication, in order."""
        with ThreadPoolExecutor(cores()) as pool:
            return list(pool.map(play, self.replications))

    def starts(self, world: World) -> list[Start]:
        """The burn-ins of all replications."""
        known = digest(world)
        return self.each(lambda replication: start_of(world, replication, "compiled", known))

    def year(
        self, world: World, goals: GoalPolicy = no_goals, owner: Ints | None = None, events: Events | None = None,
        begun_in: World | None = None, weeks: int = WEEKS, pay: Pay | None = None,
    ) -> list[Played]:  # fmt: skip
        """The year of all replications; ``begun_in`` gives another world whose burn-in it goes on from.

        ``pay``: the status quo's, unless another plan is given.
        """
        plan = Plan(
            owner=np.array(world.current if owner is None else owner, dtype=np.int64),
            goals=goals,
            pay=pay or self.pay,
            events=events,
        )
        known = digest(begun_in or world)

        def one(replication: int) -> Played:
            start = start_of(begun_in or world, replication, "compiled", known)
            return play_year(world, plan, replication, start, weeks=weeks)

        return self.each(one)

    def years(
        self, world: World, goals: Sequence[GoalPolicy], pay: Pay | None = None, begun_in: World | None = None
    ) -> list[list[Played]]:
        """Years in a row under today's map, one for each of ``goals``: for every year all replications.

        ``pay`` and ``begun_in`` as in `year`; what a year leaves is where the next one begins.
        """
        plans = [Plan(np.array(world.current), policy, pay or self.pay) for policy in goals]
        known = digest(begun_in or world)

        def one(replication: int) -> list[Played]:
            start = start_of(begun_in or world, replication, "compiled", known)
            return years_in_a_row(world, plans, replication, start)

        return [list(year) for year in zip(*self.each(one), strict=True)]

    def last(self, world: World) -> list[LastYear]:
        """What is known of last year, in every replication."""
        plan = Plan(np.array(world.current), no_goals, self.pay)
        return [last_year(world, plan, start) for start in self.starts(world)]

    def drawn(self, design: str, **options: Any) -> Ints:
        """The map of a territory design under ``options``: row of the rep for each account, (n,)."""
        asked = TerritoryOptions(design, **options)
        return assign(self.market, self.team, asked, self.behaviour, self.scenario.market.seed)

    def long_run(self, world: World, owner: Ints) -> Floats:
        """Expected sales a year once a map has always been so, money by replication: the burn-in is its own, too."""
        return fluid(self.year(replace(world, current=owner)))

    def contribution(self, world: World, owner: Ints) -> Floats:
        """What that map contributes a year in the long run, money by replication: expected margin − selling cost."""
        cost_an_hour = self.team.cost_per_km * self.behaviour.road_speed
        overhead = self.scenario.team.overhead * world.reps.key.size
        played = [p.out.rep for p in self.year(replace(world, current=owner))]
        margin, pay = (
            np.array([getattr(rep, name).sum() / 100.0 for rep in played]) for name in ("fluid_margin", "pay")
        )
        made: Floats = margin - pay - overhead - cost_an_hour * np.array([rep.travel_hours.sum() for rep in played])
        return made

    def with_hours(self, factor: float, world: World | None = None) -> World:
        """The base world, or another, with all reps' hours times ``factor``."""
        world = world or self.base
        return replace(world, reps=world.reps._replace(hours=world.reps.hours * factor))

    def of_equals(self) -> World:
        """The base world with every rep of ability 1."""
        return replace(self.base, reps=self.base.reps._replace(ability=np.ones_like(self.base.reps.ability)))


def fluid(played: list[Played]) -> Floats:
    """Expected sales of the year in each replication, money."""
    return np.array([float(p.out.rep.fluid_sales.sum()) / 100.0 for p in played])


def mean_and_error(values: Floats) -> tuple[float, float]:
    """Mean over replications and its standard error."""
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size))


def rep_weeks(played: list[Played], column: str) -> Floats:
    """A column of the reps' weeks in all replications, (replications, weeks, m)."""
    return np.array([getattr(p.out.rep, column) for p in played], dtype=float)


def ratio_of_means(above: Floats, below: Floats) -> Floats:
    """The mean of one column over that of another, spread over the replications: (replications,) twice to the same.

    ``r + (a - r * b) / mean(b)``, r = mean(a) / mean(b). Its mean is r, and its standard error that of a ratio of two
    means, whatever the columns have in common.

    >>> ratio_of_means(np.array([1.0, 5.0]), np.array([1.0, 1.0])).tolist()
    [1.0, 5.0]
    """
    r = above.mean() / below.mean()
    spread: Floats = r + (above - r * below) / below.mean()
    return spread
