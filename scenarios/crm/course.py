"""What becomes of an opportunity, week by week: won, lost or still open, by when in a quarter it opened."""

from __future__ import annotations

import numpy as np

from sim.behaviour import Behaviour
from sim.elementary import exp
from sim.rule import loop
from sim.rules.rhythm import in_month, month_of_quarter, paced, ready_share
from sim.world import Floats

QUARTER = 13  # weeks


def course(b: Behaviour, weeks: int) -> tuple[Floats, Floats, Floats]:
    """What becomes of an opportunity week by week, by the week of the quarter it opened in: three (13, weeks + 1).

    Chance to be won in the n-th week after it opened, to be lost in it, and to be still open after it.

    >>> won, lost, still = course(Behaviour(), 200)
    >>> bool(np.allclose(won.sum(axis=1) + lost.sum(axis=1), 1.0)), round(float(won.sum(axis=1)[0]), 6)
    (True, 0.25)
    """
    won, lost, still = np.zeros((3, QUARTER, weeks + 1))
    _go(b, np.zeros(b.stages), won, lost, still)
    return won, lost, still


@loop
def _go(b: Behaviour, at: Floats, won: Floats, lost: Floats, still: Floats) -> None:
    """`course`, into three tables (13, weeks + 1); ``at`` (stages,) is room."""
    for opened in range(QUARTER):
        quick = ready_share(b.quick_share, b.first_month_quick, month_of_quarter(opened))
        for stage in range(b.stages):
            at[stage] = 0.0
        at[0] = 1.0 - quick
        still[opened, 0] = 1.0
        for week in range(1, won.shape[1]):
            month = month_of_quarter(opened + week)
            closes = paced(b.closing_hazard, in_month(month, b.first_month_pace, 1.0, b.last_month_pace))
            more = in_month(month, b.first_month_odds, 0.0, b.last_month_odds)
            wins = 1.0 / (1.0 + (1.0 - b.win_odds) / b.win_odds * exp(-more))
            decided = at[b.stages - 1] * closes + quick * b.quick_hazard
            dropped = 0.0
            at[b.stages - 1] -= at[b.stages - 1] * closes
            for stage in range(b.stages - 2, -1, -1):
                moved = at[stage] * b.stage_hazard
                at[stage] -= moved
                at[stage + 1] += moved * b.stage_advance
                dropped += moved * (1.0 - b.stage_advance)
            quick -= quick * b.quick_hazard
            won[opened, week] = wins * decided
            lost[opened, week] = (1.0 - wins) * decided + dropped
            open_yet = quick
            for stage in range(b.stages):
                open_yet += at[stage]
            still[opened, week] = open_yet
