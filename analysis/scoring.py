"""How good forecasts were: what happened, against draws of what might."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


def crps(draws: Values, happened: Values) -> Values:
    """Continuous ranked probability score of each forecast, (k,), in the unit of what is forecast; less is better.

    ``draws`` (R, k), ``happened`` (k,): ``mean |x - y| - mean |x - x'| / 2`` over draws x, x' (Gneiting and Raftery
    2007). Of a forecast without spread it is the error.

    >>> crps(np.array([[3.0], [3.0]]), np.array([5.0])).tolist()
    [2.0]
    >>> crps(np.array([[4.0], [6.0]]), np.array([5.0])).tolist()
    [0.5]
    """
    rows = np.sort(draws, axis=0)
    number = len(rows)
    error = np.abs(rows - happened).mean(axis=0)
    rank = 2.0 * np.arange(1, number + 1) - number - 1.0
    return np.asarray(error - (rank[:, None] * rows).sum(axis=0) / number**2)


def covered(draws: Values, happened: Values, part: float = 0.8) -> float:
    """Share of what happened that lies in the middle ``part`` of its draws.

    >>> covered(np.arange(101.0)[:, None], np.array([50.0])), covered(np.arange(101.0)[:, None], np.array([95.0]))
    (1.0, 0.0)
    """
    low, high = np.quantile(draws, (0.5 - part / 2.0, 0.5 + part / 2.0), axis=0)
    return float(((happened >= low) & (happened <= high)).mean())
