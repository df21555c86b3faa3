"""Targets and dates as planners write them: '+5 %', 'at most 20 %', 1200; 'quarter 2', 'week 26'."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

from sim.world import WEEKS

NUMBER = r"[+\-−]?\d[\d,]*(?:\.\d+)?"
FORM = re.compile(rf"(?:at (least|most) +)?({NUMBER}) *(%|points?)?", re.IGNORECASE)
PERCENT, POINTS = "%", "points"


class Target(NamedTuple):
    """How much is to be reached: ``amount`` itself, or today's and so many percent or points.

    ``least`` is whether more is better: at least so much, or at most.
    """

    amount: float
    relative: str  # empty, PERCENT or POINTS
    least: bool
    said: str = ""  # as it was written

    def number(self, today: float) -> float:
        """The number to be reached, ``today`` being what today's plan comes to; NaN for percent of nothing.

        >>> Target(0.05, PERCENT, True).number(200.0), Target(0.05, POINTS, True).number(0.6)
        (210.0, 0.65)
        """
        if self.relative == PERCENT:
            return today + abs(today) * self.amount if today else math.nan
        return today + self.amount if self.relative else self.amount


def target(said: Any, unit: str, better: str) -> Target:
    """What is meant by a target. Raises ValueError with a sentence where it is none.

    A signed percentage is relative to today's, an unsigned one is a share; points are added to a share. Which way is
    better is the measure's, unless *at least* or *at most* says so; where neither does, the sign does.

    >>> target("+5 %", "money", "higher")
    Target(amount=0.05, relative='%', least=True, said='+5 %')
    >>> target("at most 20 %", "share", "lower")[:3], target(1200, "calls", "higher").amount
    ((0.2, '', False), 1200.0)
    """
    if isinstance(said, int | float) and not isinstance(said, bool):
        if not math.isfinite(said):
            raise ValueError(f"'{said}' is no number")
        return Target(float(said), "", _least(better, "", ""), f"{said:,}")
    found = FORM.fullmatch(said.strip()) if isinstance(said, str) else None
    if not found:
        raise ValueError(f"'{said}' is no number; it goes: 1200, 90 %, +5 %, +5 points, at most 20 %")
    way, number, sign = (found[1] or "").casefold(), found[2].replace(",", "").replace("−", "-"), found[3] or ""
    signed = number[0] in "+-"
    if sign.startswith("p"):
        if unit != "share" or not signed:
            raise ValueError(f"'{said}': points are added to a share, as in +5 points")
        return Target(float(number) / 100.0, POINTS, _least(better, way, number[0]), said)
    if sign == "%" and not signed and unit != "share":
        raise ValueError(f"'{said}': this is no share but {unit}; to change today's say +{number} %")
    if signed and not sign:
        raise ValueError(f"'{said}': to change today's say {number} %; an amount has no sign")
    amount = float(number) / (100.0 if sign else 1.0)
    return Target(amount, PERCENT if signed else "", _least(better, way, number[0] if signed else ""), said)


def _least(better: str, way: str, sign: str) -> bool:
    """Whether at least so much is meant. Raises ValueError where nothing says so."""
    if way or better != "none":
        return way == "least" if way else better == "higher"
    if not sign:
        raise ValueError("more of this may be better or worse; say at least or at most")
    return sign == "+"


def deadline(said: Any) -> int:
    """The last week that counts. Raises ValueError with a sentence for what is no date of the year.

    >>> deadline("week 10"), deadline("quarter 2"), deadline("Q4"), deadline("year")
    (10, 26, 52, 52)
    """
    found = re.fullmatch(r"(week|w|quarter|q) ?(\d+)", str(said).strip().casefold())
    if str(said).strip().casefold() == "year":
        return WEEKS
    if not found:
        raise ValueError(f"'{said}' is no date; it goes: week 10, quarter 2 or year")
    number, last = int(found[2]), WEEKS if found[1][0] == "w" else 4
    if not 1 <= number <= last:
        raise ValueError(f"'{said}' is not in the year; it has {'weeks' if last == WEEKS else 'quarters'} 1 to {last}")
    return number * WEEKS // last
