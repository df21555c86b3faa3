"""Whether the plan's division of territories pays: what it promised by now, and what one real year can say of that."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.compare import sure
from analysis.tracking.measures import Values


class Paying(NamedTuple):
    """The plan's promise, and where the firm's real sales lie beside both fans.

    ``promise`` has one row a span (so far, the year) and set of years (all, most like this one): mean, low, high
    (P10, P90) of the paired difference of contribution to today's territories, better (share of years), sure.
    """

    promise: pd.DataFrame
    sold: float
    plan: tuple[float, float, float]  # P10, P50, P90 of the firm's sales in these weeks
    today: tuple[float, float, float]
    rather_plan: float  # chance that the sales came from the plan's fan, were both as likely before

    def row(self, span: str, years: str) -> pd.Series:
        """One row of the promise."""
        table = self.promise
        return table[(table["span"] == span) & (table["years"] == years)].iloc[0]


def paying(
    sold: float, plan_sales: Values, today_sales: Values, gain: Values, gain_of_year: Values, alike: NDArray[np.int64]
) -> Paying:
    """All of it: ``plan_sales`` and ``today_sales`` (R,) of the firm in the weeks on record, ``gain`` (R,) and
    ``gain_of_year`` (R,) the paired differences of contribution, ``alike`` the rows of the years most like this one.
    """
    rows = []
    for span, values in (("so far", gain), ("the year", gain_of_year)):
        for years, own in (("all", values), ("most alike", values[alike])):
            low, high = np.quantile(own, (0.1, 0.9))
            rows.append((span, years, own.mean(), low, high, (own > 0).mean(), sure(own)))
    promise = pd.DataFrame(rows, columns=["span", "years", "mean", "low", "high", "better", "sure"])
    spans = [tuple(float(one) for one in np.quantile(of, (0.1, 0.5, 0.9))) for of in (plan_sales, today_sales)]
    return Paying(promise, sold, spans[0], spans[1], rather(sold, plan_sales, today_sales))  # type: ignore[arg-type]


def rather(value: float, first: Values, second: Values) -> float:
    """The chance that a value is of the first set and not of the second, were both as likely before.

    ``f1 / (f1 + f2)``, normal densities of the logarithms. In the middle of one of two sets that are alike: one half.

    >>> rather(10.0, np.array([9.0, 10.0, 11.0]), np.array([9.0, 10.0, 11.0]))
    0.5
    >>> rather(11.0, np.array([10.0, 11.0, 12.0]), np.array([7.0, 8.0, 9.0])) > 0.9
    True
    """
    if value <= 0.0 or (first <= 0.0).any() or (second <= 0.0).any():
        return float("nan")
    logs = [np.log(one) for one in (first, second)]
    at = [-0.5 * ((np.log(value) - one.mean()) / one.std()) ** 2 - np.log(one.std()) for one in logs]
    return float(1.0 / (1.0 + np.exp(at[1] - at[0])))
