"""Goals: a file of them is read and played, proposals are alike for all, each is judged by the years played."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.goals import COUNTED, in_own_hands, met, same_chance, verdict, weekly
from command.goalsetting.smart import windows
from command.goalsetting.work import work
from command.main import main
from scenarios.build import build
from scenarios.goal_file import MEASURES, Goal, read_goals
from scenarios.goals import goal_policy
from scenarios.identity import identity
from scenarios.insight.conversion import brings, calls_for, converted, own_funnel
from scenarios.insight.facts import facts
from scenarios.insight.lookback import look_back
from scenarios.intake.data import read_data
from scenarios.problems import InputError
from scenarios.schema import GoalsOptions, MarketOptions, Scenario
from sim.behaviour import Behaviour
from sim.run import run
from tests.lookalike import AGENTS, lookalike

YEARS = 40


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return lookalike().write(tmp_path_factory.mktemp("goals") / "crm")


def scenario(folder, **market):
    return Scenario(market=MarketOptions(name="crm", folder=str(folder), **market))


def write(path, *rows, head="rep,measure,target,every,since,until"):
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def proposed(folder):
    return work(scenario(folder), 0.0, 0.06, YEARS, "", lambda: None)


# The file


def test_what_can_be_counted_is_said_once():
    assert list(MEASURES) == list(COUNTED)


def test_a_file_is_read_as_spreadsheets_write_it_and_says_what_each_goal_lacks(tmp_path):
    file = write(
        tmp_path / "goals.csv",
        "Ada Berg;Revenue;1.200,50;yearly;;",
        "Bo Chen;new customers;10;;1.3.2026;30.6.2026",
        "Cem Dogan;smiles;3;week;;",
        ";calls;20;week;;",
        "Dora Elk;won;lots;month;;",
        "Egon Funk;won;5;;;",
        "Fia Gruber;won;5;fortnight;2026-07-01;2026-06-01",
        head="Owner;Measure;Target;Every;From;By",
    )
    goals = read_goals(file)
    assert goals[0] == Goal(2, "Ada Berg", "revenue", 1200.5, "year")
    assert goals[1] == Goal(3, "Bo Chen", "new_customers", 10.0, "", dt.date(2026, 3, 1), dt.date(2026, 6, 30))
    assert [[letter for letter, _ in goal.lacks] for goal in goals] == [
        [], [], ["measurable"], ["specific"], ["measurable"], ["time-bound"], ["time-bound", "time-bound"],
    ]  # fmt: skip


def test_a_workbook_of_goals_is_read_too(tmp_path):
    rows = {"rep": ["Ada Berg"], "measure": ["calls"], "target": [12], "every": ["week"]}
    pd.DataFrame(rows).to_excel(tmp_path / "goals.xlsx", index=False)
    assert read_goals(str(tmp_path / "goals.xlsx"))[0][:5] == (2, "Ada Berg", "calls", 12.0, "week")


def policy_of(folder, file):
    built = build(scenario(folder))
    return goal_policy(GoalsOptions("from_file", file), built.team), list(built.team.reps["id"])


def test_the_goals_of_a_file_are_those_that_are_played(folder, tmp_path):
    file = write(
        tmp_path / "goals.csv", "Ada Berg,revenue,1000,quarter,,", "Bo Chen,calls,13,week,,", "team,won,9,year,,"
    )
    policy, ids = policy_of(folder, file)
    goals = policy(None)
    assert dict(zip(ids, goals.quota, strict=True)) == {name: 4000.0 * (name == "Ada Berg") for name in ids}
    assert dict(zip(ids, goals.activity, strict=True)) == {name: 13.0 * (name == "Bo Chen") for name in ids}
    assert (goals.counts_priority_only, goals.periods) == (False, 4)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["Ada Burg,revenue,1,year,,"], "line 2: there is no rep 'Ada Burg'; did you mean 'Ada Berg'?"),
        (["Ada Berg,revenue,1,year,,", "Ada Berg,revenue,2,year,,"], "line 3: 'Ada Berg' has a goal for revenue"),
        (["Ada Berg,revenue,1,year,,", "Bo Chen,revenue,2,month,,"], "quotas with 1 and 12 periods a year"),
        (["Ada Berg,calls,1,week,,", "Bo Chen,priority_calls,2,week,,"], "goals for calls and priority_calls stand"),
        (["Ada Berg,won,1,week,,"], "no rep has a goal for revenue or calls"),
        (["Ada Berg,revenue,0,year,,"], "line 2: target: '0' is no amount above 0"),
    ],
)
def test_goals_that_cant_be_played_are_refused_in_words(folder, tmp_path, rows, said):
    file = write(tmp_path / "goals.csv", *rows)
    with pytest.raises(InputError) as caught:
        build(replace(scenario(folder), goals=GoalsOptions("from_file", file)))
    assert said in str(caught.value)


def test_a_changed_file_is_another_scenario_and_a_renamed_one_is_not(folder, tmp_path):
    one = write(tmp_path / "one.csv", "Ada Berg,revenue,1000,year,,")
    two = write(tmp_path / "two.csv", "Ada Berg,revenue,1000,year,,")
    three = write(tmp_path / "three.csv", "Ada Berg,revenue,1001,year,,")
    keys = [
        identity(replace(scenario(folder), goals=GoalsOptions("from_file", f)), "m", "c") for f in (one, two, three)
    ]
    assert keys[0] == keys[1] != keys[2]


# The funnel


@pytest.mark.parametrize("shape", [0.7, 1.0, 2.0])
def test_calls_for_a_multiple_bring_that_multiple(shape):
    b = Behaviour(response_shape=shape)
    for multiple in (0.8, 1.0, 1.1, 1.25):
        assert brings(calls_for(multiple, 14.0, 16.0, b), 14.0, 16.0, b) == pytest.approx(multiple)


def test_each_reps_funnel_leads_from_its_own_history_to_its_calls_and_back(folder):
    data = facts(read_data(folder))
    funnel, counted = own_funnel(data, list(AGENTS), np.full(6, 16.0))
    assert not counted.any()
    assert funnel.revenue.sum() == pytest.approx(look_back(data)["revenue"].iloc[0], rel=0.02)
    table = converted(funnel, funnel.revenue, np.full(6, 16.0), Behaviour())
    assert table["calls_needed"].tolist() == pytest.approx([16.0] * 6)
    assert table["opportunities_needed"].tolist() == pytest.approx(funnel.opened.tolist())
    more = converted(funnel, 2.0 * funnel.revenue, np.full(6, 16.0), Behaviour())
    assert np.isinf(more["calls_needed"]).all()
    assert more["wins_needed"].tolist() == pytest.approx((2.0 * funnel.opened * funnel.win_rate).tolist())


def test_calls_in_the_data_are_the_calls_of_now(folder, tmp_path):
    place = lookalike().write(tmp_path / "crm")
    days = pd.date_range("2020-01-02", "2020-12-28", freq="D").date
    rows = [f"call,{day},Alnwick,Ada Berg" for day in days for _ in range(3)]
    (place / "activities.csv").write_text("\n".join(["kind,date,account,rep", *rows]) + "\n")
    funnel, counted = own_funnel(facts(read_data(place)), list(AGENTS), np.full(6, 16.0))
    assert counted.tolist() == [True, False, False, False, False, False]
    assert funnel.calls.tolist() == pytest.approx([21.0, 16.0, 16.0, 16.0, 16.0, 16.0], rel=0.02)


# The look back


def test_the_look_back_adds_up(folder):
    made = lookalike()
    back = look_back(facts(read_data(folder)))
    team, reps = back.iloc[0], back.iloc[1:]
    assert team["rep"] == "team"
    assert team["revenue"] == pytest.approx(made.won_value, rel=0.01)  # the look-alike covers one year
    assert reps["revenue"].sum() == pytest.approx(team["revenue"])
    assert team["win_rate"] == pytest.approx(made.won / 2400, abs=0.01)
    assert team["average"] == pytest.approx(made.won_value / made.won, rel=0.01)
    assert (back["worst"] <= back["revenue"]).all()
    assert (back["best"] >= back["revenue"]).all()
    assert back["growth"].abs().max() < 0.5


def test_growth_new_customers_best_and_worst_are_those_of_the_data(tmp_path):
    place = tmp_path / "crm"
    place.mkdir()
    (place / "accounts.csv").write_text("account\nOld\nNew\n")
    rows = []
    for number, day in enumerate(pd.date_range("2023-01-01", "2024-12-31", freq="7D").date):
        who, worth = (
            ("New" if day.year == 2024 and day.month > 6 and number % 2 else "Old"),
            100 if day.year == 2023 else 150,
        )
        rows.append(f"O{number},{who},Ada,Won,{day},{day},{worth}")
        rows.append(f"L{number},Old,Ada,Lost,{day},{day},0")
    (place / "deals.csv").write_text("\n".join(["id,account,rep,stage,created,closed,amount", *rows]) + "\n")
    team = look_back(facts(read_data(place))).iloc[0]
    assert team["growth"] == pytest.approx(0.5, abs=0.03)
    assert team["period"] == "quarter"
    assert (team["worst"], team["best"]) == (
        pytest.approx(4 * 13 * 100, rel=0.08),
        pytest.approx(4 * 13 * 150, rel=0.08),
    )
    assert team["new_customers"] == pytest.approx(365.25 / (730 - 182), rel=0.02)


# Chances


def test_quotas_of_the_same_chance_are_met_as_often_by_all():
    rng = np.random.default_rng(1)
    sales = rng.lognormal([3.0, 5.0, 7.0], [0.1, 0.5, 1.0], (2000, 3))
    quota, chance = same_chance(sales, 1.1 * sales.mean(axis=0).sum())
    assert quota.sum() == pytest.approx(1.1 * sales.mean(axis=0).sum())
    assert (sales >= quota).mean(axis=0).tolist() == pytest.approx([chance] * 3, abs=0.005)


def test_all_of_a_variance_is_effort_where_luck_is_none_and_none_where_effort_does_nothing():
    luck = np.random.default_rng(2).normal(0.0, 1.0, 500)
    assert in_own_hands([np.full(9, level) for level in (8.0, 10.0, 12.0)]) == 1.0
    assert in_own_hands([luck, luck[::-1], -luck]) < 0.01
    parts = [in_own_hands([level * move + luck for level in (0.8, 1.0, 1.2)]) for move in (1.0, 5.0, 25.0)]
    assert parts == sorted(parts)


@pytest.mark.parametrize(
    "bounds", [(0.199, "out of reach"), (0.2, "achievable"), (0.95, "achievable"), (0.951, "a matter of course")]
)
def test_a_chance_is_called_what_it_is(bounds):
    assert verdict(bounds[0]) == bounds[1]


def test_windows_are_the_weeks_in_which_a_goal_runs():
    assert windows(Goal(1, "R", "won", 1.0, "quarter"))[0] == [(0, 13), (13, 26), (26, 39), (39, 52)]
    assert len(windows(Goal(1, "R", "won", 1.0, "month"))[0]) == 12
    over = windows(Goal(1, "R", "won", 1.0, "", dt.date(2026, 11, 1), dt.date(2027, 2, 1)))
    assert over[0] == []
    assert "over the end of a year" in over[1]
    assert windows(Goal(1, "R", "won", 1.0, "quarter", dt.date(2026, 2, 1), dt.date(2026, 3, 1)))[1]


def test_the_simulated_business_sells_what_was_sold(proposed):
    """In the mean year; that of so many years is known to 0.7 %."""
    assert proposed.back is not None
    playing = run(proposed.built.world, proposed.built.plan, range(300))
    sold = weekly(playing, "revenue").sum(axis=(1, 2)).mean()
    assert sold == pytest.approx(proposed.back["revenue"].iloc[0], rel=0.01)


def test_proposed_quotas_add_up_and_are_as_likely_for_all(proposed):
    assert proposed.quotas["quota"].sum() == pytest.approx(proposed.firm, rel=0.005)  # each to three figures
    assert proposed.firm == pytest.approx(1.06 * proposed.back["revenue"].iloc[0])
    assert np.ptp(proposed.quotas["chance"]) <= 0.2  # of 40 years; two spreads of a half are .16
    assert abs(proposed.quotas["chance"].mean() - proposed.chance) < 0.1


def test_chances_are_those_of_the_years(proposed):
    """The same goals, played here by hand, are met as often as the table says."""
    built = proposed.built
    by_rep = {goal.rep: goal for goal in proposed.goals if goal.measure == "revenue"}
    quota = np.array([by_rep[name].target for name in built.team.reps["id"]])
    calls = {goal.rep: goal.target for goal in proposed.goals if goal.measure == "priority_calls"}
    activity = np.array([calls.get(name, 0.0) for name in built.team.reps["id"]])
    goals = goal_policy(GoalsOptions())(last_of(built))._replace(
        quota=quota, activity=activity, counts_priority_only=True, periods=1
    )
    sales = weekly(run(built.world, replace(built.plan, goals=lambda last: goals), range(YEARS)), "revenue").sum(axis=1)
    told = {one.name: one.chance for one in proposed.checked if one.goal.measure == "revenue"}
    for row, name in enumerate(built.team.reps["id"]):
        assert told[name] == pytest.approx(met(sales[:, None, row], quota[row], [(0, 1)]).mean())


def last_of(built):
    from sim.year import burn_in, last_year

    return last_year(built.world, built.plan, burn_in(built.world, 0))


def test_goals_are_called_what_they_are_and_calls_are_more_in_the_reps_hands_than_sales(folder, tmp_path):
    file = write(
        tmp_path / "goals.csv",
        "Ada Berg,revenue,9000000,year,,",
        "Bo Chen,revenue,1000,year,,",
        "Cem Dogan,calls,12,week,,",
        "Dora Elk,won,60,,2026-01-01,2026-06-30",
        "Egon Funk,joy,1,year,,",
        "team,revenue,100000,quarter,,",
        "Fia Gruber,won,3,year,,",  # of so many that more effort shows beyond luck
    )
    # Fewer calls than would do, so that a week can hold more or fewer of them.
    tired = replace(scenario(folder), team=replace(Scenario().team, hours=14.0))
    done = work(tired, 0.0, 0.06, YEARS, file, lambda: None)
    ada, bo, cem, dora, egon, team, fia = done.checked
    assert (ada.verdict, ada.chance) == ("out of reach", 0.0)
    assert (bo.verdict, bo.chance) == ("a matter of course", 1.0)
    assert egon.verdict == "not told"
    assert egon.says[1].startswith("no: nothing is counted as 'joy'")
    assert (ada.says[0], ada.says[4]) == ("yes", "yes")
    assert team.name == "team"
    hands = {one.name: one.own_hands for one in done.checked}
    assert hands["Cem Dogan"] > 0.5 > hands["Ada Berg"] > 0.01
    assert "of it" in fia.says[3]
    assert cem.says[3].startswith("yes, more effort: +")
    assert 0.0 < dora.chance <= 1.0


def test_without_any_sales_goals_come_from_the_literature_and_say_so(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "new"
    place.mkdir()
    rows = [f"A{n:02d},{'North' if n % 2 else 'South'},{100 + n}" for n in range(40)]
    (place / "accounts.csv").write_text("\n".join(["account,region,employees", *rows]) + "\n")
    assert main(["goals", "new", "team.reps=3", "--years", "20"]) == 0
    told = capsys.readouterr()
    assert told.out.count("\trevenue\t") == 4  # three reps and the team
    assert "not measured here but the defaults" in told.err
    page = (tmp_path / "market" / "new" / "goals.md").read_text(encoding="utf-8")
    assert "There is no year to look back on" in page
    assert (
        main(["simulate", "market=crm", "market.folder=new", "team.reps=3", "territory=balanced", "replications=2"])
        == 0
    )


# The verb


def test_the_verb_writes_goals_that_simulate_plays(folder, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["goals", str(folder), "--years", "20", "--to", "out", "--growth", "2"]) == 0
    told = capsys.readouterr()
    assert f"fit      territory fit {folder}" in told.err
    assert "play it  territory simulate market=crm" in told.err
    assert "goals=from_file goals.file=out/goals.csv" in told.err
    page = (tmp_path / "out" / "goals.md").read_text(encoding="utf-8")
    for head in ("## A look back", "## Proposed", "## A quota in calls, and back", "## Are they SMART?"):
        assert head in page
    goals = pd.read_csv(tmp_path / "out" / "goals.csv")
    assert set(goals["rep"]) == set(AGENTS)
    words = ["market=crm", f"market.folder={folder}", "goals=from_file", "goals.file=out/goals.csv", "replications=2"]
    assert main(["simulate", *words]) == 0
    (tmp_path / "out2").mkdir()
    assert main(["goals", str(folder), "--years", "20", "--to", "out2", "--growth", "2"]) == 0
    for file in ("goals.md", "goals.csv", "funnel.csv", "smart.csv", "look_back.csv"):
        assert (tmp_path / "out" / file).read_bytes() == (tmp_path / "out2" / file).read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "there is no folder 'nowhere'"),
        (["{folder}", "--years", "3"], "--years 3: give 20 or more"),
        (["{folder}", "--check", "none.csv"], "--check: there is no file 'none.csv'"),
        (["{folder}", "territory=balancd"], "did you mean 'balanced'?"),
        (["{folder}", "--firm", "-5"], "--firm is an amount above 0"),
    ],
)
def test_what_is_wrong_is_said_at_the_door(folder, tmp_path, capsys, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    assert main(["goals", *(word.format(folder=folder) for word in words)]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "market").exists()
