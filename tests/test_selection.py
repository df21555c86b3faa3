"""Taking accounts from the top of a ranking: what a plain sort would take, whatever the way there."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.rules.selection import FEW, take_while_fits

SIZES = st.integers(0, 12) | st.sampled_from([FEW - 1, FEW, FEW + 1, 2 * FEW, 300])
NOT_WRITTEN = -7


class Ranking(NamedTuple):
    """Keys and hours of all accounts, and the territory that is asked for."""

    keys: np.ndarray
    hours: np.ndarray
    first: int
    end: int


@st.composite
def rankings(draw: st.DrawFn) -> Ranking:
    """A territory between two others; keys of a few values or of any, hours short, long or equal."""
    before, size, after = draw(st.integers(0, 5)), draw(SIZES), draw(st.integers(0, 5))
    luck = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = before + size + after
    values = draw(st.sampled_from([1, 2, 5, 0]))
    keys = luck.normal(size=n) if values == 0 else luck.integers(0, values, n) - 1.0
    hours = draw(st.sampled_from([np.full(n, 1.5), 0.5 + luck.exponential(1.0, n), luck.choice([0.1, 0.7, 30.0], n)]))
    return Ranking(keys, hours, before, before + size)


def sorted_and_taken(ranking: Ranking, budget: float) -> list[int]:
    """The same by a plain sort; equal keys: the lower place first."""
    taken = []
    for place in sorted(range(ranking.first, ranking.end), key=lambda place: (-ranking.keys[place], place)):
        if ranking.hours[place] > budget:
            break
        budget -= ranking.hours[place]
        taken.append(place)
    return taken


def take(ranking: Ranking, budget: float, above: float, lower: float) -> list[int]:
    """What is taken, in order; nothing else may be written than the territory's own part of ``listed``, and scratch."""
    size, hours = ranking.end - ranking.first, ranking.hours.copy()
    own = ranking.keys[ranking.first : ranking.end]
    keys, listed = np.concatenate([own, np.full(8, inf)]), np.full(size + 8, NOT_WRITTEN)
    near, places = np.full(FEW + 16, inf), np.full(FEW + 16, NOT_WRITTEN)
    start, count = take_while_fits(
        keys, hours, ranking.first, size, budget, above, lower, listed, near[8:-8], places[8:-8]
    )
    assert np.array_equal(keys[:size], own)
    assert np.array_equal(hours, ranking.hours)
    for around in (listed[size:], places[:8], places[-8:]):
        assert (around == NOT_WRITTEN).all()
    assert (near[:8] == inf).all()
    assert (near[-8:] == inf).all()
    assert 0 <= start <= start + count <= size
    return (ranking.first + listed[start : start + count][::-1]).tolist()


def equal_keys(size: int) -> Ranking:
    return Ranking(np.zeros(size), np.ones(size), 0, size)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(
    rankings(), st.floats(0.0, 1.2) | st.integers(0, 300), st.floats(0.0, 1.0), st.sampled_from([-inf, -0.1, 0.0, inf]),
    st.sampled_from([0.0, 0.5, 2.0, inf]),
)  # fmt: skip
@example(equal_keys(FEW), FEW, 0.0, -inf, 1.0)
@example(equal_keys(FEW + 1), FEW + 1, 0.0, -inf, 1.0)
@example(equal_keys(FEW + 1), FEW - 1, 0.0, 0.0, 0.0)
def test_what_is_taken_is_what_a_plain_sort_takes_whatever_the_guess(ranking, part, rank, beside, lower):
    """The budget is part of all hours, or just the hours of the first few; the guess is one of the keys, or beside."""
    inside = slice(ranking.first, ranking.end)
    first = sorted_and_taken(ranking, inf)
    if isinstance(part, int):
        budget = float(np.cumsum([0.0, *ranking.hours[first[:part]]])[-1])
    else:
        budget = part * float(ranking.hours[inside].sum())
    keys = np.sort(ranking.keys[inside])
    guess = (keys[int(rank * (keys.size - 1))] if keys.size else 0.0) + beside
    assert take(ranking, budget, guess, lower) == sorted_and_taken(ranking, budget)


def test_a_territory_without_accounts_takes_nothing():
    assert take(Ranking(np.ones(4), np.ones(4), 2, 2), 10.0, -inf, 1.0) == []


def test_nothing_is_skipped_for_one_that_would_fit():
    """The second is too long for the hours that are left: the third, which is not, is not called either."""
    assert take(Ranking(np.array([3.0, 2.0, 1.0]), np.array([1.0, 5.0, 1.0]), 0, 3), 2.0, -inf, 1.0) == [0]
