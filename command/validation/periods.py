"""Patterns of a goal period's end: more effort, closes moved over it, discounts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from command.validation.lab import Lab, Readings, no_goals, ratio_of_means, rep_weeks
from scenarios.goals import goal_policy
from scenarios.pay import pay_plan
from scenarios.schema import GoalsOptions, PayOptions
from sim.world import WEEKS, Floats, GoalPolicy, Pay, World

QUARTERS = 4
QUARTER = WEEKS // QUARTERS
LAST_WEEKS = np.arange(WEEKS) % QUARTER >= QUARTER - 4  # of each quarter, those in which closes are moved
FAR_SIGHTED = 0.97  # patience of a rep for whom a bonus a year away is worth a fifth of one that is paid now
AUTHORITY = 0.2  # the largest part of a list price that reps may let go: a setting of the experiment


def effort_or_timing(lab: Lab) -> Readings:
    """Pattern 18: quarterly bonuses make reps work more than they make them move closes (Steenburgh 2008).

    The last four weeks of the quarters of the second year, with the bonus against the same quotas without it (it is
    salary then), once with reps who leave closes where they fall and once with reps who move them. The *part of effort*
    is the first rise over the second. Each rise is of the team and all replications together: the part is a ratio of
    means, for single replications may not rise at all.
    """
    quotas = [by_potential(QUARTERS)] * 2
    none = pay_plan(PayOptions(name="commission"), lab.scenario.team.ote)

    def sold(timing: float, pay: Pay) -> Floats:
        year = lab.years(in_play(lab, timing=timing), quotas, pay=pay, begun_in=lab.base)[1]
        total: Floats = rep_weeks(year, "fluid_sales")[:, LAST_WEEKS].sum((1, 2))
        return total

    still, moving = (100.0 * (sold(timing, lab.pay) / sold(timing, none) - 1.0) for timing in (0.0, 1.0))
    return {
        "part of effort in the rise of the last four weeks": ratio_of_means(still, moving),
        "rise without moving closes, per cent": still,
        "rise with it, per cent": moving,
    }


def fiscal_year(lab: Lab) -> Readings:
    """Pattern 19: firms sell more at the end of their fiscal year and less at its beginning (Oyer 1998: the sign).

    Years two and three of a yearly quota with 1.75 times the rate above it, reps who time their closes and for whom
    what is far counts less (`FAR_SIGHTED`), against the same years without quotas. Each week's expected sales over
    those of the other run, mean of a quarter's weeks and of both years.
    """
    world = in_play(lab, patience=FAR_SIGHTED, timing=1.0)
    pay = pay_plan(PayOptions(name="accelerator"), lab.scenario.team.ote)
    over = []
    for with_quota, without in zip(
        *(lab.years(world, [goals] * 3, pay=pay, begun_in=lab.base)[1:] for goals in (by_potential(1), no_goals)),
        strict=True,
    ):
        weeks = rep_weeks(with_quota, "fluid_sales").sum(2) / rep_weeks(without, "fluid_sales").sum(2)
        over.append(weeks.reshape(len(weeks), QUARTERS, QUARTER).mean(2))
    quarters = 100.0 * (np.mean(over, axis=0) - 1.0)
    return {"last quarter, per cent": quarters[:, -1], "first quarter, per cent": quarters[:, 0]}


def gaming(lab: Lab) -> Readings:
    """Pattern 20: reps who are paid more beyond a quota let go of the firm's prices to get there (Larkin 2014).

    A year of quarterly quotas with twice the commission beyond them, and leave to let go up to a fifth of a price.
    Discounts of all deals that were won, over what these would have cost at list price.
    """
    pay = pay_plan(PayOptions(name="accelerator", over=2.0 * lab.pay.commission), lab.scenario.team.ote)
    played = lab.year(lab.base, goals=by_potential(QUARTERS), pay=pay._replace(authority=AUTHORITY))
    given, paid = (rep_weeks(played, column).sum((1, 2)) for column in ("discounts", "won_revenue"))
    return {"list prices lost, per cent": 100.0 * given / (given + paid)}


def by_potential(periods: int, ratchets: bool = False) -> GoalPolicy:
    """Quotas by potential as planners set them, so many a year; with ``ratchets`` reps fear that one reached rises."""
    policy = goal_policy(GoalsOptions(name="quota_potential", periods=periods))
    return lambda last: policy(last)._replace(ratchets=ratchets)


def in_play(lab: Lab, **behaviour: Any) -> World:
    """The base world with reps who behave otherwise in what the name of a parameter says."""
    return replace(lab.base, behaviour=lab.base.behaviour._replace(**behaviour))
