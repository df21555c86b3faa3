"""How many people: work beside hours, what each further hire adds, and the verb that says so."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.charts import head_count as chart
from analysis.people.head_count import answer, by_work, head_count, paying, verdict
from command.main import main
from scenarios.build import build
from scenarios.hiring.work import met, work
from scenarios.schema import MarketOptions, Scenario, TeamOptions
from tests.played import made_up


def plans(*gains: float, spread: float = 0.0) -> list:
    """Plans in which each rep earns so much more than in the first; margin is 70 % of it, pay 15 %."""
    return [made_up("now" if not n else f"plan{n}", gain=gain, spread=spread * bool(n)) for n, gain in enumerate(gains)]


def test_each_hire_is_held_against_the_plan_with_one_less():
    """Four reps with 10,000 more each: 40,000 x (.7 - .15) = 22,000; the second hire takes half of it back."""
    table = head_count(plans(0.0, 10_000.0, 5_000.0))
    assert table["typical"].tolist() == pytest.approx([22_000.0, -11_000.0], abs=2.0)
    assert table["total"].tolist() == pytest.approx([22_000.0, 11_000.0], abs=2.0)
    assert table["better"].tolist() == [1.0, 0.0]
    assert [verdict(row) for _, row in table.iterrows()] == ["pays", "costs more than it brings"]
    assert paying(table) == 1
    said = answer(table, "in 3 years", "$")
    assert said.startswith("One hire pays in 3 years: together typically +22 k$")
    assert said.endswith("The next costs more than it brings.")
    assert chart.title(table, "current", "in 3 years", "20 runs").finding == "One hire pays"


def test_what_cannot_be_told_is_not_said_to_pay():
    table = head_count(plans(0.0, 0.0, spread=60_000.0))
    row = table.iloc[0]
    assert 0.05 < row["sure"] < 0.95
    assert paying(table) == 0
    assert answer(table, "in a year", "$").startswith("Whether the first hire pays in a year can't be told: typically")
    assert chart.title(table, "current", "in a year", "20 years").finding == "No hire surely pays"


def test_all_hires_pay_where_each_does():
    table = head_count(plans(0.0, 10_000.0, 20_000.0))
    assert paying(table) == 2
    assert answer(table, "in a year", "$").startswith("2 hires pay one by one in a year: together typically +44 k$")


def test_hours_are_shared_by_need_and_never_more_than_needed():
    """The page's own example, and a rep who has more than is needed."""
    needed, owner = np.array([600.0, 300.0, 100.0]), np.array([0, 0, 1])
    assert met(needed, owner, np.array([600.0, 400.0])).tolist() == pytest.approx([400.0, 200.0, 100.0])


def test_work_adds_up_over_territories_and_segments():
    built = build(Scenario(market=MarketOptions(accounts=200), team=TeamOptions(reps=5)))
    found = work(built.market, built.team, built.plan.owner, built.behaviour)
    total = found.territories["needed"].sum()
    for cut in ("region", "industry", "product"):
        part = found.segments[found.segments["cut"] == cut]
        assert part["needed"].sum() == pytest.approx(total)
        assert part["accounts"].sum() == 200
        assert (part["part"] <= 1.0 + 1e-12).all()
    assert found.people == pytest.approx(total / (22.0 * 52))
    assert found.team == 5
    assert by_work(10.5, 10, 0.95) == (
        "Work asks for 10.5 people where 10 are: 95 % of the hours that all accounts need to be covered well."
    )


def test_a_segment_lies_with_who_fits_it():
    built = build(Scenario(market=MarketOptions(accounts=60), team=TeamOptions(reps=3)))
    team = replace(
        built.team, fit_industry=pd.DataFrame(0.9, built.team.fit_industry.index, built.team.fit_industry.columns)
    )
    found = work(built.market, team, built.plan.owner, built.behaviour).segments
    assert (found[found["cut"] == "industry"]["at_home"] == 0.0).all()


def test_the_verb_plays_prints_and_writes_its_page(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["people", "market.accounts=90", "team.reps=3", "replications=4", "years=1", "--hires", "2"]
    assert main(words) == 0
    told = capsys.readouterr()
    assert "Work asks for" in told.err
    heads = [line.split("\t")[0] for line in told.out.splitlines()]
    assert heads.count("hires") == 1
    assert heads[-2:] == ["1", "2"]
    rows = pd.read_csv(tmp_path / "people" / "head_count.csv")
    assert rows["hires"].tolist() == [1, 2]
    page = (tmp_path / "people" / "index.html").read_text(encoding="utf-8")
    assert "territory people market.accounts=90" in page
    infos = [json.loads(file.read_text()) for file in (tmp_path / "results").glob("*/info.json")]
    assert sorted(info["scenario"]["hiring"]["most"] for info in infos) == [0, 1, 2]
    assert main(words) == 0  # nothing is played anew
    again = [json.loads(file.read_text()) for file in (tmp_path / "results").glob("*/info.json")]
    assert sorted(info["played_at"] for info in infos) == sorted(info["played_at"] for info in again)


def test_no_more_hires_are_played_than_would_get_accounts(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["people", "market.accounts=30", "team.reps=3", "replications=2", "years=1"]
    why = "with 3, 1 of 3 new reps would get no accounts"
    held = "territory.locked=R01, R02"
    assert main([*words, held, "--hires", "3"]) == 2
    assert f"--hires 3: the most that works here is --hires 2; {why}" in capsys.readouterr().err
    assert not (tmp_path / "results").exists()  # nothing was played
    assert main([*words, held]) == 0
    assert f"No more than 2 are shown: {why}." in capsys.readouterr().err
    assert pd.read_csv(tmp_path / "people" / "head_count.csv")["hires"].tolist() == [1, 2]
    assert why in (tmp_path / "people" / "index.html").read_text(encoding="utf-8")
    assert main([*words, f"{held}, R03"]) == 2
    assert "nobody can be hired here; with 1, 1 of 1 new reps" in capsys.readouterr().err


def test_the_door_says_all_at_once(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["people", "hiring=up_front", "--hires", "0"]) == 2
    told = capsys.readouterr().err
    assert "--hires 0: give 1 to 20" in told
    assert "hiring=up_front: whom to hire is what is asked here" in told
    assert main(["people", "territory=current,balanced"]) == 2
    assert not (tmp_path / "people").exists()
