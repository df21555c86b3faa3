"""Who belongs where: a pair is held against what its rep does elsewhere and what others do in its segment."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array, hstack

from scenarios.crm.timing import Span
from scenarios.insight.additive import PAIR, REP, SEGMENT, USUAL, Sums, beyond, fitted, own
from scenarios.insight.facts import Facts
from scenarios.insight.pairs import FALSE, pairs

REPS, INDUSTRIES = 6, 7


def _cells(seed: int, each: int):
    rep, segment = (places.ravel() for places in np.indices((REPS, INDUSTRIES)))
    rng = np.random.default_rng(seed)
    odds = -0.6 + 0.35 * rng.normal(size=REPS)[rep] + 0.35 * rng.normal(size=INDUSTRIES)[segment]
    decided = rng.integers(each // 2, each * 2, len(rep)).astype(np.float64)
    return rep, segment, decided, odds, rng


def _won(rng, decided, odds):
    return rng.binomial(decided.astype(int), 1.0 / (1.0 + np.exp(-odds))).astype(np.float64)


def _alike(rep, segment, decided, won):
    """The sums of a table of reps by industries, and each cell of it as a pair."""
    columns = np.column_stack([np.ones(len(rep)), np.eye(REPS)[rep], np.eye(INDUSTRIES)[segment]])
    kind = np.array([USUAL] + [REP] * REPS + [SEGMENT] * INDUSTRIES)
    return Sums(csr_array(columns), kind, decided, won), csr_array(np.eye(len(rep)))


def test_where_nothing_is_beyond_what_is_found_strays_as_it_says():
    """Over 40 rounds of 42 pairs of which none adds anything."""
    off = []
    for seed in range(40):
        rep, segment, decided, odds, rng = _cells(seed, 60)
        sums, pairs_ = _alike(rep, segment, decided, _won(rng, decided, odds))
        found = beyond(sums, fitted(sums), pairs_)
        off += list(found.odds / np.sqrt(found.variance))
    assert np.mean(off) == pytest.approx(0.0, abs=0.1)
    assert np.std(off) == pytest.approx(1.0, abs=0.12)


def test_what_a_pair_would_add_is_about_what_it_adds_in_a_column_of_its_own():
    rep, segment, decided, odds, rng = _cells(3, 300)
    odds[10] += 0.5
    sums, pairs_ = _alike(rep, segment, decided, _won(rng, decided, odds))
    fits = fitted(sums)
    one = beyond(sums, fits, pairs_)
    wider = sums._replace(adds=csr_array(hstack([sums.adds, pairs_[:, [10]]])), kind=np.append(sums.kind, PAIR))
    other = own(wider, fitted(wider, fits))
    assert one.odds[10] == pytest.approx(other.odds[0], abs=0.05)
    assert one.variance[10] == pytest.approx(other.variance[0], rel=0.2)
    assert other.odds[0] == pytest.approx(0.5, abs=2.5 * np.sqrt(other.variance[0]))


def _facts(rep, segment, decided, won, size=lambda rep, segment: "") -> Facts:
    rows = []
    for r, s, n, w in zip(rep, segment, decided.astype(int), won.astype(int), strict=True):
        rows += [(f"R{r}", f"I{s}", place < w, size(r, s)) for place in range(n)]
    frame = pd.DataFrame(rows, columns=["rep", "industry", "won", "size"]).assign(region="", product="", amount=100.0)
    empty = pd.DataFrame()
    return Facts(Span(0, 364), empty, frame, empty, empty, "")


def test_one_strong_pair_among_many_is_told_and_what_it_is_worth():
    """Log-odds of 1.2 at some hundred opportunities, among forty pairs that are as expected."""
    rep, segment, decided, odds, rng = _cells(1, 150)
    odds[16] += 1.2
    table = pairs(_facts(rep, segment, decided, _won(rng, decided, odds)))
    told = table[table["says"] != ""]
    names = [(row.rep, row.segment, row.says) for row in told.itertuples()]
    assert names == [(f"R{rep[16]}", f"I{segment[16]}", "better")]
    strong = table.iloc[0]
    assert strong["low"] > 0.0
    years = 365 / 365.25
    assert strong["money"] == pytest.approx((strong["won"] - strong["expected"]) * 100.0 / years, rel=0.01)


def test_other_segments_of_a_strong_pair_are_not_told_for_it():
    """What the strong pair sells is large, and its rep sells little else that is: the rep is not strong in large."""
    rep, segment, decided, odds, rng = _cells(1, 150)
    odds[16] += 1.2
    large = {(rep[16], segment[16]), (rep[0], segment[0]), (rep[40], segment[40])}
    won = _won(rng, decided, odds)
    made = _facts(rep, segment, decided, won, lambda r, s: "large" if (r, s) in large else "small")
    table = pairs(made)
    told = table[table["says"] != ""]
    assert len(told) == 1
    assert (told["rep"] == f"R{rep[16]}").all()


def test_pairs_of_nothing_are_told_in_one_business_of_ten_at_most():
    """60 businesses whose pairs are as rep and industry lead one to expect."""
    told = 0
    for seed in range(100, 160):
        rep, segment, decided, odds, rng = _cells(seed, 60)
        told += bool((pairs(_facts(rep, segment, decided, _won(rng, decided, odds)))["says"] != "").any())
    assert told <= 60 * FALSE + 2.0 * np.sqrt(60 * FALSE * (1.0 - FALSE))


def test_accounts_that_differ_are_no_pairs():
    """Each pair's odds stray by .4, as accounts do: the strays are many, so none of them is told as a find."""
    told = 0
    for seed in range(200, 220):
        rep, segment, decided, odds, rng = _cells(seed, 100)
        table = pairs(_facts(rep, segment, decided, _won(rng, decided, odds + 0.4 * rng.normal(size=len(odds)))))
        told += int((table["says"] != "").sum())
    assert told <= 0.05 * 20 * REPS * INDUSTRIES
