"""The relationship between an account and its present rep, from 0 to 1."""

from __future__ import annotations

from sim.rule import rule


@rule
def deepened(relationship: float, gain: float) -> float:
    """After a call: ``R + gain * (1 - R)``.

    >>> deepened(0.5, 0.12)
    0.56
    """
    return relationship + gain * (1.0 - relationship)


@rule
def faded(relationship: float, fade: float) -> float:
    """At the end of a week: ``R - fade * R``.

    >>> faded(0.5, 0.01)
    0.495
    """
    return relationship - fade * relationship


@rule
def handed_over(relationship: float, kept: float, bonus: float, alike: float) -> float:
    """After a change of rep: ``kept * R + bonus * alike``, at most 1.

    ``alike`` is how much industries and regions of the two reps are the same, 0 to 1: who knows the trade and the
    place is not quite a stranger.

    >>> handed_over(0.5, 0.2, 0.06, 0.0), round(handed_over(0.5, 0.2, 0.06, 0.5), 6)
    (0.1, 0.13)
    """
    return min(1.0, kept * relationship + bonus * alike)


@rule
def steady(calls_a_week: float, gain: float, fade: float) -> float:
    """The relationship that a steady rate of calls holds: ``gain * c / (gain * c + fade)``, where gains equal losses.

    >>> round(steady(0.16, 0.12, 0.01), 6)
    0.657534
    """
    return gain * calls_a_week / (gain * calls_a_week + fade)
