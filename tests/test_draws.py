"""Luck: known answers, the laws, and that nothing depends on an order."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from sim import draws
from sim.draws import column, four, gamma2, gumbel, lognormal, normal, philox, poisson

ONES = 0xFFFFFFFF
# The three known-answer vectors published with Philox4x32-10 (Random123, kat_vectors).
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES, ONES, ONES, ONES), (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_philox_gives_the_published_words(counter, key, words):
    assert philox(*counter, *key) == words


def plain(rule):
    """The Python text of a rule, without compilation; itself where compilation is off."""
    return getattr(rule, "py_func", rule)


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_plain_python_gives_the_same_words(counter, key, words):
    assert plain(philox)(*counter, *key) == words


def test_laws_give_the_same_bits_compiled_and_plain():
    uniforms = column(3, draws.PLACE, 0, np.arange(2000))
    for u, v in pairwise(uniforms.tolist()):
        assert normal(u) == plain(normal)(u)
        assert gumbel(u) == plain(gumbel)(u)
        assert lognormal(u, 10.0, 1.5) == plain(lognormal)(u, 10.0, 1.5)
        assert gamma2(u, v, 3.0) == plain(gamma2)(u, v, 3.0)
        assert poisson(u, 4.0 * v) == plain(poisson)(u, 4.0 * v)


@pytest.mark.parametrize("u", [2.0**-33, 1e-6, 0.0751, 0.3, 0.5, 0.9, 0.9999, 1 - 2.0**-33])
def test_normal_is_the_inverse_of_the_distribution(u):
    assert normal(u) == pytest.approx(stats.norm.ppf(u), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("rate", [0.01, 0.23, 3.0, 40.0])
def test_poisson_is_the_inverse_of_the_distribution(rate):
    uniforms = column(5, draws.PLACE, 1, np.arange(500))
    assert [poisson(u, rate) for u in uniforms] == [int(stats.poisson.ppf(u, rate)) for u in uniforms]


def test_the_laws_have_the_moments_they_promise():
    u, v = column(1, draws.PLACE, 0, np.arange(20_000)), column(1, draws.PLACE, 1, np.arange(20_000))
    gamma = np.array([gamma2(a, b, 3.0) for a, b in zip(u, v, strict=True)])
    assert stats.kstest(gamma, stats.gamma(2.0, scale=1.5).cdf).pvalue > 0.01
    sizes = np.array([lognormal(a, 10.0, 1.5) for a in u])
    spread = np.log(1 + 1.5**2)
    assert stats.kstest(sizes, stats.lognorm(np.sqrt(spread), scale=10.0 * np.exp(-spread / 2)).cdf).pvalue > 0.01
    assert stats.kstest([gumbel(a) for a in u], stats.gumbel_r.cdf).pvalue > 0.01


def test_each_word_of_the_counter_gives_another_stream():
    here = four(1, 2, 3, 4, 5, 6)
    others = [four(9, 2, 3, 4, 5, 6), four(1, 9, 3, 4, 5, 6), four(1, 2, 9, 4, 5, 6)]
    others += [four(1, 2, 3, 9, 5, 6), four(1, 2, 3, 4, 9, 6), four(1, 2, 3, 4, 5, 9)]
    assert len({here, *others}) == 7


def test_neighbouring_draws_do_not_know_of_each_other():
    lanes = np.array([four(1, r, 0, who, week, 0) for r in range(4) for who in range(60) for week in range(20)])
    correlations = np.corrcoef(np.hstack([lanes[:-1], lanes[1:]]).T) - np.eye(8)
    assert np.abs(correlations).max() < 4.5 / np.sqrt(len(lanes))


def test_a_column_is_found_by_key_and_not_by_place():
    keys = np.array([11, 5, 8])
    assert list(column(1, draws.WORTH, 0, keys)[::-1]) == list(column(1, draws.WORTH, 0, keys[::-1]))


def test_streams_are_numbered_once():
    streams = {name: value for name, value in vars(draws).items() if name.isupper() and isinstance(value, int)}
    assert len(set(streams.values())) == len(streams)
