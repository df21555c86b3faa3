"""`territory explain`: who moves and why, what it brings and costs, a book for each rep, files that go in again."""

from __future__ import annotations

import csv
import json
import re
import shlex
import shutil
from pathlib import Path
from typing import NamedTuple

import numpy as np
import openpyxl
import pandas as pd
import pytest

from analysis.explanation.balance import balance, sentences, standing
from analysis.explanation.books import books
from analysis.explanation.moves import Match, moves, reason
from analysis.explanation.page import Explained, book_facts, book_headline, file_names, placed_sentence, write_pages
from analysis.explanation.worth import Worth, headline, month_of, paid_for, worth
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
from sim.handover import undisrupted
from sim.run import run
from tests.played import made_up, with_frames
from tests.test_report import Page
from tests.worlds import plan, tiny_world

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


PLACED = pd.DataFrame(
    {
        "rep": ["R1", "R2"], "rep_name": ["Ann", "Ben"], "expected": [50_000.0, 40_000.0],
        "best": ["R2", "R1"], "best_name": ["Ben", "Ann"], "expected_with_best": [55_000.0, 41_000.0],
        "worth": [6_000.0, 6_000.0], "next_best": ["R1", "R2"],
    }
)  # fmt: skip


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def stored(shelf: Shelf, territory: str) -> Played:
    info = next(info for info in stored_scenarios(shelf.results) if info["territory"] == territory)
    return load(shelf.results, info["key"])


def explained(plan: Played, today: Played, undisturbed: Played) -> Explained:
    """All parts of an explanation, of made-up years."""
    match = Match(None, np.ones(len(plan.accounts)))
    return Explained(
        plan.info, today.info, moves(plan, today, match, match), balance(plan, today),
        worth(today, plan, undisturbed), books(plan, today, True), PLACED,
    )  # fmt: skip


# Who serves which territory


def test_each_territory_says_who_would_earn_most_there(shelf: Shelf) -> None:
    table = pd.read_csv(shelf.plan / "placements.csv")
    reps = stored(shelf, "balanced").reps["id"].astype(str).tolist()
    assert sorted(table["rep"]) == sorted(table["best"]) == sorted(reps)
    assert table["expected_with_best"].sum() >= table["expected"].sum()
    assert (table["worth"] >= 0).all()


def test_other_placements_are_said_with_what_they_bring_or_that_none_brings_more() -> None:
    assert placed_sentence(PLACED, "$").startswith(
        "The same territories with other reps are expected to earn +6.0 k$ a year: Ann's to Ben and Ben's to Ann."
    )
    kept = PLACED.assign(best=PLACED["rep"], expected_with_best=PLACED["expected"])
    assert placed_sentence(kept, "$") == "No other placement of the reps in these territories is expected to earn more."


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


def test_without_disruption_customers_buy_as_if_nothing_had_happened() -> None:
    """Accounts 1 and 4 swap reps: the twin starts from the same past, keeps the relationship, and sells more."""
    world = tiny_world()
    owner = world.current.copy()
    owner[[0, 3]] = owner[[3, 0]]
    plain = run(world, plan(world, owner), range(8), threads=1)
    twin = run(undisrupted(world), plan(world, owner), range(8), threads=1, begun_in=world)
    for column in ("sales_last_year", "relationship_start", "open_value_start", "status_start"):
        assert (plain.account_year[column] == twin.account_year[column]).all(), column
    swapped = [record.account_year["fluid_orders"][:, [0, 3]].sum() for record in (plain, twin)]
    assert swapped[0] < swapped[1]
    same = run(undisrupted(world), plan(world), range(2), threads=1, begun_in=world)
    today = run(world, plan(world), range(2), threads=1)
    assert all((same.account_year[name] == today.account_year[name]).all() for name in today.account_year)


def worth_of(plan_gain: float, undisturbed_gain: float, moved: float = 0.0) -> Worth:
    today = made_up("now", years=5)
    return worth(today, made_up("b", plan_gain, moved=moved, years=5), made_up("b", undisturbed_gain, years=5))


def test_worth_by_hand() -> None:
    """Four reps earn 10,000 more each, 12,000 if nobody minded: 0.55 of it stays as contribution."""
    found = worth_of(10_000, 12_000)
    means = [found.row("contribution", part)["mean"] for part in ("gross", "price", "net")]
    assert means == pytest.approx([0.55 * 48_000, 0.55 * 8_000, 0.55 * 40_000], abs=3)
    assert found.row("contribution", "net")["above"] == 1.0
    bought = "b brings 22 k$ more a year than now: +26 k$ less 4,400 $ for the change of reps"
    assert headline(found, "b", "now", "$") == f"{bought}; better in more than 19 of 20 simulated years."
    assert found.month == 1
    assert found.ahead == 1.0


def test_a_plan_that_never_pays_says_so_and_one_that_pays_late_says_when() -> None:
    """Reps of a plan with moves go from 70 to 130 % of their mean pace, today's from 90 to 110 %.

    With 30 on 400 more, w weeks bring 0.7 * 1.075 - 0.9 + (0.6 * 1.075 - 0.2) * (w - 1) / 102 each: 0 at w = 34.8.
    """
    late = worth_of(30_000, 40_000, moved=0.5)
    assert late.month == month_of(35) == 9
    assert "It typically has paid for itself in month 9" in paid_for(late, "$")
    never = worth_of(-30_000, 10_000, moved=0.5)
    assert never.month is None
    assert paid_for(never, "$").startswith("It typically does not pay for itself within the year (free of the luck")


def test_four_years_are_too_few_to_tell_whether_a_plan_pays() -> None:
    today, after = made_up("now", years=4), made_up("b", 10_000, years=4)
    said = "Whether it pays for itself within the year can't be told from the 4 years played"
    assert paid_for(worth(today, after, after), "$").startswith(said)


def test_months_end_with_their_weeks() -> None:
    assert [month_of(week) for week in (1, 4, 5, 26, 27, 52)] == [1, 1, 2, 6, 7, 12]


# Who moves, and why


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


def test_what_a_move_brings_is_its_own_expected_margin_paired() -> None:
    today, after = made_up("now", accounts=3, reps=2, years=2), made_up("b", accounts=3, reps=2, years=2)
    book = after.accounts.assign(rep=["R01", "R01", "R01"])
    was = today.accounts.assign(rep=["R00", "R01", "R01"])
    years = after.frames["account_years"].assign(fluid_orders=[30_000, 0, 0, 50_000, 0, 0])
    match = Match(None, np.ones(3))
    table = moves(
        with_frames(after, accounts=book, account_years=years), with_frames(today, accounts=was), match, match
    )
    assert list(table["account"]) == ["A00000"]
    assert table["brings"][0] == pytest.approx(0.6 * 400)  # margin 0.6 of 300 and 500
    assert (table["brings_low"][0], table["brings_high"][0]) == pytest.approx((0.6 * 320, 0.6 * 480))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"left": {"B"}}, "Ann has no accounts in this plan"),
        ({"index": (1.31, 1.0), "side": ("over", "")}, "Ann had 131 % of the mean hours"),
        ({"index": (1.31, 1.4), "side": ("over", "over"), "km": (9.0, 2.0)}, "7 km nearer"),  # to an even fuller one
        ({"index": (1.0, 0.68), "side": ("", "under")}, "Bob had 68 % of the mean hours"),
        ({"km": (30.0, 12.4), "fit": (0.9, 1.2)}, "18 km nearer"),
        ({"km": (12.0, 30.0), "fit": (0.9, 1.2)}, "fits better: 1.20 instead of 0.90"),
        ({"km": (float("nan"),) * 2, "ability": (0.8, 1.1)}, "a stronger rep: ability 1.10 instead of 0.80"),
        ({"ability": (1.1, 0.8), "fit": (1.2, 0.9)}, "makes room for others"),
    ],
)
def test_the_reason_is_the_first_that_the_rows_give(changed: dict[str, tuple[float, float]], why: str) -> None:
    def both(name: str, usual: object) -> dict[str, object]:
        return dict(zip("AB", changed.get(name, (usual, usual)), strict=True))

    km, fit = both("km", 10.0), both("fit", 1.0)
    row = {"from": "A", "to": "B", "from_name": "Ann", "to_name": "Bob"}
    row |= {"km_before": km["A"], "km_after": km["B"], "fit_before": fit["A"], "fit_after": fit["B"]}
    index, side, ability = (pd.Series(both(*one)) for one in (("index", 1.0), ("side", ""), ("ability", 1.0)))
    assert reason(row, index, side, ability, set(changed.get("left", {"A", "B"}))) == why


# Balance


def test_over_and_under_are_outside_15_percent_of_the_mean() -> None:
    assert standing(np.array([0.84, 0.85, 1.0, 1.15, 1.16])) == ["under", "", "", "", "over"]


def test_balance_names_who_has_too_much_before_and_after() -> None:
    today, after = (made_up(key, accounts=4, reps=2) for key in ("now", "b"))
    hours = {"hours_needed": [10.0, 10.0, 10.0, 10.0], "estimated_potential": [1.0, 1.0, 1.0, 1.0]}
    today = with_frames(today, accounts=today.accounts.assign(rep=["R00", "R00", "R00", "R01"], **hours))
    after = with_frames(after, accounts=after.accounts.assign(rep=["R00", "R00", "R01", "R01"], **hours))
    table = balance(after, today)
    assert list(table["accounts_before"]) == [3, 1]
    assert list(table["hours_needed_after"]) == [20.0, 20.0]
    assert list(table["hours_needed_index_before"]) == [1.5, 0.5]
    assert sentences(table)[0] == (
        "Hours needed before: over Rep 1 (150 %); under Rep 2 (50 %). After: all within ±15 % of the mean."
    )


# Books


def test_every_account_stands_in_exactly_one_book(shelf: Shelf) -> None:
    mine, theirs = stored(shelf, "balanced"), stored(shelf, "current")
    made = books(mine, theirs, True)
    held = [account for book in made for account in book.accounts["id"]]
    assert sorted(held) == sorted(mine.accounts["id"].astype(str))
    assert sum(len(book.new) for book in made) == sum(len(book.gave) for book in made)
    assert sum(len(book.new) for book in made) == len(rows(shelf.plan / "moves.csv"))
    assert sum(book.hours_needed for book in made) == pytest.approx(mine.accounts["hours_needed"].sum())
    assert all(len(book.goals) == 2 for book in made)
    assert len(list((shelf.plan / "books").glob("*.html"))) == 3


def test_a_goal_is_as_likely_as_the_years_in_which_it_was_reached() -> None:
    """A quota of the second highest of four years' sales is reached in two of them."""
    today, after = (made_up(key, reps=2, years=4) for key in ("now", "b"))
    sales = (after.by_rep("order_revenue", "won_revenue") / 100).to_numpy()
    second = np.sort(sales, axis=0)[-2]
    goals = after.frames["goals"].assign(quota=np.tile(second, 4), activity_goal=np.tile([15.0, 16.0], 4))
    calls = after.frames["rep_weeks"].assign(priority_calls=1)
    first, other = books(with_frames(after, goals=goals, rep_weeks=calls), today, False)
    assert [goal.kind for goal in first.goals] == ["quota", "calls a week"]
    assert [goal.reached for goal in first.goals] == [0.5, 1.0]  # made_up reps make 15 calls a week
    assert first.goals[0].goal == pytest.approx(second[0])
    assert [goal.reached for goal in other.goals] == [0.5, 0.0]
    assert other.goals[1].typical == 15.0 / 16.0


def test_an_account_with_less_than_half_of_its_calls_is_neglected() -> None:
    after = made_up("b", accounts=2, reps=1, years=2)
    years = after.frames["account_years"].assign(calls=[4, 5, 5, 5])
    after = with_frames(after, accounts=after.accounts.assign(need=10.0), account_years=years)
    (book,) = books(after, made_up("now", accounts=2, reps=1, years=2), True)
    assert list(book.neglected["id"]) == ["A00000"]


def test_pages_ask_nobody_for_anything_and_names_cannot_break_them(tmp_path: Path) -> None:
    today, after = made_up("now", years=5, places=False), made_up("b", 9_000, moved=0.3, years=5, places=False)
    team = after.reps.assign(name=["<b>Ann</b>", "Ann", "Åsa Öberg", "李"])
    after = with_frames(after, reps=team, accounts=after.accounts.assign(name='<script>"&'))
    said = explained(after, with_frames(today, reps=team), after)
    path = write_pages(said, tmp_path)
    called = file_names([book.name for book in said.books])
    assert called == ["001-b-ann-b.html", "002-ann.html", "003-asa-oberg.html", "004.html"]
    for file in (path, *(tmp_path / "books" / name for name in called)):
        text = file.read_text(encoding="utf-8")
        page = Page(text)
        assert page.asks == []
        assert len(page.ids) == len(set(page.ids))
        assert "<script" not in text
    assert "<b>Ann</b>" in page_text(path)
    assert " km" not in page_text(path)


def page_text(path: Path) -> str:
    return Page(path.read_text(encoding="utf-8")).text


def test_a_rep_without_accounts_gives_them_and_has_no_goals_to_read_of() -> None:
    today, after = made_up("now", accounts=8, reps=2, years=2), made_up("b", accounts=8, reps=2, years=2)
    after = with_frames(after, accounts=after.accounts.assign(rep="R01"))
    empty, _ = made = books(after, today, True)
    assert book_headline(empty, "$") == "Rep 1 has no accounts in this plan"
    assert [name for name, _ in book_facts(empty, "$")] == ["gave"]
    assert sorted(made[1].new["id"]) == sorted(empty.gave["id"])


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
