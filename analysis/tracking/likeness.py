"""The simulated years most like the year so far."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.tracking.drift import columns_of, evened
from analysis.tracking.measures import Values

MOST_ALIKE = 40
LATELY = 8  # weeks


def most_alike(
    values: Values, now: Values, columns: tuple[str, ...], first: int, week: int, count: int = MOST_ALIKE
) -> NDArray[np.int64]:
    """The ``count`` simulated years (R, weeks, g, K) nearest to this one (weeks, g, K), the nearest first.

    Near are years whose groups have had the same of every measure by ``week``, each in its own spread; the last eight
    weeks count beside all of them, as what goes on now is what a realignment meets.
    """
    years, mine = columns_of(values, columns), columns_of(now, columns)
    money = np.array([name.endswith("revenue") for name in columns])
    distance = np.zeros(len(values))
    for since in {first, max(first, week - LATELY)}:
        sums, own = years[:, since:week].sum(axis=1), mine[since:week].sum(axis=0)
        usual = sums.mean(axis=0)
        even, my = evened(sums, money, usual), evened(own, money, usual)
        spread = np.maximum(even.std(axis=0), 1e-9)
        known = even.std(axis=0) > 1e-9
        distance += np.where(known, ((even - my) / spread) ** 2, 0.0).mean(axis=(1, 2))
    return np.argsort(distance, kind="stable")[:count].astype(np.int64)
