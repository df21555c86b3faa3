"""What the months of a quarter make of its weeks, once opportunities have a rhythm: what reps are used to."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sim.behaviour import Behaviour
from sim.rules.rhythm import in_month, month_of_quarter, paced, ready_share
from sim.world import Floats

QUARTER = 13  # weeks
SETTLED = 40  # quarters after which a pipeline no longer remembers how it began


def usual_weeks(season: Floats, b: Behaviour) -> Floats:
    """What each week of the year usually brings beside the mean week, (52,): the season times the quarter's rhythm.

    Recurring orders follow the season alone. Without a rhythm it is the season, to the last bit.
    """
    rhythm = np.resize(np.array(quarter_rhythm(b)), season.size)
    return np.asarray(season * rhythm)


@lru_cache(maxsize=512)
def quarter_rhythm(b: Behaviour) -> tuple[float, ...]:
    """What the 13 weeks of a quarter are expected to sell beside an even one, mean 1, where as many open every week.

    >>> quarter_rhythm(Behaviour()) == (1.0,) * 13
    True
    >>> late = quarter_rhythm(Behaviour(recurring_share=0.0, last_month_odds=1.0))
    >>> late[0] < 1.0 < late[12], round(sum(late), 6)
    (True, 13.0)
    """
    usual = Behaviour()
    calendar = ("first_month_pace", "last_month_pace", "first_month_odds", "last_month_odds")
    ready = b.quick_share > 0.0 and b.first_month_quick != 0.0
    if not ready and all(getattr(b, name) == getattr(usual, name) for name in calendar):
        return (1.0,) * QUARTER
    at, quick, won = [0.0] * b.stages, 0.0, [0.0] * QUARTER
    for week in range(QUARTER * SETTLED):
        month = month_of_quarter(week)
        closes = paced(b.closing_hazard, in_month(month, b.first_month_pace, 1.0, b.last_month_pace))
        odds = b.win_odds / (1.0 - b.win_odds) * np.exp(in_month(month, b.first_month_odds, 0.0, b.last_month_odds))
        won[week % QUARTER] = float(odds / (1.0 + odds)) * (at[-1] * closes + quick * b.quick_hazard)
        moved = [money * b.stage_hazard for money in at[:-1]] + [at[-1] * closes]
        opened = ready_share(b.quick_share, b.first_month_quick, month)
        arrives = [1.0 - opened, *(part * b.stage_advance for part in moved[:-1])]
        at = [money - left + more for money, left, more in zip(at, moved, arrives, strict=True)]
        quick += opened - quick * b.quick_hazard
    mean = sum(won) / QUARTER
    return tuple(b.recurring_share + (1.0 - b.recurring_share) * part / mean for part in won)
