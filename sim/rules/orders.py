"""Recurring orders of customers."""

from __future__ import annotations

import math

from sim.elementary import as_whole
from sim.rule import rule


@rule
def order_rate(a_year: float, demand: float, share: float, relationship: float, loyalty: float) -> float:
    """Orders a customer places this week: ``a_year / 52 * demand * min(1, s * (1 + rho_R * (R - 1/2)))``.

    ``demand`` is season times trend; the relationship lifts or lowers what the share alone would bring.

    >>> round(order_rate(12.0, 1.0, 0.7, 0.5, 0.9) * 52, 6)
    8.4
    """
    return a_year / 52.0 * demand * min(1.0, share * (1.0 + loyalty * (relationship - 0.5)))


@rule
def rounded(money: float) -> float:
    """Money in cents without fractions, half a cent up, as a float: ``floor(100 * money + 1/2)``.

    >>> float(rounded(12.345))
    1235.0
    """
    return math.floor(100.0 * money + 0.5)


@rule
def cents(money: float) -> int:
    """`rounded` as a whole number. Never negative money in.

    >>> cents(12.345), cents(0.0)
    (1235, 0)
    """
    return as_whole(rounded(money))
