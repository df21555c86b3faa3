"""`territory track`: a played year exported and read back is that year; known changes are told; the door speaks."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from command.main import main
from command.play import play
from command.records import tables
from command.tracking.realign import realignments
from scenarios.actual import actual
from scenarios.build import Built, build
from scenarios.intake.data import Data, read_data
from scenarios.intake.vendor import write_as
from scenarios.problems import InputError
from scenarios.schema import GoalsOptions, MarketOptions, ReviewOptions, Scenario, TeamOptions
from sim.ledger import keep_books
from sim.run import run

SCENARIO = Scenario(
    market=MarketOptions(accounts=60), team=TeamOptions(reps=3), goals=GoalsOptions("hybrid"), replications=4
)
COLUMNS = ("called", "opened", "won", "lost", "won_revenue", "order_revenue", "open")


@pytest.fixture(scope="module")
def built() -> Built:
    return build(SCENARIO)


@pytest.fixture(scope="module")
def owned(built: Built) -> pd.DataFrame:
    return built.market.accounts.assign(rep=built.team.reps["id"].to_numpy()[built.plan.owner])


@pytest.fixture(scope="module")
def export(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Year 7 of the plan up to week 30, as Salesforce would export it; the first rep has gone home in week 15."""
    folder = tmp_path_factory.mktemp("year") / "crm"
    made = tables(built, keep_books(built.world, built.plan, 7, weeks=30), 2026)
    calls = made["activities"]
    idle = (calls["rep"] == built.team.reps["id"].iloc[0]) & (calls["date"] >= _day("2026-04-09"))
    write_as({**made, "activities": calls[~idle]}, "salesforce", folder)
    return folder


def _day(word: str) -> int:
    return (dt.date.fromisoformat(word) - dt.date(1970, 1, 1)).days


def test_a_review_that_can_change_nothing_costs_its_price() -> None:
    """Three reps at 150 each, where there are no quotas; the plan's own reviews are paid on both sides."""
    none = replace(SCENARIO, goals=GoalsOptions())
    for scenario in (none, replace(none, review=ReviewOptions("quarterly"))):
        made = build(scenario)
        table = realignments(scenario, made, made.plan, [0, 1], 20).set_index("policy")
        assert table.loc["requota", ["low", "contribution", "high", "cost", "moved"]].tolist() == pytest.approx(
            [-450.0, -450.0, -450.0, 450.0, 0.0]
        )


@pytest.mark.parametrize("system", ["salesforce", "dynamics"])
def test_a_year_exported_and_read_back_is_that_year(
    built: Built, owned: pd.DataFrame, tmp_path: Path, system: str
) -> None:
    write_as(tables(built, keep_books(built.world, built.plan, 2, weeks=20), 2026), system, tmp_path / "crm")
    found = actual(read_data(tmp_path / "crm"), owned, built.team.reps, None, None, None)
    played = run(built.world, built.plan, [2], inspected=True).account_week
    assert played is not None
    assert (found.begins, found.first, found.week) == (dt.date(2026, 1, 1), 0, 20)
    for name in COLUMNS:
        assert found.weeks[name][:20] == pytest.approx(played[name][0, :20].astype(float), abs=1e-3), name
    assert len(found.deals) == played["open"][0, 19].sum()
    assert (found.others, len(found.aside)) == (0.0, 0)


def read(built: Built, owned: pd.DataFrame, data: Data, **asked: object) -> object:
    words = {"begins": None, "day": None, "week": None, **asked}
    return actual(data, owned, built.team.reps, words["begins"], words["day"], words["week"])  # type: ignore[arg-type]


def test_up_to_a_day_only_whole_weeks_before_it_count(built: Built, owned: pd.DataFrame, export: Path) -> None:
    found = read(built, owned, read_data(export), day=dt.date(2026, 4, 1))
    assert (found.week, found.weeks["called"][13:].sum()) == (13, 0.0)  # type: ignore[attr-defined]
    assert read(built, owned, read_data(export), week=9).week == 9  # type: ignore[attr-defined]


def test_what_the_plan_does_not_know_is_set_aside_with_its_reason(
    built: Built, owned: pd.DataFrame, export: Path
) -> None:
    data = read_data(export)
    deals = data.tables["opportunities"].copy()
    deals.loc[deals.index[:2], "account"] = ["", "Nowhere Ltd"]
    found = read(built, owned, replace(data, tables={**data.tables, "opportunities": deals}))
    assert found.aside["reason"].tolist() == [  # type: ignore[attr-defined]
        "it names no account", "account 'Nowhere Ltd' is not in the plan",
    ]  # fmt: skip


def test_accounts_are_known_by_name_as_well(built: Built, owned: pd.DataFrame, export: Path) -> None:
    data = read_data(export)
    other = {name: table.copy() for name, table in data.tables.items()}
    other["accounts"]["id"] = "CRM-" + other["accounts"]["id"]
    for name in ("opportunities", "orders", "activities"):
        other[name]["account"] = "CRM-" + other[name]["account"]
    mine, theirs = (read(built, owned, replace(data, tables=one)) for one in (data.tables, other))
    assert (mine.weeks["called"] == theirs.weeks["called"]).all()  # type: ignore[attr-defined]


def test_a_year_of_which_the_first_weeks_are_not_on_record_is_read_from_where_they_begin(
    built: Built, owned: pd.DataFrame, export: Path
) -> None:
    data = read_data(export)
    later = {
        name: table[table[column] >= _day("2026-03-01")] if name != "accounts" else table
        for name, table, column in (
            ("accounts", data.tables["accounts"], ""),
            ("activities", data.tables["activities"], "date"),
            ("orders", data.tables["orders"], "date"),
        )
    }
    found = read(built, owned, replace(data, tables=later))
    assert (found.first, found.week) == (9, 30)  # type: ignore[attr-defined]
    assert found.recorded == ("calls", "orders")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"day": dt.date(2025, 12, 1), "begins": dt.date(2026, 1, 1)}, "as_of=2025-12-01: that is before the year"),
        ({"begins": dt.date(2027, 1, 1)}, "the last record is of 2026-07-"),
        ({"week": 40}, "week=40: the last record is of 2026-07-"),
        ({"week": 3}, "only 3 whole weeks are on record by 2026-01-21; 4 are needed"),
    ],
)  # fmt: skip
def test_a_day_that_can_not_be_is_answered_in_words(
    built: Built, owned: pd.DataFrame, export: Path, asked: dict[str, object], says: str
) -> None:
    with pytest.raises(InputError) as refused:
        read(built, owned, read_data(export), **asked)
    assert says in refused.value.problems[0]


def test_records_of_another_market_are_refused(built: Built, owned: pd.DataFrame, export: Path) -> None:
    other = owned.assign(id=[f"X{row}" for row in range(len(owned))], name="")
    with pytest.raises(InputError) as refused:
        read(built, other, read_data(export))
    assert "no record is at an account of the plan, such as A000" in refused.value.problems[0]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    words = ["market.accounts=60", "team.reps=3", "goals=hybrid", "replications=4"]
    assert [one.state for one in play(SCENARIO, words, folder, None)] == ["played", "played"]
    return folder


def test_a_known_change_is_told_and_every_rep_gets_a_page(
    results: Path, export: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    line = ["track", "current+hybrid", str(export), "years=100", "--results", str(results), "--to", str(tmp_path)]
    assert main(line) == 0
    told = capsys.readouterr()
    head, first, *rest = (row.split("\t") for row in told.out.splitlines())
    row = dict(zip(head, first, strict=True))
    assert (row["drifts"], row["since"]) == ("work", "15")
    assert int(row["found"]) <= 18
    assert row["drift"].startswith("since week 15: calls −")
    assert 0.0 <= float(row["quota_chance"]) <= 1.0
    assert [one[1] for one in rest] == ["territory", "territory", *["region"] * (len(rest) - 3), "firm"]
    assert "read       weeks 1 to 30 of the year from 2026-01-01" in told.err
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "drifts (calls), since week 15" in page
    assert "<svg" in page
    pages = sorted((tmp_path / "reps").glob("*.html"))
    assert len(pages) == 3
    assert "fewer than half of the calls" in pages[0].read_text(encoding="utf-8")
    assert pd.read_csv(tmp_path / "track.tsv", sep="\t")["sold"].iloc[-1] == pytest.approx(float(rest[-1][2]), rel=1e-9)
    assert len(pd.read_csv(tmp_path / "realign.tsv", sep="\t")) == 5
    fans = pd.read_csv(tmp_path / "fans.tsv", sep="\t")
    assert (fans["p10"] <= fans["p90"]).all()
    assert np.isfinite(fans[fans["week"] <= 30]["sold"]).all()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["as_of=soon"], "as_of: 'soon' is no day; write it as 2026-09-30"),
        (["week=53"], "week: '53' is no whole number from 1 to 52"),
        (["weak=3"], "'weak=3': write key=value; did you mean 'week'?"),
        (["week=3", "as_of=2026-02-02"], "as_of and week both say up to when; give one"),
        (["years=5"], "years: '5' is no whole number from 100 to 10,000"),
    ],
)
def test_words_are_checked(results: Path, capsys: pytest.CaptureFixture[str], words: list[str], says: str) -> None:
    assert main(["track", "current+hybrid", "nowhere", *words, "--results", str(results)]) == 2
    assert says in capsys.readouterr().err


def test_no_plan_and_no_folder_are_answered_in_words(
    results: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["track", "balanced", "nowhere", "--results", str(tmp_path)]) == 3
    assert "no plan is stored in" in capsys.readouterr().err
    assert main(["track", "balancd", "nowhere", "--results", str(results)]) == 2
    assert "nothing stored is called 'balancd'" in capsys.readouterr().err
    assert main(["track", "current+hybrid", "nowhere", "--results", str(results)]) == 2
    assert "there is no folder 'nowhere'" in capsys.readouterr().err
