"""The twin: what is known is found again, what is not is said, and what is left open is played."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.stats import norm

from analysis.calibration import adjusted, reached
from analysis.scoring import covered, crps
from command.fitting.holdout import as_known, guesses, quarters_of, sold
from command.fitting.measures import NAMES as MEASURES
from command.fitting.measures import Traces, measures
from command.fitting.page import Report, verdict
from command.fitting.work import fit_twin
from command.main import main
from scenarios.build import build
from scenarios.crm import inspect_export
from scenarios.crm.fitted import Fit, read_fit, write_fit
from scenarios.crm.potential import from_others
from scenarios.intake.data import read_data
from scenarios.problems import InputError
from scenarios.schema import MarketOptions, Scenario
from sim.behaviour import Behaviour
from sim.run import run
from tests.lookalike import lookalike

# Trial and adjustment


def test_regression_finds_what_leaves_traces_and_leaves_the_rest():
    rng = np.random.default_rng(4)
    hit = []
    for _ in range(40):
        tried = rng.random((400, 3))
        noise = rng.normal(0.0, 0.05, (400, 2))
        left = np.column_stack([tried[:, 0] + noise[:, 0], tried[:, 1] + tried[:, 0] + noise[:, 1]])
        truth = rng.random(3) * 0.8 + 0.1
        seen = np.array([truth[0], truth[0] + truth[1]]) + rng.normal(0.0, 0.05, 2)
        found = adjusted(tried, left, seen, 120)
        low, high = np.quantile(found.draws, (0.05, 0.95), axis=0)
        hit.append((low <= truth) & (truth <= high))
        assert found.known[0] > 0.5
        assert abs(found.known[2]) < 0.25
    assert 0.8 < np.mean(hit) < 0.99


def test_a_measure_that_no_set_reaches_says_nothing():
    tried = np.random.default_rng(5).random((200, 1))
    left = np.column_stack([tried[:, 0], 5.0 * tried[:, 0]])
    assert reached(left, np.array([0.4, 9.0])).tolist() == [True, False]
    with_it = adjusted(tried, left, np.array([0.4, 9.0]), 60)
    without = adjusted(tried, left[:, :1], np.array([0.4]), 60)
    assert with_it.draws == pytest.approx(without.draws)


def test_measures_are_those_of_the_traces():
    sales = np.zeros((52, 10))
    sales[:, :2] = 40.0  # two of ten units bring all
    calls = np.tile((np.arange(10) < 5).astype(float), (52, 1))
    found = dict(
        zip(MEASURES, measures(Traces(sales, calls, np.arange(10) // 5, np.arange(10.0), 2, True)), strict=True)
    )
    assert (found["top_fifth"], found["without_sale"], found["rep_spread"]) == (1.0, 0.8, 1.0)
    assert (found["week_spread"], found["uncalled"], found["rep_calls"]) == (0.0, 0.5, 2.5)
    assert found["calls_of_potential"] < -0.8
    none = measures(Traces(sales, 0.0 * calls, np.arange(10) // 5, np.arange(10.0), 2, False))
    assert np.isnan(none[6:]).all()
    assert not np.isnan(none[:6]).any()


# Scores


def test_the_score_of_a_normal_forecast_is_the_one_on_paper():
    draws = norm.ppf((np.arange(20_000) + 0.5) / 20_000)[:, None] * 2.0 + 1.0
    for happened in (1.0, 4.0):
        z = (happened - 1.0) / 2.0
        paper = 2.0 * (z * (2.0 * norm.cdf(z) - 1.0) + 2.0 * norm.pdf(z) - 1.0 / np.sqrt(np.pi))
        assert crps(draws, np.array([happened]))[0] == pytest.approx(paper, rel=1e-3)
    assert covered(np.tile(draws, 2), np.array([1.0, 9.0])) == 0.5


# The fit on disk


FIT = Fit("abc", 1.0, {"stages": 3.0, "win_odds": 0.5, "taste": 1.1}, (
    {"level": 0.9, "stages": 3.0, "win_odds": 0.4, "taste": 1.0},
    {"level": 1.1, "stages": 3.0, "win_odds": 0.6, "taste": 1.2},
), {"Alnwick / Chair": 1.5})  # fmt: skip


def test_a_fit_comes_back_as_it_was_written(tmp_path):
    assert write_fit(FIT, tmp_path) == ["twin.yaml", "draws.csv", "units.csv"]
    assert read_fit(str(tmp_path / "twin.yaml")) == FIT


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"behaviour": {"win_ods": 0.5}}, "nothing is called 'win_ods'; did you mean 'win_odds'?"),
        ({"behaviour": {"win_odds": 7}}, "win_odds: '7' is no number from 0.05 to 0.9"),
        ({"level": "much"}, "level: 'much' is no number"),
        ({"draws": "../draws.csv"}, "there is no file '../draws.csv' beside the fit"),
        ({"behaviour": None}, "behaviour is no list"),
    ],
)
def test_what_is_wrong_with_a_fit_is_said(tmp_path, change, said):
    write_fit(FIT, tmp_path)
    file = tmp_path / "twin.yaml"
    file.write_text(yaml.safe_dump({**yaml.safe_load(file.read_text()), **change}))
    with pytest.raises(InputError) as caught:
        read_fit(str(file))
    assert said in str(caught.value)


@pytest.mark.parametrize("text", ["", "just words", "!!python/object/apply:os.system ['true']", "a: [1"])
def test_a_file_that_is_no_fit_is_refused(tmp_path, text):
    (tmp_path / "twin.yaml").write_text(text)
    with pytest.raises(InputError, match=r"market\.fit"):
        read_fit(str(tmp_path / "twin.yaml"))


# Played


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return lookalike().write(tmp_path_factory.mktemp("fit") / "crm")


@pytest.fixture(scope="module")
def fitted(folder):
    scenario = Scenario(market=MarketOptions(name="crm", folder=str(folder)))
    return scenario, fit_twin(inspect_export(folder), scenario, 60, 12, lambda: None)


def played(folder, place, **market):
    return build(Scenario(market=MarketOptions(name="crm", folder=str(folder), fit=str(place), **market)))


def test_each_year_is_played_in_a_draw_of_its_own(folder, fitted, tmp_path):
    place = tmp_path / write_fit(fitted[1].fit, tmp_path)[0]
    built = played(folder, place)
    assert len(built.world.drawn) == len(built.plan.drawn) == 12
    assert built.world.of(13) is built.world.drawn[1]
    assert built.world.drawn[0].behaviour.quick_hazard != built.world.drawn[1].behaviour.quick_hazard
    assert (built.world.drawn[0].accounts.need == built.world.accounts.need).all()  # what planners see stays
    assert (built.world.drawn[0].accounts.belief == built.world.accounts.belief).all()
    whole = run(built.world, built.plan, range(14))
    alone = run(built.world.drawn[1], built.plan.of(1), [13])
    assert (whole.rep_week["won_revenue"][13] == alone.rep_week["won_revenue"][0]).all()
    best = played(folder, place, draws=0)
    assert best.world.drawn == ()
    few = played(folder, place, draws=3)
    assert len(few.world.drawn) == 3


def test_both_engines_play_draws_alike(folder, fitted, tmp_path):
    built = played(folder, tmp_path / write_fit(fitted[1].fit, tmp_path)[0], draws=2)
    compiled, mesa = (run(built.world, built.plan, [0, 1], engine) for engine in ("compiled", "mesa"))
    for table in ("rep_week", "account_year"):
        for name, column in getattr(compiled, table).items():
            assert np.array_equal(column, getattr(mesa, table)[name]), name


def test_what_the_planner_sets_stays(folder, fitted, tmp_path):
    place = tmp_path / write_fit(fitted[1].fit, tmp_path)[0]
    market = MarketOptions(name="crm", folder=str(folder), fit=str(place))
    built = build(Scenario(market=market, behaviour=Behaviour(taste=2.0)))
    assert {one.behaviour.taste for one in (built.world, *built.world.drawn)} == {2.0}


def test_played_as_today_each_unit_sells_what_was_learnt_of_it(folder, fitted, tmp_path):
    built = played(folder, tmp_path / write_fit(fitted[1].fit, tmp_path)[0], draws=0)
    year = run(built.world, built.plan, range(40)).account_year
    sells = year["fluid_won"].mean(axis=0) / 100.0
    sales = fitted[1].learnt.sales
    assert sells.sum() == pytest.approx((sales.wins * sales.size).sum(), rel=0.03)
    assert np.median(np.abs(sells / (sales.wins * sales.size) - 1.0)) < 0.08


def test_what_was_planted_is_found_and_the_rest_is_left_to_the_literature(fitted):
    said = {one.name: one for one in fitted[1].parameters}
    assert said["win_odds"].says == "identified"
    assert said["win_odds"].low < 0.6 < said["win_odds"].high  # the look-alike wins 6 in 10 whatever the month
    assert abs(said["last_month_odds"].best) < 0.3
    for name in ("relationship_kept", "carry_over"):
        assert said[name].says == "prior-driven"
        assert said[name].best == getattr(Behaviour(), name)


def test_a_fit_is_the_same_every_time(folder, fitted):
    scenario, first = fitted
    again = fit_twin(inspect_export(folder), scenario, 60, 12, lambda: None)
    assert again.fit == first.fit


# Held out


def test_data_as_it_was_known_holds_nothing_of_later(folder):
    data = read_data(folder)
    day = int(np.datetime64("2020-06-30").astype(int))
    then = as_known(data, day)
    deals, now = then.table("opportunities"), data.table("opportunities")
    assert deals["created"].max() <= day
    assert deals["closed"].max() <= day
    opened = now[(now["created"] <= day) & (now["closed"] > day)]
    assert set(deals.loc[deals["outcome"] == "open", "id"]) >= set(opened["id"])
    assert deals.loc[deals["outcome"] == "open", "amount"].isna().all()
    assert len(deals) == (now["created"] <= day).sum()


def test_guesses_are_the_quarters_before(folder):
    export = inspect_export(folder)
    reps = sorted(set(export.decided["rep"]))
    assert quarters_of(export, 4) == [4 * 50 + 2, 4 * 50 + 3]
    last = sold(export, reps, 4 * 50 + 1)
    made = guesses(
        export,
        reps,
        4 * 50 + 2,
        build(Scenario(market=MarketOptions(name="crm", folder=str(folder)))).market.accounts,
        400,
    )
    assert list(made) == ["last quarter", "share of potential"]
    assert np.median(made["last quarter"], axis=0) == pytest.approx(last, rel=0.1)
    assert np.median(made["share of potential"].sum(axis=1)) == pytest.approx(last.sum(), rel=0.1)


def test_reps_are_told_by_others_without_looking_at_their_own(folder):
    export = inspect_export(folder)
    learnt = fit_table(export)
    found = from_others(export, *learnt)
    changed = learnt[2]._replace(counts=learnt[2].counts * np.where(learnt[0]["current_rep"] == "Ada Berg", 10.0, 1.0))
    other = from_others(export, learnt[0], learnt[1], changed)
    ada = found["rep"] == "Ada Berg"
    assert other.loc[ada, "expected"].tolist() == pytest.approx(found.loc[ada, "expected"].tolist())
    assert other.loc[ada, "won"].iloc[0] == 10.0 * found.loc[ada, "won"].iloc[0]


def fit_table(export):
    from scenarios.crm import learn

    learnt = learn(export, "account_product", Behaviour())
    return learnt.table, learnt.unit, learnt.sales


def test_a_twin_that_loses_gives_rankings_only(fitted, tmp_path, folder):
    scores = pd.DataFrame({"way": ["the twin", "last quarter"], "score": [0.3, 0.2]})
    from command.fitting.holdout import Forecast

    lost = Forecast("2020-Q4", 1.0, scores, pd.DataFrame())
    made = Report(fitted[1], [], [lost], pd.DataFrame(), "d", 1, "again")
    assert made.wins is False
    assert made._replace(forecasts=[replace(lost, scores=scores.assign(score=[0.1, 0.2]))]).wins is True
    assert "take rankings of plans from it, and no amounts" in " ".join(verdict(made))
    place = tmp_path / write_fit(fitted[1].fit._replace(rankings_only=True), tmp_path)[0]
    assert any("no better than a guess" in note for note in played(folder, place).market.notes)


# The verb


def test_the_verb_writes_a_twin_that_simulate_and_goals_play(folder, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["fit", str(folder), "--tries", "50", "--draws", "10", "--years", "20"]) == 0
    told = capsys.readouterr()
    assert "2020-Q4\tthe twin\t" in told.out
    assert "market.fit=market/crm/twin.yaml" in told.err
    page = (tmp_path / "market" / "crm" / "fit.md").read_text(encoding="utf-8")
    for head in ("How like it is", "Held out: quarters", "Held out: reps", "What is known of what"):
        assert f"## {head}" in page
    words = ["market=crm", f"market.folder={folder}", "market.fit=market/crm/twin.yaml"]
    assert main(["simulate", *words, "territory=balanced", "replications=3"]) == 0
    assert main(["goals", str(folder), "market.fit=market/crm/twin.yaml", "--years", "20"]) == 0


def test_a_fit_that_is_not_there_is_answered_with_the_nearest(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"^market.fit: there is no file 'no.yaml'; territory fit FOLDER writes one"):
        read_fit("no.yaml")
    (tmp_path / "market" / "crm").mkdir(parents=True)
    (tmp_path / "market" / "crm" / "twin.yaml").touch()
    with pytest.raises(InputError, match=r"there is no file 'market/cmr/twin.yaml'; did you mean 'market/crm/twin"):
        read_fit("market/cmr/twin.yaml")
    with pytest.raises(InputError, match=r"^market.fit: 'market' can't be read: Is a directory$"):
        read_fit("market")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "there is no folder 'nowhere'"),
        (["{folder}", "--tries", "3"], "--tries 3: give a number from 50"),
        (["{folder}", "market.unit=acount_office"], "did you mean 'account_office'?"),
        (["{folder}", "--to", "{folder}"], "is the folder of the data"),
        (["few"], "a fit needs 60 or more"),
        (["none"], "nothing was won or lost"),
    ],
)
def test_what_keeps_a_fit_from_being_made_is_said(folder, tmp_path, capsys, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    for name in ("few", "none"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "accounts.csv").write_text("account\nAlnwick\n")
    rows = ["O1,Ada,Alnwick,Won,2020-01-01,2020-02-01,9", "O2,Ada,Alnwick,Lost,2020-01-01,2020-02-01,0"]
    (tmp_path / "few" / "deals.csv").write_text("\n".join(["id,rep,account,stage,created,closed,amount", *rows]) + "\n")
    assert main(["fit", *(word.format(folder=folder) for word in words)]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "market").exists()
