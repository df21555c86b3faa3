"""A team: the reps, where they live, what they are good at."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

REP_COLUMNS = {
    "id": "name the planner knows the rep by; unique",
    "key": "permanent number; rows stand in its rising order",
    "name": "what people call the rep",
    "region": "sales region or office, as in the market",
    "latitude": "degrees of the home, missing where not known",
    "longitude": "degrees of the home",
    "x_km": "kilometres east of the market's centre",
    "y_km": "kilometres north of it",
    "ability": "1 is average",
    "hours": "selling and travel hours a week at normal effort",
}


@dataclass(frozen=True)
class Team:
    """Reps with REP_COLUMNS, and their fit (1 is average): a row a rep id, a column an industry, region or product."""

    reps: pd.DataFrame
    fit_industry: pd.DataFrame
    fit_region: pd.DataFrame
    fit_product: pd.DataFrame
    cost_per_km: float  # of travel, money
