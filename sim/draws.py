"""Luck: every chance event has its own number, found by who it happens to and when, never "the next one".

``key = (seed, replication)`` and ``counter = (who, week, stream, index)`` go through Philox4x32-10
(Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011), which gives four
32-bit words, the lanes. So two plans played with the same seed see the same luck, and neither the order of agents nor
the engine, thread or process matters. ``who`` is an account's or rep's permanent key, never its place in an array.

Everything here is scalar, written so that plain Python and compiled code give the same bits; what follows a
law is drawn by inversion: a fixed number of uniforms each, rising with them, so that plans stay in step.
"""

from __future__ import annotations

import math

import numpy as np

from sim.elementary import as_float, exp, log
from sim.rule import loop, rule

MOST_EVENTS = 1000  # of one kind at one account in a week
# Streams. One line each: counter word, then what the four lanes decide.
WEEKLY = 0  # account, week: 0 taste of the week in the choice of calls, 1 orders, 2 openings, 3 churn
ORDER = 1  # account, week, index = ordinal of the order: 0 and 1 its size
DEAL = 2  # account, week opened, index = ordinal: 0 size of the opportunity
STAGE = 3  # account, week, index = (week opened, ordinal): 0 leaves its stage, 1 outcome, 2 reason of a loss
YEAR = 4  # account, year: 0 the account's shock
REGION_YEAR = 5  # region, year: 0 the region's shock
START = 6  # account: 0 error of the rep's belief, 1 relationship, 2 status, all before the burn-in
LEAVING = 7  # account, week: 0 reason of a churn
QUIT = 8  # rep, week: 0 leaves, 1 ability of who comes after
QUICK = 9  # account, week opened, index = ordinal: 0 whether the buyer is ready to decide
PLACE = 16  # account (market generation): 0 city, 1 and 2 offset from its centre, 3 industry
WORTH = 17  # account (market generation): 0 potential, 1 error of the planners' estimate, 2 product, 3 name
RIVAL = 18  # region x industry (markets): 0 positioning, 1 price, 2 reviews, 3 use cases; index 1 cluster; 2 quality
REP = 19  # rep (team generation): 0 ability
REP_FIT = 20  # rep, index = industry, region or product (team generation): 0 industry, 1 region, 2 product
DRAW = 21  # account, index = the try (territory design): 0 random design, 1 redrawn in `current`, 2 to which rep
DISTRICT = 22  # round, index = the proposal (districts): 0 which unit, 1 which neighbour, 2 acceptance, 3 swap, partner
UNSURE = 23  # account or rep, index = the draw (fit): 0 how often it buys, 1 size of what it buys, 2 ability


@rule
def _round(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    low = 0xD2511F53 * c0
    high = 0xCD9E8D57 * c2
    return (
        ((high >> 32) & 0xFFFFFFFF) ^ c1 ^ k0,
        high & 0xFFFFFFFF,
        ((low >> 32) & 0xFFFFFFFF) ^ c3 ^ k1,
        low & 0xFFFFFFFF,
    )


@rule
def philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Philox4x32-10: four 32-bit words from a counter of four words and a key of two.

    Integers in [0, 2**32). Unrolled: a loop is seven times slower compiled. Int64 arithmetic that wraps and is
    masked gives the words that exact integers give.

    >>> [hex(word) for word in philox(0, 0, 0, 0, 0, 0)]
    ['0x6627e8d5', '0xe169c58d', '0xbc57ac4c', '0x9b00dbd8']
    """
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return _round(c0, c1, c2, c3, k0, k1)


@rule
def uniform(word: int) -> float:
    """A 32-bit word as a number strictly inside (0, 1): ``(w + 1/2) / 2**32``, so that its logarithm always exists.

    >>> uniform(2**31)
    0.5000000001164153
    """
    return (as_float(word) + 0.5) * 2.3283064365386963e-10


@rule
def four(
    seed: int, replication: int, stream: int, who: int, week: int, index: int
) -> tuple[float, float, float, float]:
    """The four uniforms of one event: lanes 0 to 3 of its stream."""
    a, b, c, d = philox(int(who), int(week), int(stream), int(index), int(seed), int(replication))
    return uniform(a), uniform(b), uniform(c), uniform(d)


@rule
def normal(u: float) -> float:
    """The standard normal value below which a share ``u`` of all values lies (0 < u < 1).

    Wichura's AS 241 (Applied Statistics 37, 1988), relative error about 1e-16; three rational
    approximations, so the bits are those of + - * / and, in the tails, of log and sqrt.

    >>> round(normal(0.975), 6)
    1.959964
    """
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return (
            q
            * (((((((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r + 6.7265770927008700853e4) * r
                + 4.5921953931549871457e4) * r + 1.3731693765509461125e4) * r + 1.9715909503065514427e3) * r
                + 1.3314166789178437745e2) * r + 3.3871328727963666080e0)
            / (((((((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r + 3.9307895800092710610e4) * r
                + 2.1213794301586595867e4) * r + 5.3941960214247511077e3) * r + 6.8718700749205790830e2) * r
                + 4.2313330701600911252e1) * r + 1.0)
        )  # fmt: skip
    r = math.sqrt(-log(u if q < 0.0 else 1.0 - u))
    if r <= 5.0:
        r -= 1.6
        value = (((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r + 2.41780725177450611770e-1) * r
            + 1.27045825245236838258e0) * r + 3.64784832476320460504e0) * r + 5.76949722146069140550e0) * r
            + 4.63033784615654529590e0) * r + 1.42343711074968357734e0) / (
            ((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r + 1.51986665636164571966e-2) * r
            + 1.48103976427480074590e-1) * r + 6.89767334985100004550e-1) * r + 1.67638483018380384940e0) * r
            + 2.05319162663775882187e0) * r + 1.0)  # fmt: skip
    else:
        r -= 5.0
        value = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.24266094738807843860e-3) * r
            + 2.65321895265761230930e-2) * r + 2.96560571828504891230e-1) * r + 1.78482653991729133580e0) * r
            + 5.46378491116411436990e0) * r + 6.65790464350110377720e0) / (
            ((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r + 1.84631831751005468180e-5) * r
            + 7.86869131145613259100e-4) * r + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1) * r
            + 5.99832206555887937690e-1) * r + 1.0)  # fmt: skip
    return -value if q < 0.0 else value


@rule
def lognormal(u: float, mean: float, cv: float) -> float:
    """A log-normal value with the given mean and coefficient of variation.

    ``mean * exp(s z - s**2 / 2)`` with ``s**2 = ln(1 + cv**2)`` and z the normal value at u.
    """
    variance = log(1.0 + cv * cv)
    return mean * exp(math.sqrt(variance) * normal(u) - 0.5 * variance)


@rule
def gumbel(u: float) -> float:
    """A standard Gumbel value: ``-ln(-ln u)``. The largest of many choices plus Gumbel noise is a logit choice."""
    return -log(-log(u))


@rule
def gamma2(u: float, v: float, mean: float) -> float:
    """A gamma value of shape 2: the sum of two exponential ones, each by inversion; CV 0.71."""
    return -0.5 * mean * (log(u) + log(v))


@rule
def may_happen(u: float, rate: float) -> bool:
    """Whether any event of a Poisson law may have happened: ``u > 1 - rate``, which is never above exp(-rate).

    Spares nearly all accounts of a quiet week the exponential.
    """
    return u > 1.0 - rate


@rule
def poisson(u: float, rate: float) -> int:
    """How many events of a Poisson law with mean ``rate`` happen: the first count whose probability sum passes u.

    >>> poisson(0.5, 0.0), poisson(0.5, 1.0), poisson(0.99, 1.0)
    (0, 1, 4)
    """
    return counted(u, rate, exp(-rate)) if may_happen(u, rate) else 0


@rule
def counted(u: float, rate: float, none: float) -> int:
    """`poisson` where the chance that nothing happens, ``none = exp(-rate)``, is known.

    >>> counted(0.5, 1.0, exp(-1.0))
    1
    """
    chance = none
    total = chance
    count = 0
    while u > total and count < MOST_EVENTS:
        count += 1
        chance = chance * rate / count
        total += chance
    return count


@loop
def _column(out: np.ndarray, seed: int, stream: int, lane: int, who: np.ndarray, index: int) -> None:
    for i in range(who.size):
        out[i] = four(seed, 0, stream, who[i], 0, index)[lane]


def column(seed: int, stream: int, lane: int, who: np.ndarray, index: int = 0) -> np.ndarray:
    """One uniform for each key in ``who`` (n,), for building markets, teams and designs: shape (n,), float64."""
    out = np.empty(len(who), dtype=np.float64)
    _column(out, seed, stream, lane, np.ascontiguousarray(who, dtype=np.int64), index)
    return out


@loop
def _normals(out: np.ndarray) -> None:
    for i in range(out.size):
        out[i] = normal(out[i])


def normals(uniforms: np.ndarray) -> np.ndarray:
    """The standard normal value of each uniform: same shape, float64."""
    out = np.array(uniforms, dtype=np.float64).ravel()
    _normals(out)
    return out.reshape(np.shape(uniforms))
