"""A line of a SWOT."""

from __future__ import annotations

from typing import NamedTuple

STRENGTH, WEAKNESS, OPPORTUNITY, THREAT = "strength", "weakness", "opportunity", "threat"
QUADRANTS = (STRENGTH, WEAKNESS, OPPORTUNITY, THREAT)
FIRM = "the firm"
SURE = 2.0  # spreads of luck beyond which a difference between two counts is told


class Line(NamedTuple):
    """One line of a SWOT: its quadrant, whom it concerns, what it says, its numbers, and the money at stake a year.

    ``measured`` is False where people said so; ``todo`` is what could be done about it.
    """

    quadrant: str
    scope: str
    what: str
    numbers: str
    money: float
    todo: str
    measured: bool = True
