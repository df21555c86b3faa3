"""Opportunities: how they open, move through the funnel, and are won or lost for a reason."""

from __future__ import annotations

from sim.elementary import exp, log, power
from sim.rule import rule


@rule
def opening_rate(
    base: float, share: float, demand: float, revival: float, relationship_before: float, fresh: float,
    repeat_share: float, relationship: float, loyalty: float,
) -> float:  # fmt: skip
    """Opportunities that open this week.

    ``w * s * demand * (r * (1 + rho_R * (R - 1/2)) + (1 - r) * (1 + u_new * (1 - R_before) * fresh))``: the part r
    that is repeat business follows the relationship as recurring orders do; the rest is new business, which a fresh
    rep revives where the relationship with the one before was weak.

    >>> round(opening_rate(0.1, 0.7, 1.0, 1.3, 0.5, 0.0, 0.0, 0.5, 0.8), 6)
    0.07
    >>> round(opening_rate(0.1, 0.7, 1.0, 1.3, 0.5, 1.0, 0.0, 0.1, 0.8), 6)
    0.1155
    >>> round(opening_rate(0.1, 0.7, 1.0, 1.3, 0.5, 1.0, 1.0, 0.1, 0.8), 6)
    0.0476
    """
    repeat = 1.0 + loyalty * (relationship - 0.5)
    new = 1.0 + revival * (1.0 - relationship_before) * fresh
    return base * share * demand * (repeat_share * repeat + (1.0 - repeat_share) * new)


@rule
def closing_chance(hazard: float, effort: float, exponent: float) -> float:
    """Chance that an opportunity in the last stage is decided this week: ``hazard * h**exponent``, at most 1.

    >>> closing_chance(0.17, 1.0, 0.6)
    0.17
    """
    return min(1.0, hazard * power(effort, exponent))


@rule
def standing_odds(
    odds: float, account_logit: float, ability: float, fit: float, by_ability: float, by_fit: float
) -> float:
    """The log-odds that stay as long as the rep: ``logit(p0) + account + k_A ln ability + k_F ln fit``.

    >>> round(standing_odds(0.25, 0.0, 1.0, 1.0, 0.65, 0.3), 6)
    -1.098612
    """
    return log(odds / (1.0 - odds)) + account_logit + by_ability * log(ability) + by_fit * log(fit)


@rule
def chance_to_come(stage: int, stages: int, advance: float, odds: float) -> float:
    """Chance that an opportunity in a stage (0 the first; ``stages`` for one that walks none) is won some day.

    ``p0 * advance**(stages still to leave)``: what a CRM's weighted pipeline weighs by. Worked: two stages to leave, of
    which 9 in 10 go on, and a quarter won: .9 * .9 * .25.

    >>> round(chance_to_come(0, 3, 0.9, 0.25), 6), chance_to_come(3, 3, 0.9, 0.25)
    (0.2025, 0.25)
    """
    ahead = max(0, stages - 1 - stage)
    return odds * power(advance, float(ahead)) if ahead > 0 else odds


@rule
def effort_odds(effort: float, by_effort: float) -> float:
    """What a rep's effort adds to the log-odds this week: ``k_H ln h``.

    >>> effort_odds(1.0, 0.6)
    0.0
    """
    return by_effort * log(effort)


@rule
def win_chance(
    standing: float, from_effort: float, relationship: float, recent_call: float, pressure: float,
    by_relationship: float, by_call: float,
) -> float:  # fmt: skip
    """Chance of winning an opportunity that is decided now.

    ``logit p = standing_odds + effort_odds + k_R (R - 1/2) + k_C [called within 3 weeks] - kappa``: everything else
    equal, an average rep wins p0.

    >>> round(win_chance(standing_odds(0.25, 0.0, 1.0, 1.0, 0.65, 0.3), 0.0, 0.5, 0, 0.0, 0.2, 0.1), 6)
    0.25
    """
    logit = standing + from_effort + by_relationship * (relationship - 0.5) + by_call * recent_call - pressure
    return 1.0 / (1.0 + exp(-logit))


@rule
def loss_reason(
    u: float, relationship: float, recent_call: int, effort: float, ability: float, fit: float,
    positioning: float, price: float, reviews: float, use_case: float, better: float,
    by_ability: float, by_fit: float, by_relationship: float, by_call: float, by_effort: float,
) -> int:  # fmt: skip
    """Why it was lost, as a place in `sim.world.REASONS`, drawn in proportion to what spoke against us.

    neglect: ``k_R max(0, 1/2 - R) + k_C [not called] + k_H max(0, -ln h)``; poor fit: ``k_F max(0, -ln fit)
    + k_A max(0, -ln ability)``; price, positioning, reviews, missing use case and quality
    (``better``): competitors' lead on each;
    timing: 0.25, what nobody could have changed.
    """
    neglect = (
        by_relationship * max(0.0, 0.5 - relationship)
        + by_call * (1 - recent_call)
        + by_effort * max(0.0, -log(effort))
    )
    poor_fit = by_fit * max(0.0, -log(fit)) + by_ability * max(0.0, -log(ability))
    against_price = max(0.0, price)
    against_positioning = max(0.0, positioning)
    against_reviews = max(0.0, reviews)
    against_use_case = max(0.0, use_case)
    against_quality = max(0.0, better)
    against_us = against_price + against_positioning + against_reviews + against_use_case + against_quality
    left = u * (neglect + against_us + poor_fit + 0.25)
    if left < neglect:
        return 0
    left -= neglect
    if left < against_price:
        return 1
    left -= against_price
    if left < against_positioning:
        return 2
    left -= against_positioning
    if left < against_reviews:
        return 3
    left -= against_reviews
    if left < against_use_case:
        return 4
    left -= against_use_case
    if left < against_quality:
        return 5
    left -= against_quality
    return 6 if left < poor_fit else 7
