"""Sales in play beside sales on record."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from analysis.compare import compare
from analysis.on_record import like_record, on_record
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
        assert f"market.level={part:.2f}" in sentence
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
        {"market": MarketOptions(fit="twin.yaml")},
    ],
)
def test_years_that_are_not_to_be_like_the_one_on_record_are_not_held_against_it(unlike: dict[str, Any]) -> None:
    assert not like_last_year(Scenario(**unlike))


@pytest.mark.parametrize(
    "like",
    [
        {"market": MarketOptions(level=1.5), "territory": TerritoryOptions("balanced")},
        {"team": TeamOptions(hours=10.0)},
        {"behaviour": Behaviour(win_odds=0.3)},
    ],
)
def test_the_record_is_taken_to_be_that_of_the_team_and_behaviour_that_are_set(like: dict[str, Any]) -> None:
    assert like_last_year(Scenario(**like))


def test_the_level_that_is_proposed_is_told_from_the_one_that_was_played() -> None:
    today = made_up("now", **sold(2.0))
    today.info["scenario"]["market"]["level"] = 1.5
    said = like_record(compare([today, made_up("better", gain=20_000, **sold(2.0))])).plain
    assert "50 % less" in said
    assert "market.level=3.00 would" in said
