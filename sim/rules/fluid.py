"""The fluid shadow: what a state is expected to sell, without the luck of single orders and opportunities."""

from __future__ import annotations

from sim.rule import rule


@rule
def flow(here: float, leaving: float, entering: float) -> float:
    """Expected open money of one stage a week later: ``m - m * leaving + entering``.

    ``leaving`` is the part that moves on or is decided this week, ``entering`` the money that arrives from the stage
    before (of what leaves that one, the part that advances) or, in the first stage, from new opportunities.

    >>> flow(100.0, 0.25, 10.0)
    85.0
    """
    return here - here * leaving + entering


@rule
def falling_due(last: float, closing: float, quick: float, quick_hazard: float) -> float:
    """Expected open money that is decided this week: ``last * closing + quick * quick_hazard``.

    ``last`` is in the last stage, ``quick`` in the lane of those that were ready to be decided when they opened.

    >>> falling_due(100.0, 0.25, 40.0, 0.5)
    45.0
    """
    return last * closing + quick * quick_hazard
