"""Units that alone are more than any territory may have: somebody must have them all the same."""

from __future__ import annotations

import numpy as np

from scenarios.design.choosing import Ground
from scenarios.design.limits import Limits

A_HAIR = 1e-6


def with_room(ground: Ground) -> Limits:
    """The limits, a territory's highest raised to what it takes to hold a unit that alone is more than any may have.

    It is the nearest that may have the unit, the largest unit first, and no territory gets two. The others may have as
    much less as is then left for them. Without this all ways would be made longer until the mean is so high that the
    largest unit is inside the band. A city of 1.4 mean territories, nearest to the second of three with a band of 5 %:
    highest 1.05, 1.4, 1.05, lowest 0.76, as 0.8 are left for each of the others.
    """
    choices, limit = ground.choices(ground.near()), ground.limit
    high, low = limit.high.copy(), limit.low.copy()
    for at, name in enumerate(limit.metrics):
        if name not in ground.request.balance:
            continue
        nearest = np.where(choices.near[:, 0] >= 0, choices.load[:, 0, at], 0.0)
        taken: set[int] = set()
        for i in np.lexsort((np.arange(len(nearest)), -nearest)):
            places = [place for place in range(choices.near.shape[1]) if choices.near[i, place] >= 0]
            fits = [p for p in places if choices.load[i, p, at] <= limit.high[choices.near[i, p], at]]
            if fits or nearest[i] <= limit.high[:, at].min():
                break
            free = [p for p in places if int(choices.near[i, p]) not in taken]
            if free:
                j = int(choices.near[i, free[0]])
                taken.add(j)
                high[j, at] = max(high[j, at], choices.load[i, free[0], at] * (1.0 + A_HAIR))
        alone = np.array(sorted(taken), dtype=np.int64)
        if alone.size and alone.size < len(high):
            left = (len(high) - float(high[alone, at].sum())) / (len(high) - alone.size)
            low[:, at] *= np.clip(left, 0.0, 1.0)
    return limit._replace(high=high, low=low)
