"""There and back: a played year that is exported and imported again has the same map, and all who bought are in it."""

from __future__ import annotations

import numpy as np
import pytest

from command.records import tables
from scenarios.build import build
from scenarios.intake.data import read_data
from scenarios.intake.vendor import write_as
from scenarios.intake.writing import write
from scenarios.schema import MarketOptions, Scenario, TeamOptions, TerritoryOptions
from scenarios.territory import assign
from scenarios.workload import kilometres, workloads
from sim.ledger import keep_books
from sim.run import run
from tests.imported import company, loaded, owners


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
