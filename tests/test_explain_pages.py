"""The pages of a plan: each number is one of the stored rows, each page opens, reads and prints anywhere."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path

import numpy as np
import pytest

from analysis.explanation.book_words import PRINTED, PRINTED_GAVE
from analysis.explanation.page import file_names, write_pages
from analysis.explanation.reviewing import Reviewing
from analysis.explanation.territory import Territory, territories
from analysis.explanation.territory_page import not_shown
from analysis.explanation.territory_words import dates_table, headline, segments_table, smart_table
from analysis.played import Played
from analysis.words import money, number, short_of_20, years_of_20
from command.explain import _print
from tests.explained import Sheet, explained, figure
from tests.played import made_up, with_frames
from tests.test_report import Page

TABLES = ("moves.csv", "balance.csv", "placements.csv", "worth.csv", "worth_years.csv")  # the command writes them
QUARTERLY = Reviewing((13, 26, 39, 52), dt.date(2026, 1, 5))
REVIEWED = {"name": "quarterly", "policy": "proactive", "measure": "opportunity", "trigger": 0.25}


def with_goals(played: Played, quota: float = 420_000.0) -> Played:
    goals = played.frames["goals"].assign(quota=quota, activity_goal=14.0)
    scenario = {**played.info["scenario"], "review": REVIEWED, "goals": {"periods": 4}}
    return with_frames(Played({**played.info, "scenario": scenario}, played.frames), goals=goals)


@pytest.fixture(scope="module")
def today() -> Played:
    return made_up("now", reps=3, accounts=45)


@pytest.fixture(scope="module")
def plan() -> Played:
    return with_goals(made_up("b", 9_000, moved=0.3, reps=3, accounts=45))


@pytest.fixture(scope="module")
def folder(plan: Played, today: Played, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explained")
    stuck = tuple(today.accounts["id"][today.accounts["rep"] == "R00"][:2])
    write_pages(explained(plan, today, plan, QUARTERLY, stuck), folder)
    return folder


def sheets(folder: Path) -> list[tuple[Path, Sheet]]:
    return [(file, Sheet(file)) for file in sorted(folder.rglob("*.html"))]


# Every number is one of the rows


def test_segments_of_a_page_are_sums_over_the_accounts_of_the_rep(plan: Played, folder: Path) -> None:
    """Recomputed from the stored rows, account by account and year by year."""
    accounts = plan.accounts.set_index("id")
    years = plan.frames["account_years"].assign(money=lambda rows: (rows["order_revenue"] + rows["won_revenue"]) / 100)
    years = years.join(accounts[["industry", "rep"]], on="account").query("rep == 'R01'")
    shown = Sheet(folder / "plans" / "002-rep-2.html").table("Calls, hours and revenue").set_index("segment")
    own = accounts[accounts["rep"] == "R01"]
    for industry, rows in years.groupby("industry"):
        row, a_year = shown.loc[str(industry)], rows.groupby("replication")
        low, high = a_year["money"].sum().quantile([0.1, 0.9])
        assert figure(row["accounts"]) == (own["industry"] == industry).sum()
        assert figure(row["calls"]) == pytest.approx(a_year["calls"].sum().mean(), abs=0.51)
        assert figure(row["revenue k$"]) == pytest.approx(a_year["money"].sum().mean() / 1_000, abs=0.51)
        assert [figure(part) for part in row["8 in 10"].split(" to ")] == pytest.approx(
            [low / 1_000, high / 1_000], abs=0.51
        )
        potential = own["estimated_potential"]
        share = potential[own["industry"] == industry].sum() / potential.sum()
        assert figure(row["of potential"]) == pytest.approx(100 * share, abs=0.51)
        hours = rows["hours"].sum() / years["hours"].sum()
        assert figure(row["gap, points"]) == pytest.approx(100 * (hours - share), abs=0.51)
    counts = shown["accounts"].map(figure)
    assert counts[list(accounts["industry"].unique())].sum() == len(own)


def test_dates_of_a_page_are_quantiles_and_counts_over_the_years(plan: Played, folder: Path) -> None:
    weeks = plan.frames["rep_weeks"].query("rep == 'R01'")
    money = weeks.assign(money=(weeks["order_revenue"] + weeks["won_revenue"]) / 100)
    so_far = money.pivot(index="replication", columns="week", values="money").cumsum(axis=1)
    shown = Sheet(folder / "plans" / "002-rep-2.html").table("On pace: the part")
    assert list(shown["by the end of"]) == ["2026-04-05", "2026-07-05", "2026-10-04", "2027-01-03"]
    for week, (_, row) in zip((13, 26, 39, 52), shown.iterrows(), strict=True):
        gone = so_far[week].mean() / so_far[52].mean()
        low, high = so_far[week].quantile([0.1, 0.9])
        assert row["on pace k$"] == number(420 * gone)
        assert row["sold k$, 8 in 10"] == f"{number(low / 1_000)} to {number(high / 1_000)}"
        ahead = so_far[week] >= 420_000 * gone
        reached = so_far[52] >= 420_000
        assert row["years on pace"] == f"{ahead.sum()} of 20"
        assert row["quota then"] == short_of_20(float(reached[ahead].mean()))
        assert row["if behind"] == short_of_20(float(reached[~ahead].mean()))
    assert list(shown["review held in"]) == ["<1/20", "<1/20", "<1/20", "–"]


def test_the_list_of_territories_says_quota_chance_load_and_where_to_go(plan: Played, folder: Path) -> None:
    page = Sheet(folder / "index.html")
    shown = page.table("Each name opens the territory").set_index("territory")
    sold = (plan.by_rep("order_revenue", "won_revenue") / 100).set_axis(list(shown.index), axis=1)
    for place, name in enumerate(shown.index):
        own = plan.accounts[plan.accounts["rep"] == f"R{place:02d}"]
        assert shown["accounts"][name] == str(len(own))
        assert shown["quota"][name] == "420 k$"
        assert shown["reached in"][name] == short_of_20(float((sold[name] >= 420_000).mean()))
        assert figure(shown["load"][name]) == pytest.approx(100 * own["hours_needed"].sum() / (22 * 52), abs=0.51)
    for one in file_names(list(shown.index)):
        assert f"plans/{one}" in page.links
        assert f"books/{one}" in page.links


def test_parts_of_a_goal_add_up_to_it_by_potential_and_by_industry(folder: Path) -> None:
    shown = Sheet(folder / "books" / "002-rep-2.html").table("part of a goal is its part")
    kind = shown["kind"].replace("", np.nan).ffill()
    for of in ("by potential", "by industry"):
        assert shown["quota k$"][kind == of].map(figure).sum() == pytest.approx(420, abs=0.3)
        calls = shown["goal: calls on priority accounts a week"][kind == of].map(figure)
        assert calls.sum() == pytest.approx(14, abs=0.2)


def test_the_headline_and_the_goals_say_how_often_the_rows_reach_the_quota(plan: Played, folder: Path) -> None:
    sold = plan.by_rep("order_revenue", "won_revenue")["R01"] / 100
    page = Sheet(folder / "plans" / "002-rep-2.html")
    often = years_of_20(float((sold >= 420_000).mean()))
    assert page.heads[0] == f"Rep 2 reaches a quota of {money(420_000, '$')} in {often} simulated years"
    text = Page((folder / "plans" / "002-rep-2.html").read_text(encoding="utf-8")).text
    low, high = (sold / 420_000).quantile([0.1, 0.9])
    assert f"ends between {100 * low:.0f} % and {100 * high:.0f} % of the quota in 8 of 10" in text
    assert "105 k$ in each of 4 periods" in text


def test_the_map_counts_what_stays_comes_goes_and_is_locked(plan: Played, today: Played, folder: Path) -> None:
    text = Page((folder / "plans" / "001-rep-1.html").read_text(encoding="utf-8")).text
    mine, had = plan.accounts["rep"] == "R00", today.accounts["rep"] == "R00"
    locked = set(today.accounts["id"][had][:2]) & set(plan.accounts["id"][mine & had])
    counts = [(mine & had).sum() - len(locked), (mine & ~had).sum(), (had & ~mine).sum(), len(locked)]
    assert all(counts)
    words = ("● stays", "● gained", "○ given", "■ locked")
    said = [f"{word} {count}" for word, count in zip(words, counts, strict=True)]
    assert all(one in text for one in said)


# Every page can be opened, read and printed


def test_headings_tables_and_language_are_in_order_and_links_lead_somewhere(folder: Path) -> None:
    found = sheets(folder)
    assert len(found) == 7
    for file, page in found:
        assert page.levels[0] == 1
        assert page.levels.count(1) == 1
        assert max(np.diff(page.levels), default=0) <= 1
        assert page.lang == "en"
        assert page.unscoped == 0
        assert all(page.tables)
        assert len(page.tables) == page.tables_begun  # each has its own caption
        assert all(len({len(row) for row in rows}) == 1 for rows in page.tables.values())
        for link in page.links:
            there = file if link.startswith("#") else (file.parent / link).resolve()
            assert there.is_file() or there.name in TABLES


def test_pages_lead_to_the_one_before_the_one_after_the_other_side_and_the_plan(folder: Path) -> None:
    for side, other in (("plans", "books"), ("books", "plans")):
        middle = Sheet(folder / side / "002-rep-2.html").links
        assert {f"../{other}/002-rep-2.html", "001-rep-1.html", "003-rep-3.html", "../index.html"} <= set(middle)
        assert "003-rep-3.html" not in Sheet(folder / side / "001-rep-1.html").links


def test_what_a_page_says_of_paper_is_what_its_style_prints(folder: Path) -> None:
    style = (folder / "books" / "001-rep-1.html").read_text(encoding="utf-8")
    assert f".book tbody tr:nth-child(n+{PRINTED + 1})" in style
    assert f".gave tbody tr:nth-child(n+{PRINTED_GAVE + 1})" in style


def test_pages_are_light_and_ask_nobody_for_anything(folder: Path) -> None:
    for file, _ in sheets(folder):
        text = file.read_text(encoding="utf-8")
        page = Page(text)
        assert page.asks == []
        assert len(page.ids) == len(set(page.ids))
        assert len(text) < 300_000


def test_pages_ask_nobody_for_anything_and_names_cannot_break_them(tmp_path: Path) -> None:
    today, after = made_up("now", years=5, places=False), made_up("b", 9_000, moved=0.3, years=5, places=False)
    team = after.reps.assign(name=["<b>Ann</b>", "Ann", "Åsa Öberg", "李"])
    after = with_frames(after, reps=team, accounts=after.accounts.assign(name='<script>"&'))
    said = explained(after, with_frames(today, reps=team), after)
    path = write_pages(said, tmp_path)
    called = file_names([book.name for book in said.books])
    assert called == ["001-b-ann-b.html", "002-ann.html", "003-asa-oberg.html", "004.html"]
    for file in (path, *(tmp_path / side / name for side in ("plans", "books") for name in called)):
        text = file.read_text(encoding="utf-8")
        page = Page(text)
        assert page.asks == []
        assert len(page.ids) == len(set(page.ids))
        assert "<script" not in text
    assert "<b>Ann</b>" in page_text(path)
    assert " km" not in page_text(path)


def page_text(path: Path) -> str:
    return Page(path.read_text(encoding="utf-8")).text


# What a plan may lack


def one_of(played: Played, today: Played, looks: tuple[int, ...] = ()) -> tuple[object, Territory]:
    said = explained(played, today, played, Reviewing(looks))
    return said.books[0], said.territories[0]


def test_a_plan_without_quotas_says_what_is_sold_and_has_no_pace(today: Played, tmp_path: Path) -> None:
    without = made_up("b", 9_000, reps=3, accounts=45, quota=False)
    book, plan = one_of(without, today)
    sold = (without.by_rep("order_revenue", "won_revenue")["R00"] / 100).quantile([0.5, 0.1, 0.9]) / 1_000
    assert headline(book, plan, "$") == (
        "Rep 1 is expected to sell {:.0f} k$, {:.0f} to {:.0f} k$ in 8 of 10 simulated years".format(*sold)
    )
    heads = dates_table(plan, Reviewing(), "$")["heads"]
    assert heads == ["by the end of", "sold k$, 8 in 10", "calls, 8 in 10", "coverage"]
    assert smart_table(book, plan, Reviewing())["rows"] == []
    write_pages(explained(without, today, without), tmp_path)
    text = page_text(tmp_path / "plans" / "001-rep-1.html")
    assert "This plan has no goals" in text
    assert "There is no quota, so there is no pace." in text


def test_a_plan_without_places_says_so_instead_of_a_map(today: Played, tmp_path: Path) -> None:
    nowhere = made_up("b", 9_000, reps=3, accounts=45, places=False)
    write_pages(explained(nowhere, today, nowhere), tmp_path)
    text = page_text(tmp_path / "plans" / "001-rep-1.html")
    assert "The data says nowhere that accounts lie, so there is no map." in text
    assert "locked" not in text


def test_somebody_without_accounts_has_a_page_of_what_goes(plan: Played, today: Played, tmp_path: Path) -> None:
    empty = with_frames(plan, accounts=plan.accounts.assign(rep=plan.accounts["rep"].replace("R00", "R01")))
    write_pages(explained(empty, today, empty), tmp_path)
    page = Sheet(tmp_path / "plans" / "001-rep-1.html")
    assert page.heads == ["Rep 1 has no accounts in this plan", "Where its accounts lie"]
    assert page.tables == {}


def test_few_years_tell_no_chance_by_the_pace(today: Played) -> None:
    few = with_goals(made_up("b", 9_000, reps=3, accounts=45, years=6))
    _, plan = one_of(few, made_up("now", reps=3, accounts=45, years=6))
    ahead = plan.dates["ahead"]
    assert plan.dates["reached_ahead"].isna().tolist() == (ahead < 5).tolist()
    assert plan.dates["reached_behind"].isna().tolist() == (6 - ahead < 5).tolist()


def test_many_industries_are_joined_and_none_is_lost(plan: Played) -> None:
    names = [f"Industry {at % 9}" for at in range(45)]
    many = with_frames(plan, accounts=plan.accounts.assign(industry=names))
    for one in territories(many, ()):
        own = one.segments[one.segments["kind"] == "industry"]
        assert len(own) == 6
        assert own["segment"].iloc[-1].endswith(" others")
        assert own["accounts"].sum() == (many.accounts["rep"] == one.rep).sum()
        assert own["potential_share"].sum() == pytest.approx(1.0)
        assert len(segments_table(one, "$")["rows"]) == len(one.segments)


# When it is looked at


def test_how_often_a_triggered_review_was_held_stands_beside_its_date(plan: Played, today: Played) -> None:
    """Held before week 14 in the first 5 of 20 years."""
    weeks = plan.frames["rep_weeks"]
    held = ((weeks["week"] == 14) & (weeks["replication"] < 5)).astype(int)
    _, one = one_of(with_frames(plan, rep_weeks=weeks.assign(reviewed=held)), today, (13, 26, 39, 52))
    shown = dates_table(one, Reviewing(), "$")
    at = shown["heads"].index("review held in")
    assert [row[at] for row in shown["rows"]] == ["5/20", "<1/20", "<1/20", "–"]


def test_years_hires_and_reviews_that_pages_leave_out_are_said(plan: Played) -> None:
    said = not_shown({**plan.info, "year": 1, "scenario": {"hiring": {"most": 2}, "review": REVIEWED}})
    assert [line.split(":")[0].split(";")[0] for line in said] == [
        "This plan goes on for several years",
        "This plan may hire up to 2 people",
        "Reviews may move accounts during the year",
    ]
    assert not_shown({"scenario": {"review": {"name": "quarterly", "policy": "requota"}}}) == []


@pytest.mark.parametrize("columns", [40, 60, 100])
def test_a_narrow_terminal_gets_whole_names_and_numbers(
    plan: Played, today: Played, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has no room is named on stderr; nothing ends in three dots."""

    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    said, out, err = explained(plan, today, plan), Screen(), io.StringIO()
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stderr", err)
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm")
    _print(said)
    table = re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue())
    assert max(map(len, table.splitlines())) <= columns
    assert "…" not in table
    largest = said.moves.iloc[0]
    assert all(re.search(rf"\b{word}\b", table) for word in str(largest["name"]).split())
    assert number(float(largest["revenue"])) in table
    assert ("left out where the terminal is so narrow" in err.getvalue()) == (columns < 100)
