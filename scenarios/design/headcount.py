"""How many territories: as many as the work needs, or as many as pay for themselves."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

from sim.behaviour import Behaviour
from sim.rules.response import share_won

AROUND = 2  # candidates on either side of the best that are shown


class Candidate(NamedTuple):
    """A number of territories and what a year with it leaves, in the money that potential is in."""

    territories: int
    coverage: float  # hours there are over hours needed
    share: float  # of the potential that is won
    margin: float
    cost: float

    @property
    def left(self) -> float:
        """Margin less cost."""
        return self.margin - self.cost


def by_workload(hours: float, capacity: float) -> int:
    """Territories that hold so many hours. 5,200 hours in territories of 1,500: 4.

    >>> by_workload(5200.0, 1500.0), by_workload(4500.0, 1500.0)
    (4, 3)
    """
    return max(1, ceil(hours / capacity - 1e-9))


def by_profit(
    potential: float, hours: float, capacity: float, margin: float, cost: float, most: int, behaviour: Behaviour
) -> list[Candidate]:
    """Candidates of 1 to ``most`` territories, each covering all accounts alike.

    ``coverage = n * capacity / hours``; ``left = margin * potential * share_won(coverage) - n * cost``. With a
    coverage of 1 the share is 0.7: of 10 million, at a margin of 0.4, that is 2.8 million.

    >>> one = by_profit(1e7, 15000.0, 1500.0, 0.4, 1e5, 20, Behaviour())[9]
    >>> round(one.coverage, 6), round(one.share, 6), round(one.left)
    (1.0, 0.7, 1800000)
    """
    found = []
    b = behaviour
    for count in range(1, most + 1):
        coverage = count * capacity / hours
        share = share_won(coverage, b.share_floor, b.response_half, b.response_shape, 0.0)
        found.append(Candidate(count, coverage, share, margin * potential * share, count * cost))
    return found


def best_of(candidates: list[Candidate]) -> Candidate:
    """The one that leaves most; of equals the fewest territories."""
    return max(candidates, key=lambda one: (one.left, -one.territories))


def told(candidates: list[Candidate], best: Candidate, behaviour: Behaviour) -> list[str]:
    """The candidates around the best, a line each, and what is assumed."""
    b = behaviour
    near = [one for one in candidates if abs(one.territories - best.territories) <= AROUND]
    lines = [
        f"{one.territories} territories: {one.coverage:.0%} of the hours needed, {one.share:.1%} of the potential won, "
        f"margin {one.margin:,.0f} - cost {one.cost:,.0f} = {one.left:,.0f}{' (best)' if one is best else ''}"
        for one in near
    ]
    x = "x" if b.response_shape == 1.0 else f"x^{b.response_shape:g}"
    curve = f"{b.share_floor:g} + {1.0 - b.share_floor:g} {x} / ({b.response_half:g} + {x})"
    assumed = (
        "assumed: every account gets the same part x of the hours it needs; the share won follows it as in the "
        f"simulation, {curve} (share_floor, response_half and response_shape in docs/parameters.md)"
    )
    return [*lines, assumed]
