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
def handed_over(relationship: float, kept: float) -> float:
    """After a change of rep: ``kept * R``.

    >>> handed_over(0.5, 0.2)
    0.1
    """
    return kept * relationship


@rule
def steady(calls_a_week: float, gain: float, fade: float) -> float:
    """The relationship that a steady rate of calls holds: ``gain * c / (gain * c + fade)``, where gains equal losses.

    >>> round(steady(0.16, 0.12, 0.01), 6)
    0.657534
    """
    return gain * calls_a_week / (gain * calls_a_week + fade)
