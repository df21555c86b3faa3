"""Whether an account is a prospect, a customer or lapsed."""

from __future__ import annotations

from sim.rule import rule


@rule
def churn_chance(a_year: float, goodwill: float, relationship: float) -> float:
    """Chance that a customer lapses this week: ``a_year / 52 * (1/2 + (1/2) / (x + 1/2)) * (3/2 - R)``.

    Neglected accounts (goodwill x near 0) leave three times as fast as much-called ones, strangers (R = 0)
    half as fast again as average.

    >>> round(churn_chance(0.083, 0.5, 0.5) * 52, 6)
    0.083
    """
    return a_year / 52.0 * (0.5 + 0.5 / (goodwill + 0.5)) * (1.5 - relationship)
