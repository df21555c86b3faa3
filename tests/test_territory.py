"""Territory designs: what each one promises; what all of them do is held in test_battery.py."""

import dataclasses
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from scenarios.generator import generate
from scenarios.problems import InputError
from scenarios.schema import OWN_TOLERANCE, MarketOptions, TeamOptions, TerritoryOptions
from scenarios.territory import DESIGNS, assign
from scenarios.territory.by_industry import bundles, specialists
from scenarios.territory.sharing import seats
from scenarios.workload import kilometres, workloads
from sim.behaviour import Behaviour

PLAIN = Behaviour()
CONFIGS = Path(__file__).parents[1] / "configs"


@cache
def market_of(accounts, reps):
    return generate(MarketOptions(accounts=accounts), TeamOptions(reps=reps), PLAIN)


@pytest.fixture(scope="module", params=[(60, 2), (400, 5), (1000, 10)], ids=str)
def made(request):
    return market_of(*request.param)


@pytest.fixture(scope="module")
def large():
    return market_of(1000, 10)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "plan.csv"
    path.write_text("account,rep\nA00001,R02\nA00003,R01\n")
    return path


DRAWN = {}  # what was asked before; the markets are kept, so that no other gets their number


def draw(market, team, name, file="", tolerance=0.05, **said):
    options = TerritoryOptions(name, str(file) if name == "from_file" else "", tolerance, **said)
    asked = id(market), id(team), options
    if asked not in DRAWN:
        seen = with_stages(market) if name == "by_stage" else market
        DRAWN[asked] = assign(seen, team, options, PLAIN, 1), market, team
    return DRAWN[asked][0].copy()


def draw_as_it_is(market, team, options):
    return assign(market, team, options, PLAIN, 1)


def with_stages(market):
    stage = np.where(market.accounts["key"] % 3 == 0, "customer", "prospect")
    return dataclasses.replace(market, accounts=market.accounts.assign(stage=pd.Series(stage, dtype="str")))


def no_places(market):
    accounts = market.accounts.assign(x_km=0.0, y_km=0.0, latitude=np.nan, longitude=np.nan)
    return dataclasses.replace(market, accounts=accounts, has_places=False)


@pytest.mark.parametrize("name", DESIGNS)
def test_every_account_has_one_rep_of_the_team_and_every_rep_an_account(made, name, file):
    market, team = made
    owner = draw(market, team, name, file)
    assert owner.dtype == np.int64
    assert owner.shape == (len(market.accounts),)
    assert set(owner) == set(range(len(team.reps)))


def test_a_misspelt_design_is_answered_with_the_nearest_word(made):
    with pytest.raises(InputError, match="no design is called 'balancd'; did you mean 'balanced'"):
        draw(*made, "balancd")


def test_nearest_has_the_least_travel(made):
    market, team = made
    least = kilometres(market.accounts, team.reps, draw(market, team, "nearest"))
    for name in ("current", "random", "by_region", "balanced"):
        assert (least <= kilometres(market.accounts, team.reps, draw(market, team, name))).all()


def test_balanced_is_balanced_and_close_to_home(made):
    market, team = made
    owner = draw(market, team, "balanced")
    load = workloads(market.accounts, team.reps, owner, PLAIN, travel=True)
    assert np.abs(load / load.mean() - 1.0).max() <= 0.05
    today, least, now = (
        kilometres(market.accounts, team.reps, one).mean()
        for one in (draw(market, team, "current"), draw(market, team, "nearest"), owner)
    )
    assert now < max(today, 1.6 * least)


def test_a_wider_tolerance_travels_less(large):
    market, team = large
    tight, wide = (draw(market, team, "balanced", tolerance=tolerance) for tolerance in (0.02, 0.4))
    assert kilometres(market.accounts, team.reps, wide).sum() < kilometres(market.accounts, team.reps, tight).sum()


def test_without_places_balanced_moves_few_accounts(made):
    market, team = made
    bare = no_places(market)
    before, after = draw(bare, team, "current"), draw(bare, team, "balanced")
    load = workloads(bare.accounts, team.reps, after, PLAIN, travel=False)
    assert np.abs(load / load.mean() - 1.0).max() <= 0.05
    need = bare.accounts["need"].to_numpy()
    uneven = workloads(bare.accounts, team.reps, before, PLAIN, travel=False)
    least = np.maximum(uneven - uneven.mean() * 1.05, 0.0).sum()
    assert least <= need[before != after].sum() <= np.abs(uneven - uneven.mean()).sum() / 2 * 1.3


def test_reps_keep_to_their_region(made):
    market, team = made
    owner = draw(market, team, "by_region")
    assert (team.reps["region"].to_numpy()[owner] == market.accounts["region"].to_numpy()).all()


def test_a_region_without_reps_goes_to_the_region_of_the_nearest_rep(made):
    market, team = made
    home = team.reps["region"][0]
    orphan = dataclasses.replace(team, reps=team.reps.assign(region=home))
    assert set(draw(market, orphan, "by_region")) == set(range(len(team.reps)))


def test_an_industry_has_its_own_reps(large):
    market, team = large
    owner = draw(market, team, "by_industry")
    served = pd.Series(market.accounts["industry"]).groupby(owner).nunique()
    assert (served == 1).all()


def test_specialists_by_hand():
    assert bundles(np.array([5.0, 4.0, 2.0, 1.0]), 2).tolist() == [0, 1, 1, 0]
    assert seats(np.array([50.0, 30.0, 20.0]), 10).tolist() == [5, 3, 2]
    fit = np.array([[1.2, 0.9], [1.3, 1.2], [0.8, 0.9]])
    assert specialists(fit, np.array([2.0, 1.0]), np.array([0, 1])).tolist() == [0, 0, 1]


def test_large_accounts_have_reps_of_their_own(large):
    market, team = large
    owner = draw(market, team, "by_size")
    large = (market.accounts["size"] == "large").to_numpy()
    assert not set(owner[large]) & set(owner[~large])


@pytest.mark.parametrize("name", ["random", "round_robin"])
def test_as_many_accounts_are_dealt_to_each(made, name):
    market, team = made
    dealt = np.bincount(draw(market, team, name))
    assert dealt.max() - dealt.min() <= 1


def test_round_robin_deals_in_order_of_key(made):
    market, team = made
    m = len(team.reps)
    assert draw(market, team, "round_robin")[: m + 1].tolist() == [*range(m), 0]


@pytest.mark.parametrize(("name", "column"), [("by_product", "product"), ("by_stage", "stage")])
def test_what_reps_specialise_in_is_theirs(large, name, column):
    market, team = large
    served = with_stages(market).accounts[column].groupby(draw(market, team, name)).nunique()
    assert (served == 1).all()


def test_by_stage_leaves_farmers_their_customers():
    market, team = market_of(60, 2)
    farmer = market.accounts["current_rep"] == "R02"
    stage = pd.Series(np.where(farmer, "customer", "prospect"), dtype="str")
    accounts = market.accounts.assign(stage=stage)
    owner = draw_as_it_is(dataclasses.replace(market, accounts=accounts), team, TerritoryOptions("by_stage"))
    assert (owner == farmer.to_numpy()).all()


def test_by_stage_says_what_it_lacks(made):
    with pytest.raises(InputError, match="by_stage needs a column 'stage' in the accounts: customer, prospect, lapsed"):
        draw_as_it_is(*made, TerritoryOptions("by_stage"))


def test_hybrid_keeps_to_regions_and_divides_industries_inside(large):
    market, team = large
    owner = draw(market, team, "hybrid")
    assert (team.reps["region"].to_numpy()[owner] == market.accounts["region"].to_numpy()).all()
    reps = team.reps["region"].value_counts()
    for region, here in market.accounts.assign(owner=owner).groupby("region"):
        takers = here.groupby("industry")["owner"].nunique()
        assert takers.max() <= max(1, reps[region] - takers.size + 1)  # every industry has one rep, the spare ones help


def test_the_only_rep_of_a_region_takes_all_of_it():
    market, team = market_of(60, 2)
    assert team.reps["region"].nunique() == 2
    assert (draw(market, team, "hybrid") == draw(market, team, "by_region")).all()


def test_the_largest_accounts_have_named_reps():
    market, team = market_of(400, 5)
    owner = draw(market, team, "named_accounts", named="20", named_reps="R02, R04")
    largest = market.accounts["estimated_potential"].rank(ascending=False) <= 20
    assert set(owner[largest]) == {1, 3}
    assert set(owner[~largest]) == {0, 2, 4}


def test_the_rest_of_named_accounts_is_any_design():
    market, team = market_of(400, 5)
    before = draw(market, team, "current")
    owner = draw(market, team, "named_accounts", named="[A00001, A00002]", named_reps="R03", rest="current")
    assert (np.flatnonzero(owner == 2) == [0, 1]).all()
    stays = (before != 2) & (owner != 2)
    assert (owner[stays] == before[stays]).all()
    for rest in DESIGNS.keys() - {"named_accounts", "from_file", "by_stage"}:
        assert len(set(draw(market, team, "named_accounts", rest=rest))) == 5


def test_every_wrong_name_of_named_accounts_is_answered():
    market, team = market_of(400, 5)
    with pytest.raises(InputError) as refused:
        draw(market, team, "named_accounts", named="A00001, B00002", named_reps="R9", rest="balancd")
    assert refused.value.problems == (
        "territory.rest: 'balancd' can't draw the rest; did you mean 'balanced'?",
        "territory.named: no account has the id 'B00002'; did you mean 'A00002'?",
        "territory.named_reps: no rep has the id 'R9'; choose from: R01, R02, R03, R04, R05",
    )
    with pytest.raises(InputError, match="named_reps: 5 of 5 reps; one at least, and one at least for the rest"):
        draw(market, team, "named_accounts", named_reps="5")


def test_a_file_moves_what_it_names_and_nothing_else(made, file):
    market, team = made
    before, after = draw(market, team, "current"), draw(market, team, "from_file", file)
    assert (after[0], after[2]) == (1, 0)
    rest = np.delete(np.arange(len(before)), [0, 2])
    assert (after[rest] == before[rest]).all()


def test_all_problems_of_a_file_at_once(made, tmp_path):
    path = tmp_path / "plan.csv"
    path.write_text("rep;account\nR02;A00001\n\nR99;A00002\nR01;A0001x\nR01;A00001\n")
    with pytest.raises(InputError) as refused:
        draw(*made, "from_file", path)
    problems = refused.value.problems
    assert len(problems) == 3
    assert "line 4: column rep: no rep has the id 'R99'" in problems[0]
    assert "line 5: column account: no account has the id 'A0001x'; did you mean 'A0" in problems[1]
    assert "line 6: account 'A00001' stands already in line 2" in problems[2]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"account,rep\n" + b"x" * 200_000 + b",R1\n", "line 2: is longer than 20,000 characters"),
        (b"\xff\xfe\x00\x01", "is not a text file"),
        (b"a\0b", "is not a text file"),
        (b"account,owner\nA00001,R01\n", "column rep is missing; found: account, owner"),
        (b"account,rep\nA00001\n", "line 2: has 1 values, the head has 2"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(made, tmp_path, content, says):
    path = tmp_path / "plan.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=says):
        draw(*made, "from_file", path)


def test_a_missing_file_is_refused(made):
    with pytest.raises(InputError, match=r"there is no file 'gone\.csv'"):
        draw(*made, "from_file", "gone.csv")
    with pytest.raises(InputError, match=r"needs territory\.file"):
        draw(*made, "from_file")


def test_a_rep_of_today_who_has_left_is_named(made):
    market, team = made
    gone = dataclasses.replace(market, accounts=market.accounts.assign(current_rep="R99"))
    with pytest.raises(InputError, match="account A00001: today's rep 'R99' is not in the team"):
        draw(gone, team, "current")


def test_every_design_has_its_option_with_the_defaults_of_the_schema():
    options = (CONFIGS / "territory").glob("*.yaml")
    files = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in options}
    assert files.keys() == DESIGNS.keys()
    for name, settings in files.items():
        assert settings.pop("name") == name
        own = OWN_TOLERANCE.get(name, TerritoryOptions().tolerance)
        assert TerritoryOptions(**settings) == TerritoryOptions(tolerance=own)


def test_the_generated_market_has_the_defaults_of_the_schema():
    settings = yaml.safe_load((CONFIGS / "market" / "generated.yaml").read_text(encoding="utf-8"))
    assert MarketOptions(**settings) == MarketOptions()
