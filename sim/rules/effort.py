"""How hard a rep works, and what that does to calls."""

from __future__ import annotations

import math

from sim.elementary import exp, power
from sim.rule import rule


@rule
def density(z: float) -> float:
    """The standard normal density."""
    return 0.3989422804014327 * exp(-0.5 * z * z)


@rule
def below(z: float) -> float:
    """The probability of a standard normal value below z, to 1e-7, from + - * / and exp only.

    Abramowitz & Stegun 26.2.17: the error function of C libraries differs in the last bits between them.

    >>> round(below(0.0), 6), round(below(1.959964), 6)
    (0.5, 0.975)
    """
    a = abs(z)
    t = 1.0 / (1.0 + 0.2316419 * a)
    tail = density(a) * t * (
        0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429)))
    )  # fmt: skip
    return 1.0 - tail if z > 0.0 else tail


@rule
def spread_ahead(weeks_left: float, luck_of_week: float, luck_of_pace: float) -> float:
    """How uncertain the sales ahead are, in weeks of sales: ``D = sqrt(sigma_w**2 n + sigma_p**2 n**2)``.

    >>> spread_ahead(1.0, 0.6, 0.8)
    1.0
    """
    return math.sqrt(luck_of_week * luck_of_week * weeks_left + luck_of_pace * luck_of_pace * weeks_left * weeks_left)


@rule
def gap(target: float, sold: float, pace: float, weeks_left: float, spread: float) -> float:
    """How far the target is beyond what the present pace brings, in standard deviations of what may come.

    ``z = (target - sold - pace * n) / (pace * D)``; 0 means an even chance.

    >>> gap(52.0, 0.0, 1.0, 52.0, 6.0)
    0.0
    """
    return (target - sold - pace * weeks_left) / (pace * spread)


@rule
def activity_gap(goal: float, rate: float, luck: float) -> float:
    """The same for a week's activity goal: ``z_a = (goal - r) / (r * sigma_a)``.

    r is what the rep itself calls in a week at effort 1.

    >>> activity_gap(18.0, 15.0, 0.2)
    1.0
    """
    return (goal - rate) / (rate * luck)


@rule
def drive_left(drive: float, discouragement: float, chance: float) -> float:
    """Drive that pay does not buy: ``m0 * (1 - d0 * (1 - p)**4)``: a goal out of reach discourages.

    >>> drive_left(0.5, 0.3, 0.0), drive_left(0.5, 0.3, 1.0)
    (0.35, 0.5)
    """
    doubt = 1.0 - chance
    return drive * (1.0 - discouragement * doubt * doubt * doubt * doubt)


@rule
def bonus_pull(bonus: float, period_weeks: float, z: float, spread: float) -> float:
    """What a week's worth of sales adds to the expected bonus: ``B * (period / 52) * phi(z) / D``, in weeks of pay.

    >>> round(bonus_pull(5.0, 52.0, 0.0, 6.0), 6)
    0.332452
    """
    return bonus * period_weeks / 52.0 * density(z) / spread


@rule
def activity_pull(reward: float, z: float, luck: float) -> float:
    """What a week's worth of calls adds to the chance of an activity goal: ``g_a * phi(z_a) / sigma_a``.

    >>> round(activity_pull(0.1, 0.0, 0.15), 6)
    0.265962
    """
    return reward * density(z) / luck


@rule
def rushed(rush: float, quota: float, sold: float, pace: float, weeks_left: float) -> float:
    """Part of a call's quality lost to running behind: ``rush * clip((quota - sold) / (pace * n) - 1, 0, 1/2)``.

    >>> rushed(0.3, 60.0, 0.0, 1.0, 52.0) < rushed(0.3, 70.0, 0.0, 1.0, 52.0)
    True
    """
    return rush * min(0.5, max(0.0, (quota - sold) / (pace * weeks_left) - 1.0))


@rule
def patience_left(patience: float, weeks_left: float) -> float:
    """What a payment at the period's end is worth to a rep now: ``patience**(n - 1)``; this week's counts in full.

    >>> patience_left(0.9, 1.0), round(patience_left(0.9, 3.0), 6), patience_left(1.0, 52.0)
    (1.0, 0.81, 1.0)
    """
    return power(patience, weeks_left - 1.0)


@rule
def held_back(ratchet: float, chance: float) -> float:
    """What the fear of a higher quota next time takes off, in weeks of pay: ``ratchet * P(quota reached)``.

    >>> held_back(0.25, 0.5)
    0.125
    """
    return ratchet * chance


@rule
def weigh_quota(
    quota: float, sold: float, pace: float, period_weeks: float, weeks_left: float,
    commission: float, over: float, bonus: float, cap: float, patience: float,
    drive: float, discouragement: float, luck_of_week: float, luck_of_pace: float, rush: float,
) -> tuple[float, float, float, float]:  # fmt: skip
    """Drive, what a week's worth of sales adds to pay, the chance of reaching the quota, and the quality lost to rush.

    Drive is `drive_left`; to pay is added ``c * P(final sales below the cap) + bonus_pull * patience**(n - 1)``, both
    in weeks of pay. After the goal the bonus falls away and c is the over-quota rate; beyond the cap c is 0. Without a
    quota: drive and c, nothing else. The pace is taken as at least 5 % of what the quota asks for.

    >>> weigh_quota(0.0, 0.0, 1.0, 52.0, 52.0, 0.5, 0.9, 5.0, 1.2, 1.0, 0.5, 0.3, 0.6, 0.1, 0.3)
    (0.5, 0.5, 0.0, 0.0)
    >>> weigh_quota(52.0, 53.0, 1.0, 52.0, 10.0, 0.5, 0.9, 5.0, 1.0, 1.0, 0.5, 0.3, 0.6, 0.1, 0.3)
    (0.5, 0.0, 1.0, 0.0)
    """
    if quota <= 0.0:
        return drive, commission, 0.0, 0.0
    believed = max(pace, 0.05 * quota / period_weeks)
    spread = spread_ahead(weeks_left, luck_of_week, luck_of_pace)
    ceiling = min(cap, 1e6) * quota
    under_cap = 0.0 if sold >= ceiling else below(gap(ceiling, sold, believed, weeks_left, spread))
    if sold >= quota:
        return drive_left(drive, discouragement, 1.0), over * under_cap, 1.0, 0.0
    z = gap(quota, sold, believed, weeks_left, spread)
    chance = below(-z)
    pull = bonus_pull(bonus, period_weeks, z, spread) * patience_left(patience, weeks_left)
    lost_to_rush = rushed(rush, quota, sold, believed, weeks_left)
    return drive_left(drive, discouragement, chance), commission * under_cap + pull, chance, lost_to_rush


@rule
def weigh_activity(goal: float, rate: float, reward: float, luck: float) -> float:
    """What an activity goal adds to that, in weeks of pay; 0 without one.

    >>> weigh_activity(0.0, 15.0, 0.1, 0.15), round(weigh_activity(15.0, 15.0, 0.1, 0.15), 6)
    (0.0, 0.265962)
    """
    if goal <= 0.0:
        return 0.0
    return activity_pull(reward, activity_gap(goal, max(rate, 0.1), luck), luck)


@rule
def effort(benefit: float, response: float, low: float, high: float) -> float:
    """Effort, 1 = normal: ``clip(max(MB, .01)**eta, low, high)``; MB = what a week of effort brings, in weeks of pay.

    >>> effort(1.0, 0.45, 0.5, 1.6)
    1.0
    """
    return min(high, max(low, power(max(benefit, 0.01), response)))


@rule
def quality(
    ability: float, by_ability: float, effort_now: float, by_effort: float, ramped: float, lost_to_rush: float
) -> float:
    """What one call does, before fit: ``q = ability**k_q * h**.4 * ramp * (1 - rush)``.

    >>> quality(1.0, 0.6, 1.0, 0.4, 1.0, 0.0), quality(1.0, 0.6, 1.0, 0.4, 0.5, 0.1)
    (1.0, 0.45)
    """
    return power(ability, by_ability) * power(effort_now, by_effort) * ramped * (1.0 - lost_to_rush)


@rule
def smoothed(old: float, new: float, memory: float) -> float:
    """A running estimate: ``memory * old + (1 - memory) * new``.

    >>> smoothed(10.0, 20.0, 0.9)
    11.0
    """
    return memory * old + (1.0 - memory) * new


@rule
def fit(industry: float, area: float, product: float) -> float:
    """A rep's fit for an account: the product of the three, kept in 0.7 to 1.3.

    >>> fit(1.1, 1.0, 1.0), fit(1.3, 1.3, 1.0)
    (1.1, 1.3)
    """
    return min(1.3, max(0.7, industry * area * product))
