"""`territory explain`: who moves and why, what it brings and costs, a book for each rep, files that go in again."""

from __future__ import annotations

import csv
import json
import re
import shlex
import shutil
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pandas as pd
import pytest

from analysis.explanation.books import books
from analysis.metrics import measures
from analysis.played import Played
from analysis.store import load
from command.explain import parser
from command.job import scenario_of
from command.main import main
from command.shelf import stored_scenarios
from command.twin import owner_of, plays
from scenarios.build import build
from scenarios.territory import assign
from tests.explained import tenth_more

SMALL = ("market.accounts=60", "team.reps=3", "replications=4")


class Shelf(NamedTuple):
    """A store with a plan and today's territories, and what was written about them."""

    results: Path
    plan: Path
    today: Path


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    results = tmp_path_factory.mktemp("played") / "results"
    with pytest.MonkeyPatch.context() as patch:  # the page of the comparison has its own tests
        patch.setattr("analysis.report.write_report", lambda *_: "")
        line = ("territory=balanced", "goals=hybrid", "goals.periods=4", f"results={results}", *SMALL)
        assert main(["simulate", *line]) == 0
    assert main(["explain", "--results", str(results)]) == 0
    today = results / "today"
    assert main(["explain", "current+none", "--results", str(results), "--out", str(today)]) == 0
    info = next(info for info in stored_scenarios(results) if info["territory"] == "balanced")
    return Shelf(results, results / "explained" / info["key"], today)


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def stored(shelf: Shelf, territory: str) -> Played:
    info = next(info for info in stored_scenarios(shelf.results) if info["territory"] == territory)
    return load(shelf.results, info["key"])


# Who serves which territory


def test_each_territory_says_who_would_earn_most_there(shelf: Shelf) -> None:
    table = pd.read_csv(shelf.plan / "placements.csv")
    reps = stored(shelf, "balanced").reps["id"].astype(str).tolist()
    assert sorted(table["rep"]) == sorted(table["best"]) == sorted(reps)
    assert table["expected_with_best"].sum() >= table["expected"].sum()
    assert (table["worth"] >= 0).all()


# What it is worth


def test_gross_gain_less_the_price_is_net_to_the_cent_in_every_year(shelf: Shelf) -> None:
    years = pd.read_csv(shelf.plan / "worth_years.csv")
    table = years.pivot(index=["measure", "replication"], columns="part", values="cents")
    assert len(table) == 3 * 4
    assert (table["gross"] - table["price"] == table["net"]).all()
    assert (table["price"] != 0).all()


def test_net_is_what_the_comparison_says(shelf: Shelf) -> None:
    years = pd.read_csv(shelf.plan / "worth_years.csv")
    net = years[(years["measure"] == "contribution") & (years["part"] == "net")]["cents"].to_numpy() / 100
    mine, theirs = (measures(stored(shelf, name))["contribution"].to_numpy() for name in ("balanced", "current"))
    assert net == pytest.approx(mine - theirs, abs=0.011)


def test_todays_territories_explained_are_no_moves_and_exactly_nothing(
    shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rows(shelf.today / "moves.csv") == []
    assert {row["cents"] for row in rows(shelf.today / "worth_years.csv")} == {"0"}
    capsys.readouterr()
    line = ["explain", "current+none", "--results", str(shelf.results), "--out", str(shelf.today)]
    assert main(line) == 0
    told = capsys.readouterr().err
    assert "brings the same as current × none: the difference is exactly 0." in told
    assert "0 of 60 accounts change rep" in told


# Who moves


def test_the_moves_are_the_accounts_whose_rep_changes_and_sum_to_the_plan(shelf: Shelf) -> None:
    mine, theirs = stored(shelf, "balanced"), stored(shelf, "current")
    changed = mine.accounts["rep"].astype(str) != theirs.accounts["rep"].astype(str)
    table = pd.read_csv(shelf.plan / "moves.csv")
    assert set(table["account"]) == set(mine.accounts["id"][changed])
    assert list(table["revenue"]) == sorted(table["revenue"], reverse=True)
    pipeline = mine.account_years("open_value_start").mean(axis=0)[changed].sum() / 100
    assert table["open_pipeline"].sum() == pytest.approx(pipeline)
    assert (table["why"].str.len() > 5).all()
    assert table["km_before"].notna().all()


# Books


def test_every_account_stands_in_exactly_one_book(shelf: Shelf) -> None:
    mine, theirs = stored(shelf, "balanced"), stored(shelf, "current")
    made = books(mine, theirs, True, tenth_more(mine))
    held = [account for book in made for account in book.accounts["id"]]
    assert sorted(held) == sorted(mine.accounts["id"].astype(str))
    assert sum(len(book.new) for book in made) == sum(len(book.gave) for book in made)
    assert sum(len(book.new) for book in made) == len(rows(shelf.plan / "moves.csv"))
    assert sum(book.hours_needed for book in made) == pytest.approx(mine.accounts["hours_needed"].sum())
    assert all(len(book.goals) == 2 for book in made)
    for folder in ("books", "plans"):
        assert len(list((shelf.plan / folder).glob("*.html"))) == 3


# Back again


def test_what_is_written_goes_in_again_as_the_same_design(shelf: Shelf) -> None:
    info = stored(shelf, "balanced").info
    options = scenario_of(info["scenario"])[0]
    built = build(options)
    again = scenario_of(
        {**info["scenario"], "territory": {"name": "from_file", "file": str(shelf.plan / "assignments.csv")}}
    )[0]
    owner = assign(built.market, built.team, again.territory, built.behaviour, 1)
    assert (owner == built.plan.owner).all()
    assert (owner_of(stored(shelf, "balanced")) == owner).all()


def test_a_plan_from_a_file_earns_the_same_and_is_explained_when_the_file_is_gone(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line that explains it stands at the end of the comparison."""
    monkeypatch.setattr("analysis.report.write_report", lambda *_: "")
    file = shutil.copy(shelf.plan / "assignments.csv", tmp_path / "back.csv")
    line = ("territory=from_file", f"territory.file={file}", "goals=hybrid", "goals.periods=4", *SMALL)
    assert main(["simulate", *line, f"results={shelf.results}"]) == 0
    Path(file).unlink()
    (line_said,) = re.findall(r"^explain  territory (.*?)   \(from_file", capsys.readouterr().err, re.MULTILINE)
    assert main([*shlex.split(line_said), "--out", str(tmp_path)]) == 0
    for name in ("moves.csv", "balance.csv", "worth_years.csv", "quotas.csv", "hubspot.csv"):
        assert (tmp_path / name).read_bytes() == (shelf.plan / name).read_bytes(), name


def test_other_systems_get_every_account_once(shelf: Shelf) -> None:
    pairs = [(row["account"], row["rep"]) for row in rows(shelf.plan / "assignments.csv")]
    assert len(dict(pairs)) == len(pairs) == 60
    sales = rows(shelf.plan / "salesforce_ObjectTerritory2Association.csv")
    assert [(row["ObjectId"], row["Territory2Id"]) for row in sales] == pairs
    assert {row["AssociationCause"] for row in sales} == {"Territory2Manual"}
    assert [tuple(row.values()) for row in rows(shelf.plan / "hubspot.csv")] == pairs
    assert [tuple(row.values()) for row in rows(shelf.plan / "dynamics.csv")] == pairs
    sheet = openpyxl.load_workbook(shelf.plan / "assignments.xlsx", read_only=True)["assignments"]
    assert [row[:2] for row in sheet.iter_rows(min_row=2, values_only=True)] == pairs
    ground = json.loads((shelf.plan / "territories.geojson").read_text(encoding="utf-8"))
    assert sum(one["properties"]["accounts"] for one in ground["features"]) == 60


def test_quotas_of_quarters_add_up_to_the_years(shelf: Shelf) -> None:
    table = pd.read_csv(shelf.plan / "quotas.csv")
    assert list(table["Period"][:4]) == ["Quarter 1", "Quarter 2", "Quarter 3", "Quarter 4"]
    quota = stored(shelf, "balanced").goals("quota").mean(axis=0)
    assert table.groupby("Territory ID")["Value"].sum().to_numpy() == pytest.approx(quota, abs=0.02)
    assert not (shelf.today / "quotas.csv").exists()


# What can't be explained


def test_what_cannot_be_explained_is_said_in_words(
    shelf: Shelf, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "--results", str(tmp_path)]) == 3
    assert "no plan is stored" in capsys.readouterr().err
    assert main(["explain", "balancd+hybrid", "--results", str(shelf.results)]) == 2
    assert "nothing stored is called 'balancd+hybrid'" in capsys.readouterr().err
    assert main(["explain", "--results", str(shelf.results), "--year-starts", "1.1.2026"]) == 2
    assert "--year-starts: '1.1.2026' is no day; write it as 2026-01-01" in capsys.readouterr().err
    (tmp_path / "file").write_text("in the way")
    assert main(["explain", "--results", str(shelf.results), "--out", str(tmp_path / "file" / "there")]) == 2
    assert "is a file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("what", "said"), [("code", "by another version of the program"), ("market_digest", "on other data than are there")]
)
def test_a_plan_of_another_program_or_other_data_is_not_explained(shelf: Shelf, what: str, said: str) -> None:
    from scenarios.problems import InputError

    info = stored(shelf, "balanced").info | {what: "another"}
    with pytest.raises(InputError, match=f"{said}.*play it again:  territory simulate"):
        plays(shelf.results, info)


def test_the_page_on_explaining_shows_lines_that_work_and_names_every_file(shelf: Shelf) -> None:
    page = (Path(__file__).parents[1] / "docs" / "howto" / "explain.md").read_text(encoding="utf-8")
    lines = re.findall(r"^territory explain(.*)$", page, re.MULTILINE)
    assert len(lines) == 3
    for line in lines:
        assert parser().parse_args(shlex.split(line))
    named = set(re.findall(r"`([\w.]+\.\w+)`", page))
    assert {file.name for file in shelf.plan.iterdir() if file.is_file()} <= named
