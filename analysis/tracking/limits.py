"""How large a score has to be to be told: set on the plan's own simulated years, so that one year in ten has a flag."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from analysis.tracking.drift import Detector
from analysis.tracking.measures import Values

FALSE_ALARMS = 0.10  # of years in which all goes as planned, any flag in the whole year
FOLDS = 4


def limits(values: Values, make: Callable[[Values], Detector]) -> Values:
    """The limit of each kind for territories (row 0) and for regions and the firm (row 1): (2, kinds).

    Each simulated year (R, weeks, g, K) is scored by a detector that was fitted on the others, as a real year is. All
    limits are passed by the same part of the years, and any of them by FALSE_ALARMS.
    """
    years = np.arange(len(values))
    top = None
    for fold in range(FOLDS):
        held = years % FOLDS == fold
        made = make(values[~held])
        found = by_width(made.highest(values[held]), made.wide).max(axis=1)
        if top is None:
            top = np.zeros((len(values), *found.shape[1:]))
        top[held] = found
    assert top is not None
    return equally_rare(top.reshape(len(values), -1), FALSE_ALARMS).reshape(top.shape[1:])


def by_width(scores: Values, wide: NDArray[np.bool_]) -> Values:
    """The largest score of territories and that of regions and the firm: (…, g, kinds) to (…, 2, kinds)."""
    parts = [scores[..., part, :].max(axis=-2) for part in (~wide, wide)]
    return np.stack(parts, axis=-2)


def equally_rare(top: Values, share: float) -> Values:
    """Limits (C,) that equally many rows of ``top`` (R, C) pass, and at most ``share`` of the rows any of.

    Ten years, two columns, one year in five may pass: the largest of each column.

    >>> top = np.column_stack([np.arange(10.0), 9.0 - np.arange(10.0)])
    >>> equally_rare(top, 0.2).tolist()
    [9.0, 9.0]
    """
    rising = np.sort(top, axis=0)
    limit = rising[-1]
    for rank in range(len(top) - 1, -1, -1):
        if (top >= rising[rank]).any(axis=1).mean() > share:
            break
        limit = rising[rank]
    return np.asarray(limit)
