"""Who hears from whom: the nearest of the same industry, in an order that nothing but places and keys decides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from scenarios.build import build
from scenarios.market import Market
from scenarios.schema import MarketOptions, Scenario, TeamOptions
from scenarios.word import heard
from sim.behaviour import Behaviour
from sim.run import digest

LISTENING = Behaviour(referral=0.3)


def market(x: list[float], industry: list[str] | None = None, places: bool = True) -> Market:
    accounts = pd.DataFrame({"x_km": x, "y_km": 0.0, "industry": industry or ["a"] * len(x)})
    return Market(accounts, pd.DataFrame(), np.ones(52), places, "$", "", "")


def plainly(made: Market) -> list[list[int]]:
    """The same by looking at every pair."""
    a, found = made.accounts, []
    for i in range(len(a)):
        km = np.hypot(a["x_km"] - a["x_km"][i], a["y_km"] - a["y_km"][i]).to_numpy()
        order = np.lexsort((np.arange(len(a)), km, (a["industry"] != a["industry"][i]).to_numpy()))
        found.append(order[order != i][:4].tolist())
    return found


def test_nobody_hears_where_nobody_listens() -> None:
    assert heard(market([0.0] * 9), Behaviour()).shape == (0, 4)
    assert build(Scenario(market=MarketOptions(accounts=60), team=TeamOptions(reps=2))).world.neighbours.shape == (0, 4)


@pytest.mark.parametrize("behaviour", [LISTENING, Behaviour(review=0.1)])
def test_an_account_hears_from_the_four_nearest(behaviour: Behaviour) -> None:
    found = heard(market([0.0, 1.0, 3.0, 6.0, 10.0, 15.0]), behaviour)
    assert found.tolist() == [[1, 2, 3, 4], [0, 2, 3, 4], [1, 0, 3, 4], [2, 4, 1, 0], [3, 5, 2, 1], [4, 3, 2, 1]]


def test_of_its_own_industry() -> None:
    made = market([float(i) for i in range(12)], ["a", "b"] * 6)
    assert heard(made, LISTENING)[:2].tolist() == [[2, 4, 6, 8], [3, 5, 7, 9]]


def test_equally_near_ones_stand_in_order_of_key() -> None:
    assert heard(market([0.0] * 7), LISTENING)[[0, 3, 6]].tolist() == [[1, 2, 3, 4], [0, 1, 2, 4], [0, 1, 2, 3]]


def test_a_small_industry_hears_from_others_too() -> None:
    found = heard(market([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0], ["b", "a", "a", "a", "a", "a", "b"]), LISTENING)
    assert found[0].tolist() == [6, 1, 2, 3]


def test_a_tiny_market_hears_the_same_again() -> None:
    assert heard(market([0.0, 1.0, 3.0]), LISTENING).tolist() == [[1, 2, 1, 2], [0, 2, 0, 2], [1, 0, 1, 0]]


def test_without_places_those_next_in_order_are_heard() -> None:
    assert heard(market([0.0] * 9, places=False), LISTENING)[[0, 4]].tolist() == [[1, 2, 3, 4], [3, 5, 2, 6]]


@pytest.mark.parametrize("seed", range(8))
def test_it_is_what_looking_at_every_pair_gives(seed: int) -> None:
    """Rounded places make ties at every distance; some industries have less than five accounts."""
    drawn = np.random.default_rng(seed)
    x = np.round(drawn.normal(0.0, 4.0, 150)).tolist()
    made = market(x, drawn.choice(list("abcdefg"), 150, p=[0.5, 0.3, 0.14, 0.03, 0.01, 0.01, 0.01]).tolist())
    assert heard(made, LISTENING).tolist() == plainly(made)


def test_what_is_heard_is_part_of_what_a_burn_in_depends_on() -> None:
    scenario = Scenario(market=MarketOptions(accounts=60), team=TeamOptions(reps=2), behaviour=LISTENING)
    world = build(scenario).world
    assert world.neighbours.shape == (60, 4)
    assert digest(world) != digest(replace(world, neighbours=world.neighbours[:, ::-1].copy()))
