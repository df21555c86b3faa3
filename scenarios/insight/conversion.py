"""An outcome quota as work: through a rep's own funnel to opportunities and calls a week, and back."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from scenarios.crm.timing import YEAR
from scenarios.insight.facts import Facts
from scenarios.insight.segments import deal_sizes, win_rates
from sim.behaviour import Behaviour
from sim.rules.response import reach, share
from sim.world import Floats


class Funnel(NamedTuple):
    """What each rep's year brings at the calls it makes now, (m,): the links from calls to money."""

    calls: Floats  # a week
    opened: Floats  # opportunities a year that come to a decision
    win_rate: Floats
    sale: Floats  # mean value of a won one, money
    orders: Floats  # money a year from recurring orders

    @property
    def revenue(self) -> Floats:
        """Money a year: ``opened * win rate * sale + orders``."""
        return self.opened * self.win_rate * self.sale + self.orders


def own_funnel(facts: Facts, reps: list[str], calls: Floats) -> tuple[Funnel, np.ndarray]:
    """Each rep's funnel from its own history, and whose calls are counted in it.

    Win rates and values of sales are drawn towards the team's as far as luck explains the distance (`win_rates`,
    `deal_sizes`). ``calls`` (m,) a week stand in for those of whom the data has no activities.
    """
    years = facts.covered.years
    mine = facts.decided[facts.decided["rep"].isin(reps)]
    counts = mine.groupby("rep")["won"].agg(["sum", "size"]).reindex(reps).fillna(0.0)
    decided = counts["size"].to_numpy(np.float64)
    rate = float(mine["won"].mean()) if len(mine) else 0.0
    found = np.full(len(reps), rate)
    some = decided > 0
    if some.any() and 0.0 < rate < 1.0:
        found[some] = win_rates(counts["sum"].to_numpy(np.float64)[some], decided[some])[1]
    won = mine[mine["won"]]
    sale = deal_sizes(won, ["rep"], pd.Index(reps))[2]
    usual = float(won["amount"].mean()) if len(won) else 0.0
    sold = facts.sales.groupby("rep")["amount"].sum().reindex(reps).fillna(0.0).to_numpy(np.float64)
    from_deals = won.groupby("rep")["amount"].sum().reindex(reps).fillna(0.0).to_numpy(np.float64)
    counted = facts.contacts["rep"].value_counts().reindex(reps).fillna(0.0).to_numpy(np.float64)
    weeks = years * YEAR / 7.0
    measured = counted > 0.0
    return Funnel(
        calls=np.where(measured, counted / weeks, calls),
        opened=decided / years,
        win_rate=found,
        sale=np.where(np.isnan(sale), usual, sale),
        orders=np.maximum(sold - from_deals, 0.0) / years,
    ), measured


def calls_for(multiple: float, calls: float, need: float, b: Behaviour) -> float:
    """Calls a week that bring ``multiple`` times what ``calls`` a week bring; infinite where no number does.

    Sales follow the share s(x) of what is winnable, x being calls over the ``need`` that covers the territory well:
    ``s(x') = multiple * s(x)`` solved for x'. The first calls bring most, so more of the same takes ever more of them.
    Worked: a territory just covered (s = 0.7) is to bring a tenth more: s = 0.77, f = 0.617, x' = 1.609.

    >>> round(calls_for(1.1, 16.0, 16.0, Behaviour()), 1)
    25.7
    >>> calls_for(1.0, 16.0, 16.0, Behaviour()), calls_for(1.5, 16.0, 16.0, Behaviour())
    (16.0, inf)
    """
    wanted = multiple * _share(calls / need, b)
    reached = (wanted - b.share_floor) / (1.0 - b.share_floor)
    if reached >= 1.0 - 1e-9:
        return float("inf")
    if reached <= 0.0:
        return 0.0
    covered = (b.response_half * reached / (1.0 - reached)) ** (1.0 / b.response_shape)
    return float(round(need * covered, 9))


def brings(made: float, calls: float, need: float, b: Behaviour) -> float:
    """The way back: how many times what ``calls`` a week bring, ``made`` calls a week bring.

    >>> round(brings(25.7, 16.0, 16.0, Behaviour()), 2)
    1.1
    """
    return _share(made / need, b) / _share(calls / need, b)


def _share(covered: float, b: Behaviour) -> float:
    return float(share(reach(covered, b.response_half, b.response_shape, 0.0), b.share_floor))


def converted(funnel: Funnel, quota: Floats, need: Floats, b: Behaviour) -> pd.DataFrame:
    """Each rep's quota (money a year) as wins, opportunities and calls a week, beside those of now; one row a rep.

    ``need`` (m,) calls a week that cover each territory well. Columns: quota, expected (money a year at the calls of
    now), calls, wins_needed, opportunities_needed, opportunities, calls_needed (infinite where no number of calls
    brings it). A quota of nothing takes nothing; who has no history has no funnel to go through (NaN).
    """
    expected = funnel.revenue
    unknown = np.where(quota > 0.0, np.nan, 0.0)
    multiple = np.divide(quota, expected, out=unknown, where=expected > 0.0)
    needed = [
        0.0 if times == 0.0 else calls_for(times, now, well, b) if times > 0.0 and well > 0.0 else float("inf")
        for times, now, well in zip(multiple, funnel.calls, need, strict=True)
    ]
    return pd.DataFrame(
        {
            "quota": quota,
            "expected": expected,
            "sale": funnel.sale,
            "win_rate": funnel.win_rate,
            "wins_needed": multiple * funnel.opened * funnel.win_rate,
            "opportunities_needed": multiple * funnel.opened,
            "opportunities": funnel.opened,
            "calls": funnel.calls,
            "calls_needed": needed,
        }
    )
