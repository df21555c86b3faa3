"""What a year needs, as frozen arrays: the contract between who builds worlds and who plays them.

Accounts are rows in rising order of ``key``, reps too; both keys are permanent and all luck hangs on them.
Everything was checked at the door: the engines trust it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.behaviour import Behaviour

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WEEKS = 52
YEAR_OF_PLAN = 2  # years 0 and 1 are the burn-in
BURN_IN = YEAR_OF_PLAN * WEEKS
PROSPECT, CUSTOMER, LAPSED = 0, 1, 2
REASONS = ("neglect", "price", "positioning", "reviews", "use_case", "fit", "timing")
CRITERIA = ("positioning", "price", "reviews", "use_case")


class Accounts(NamedTuple):
    """One row an account, n rows in rising order of key; money in the market's currency."""

    key: Ints  # permanent number, 0 <= key < 2**32
    potential: Floats  # what could be sold to it in a normal year, from us and competitors, money a year
    belief: Floats  # potential as planners estimate it, money a year
    need: Floats  # calls a year that cover it well
    order_size: Floats  # mean of one recurring order, money
    opening_rate: Floats  # opportunities a week at full share
    deal_size: Floats  # mean of one opportunity, money
    win_logit: Floats  # what industry and product add to the log-odds of winning
    margin: Floats  # gross margin, 0 to 1
    x_km: Floats  # place; zeros where the world has no places
    y_km: Floats
    region: Ints  # cell that shares a yearly shock
    industry: Ints
    area: Ints  # sales region, for fit
    product: Ints
    lead: Floats  # (n, 4) competitors' score minus ours on CRITERIA, -1 to 1
    priority: Ints  # 1 for the top fifth by planners' belief


class Reps(NamedTuple):
    """One row a rep, m rows in rising order of key."""

    key: Ints  # permanent number
    x_km: Floats  # home
    y_km: Floats
    ability: Floats  # 1 is average
    hours: Floats  # selling and travel hours a week at normal effort
    fit_industry: Floats  # (m, industries), 1 is average
    fit_area: Floats  # (m, areas)
    fit_product: Floats  # (m, products)


@dataclass(frozen=True, eq=False)
class World:
    """A market, its team and how they behave; the same for every plan.

    ``season`` (52,) has mean 1. ``current`` (n,) gives today's rep of each account as a row of ``reps``; it
    is played through the burn-in. ``seed`` keys all luck, together with the replication.
    """

    accounts: Accounts
    reps: Reps
    behaviour: Behaviour
    season: Floats
    current: Ints
    seed: int
    travel: bool = True

    def __post_init__(self) -> None:
        for array in (*self.accounts, *self.reps, self.season, self.current):
            array.setflags(write=False)


class Pay(NamedTuple):
    """A pay plan in weeks of on-target earnings (OTE / 52); the salary makes up the rest of OTE.

    ``commission`` is what a week of expected sales earns, ``over`` the same after the quota is reached,
    ``bonus`` what reaching a whole year's quota earns, ``cap`` the attainment above which nothing is
    earned (infinity: none).
    """

    commission: float
    bonus: float
    over: float
    cap: float
    ote: float  # on-target earnings, money a year


@dataclass(frozen=True)
class LastYear:
    """What is known of every account when goals are set: the last burn-in year under today's territories.

    All (n,), money and calls a year; ``owner`` is the rep each account will have in the plan.
    """

    owner: Ints
    current: Ints
    fluid_sales: Floats
    sales: Floats
    calls: Ints
    belief: Floats
    priority: Ints
    reps: int


class Goals(NamedTuple):
    """Goals of one year. ``quota`` (m,) money a year, 0 = none; ``activity`` (m,) calls a week, 0 = none."""

    quota: Floats
    activity: Floats
    counts_priority_only: bool
    periods: int  # quota periods a year


GoalPolicy = Callable[[LastYear], Goals]


@dataclass(frozen=True, eq=False)
class Plan:
    """One plan to play: who owns which account, with which goals and pay.

    ``owner`` (n,) rows of ``reps``; ``goals`` is called once per replication with that replication's last
    year; ``trend`` (52,) multiplies demand week by week and nobody foresees it (1 = no change).
    """

    owner: Ints
    goals: GoalPolicy
    pay: Pay
    trend: Floats

    def __post_init__(self) -> None:
        self.owner.setflags(write=False)
        self.trend.setflags(write=False)
