"""Goals at the edges: files that say too little, days of a year, reps with nothing to sell, folders that hold data."""

from __future__ import annotations

import datetime as dt
import re
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.on_record import OnRecord
from command.goalsetting.page import assumed
from command.goalsetting.smart import windows
from command.goalsetting.work import work
from command.main import main
from scenarios.build import build
from scenarios.crm.fitted import Fit, write_fit
from scenarios.goal_file import Goal, read_goals
from scenarios.insight.conversion import Funnel, converted
from scenarios.problems import InputError
from scenarios.schema import GoalsOptions, MarketOptions, Scenario, TerritoryOptions
from sim.behaviour import Behaviour
from sim.run import run


def firm(place, reps=("Ada", "Bo"), opportunities=20, owners=(), head="rep"):
    """A folder with accounts and opportunities; two in three are won."""
    place.mkdir()
    rng = np.random.default_rng(3)
    names = [f"Acc{n:02d}" for n in range(10)]
    whose = [owners[n % len(owners)] if owners else "" for n in range(10)]
    rows = [f"{name},North,Retail,{owner}" for name, owner in zip(names, whose, strict=True)]
    (place / "accounts.csv").write_text("\n".join(["account,region,industry,owner", *rows]) + "\n")
    rows = []
    for n, day in enumerate(pd.date_range("2023-01-01", "2024-12-20", periods=opportunities).date):
        stage, worth = ("Won", round(rng.lognormal(7.0, 1.0))) if n % 3 else ("Lost", 0)
        rows.append(f"O{n},{names[rng.integers(10)]},{reps[n % len(reps)]},{stage},{day},{day},{worth}")
    (place / "deals.csv").write_text("\n".join([f"id,account,{head},stage,created,closed,amount", *rows]) + "\n")
    return place


def goals_of(path, *rows, head="rep,measure,target,every,since,until"):
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return str(path)


# The file


def test_days_in_the_wrong_order_are_said_and_no_goal_is_made_of_them(tmp_path):
    file = goals_of(tmp_path / "goals.csv", "Ada,revenue,100,,2026-07-01,2026-06-30")
    (goal,) = read_goals(file)
    assert (goal.since, goal.until, goal.a_year) == (None, None, 100.0)
    assert goal.lacks == (("time-bound", "until 2026-06-30 lies before since 2026-07-01"),)
    assert windows(goal) == ([], "not all it says is known")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Ada,calls,12,wk,,", "line 2: every: there is no 'wk'"),
        ("Ada,revenue,100,,2026-07-01,2026-06-30", "line 2: until 2026-06-30 lies before since 2026-07-01"),
        ("Ada,calls,12,,,", "line 2: it has no end; give until, or every"),
    ],
)
def test_twelve_calls_in_no_known_time_are_not_played_as_twelve_a_year(tmp_path, row, said):
    place, file = firm(tmp_path / "crm"), goals_of(tmp_path / "goals.csv", row)
    scenario = Scenario(market=MarketOptions(name="crm", folder=str(place)), goals=GoalsOptions("from_file", file))
    with pytest.raises(InputError, match=r"goals\.csv") as caught:
        build(scenario)
    assert said in str(caught.value)


# Days


def test_consecutive_goals_share_no_week_and_leave_none_out():
    quarters = [(1, 3, 31), (4, 6, 30), (7, 9, 30), (10, 12, 31)]
    for year in (2026, 2028):  # the second a leap year
        runs = [
            windows(Goal(2, "R", "won", 1.0, "", dt.date(year, first, 1), dt.date(year, last, day)))[0]
            for first, last, day in quarters
        ]
        assert runs == [[(0, 13)], [(13, 26)], [(26, 39)], [(39, 52)]]
    for day in pd.date_range("2028-01-01", "2028-12-31").date:
        ((first, end),), _ = windows(Goal(2, "R", "won", 1.0, "", day, day))
        assert 0 <= first < end <= 52
        assert end - first == 1


@pytest.mark.parametrize("month", range(1, 13))
def test_a_month_between_its_first_and_last_day_is_that_month(month):
    first = dt.date(2026, month, 1)
    last = (pd.Timestamp(first) + pd.offsets.MonthEnd()).date()
    every = windows(Goal(2, "R", "won", 1.0, "month"))[0]
    assert windows(Goal(2, "R", "won", 1.0, "month", first, last))[0] == [every[month - 1]]
    assert windows(Goal(2, "R", "won", 1.0, "month", first + dt.timedelta(days=1), last))[0] == []


# Reps


def test_who_has_nothing_to_sell_gets_no_goal_and_the_others_can_be_played(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    firm(tmp_path / "crm", ("Ada", "Bo", "Cem"), 200, owners=("Ada", "Bo"))
    assert main(["goals", str(tmp_path / "crm"), "--years", "20"]) == 0
    goals = pd.read_csv(tmp_path / "market" / "crm" / "goals.csv")
    assert set(goals["rep"]) == {"Ada", "Bo"}
    assert (goals["target"] > 0.0).all()
    row = next(line for line in (tmp_path / "market/crm/goals.md").read_text().splitlines() if line.startswith("| Cem"))
    assert row.startswith("| Cem | ")
    page = (tmp_path / "market/crm/goals.md").read_text().split("## Proposed")[1]
    assert " | 0 | 100 % | 100 % | 0 to 0 |  |" in next(line for line in page.splitlines() if line.startswith("| Cem"))
    assert "over 0" not in page
    words = [
        "market=crm",
        f"market.folder={tmp_path}/crm",
        "goals=from_file",
        "goals.file=market/crm/goals.csv",
        "replications=2",
    ]
    assert main(["simulate", *words]) == 0
    assert capsys.readouterr()


def test_a_rep_without_history_has_no_funnel_and_no_quota_takes_no_calls():
    none, some = np.zeros(3), np.array([0.0, 0.0, 8.0])
    funnel = Funnel(np.full(3, 5.0), some, np.full(3, 0.5), np.full(3, 100.0), none)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = converted(funnel, np.array([0.0, 500.0, 0.0]), np.array([0.0, 4.0, 4.0]), Behaviour())
    assert table["calls_needed"].tolist() == [0.0, np.inf, 0.0]
    assert table["wins_needed"].isna().tolist() == [False, True, False]


def test_the_goal_of_a_firm_begins_at_what_its_accounts_in_play_sold(tmp_path):
    """With the planner's own level, too: that is about the year to come, and the page says so."""
    place = firm(tmp_path / "crm", opportunities=200)
    for level in (1.0, 1.2):
        asked = MarketOptions(name="crm", folder=str(place), level=level)
        done = work(Scenario(market=asked), 0.0, 0.06, 20, "", lambda: None)
        assert done.firm == pytest.approx(1.06 * done.built.market.sold)
        assert done.built.market.sold == pytest.approx(done.back["revenue"].iloc[0])
        assert "orders that no account" not in assumed(done)[1]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, r"as good as the \$[\d,]+ a year sold by the data\. "),
        ({"behaviour": Behaviour(referral=0.3)}, r"\d+ % more than the .*: the quotas .* market\.level=0\.\d+ would"),
        ({"level": 1.5}, r"(49|50|51) % more than the .*, as market\.level=1\.5 asks: the quotas and chances stand on"),
        ({"growth": "+5%"}, r"On record are the .* not held against it\. "),
        ({"territory": TerritoryOptions("balanced")}, r"On record are the .* not held against it\. "),
    ],
)
def test_goals_say_whether_today_sells_what_is_on_record(tmp_path, asked, said):
    place = firm(tmp_path / "crm", opportunities=600)
    market = {name: asked.pop(name) for name in ("level", "growth") if name in asked}
    scenario = Scenario(market=MarketOptions(name="crm", folder=str(place), **market), **asked)
    done = work(scenario, 0.0, 0.06, 60, "", lambda: None)
    assert re.search(said, assumed(done)[1]), assumed(done)[1]


def test_goals_hold_a_fit_against_the_record_too(tmp_path):
    write_fit(Fit("", 1.3, {}, (), {}), tmp_path)
    place, fit = firm(tmp_path / "crm", opportunities=600), str(tmp_path / "twin.yaml")
    done = work(Scenario(market=MarketOptions(name="crm", folder=str(place), fit=fit)), 0.0, 0.06, 60, "", lambda: None)
    assert re.search(r"(29|30|31) % more than the .* market\.level=0\.7\d+ would", assumed(done)[1]), assumed(done)[1]


def test_goals_tell_luck_from_a_business_that_sells_more(tmp_path):
    place = firm(tmp_path / "crm", opportunities=200)
    done = work(Scenario(market=MarketOptions(name="crm", folder=str(place))), 0.0, 0.06, 20, "", lambda: None)
    sold = done.built.market.sold
    for error, tail in ((0.0, "market.level=0.909 would bring it about to the record."), (sold, "20 years played.")):
        record = OnRecord(sold, 1.1 * sold, 0.909, 1.0, error)
        assert "10 % more than" in assumed(replace(done, record=record))[1]
        assert tail in assumed(replace(done, record=record))[1]


# The verb


def test_goals_of_ones_own_are_never_written_over_and_what_they_lack_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    firm(tmp_path / "crm")
    assert main(["goals", str(tmp_path / "crm"), "--years=20"]) == 0
    mine = tmp_path / "market" / "crm" / "goals.csv"
    before = mine.read_text() + "Ada,calls,9,wk\nBo,revenue,lots,year\n"
    before = before.replace(next(line for line in before.splitlines() if line.startswith("Bo,revenue")) + "\n", "", 1)
    mine.write_text(before)
    capsys.readouterr()
    assert main(["goals", str(tmp_path / "crm"), "--years=20", "--check", str(mine)]) == 0
    told = capsys.readouterr()
    assert mine.read_text() == before
    assert "goals.csv, line 3: every: there is no 'wk'; " in told.err
    assert "goals.csv, line 4: target: 'lots' is no amount above 0" in told.err
    assert "play it" not in told.err
    assert told.out.count("not told") == 2
    page = (tmp_path / "market/crm/goals.md").read_text()
    assert "again: `territory goals FOLDER --growth=6 --years=20 --check=goals.csv`" in page
    assert "The file has no quota for Bo: theirs are the proposed ones." in page


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--firm", "nan"], "--firm is an amount above 0"),
        (["--firm", "inf"], "--firm is an amount above 0"),
        (["--firm", "1e300"], "--firm is an amount above 0"),
        (["--growth", "nan"], "--growth between -90 and 900 percent"),
        (["--years", "1000000000"], "--years 1000000000: give 10,000 or fewer"),
        (["--to", "crm"], "--to: 'crm' holds the data"),
        (["--years", "20", "territory=balancd"], "did you mean 'balanced'?"),  # a plan after an option
        (["years=2"], "years=2: goals are those of one year; leave it out, or give years=1"),
        (["market.level=1,1.2"], "market.level=1,1.2 names 2 values; give it one value"),
        (["--to", "/proc/goals"], "--to: '/proc/goals' can't be written"),
    ],
)
def test_what_cant_be_asked_for_is_refused_in_words(tmp_path, monkeypatch, capsys, words, said):
    monkeypatch.chdir(tmp_path)
    firm(tmp_path / "crm")
    assert main(["goals", str(tmp_path / "crm"), "--years=20", *words]) == 2
    assert said in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["crm"]
    assert sorted(path.name for path in (tmp_path / "crm").iterdir()) == ["accounts.csv", "deals.csv"]


def test_with_orders_alone_no_fit_is_proposed(tmp_path, monkeypatch, capsys):
    """A fit needs won and lost opportunities; the next step is one that works."""
    monkeypatch.chdir(tmp_path)
    place = firm(tmp_path / "crm")
    (place / "deals.csv").unlink()
    rows = [f"S{n},Acc{n % 10:02d},Ada,2023-{1 + n % 12:02d}-10,900" for n in range(60)]
    (place / "orders.csv").write_text("\n".join(["id,account,rep,date,amount", *rows]) + "\n")
    assert main(["goals", "crm", "--years=20"]) == 0
    told = capsys.readouterr().err
    assert "territory fit" not in told
    assert (
        "play it  territory simulate market=crm market.folder=crm goals=from_file goals.file=market/crm/goals" in told
    )


def test_orders_are_played_as_orders(tmp_path):
    place = firm(tmp_path / "crm", opportunities=200)
    rows = [f"S{n},Acc{n % 10:02d},Ada,{day},900" for n, day in enumerate(pd.date_range("2023-01-02", periods=100))]
    rows = [row.replace(" 00:00:00", "") for row in rows]
    (place / "orders.csv").write_text("\n".join(["id,account,rep,date,amount", *rows]) + "\n")
    done = work(Scenario(market=MarketOptions(name="crm", folder=str(place))), 0.0, 0.06, 20, "", lambda: None)
    year = run(done.built.world, done.built.plan, range(20)).rep_week
    orders, won = (float(year[name].sum()) / 2_000 for name in ("order_revenue", "won_revenue"))
    assert orders == pytest.approx(100 * 900 / 2, rel=0.15)  # the data is of two years
    assert orders + won == pytest.approx(done.back["revenue"].iloc[0], rel=0.1)
    assert done.record.asked == 1.0


def test_goals_that_no_team_can_have_at_once_are_judged_all_the_same(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    firm(tmp_path / "crm", opportunities=200)
    rows = ("Ada,sales,9000,,2025-01-01,2025-03-31", "Ada,sales,9000,,2025-04-01,2025-06-30", "Bo,deals,4,year,,")
    file = goals_of(tmp_path / "goals.csv", *rows)
    assert main(["goals", str(tmp_path / "crm"), "--years=20", "--check", file]) == 0
    told = capsys.readouterr()
    assert "can't be worked for at once" in told.err
    assert told.out.count("Ada\trevenue\t9,000") == 2
    assert "Bo\twon\t4\tyear" in told.out
