"""Years that tests step through and look into, week by week, on the tiny world without shocks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sim.behaviour import Behaviour
from sim.look import open_year
from sim.mesa_engine import SalesYear
from sim.state import State
from sim.world import Plan, World
from tests.worlds import happening, plan, tiny_world

LEVEL = Behaviour(account_shock=0.0, region_shock=0.0)


def world_of(**behaviour: Any) -> World:
    """The tiny world with no luck in its demand."""
    return tiny_world(LEVEL._replace(**behaviour))


def with_events(world: World, *rows: tuple[int, int, int, float, int], concerns: list[int] | None = None) -> Plan:
    """Today's plan with `happening` events."""
    return replace(plan(world), events=happening(*rows, concerns=concerns))


def at(world: World, chosen: Plan, week: int) -> SalesYear:
    """The year with ``week`` weeks behind it."""
    year = open_year(world, chosen)
    for _ in range(week):
        year.step()
    return year


def met(year: SalesYear) -> tuple[dict[str, np.ndarray], State]:
    """Its columns before and after what comes before this week."""
    before = {name: np.array(column) for name, column in year.state._asdict().items()}
    year.meet()
    return before, year.state
