"""A planner's edits: what each sentence does to a plan, and what each mistake is answered with."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from scenarios.generator import generate
from scenarios.problems import InputError
from scenarios.schema import MarketOptions, TeamOptions, TerritoryOptions
from scenarios.territory import assign
from scenarios.territory.edits import edited, half, segment, sentences
from scenarios.workload import kilometres
from sim.behaviour import Behaviour

PLAIN = Behaviour()
R01, R02, R03, R04 = range(4)
EDITS = (
    "move city=Dayton to R03; split R04; merge R01 R02; move account=A00012,A00015 to R02; move R04 to R02 ; "
    "move industry=food,retail from R01 to R02"
)


@pytest.fixture(scope="module")
def made():
    return generate(MarketOptions(accounts=400), TeamOptions(reps=4), PLAIN)


@pytest.fixture(scope="module")
def today(made):
    return assign(*made, TerritoryOptions(), PLAIN, 1)


def after(made, said, **options):
    return assign(*made, TerritoryOptions(edits=said, **options), PLAIN, 1)


def problems_of(made, said, **options):
    with pytest.raises(InputError) as refused:
        after(made, said, **options)
    return [problem.removeprefix("territory.edits: ") for problem in refused.value.problems]


def test_named_accounts_move_and_nothing_else(made, today):
    owner = after(made, "move account=A00001, A00003 to R04")
    assert owner[[0, 2]].tolist() == [R04, R04]
    assert (np.delete(owner, [0, 2]) == np.delete(today, [0, 2])).all()


def test_a_city_moves_whoever_has_it(made, today):
    city = made[0].accounts["city"]
    dayton = (city == "Dayton, OH").to_numpy()
    assert dayton.sum() > 10
    for said in ("Dayton", "dayton, oh", "'Dayton, OH'", "Dayton, OH"):
        owner = after(made, f"move city={said} to R03")
        assert (owner == np.where(dayton, R03, today)).all()
    both = dayton | (city == "Columbus, OH").to_numpy()
    assert (after(made, "move city=Dayton, OH, Columbus to R03") == np.where(both, R03, today)).all()


def test_a_segment_moves_from_one_rep_only(made, today):
    food = (made[0].accounts["industry"] == "Food").to_numpy()
    expected = np.where(food & (today == R01), R02, today)
    assert (after(made, "move industry=Food from R01 to R02") == expected).all()


def test_a_book_moves_and_territories_merge(made, today):
    expected = np.where(today == R02, R01, today)
    merges = ("merge R01 R02", "merge R01, R02", "merge 'R01' with 'R02'", "merge R01 and R02", "Merge  R01  R02")
    for said in ("move R02 to R01", *merges):
        assert (after(made, said) == expected).all()


def test_half_goes_to_who_lives_nearer(made, today):
    market, team = made
    owner = after(made, "split R03 with R01")
    need, was = market.accounts["need"].to_numpy(), today == R03
    went = was & (owner == R01)
    assert ((owner == today) | went).all()
    assert need[went].sum() == pytest.approx(need[was].sum() / 2, abs=need[was].max())
    km = kilometres(market.accounts, team.reps, np.zeros(len(owner), dtype=np.int64))
    assert km[went].max() <= km[was & ~went].min()


def test_half_by_hand():
    accounts = pd.DataFrame({"key": [1, 2, 3], "need": [4.0, 3.0, 5.0], "estimated_potential": [9.0, 1.0, 5.0]})
    accounts = accounts.assign(x_km=[1.0, 2.0, 3.0], y_km=0.0)
    team = dataclasses.make_dataclass("Team", ["reps"])(pd.DataFrame({"x_km": [0.0], "y_km": [0.0]}))
    market = dataclasses.make_dataclass("Market", ["accounts", "has_places"])
    rows, alone = np.arange(3), np.arange(3)
    assert half(market(accounts, True), team, rows, alone, 0).tolist() == [True, True, False]  # 4 + 3 of 12
    assert half(market(accounts, True), team, rows, np.array([0, 1, 0]), 0).tolist() == [False, True, False]
    assert half(market(accounts, False), team, rows, alone, 0).tolist() == [False, False, True]  # every second: 9, 5, 1
    assert half(market(accounts, True), team, rows[:1], alone[:1], 0).tolist() == [False]


def test_a_split_without_a_name_goes_to_who_has_least_then(made, today):
    owner = after(made, "merge R01 R02; split R03")
    assert (owner[today == R02] == R01).all()
    assert set(owner[today == R03]) == {R02, R03}


def test_edits_are_made_one_after_the_other(made, today):
    assert set(after(made, "move R01 to R02; move R02 to R03")[today == R01]) == {R03}
    assert set(after(made, "move R02 to R03; move R01 to R02")[today == R01]) == {R02}


def test_without_places_every_second_account_goes(made):
    market, team = made
    accounts = market.accounts.assign(x_km=0.0, y_km=0.0, latitude=np.nan, longitude=np.nan)
    bare = dataclasses.replace(market, accounts=accounts, has_places=False)
    before = assign(bare, team, TerritoryOptions(), PLAIN, 1)
    owner = assign(bare, team, TerritoryOptions(edits="split R03 with R01"), PLAIN, 1)
    book = accounts[before == R03].sort_values("estimated_potential", ascending=False)
    assert (owner[book.index] == np.where(np.arange(len(book)) % 2, R01, R03)).all()


def test_a_list_is_apart_at_semicolons_or_lines():
    assert sentences("[ merge R01 R02;move R04  to R09 ;\n split R01]") == [
        "merge R01 R02",
        "move R04 to R09",
        "split R01",
    ]
    assert sentences("") == []


def test_the_order_of_rows_changes_nothing(made, today):
    market, team = made
    rows = np.random.default_rng(1).permutation(400)
    shuffled = dataclasses.replace(market, accounts=market.accounts.iloc[rows].reset_index(drop=True))
    assert (edited(today[rows], shuffled, team, EDITS) == edited(today, market, team, EDITS)[rows]).all()


def test_every_mistake_is_answered_at_once_with_the_nearest_name(made):
    said = "mov city=Dayton to R03; move city=Datyon, Clumbus to R9; move citty=x to R01; "
    said += "move R01; merge R01; merge R1 R02"
    wrong = problems_of(made, said)
    assert wrong[0].startswith(
        "'mov city=Dayton to R03': there is no 'mov'; did you mean 'move'? It goes: move COLUMN="
    )
    assert wrong[1:] == [
        "'move city=Datyon, Clumbus to R9': no rep has the id 'R9'; choose from: R01, R02, R03, R04",
        "'move city=Datyon, Clumbus to R9': no account has city 'Datyon'; did you mean 'Dayton, OH'?",
        "'move city=Datyon, Clumbus to R9': no account has city 'Clumbus'; did you mean 'Columbus, OH'?",
        "'move citty=x to R01': accounts have no word 'citty'; did you mean 'city'?",
        "'move R01': it does not say to whom; write move ... to REP",
        "'merge R01': it names 1 reps, not two; write it like merge R01 R02",
        "'merge R1 R02': no rep has the id 'R1'; did you mean 'R01'?",
    ]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("merge R01 R01", "both are R01"),
        ("merge R01 R02; split R02 with R03", "R02 has no accounts then"),
        ("merge R01 R02; move industry=Food from R02 to R03", "moves nothing: R02 has no account with industry=Food"),
        ("move account=A0001 to R01", "no account has the id 'A0001'; did you mean 'A0"),
        ("move estimated_potential=5 to R01", "accounts have no word 'estimated_potential'"),
        ("move R01 to ", "it does not say to whom"),
        ("move city= to R01", "no account has city ''"),
        ("split", "it names 0 reps, not two; write it like split R05 with R09"),
        ("move account=A00001 to R01 to R02", "no account has the id 'A00001 to R01'; did you mean 'A000"),
    ],
)
def test_a_change_that_can_not_be_made_is_refused(made, said, answer):
    (problem,) = problems_of(made, said)
    assert answer in problem


def test_a_word_that_may_mean_two_is_asked_back(made):
    accounts = pd.DataFrame({"city": ["Dover, OH", "Dover, KY"], "id": ["1", "2"]}, dtype="str")
    with pytest.raises(ValueError, match="city=dover may be Dover, KY or Dover, OH; write it in full"):
        segment(accounts, "city", "dover")
    assert segment(accounts, "city", "Dover, KY").tolist() == [False, True]


def test_reps_may_have_names_of_two_words(made, today):
    market, team = made
    ids = {"R01": "Anna Snelling", "R02": "Ben O'Hara", "R03": "Cy", "R04": "Di Anna"}
    accounts = market.accounts.assign(current_rep=market.accounts["current_rep"].map(ids))
    people = dataclasses.replace(team, reps=team.reps.assign(id=team.reps["id"].map(ids)))
    other = (dataclasses.replace(market, accounts=accounts), people)
    for said in ("merge Anna Snelling Ben O'Hara", "move Ben O'Hara to Anna Snelling"):
        assert (after(other, said) == np.where(today == R02, R01, today)).all()
    assert (after(other, "split Cy with Di Anna") == after(made, "split R03 with R04")).all()
