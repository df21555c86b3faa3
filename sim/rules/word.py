"""What accounts hear of us from the accounts they know."""

from __future__ import annotations

import math

from sim.rule import rule


@rule
def told(customer: int, lapsed: int, relationship: float) -> float:
    """What one account says of us: a customer its relationship with its rep, one that left -1/2, a prospect nothing.

    >>> told(1, 0, 0.6), told(0, 1, 0.6), told(0, 0, 0.6)
    (0.6, -0.5, 0.0)
    """
    return customer * relationship - 0.5 * lapsed


@rule
def base_rate(rate: float, root_shock: float, launched: float) -> float:
    """Opportunities a week at full share, were nothing heard of us: ``w * sqrt(shock) * launched``.

    Half of a year's shock is in their number, half in their size; ``launched`` is what new products add.

    >>> base_rate(0.1, 1.0, 1.0), round(base_rate(0.1, 1.0, 1.2), 6)
    (0.1, 0.12)
    """
    return rate * root_shock * launched


@rule
def referred(base: float, word: float, referral: float) -> float:
    """Opportunities a week at full share, with what neighbours say: ``base * max(0, 1 + referral * word)``.

    >>> referred(0.1, 0.0, 0.3), round(referred(0.12, 0.5, 0.3), 6)
    (0.1, 0.138)
    """
    return base * max(0.0, 1.0 + referral * word)


@rule
def root(demand: float) -> float:
    """The part of a change of demand that is in the number of opportunities, and as much in their size: its root."""
    return math.sqrt(demand)
