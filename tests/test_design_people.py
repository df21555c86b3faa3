"""What `territory design` makes of people: their expertise, hours, number, and how much they may lose."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from command.main import main
from scenarios.design.brief import Brief, brief
from scenarios.design.drawing import draw
from scenarios.design.matching import Words, matches
from scenarios.design.out import split
from scenarios.design.request import Drawn
from scenarios.design.wishes import Wishes, wishes
from scenarios.problems import InputError
from scenarios.territory.from_file import read as read_plan

ACCOUNTS = """id,potential,hours_needed,x_km,y_km,rep,language,industry
A1,10,100,0,0,Ana,French,food
A2,10,100,1,0,Ana,,food
A3,10,100,2,0,Ana,German,steel
A4,10,100,50,0,Ben,French,steel
A5,10,100,51,0,Ben,german,food
A6,10,100,52,0,Ben,German; English,food
"""
REPS = """rep,x_km,y_km,language,industry,hours
Ana,1,0,French,food|steel,400
Ben,51,0,German;English,*,200
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text(ACCOUNTS)
    (tmp_path / "reps.csv").write_text(REPS)
    return tmp_path


def asked(files: Path, *words: str) -> Brief:
    accounts = [] if any(word.startswith("accounts=") for word in words) else [f"accounts={files / 'a.csv'}"]
    return brief(wishes([*accounts, *words]))


def drawn(files: Path, *words: str) -> dict[str, str]:
    """Who gets each account."""
    return owners(*both(files, *words))


def both(files: Path, *words: str) -> tuple[Brief, Drawn]:
    known = asked(files, *words)
    return known, draw(known.request)


def owners(known: Brief, answer: Drawn) -> dict[str, str]:
    return {name: known.request.names[row] for name, row in zip(known.table.ids, answer.owner, strict=True)}


def _without_today(files: Path) -> Path:
    (files / "new.csv").write_text("id,potential\nA1,1\nA2,2\n")
    return files / "new.csv"


def refused(files: Path, *words: str) -> tuple[str, ...]:
    with pytest.raises(InputError) as told:
        drawn(files, *words)
    return told.value.problems


def reps(files: Path) -> str:
    return f"reps={files / 'reps.csv'}"


def test_a_word_matches_whatever_its_capitals_and_blank_accounts_are_for_anybody() -> None:
    found = matches(Words(["FRENCH", "", "Dutch; german"], ["french", "*", "German|English", ""]))
    assert found.tolist() == [[True, True, False, False], [True] * 4, [False, True, True, False]]


def test_must_match_sends_accounts_across_the_map_to_who_speaks_their_language(files: Path) -> None:
    near = drawn(files, reps(files), "balance=accounts")
    assert near == {"A1": "Ana", "A2": "Ana", "A3": "Ana", "A4": "Ben", "A5": "Ben", "A6": "Ben"}
    must = drawn(files, reps(files), "balance=accounts", "must_match=language")
    assert must == {"A1": "Ana", "A2": "Ana", "A3": "Ben", "A4": "Ana", "A5": "Ben", "A6": "Ben"}


@pytest.mark.parametrize(("price", "to"), [("language:40", "Ana"), ("language:60", "Ben")])
def test_should_match_is_worth_so_many_kilometres(files: Path, price: str, to: str) -> None:
    # A3 is 1 km from Ana, who does not speak German, and 49 km from Ben, who does
    known, answer = both(files, reps(files), "balance=accounts", "tolerance=1", f"should_match={price}")
    assert owners(known, answer)["A3"] == to
    assert answer.gap == pytest.approx(0.0, abs=1e-9)


def test_every_word_that_no_rep_lists_is_answered_at_once(files: Path) -> None:
    (files / "a.csv").write_text(ACCOUNTS.replace("german", "Germn").replace("0,0,Ana,French", "0,0,Ana,Dutch"))
    problems = refused(files, reps(files), "must_match=language")
    assert problems[0].startswith("must_match: language 'Dutch' (1 accounts, such as A1): no rep in reps.csv lists it;")
    assert problems[1] == (
        "must_match: language 'Germn' (1 accounts, such as A5): no rep in reps.csv lists it; did you mean 'german'?"
    )


def test_must_match_needs_reps_and_columns_on_both_sides(files: Path) -> None:
    assert refused(files, "must_match=language") == (
        "must_match needs the words that each rep knows: reps=FILE with a column for each of them",
    )
    assert refused(files, reps(files), "must_match=[langage]", "should_match=hours_needed:3") == (
        "must_match: a.csv has no column 'langage'; did you mean 'language'?",
        "must_match: reps.csv has no column 'langage'; did you mean 'language'?",
        "should_match: reps.csv has no column 'hours_needed'; did you mean 'hours'?",
    )


def test_what_matches_nobody_together_or_is_locked_elsewhere_is_said(files: Path) -> None:
    (files / "reps.csv").write_text(REPS.replace("food|steel", "food").replace("*", "food"))
    told = refused(files, reps(files), "must_match=industry")
    assert told[0].startswith("must_match: industry 'steel' (2 accounts, such as A3): no rep")
    (files / "reps.csv").write_text(REPS.replace("food|steel", "food").replace("*", "steel"))
    told = refused(files, reps(files), "must_match=[language,industry]")
    assert "3 accounts, such as A4 with language 'French', industry 'steel', need all of it in one rep" in told[0]
    (files / "reps.csv").write_text(REPS)
    assert refused(files, reps(files), "must_match=language", "locked=A3") == (
        "locked: A3 stays with Ana, who does not match it: unlock it, or change must_match",
    )


def test_too_many_accounts_for_those_who_match_are_counted_with_the_tolerance_that_holds_them(files: Path) -> None:
    (files / "a.csv").write_text(ACCOUNTS.replace("French", "German"))
    told, empty = refused(files, reps(files), "balance=potential", "must_match=language")
    assert "accounts that only Ben may have, such as A1, are 167% of a mean territory in potential, and 110%" in told
    assert empty.startswith("what Ana may have is 33% of a mean territory in potential, less than the rules ask for")
    tolerance = told.split("tolerance=")[1]
    owner = drawn(files, reps(files), "balance=potential", "must_match=language", f"tolerance={tolerance}")
    assert owner == {"A1": "Ben", "A2": "Ana", "A3": "Ben", "A4": "Ben", "A5": "Ben", "A6": "Ben"}


def test_people_without_homes_or_places_are_matched_too(files: Path) -> None:
    (files / "a.csv").write_text("id,language\nA1,French\nA2,German\nA3,German\nA4,\nA5,French\nA6,\n")
    (files / "reps.csv").write_text("rep,language\nAna,French\nBen,German\n")
    owner = drawn(files, reps(files), "balance=accounts", "must_match=language")
    assert (owner["A1"], owner["A2"], owner["A3"], owner["A5"]) == ("Ana", "Ben", "Ben", "Ana")
    assert sorted(owner.values()) == ["Ana"] * 3 + ["Ben"] * 3
    soft = drawn(files, reps(files), "balance=accounts", "should_match=language")
    assert (soft["A1"], soft["A2"]) == ("Ana", "Ben")


@pytest.mark.parametrize(("price", "stays"), [("language", True), ("language:2", False)])
def test_where_change_is_the_aim_a_match_is_worth_so_many_moves(files: Path, price: str, stays: bool) -> None:
    owner = drawn(files, reps(files), "balance=accounts", "aim=change", "tolerance=1", f"should_match={price}")
    assert (owner["A3"] == "Ana") is stays


def test_who_must_leave_because_nobody_there_matches_is_in_the_bound(files: Path) -> None:
    known, answer = both(files, reps(files), "balance=accounts", "aim=change", "must_match=language")
    assert owners(known, answer) == {"A1": "Ana", "A2": "Ana", "A3": "Ben", "A4": "Ana", "A5": "Ben", "A6": "Ben"}
    assert (answer.cost, answer.bound) == (pytest.approx(2.0), pytest.approx(2.0, rel=1e-5))


def test_of_many_reps_the_far_one_who_matches_is_found() -> None:
    """20,000 accounts × 30 reps, of whom each account sees 16: only one of the others speaks Basque."""
    from scenarios.design.choosing import Ground
    from scenarios.design.limits import limits
    from scenarios.design.request import Request

    luck = np.random.default_rng(1)
    homes, places = np.column_stack([np.arange(30.0) * 10, np.zeros(30)]), luck.uniform(0, 5, (20_000, 2))
    fits = np.ones((20_000, 30), dtype=bool)
    fits[0] = np.arange(30) == 29
    ones = np.ones(20_000)
    ids, names = [str(i) for i in range(20_000)], [str(j) for j in range(30)]
    today = np.full(20_000, -1)
    request = Request(ids, {"n": ones}, {"n": 1.0}, 0.1, names, today, ones, places=places, homes=homes, fits=fits)
    near = Ground(request, homes, limits(request, {"n": 1.0})).near()
    assert set(near[0]) == {-1, 29}
    assert (near[1:, :16] == np.arange(16)).all()


def test_minutes_of_driving_are_a_longest_way(files: Path) -> None:
    known = asked(files, reps(files), "balance=accounts", "tolerance=1", "longest_minutes=39")
    assert known.request.longest_km == pytest.approx(30.0)  # 39 minutes at 60 km/h are 39 km of road, 30 in a line
    assert any(
        "longest_minutes=39 is 30.0 km in a straight line: roads 1.3 times as long" in one for one in known.notes
    )
    slow = asked(files, reps(files), "longest_minutes=39", "road_factor=1", "road_speed=30").request
    assert slow.longest_km == pytest.approx(19.5)
    assert refused(files, reps(files), "balance=accounts", "tolerance=1", "longest_minutes=1", "locked=")[0] == (
        "longest_minutes=1 is impossible: 4 accounts are farther than that from every home, A1 farthest; "
        "longest_minutes=1.31 would reach all"
    )


def test_no_rep_gets_more_hours_than_it_has(files: Path) -> None:
    owner = drawn(files, reps(files), "balance=accounts", "tolerance=1", "workload=hours_needed")
    assert list(owner.values()).count("Ben") == 2  # 200 hours
    told = refused(files, reps(files), "workload=hours_needed", "capacity_hours=250")
    assert told == (
        "capacity: the accounts need 600 hours a year by hours_needed, the 2 reps have 500; it takes 3 of 250 hours, "
        "or 300 each",
    )
    assert (
        "how many hours a year has a rep? capacity_hours=1200, or reps=FILE"
        in refused(files, "workload=hours_needed")[0]
    )
    (files / "reps.csv").write_text(REPS.replace(",200", ",few"))
    assert refused(files, reps(files), "workload=hours_needed") == (
        "reps.csv, line 3: column hours: 'few' is no number above 0",
    )
    (files / "a.csv").write_text(ACCOUNTS.replace("A1,10,100", "A1,10,250").replace("A2,10,100", "A2,10,10"))
    assert refused(files, "territories=3", "workload=hours_needed", "capacity_hours=240") == (
        "capacity: account A1 alone needs 250 hours, nobody has more than 240; split it, or give somebody more",
    )


def test_as_many_territories_as_the_work_needs(files: Path) -> None:
    known = asked(files, "territories=workload", "workload=hours_needed", "capacity_hours=250", "balance=accounts")
    assert len(known.request.names) == 3
    assert "3 territories by workload: 600 hours of hours_needed / 250 a territory" in known.notes
    assert refused(files, "territories=profit", reps(files), "workload=hours_needed") == (
        "territories=profit needs capacity_hours=; territory design --help says what it is",
        "territories=profit needs margin=; territory design --help says what it is",
        "territories=profit needs territory_cost=; territory design --help says what it is",
        "territories=profit: the reps file says already who there is; leave one of the two out",
    )


def test_one_more_territory_has_to_bring_what_it_costs(files: Path) -> None:
    known = asked(
        files, "territories=profit", "workload=hours_needed", "capacity_hours=200", "margin=50%", "territory_cost=1"
    )
    # x = n / 3, left = 30 (0.4 + 0.6 x / (1 + x)) - n: 3 bring 18, 4 bring 18.29, 5 bring 18.25
    assert len(known.request.names) == 4
    assert [one for one in known.notes if "(best)" in one] == [
        "4 territories: 133% of the hours needed, 74.3% of the potential won, margin 22 - cost 4 = 18 (best)"
    ]
    assert "0.4 + 0.6 x / (1 + x)" in known.notes[-1] + known.notes[-2]


def test_no_territory_loses_more_than_its_share(files: Path) -> None:
    text = ACCOUNTS.replace("Ben", "Ana") + "A7,10,100,53,0,Ben,,food\nA8,10,100,54,0,Ben,,food\n"
    (files / "a.csv").write_text(text)
    words = ["balance=accounts", "tolerance=0.5", reps(files)]
    assert [name for name, rep in drawn(files, *words).items() if rep == "Ben"] == ["A4", "A5", "A6", "A7", "A8"]
    third = drawn(files, *words, "most_moved_per_rep=34%")  # two of Ana's six, none of Ben's two
    assert [name for name, rep in third.items() if rep == "Ben"] == ["A5", "A6", "A7", "A8"]
    (told,) = refused(files, "balance=accounts", "tolerance=0.1", reps(files), "most_moved_per_rep=20%")
    assert told == (
        "most_moved_per_rep accounts:0.2 is impossible: Ana has 150% of a mean territory today, 110% is the most it "
        "may; accounts:0.267 would do"
    )
    assert (
        "most_moved_per_rep needs today's territories"
        in refused(files, "territories=2", f"accounts={_without_today(files)}", "most_moved_per_rep=20%")[0]
    )


def test_a_whole_book_can_be_locked_by_its_name(files: Path) -> None:
    owner = drawn(files, reps(files), "balance=accounts", "tolerance=1", "must_match=industry", "locked=Ben")
    assert [name for name in owner if owner[name] == "Ben"] == ["A4", "A5", "A6"]
    assert "locked: 'Bem' is no column, file, id or territory; did you mean 'Ben'?" in refused(files, "locked=Bem")


def test_quotas_of_several_periods_add_up_to_the_cent(files: Path) -> None:
    assert split(100_001, 4) == [25_001, 25_000, 25_000, 25_000]
    words = [f"accounts={files / 'a.csv'}", f"out={files / 'out'}", "quota=potential", "period=[Q1,Q2,Q3,Q4]"]
    assert main(["design", *words]) == 0
    with (files / "out" / "quotas.csv").open() as file:
        head, *quotas = list(csv.reader(file))
    assert head == ["Territory ID", "Period", "Value", "Component"]
    assert quotas[:4] == [["Ana", f"Q{number}", "7.5", "potential"] for number in (1, 2, 3, 4)]
    assert sum(float(row[2]) for row in quotas) == 60.0
    with pytest.raises(InputError, match="name each period once"):
        wishes(["accounts=a", "period=Q1,Q1"])


@pytest.mark.parametrize("name", ["assignments.csv", "assignments.xlsx", "territories.geojson"])
def test_out_and_in_again_is_the_same_design_by_every_file(tmp_path: Path, name: str) -> None:
    example = Path(__file__).parents[1] / "docs" / "howto" / "accounts.csv"
    first, again = tmp_path / "first", tmp_path / "again"
    assert main(["design", f"accounts={example}", "balance=[potential]", f"out={first}"]) == 0
    words = ["balance=[potential]", "aim=change", f"today={first / name}"]
    assert main(["design", f"accounts={example}", f"out={again}", *words]) == 0
    assert (again / "moves.csv").read_text().count("\n") == 1  # the head alone
    for one in ("assignments.csv", "hubspot.csv", "territories.geojson"):
        assert (first / one).read_bytes() == (again / one).read_bytes(), one
    pairs = sorted(
        (account, rep) for _, account, rep in read_plan(str(first / name))
    )  # territory=from_file reads it, too
    assert pairs == sorted((account, rep) for _, account, rep in read_plan(str(first / "assignments.csv")))


def test_a_file_of_today_that_names_nobody_here_is_refused(files: Path) -> None:
    (files / "today.csv").write_text("account,rep\nB1,Ana\n")
    assert refused(files, f"today={files / 'today.csv'}")[0].endswith(
        "names none of the accounts of a.csv; ids look like 'A1' here and 'B1' there"
    )
    (files / "today.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    assert "this map does not say who has which account" in refused(files, f"today={files / 'today.geojson'}")[0]
    assert Wishes().period == ("Year",)


LINE = "id,potential,x_km,y_km\nA1,10,25,0\nA2,10,1,0\nA3,20,2,0\nA4,10,51,0\n"


def test_free_centres_reach_all_within_the_longest_way(tmp_path):
    """1, 2, 25 and 51 on a line, 2 the heaviest: short ways alone leave 25 too far; from 13 and 51 nobody is."""
    (tmp_path / "a.csv").write_text(LINE)
    known = brief(wishes([f"accounts={tmp_path / 'a.csv'}", "territories=2", "longest_km=12.5", "tolerance=1"]))
    row = dict(zip(known.table.ids, draw(known.request).owner.tolist(), strict=True))
    assert row["A1"] == row["A2"] == row["A3"] != row["A4"]


def test_a_longest_way_that_no_centres_were_found_for_is_refused_in_words(tmp_path):
    (tmp_path / "a.csv").write_text(LINE)
    known = brief(wishes([f"accounts={tmp_path / 'a.csv'}", "territories=2", "longest_km=10", "tolerance=1"]))
    with pytest.raises(
        InputError, match=r"longest_km=10 was not reached: .* farther .* every centre found.* longest_km=12"
    ):
        draw(known.request)
