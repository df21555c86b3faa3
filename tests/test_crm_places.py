"""An import with coordinates has a map: where accounts and reps are, what stands in for blanks, what calls it needs."""

from __future__ import annotations

import doctest
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from command.records import tables
from scenarios.build import build
from scenarios.crm import load, places
from scenarios.crm.calls import just_covered
from scenarios.crm.places import Places
from scenarios.intake.data import read_data
from scenarios.intake.vendor import write_as
from scenarios.intake.writing import write
from scenarios.market import Market
from scenarios.problems import InputError
from scenarios.schema import MarketOptions, Scenario, TeamOptions, TerritoryOptions
from scenarios.team import Team
from scenarios.territory import assign
from scenarios.workload import kilometres, workloads
from sim.behaviour import Behaviour
from sim.ledger import keep_books
from sim.run import run
from tests.lookalike import AGENTS, HEAD, NAMES, OFFICES, lookalike

DEGREE = 111.195  # km
Spots = dict[str, tuple[str, str, str]]  # of an account: city, latitude, longitude
LINE: Spots = {name: ("", f"{50 + n / 10:.1f}", "10") for n, name in enumerate(NAMES)}  # northwards, 11 km apart


def written(folder: Path, spots: Spots, homes: dict[str, str] | None = None) -> Path:
    """The look-alike export, its accounts with city and coordinates, its reps with ``homes``: latitude,longitude."""
    made = lookalike()
    made.rows["accounts.csv"] = [
        ",".join([row, *spots.get(row.split(",")[0], ("", "", ""))]) for row in made.rows["accounts.csv"]
    ]
    heads = {"accounts.csv": f"{HEAD['accounts.csv']},city,latitude,longitude"}
    if homes:
        made.rows["sales_teams.csv"] = [
            f"{row},{homes.get(row.split(',')[0], ',')}" for row in made.rows["sales_teams.csv"]
        ]
        heads["sales_teams.csv"] = f"{HEAD['sales_teams.csv']},latitude,longitude"
    made.write(folder)
    for file, head in heads.items():
        (folder / file).write_text("\n".join([head, *made.rows[file]]) + "\n", encoding="utf-8")
    return folder


def loaded(folder: Path, **asked: object) -> tuple[Market, Team, Behaviour]:
    options = MarketOptions(name="crm", folder=str(folder), **asked)  # type: ignore[arg-type]
    return load(options, TeamOptions(), Behaviour())


def company(market: Market) -> pd.Series:
    """The account of each unit."""
    return market.accounts["id"].str.split(" / ").str[0]


def owners(market: Market, team: Team) -> np.ndarray:
    return pd.Index(team.reps["id"]).get_indexer(pd.Index(market.accounts["current_rep"])).astype(np.int64)


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


def test_the_worked_examples_hold():
    done = doctest.testmod(places)
    assert done.attempted >= 4
    assert not done.failed


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


# There and back.


@pytest.fixture(scope="module")
def made():
    return build(Scenario(market=MarketOptions(accounts=400), team=TeamOptions(reps=5)))


@pytest.fixture(scope="module")
def year(made):
    return tables(made, keep_books(made.world, made.plan, 0), 2026)


@pytest.mark.parametrize(("vendor", "homes"), [("salesforce", True), ("hubspot", True), ("hubspot", False)])
def test_a_market_that_goes_out_and_comes_back_has_the_same_map(made, year, tmp_path, vendor, homes):
    blank = {} if homes else {"latitude": np.nan, "longitude": np.nan}
    write_as(year | {"reps": year["reps"].assign(**blank)}, vendor, tmp_path / "export")
    write(read_data(tmp_path / "export"), tmp_path / "clean")
    market, team, behaviour = loaded(tmp_path / "clean")
    before = made.market.accounts.set_index("id").loc[company(market)].reset_index()

    def apart(table):
        east, north = (table[axis].to_numpy() for axis in ("x_km", "y_km"))
        return np.hypot(east[:, None] - east, north[:, None] - north)

    there = apart(before)
    assert np.abs(apart(market.accounts) - there).max() < 0.0005 * there.max()
    reps = made.team.reps.set_index("id").loc[team.reps["id"]].reset_index()
    owner = owners(market, team)
    true, now = kilometres(before, reps, owner), kilometres(market.accounts, team.reps, owner)
    if homes:
        assert np.abs(now - true).max() < 0.1
    else:
        assert now.mean() == pytest.approx(true.mean(), rel=0.06)
        assert now.mean() < true.mean()  # homes that are guessed from today's territories lie well for them
    load = workloads(market.accounts, team.reps, owner, behaviour, travel=True)
    same_calls = before.assign(need=market.accounts["need"])
    assert load == pytest.approx(workloads(same_calls, reps, owner, behaviour, True), rel=0.001 if homes else 0.05)
    assert load.sum() == pytest.approx(52 * team.reps["hours"].sum())
    assert assign(market, team, TerritoryOptions("nearest"), behaviour, 1).size == len(market.accounts)


def test_the_year_after_is_played_with_travel_and_covered_as_the_year_before(made, year, tmp_path):
    write_as(year, "salesforce", tmp_path / "export")
    options = MarketOptions(name="crm", folder=str(tmp_path / "export"))
    back = build(Scenario(market=options, territory=TerritoryOptions("current")))
    assert back.world.travel
    covered, on_the_road = {}, {}
    for name, one in (("before", made), ("back", back)):
        weeks = run(one.world, one.plan, range(4)).rep_week
        covered[name] = weeks["calls"].sum() / 4 / one.market.accounts["need"].sum()
        on_the_road[name] = weeks["travel_hours"].sum() / weeks["hours"].sum()
    assert covered["back"] == pytest.approx(1.0, abs=0.05)  # 1.38 without travel
    assert covered["back"] == pytest.approx(covered["before"], abs=0.05)
    assert on_the_road["back"] == pytest.approx(on_the_road["before"], abs=0.02)


@pytest.mark.parametrize("unit", ["account_product", "account_office"])
def test_who_bought_last_year_is_in_play(year, tmp_path, unit):
    """Accounts that only place orders, too: with the rep who has them, and with what they bought."""
    write_as(year, "salesforce", tmp_path / "export")
    write(read_data(tmp_path / "export"), tmp_path / "clean")
    market, _, _ = loaded(tmp_path / "clean", unit=unit)
    data = read_data(tmp_path / "clean")
    deals, orders = data.table("opportunities"), data.table("orders")
    decided = set(deals[deals["outcome"] != "open"]["account"])
    only_orders = set(orders["account"]) - decided
    assert len(only_orders) > 20
    assert set(company(market)) == decided | set(orders["account"])
    rep = dict(zip(company(market), market.accounts["current_rep"], strict=True))
    owner = data.table("accounts").set_index("id")["rep"]
    assert {account: rep[account] for account in only_orders} == {account: owner[account] for account in only_orders}
    won = deals[deals["outcome"] == "won"]["amount"].sum()
    assert market.sold == pytest.approx(won + orders["amount"].sum(), rel=0.01)  # a year and a day or two
    assert any(f"{len(only_orders)} of them only orders" in note for note in market.notes)


# What a breaker found.


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


@pytest.mark.parametrize("unit", ["account_product", "account_office"])
def test_orders_that_can_not_be_placed_are_counted(year, tmp_path, unit):
    """Of accounts that only order: without a product where units are products; by nobody of the team with the owner."""
    odd = year | {"orders": year["orders"].assign(product="", rep="")}
    write_as(odd, "salesforce", tmp_path / "export")
    write(read_data(tmp_path / "export"), tmp_path / "clean")
    market, _, _ = loaded(tmp_path / "clean", unit=unit)
    data = read_data(tmp_path / "clean")
    deals, orders = data.table("opportunities"), data.table("orders")
    only = orders[~orders["account"].isin(deals[deals["outcome"] != "open"]["account"])]
    said = [finding for finding in market.findings if "orders of accounts that are not played" in finding.what]
    if unit == "account_office":
        assert not said
        assert set(only["account"]) <= set(company(market))
    else:
        assert [(finding.count, finding.done) for finding in said] == [
            (len(only), f"left out: {only['amount'].sum():,.0f}")
        ]
