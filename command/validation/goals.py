"""Quotas, goals on any call and goals on priority accounts, as expected and after a fall that nobody foresaw."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from command.validation.lab import Lab, fluid
from scenarios.events import dated_events
from scenarios.goals import goal_policy
from scenarios.schema import EventOptions, GoalsOptions
from sim.world import Floats

POLICIES = ("none", "quota_potential", "activity_any", "activity_priority", "hybrid")
FALL = -0.25


class GoalRow(NamedTuple):
    """One policy in one kind of year, by replication: gain over no goals, effort and perceived chance."""

    policy: str
    demand: float
    gain: Floats  # per cent of expected sales
    effort: Floats
    chance: Floats  # of reaching the quota as reps see it; 0 without one


def goals_compared(lab: Lab) -> list[GoalRow]:
    """Every policy in a year as expected and in one with 25 % less demand, paired on the same luck."""
    rows = []
    for demand in (0.0, FALL):
        told = EventOptions(happen=f"week 1: demand {demand}")
        events = dated_events(told, lab.market, lab.team)
        none = fluid(lab.year(lab.base, events=events))
        for name in POLICIES:
            played = lab.year(lab.base, goals=goal_policy(GoalsOptions(name=name)), events=events)
            rows.append(
                GoalRow(
                    name, demand, 100.0 * (fluid(played) / none - 1.0),
                    np.array([p.out.rep.effort.mean() for p in played]),
                    np.array([p.out.rep.chance.mean() for p in played]),
                )
            )  # fmt: skip
    return rows
