"""Results by stage of the customer's journey: from a first call to a customer who would recommend us."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.compare import CANT_TELL, sure, verdict
from analysis.played import Played
from analysis.precision import MATTERS
from analysis.strategy.measures import Values
from sim.world import CUSTOMER

SPEAKS_WELL = 0.5  # relationship from which a customer counts as one who would recommend us

STAGES: dict[str, tuple[str, Callable[[Played], Values]]] = {
    "called": (
        "prospects and lapsed accounts called at least once",
        lambda played: _count((played.account_years("status_start") != CUSTOMER) & (played.account_years("calls") > 0)),
    ),
    "asked": ("opportunities that opened", lambda played: _count(played.account_years("opened"))),
    "won": ("opportunities won", lambda played: _count(played.account_years("won"))),
    "came": ("accounts that became customers", lambda played: _count(played.account_years("became_customer") > 0)),
    "stayed": (
        "customers before week 1 who still are after the last",
        lambda played: _count(
            (played.account_years("status_start") == CUSTOMER) & (played.account_years("status") == CUSTOMER)
        ),
    ),
    "recommend": (
        f"customers whose relationship with their rep is {SPEAKS_WELL} or better after the last week",
        lambda played: _count(
            (played.account_years("status") == CUSTOMER) & (played.account_years("relationship") >= SPEAKS_WELL)
        ),
    ),
}


def _count(values: np.ndarray) -> Values:
    return np.asarray(values.sum(axis=1), dtype=np.float64)


def journey(plan: Played, today: Played) -> pd.DataFrame:
    """One row a stage: stage, what, today and plan (typical years), and the change, paired by year.

    The change has typical, low and high (8 in 10 years), sure, and says (better, worse, same, can't be told apart).
    """
    rows = []
    for stage, (what, count) in STAGES.items():
        before, after = count(today), count(plan)
        change = after - before
        low, high = np.quantile(change, (0.1, 0.9))
        rows.append(
            {
                "stage": stage,
                "what": what,
                "today": float(np.median(before)),
                "plan": float(np.median(after)),
                "typical": float(np.median(change)),
                "low": float(low),
                "high": float(high),
                "sure": sure(change),
                "says": verdict(change, MATTERS * float(np.median(before))) if change.size else CANT_TELL,
            }
        )
    return pd.DataFrame(rows)
