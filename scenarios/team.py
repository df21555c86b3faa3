"""A team: the reps, where they live, what they are good at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.world import Floats, Ints

if TYPE_CHECKING:
    from scenarios.market import Market

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
PLANNED = "planned"  # a column that a team may have besides: True where the place is there only once somebody is hired


@dataclass(frozen=True)
class Team:
    """Reps with REP_COLUMNS, and their fit (1 is average): a row a rep id, a column an industry, region or product."""

    reps: pd.DataFrame
    fit_industry: pd.DataFrame
    fit_region: pd.DataFrame
    fit_product: pd.DataFrame
    cost_per_km: float  # of travel, money


def planned(team: Team) -> Ints:
    """1 for a place that is there only once somebody is hired for it, (m,)."""
    reps = team.reps
    return reps[PLANNED].to_numpy(np.int64) if PLANNED in reps else np.zeros(len(reps), dtype=np.int64)


def alike(market: Market, team: Team) -> Floats:
    """How much the industries and the regions of two reps' accounts of today are the same, (m, m), from 0 to 1.

    ``(sum min(p, q) over industries + sum min(p, q) over regions) / 2``, p and q the parts of a rep's accounts in each.
    Worked: one sells to retail only, the other half of the time, both in one region: (0.5 + 1) / 2 = 0.75.
    A rep without accounts is like nobody.
    """
    accounts = market.accounts
    weight = accounts["accounts"] if "accounts" in accounts else pd.Series(1.0, index=accounts.index)
    rep = pd.Categorical(accounts["current_rep"], categories=team.reps["id"])
    both = np.zeros((len(team.reps), len(team.reps)))
    for column in ("industry", "region"):
        counts = weight.groupby([rep, accounts[column].to_numpy()], observed=False).sum().unstack(fill_value=0)
        parts = counts.to_numpy(np.float64)
        held = parts.sum(axis=1, keepdims=True)
        parts = np.divide(parts, held, out=np.zeros_like(parts), where=held > 0)
        for row, mine in enumerate(parts):
            both[row] += 0.5 * np.minimum(mine, parts).sum(axis=1)
    return both
