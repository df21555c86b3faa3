"""Draws of what parameters may be, where their posterior has several tops or long slopes: importance sampling."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import gammaincinv, logsumexp

from sim.draws import UNSURE, column, normals
from sim.world import Floats

FREEDOM = 5.0  # of the t law that is drawn from: its tails reach farther than those of a normal law
EACH = 1_000  # draws a round
KEPT = 1_000
LEAST = 1e-6  # part of the draws that a top is given at least
FIRST = 2_000_000  # of the numbers that key the luck


def sampled(
    density: Callable[[Floats], float], tops: Sequence[Floats], spreads: Sequence[Floats]
) -> tuple[Floats, float]:
    """KEPT draws (KEPT, p) of a law whose log density (up to a constant) and tops, with their covariances, are known.

    And the log of what lies under its density, up to a constant that is the same for all laws of p parameters.

    Two rounds are drawn from t laws and weighed by density over that of what they were drawn from: first about the
    tops, each as often as its share of what lies under them; then half of them about mean and covariance of the first
    round. The weighted draws are then drawn from evenly (systematic resampling).
    """
    heights = np.array([density(top) for top in tops])
    under = heights + np.array([0.5 * np.linalg.slogdet(spread)[1] for spread in spreads])
    share = np.maximum(np.exp(under - under.max()), LEAST)
    parts = list(zip(share / share.sum(), tops, spreads, strict=True))
    first = _mixture(parts, 0)
    values = np.array([density(x) for x in first])
    weight = _weights(values - _log_density(first, parts))
    middle = weight @ first
    away = first - middle
    wide = (away * weight[:, None]).T @ away + 1e-9 * np.eye(away.shape[1])
    both = [*((0.5 * part, top, spread) for part, top, spread in parts), (0.5, middle, wide)]
    second = _mixture(both, 1)
    drawn = np.concatenate([first, second])
    values = np.concatenate([values, [density(x) for x in second]])
    drawn_from = np.logaddexp(_log_density(drawn, parts), _log_density(drawn, both)) - np.log(2.0)
    weight = _weights(values - drawn_from)
    under_it = float(logsumexp(values - drawn_from) - np.log(len(drawn)))
    place = np.searchsorted(np.cumsum(weight), (np.arange(KEPT) + 0.5) / KEPT)
    return np.asarray(drawn[np.minimum(place, len(drawn) - 1)]), under_it


def covariance(density: Callable[[Floats], float], x: Floats, least: float) -> Floats:
    """Covariance at a top, from second differences of the log density; its curvature is ``least`` at least."""
    step = 1e-3
    n = len(x)
    eye = np.eye(n) * step
    here = density(x)
    up = [density(x + eye[i]) for i in range(n)]
    down = [density(x - eye[i]) for i in range(n)]
    curve = np.zeros((n, n))
    for i in range(n):
        curve[i, i] = (2.0 * here - up[i] - down[i]) / step**2
        for j in range(i):
            both = density(x + eye[i] + eye[j])
            curve[i, j] = curve[j, i] = (up[i] + up[j] - both - here) / step**2
    values, vectors = np.linalg.eigh((curve + curve.T) / 2.0)
    return np.asarray((vectors / np.maximum(values, least)) @ vectors.T)


Part = tuple[float, Floats, Floats]  # of a mixture: its share, middle and covariance


def _weights(logs: Floats) -> Floats:
    return np.asarray(np.exp(logs - logsumexp(logs)))


def _root(spread: Floats) -> Floats:
    values, vectors = np.linalg.eigh(spread)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 1e-12)))


def _mixture(parts: Sequence[Part], number: int) -> Floats:
    """EACH draws (EACH, p) from the t laws, of each as many as its share."""
    p = len(parts[0][1])
    keys = np.arange(EACH * p, dtype=np.int64)
    luck = normals(column(0, UNSURE, 3, keys, FIRST + 2 * number)).reshape(EACH, p)
    stretch = np.clip(column(0, UNSURE, 3, keys[:EACH], FIRST + 2 * number + 1), 1e-9, 1.0 - 1e-9)
    luck = luck / np.sqrt(2.0 * gammaincinv(0.5 * FREEDOM, stretch) / FREEDOM)[:, None]
    bounds = np.cumsum([share for share, _, _ in parts])
    which = np.minimum(np.searchsorted(bounds / bounds[-1], (np.arange(EACH) + 0.5) / EACH), len(parts) - 1)
    made = np.empty((EACH, p))
    for place, (_, middle, spread) in enumerate(parts):
        mine = which == place
        made[mine] = middle + luck[mine] @ _root(spread).T
    return made


def _log_density(x: Floats, parts: Sequence[Part]) -> Floats:
    """Log density of the mixture, up to the same constant for all, (n,)."""
    p = x.shape[1]
    logs = []
    for share, middle, spread in parts:
        root = _root(spread)
        away = np.linalg.solve(root, (x - middle).T)
        far = (away**2).sum(axis=0)
        size = np.linalg.slogdet(root)[1]
        logs.append(np.log(share) - size - 0.5 * (FREEDOM + p) * np.log1p(far / FREEDOM))
    return np.asarray(logsumexp(np.array(logs), axis=0))
