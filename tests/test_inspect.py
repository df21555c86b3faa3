"""`territory inspect`: the story of one agent is that of the stored year."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from analysis.store import load
from command.inspect import _row
from command.main import main
from command.shelf import stored_scenarios
from scenarios.problems import InputError


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("played") / "results"
    words = ["territory=nearest", "goals=hybrid", "market.accounts=60", "team.reps=2", "replications=2"]
    assert main(["simulate", *words, f"results={folder}"]) == 0
    return folder


def told(results, capsys, *words):
    capsys.readouterr()
    assert main(["inspect", *words, "nearest+hybrid", "--replication", "1", "--results", str(results)]) == 0
    return capsys.readouterr().out.splitlines()


def stored(results):
    info = next(info for info in stored_scenarios(results) if info["territory"] == "nearest")
    return load(results, info["key"])


def test_an_accounts_story_adds_up_to_its_stored_year(results, capsys):
    lines = told(results, capsys, "account", "A00003")
    years = stored(results).frames["account_years"]
    year = years[(years["replication"] == 1) & (years["account"].astype(str) == "A00003")].iloc[0]
    assert sum("  called, " in line for line in lines) == year["calls"]
    assert sum("  WON " in line for line in lines) == year["won"]
    assert sum("  lost for " in line for line in lines) == year["lost"]
    assert sum("opportunity of" in line and line.endswith("opens") for line in lines) == year["opened"]
    assert f"{year['calls']} calls" in lines[-1]


def test_a_reps_story_has_every_week_and_its_calls(results, capsys):
    lines = told(results, capsys, "rep", "R02")
    weeks = stored(results).frames["rep_weeks"]
    mine = weeks[(weeks["replication"] == 1) & (weeks["rep"].astype(str) == "R02")].sort_values("week")
    rows = [line for line in lines if re.match(r" *\d+  +\d\.\d\d  ", line)]
    assert len(rows) == 52
    assert [float(row.split()[1]) for row in rows] == pytest.approx(list(mine["effort"]), abs=0.005)
    assert "bonus" in rows[0]
    assert "activity" in rows[0]
    assert f"{mine['calls'].sum()} calls" in lines[-1]


def test_unknown_names_are_answered_with_the_nearest(results, capsys):
    assert main(["inspect", "rep", "R3", "--results", str(results)]) == 2
    assert "R01" in capsys.readouterr().err
    assert main(["inspect", "rep", "R01", "balancd", "--results", str(results)]) == 2
    assert main(["inspect", "rep", "R01", "--replication", "7", "--results", str(results)]) == 2
    assert "0 to 1" in capsys.readouterr().err


def test_a_unit_that_is_called_as_its_id_is_named_once():
    names = ["Acme / Desk", "Acme / Lamp"]
    with pytest.raises(InputError) as caught:
        _row(pd.DataFrame({"id": names, "name": names}), "Acm", "account")
    assert str(caught.value) == "no account 'Acm'.  choose from: Acme / Desk, Acme / Lamp"


def test_nothing_stored_is_said(tmp_path, capsys):
    assert main(["inspect", "rep", "R01", "--results", str(tmp_path)]) == 3
