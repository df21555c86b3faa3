"""Pay plans: how on-target earnings divide into salary, commission and bonus.

Each is one plain function ``plan(options, ote) -> Pay``. They form a ladder, each adds one thing to the one before;
all cost the same for a territory that sells just what is expected of it, the salary makes up the rest.
"""

from __future__ import annotations

from collections.abc import Callable

from scenarios.schema import PayOptions
from sim.world import Pay

PayPlan = Callable[[PayOptions, float], Pay]
NO_CAP = float("inf")


def salary(options: PayOptions, ote: float) -> Pay:
    """All of it is salary."""
    return Pay(0.0, 0.0, 0.0, NO_CAP, ote)


def commission(options: PayOptions, ote: float) -> Pay:
    """Salary and a commission on every sale."""
    return Pay(options.commission, 0.0, options.commission, NO_CAP, ote)


def bonus(options: PayOptions, ote: float) -> Pay:
    """Commission, and a bonus when the quota of a period is reached. The status quo is paid so."""
    return Pay(options.commission, options.bonus, options.commission, NO_CAP, ote)


def accelerator(options: PayOptions, ote: float) -> Pay:
    """Commission and bonus, and a higher rate once the quota is reached."""
    return Pay(options.commission, options.bonus, options.over, NO_CAP, ote)


def capped(options: PayOptions, ote: float) -> Pay:
    """The accelerator, but nothing more is earned above the cap."""
    return Pay(options.commission, options.bonus, options.over, options.cap, ote)


PLANS: dict[str, PayPlan] = {
    "salary": salary,
    "commission": commission,
    "bonus": bonus,
    "accelerator": accelerator,
    "capped": capped,
}


def pay_plan(options: PayOptions, ote: float) -> Pay:
    """The pay plan that the options name, with the discounts that reps may give."""
    return PLANS[options.name](options, ote)._replace(authority=options.authority)
