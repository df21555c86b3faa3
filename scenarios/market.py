"""A market: accounts, products and season, wherever they come from, in one table with one set of columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.behaviour import Behaviour

ACCOUNT_COLUMNS = {
    "id": "name the planner knows the account by; unique",
    "key": "permanent number, 0 <= key < 2**32; all luck hangs on it; rows stand in its rising order",
    "name": "what people call it",
    "city": "city, or empty",
    "region": "sales region",
    "industry": "industry",
    "product": "product it is most interested in",
    "size": "small, medium or large, by planners' estimate of potential",
    "latitude": "degrees, missing where not known",
    "longitude": "degrees, missing where not known",
    "x_km": "kilometres east of the market's centre, 0 without places",
    "y_km": "kilometres north of it, 0 without places",
    "cell": "number of the cell that shares a yearly shock",
    "potential": "what could be sold to it in a normal year, money (the simulation's truth)",
    "estimated_potential": "the same as planners estimate it (designs and goals see only this)",
    "need": "calls a year that cover it well",
    "order_size": "mean of one recurring order, money",
    "opening_rate": "opportunities a week at full share",
    "deal_size": "mean of one opportunity, money",
    "win_logit": "added to the log-odds of winning",
    "margin": "gross margin of its product, 0 to 1",
    "lead_positioning": "competitors' score minus ours, -1 to 1",
    "lead_price": "the same on price",
    "lead_reviews": "the same on reviews",
    "lead_use_case": "the same on use cases",
    "lead_quality": "the same on quality",
    "priority": "True for the top fifth by estimated potential",
    "current_rep": "id of today's rep",
}

MORE_COLUMNS = {
    "parent": "company that heads its family: an account's id or name, or any other word; empty for none",
    "county": "county or district, or empty",
    "postcode": "postcode, or empty",
    "stage": "customer, prospect, lapsed, or the planner's own words",
}  # that a market may have besides


class Finding(NamedTuple):
    """One thing noticed in the planner's data and what was done about it."""

    file: str
    what: str
    count: int  # type: ignore[assignment]  # the field's word; nobody counts inside a finding
    done: str


class Drawn(NamedTuple):
    """What a market may as well be: these columns of its accounts, in their order, its reps' ability, and behaviour."""

    accounts: pd.DataFrame
    ability: np.ndarray
    behaviour: Behaviour


@dataclass(frozen=True)
class Market:
    """Accounts with ACCOUNT_COLUMNS, perhaps with some of MORE_COLUMNS; products (name, price, margin); a season.

    The season has 52 weeks with mean 1. ``digest`` is a hash of everything that the market was made from; ``notes``
    are sentences that every result made from this market must carry (what the data lacked, what was assumed).
    ``report`` is the data report, line by line, and ``rejects`` the rows set aside (file, line, reason, row), where
    the market was imported. ``drawn`` are markets that it may as well be, for all that the data can tell. ``sold`` is
    what its accounts bought a year on record, money; 0 where nothing was, or it was made up.
    """

    accounts: pd.DataFrame
    products: pd.DataFrame
    season: np.ndarray
    has_places: bool
    currency: str
    source: str
    digest: str
    findings: tuple[Finding, ...] = field(default=())
    notes: tuple[str, ...] = field(default=())
    report: tuple[str, ...] = field(default=())
    rejects: pd.DataFrame | None = None
    drawn: tuple[Drawn, ...] = field(default=())
    sold: float = 0.0
