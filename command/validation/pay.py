"""Patterns of pay plans that last for years: caps, quotas that follow what was sold, bonuses against commission."""

from __future__ import annotations

import numpy as np

from command.validation.calls import rank_correlation
from command.validation.lab import Lab, Readings, fluid, no_goals, rep_weeks
from command.validation.periods import QUARTERS, by_potential, in_play
from scenarios.goals import ratcheted
from scenarios.pay import NO_CAP, pay_plan
from scenarios.schema import PayOptions
from sim.world import WEEKS, Floats, GoalPolicy, Goals, LastYear, Pay
from sim.year import Played

FAST_UP, FAST_DOWN = 0.8, 0.5  # how far a quota follows what was sold above it, and below: both quickly
IMPATIENT = 0.93  # patience of a rep for whom a bonus a quarter away is worth two fifths of one that is paid now
YEARS = 3


def simpler_pay(lab: Lab) -> Readings:
    """Pattern 14: without cap, quota and ratchet a team sells more (Misra & Nair 2011).

    Three years of a capped plan with quarterly quotas that follow what was sold (`fast_history`) and reps who know it,
    against three of commission on every sale. Both cost the same at target (decision 0005), where the new rate
    c + B / 52 takes in the bonus. Sales are those of all three years: what was published is the change of plans at
    work, which includes how it began. Quotas are missed, so the old plan paid less than that; what is left of the gain
    at a rate that costs no more (`costing`) is shown.
    """
    old_pay = pay_plan(PayOptions(name="capped"), lab.scenario.team.ote)
    quotas = [by_potential(QUARTERS, True), *[fast_history(QUARTERS, True)] * (YEARS - 1)]
    old = lab.years(lab.base, quotas, pay=old_pay)

    def gain(pay: Pay) -> Floats:
        new = lab.years(lab.base, [no_goals] * YEARS, pay=pay)
        sales = [np.sum([fluid(year) for year in years], axis=0) for years in (new, old)]
        gained: Floats = 100.0 * (sales[0] / sales[1] - 1.0)
        return gained

    return {
        "gain of revenue, per cent": gain(all_commission(lab)),
        "the same for what the old plan paid, per cent": gain(costing(lab, old)),
    }


def bonus_to_commission(lab: Lab) -> Readings:
    """Pattern 17: commission instead of bonuses of equal cost raises output, most that of the less able, and evens out
    the quarter, at the price of what nobody pays for (Kishore et al. 2013).

    All variable pay of the status quo as a bonus for each quarter's quota against all of it as commission without
    quotas, equal at target; reps are impatient (`IMPATIENT`) and time their closes. The second year counts, when the
    rhythm of quarters has set in. The less able are the lower half of the team.

    The *spread* is the coefficient of variation of a quarter's 13 weeks: expected sales of all reps over the season,
    the mean of the four quarters. *Time left* for what is not paid is the week of a rep who works as hard as any can,
    ``effort_high`` times its hours, less the hours that it gives to calls and travel, its effort times its hours:
    whatever else there is to do has no other room. Bonuses are often missed: what they really paid is shown, and what
    commission brings that costs no more (`costing`).
    """
    world = in_play(lab, patience=IMPATIENT, timing=1.0)
    variable = all_commission(lab).commission
    bonus = Pay(0.0, variable * WEEKS, 0.0, NO_CAP, lab.scenario.team.ote)
    before = lab.years(world, [by_potential(QUARTERS)] * 2, pay=bonus, begun_in=lab.base)[1]
    after, cheap = (
        lab.years(world, [no_goals] * 2, pay=pay, begun_in=lab.base)[1]
        for pay in (all_commission(lab), costing(lab, [before]))
    )
    sold, sells = rep_weeks(before, "fluid_sales"), rep_weeks(after, "fluid_sales")
    low = np.argsort(np.argsort(world.reps.ability)) < world.reps.key.size // 2
    gain = [100.0 * (sells[..., half].sum((1, 2)) / sold[..., half].sum((1, 2)) - 1.0) for half in (low, ~low)]
    most, hours = world.behaviour.effort_high, world.reps.hours
    left = [((most - rep_weeks(played, "effort")) * hours).mean((1, 2)) for played in (before, after)]
    paid = [rep_weeks(played, "pay").sum((1, 2)) for played in (before, after)]
    return {
        "output, per cent": 100.0 * (fluid(after) / fluid(before) - 1.0),
        "gain of the less able over that of the others, points": gain[0] - gain[1],
        "spread over the weeks of a quarter": spread(sells, world.season) - spread(sold, world.season),
        "time left for what is not paid, hours a week": left[1] - left[0],
        "paid before over after, per cent": 100.0 * paid[0] / paid[1],
        "output for what the bonus plan paid, per cent": 100.0 * (fluid(cheap) / fluid(before) - 1.0),
    }


def ratchets(lab: Lab) -> Readings:
    """Pattern 25: quotas that follow what was sold teach restraint (Leone, Misra & Zimmerman 2004).

    The first year's quotas are shares of potential, those of the next two `fast_history`. Ability and attainment go
    together at first and no longer in the last year: whoever sold more has more to sell. Attainment is that of expected
    sales, so that what a quota asks is seen and not the luck of a year; quotas follow what was booked. *The best* are
    the third of the team with the highest ability, over all three years, against the same years and the same rule with
    reps who do not know that a quota reached raises the next one.
    """
    ability = lab.base.reps.ability
    years = {
        knows: lab.years(lab.base, [by_potential(1, knows), *[fast_history(1, knows)] * (YEARS - 1)])
        for knows in (True, False)
    }
    together = [
        np.array([rank_correlation(ability, played.out.rep.fluid_sales.sum(0) / played.quota) for played in year])
        for year in years[True]
    ]
    best = np.argsort(ability)[-(ability.size // 3 or 1) :]
    effort, sales = (
        [sum(rep_weeks(year, column)[..., best].sum((1, 2)) for year in years[knows]) for knows in (True, False)]
        for column in ("effort", "fluid_sales")
    )
    return {
        "rank correlation of ability and attainment, first year": together[0],
        "the same, last year": together[-1],
        "effort of the best, per cent": 100.0 * (effort[0] / effort[1] - 1.0),
        "sales of the best, per cent": 100.0 * (sales[0] / sales[1] - 1.0),
    }


def all_commission(lab: Lab) -> Pay:
    """All variable pay of the status quo as commission on every sale: c + B / 52 of a week's pay for a week's sales."""
    rate = lab.pay.commission + lab.pay.bonus / WEEKS
    return Pay(rate, 0.0, rate, NO_CAP, lab.pay.ote)


def costing(lab: Lab, years: list[list[Played]]) -> Pay:
    """The salary of `all_commission`, and commission for what was paid beyond it in years played under another plan.

    Worked: reps got 0.9 of OTE and the salary is 0.4 of it: the rate is 0.5 of a week's pay for a week's sales.
    """
    paid = float(np.mean([rep_weeks(year, "pay").sum(1) for year in years])) / 100.0 / lab.pay.ote
    rate = paid - (1.0 - all_commission(lab).commission)
    return Pay(rate, 0.0, rate, NO_CAP, lab.pay.ote)


def fast_history(periods: int, knows: bool) -> GoalPolicy:
    """Quotas that follow last year's sales quickly, by `ratcheted` without growth; ``knows``: reps see that they do."""

    def policy(last: LastYear) -> Goals:
        quota = ratcheted(last.quota, last.attained, 0.0, FAST_UP, FAST_DOWN)
        return Goals(quota, np.zeros(last.reps), False, periods, knows)

    return policy


def spread(sales: Floats, season: Floats) -> Floats:
    """Coefficient of variation of the 13 weeks of a quarter, (replications, 52, m) to (replications,).

    Of the team's sales over the season, the mean of the four quarters. Worked: 12 weeks of 1 and a last one of 14
    have a mean of 2 and a standard deviation of 3.46.

    >>> quarter = np.array([1.0] * 12 + [14.0])
    >>> spread(np.tile(quarter, 4).reshape(1, 52, 1), np.ones(52)).round(2).tolist()
    [1.73]
    """
    weeks = (sales.sum(2) / season).reshape(len(sales), QUARTERS, -1).mean(1)
    varies: Floats = weeks.std(1) / weeks.mean(1)
    return varies
