"""Win odds as a sum of what the rep and each of an opportunity's segments add, and what a pair of them adds beyond."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from sim.world import Floats, Ints

USUAL, REP, SEGMENT, PAIR = range(4)  # what a column of the sum stands for
SPREADS = (0.05, 0.1, 0.2, 0.35, 0.6, 1.0)  # sd of log-odds between reps, and between segments, that are weighed
USUAL_SPREAD = 0.5  # before any data these are half-normal about 0 with this sd
OF_USUAL, OF_PAIRS = 10.0, 1.0  # sd of the usual log-odds, and of what a pair adds that has a column of its own
HOPELESS = 1e-4  # of the best one's weight, below which spreads are left out
ROUNDS, NEAR = 30, 1e-8  # of Newton's way to the top, and when it is there


class Sums(NamedTuple):
    """Decided opportunities, counted where rep and segments are the same: ``decided`` and ``won``, both (rows,).

    ``adds`` (rows, columns) has a 1 where a column adds to the log-odds of a row; ``kind`` (columns,) is what it
    stands for: the usual odds, a rep, a segment, or a pair that has a column of its own.
    """

    adds: csr_array
    kind: Ints
    decided: Floats
    won: Floats


class Beyond(NamedTuple):
    """What each pair adds to the log-odds beyond the sum, and its variance; both (pairs,)."""

    odds: Floats
    variance: Floats


class Fit(NamedTuple):
    """A fitted sum: the columns' log-odds, their covariance, the rows' log-odds, and how well it explains the wins.

    ``spreads`` are the two that were held between reps and between segments.
    """

    at: Floats
    left: Floats
    logit: Floats
    explains: float
    spreads: tuple[float, float]


def fitted(sums: Sums, before: Sequence[Fit] = ()) -> list[Fit]:
    """The sum with each two of SPREADS that explain the wins well, or with those of fits ``before`` a column was added.

    Which spreads it is can't be known of a few reps, so what is said of a pair is weighed over all of them.
    """
    at = np.zeros(len(sums.kind))
    at[sums.kind == USUAL] = np.log((sums.won.sum() + 0.5) / ((sums.decided - sums.won).sum() + 0.5))
    made: list[Fit] = []
    for spreads in [fit.spreads for fit in before] or list(product(SPREADS, SPREADS)):
        made.append(_fitted(sums, spreads, made[-1].at if made else at))
    best = max(fit.explains for fit in made)
    return [fit for fit in made if fit.explains > best + np.log(HOPELESS)]


def beyond(sums: Sums, fits: list[Fit], pairs: csr_array) -> Beyond:
    """What each pair (rows, pairs: 1 where a row is one of its) adds beyond the sum, were it given a column of its own.

    ``odds = U / V`` with variance ``1 / V`` (score test): U is ``sum (won - n p)`` over its rows, V is
    ``sum n p (1 - p) - g C g``, what is known of it after reps and segments have taken their part: C is the covariance
    of the columns, g is ``sum n p (1 - p)`` of its rows by column. Each fit counts by how well it explains the wins
    together with the pair's own column.
    """
    made = []
    for fit in fits:
        score, known = _alone(sums, fit, pairs)
        made.append((fit.explains + 0.5 * (score**2 / known - np.log(known)), score / known, 1.0 / known))
    logs, odds, variances = (np.array(values) for values in zip(*made, strict=True))
    weight = _weight(logs)
    middle = (weight * odds).sum(axis=0)
    return Beyond(middle, (weight * (variances + (odds - middle) ** 2)).sum(axis=0))


def own(sums: Sums, fits: list[Fit]) -> Beyond:
    """What the pairs add that have columns of their own, in the order of these."""
    columns = sums.kind == PAIR
    weight = _weight(np.array([fit.explains for fit in fits]))[:, None]
    odds = np.array([fit.at[columns] for fit in fits])
    middle = (weight * odds).sum(axis=0)
    variances = np.array([np.diag(fit.left)[columns] for fit in fits])
    return Beyond(middle, (weight * (variances + (odds - middle) ** 2)).sum(axis=0))


def _alone(sums: Sums, fit: Fit, pairs: csr_array) -> tuple[Floats, Floats]:
    """Of each pair U and V of `beyond`."""
    chance = _chance(fit.logit)
    each = sums.decided * chance * (1.0 - chance)
    by_column = ((sums.adds * each[:, None]).T @ pairs).toarray()
    known = np.maximum(each @ pairs - (by_column * (fit.left @ by_column)).sum(axis=0), 1e-9)
    return (sums.won - sums.decided * chance) @ pairs, known


def _weight(logs: Floats) -> Floats:
    weight = np.exp(logs - logs.max(axis=0))
    return np.asarray(weight / weight.sum(axis=0))


def _chance(logit: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-logit)))


def _fitted(sums: Sums, spreads: tuple[float, float], at: Floats) -> Fit:
    """The likeliest columns, normal about 0 before any data, found from ``at``.

    How well it explains is the log of the likelihood with all columns integrated out (Laplace's way), and of what is
    held of the spreads before any data.
    """
    prior = np.array([OF_USUAL, *spreads, OF_PAIRS])[sums.kind] ** -2.0
    for _ in range(ROUNDS):
        chance = _chance(sums.adds @ at)
        weighed = sums.adds * (sums.decided * chance * (1.0 - chance))[:, None]
        curve = (sums.adds.T @ weighed).toarray() + np.diag(prior)
        step = np.linalg.solve(curve, sums.adds.T @ (sums.won - sums.decided * chance) - prior * at)
        at = at + step
        if np.abs(step).max() < NEAR:
            break
    logit = sums.adds @ at
    chance = np.clip(_chance(logit), 1e-12, 1.0 - 1e-12)
    likely = float((sums.won * np.log(chance) + (sums.decided - sums.won) * np.log1p(-chance)).sum())
    shape = 0.5 * float(np.log(prior).sum() - np.linalg.slogdet(curve)[1] - (prior * at**2).sum())
    held = 0.5 * float(np.square(spreads).sum()) / USUAL_SPREAD**2 - float(np.log(spreads).sum())  # even on a log scale
    return Fit(at, np.linalg.inv(curve), logit, likely + shape - held, spreads)
