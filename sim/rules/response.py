"""What calls do to an account: goodwill, and the share of what is winnable."""

from __future__ import annotations

from sim.elementary import power
from sim.rule import rule


@rule
def goodwill_a_call(need: float, carry_over: float) -> float:
    """What one average call adds to an account's goodwill: ``(1 - L) * 52 / c*``.

    Goodwill is in units of a well-covered account's: ``need`` calls a year, of which ``carry_over`` is left each week,
    hold it at 1.

    >>> round(goodwill_a_call(10.4, 0.96), 6)
    0.2
    """
    return (1.0 - carry_over) * 52.0 / need


@rule
def reach(x: float, half: float, shape: float, pressure: float) -> float:
    """Part of the reachable share that goodwill wins: ``f = x**d / (g * (1 + kappa) + x**d)``.

    ``x`` is goodwill, 1 = well covered, ``half`` the x at which half is won, ``pressure`` what competitors' lead
    adds to it.

    >>> reach(1.0, 1.0, 1.0, 0.0), reach(0.0, 1.0, 1.0, 0.0)
    (0.5, 0.0)
    """
    raised = x if shape == 1.0 else power(x, shape)
    return raised / (half * (1.0 + pressure) + raised)


@rule
def reach_gained(x: float, more: float, half: float, shape: float, pressure: float) -> float:
    """What ``more`` goodwill adds to `reach`: ``f(x + more) - f(x)``, as ``G (r' - r) / ((G + r') (G + r))``.

    G is ``g * (1 + kappa)`` and r is ``x**d``, before and after.

    >>> round(reach_gained(1.0, 2.0, 1.0, 1.0, 0.0), 6), reach(3.0, 1.0, 1.0, 0.0) - reach(1.0, 1.0, 1.0, 0.0)
    (0.25, 0.25)
    """
    before = x if shape == 1.0 else power(x, shape)
    after = x + more if shape == 1.0 else power(x + more, shape)
    to_half = half * (1.0 + pressure)
    return to_half * (after - before) / ((to_half + after) * (to_half + before))


@rule
def share(reached: float, floor: float) -> float:
    """Share of what is winnable that we win: ``s = b + (1 - b) * f``.

    >>> round(share(0.5, 0.4), 6)
    0.7
    """
    return floor + (1.0 - floor) * reached


@rule
def share_won(goodwill: float, floor: float, half: float, shape: float, pressure: float) -> float:
    """`share` straight from goodwill.

    >>> round(share_won(1.0, 0.4, 1.0, 1.0, 0.0), 6)
    0.7
    """
    return share(reach(goodwill, half, shape, pressure), floor)


@rule
def elasticity(reached: float, floor: float, shape: float) -> float:
    """Per cent more share for one per cent more goodwill: ``(1 - b) * f * d * (1 - f) / s``.

    >>> round(elasticity(0.5, 0.4, 1.0), 6)
    0.214286
    """
    return (1.0 - floor) * reached * shape * (1.0 - reached) / share(reached, floor)


@rule
def ahead(positioning: float, price: float, reviews: float, use_case: float, quality: float) -> float:
    """How far competitors are ahead, all criteria together: ``sum(max(0, lead))``.

    >>> round(ahead(0.2, -0.5, 0.0, 0.1, 0.0), 6)
    0.3
    """
    return max(0.0, positioning) + max(0.0, price) + max(0.0, reviews) + max(0.0, use_case) + max(0.0, quality)


@rule
def pressure(farther: float, weight: float, word: float, review: float) -> float:
    """What makes selling harder than it was: ``kappa = weight * farther - review * word``.

    ``farther`` is how far competitors are `ahead` now less how far they were when the year began, which is in the
    shares and win rates of before. ``word`` is what neighbours say of us. Not below -1/2.

    >>> round(pressure(0.5 - 0.3, 1.0, 0.0, 0.0), 6), round(pressure(0.0, 1.0, 0.5, 0.2), 6)
    (0.2, -0.1)
    """
    return max(-0.5, weight * farther - review * word)


@rule
def fade(value: float, left: float) -> float:
    """What is left of a quantity a week later: ``value * left``."""
    return value * left
