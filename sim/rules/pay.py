"""What a rep earns in a week; money in the market's currency."""

from __future__ import annotations

from sim.rule import rule


@rule
def salary_share(commission: float, bonus: float) -> float:
    """Part of on-target earnings that is salary, so that every plan costs the same at target: ``1 - c - B / 52``.

    >>> round(salary_share(0.5, 5.2), 6)
    0.4
    """
    return 1.0 - commission - bonus / 52.0


@rule
def commission(sales: float, before: float, quota: float, rate: float, over_rate: float, cap: float) -> float:
    """Commission on one week's sales: ``rate`` up to the quota of the period, ``over_rate`` beyond, nothing beyond ``cap * quota``.

    ``before`` is what was sold in the period before this week; quota 0 = none: all at ``rate``.

    >>> commission(10.0, 95.0, 100.0, 0.1, 0.2, 1.02)
    0.9
    """
    if quota <= 0.0:
        return rate * sales
    after = before + sales
    under = max(0.0, min(after, quota) - min(before, quota))
    ceiling = cap * quota
    over = max(0.0, min(after, ceiling) - min(max(before, quota), ceiling))
    return rate * under + over_rate * over
