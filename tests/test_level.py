"""The year before, played again, sells what was sold: the level of an export's market, and what does not move it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import command.fitting.work as fitting
import scenarios.crm as crm
from benchmarks.level import exported
from command.fitting.work import fit_twin
from scenarios.build import build
from scenarios.crm import inspect_export, learn
from scenarios.crm.fitted import Fit, as_learnt, write_fit
from scenarios.crm.level import ASKED_FOR, as_on_record, year_in_means
from scenarios.generator.worth import covered_share
from scenarios.market import Market
from scenarios.schema import MarketOptions, Scenario, TeamOptions
from sim.behaviour import Behaviour
from sim.run import run

YEARS = 120


@pytest.fixture(scope="module")
def firm(tmp_path_factory):
    folder = tmp_path_factory.mktemp("firm")
    exported(folder, 5, 400, 2, True)
    return str(folder)


def imported(folder: str, **market: object) -> MarketOptions:
    return MarketOptions(name="crm", folder=folder, **market)  # type: ignore[arg-type]


def level_note(market: Market) -> str:
    return next((note for note in market.notes if note.startswith("Accounts ask for ")), "")


def test_an_import_with_places_sells_what_is_on_record(firm):
    """As learnt it would sell 11 % less: calls fall unevenly."""
    built = build(Scenario(market=imported(firm)))
    assert built.market.has_places
    year = run(built.world, built.plan, range(YEARS)).rep_week
    sold = (year["won_revenue"].astype(float) + year["order_revenue"]).sum(axis=(1, 2)) / 100.0
    assert sold.mean() == pytest.approx(built.market.sold, rel=0.03)
    assert level_note(built.market).startswith("Accounts ask for 1.119 times what was learnt of them from the export, ")
    assert level_note(built.market).endswith(
        "aimed at today's plan selling what is on record, in a year of means, without luck."
    )
    assert level_note(built.market) in built.market.report


@pytest.mark.parametrize(
    ("asked", "team", "behaviour"),
    [
        ({}, {}, {}),
        ({"unit": "account_office"}, {}, {}),
        ({"calls_needed": 10.0}, {}, {}),
        ({}, {"hours": 25.0}, {}),
        ({}, {}, {"road_speed": 100.0, "response_half": 2.0, "order_loyalty": 0.2}),
        ({}, {}, {"quick_share": 0.4}),
    ],
)
def test_so_it_does_whatever_the_planner_says_of_market_team_and_behaviour(firm, asked, team, behaviour):
    """The record is that of the business as the planner describes it."""
    market, people, known = crm.load(imported(firm, **asked), TeamOptions(**team), Behaviour(**behaviour))
    assert year_in_means(market, people, known) == pytest.approx(market.sold, rel=0.002)


@pytest.mark.parametrize(("reps", "accounts"), [(1, 60), (3, 150)])
@pytest.mark.parametrize("places", [True, False])
def test_so_it_does_in_small_firms_and_without_places(tmp_path, reps, accounts, places):
    exported(tmp_path / "firm", reps, accounts, 1, places)
    market, people, known = crm.load(imported(str(tmp_path / "firm")), TeamOptions(), Behaviour())
    assert market.has_places == places
    assert year_in_means(market, people, known) == pytest.approx(market.sold, rel=0.002)


def test_what_the_planner_asks_for_is_a_factor_on_top(firm):
    (usual, _, _), (more, _, _) = (
        crm.load(imported(firm, level=level), TeamOptions(), Behaviour()) for level in (1.0, 1.5)
    )
    rises = list(ASKED_FOR)
    np.testing.assert_allclose(more.accounts[rises], 1.5 * usual.accounts[rises], rtol=1e-12)
    rest = usual.accounts.columns.difference([*rises, "need"])
    pd.testing.assert_frame_equal(more.accounts[rest], usual.accounts[rest], check_exact=True)
    np.testing.assert_allclose(more.accounts["need"], usual.accounts["need"], rtol=1e-9)
    assert more.sold == usual.sold
    said = " On top of it market.level=1.5 makes all ask for 1.5 times as much; sales rise about with that."
    assert level_note(more) == level_note(usual) + said


def test_the_same_export_has_the_same_level_and_one_that_sells_nothing_has_none(firm):
    options = imported(firm)
    one, two = (crm.load(options, TeamOptions(), Behaviour()) for _ in range(2))
    pd.testing.assert_frame_equal(one[0].accounts, two[0].accounts, check_exact=True)
    market, people, known = one
    assert as_on_record(market, people, known) == pytest.approx(1.0, abs=0.001)
    assert as_on_record(replace(market, sold=0.0), people, known) == 1.0


class Asked(Exception):
    """Whatever should not be asked for, or what is reached."""


def never(*_: object) -> float:
    raise Asked


@pytest.mark.parametrize(("of_fit", "asked"), [(1.0, 1.0), (1.3, 1.0), (1.0, 1.25)])
def test_with_a_fit_the_level_is_the_fits_to_the_bit(firm, tmp_path, monkeypatch, of_fit, asked):
    monkeypatch.setattr(crm, "as_on_record", never)
    learnt = learn(inspect_export(firm), "account_product", Behaviour())
    asks = dict(zip(learnt.table["id"], np.linspace(0.5, 2.0, len(learnt.table)), strict=True))
    write_fit(Fit("", of_fit, {"taste": 0.9}, ({"level": 0.9, "taste": 1.1},), asks), tmp_path)
    options = imported(firm, fit=str(tmp_path / "twin.yaml"), level=asked)
    market, _, behaviour = crm.load(options, TeamOptions(), Behaviour())
    level = of_fit * asked
    factor = learnt.table["id"].map({one: float(f"{value:.6g}") for one, value in asks.items()}).to_numpy()
    wins, orders = learnt.sales.wins * factor, learnt.sales.orders * factor
    could = (wins * level * learnt.sales.size + orders * level) / covered_share(learnt.behaviour)
    assert behaviour.taste == 0.9
    assert market.accounts["potential"].tolist() == could.tolist()
    assert market.accounts["deal_size"].tolist() == learnt.sales.size.tolist()
    assert len(market.drawn) == 1
    assert not level_note(market)


def fit_note(market: Market) -> str:
    (said,) = (note for note in market.notes if note.startswith("Accounts and reps behave as fitted"))
    return said.partition("from the export")[2].partition(". Years are played")[0]


@pytest.mark.parametrize(
    ("of_fit", "asked", "some", "said"),
    [
        (1.0, 1.0, False, ""),
        (1.0, 1.1, False, ", times 1.1 (market.level)"),
        (1.0, 1.0, True, ", times the unit's own factor in the fit (2 units have one)"),
        (1.3, 1.1, True, ", times the unit's own factor in the fit (2 units have one), times 1.3 (the fit's level), "
                         "times 1.1 (market.level)"),
    ],
)  # fmt: skip
def test_a_fits_note_names_every_factor_there_is(firm, tmp_path, of_fit, asked, some, said):
    learnt = learn(inspect_export(firm), "account_product", Behaviour())
    asks = dict.fromkeys(list(learnt.table["id"])[:2], 1.2) if some else {}
    write_fit(Fit("", of_fit, {}, (), asks), tmp_path)
    options = imported(firm, fit=str(tmp_path / "twin.yaml"), level=asked)
    assert fit_note(crm.load(options, TeamOptions(), Behaviour())[0]) == said


def test_draws_do_not_jump_where_the_planner_sets_a_level(firm, tmp_path):
    write_fit(Fit("", 1.3, {}, ({"level": 1.2},), {}), tmp_path)
    usual, more, twice = (
        crm.load(imported(firm, fit=str(tmp_path / "twin.yaml"), level=level), TeamOptions(), Behaviour())[0]
        for level in (1.0, 1.0001, 2.0)
    )
    for market, factor in ((more, 1.0001), (twice, 2.0)):
        for one, other in ((usual.accounts, market.accounts), (usual.drawn[0].accounts, market.drawn[0].accounts)):
            np.testing.assert_allclose(other["potential"], factor * one["potential"], rtol=1e-9)


def test_what_the_report_says_of_sales_is_said_to_be_before_the_level(firm):
    market = crm.load(imported(firm, level=1.2), TeamOptions(), Behaviour())[0]
    (line,) = (line for line in market.report if line.startswith("won value a year"))
    assert line.startswith("won value a year, before the level: model ")
    assert "\nwon opportunities a year, before the level: model " in "\n".join(market.report)


def test_a_fit_begins_at_what_was_learnt(firm, tmp_path, monkeypatch):
    """What it tries out, and finds units' own factors in, is the market as learnt, whatever level reading would set."""
    tried = []

    def reached(built: object, *_: object) -> None:
        tried.append(built)
        raise Asked

    monkeypatch.setattr(crm, "as_on_record", never)
    monkeypatch.setattr(fitting, "fit_behaviour", reached)
    with pytest.raises(Asked):
        fit_twin(inspect_export(firm), Scenario(market=imported(firm, level=1.7)), 60, 12, lambda: None)
    learnt = learn(inspect_export(firm), "account_product", Behaviour())
    could = (learnt.sales.wins * learnt.sales.size + learnt.sales.orders) / covered_share(learnt.behaviour)
    assert tried[0].world.accounts.potential.tolist() == could.tolist()
    market, _, behaviour = crm.load(imported(firm, fit=as_learnt(tmp_path)), TeamOptions(), Behaviour())
    assert market.accounts["potential"].tolist() == could.tolist()
    assert (behaviour, market.drawn) == (learnt.behaviour, ())
