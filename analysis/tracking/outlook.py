"""How the year ends, given the year so far: what is left of it is told by the plan's simulated years.

In every simulated year the logarithm of what the rest brings is regressed on logarithms of what was known by then
(`KNOWN`); what the regression leaves over, each year's own residual as a regression without that year would have it,
is the luck that is still to come:

    rest of this year = exp(b' x + e_r) for each simulated year r

So the end of the year is as many possible ends as there are simulated years.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.tracking.measures import AT, Values, so_far

KNOWN = ("calls", "opened", "won", "order_revenue", "won_revenue", "open")
RIDGE = 1e-3  # of the years, so that measures that are always 0 do no harm
LITTLE = 0.02  # of the mean is added before a logarithm
USUAL_CHANGE = (
    0.3  # sd of the logarithm of how much a territory changes where it does; about a quarter down, a third up
)
TRIES = 100  # samples of the years, drawn with replacement, that say how well a chance is known


class Ends(NamedTuple):
    """The possible ends of a year, (R,) each: as the plan goes, and with what has changed so far staying so."""

    as_planned: Values
    if_it_stays: Values


class Chance(NamedTuple):
    """The chance of a goal, and the half-width of 8 in 10 of what it may be for all that so many years tell."""

    share: float
    give: float


def known(values: Values, first: int, week: int, recorded: Sequence[str]) -> Values:
    """What is known after ``week`` weeks, (…, weeks, g, K) to (…, g, features): sums so far, and what is open then."""
    found = [so_far(values, (name,), first, week) for name in KNOWN if name in recorded and name != "open"]
    if "open" in recorded:
        found.append(values[..., week - 1, :, AT["open"]])
    return np.stack(found, axis=-1)


def ends(so_far_known: Values, rest: Values, now_known: Values, now: float) -> Values:
    """The possible ends (R,) of a year that has brought ``now`` so far.

    ``so_far_known`` (R, features) and ``rest`` (R,) are the simulated years' own, ``now_known`` (features,) this
    year's. Where nothing is left to come, the end is ``now``.

    >>> x = np.arange(1.0, 9.0)[:, None]
    >>> ends(x, 2.0 * x[:, 0], np.array([4.0]), 10.0).round(1).tolist()
    [18.0, 18.0, 18.0, 18.0, 18.0, 18.0, 18.0, 18.0]
    """
    if not rest.any():
        return np.full(len(rest), now)
    told, residual = _regressed(so_far_known, rest, now_known)
    return np.asarray(now + np.maximum(np.exp(told + residual) - LITTLE * rest.mean(), 0.0))


def _regressed(before: Values, after: Values, now: Values) -> tuple[float, Values]:
    """What is told of this year's logarithm of ``after``, and the simulated years' residuals, each left out."""
    level = before.mean(axis=0)
    add = np.where(level > 0.0, LITTLE * level, 1.0)
    x, mine = np.log(before + add), np.log(now + add)
    centre, spread = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-9)
    x, mine = (x - centre) / spread, np.clip((mine - centre) / spread, -4.0, 4.0)
    y = np.log(after + LITTLE * after.mean())
    gram = x.T @ x + RIDGE * len(x) * np.eye(x.shape[1])
    slope = np.linalg.solve(gram, x.T @ (y - y.mean()))
    pull = np.einsum("rf,rf->r", x, np.linalg.solve(gram, x.T).T) + 1.0 / len(x)
    residual = (y - y.mean() - x @ slope) / np.maximum(1.0 - pull, 0.1)
    return float(y.mean() + mine @ slope), residual


def change(before: Values, after: Values, now: Values, brought: float) -> tuple[float, float]:
    """By how much what came since a week is off what the weeks before it let expect: logarithm, and its sd by luck.

    ``before`` (R, features) and ``now`` (features,) are what was known then, ``after`` (R,) and ``brought`` what came.
    """
    told, residual = _regressed(before, after, now)
    return float(np.log(brought + LITTLE * after.mean()) - told), float(max(residual.std(), 1e-6))


def staying(off: float, by_luck: float) -> float:
    """The change that is taken to stay, as a logarithm: what was seen, less what luck alone makes of it.

    ``off * t^2 / (t^2 + s^2)``, t = USUAL_CHANGE, s = ``by_luck``. Seen: 30 % less; luck alone makes 30 % either way:
    half of it (as a logarithm) is taken to stay, 16 % less.

    >>> round(float(np.exp(staying(np.log(0.7), 0.3))), 2)
    0.84
    """
    weight = USUAL_CHANGE**2 / (USUAL_CHANGE**2 + by_luck**2)
    return weight * off


def chance(possible: Values, goal: float, rng: np.random.Generator) -> Chance:
    """The chance that the year ends at the goal or above, and how well so many years tell it.

    >>> chance(np.array([1.0, 2.0, 3.0, 4.0]), 2.5, np.random.default_rng(1)).share
    0.5
    """
    reached = (possible >= goal).astype(np.float64)
    tries = rng.choice(reached, (TRIES, len(reached))).mean(axis=1)
    low, high = np.quantile(tries, (0.1, 0.9))
    return Chance(float(reached.mean()), float(high - low) / 2.0)
