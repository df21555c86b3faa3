"""Reps who leave, and those who come after them."""

from __future__ import annotations

from sim.elementary import exp
from sim.rule import rule


@rule
def pay_gap(paid: float, on_target: float) -> float:
    """Part of the pay on target that a rep missed so far: ``max(0, 1 - paid / on target)``; 0 before the first week.

    >>> pay_gap(75.0, 100.0), pay_gap(120.0, 100.0), pay_gap(0.0, 0.0)
    (0.25, 0.0, 0.0)
    """
    return max(0.0, 1.0 - paid / on_target) if on_target > 0.0 else 0.0


@rule
def quit_chance(
    a_year: float, missed: int, gap: float, gone: float, by_missed: float, by_gap: float, by_gone: float
) -> float:
    """Chance that a rep leaves this week: ``a_year / 52 * (1 + k_m [missed >= 2]) (1 + k_g gap) (1 + k_p gone)``.

    ``missed``: quota periods missed in a row; ``gap``: pay missed; ``gone``: part of the colleagues who left this year.

    >>> round(quit_chance(0.26, 0, 0.0, 0.0, 1.0, 1.0, 1.0), 6), round(quit_chance(0.26, 2, 0.5, 0.0, 1.0, 1.0, 1.0), 6)
    (0.005, 0.015)
    """
    often = 1.0 + by_missed if missed >= 2 else 1.0
    return min(1.0, a_year / 52.0 * often * (1.0 + by_gap * gap) * (1.0 + by_gone * gone))


@rule
def ramp(weeks: float, lost: float, slowness: float) -> float:
    """What a new rep's call does beside a seasoned one's: ``1 - lost * exp(-weeks / slowness)``.

    >>> round(ramp(0.0, 0.7, 14.0), 6), round(ramp(14.0, 0.7, 14.0), 4)
    (0.3, 0.7425)
    """
    return 1.0 - lost * exp(-weeks / slowness)
