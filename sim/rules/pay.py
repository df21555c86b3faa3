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
    """Commission on a week's sales: ``rate`` up to the quota, ``over_rate`` beyond, nothing beyond ``cap * quota``.

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


@rule
def week_pay(
    sales: float, before: float, quota: float, pace: float, period_ends: int, period_share: float,
    goal: float, counted: float, commission_rate: float, over_rate: float, bonus: float, cap: float,
    reward: float, ote: float,
) -> float:  # fmt: skip
    """What a rep earns this week, money: salary, commission, the activity reward and, at a period's end, the bonus.

    Rates are in weeks of OTE for a week of the territory's first ``pace``. A bonus that no quota can earn, and a
    reward that no activity goal can earn, are salary: plans cost the same at target.

    >>> round(week_pay(1_000.0, 0.0, 0.0, 1_000.0, 0, 1.0, 0.0, 12.0, 0.5, 0.5, 5.0, 1.2, 0.1, 52_000.0), 6)
    1000.0
    """
    paid_bonus = bonus if quota > 0.0 else 0.0
    paid_reward = reward if goal > 0.0 else 0.0
    weeks = salary_share(commission_rate, paid_bonus) - paid_reward
    weeks += commission(sales, before, quota, commission_rate, over_rate, cap) / max(pace, 1.0)
    if goal > 0.0 and counted >= goal:
        weeks += paid_reward
    if period_ends and quota > 0.0 and before + sales >= quota:
        weeks += paid_bonus * period_share
    return max(0.0, weeks * (ote / 52.0))
