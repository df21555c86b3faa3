"""The order of one week: both engines follow this list, each step reads what the one before it wrote.

Within a step the order of accounts and reps never matters.

0. ``meet``        What does not happen in every year: an empty place is taken or a rep leaves, accounts hear what their
   neighbours say after last week, events of this date happen (`sim.meeting`).
1. ``set_effort``  Every rep chooses effort and quality for the week from attainment, expectation and weeks
   left, as of last week's end (`sim.rules.effort`).
2. ``make_calls``  Every rep ranks its accounts by this week's draw and calls the first ones until the next call
   does not fit the hours; a called account's goodwill and relationship rise at once (`sim.rules.calling`).
3. ``order``       The rep's feeling of success fades; customers place recurring orders, and each sale of the week
   is felt as it is booked (`sim.rules.orders`).
4. ``decide``      Open opportunities, oldest first, move on, are won, or are lost for a reason; then new ones
   open, and move from next week on (`sim.rules.pipeline`). The first win makes a customer.
5. ``leave``       Customers may lapse (`sim.rules.status`).
6. ``forget``      Goodwill, relationship and freshness fade.
7. ``close_week``  Every rep books the week: pay, pace, attainment; the week is recorded.

Before week 1 goals are set (`sim.year`) and the plan takes over: accounts that change rep keep part of the
relationship (`sim.handover`).
"""

from __future__ import annotations

from functools import cache

NEWS_STEPS = ("speak", "hear")
REP_STEPS = ("set_effort", "make_calls")
ACCOUNT_STEPS = ("order", "decide", "leave", "forget")
LAST_STEPS = ("close_week",)


@cache
def periods_of_year(periods: int, weeks: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """`period_of` for each of the first ``weeks`` weeks: the first weeks, and the weeks after the last.

    >>> periods_of_year(26, 3)
    ((0, 0, 2), (2, 2, 4))
    """
    first, end = zip(*(period_of(week, periods) for week in range(weeks)), strict=True)
    return first, end


def period_of(week: int, periods: int, weeks: int = 52) -> tuple[int, int]:
    """First week and week after the last of the goal period that ``week`` (0 to 51) lies in.

    >>> period_of(12, 4), period_of(13, 4), period_of(51, 1)
    ((0, 13), (13, 26), (0, 52))
    """
    number = week * periods // weeks
    while (number + 1) * weeks // periods <= week:
        number += 1
    return number * weeks // periods, (number + 1) * weeks // periods
