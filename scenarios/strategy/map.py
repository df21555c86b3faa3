"""What a strategy map is made of. It is no part of a plan: a tactic is, and the map says what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from scenarios.strategy.targets import Target

PERSPECTIVES = {
    "learning": "learning & growth",
    "internal": "internal process",
    "customer": "customer",
    "financial": "financial",
}  # from the bottom to the top: a cause never lies above its effect
FINANCIAL = "financial"

PLAN, FLOW, YEAR = "plan", "flow", "year"  # known before week 1; counted up to a week; known when the year is over


class Known(NamedTuple):
    """What the door must know of a measure: its unit, which way is better, when it is known, if it has segments."""

    unit: str
    better: str  # higher, lower or none
    when: str  # PLAN, FLOW or YEAR
    segments: bool


class Strategy(NamedTuple):
    """How a goal is to be reached."""

    name: str
    what: str
    goal: str


class Objective(NamedTuple):
    """What is to be reached, by which week, and what it leads to; ``where`` is the segment, empty for all accounts."""

    name: str
    what: str
    perspective: str
    strategy: str
    measure: str
    target: Target
    by: int
    where: str
    leads_to: tuple[str, ...]


class Tactic(NamedTuple):
    """What is done: the simulator's own settings, and the objectives that it serves."""

    name: str
    what: str
    serves: tuple[str, ...]
    sets: Mapping[str, Any]


@dataclass(frozen=True)
class StrategyMap:
    """The whole map; everything by its name, in the order of the file."""

    file: str
    title: str
    goals: dict[str, str] = field(default_factory=dict)
    strategies: dict[str, Strategy] = field(default_factory=dict)
    objectives: dict[str, Objective] = field(default_factory=dict)
    tactics: dict[str, Tactic] = field(default_factory=dict)
