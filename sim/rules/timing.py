"""When reps close, and what they let go of the price to close now."""

from __future__ import annotations

from sim.elementary import power
from sim.rule import rule
from sim.rules.effort import bonus_pull, gap, patience_left, spread_ahead


@rule
def next_period(
    quota: float, pace: float, commission: float, bonus: float, period_weeks: float,
    luck_of_week: float, luck_of_pace: float, patience: float,
) -> float:  # fmt: skip
    """What a week's worth of sales would add to pay if it were booked when the next period begins, in weeks of pay.

    ``c + B * (period / 52) * phi(z) / D(period) * patience**(period - 1)``, z = `gap` of a whole period: a fresh quota
    as large as this one, at the rep's own pace. Who can't reach this one has little to save sales for.

    >>> round(next_period(52.0, 1.0, 0.5, 5.0, 52.0, 0.6, 0.1, 1.0), 4)
    0.7949
    >>> round(next_period(520.0, 1.0, 0.5, 5.0, 52.0, 0.6, 0.1, 1.0), 4)
    0.5
    """
    spread = spread_ahead(period_weeks, luck_of_week, luck_of_pace)
    z = gap(quota, 0.0, max(pace, 0.05 * quota / period_weeks), period_weeks, spread)
    return commission + bonus_pull(bonus, period_weeks, z, spread) * patience_left(patience, period_weeks)


@rule
def timed(now: float, later: float, timing: float) -> float:
    """How a rep moves the close of deals near a period's end: ``clip((now / later)**timing, 1/2, 2)``.

    ``now`` and ``later`` are what a sale adds to pay in this period and in the next: above 1 deals are pulled forward,
    below 1 held back.

    >>> timed(0.5, 0.5, 1.0), timed(0.5, 2.0, 1.0), timed(0.3, 0.9, 0.0), timed(0.0, 0.0, 1.0)
    (1.0, 0.5, 1.0, 1.0)
    """
    if now <= 0.0 or later <= 0.0:
        return 1.0
    return min(2.0, max(0.5, power(now / later, timing)))


@rule
def discount(now: float, commission: float, authority: float) -> float:
    """Part of the price that a rep lets go to win: ``authority * (now - c) / now``, 0 where commission is all there is.

    ``now`` is what a sale adds to pay this week. A rep who is paid the plain commission loses by a discount what the
    firm loses; what a quota or a higher rate adds is the rep's alone.

    >>> discount(0.5, 0.5, 0.2), discount(1.0, 0.5, 0.2), discount(0.0, 0.5, 0.2)
    (0.0, 0.1, 0.0)
    """
    return authority * (now - commission) / now if now > commission else 0.0
