"""An import with coordinates has a map: where accounts and reps are, what stands in for blanks, what calls it needs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scenarios.crm.calls import just_covered
from scenarios.crm.places import Places
from scenarios.intake.data import read_data
from scenarios.intake.writing import write
from scenarios.market import Market
from scenarios.problems import InputError
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from scenarios.territory import assign
from scenarios.workload import kilometres, workloads
from sim.behaviour import Behaviour
from tests.imported import LINE, company, loaded, owners, written
from tests.lookalike import AGENTS, NAMES, OFFICES

DEGREE = 111.195  # km


def found(market: Market) -> dict[str, int]:
    """What was found of coordinates and done, and how often."""
    return {
        f"{one.what}: {one.done}": one.count for one in market.findings if "itude" in one.what or "coord" in one.what
    }


# Where accounts are.


@pytest.mark.parametrize("unit", ["account_product", "account_office"])
def test_accounts_stand_where_they_are_and_their_units_with_them(tmp_path, unit):
    market, _, _ = loaded(written(tmp_path, LINE), unit=unit)
    assert market.has_places
    accounts = market.accounts.assign(company=company(market))
    assert (accounts["latitude"] == accounts["company"].map(lambda name: float(LINE[name][1]))).all()
    assert (accounts.groupby("company")["y_km"].nunique() == 1).all()
    north = accounts.groupby("company")["y_km"].first().loc[list(NAMES)]
    assert np.diff(north) == pytest.approx(np.full(23, DEGREE / 10))  # kilometres north
    assert north.median() == pytest.approx(0.0)  # of the middle of the accounts
    assert accounts["x_km"].to_numpy() == pytest.approx(0.0)
    assert "Travel counts: 24 of 24 accounts have coordinates." in market.notes
    assert not found(market)


def test_blanks_stand_in_the_middle_of_their_city_else_their_region_else_of_all(tmp_path):
    spots = LINE | {name: ("Ulm", *LINE[name][1:]) for name in NAMES[10:13]}
    spots[NAMES[0]] = ("Ulm", "", "")
    spots[NAMES[1]] = ("", "", "")
    market, _, _ = loaded(written(tmp_path, spots))
    at = market.accounts.assign(company=company(market)).groupby("company")["latitude"].first()
    assert at[NAMES[0]] == 51.1  # the middle one of three
    # Every second account is sold from the same office: 3, 5, …, 23 of 24.
    assert at[NAMES[1]] == pytest.approx(50 + 13 / 10)
    assert found(market) == {
        "accounts without coordinates: put in the middle of those of its city": 1,
        "accounts without coordinates: put in the middle of those of its region": 1,
    }
    said = "Travel counts: 22 of 24 accounts have coordinates; the others stand in the middle of those of their"
    assert any(note.startswith(said) for note in market.notes)
    assert market.accounts.assign(company=company(market)).groupby("company")["city"].first()[NAMES[0]] == "Ulm"


def test_a_region_of_which_nothing_is_known_stands_in_the_middle_of_all(tmp_path):
    market, _, _ = loaded(written(tmp_path, {name: LINE[name] for name in NAMES[::2]}))
    at = market.accounts.assign(company=company(market)).groupby("company")["latitude"].first()
    assert (at[list(NAMES[1::2])] == at[list(NAMES[::2])].median()).all()
    assert found(market) == {"accounts without coordinates: put in the middle of all": 12}


@pytest.mark.parametrize(
    ("north", "east", "said"),
    [
        ("0", "0.0", "latitude and longitude that are no place, as 0 and 0 of Alnwick"),
        ("91.5", "10", "latitude and longitude that are no place, as 91.5 and 10 of Alnwick"),
        ("50", "-181", "latitude and longitude that are no place, as 50 and -181 of Alnwick"),
        ("50", "", "latitude and longitude that are no place, as 50 and none of Alnwick"),
    ],
)
def test_what_is_no_place_is_said_and_costs_nothing_else(tmp_path, north, east, said):
    market, _, _ = loaded(written(tmp_path, LINE | {"Alnwick": ("", north, east)}))
    assert found(market) == {
        f"{said}: taken as not known": 1,
        "accounts without coordinates: put in the middle of those of its region": 1,
    }
    assert "Alnwick" in set(company(market))


def test_a_coordinate_that_is_no_number_does_not_cost_its_row(tmp_path):
    folder = written(tmp_path, LINE | dict.fromkeys(NAMES[:7], ("", "unknown", "10")))
    market, _, _ = loaded(folder)  # with seven rows set aside, the import would stop
    assert market.rejects is not None
    assert market.rejects.empty
    assert found(market)["latitude that is no number, as 'unknown': taken as not known"] == 7
    write(read_data(folder), tmp_path / "clean")
    pd.testing.assert_frame_equal(loaded(tmp_path / "clean")[0].accounts, market.accounts, check_exact=True)
    assert "that is no number" in (tmp_path / "clean" / "report.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("spots", "said"),
    [
        ({name: LINE[name] for name in NAMES[:11]}, "11 of 24 accounts have coordinates, fewer than half"),
        (dict.fromkeys(NAMES, ("", "50", "10")), "24 of 24 accounts have coordinates, all the same"),
    ],
)
def test_too_few_coordinates_leave_the_market_as_it_is_without_any(tmp_path, spots, said):
    market, team, behaviour = loaded(written(tmp_path / "some", spots))
    without, same_team, same = loaded(written(tmp_path / "none", {}))
    assert not market.has_places
    pd.testing.assert_frame_equal(market.accounts, without.accounts, check_exact=True)
    pd.testing.assert_frame_equal(team.reps, same_team.reps, check_exact=True)
    assert behaviour == same
    assert f"Travel is left out and there is no map: {said}." in market.notes
    assert [one.done for one in market.findings if "coordinates" in one.what] == ["coordinates not used"]
    with pytest.raises(InputError, match="needs coordinates; this market has none to go by: latitude and longitude of"):
        assign(market, team, TerritoryOptions("nearest"), behaviour, 1)


def test_who_lives_beyond_the_date_line_is_near(tmp_path):
    east = {name: ("", "-17", "179.9" if n % 2 else "-179.9") for n, name in enumerate(NAMES)}
    market, team, _ = loaded(written(tmp_path, east, {AGENTS[0]: "-17,180"}))
    assert np.ptp(market.accounts["x_km"]) == pytest.approx(0.2 * DEGREE * np.cos(np.radians(17)))
    assert kilometres(market.accounts, team.reps, owners(market, team)).max() < 25


# Where reps live.


def test_homes_are_those_on_record_else_where_the_way_is_shortest(tmp_path):
    market, team, _ = loaded(written(tmp_path, LINE, {AGENTS[0]: "52,10", AGENTS[1]: "0,0"}))
    reps = team.reps.set_index("id")
    assert reps.loc[AGENTS[0], "latitude"] == 52.0
    assert reps.loc[AGENTS[0], "y_km"] == pytest.approx((52.0 - 51.15) * DEGREE)
    # In a line the way is shortest from where half of the calls lie on either side.
    mine = market.accounts[market.accounts["current_rep"] == AGENTS[1]]
    home = reps.loc[AGENTS[1], "y_km"]
    way = {at: (mine["need"] * (mine["y_km"] - at).abs()).sum() for at in (home, *mine["y_km"])}
    assert way[home] <= 1.001 * min(way.values())
    said = "Homes of reps: 1 on record; 5 taken to be where the way to the rep's accounts of today is shortest, a"
    assert any(note.startswith(said) for note in market.notes)


def test_a_rep_without_accounts_lives_in_the_middle_of_the_region(tmp_path):
    rows = [f"{name},{'Ada' if n < 4 else 'Bo'},{OFFICES[n > 3]},{50 + n},10" for n, name in enumerate(NAMES[:8])]
    (tmp_path / "accounts.csv").write_text("\n".join(["account,owner,region,latitude,longitude", *rows]) + "\n")
    people = [f"Ada,{OFFICES[0]}", f"Bo,{OFFICES[1]}", f"Cem,{OFFICES[1]}", "Dora,West"]
    (tmp_path / "reps.csv").write_text("\n".join(["sales rep,region", *people]) + "\n")
    market, team, _ = loaded(tmp_path)
    assert market.has_places
    assert market.source == "CRM export without sales"
    at = team.reps.set_index("id")["latitude"]
    assert (at["Cem"], at["Dora"]) == (pytest.approx(55.5), pytest.approx(53.5))
    note = next(note for note in market.notes if note.startswith("Homes of reps: 0 on record; 2 taken to be"))
    assert note.endswith("2 without accounts in the middle of their region's, or of all.")
    assert owners(market, team).tolist() == [list(team.reps["id"]).index(rep) for rep in market.accounts["current_rep"]]


# What calls are needed.


def test_calls_take_all_hours_of_the_team_and_nobody_needs_more_than_one_a_week():
    """One rep of 3 hours a week, at home beside two accounts; the third is 60 km off: 1.65 hours a call, not 1.

    Wanted are 2 : 1 : 1 calls: the first would need 156 · 2 / 4.65 = 67 a year and gets 52; 104 hours are left for the
    other two, 104 / 2.65 = 39.2 calls each.
    """
    units = pd.DataFrame({"x_km": [0.0, 0.0, 60.0], "y_km": 0.0})
    reps = pd.DataFrame({"x_km": [0.0], "y_km": 0.0, "hours": 3.0})
    nothing = pd.DataFrame()
    team = Team(reps, nothing, nothing, nothing, 0.0)
    where = Places(units, True, pd.Series(dtype=float), (), ())
    calls = just_covered(np.array([2.0, 1.0, 1.0]), where, team, np.zeros(3, dtype=np.int64), Behaviour())
    assert calls.tolist() == pytest.approx([52.0, 104 / 2.65, 104 / 2.65])


def test_the_team_of_today_just_covers_a_wide_market_unless_the_planner_says_otherwise(tmp_path):
    wide = {name: ("", f"{40 + n:.0f}", "10") for n, name in enumerate(NAMES)}
    folder = written(tmp_path, wide, dict.fromkeys(AGENTS, "51,10"))
    market, team, behaviour = loaded(folder)
    hours = workloads(market.accounts, team.reps, owners(market, team), behaviour, travel=True)
    assert hours.sum() == pytest.approx(52 * team.reps["hours"].sum())
    assert any("today's team about covers them, in its hours, trips included" in note for note in market.notes)
    asked, _, _ = loaded(folder, calls_needed=4.0)
    assert asked.accounts["need"].sum() == pytest.approx(4 * 52 * 6)
    assert any("calls needed are as you set them, 4 a rep and week" in note for note in asked.notes)


# Odd records.


def test_a_firm_of_one_rep_has_a_map_too(tmp_path):
    folder = written(tmp_path, LINE)
    text = (folder / "sales_pipeline.csv").read_text(encoding="utf-8")
    for agent in AGENTS[1:]:
        text = text.replace(agent, AGENTS[0])
    (folder / "sales_pipeline.csv").write_text(text, encoding="utf-8")
    market, team, _ = loaded(folder)
    assert len(team.reps) == 1
    assert market.has_places
    assert np.isfinite(team.reps[["x_km", "y_km"]].to_numpy()).all()


def test_one_mistyped_coordinate_does_not_take_up_the_teams_year(tmp_path):
    right, team, behaviour = loaded(written(tmp_path / "right", LINE))
    wrong, people, _ = loaded(written(tmp_path / "wrong", {**LINE, NAMES[3]: ("", "-33.9", "151.2")}))
    said = [finding for finding in wrong.findings if NAMES[3] in finding.what]
    assert [(finding.count, finding.done) for finding in said] == [(1, "their coordinates are taken as not known")]
    needs = [market.accounts.set_index("id")["need"] for market in (right, wrong)]
    assert needs[1].sum() == pytest.approx(needs[0].sum(), rel=0.05)
    load = workloads(wrong.accounts, people.reps, owners(wrong, people), behaviour, travel=True)
    assert load.max() < 1.2 * workloads(right.accounts, team.reps, owners(right, team), behaviour, travel=True).max()


def test_a_firm_all_over_the_world_keeps_its_coordinates(tmp_path):
    spots = {name: ("", f"{-40 + 80 * (n % 2)}", f"{-120 + 12 * n}") for n, name in enumerate(NAMES)}
    market, _, _ = loaded(written(tmp_path, spots))
    assert not [finding for finding in market.findings if "not known" in finding.done]
