"""Parameters that no likelihood reaches: simulated, compared by what they leave behind, and adjusted by regression."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
LEAST_SPREAD = 1e-9


class Adjusted(NamedTuple):
    """Draws (kept, p) of parameters between 0 and 1, and how much less each varies than before: 1 - sd / sd before."""

    draws: Values
    known: Values


def reached(left: Values, seen: Values) -> NDArray[np.bool_]:
    """Which measures of the data (s,) lie among those that the sets left behind (N, s).

    >>> reached(np.array([[1.0, 1.0], [2.0, 2.0]]), np.array([1.5, 2.5])).tolist()
    [True, False]
    """
    known = np.isfinite(seen) & np.isfinite(left).all(axis=0)
    return np.asarray(known & (seen >= left.min(axis=0)) & (seen <= left.max(axis=0)))


def adjusted(tried: Values, left: Values, seen: Values, kept: int) -> Adjusted:
    """Approximate Bayesian computation with regression adjustment (Beaumont, Zhang and Balding 2002).

    ``tried`` (N, p) are parameters drawn from their prior, as parts of its range; ``left`` (N, s) the measures that
    each set left behind when it was played; ``seen`` (s,) the same measures of the data. The ``kept`` sets that came
    nearest are moved along a line fitted to them, on log-odds so that none leaves its range, to where they would have
    left what was seen; nearer ones weigh more in that line. Measures that never vary, that the data lacks (NaN), or
    that no set comes near (`reached`) take no part: what the model can't do says nothing of its parameters.
    """
    uses = reached(left, seen) & (left.std(axis=0) > LEAST_SPREAD)
    middle, spread = np.median(left[:, uses], axis=0), left[:, uses].std(axis=0)
    apart = np.clip((left[:, uses] - middle) / spread, -6.0, 6.0)
    target = np.clip((seen[uses] - middle) / spread, -6.0, 6.0)
    far = np.sqrt(((apart - target) ** 2).sum(axis=1))
    near = np.argsort(far, kind="stable")[:kept]
    weight = 1.0 - (far[near] / max(far[near].max(), LEAST_SPREAD) * 0.999) ** 2
    inside = np.clip(tried[near], 1e-4, 1.0 - 1e-4)
    scale = np.log(inside / (1.0 - inside))
    design = np.column_stack([np.ones(len(near)), apart[near] - target])
    root = np.sqrt(weight)[:, None]
    ridge = np.eye(design.shape[1]) * 1e-3 * kept
    ridge[0, 0] = 0.0
    line = np.linalg.solve((design * root).T @ (design * root) + ridge, (design * root).T @ (scale * root))
    left_over = scale - design @ line
    # A line that was fitted to few sets lies nearer to them than to others.
    free = max(1.0, len(near) - design.shape[1])
    moved = line[0] + left_over * np.sqrt(len(near) / free)
    draws = 1.0 / (1.0 + np.exp(-moved))
    known = 1.0 - draws.std(axis=0) / np.maximum(tried.std(axis=0), LEAST_SPREAD)
    return Adjusted(draws, known)
