"""Rules that a planner states for the designs of a market: which design keeps which, and that it does."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from scenarios.generator import generate
from scenarios.problems import InputError
from scenarios.schema import MarketOptions, TeamOptions, TerritoryOptions
from scenarios.territory import DESIGNS, assign
from scenarios.territory.current import todays_rows
from scenarios.territory.expertise import matched
from scenarios.territory.rules import KEPT_BY, UNDER_RULES
from scenarios.workload import kilometres, workloads
from sim.behaviour import Behaviour

PLAIN = Behaviour()
RULES = {
    "balance": "potential", "minimum": "accounts:1", "maximum": "accounts:400", "capacity": "yes", "contiguous": "yes",
    "adjacency": "no.csv", "longest_km": 500.0, "longest_minutes": 500.0, "must_match": "region",
    "should_match": "region", "most_moved": "accounts:0.9", "most_moved_per_rep": "accounts:0.9",
}  # fmt: skip


@pytest.fixture(scope="module")
def made():
    return generate(MarketOptions(accounts=200), TeamOptions(reps=5), PLAIN)


def draw(made, name="balanced", **said):
    return assign(*made, TerritoryOptions(name, **said), PLAIN, 1)


def refused(made, name="balanced", **said):
    with pytest.raises(InputError) as told:
        draw(made, name, **said)
    return told.value.problems


@pytest.mark.parametrize("name", sorted(DESIGNS.keys() - set(UNDER_RULES) - {"named_accounts"}))
def test_a_design_refuses_every_rule_that_it_would_not_keep(made, name):
    assert RULES.keys() == KEPT_BY.keys()
    problems = refused(made, name, **RULES)
    assert len(problems) == len(RULES)
    assert problems[0].startswith(f"territory.balance: territory={name} does not keep such a rule; choose balanced, ")


def test_named_accounts_keep_a_rule_where_the_design_of_the_rest_does(made):
    assert refused(made, "named_accounts", rest="by_region", longest_km=80.0) == (
        "territory.longest_km: territory.rest=by_region does not keep such a rule; choose balanced, least_change, "
        "optimised, or leave the rule out",
    )
    owner = draw(made, "named_accounts", rest="balanced", longest_km=500.0, contiguous="no")
    assert set(owner) == set(range(5))


@pytest.mark.parametrize("name", sorted(DESIGNS.keys() - {"by_stage", "from_file"}))
def test_what_is_locked_stays_in_every_design(made, name):
    today = todays_rows(*made)
    stays = np.flatnonzero(today == 1)[:3].tolist() + np.flatnonzero(today == 2).tolist()
    ids = made[0].accounts["id"].to_numpy()
    said = ", ".join([*ids[stays[:3]], "R03"])
    assert (draw(made, name, locked=said)[stays] == today[stays]).all()
    for told in refused(made, name, locked="A0003, R9"):
        assert "territory.locked: no account or rep has the id" in told


def test_reps_keep_to_their_region_and_to_what_they_know(made):
    market, team = made
    (told,) = refused(made, must_match="region, industry", least_fit=0.9)
    assert "have nobody who matches region and industry together" in told
    least = float(told.split("least_fit=")[1].split()[0])
    owner = draw(made, must_match="region, industry", least_fit=least, tolerance=1.0)
    rows = np.arange(len(owner))
    assert (team.reps["region"].to_numpy()[owner] == market.accounts["region"].to_numpy()).all()
    assert matched(market, team, "industry", least)[rows, owner].all()


def test_a_match_that_nobody_has_is_answered_with_the_fit_that_would_do(made):
    problems = refused(made, must_match="industry", least_fit=1.5)
    assert len(problems) == made[0].accounts["industry"].nunique()
    least = min(float(told.split("least_fit=")[1].split()[0]) for told in problems)
    assert (draw(made, must_match="industry", least_fit=least) >= 0).all()
    assert "did you mean 'industry'?" in refused(made, should_match="industri:25")[0]
    elsewhere = dataclasses.replace(made[1], reps=made[1].reps.assign(region="Mars"))
    assert "no rep of the team lists it" in refused((made[0], elsewhere), must_match="region")[0]


def test_the_more_a_match_is_worth_the_more_accounts_have_one(made):
    market, team = made
    fits, rows = matched(market, team, "industry", 1.0), np.arange(200)
    shares = [fits[rows, draw(made, **one)].mean() for one in ({}, {"should_match": "industry"})]
    shares.append(fits[rows, draw(made, should_match="industry:500")].mean())
    assert shares[0] < shares[1] < shares[2]


def test_minutes_of_driving_are_kept(made):
    market, team = made
    nearest = kilometres(market.accounts, team.reps, draw(made, "nearest")).max()
    owner = draw(made, longest_minutes=nearest * 1.3 * 1.1, tolerance=1.0)
    assert kilometres(market.accounts, team.reps, owner).max() <= nearest * 1.1 + 1e-9
    assert "longest_minutes=1 is impossible" in refused(made, longest_minutes=1.0)[0]


def test_no_rep_needs_more_hours_than_there_are_or_it_is_said(made):
    market, team = made
    load = workloads(market.accounts, team.reps, draw(made), PLAIN, travel=True)
    hours = np.array([load.mean() * 1.3, *[load.mean() * 0.97] * 4]) / 52.0
    roomy = dataclasses.replace(team, reps=team.reps.assign(hours=hours))
    owner = draw((market, roomy), tolerance=0.5, capacity="yes")
    assert (workloads(market.accounts, team.reps, owner, PLAIN, travel=True) <= hours * 52.0 * (1 + 1e-6)).all()
    tired = dataclasses.replace(team, reps=team.reps.assign(hours=hours / 2.0))
    assert "it takes 8 such reps, or" in refused((market, tired), capacity="yes")[0]
    assert refused(made, capacity="maybe") == ("territory.capacity: 'maybe' is neither yes nor no",)


def test_no_rep_loses_more_than_a_share_of_the_book(made):
    today = todays_rows(*made)
    free, kept = draw(made), draw(made, most_moved_per_rep="accounts:0.3", tolerance=0.5)
    given, left = (pd.Series(owner != today).groupby(today).mean().max() for owner in (free, kept))
    assert left <= 0.3 < given


def test_what_is_climbed_on_earnings_keeps_hours_and_books(made):
    market, team = made
    today = todays_rows(*made)
    load = workloads(market.accounts, team.reps, draw(made), PLAIN, travel=True)
    hours = np.array([load.mean() * 1.3, *[load.mean() * 1.1] * 4]) / 52.0
    roomy = dataclasses.replace(team, reps=team.reps.assign(hours=hours))
    owner = draw((market, roomy), "optimised", tolerance=0.5, capacity="yes", most_moved_per_rep="accounts:0.5")
    assert (workloads(market.accounts, team.reps, owner, PLAIN, travel=True) <= hours * 52.0 * (1 + 1e-6)).all()
    assert pd.Series(owner != today).groupby(today).mean().max() <= 0.5
    matched_only = draw(made, "optimised", must_match="region", tolerance=1.0)
    assert (team.reps["region"].to_numpy()[matched_only] == market.accounts["region"].to_numpy()).all()
