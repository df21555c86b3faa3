"""How well a mean difference is known: when it is enough, and what is said of it."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.compare import compare
from analysis.precision import Precision, correlation, enough, half_width, how_well, precision, round_line, wanted
from analysis.table import footnotes
from tests.played import made_up

TODAY = np.array([990.0, 1_000.0, 1_010.0] * 7)  # mean 1,000: half a percent of it is 5
UP_AND_DOWN = np.array([-1.0, 0.0, 1.0] * 7)  # mean 0, s = √0.7, t(0.975, 20) = 2.086: a mean known to ± 0.3809


def known(known_to: float, aim: float, label: str = "balanced × none", r: float = 0.97) -> Precision:
    return Precision(label, 1.0, known_to, aim, r, known_to == 0.0)


def test_the_interval_is_students() -> None:
    assert half_width(np.array([1.0, 2.0, 3.0])) == pytest.approx(2.484, abs=1e-3)
    assert half_width(UP_AND_DOWN) == pytest.approx(2.0860 * np.sqrt(0.7) / np.sqrt(21), abs=1e-4)
    assert half_width(np.array([1.0])) == np.inf


@pytest.mark.parametrize(("gain", "aim"), [(0.0, 5.0), (19.9, 5.0), (40.0, 10.0), (-40.0, 10.0)])
def test_the_larger_of_a_quarter_and_half_a_percent_is_wanted(gain: float, aim: float) -> None:
    assert wanted(np.full(21, gain), TODAY) == pytest.approx(aim)
    assert wanted(np.full(21, gain), -TODAY) == pytest.approx(aim)


@pytest.mark.parametrize(
    ("gain", "spread", "well"),
    [
        (0.0, 13.1, True),  # 13.1 · 0.3809 = 4.99
        (0.0, 13.2, False),  # 5.03
        (40.0, 26.2, True),  # 9.98, a quarter of 40 is 10
        (40.0, 26.3, False),  # 10.02
        (-40.0, 26.2, True),
    ],
)
def test_known_well_enough_to_the_bound_and_not_beyond(gain: float, spread: float, well: bool) -> None:
    assert precision("plan", TODAY + gain + spread * UP_AND_DOWN, TODAY).well is well


def test_one_vague_plan_is_enough_to_go_on() -> None:
    assert enough([])
    assert enough([known(1.0, 2.0), known(2.0, 2.0)])
    assert not enough([known(1.0, 2.0), known(2.1, 2.0)])


def test_a_plan_that_is_the_same_is_known_exactly() -> None:
    nothing = np.zeros(20)  # a market without contribution: half a percent of nothing is nothing
    twin = precision("twin", nothing, nothing)
    assert (twin.same, twin.well, twin.known_to, twin.mean) == (True, True, 0.0, 0.0)


def test_the_correlation_is_that_of_the_years() -> None:
    assert correlation(TODAY, 2 * TODAY) == pytest.approx(1.0)
    assert correlation(TODAY, -TODAY) == pytest.approx(-1.0)
    assert np.isnan(correlation(TODAY, np.full(21, 7.0)))


def test_what_is_known_is_said_in_words() -> None:
    both = [known(1.0, 2.0), known(1.0, 2.0, r=0.99), known(0.0, 2.0, r=1.0)]
    assert how_well(both, 60, "$", 400) == (
        "60 years: every mean difference is known to a quarter of itself or 0.5 % of contribution "
        "· common seeds: correlation 0.97 to 0.99"
    )
    assert how_well([], 20, "$") == "20 years: only the status quo was played, there is no difference to know"


def test_what_is_not_known_is_said_with_the_vaguest_plan() -> None:
    plans = [known(1_000.0, 2_000.0), known(31_000.0, 22_000.0), known(23_000.0, 22_000.0, "nearest × none")]
    told = "balanced × none is known to ± 31.0, wanted ± 22.0 k$"
    seeds = "common seeds: correlation 0.97"
    assert how_well(plans[:2], 400, "$", 400) == f"stopped at the limit of 400 years: {told} · {seeds}"
    assert how_well(plans, 400, "$", 600) == f"400 years: {told}, and 1 more not well enough either · {seeds}"
    assert round_line(plans, 20, "$", 20) == f"20 years: 1 of 3 mean differences known well enough · {told} · on to 40"


def test_the_comparison_says_the_same_from_its_rows() -> None:
    plans = [made_up("now"), made_up("other", spread=60_000), made_up("better", gain=20_000)]
    found = compare(plans, limit=20)
    row = found.row("other")
    change = found.paired()["other"].to_numpy()
    assert row["known_to"] == half_width(change)
    assert row["mean"] == change.mean()
    assert [one.label for one in found.known] == [name for name in found.table["label"] if not name.startswith("curr")]
    assert found.known[1].correlation == pytest.approx(row["correlation"])
    said = how_well(found.known, 20, "$", 20)
    assert said.startswith("stopped at the limit of 20 years: other × quota_potential is known to ±")
    assert f"S{said[1:]}." in footnotes(found)
    assert "20 years: other × quota_potential is known to ±" in " ".join(footnotes(compare(plans)))
