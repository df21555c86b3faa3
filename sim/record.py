"""Every number that a played year puts out, declared once; nothing else leaves the engines.

Money is in whole cents (int64), so that sums never depend on an order. Counts are int32: half the room in the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Column(NamedTuple):
    """One output column: its name, unit, type and meaning."""

    name: str
    unit: str
    dtype: str
    meaning: str
    over: str = "sum"  # what several years of it come to: their sum, the first's, the last's or their mean


REP_WEEK = (
    Column("effort", "times normal", "f8", "effort the rep chose for the week"),
    Column("chance", "probability", "f8", "chance of reaching the quota, as the rep sees it; 0 without a quota"),
    Column("pace", "cents a week", "f8", "sales a week that the rep expects of the territory"),
    Column("quality", "times normal", "f8", "what one call does, before fit"),
    Column("calls", "calls", "i4", "calls made"),
    Column("priority_calls", "calls", "i4", "of these on priority accounts"),
    Column("hours", "hours", "f8", "hours used for calls and travel"),
    Column("travel_hours", "hours", "f8", "of these on the road"),
    Column("orders", "orders", "i4", "recurring orders booked"),
    Column("order_revenue", "cents", "i8", "revenue of these"),
    Column("opened", "opportunities", "i4", "opportunities that opened"),
    Column("won", "opportunities", "i4", "opportunities won"),
    Column("won_revenue", "cents", "i8", "revenue of these"),
    Column("lost", "opportunities", "i4", "opportunities lost"),
    Column("new_customers", "accounts", "i4", "prospects and lapsed accounts that became customers"),
    Column("churned", "accounts", "i4", "customers that lapsed"),
    Column("fluid_sales", "cents", "i8", "sales expected from the accounts' state and expected pipeline, free of luck"),
    Column("margin", "cents", "i8", "gross margin of orders and wins"),
    Column("discounts", "cents", "i8", "what was let go of the price of won opportunities"),
    Column("fluid_margin", "cents", "i8", "gross margin of fluid sales"),
    Column("pay", "cents", "i8", "salary, commission and bonus earned"),
    Column("gained", "accounts", "i4", "accounts that a review gives to the rep before the week"),
    Column("given", "accounts", "i4", "accounts that a review takes from the rep before the week"),
    Column("reviewed", "reviews", "i1", "1 where the plan was looked at before the week, for each place that is there"),
    Column("place", "places", "i1", "1 where the team has the place, held or empty"),
    Column("hired", "reps", "i1", "1 where somebody takes a new place of the plan before the week"),
    Column("vacant", "weeks", "i1", "1 where nobody holds the place"),
    Column("left", "reps", "i1", "1 where the rep has left before this week"),
    Column("attainment", "share of quota", "f8", "sales so far in the quota period over its quota; 0 without a quota"),
)

ACCOUNT_YEAR = (
    Column("calls", "calls", "i4", "calls received"),
    Column("hours", "hours", "f8", "hours spent on it, travel included"),
    Column("orders", "orders", "i4", "recurring orders"),
    Column("order_revenue", "cents", "i8", "revenue of these"),
    Column("opened", "opportunities", "i4", "opportunities opened"),
    Column("won", "opportunities", "i4", "opportunities won"),
    Column("won_revenue", "cents", "i8", "revenue of these"),
    Column("lost", "opportunities", "i4", "opportunities lost"),
    *(
        Column(f"lost_{reason}", "opportunities", "i4", f"of these for {words}")
        for reason, words in (
            ("neglect", "neglect"),
            ("price", "price"),
            ("positioning", "positioning"),
            ("reviews", "reviews"),
            ("use_case", "a missing use case"),
            ("quality", "quality"),
            ("fit", "poor fit"),
            ("timing", "timing"),
        )
    ),
    Column("fluid_orders", "cents", "i8", "expected recurring sales"),
    Column("fluid_won", "cents", "i8", "expected sales from opportunities"),
    Column("became_customer", "times", "i4", "times it became a customer"),
    Column("churned", "times", "i4", "times it lapsed"),
    Column(
        "left_for", "reason", "i1", "why it last lapsed: 0 = not, else 1 + the place in `sim.world.REASONS`", "last"
    ),
    Column("status_start", "status", "i1", "0 prospect, 1 customer, 2 lapsed, before week 1", "first"),
    Column("status", "status", "i1", "the same after the last week", "last"),
    Column("relationship_start", "0 to 1", "f8", "relationship with last year's rep, before week 1", "first"),
    Column("sales_last_year", "cents", "i8", "revenue of the last year before week 1", "first"),
    Column("goodwill", "of need", "f8", "goodwill after the last week, 1 = well covered", "last"),
    Column("relationship", "0 to 1", "f8", "relationship with its present rep after the last week", "last"),
    Column("open_value", "cents", "i8", "value of opportunities still open after the last week", "last"),
    Column("open_value_start", "cents", "i8", "the same before week 1", "first"),
    Column("moves", "changes", "i4", "changes of rep in the year's reviews"),
    Column("rep_end", "key", "i8", "key of the rep who has it after the last week", "last"),
    Column("end_value", "cents", "i8", "fluid margin of the 26 weeks after, without further calls", "last"),
)

ACCOUNT_WEEK = (
    Column("called", "calls", "i4", "1 if called this week"),
    Column("goodwill", "of need", "f8", "goodwill when the account responds"),
    Column("relationship", "0 to 1", "f8", "relationship when it responds"),
    Column("share", "share", "f8", "share of what is winnable"),
    Column("orders", "orders", "i4", "orders"),
    Column("order_revenue", "cents", "i8", "revenue of these"),
    Column("opened", "opportunities", "i4", "opportunities opened"),
    Column("moved", "opportunities", "i4", "opportunities that moved on a stage"),
    Column("won", "opportunities", "i4", "opportunities won"),
    Column("won_revenue", "cents", "i8", "revenue of these"),
    Column("lost", "opportunities", "i4", "opportunities lost"),
    Column("open", "opportunities", "i4", "opportunities open after the week"),
    Column("status", "status", "i1", "0 prospect, 1 customer, 2 lapsed"),
    Column("fluid_sales", "cents", "i8", "sales expected"),
)

GOAL_COLUMNS = (
    Column("quota", "money a year", "f8", "quota; 0 = none"),
    Column("activity_goal", "calls a week", "f8", "activity goal; 0 = none", "mean"),
)


@dataclass(frozen=True)
class Record:
    """What was played: R replications of one plan.

    ``rep_week[name]`` (R, weeks, m), ``account_year[name]`` (R, n), ``goals[name]`` (R, m) and, when inspected,
    ``account_week[name]`` (R, weeks, n), with the names, units and types declared above. Of a plan of Y years, more
    than one, ``account_year[name]`` is (R, Y, n) and ``goals[name]`` (R, Y, m), and there are 52 weeks a year.
    """

    replications: tuple[int, ...]
    engine: str
    rep_week: dict[str, NDArray[np.generic]]
    account_year: dict[str, NDArray[np.generic]]
    goals: dict[str, NDArray[np.generic]]
    account_week: dict[str, NDArray[np.generic]] | None = None
