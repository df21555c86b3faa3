"""The generated market: what is solved comes out, and it looks like a real one."""

import math
import time

import numpy as np
import pytest

from scenarios.generator import generate, season
from scenarios.generator.accounts import cell
from scenarios.generator.land import land
from scenarios.generator.status_quo import share_outside
from scenarios.generator.worth import need, openings
from scenarios.market import ACCOUNT_COLUMNS
from scenarios.neighbours import nearest_reps
from scenarios.problems import InputError
from scenarios.schema import MarketOptions, TeamOptions
from scenarios.team import REP_COLUMNS
from scenarios.workload import hours_needed, kilometres, workloads
from sim.behaviour import Behaviour

PLAIN = Behaviour()


@pytest.fixture(scope="module")
def made():
    return generate(MarketOptions(accounts=2000), TeamOptions(reps=20), PLAIN)


def owner_of(market, team):
    rows = {rep: row for row, rep in enumerate(team.reps["id"])}
    return market.accounts["current_rep"].map(rows).to_numpy()


def test_a_market_has_the_columns_of_the_contract(made):
    market, team = made
    assert list(market.accounts) == list(ACCOUNT_COLUMNS)
    assert list(team.reps) == list(REP_COLUMNS)
    assert not market.accounts.isna().any(axis=None)
    assert market.accounts["key"].tolist() == list(range(1, 2001))
    for unique in (market.accounts["id"], market.accounts["name"], team.reps["id"], team.reps["name"]):
        assert unique.is_unique
    for table, words in ((team.fit_industry, "industry"), (team.fit_region, "region"), (team.fit_product, "product")):
        assert list(table.index) == list(team.reps["id"])
        assert set(market.accounts[words]) <= set(table.columns)


def test_what_is_solved_comes_out(made):
    accounts = made[0].accounts
    potential = accounts["potential"].to_numpy()
    assert accounts["need"].sum() == pytest.approx(16.0 * 52 * 20, rel=1e-9)
    share, odds = 0.7, 0.25
    wins = accounts["opening_rate"] * share * odds * 52
    assert wins.sum() == pytest.approx(50.0 * 20, rel=1e-9)
    assert (wins * accounts["deal_size"]).sum() == pytest.approx(0.5 * share * potential.sum(), rel=1e-9)
    assert (accounts["order_size"] * 12).to_numpy() == pytest.approx(0.5 * potential, rel=1e-12)


def test_three_accounts_by_hand():
    assert need(np.array([1.0, 4.0, 9.0]), 0.5, 6.0, 1) == pytest.approx([52.0, 104.0, 156.0])
    made = openings(np.array([100.0, 400.0]), 14.0, PLAIN)
    assert made.rate[1] == pytest.approx(2 * made.rate[0])
    assert (made.rate * 0.7 * 0.25 * 52).sum() == pytest.approx(14.0)
    assert (made.rate * made.size * 0.7 * 0.25 * 52).sum() == pytest.approx(0.5 * 0.7 * 500.0)


def test_opportunities_lost_on_the_way_are_made_up_for():
    half = openings(np.array([100.0]), 14.0, PLAIN._replace(stages=3, stage_advance=0.5))
    whole = openings(np.array([100.0]), 14.0, PLAIN)
    assert half.rate[0] == pytest.approx(4 * whole.rate[0])
    assert half.size[0] == pytest.approx(whole.size[0])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_today_half_of_the_territories_are_out_of_balance(seed):
    market, team = generate(MarketOptions(seed=seed, accounts=2000), TeamOptions(reps=20), PLAIN)
    load = workloads(market.accounts, team.reps, owner_of(market, team), PLAIN, travel=True)
    assert 0.5 <= share_outside(load, 0.15) <= 0.6


def test_today_a_quarter_was_redrawn_among_the_four_nearest_by_the_time_they_have(made):
    market, team = made
    near, _ = nearest_reps(market.accounts, team.reps, 4)
    owner = owner_of(market, team)
    assert (near == owner[:, None]).any(axis=1).all()
    load = workloads(market.accounts, team.reps, near[:, 0], PLAIN, travel=True)
    has_time = 1.0 / load[near]
    elsewhere = 1.0 - has_time[:, 0] / has_time.sum(axis=1)
    assert np.mean(near[:, 0] != owner) == pytest.approx(0.25 * elsewhere.mean(), abs=0.03)


@pytest.mark.parametrize("seed", [23, 28, 36, 15943400])
def test_today_is_not_shredded_where_a_quarter_redrawn_leaves_it_too_uneven(seed):
    """On these markets 24 draws bring no spread that will do; a quarter drawn again and again left 41 to 48 %."""
    market, team = generate(MarketOptions(seed=seed, accounts=1000), TeamOptions(reps=10), PLAIN)
    near, _ = nearest_reps(market.accounts, team.reps, 4)
    owner = owner_of(market, team)
    assert (near == owner[:, None]).any(axis=1).all()
    assert np.mean(near[:, 0] == owner) > 0.65
    load = workloads(market.accounts, team.reps, owner, PLAIN, travel=True)
    assert load.std() / load.mean() <= 0.29


def test_today_some_territories_are_out_of_the_band_and_none_is_out_of_all_proportion(made):
    market, team = made
    load = workloads(market.accounts, team.reps, owner_of(market, team), PLAIN, travel=True)
    assert 0.5 <= share_outside(load, 0.15) <= 0.6
    assert load.std() / load.mean() <= 0.29
    assert load.max() / load.mean() <= 1.5


def test_the_team_about_covers_its_market(made):
    market, team = made
    owner = owner_of(market, team)
    hours = hours_needed(market.accounts, team.reps, owner, PLAIN, travel=True).sum()
    calls = market.accounts["need"].sum()
    assert 15.0 < calls / hours * 22.0 < 17.0  # calls a week that 22 hours are enough for
    assert 0.2 < 1.0 - calls / hours < 0.3  # travel
    assert 25.0 < kilometres(market.accounts, team.reps, owner).mean() < 40.0


def test_sizes_and_priority_follow_the_estimate(made):
    accounts = made[0].accounts
    assert accounts["size"].value_counts().to_dict() == {"small": 1200, "medium": 600, "large": 200}
    assert accounts["priority"].sum() == 400
    lowest = accounts.groupby("size")["estimated_potential"].min()
    highest = accounts.groupby("size")["estimated_potential"].max()
    assert highest["small"] < lowest["medium"] < highest["medium"] < lowest["large"]
    top = accounts[accounts["priority"]]["estimated_potential"].min()
    assert top > accounts[~accounts["priority"]]["estimated_potential"].max()


def test_the_season_is_mild():
    weeks = season()
    assert weeks.mean() == pytest.approx(1.0, abs=1e-15)
    assert 0.08 < weeks.std() < 0.12


def test_fit_is_one_on_average_and_in_range(made):
    for table in (made[1].fit_industry, made[1].fit_region, made[1].fit_product):
        assert table.mean().to_numpy() == pytest.approx(1.0, abs=1e-12)
        assert table.min(axis=None) >= 0.7
        assert table.max(axis=None) <= 1.3


def test_the_same_options_make_the_same_bits_and_another_seed_another_market(made):
    again, team = generate(MarketOptions(accounts=2000), TeamOptions(reps=20), PLAIN)
    assert again.accounts.equals(made[0].accounts)
    assert team.reps.equals(made[1].reps)
    assert again.digest == made[0].digest
    other, _ = generate(MarketOptions(accounts=2000, seed=2), TeamOptions(reps=20), PLAIN)
    assert other.digest != made[0].digest
    assert not other.accounts["potential"].equals(made[0].accounts["potential"])


def test_a_larger_market_begins_with_the_smaller_one(made):
    small, _ = generate(MarketOptions(accounts=500), TeamOptions(reps=20), PLAIN)
    for column in ("city", "x_km", "industry", "product", "potential", "estimated_potential"):
        assert small.accounts[column].equals(made[0].accounts[column].head(500))


def test_two_reps_and_sixty_accounts():
    market, team = generate(MarketOptions(accounts=60), TeamOptions(reps=2), PLAIN)
    assert market.accounts["region"].nunique() == 2
    assert set(team.reps["region"]) == set(market.accounts["region"])
    assert market.accounts["current_rep"].nunique() == 2


def test_one_rep_alone_is_average_everywhere():
    market, team = generate(MarketOptions(accounts=2), TeamOptions(reps=1), PLAIN)
    assert (team.fit_industry == 1.0).all(axis=None)
    assert (market.accounts["current_rep"] == "R01").all()


def test_regions_are_four_or_more_where_there_is_land():
    for centre in ("Columbus, OH", "Denver, CO", "Dallas, TX"):
        assert 4 <= land(centre, 20)["region"].nunique() <= 6
    assert land("Columbus, OH", 5000)["region"].nunique() == 12


def test_cells_are_a_grid_of_four_by_four():
    edge = np.array([0.0, 10.0, 39.9, 40.0])
    assert cell(edge, np.zeros(4)).tolist() == [0, 1, 3, 3]
    assert cell(np.array([0.0, 40.0]), np.array([40.0, 0.0])).tolist() == [12, 3]


def test_hours_of_an_account_by_hand(made):
    market, team = made
    account = market.accounts.head(1).assign(need=10.0, x_km=60.0, y_km=0.0)
    rep = team.reps.head(1).assign(x_km=0.0, y_km=0.0)
    owner = np.zeros(1, dtype=np.int64)
    assert hours_needed(account, rep, owner, PLAIN, travel=True) == pytest.approx([16.5])
    assert hours_needed(account, rep, owner, PLAIN, travel=False).tolist() == [10.0]


def test_an_unknown_city_is_answered_with_the_nearest_name():
    with pytest.raises(InputError, match="no city is called 'Colombus, OH'; did you mean 'Columbus, OH'"):
        generate(MarketOptions(centre="Colombus, OH"), TeamOptions(), PLAIN)


def test_two_hundred_thousand_accounts_take_seconds():
    start = time.perf_counter()
    market, team = generate(MarketOptions(accounts=200_000), TeamOptions(reps=1000), PLAIN)
    assert time.perf_counter() - start < 20.0
    assert market.accounts["name"].is_unique
    assert team.reps["name"].is_unique
    assert math.isclose(market.accounts["need"].sum(), 16.0 * 52 * 1000, rel_tol=1e-9)
