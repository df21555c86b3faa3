"""What becomes of an opportunity, week by week: won, lost or still open, by when in a quarter it opened."""

from __future__ import annotations

import numpy as np

from sim.behaviour import Behaviour
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
    month = np.array([month_of_quarter(week) for week in range(QUARTER)])
    pace = np.array([in_month(m, b.first_month_pace, 1.0, b.last_month_pace) for m in range(3)])
    odds = np.array([in_month(m, b.first_month_odds, 0.0, b.last_month_odds) for m in range(3)])
    win = 1.0 / (1.0 + (1.0 - b.win_odds) / b.win_odds * np.exp(-odds))
    closes = np.array([paced(b.closing_hazard, p) for p in pace])
    quick = np.array([ready_share(b.quick_share, b.first_month_quick, m) for m in month])
    won, lost, still = np.zeros((3, QUARTER, weeks + 1))
    hazards = float(b.stage_hazard), float(b.stage_advance), float(b.quick_hazard)
    _walk(quick, win[month], closes[month], *hazards, np.zeros(b.stages), won, lost, still)
    return won, lost, still


@loop
def _walk(
    ready: Floats, win: Floats, closes: Floats, moves: float, goes_on: float, decides: float, at: Floats,
    won: Floats, lost: Floats, still: Floats,
) -> None:  # fmt: skip
    """Fills the tables; ``ready``, ``win`` and ``closes`` are by the week of the quarter, (13,), ``at`` is scratch."""
    stages = at.size
    for opened in range(ready.size):
        quick = ready[opened]
        at[:] = 0.0
        at[0] = 1.0 - quick
        still[opened, 0] = 1.0
        for week in range(1, won.shape[1]):
            now = (opened + week) % ready.size
            decided = at[stages - 1] * closes[now] + quick * decides
            at[stages - 1] -= at[stages - 1] * closes[now]
            quick -= quick * decides
            dropped = 0.0
            for stage in range(stages - 2, -1, -1):
                moved = at[stage] * moves
                at[stage] -= moved
                at[stage + 1] += goes_on * moved
                dropped += (1.0 - goes_on) * moved
            won[opened, week] = win[now] * decided
            lost[opened, week] = (1.0 - win[now]) * decided + dropped
            still[opened, week] = quick
            for stage in range(stages):
                still[opened, week] += at[stage]
