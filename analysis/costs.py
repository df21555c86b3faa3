"""What selling costs: pay, overhead, tools, travel, reviews and hiring, of a year and week by week."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.played import Played

Values = NDArray[np.float64]


def cost_an_hour(played: Played) -> pd.Series:
    """Cost of an hour on the road of each rep (index: its id). 60 km/h × 0.40 a km = 24."""
    reps = played.reps
    return pd.Series((reps["cost_per_km"] * reps["road_speed"]).to_numpy(float), index=reps["id"].astype(str))


def travel_cost(played: Played) -> pd.Series:
    """Hours on the road × cost of such an hour, added up over reps. 50 h × 24 = 1,200."""
    a_rep = played.sums("travel_hours") * cost_an_hour(played).to_numpy()
    return played.series(a_rep.sum(axis=1))


def _of_places(played: Played) -> Values:
    """Overhead and tools, a year, of all places that the team has in each week: (replications, weeks)."""
    a_place = (played.reps["overhead"] + played.reps["tools"]).to_numpy(np.float64)
    each: Values = played.weeks("place") @ a_place
    return each


def fixed_by_week(played: Played) -> Values:
    """What `fixed_cost` is in each week: (replications, weeks)."""
    rates = _of_places(played)
    each: Values = rates * played.years / rates.shape[1]
    return each


def fixed_cost(played: Played) -> pd.Series:
    """(Overhead + tools, as a CRM, of all places) × years; a place that is there for half a year counts for half.

    36,000 + 600 = 36,600.
    """
    return played.series(_of_places(played).mean(axis=1) * played.years)


def _price(played: Played, group: str, name: str) -> float:
    return float(played.info["scenario"].get(group, {}).get(name, 0.0))


def reviews_by_week(played: Played) -> Values:
    """Price of a review × places it was held for + price of a move × accounts moved: (replications, weeks)."""
    held, moves = (played.weeks(column).sum(axis=2) for column in ("reviewed", "gained"))
    each: Values = _price(played, "review", "price") * held + _price(played, "review", "move_price") * moves
    return each


def review_cost(played: Played) -> pd.Series:
    """The same of all weeks. 150 × 20 reps × 3 + 40 × 100 accounts = 13,000."""
    return played.series(reviews_by_week(played).sum(axis=1))


def hiring_by_week(played: Played) -> Values:
    """Price of a hire × places that the plan filled anew: (replications, weeks)."""
    each: Values = _price(played, "hiring", "price") * played.weeks("hired").sum(axis=2)
    return each


def hiring_cost(played: Played) -> pd.Series:
    """The same of all weeks. 20,000 × 2 = 40,000."""
    return played.series(hiring_by_week(played).sum(axis=1))


def selling_cost(played: Played) -> pd.Series:
    """Pay + overhead + tools + travel + reviews + hiring.

    Pay 120,000 + overhead 36,000 + tools 600 + travel 1,200 = 157,800.
    """
    living = review_cost(played) + hiring_cost(played)
    return played.total("pay") / 100 + fixed_cost(played) + travel_cost(played) + living
