"""Opens a year to look into: the Mesa model of one replication, ready to be stepped week by week."""

from __future__ import annotations

from collections.abc import Mapping

from sim.agents import Customer, Rep
from sim.agents.planner import Planner
from sim.layout import lay_out
from sim.mesa_engine import SalesYear
from sim.run import digest, start_of
from sim.world import Plan, World
from sim.year import known_sales, prepare
from sim.years import year_of_plan


def open_year(
    world: World,
    plan: Plan,
    replication: int = 0,
    rep_types: Mapping[int, type[Rep]] | None = None,
    customer_types: Mapping[int, type[Customer]] | None = None,
    doublings: int = 0,
    number: int = 0,
) -> SalesYear:
    """A year of the plan, ``number`` from 0, before its first week.

    ``rep_types`` and ``customer_types`` give single agents, by row, a class of their own. ``doublings`` of the room for
    open opportunities, where a year needs it (MemoryError).

    It goes on from the same burn-in and sees the same luck as `sim.run.run`, so ``open_year(...).play()`` brings
    the very year that a sweep would bring.
    """
    world, plan = world.of(replication), plan.of(replication)
    start, owner = start_of(world, replication, "compiled", digest(world)), plan.owner
    for before in range(number):
        _, owner, start = year_of_plan(world, plan, before, owner, replication, start, "compiled", False)
    plan = plan.in_year(number, owner)
    prepared = prepare(world, plan, replication, start, inspected=True, doublings=doublings)
    year = SalesYear(prepared.setting, prepared.state, prepared.out, rep_types, customer_types)
    if plan.review is not None:
        year.planner = Planner(year, world, plan, lay_out(world, plan), known_sales(start))
    return year
