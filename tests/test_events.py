"""Dated events: what a planner's sentences mean, and what is said of those that mean nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from command.settings import CONFIGS, option, options
from scenarios.build import build, market_and_team
from scenarios.events import dated_events
from scenarios.problems import InputError
from scenarios.schema import EventOptions, MarketOptions, Scenario, TeamOptions
from sim.run import run
from sim.world import CRITERIA, DEMAND, LAUNCH, LEAD, LEAVES

SMALL = Scenario(market=MarketOptions(accounts=60), team=TeamOptions(reps=3))
MARKET, TEAM, _ = market_and_team(SMALL)


def said(*sentences: str):
    return dated_events(EventOptions("told", "; ".join(sentences)), MARKET, TEAM)


def problems_of(*sentences: str) -> tuple[str, ...]:
    with pytest.raises(InputError) as refused:
        said(*sentences)
    return refused.value.problems


def test_nothing_happens_where_nothing_is_said() -> None:
    assert dated_events(EventOptions(), MARKET, TEAM) is None
    assert said(" ", "") is None


def test_events_stand_in_the_order_of_their_weeks_whatever_is_said_first() -> None:
    told = said(
        "week 30: launch +20%",
        "week 10: demand -25%",
        "week 52: rep R03 leaves",
        "week 20: competitor price +0.3",
    )
    assert told.week.tolist() == [9, 19, 29, 51]
    assert told.what.tolist() == [DEMAND, LEAD, LAUNCH, LEAVES]
    assert told.amount.tolist() == [-0.25, 0.3, 0.2, 0.0]
    assert told.criterion[1] == CRITERIA.index("price")
    assert told.seat[3] == 2
    assert told.concerns.sum(axis=1).tolist() == [60, 60, 60, 0]


@pytest.mark.parametrize(("share", "amount"), [("-25%", -0.25), ("+0.2", 0.2), ("20 %", 0.2), ("-0.5", -0.5)])
def test_a_change_may_be_said_as_a_share_or_in_per_cent(share: str, amount: float) -> None:
    assert said(f"week 1: demand {share}").amount.tolist() == [pytest.approx(amount)]


def test_an_event_meets_the_accounts_that_its_conditions_name() -> None:
    accounts = MARKET.accounts
    told = said("week 1: demand +10% in size=large and industry=Retail,Food", "Week 2: Launch +10% in  size=small")
    large = (accounts["size"] == "large") & accounts["industry"].isin(["Retail", "Food"])
    assert told.concerns[0].tolist() == large.tolist()
    assert told.concerns[1].tolist() == (accounts["size"] == "small").tolist()


def test_largest_stands_for_the_value_that_most_accounts_have() -> None:
    counts = MARKET.accounts["region"].value_counts()
    told = said("week 1: demand +10% in region=largest")
    assert told.concerns[0].sum() == counts.max()
    assert set(MARKET.accounts["region"][told.concerns[0]]) == {counts.index[0]}


def test_a_rep_may_be_named_by_its_place_in_the_team() -> None:
    assert said("week 1: rep 1 leaves", "week 2: rep R01 leaves").seat.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("sentence", "problem"),
    [
        ("week 10: demnd -25%", "there is no 'demnd'; did you mean 'demand'? It goes: week N: demand"),
        ("week 10: competitor prize +0.3", "no criterion is called 'prize'; did you mean 'price'?"),
        ("week 10: demand -25% in regoin=East", "no column 'regoin' of words; did you mean 'region'?"),
        ("week 10: demand -25% in industry=Retial", "no account has industry=Retial; did you mean 'Retail'?"),
        ("week 10: demand -25% in potential=3", "accounts have no column 'potential' of words"),
        ("week 10: rep R3 leaves", "no rep has the id 'R3'; did you mean 'R03'?"),
        ("week 10: rep 4 leaves", "no rep has the id '4'"),
        ("week 10: rep R03 goes", "it goes: week N: rep REP leaves"),
        ("week 53: demand -25%", "week 53 is not in the year; 1 to 52"),
        ("week 0: demand -25%", "week 0 is not in the year; 1 to 52"),
        ("week 10: demand -95%", "'-95%' is not a change from -90% to +200%, as in -25%"),
        ("week 10: launch twice", "'twice' is not a change from -90% to +200%"),
        ("week 10: competitor price +3", "'+3' is not a change of a score from -2 to 2"),
        ("demand -25%", "it goes: week N: demand -25%"),
    ],
)
def test_a_mistake_is_answered_in_words(sentence: str, problem: str) -> None:
    (told,) = problems_of(sentence)
    assert told.startswith(f"events.happen: '{sentence}': ")
    assert problem in told


def test_conditions_that_no_account_meets_are_a_mistake() -> None:
    pairs = MARKET.accounts.groupby(["industry", "city"]).size().unstack(fill_value=0)
    industry, city = next((i, c) for i in pairs.index for c in pairs.columns if pairs.loc[i, c] == 0)
    (told,) = problems_of(f"week 1: demand -25% in industry={industry} and city={city}")
    assert "no account is meant by" in told


def test_all_mistakes_are_told_at_once() -> None:
    assert len(problems_of("week 1: demnd -5%", "week 2: demand -5%", "week 99: demand -5%")) == 2


@pytest.mark.parametrize("name", options("events"))
def test_every_named_option_can_happen_in_any_market(name: str) -> None:
    happen = str(option("events", name).get("happen", ""))
    for reps in (2, 100):  # R01 and R001
        market, team, _ = market_and_team(Scenario(market=MarketOptions(accounts=200), team=TeamOptions(reps=reps)))
        told = dated_events(EventOptions(name, happen), market, team)
        assert (told is None) == (name == "none")
    assert (CONFIGS / "events" / f"{name}.yaml").exists()


@pytest.mark.parametrize(
    ("happen", "better"),
    [
        ("week 2: demand +50%", True),
        ("week 2: launch +100%", True),
        ("week 2: competitor quality -1", True),
        ("week 2: competitor price +1", False),
        ("week 2: rep 1 leaves", False),
    ],
)
def test_what_happens_is_felt_after_its_week_and_not_before(happen: str, better: bool) -> None:
    as_usual, told = (build(replace(SMALL, events=EventOptions("told", words))) for words in ("", happen))
    before, after = (run(one.world, one.plan, range(2), threads=1) for one in (as_usual, told))
    sales = [year.rep_week["fluid_margin"].sum(axis=2) for year in (before, after)]
    assert np.array_equal(sales[0][:, 0], sales[1][:, 0])
    assert ((sales[1].sum(axis=1) > sales[0].sum(axis=1)) == better).all()
