"""Groups of accounts that stay with one rep: cities, segments, families of companies."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from scenarios.generator import generate
from scenarios.problems import InputError
from scenarios.schema import MarketOptions, TeamOptions, TerritoryOptions
from scenarios.territory import DESIGNS, assign
from scenarios.territory.together import families, grouped, kept_together, numbered
from sim.behaviour import Behaviour

PLAIN = Behaviour()
DRAWING = sorted(DESIGNS.keys() - {"from_file"})


@pytest.fixture(scope="module", params=[True, False], ids=["places", "no places"])
def made(request):
    """400 accounts, every seventh the child of the account seven before it: seven chains of companies, far apart."""
    market, team = generate(MarketOptions(accounts=400), TeamOptions(reps=4), PLAIN)
    key = market.accounts["key"].to_numpy()
    parent = np.where(key % 7 < 2, "A" + pd.Series(np.maximum(key - 50 - key % 7, 0)).astype(str).str.zfill(5), "")
    ids = set(market.accounts["id"])
    parent = pd.Series([one if one in ids else "" for one in parent], dtype="str")
    stage = pd.Series(np.where(key % 3 == 0, "customer", "prospect"), dtype="str")
    accounts = market.accounts.assign(parent=parent, stage=stage)
    if not request.param:
        accounts = accounts.assign(x_km=0.0, y_km=0.0, latitude=np.nan, longitude=np.nan)
    return dataclasses.replace(market, accounts=accounts, has_places=request.param), team


def draw(made, name, together, **options):
    return assign(*made, TerritoryOptions(name, keep_together=together, **options), PLAIN, 1)


def reps_of(made, owner, column):
    """How many reps each word of the column has, at most."""
    word = made[0].accounts[column]
    return pd.Series(owner)[word != ""].groupby(word[word != ""]).nunique().max()


def refused(made, name, together, **options):
    with pytest.raises(InputError) as answer:
        draw(made, name, together, **options)
    return answer.value.problems


@pytest.mark.parametrize("name", DRAWING)
def test_families_never_split(made, name):
    if name == "nearest" and not made[0].has_places:
        return
    owner = draw(made, name, "parent")
    family = families(made[0].accounts)
    sizes = np.bincount(family)
    assert (sizes > 2).sum() > 5
    assert pd.Series(owner).groupby(family).nunique().max() == 1
    assert set(owner) == {0, 1, 2, 3}
    assert pd.Series(assign(*made, TerritoryOptions(name), PLAIN, 1)).groupby(family).nunique().max() > 1


def test_a_segment_stays_with_one_rep(made):
    assert reps_of(made, draw(made, "balanced", "industry"), "industry") == 1
    assert reps_of(made, draw(made, "by_industry", "industry"), "industry") == 1
    assert reps_of(made, draw(made, "by_product", "product"), "product") == 1


def test_a_city_goes_to_who_has_most_of_it_today(made):
    accounts = made[0].accounts.assign(owner=assign(*made, TerritoryOptions(), PLAIN, 1))
    most = accounts.groupby(["city", "owner"])["estimated_potential"].sum().unstack(fill_value=0.0).idxmax(axis=1)
    assert (draw(made, "current", "city") == accounts["city"].map(most)).all()


def test_a_named_account_takes_its_family_along(made):
    accounts = made[0].accounts
    child = accounts[accounts["parent"] != ""].iloc[0]
    owner = draw(made, "named_accounts", "parent", named=child["id"], named_reps="R02")
    family = families(accounts)
    assert set(np.flatnonzero(owner == 1)) == set(np.flatnonzero(family == family[child.name]))


def test_what_makes_no_sense_is_refused(made):
    assert refused(made, "balanced", "cty") == ("territory.keep_together: there is no 'cty'; did you mean 'city'?",)
    assert refused(made, "balanced", "size") == (
        "territory.keep_together=size: 3 groups for 4 reps: some would go without; "
        "keep smaller groups together, or none",
    )
    (mixed,) = refused(made, "by_size", "industry")
    assert "territory=by_size can't keep each industry together" in mixed
    assert "of the calls would be with reps of another size; choose territory=balanced" in mixed
    assert "by_size can't keep" in refused(made, "named_accounts", "industry", rest="by_size")[0]


def test_a_column_that_is_not_there_is_named(made):
    market, team = made
    bare = dataclasses.replace(market, accounts=market.accounts.drop(columns="parent").assign(city=""))
    with pytest.raises(InputError, match="no column 'parent'; choose from: city, region, industry, product, size"):
        draw((bare, team), "balanced", "parent")
    with pytest.raises(InputError, match="keep_together=city: no account of this market has a city"):
        draw((bare, team), "balanced", "city")


def test_an_edit_may_not_tear_a_group_apart(made):
    accounts = made[0].accounts
    child = accounts[accounts["parent"] != ""].iloc[0]
    other = ({"R01", "R02"} - {draw_id(made, child.name)}).pop()
    (problem,) = refused(made, "current", "parent", edits=f"move account={child['id']} to {other}; split R03 with R01")
    assert f"'move account={child['id']} to {other}': it would tear apart 1 of the groups" in problem
    owner = draw(made, "current", "parent", edits="split R03 with R01; merge R02 R04")
    assert pd.Series(owner).groupby(families(accounts)).nunique().max() == 1


def draw_id(made, row):
    return made[1].reps["id"][draw(made, "current", "parent")[row]]


def test_families_by_hand():
    accounts = pd.DataFrame(
        {
            "id": ["1", "2", "3", "4", "5", "6", "7"],
            "name": ["Acme", "Bolt", "Cask", "Dune", "Ease", "Acme", "Gala"],
            "parent": ["", "1", "2", "Ease", "", "", "Unknown Ltd"],
        },
        dtype="str",
    )
    assert numbered(np.arange(7), families(accounts)).tolist() == [0, 0, 0, 1, 1, 2, 3]  # 6 is only called like 1
    cycle = accounts.assign(parent=["2", "1", "", "", "", "", ""])
    assert numbered(np.arange(7), families(cycle)).tolist() == [0, 0, 1, 2, 3, 4, 5]


def test_a_group_is_one_account_to_a_design(made):
    market, team = made
    group = kept_together(market, team, TerritoryOptions(keep_together="parent"))
    table = grouped(market, group).accounts
    assert table["accounts"].sum() == 400
    assert (np.diff(table["key"]) > 0).all()
    for name in ("potential", "estimated_potential", "need", "opening_rate"):
        assert table[name].sum() == pytest.approx(market.accounts[name].sum())
    one = int(np.bincount(group).argmax())
    inside = market.accounts[group == one]
    middle = np.average(inside["x_km"], weights=inside["need"])
    assert table["x_km"][one] == pytest.approx(middle)
    assert table["id"][one] == inside["id"].iloc[0]
    single = np.bincount(group)[group] == 1
    same = table.set_index("id").loc[market.accounts["id"][single], list(market.accounts.columns.drop("id"))]
    pd.testing.assert_frame_equal(
        same.reset_index(drop=True), market.accounts[single].drop(columns="id").reset_index(drop=True)
    )


def test_single_accounts_are_drawn_as_ever(made):
    market, team = made
    alone = dataclasses.replace(market, accounts=market.accounts.assign(city=market.accounts["id"]))
    assert (draw((alone, team), "balanced", "city") == draw(made, "balanced", "")).all()
