"""When buyers decide: the months of a quarter, and the weekly chances and odds that go with them."""

from __future__ import annotations

from sim.elementary import exp
from sim.rule import rule


@rule
def month_of_quarter(week: int) -> int:
    """Month of its quarter, 0 to 2, that ``week`` (0 to 51, from 1 January on) lies in: four weeks, five and four.

    ``floor((3 * (week mod 13) + 1) / 13)``; a year is four quarters of 13 weeks, and each week counts to the month in
    which most of its days lie.

    >>> [month_of_quarter(week) for week in (0, 3, 4, 8, 9, 12, 13, 51)]
    [0, 0, 1, 1, 2, 2, 0, 2]
    """
    return (3 * (week % 13) + 1) // 13


@rule
def in_month(month: int, first: float, middle: float, last: float) -> float:
    """What holds in that month of a quarter: a factor on chances (middle month 1), or log-odds (middle month 0).

    >>> [in_month(month, 0.2, 1.0, 1.5) for month in range(3)]
    [0.2, 1.0, 1.5]
    """
    return first if month == 0 else last if month == 2 else middle


@rule
def paced(chance: float, pace: float) -> float:
    """Weekly chance that an opportunity in the last stage is decided, by the calendar: ``min(1, chance * pace)``.

    >>> paced(0.17, 1.0), paced(0.17, 0.0), paced(0.3, 5.0)
    (0.17, 0.0, 1.0)
    """
    return min(1.0, chance * pace)


@rule
def ready_share(share: float, first_month: float, month: int) -> float:
    """Part of what opens in that month of a quarter that the buyer is ready to decide: ``logit s + x`` in the first.

    ``share`` s holds in the other months; x (``first_month``) is what the first one adds to its log-odds.

    >>> ready_share(0.4, 1.2, 1), round(ready_share(0.4, 1.2, 0), 3), ready_share(0.0, 1.2, 0)
    (0.4, 0.689, 0.0)
    """
    if share <= 0.0 or first_month == 0.0 or month != 0:
        return share
    return share / (share + (1.0 - share) * exp(-first_month))
