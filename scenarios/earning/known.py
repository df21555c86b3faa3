"""What planners know of a market when they ask what a plan will earn: accounts as estimated, reps as they are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from scenarios.market import Market
from scenarios.team import Team, alike
from sim.behaviour import Behaviour
from sim.rule import loop
from sim.rules.response import goodwill_a_call
from sim.world import Floats, Ints


class Known(NamedTuple):
    """Rows of accounts, n, and of reps, m. A row may stand for several like accounts that stay together."""

    accounts: Floats  # (n,) how many a row stands for; everything else is of one of them
    potential: Floats  # as planners estimate it, money a year
    margin: Floats  # gross margin, 0 to 1
    a_call: Floats  # what one average call adds to goodwill
    order_size: Floats  # mean of one recurring order, money
    opening_rate: Floats  # opportunities a week at full share
    deal_size: Floats  # mean of one, money
    win_logit: Floats
    x_km: Floats
    y_km: Floats
    industry: Ints
    area: Ints
    product: Ints
    home_x: Floats  # (m,)
    home_y: Floats
    ability: Floats
    hours: Floats  # a week
    fit_industry: Floats  # (m, industries)
    fit_area: Floats
    fit_product: Floats
    alike: Floats  # (m, m) how much two reps' industries and regions are the same, 0 to 1
    cost_an_hour: float  # on the road, money
    travel: int
    behaviour: Behaviour


def known(market: Market, team: Team, behaviour: Behaviour) -> Known:
    """The columns of a market and team that an expected year reads.

    Money follows the estimate: an account that planners take for twice as large as it is counts twice.
    """
    a, r = market.accounts, team.reps
    count = _floats(a, "accounts") if "accounts" in a else np.ones(len(a))
    true, estimate = _floats(a, "potential"), _floats(a, "estimated_potential")
    over = np.divide(estimate, true, out=np.ones(len(a)), where=true > 0)
    a_call = np.empty(len(a))
    _answers(_floats(a, "need") / count, behaviour.carry_over, a_call)
    return Known(
        accounts=count,
        potential=estimate / count,
        margin=_floats(a, "margin"),
        a_call=a_call,
        order_size=_floats(a, "order_size") * over,
        opening_rate=_floats(a, "opening_rate") / count * np.sqrt(over),
        deal_size=_floats(a, "deal_size") * np.sqrt(over),
        win_logit=_floats(a, "win_logit"),
        x_km=_floats(a, "x_km"),
        y_km=_floats(a, "y_km"),
        industry=_codes(a["industry"], team.fit_industry),
        area=_codes(a["region"], team.fit_region),
        product=_codes(a["product"], team.fit_product),
        home_x=_floats(r, "x_km"),
        home_y=_floats(r, "y_km"),
        ability=_floats(r, "ability"),
        hours=_floats(r, "hours"),
        fit_industry=_table(team.fit_industry, r["id"]),
        fit_area=_table(team.fit_region, r["id"]),
        fit_product=_table(team.fit_product, r["id"]),
        alike=alike(market, team),
        cost_an_hour=team.cost_per_km * behaviour.road_speed,
        travel=int(market.has_places),
        behaviour=behaviour,
    )


@loop
def _answers(need: Floats, carry_over: float, a_call: Floats) -> None:
    for i in range(need.size):
        a_call[i] = goodwill_a_call(max(need[i], 1e-9), carry_over)


def _floats(table: pd.DataFrame, column: str) -> Floats:
    return table[column].to_numpy(np.float64, copy=True)


def _codes(words: pd.Series, fit: pd.DataFrame) -> Ints:
    return pd.Index(fit.columns).get_indexer(pd.Index(words)).astype(np.int64)


def _table(fit: pd.DataFrame, ids: pd.Series) -> Floats:
    return np.ascontiguousarray(fit.loc[list(ids)].to_numpy(np.float64))
