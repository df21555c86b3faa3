"""How many calls an export's accounts need: such that the team of today about covers them."""

from __future__ import annotations

import numpy as np

from scenarios.crm.places import Places
from scenarios.schema import MarketOptions
from scenarios.team import Team
from scenarios.workload import hours_needed
from sim.behaviour import Behaviour
from sim.world import WEEKS, Floats, Ints


def calls_needed(
    wanted: Floats, options: MarketOptions, where: Places, people: Team, owner: Ints, behaviour: Behaviour
) -> Floats:
    """Calls a year that cover each unit well, (n,); ``owner`` (n,) is today's rep of each.

    As ``wanted`` by `scenarios.generator.worth.need`, where there are no places or the planner set
    ``market.calls_needed``; else in these proportions as many as the hours of the team allow, trips included. At most
    a call a week: a unit that needed more could never count as well covered.
    """
    if where.counts and not set_by_planner(options):
        return just_covered(wanted, where, people, owner, behaviour)
    return np.minimum(wanted, WEEKS)


def set_by_planner(options: MarketOptions) -> bool:
    """Whether calls needed are what the planner says: other than the default, as with all that an export teaches."""
    return options.calls_needed != MarketOptions().calls_needed


def just_covered(wanted: Floats, where: Places, people: Team, owner: Ints, behaviour: Behaviour) -> Floats:
    """Calls a year (n,) in proportion to those ``wanted`` that take all hours of the team, at most a call a week.

    ``sum over units of calls · hours a call = 52 · sum over reps of hours a week`` (`scenarios.workload.hours_needed`);
    what units that would need more than a call a week leave over goes to the others.
    """
    hours, calls = WEEKS * float(people.reps["hours"].sum()), wanted
    free = np.ones(len(wanted), dtype=bool)
    while free.any():
        takes = hours_needed(where.units.assign(need=calls), people.reps, owner, behaviour, travel=True)
        calls = np.where(free, calls * (hours - takes[~free].sum()) / takes[free].sum(), calls)
        over = free & (calls > WEEKS)
        if not over.any():
            break
        calls, free = np.where(over, float(WEEKS), calls), free & ~over
    return calls
