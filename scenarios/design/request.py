"""What is asked of a territory design, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scenarios.design.borders import Links
from sim.world import Floats, Ints

AIMS = ("distance", "change")


@dataclass(frozen=True)
class Request:
    """Units to be shared out among territories, and the rules; n units, m territories.

    Rows of units are in an order that does not hang on how they were given (by key or id): ties go by it.
    """

    ids: list[str]  # of the units; unique
    measures: dict[str, Floats]  # numeric columns (n,), 0 or more, by name
    balance: dict[str, float]  # columns to balance -> how much narrower its band is than the tolerance (1 = as it is)
    tolerance: float  # share of the mean that a territory may be off
    names: list[str]  # of the territories
    today: Ints  # (n,) row of today's territory, -1 where there is none
    weight: Floats  # (n,) what a kilometre, or a change of territory, counts
    minimum: dict[str, float] = field(default_factory=dict)  # of a territory, in the column's unit
    maximum: dict[str, float] = field(default_factory=dict)
    places: Floats | None = None  # (n, 2) km
    homes: Floats | None = None  # (m, 2) km; None = centres are free
    per_km: dict[str, Floats] = field(default_factory=dict)  # (n,) what a measure grows with each km from the centre
    contiguous: bool = False
    neighbours: Links | None = None  # None = from the places
    longest_km: float = 0.0  # from the centre; 0 = any
    minutes_a_km: float = 0.0  # on the road, where the longest way was stated in minutes
    fits: NDArray[np.bool_] | None = None  # (n, m) who may have a unit; None = anybody
    dearer: Floats | None = None  # (n, m) what a unit costs more there: km farther, or moves where change is the aim
    capacity: dict[str, Floats] = field(default_factory=dict)  # measure -> (m,) what each territory has at most
    locked: NDArray[np.bool_] | None = None  # (n,) stays where it is today
    moved: dict[str, float] = field(default_factory=dict)  # measure, or "accounts" -> largest share that changes
    leaves: dict[str, float] = field(default_factory=dict)  # the same of what each territory has today
    aim: str = "distance"  # or "change": the least weight moved
    seed: int = 1
    seconds: float = 60.0  # after which the best so far is taken

    @property
    def units(self) -> int:
        """How many units there are."""
        return len(self.ids)

    @property
    def territories(self) -> int:
        """How many territories they are shared out among."""
        return len(self.names)

    def values(self, name: str) -> Floats:
        """A measure, (n,); ``accounts`` counts units where no measure is called so."""
        return self.measures[name] if name in self.measures else np.ones(self.units)


@dataclass(frozen=True)
class Drawn:
    """The answer: who has which unit, what it costs and what is proven about it."""

    owner: Ints  # (n,) row of the territory
    cost: float  # weight × km, or weight moved
    bound: float  # no answer within the rules costs less; 0 where nothing is proven
    off: dict[str, float]  # of each balanced column: the farthest territory's distance from the mean, as a share of it
    binding: tuple[str, ...] = ()  # which rules bind, and what relaxing them would bring
    stopped: bool = False  # by the time limit
    proven: str = ""  # what the bound holds for, in words
    broken: tuple[str, ...] = ()  # limits of single territories that were not kept

    @property
    def gap(self) -> float:
        """How far the cost is above the bound at most, as a share of the bound; 0 where both are 0."""
        return (self.cost - self.bound) / self.bound if self.bound > 0 else float(self.cost > 0)
