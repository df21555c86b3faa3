"""Reviews of a plan while its year goes on: when they are held, what they look at, what is done."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenarios.problems import InputError, nearest
from scenarios.review.known import Known
from scenarios.review.measures import MEASURES
from scenarios.review.policies import POLICIES
from scenarios.schema import ReviewOptions
from sim.world import Changes, Seen

WEEKS = {
    "none": (),
    "annual": (52,),  # between two years
    "quarterly": (13, 26, 39, 52),
    "monthly": (4, 9, 13, 17, 22, 26, 30, 35, 39, 43, 48, 52),
    "triggered": (4, 9, 13, 17, 22, 26, 30, 35, 39, 43, 48, 52),
}
REST = 8  # weeks after a realignment in which no other is triggered


@dataclass(frozen=True)
class Held:
    """A review that is held: what it goes by, and what the planner chose. Called with what is seen that day."""

    known: Known
    options: ReviewOptions

    def __call__(self, seen: Seen) -> Changes | None:
        """What is changed, perhaps nothing; None where no review is held."""
        if self.options.name == "triggered" and not self._triggered(seen):
            return None
        changes = POLICIES[self.options.policy](seen, self.known, self.options)
        return changes or Changes(seen.owner, seen.quota)

    def _triggered(self, seen: Seen) -> bool:
        """Whether a territory's measure is farther from the middle one's than ``trigger``, as a part of it."""
        if seen.since < REST:
            return False
        values = MEASURES[self.options.measure](seen, self.known)
        middle = float(np.nanmedian(values)) if np.isfinite(values).any() else 0.0
        return bool((np.abs(values - middle) > self.options.trigger * middle).any())


def held(options: ReviewOptions, going_by: Known) -> Held | None:
    """The reviews of a plan's years; None where none is held. Raises InputError for a word that says nothing."""
    problems = [
        f"review.{name}: there is no '{value}'; {nearest(value, choices)}"
        for name, value, choices in (
            ("name", options.name, WEEKS), ("policy", options.policy, POLICIES), ("measure", options.measure, MEASURES),
        )
        if value not in choices
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    return Held(going_by, options) if WEEKS[options.name] else None


__all__ = ["WEEKS", "Held", "held"]
