"""Sales in play beside sales on record."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.compare import compare
from analysis.on_record import (
    AS_ASKED,
    AS_GOOD,
    MAY_BE_LUCK,
    OFF,
    OnRecord,
    held,
    like_record,
    on_record,
)
from command.play import like_last_year
from scenarios.schema import EventOptions, MarketOptions, Scenario, TeamOptions, TerritoryOptions
from sim.behaviour import Behaviour
from tests.played import made_up


def sold(part: float, **more: object) -> dict[str, object]:
    """What a plan is stored with, of a market that sold ``part`` of what is played."""
    played = compare([made_up("now")]).values
    revenue = played[played["metric"] == "revenue"]["value"].mean()
    return {"sold": part * float(revenue), **more}


@pytest.mark.parametrize(
    ("part", "said", "far"),
    [
        (1.0, "as good as the", False),
        (1.02, "2 % less than the", False),
        (1.25, "20 % less than the", True),
        (0.5, "100 % more than the", True),
    ],
)
def test_what_is_played_is_held_against_the_record(part: float, said: str, far: bool) -> None:
    found = compare([made_up("now", **sold(part)), made_up("better", gain=20_000, **sold(part))])
    assert found.record is not None
    assert found.record.far == far
    sentence = like_record(found).plain
    assert said in sentence
    assert (re.search(r"market\.level=([\d.]+)", sentence) is not None) == far
    if far:
        assert f"market.level={part:g} would" in sentence
    assert found.facts.set_index("fact")["value"]["off"] == pytest.approx(1 / part - 1)


def test_nothing_is_said_where_nothing_is_on_record() -> None:
    assert like_record(compare([made_up("now"), made_up("other")])).plain == ""
    assert on_record(made_up("now", sold=0.0), np.ones(3)) is None


@pytest.mark.parametrize(
    "unlike",
    [
        {"events": EventOptions("market_fall")},
        {"years": 2},
        {"market": MarketOptions(growth="+5%")},
        {"market": MarketOptions(entry="region=East")},
    ],
)
def test_years_that_are_not_to_be_like_the_one_on_record_are_not_held_against_it(unlike: dict[str, Any]) -> None:
    assert not like_last_year(Scenario(**unlike))


@pytest.mark.parametrize(
    "like",
    [
        {"market": MarketOptions(level=1.5), "territory": TerritoryOptions("balanced")},
        {"market": MarketOptions(fit="twin.yaml")},
        {"team": TeamOptions(hours=10.0)},
        {"behaviour": Behaviour(win_odds=0.3)},
    ],
)
def test_the_record_is_taken_to_be_that_of_the_team_behaviour_and_fit_that_are_set(like: dict[str, Any]) -> None:
    assert like_last_year(Scenario(**like))


def test_the_level_that_is_proposed_is_told_from_the_one_that_was_played() -> None:
    today = made_up("now", **sold(2.0))
    today.info["scenario"]["market"]["level"] = 1.5
    said = like_record(compare([today, made_up("better", gain=20_000, **sold(2.0))])).plain
    assert "50 % less" in said
    assert "market.level=3 would" in said


def held_years(*sold_in_play: float, on: float = 100.0, level: float = 1.0) -> OnRecord:
    found = held(on, level, np.array(sold_in_play))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("years", "level", "verdict"),
    [
        ((109.0, 110.0, 111.0), 1.0, OFF),
        ((80.0, 110.0, 140.0), 1.0, MAY_BE_LUCK),  # a standard error of 17
        ((110.0,), 1.0, MAY_BE_LUCK),  # one year tells nothing
        ((80.0, 102.0, 124.0), 1.0, AS_GOOD),
        ((101.9, 102.0, 102.1), 1.0, AS_GOOD),
        ((102.9, 103.0, 103.1), 1.0, OFF),
        ((119.0, 120.0, 121.0), 1.2, AS_ASKED),
        ((122.0, 123.0, 124.0), 1.2, AS_ASKED),
        ((90.0, 115.0, 140.0), 1.2, AS_ASKED),  # within luck, and nearer to that than to the record
        ((90.0, 95.0, 100.0), 1.2, MAY_BE_LUCK),
        ((99.0, 100.0, 101.0), 1.2, AS_GOOD),
        ((101.9, 102.0, 102.1), 1.02, AS_GOOD),
        ((139.0, 140.0, 141.0), 1.2, OFF),
    ],
)
def test_a_level_is_proposed_only_for_what_is_neither_luck_nor_asked_for(
    years: tuple[float, ...], level: float, verdict: str
) -> None:
    assert held_years(*years, level=level).verdict == verdict


def test_luck_is_called_luck_and_no_level_is_proposed() -> None:
    found = compare([made_up("now", **sold(1.0)), made_up("better", gain=20_000, **sold(1.0))])
    assert found.record is not None
    wide = found.record._replace(sold=found.record.sold / 1.1, error=0.08 * found.record.sold)
    said = like_record(replace(found, record=wide)).plain
    assert "10 % more than" in said
    assert said.endswith(f"which may be the luck of the {found.years} years played.")
    assert "market.level" not in said
    asked = wide._replace(asked=1.1, error=0.0)
    assert like_record(replace(found, record=asked)).plain.endswith("on record, as market.level=1.1 asks.")


def test_both_amounts_are_said_in_one_unit_and_one_year_leaves_no_error() -> None:
    found = compare([made_up("now", **sold(1.0)), made_up("better", gain=20_000, **sold(1.0))])
    said = like_record(replace(found, record=held_years(94.6e6, 94.7e6, on=104e6))).plain
    assert "sells 95 M$ in the mean year, 9 % less than the 104 M$ a year on record" in said
    assert "error" in held_years(1.0, 2.0).facts()
    assert "error" not in held_years(1.0).facts()
