"""What `territory design` makes of accounts that stay together: cities, families, any column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from command.main import main
from scenarios.design.brief import Brief, brief
from scenarios.design.groups import drawn_together, gathered, groups_by
from scenarios.design.request import Drawn
from scenarios.design.wishes import wishes
from scenarios.problems import InputError

ACCOUNTS = """id,name,potential,x_km,y_km,rep,City,ParentId,language
A1,Ash,10,0,0,Ana,Leeds,,French
A2,Bay,10,1,0,Ben,leeds ,,
A3,Cob,20,2,0,Ana,LEEDS,,French
A4,Dew,10,50,0,Ben,York,A1,German
A5,Elm,10,51,0,Ben,York,,German
A6,Fir,20,52,0,Ben,,Elm,
"""
REPS = "rep,x_km,y_km,language\nAna,1,0,French\nBen,51,0,German;French\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text(ACCOUNTS)
    (tmp_path / "reps.csv").write_text(REPS)
    return tmp_path


def asked(files: Path, *words: str) -> Brief:
    return brief(wishes([f"accounts={files / 'a.csv'}", *words]))


def both(files: Path, *words: str) -> tuple[Brief, Drawn]:
    known = asked(files, *words)
    assert known.groups
    return known, drawn_together(known.request, known.groups)


def owners(known: Brief, answer: Drawn) -> dict[str, str]:
    return {name: known.request.names[row] for name, row in zip(known.table.ids, answer.owner, strict=True)}


def test_a_city_stays_whole_whatever_its_spelling(files):
    known, answer = both(files, "keep_together=city", "balance=[potential]")
    assert owners(known, answer) == dict(zip(known.table.ids, ["Ana", "Ana", "Ana", "Ben", "Ben", "Ben"], strict=True))
    assert known.groups.names == ["Leeds (3 accounts)", "York (2 accounts)", "A6"]
    assert known.notes[-1] == (
        "keep_together=city: 6 accounts in 3 groups, largest Leeds (3 accounts); split between territories today: "
        "1, accounts that move to mend that: 1"
    )


def test_a_family_stays_whole_over_all_levels(files):
    """A4 belongs to A1 by id, A6 to A5 by name: A4 is 50 km from its family and goes with it."""
    known, answer = both(files, "keep_together=parentid", "balance=[accounts]", "tolerance=0.5")
    assert known.groups.of.tolist() == [0, 1, 2, 0, 3, 3]
    who = owners(known, answer)
    assert who["A1"] == who["A4"]
    assert who["A5"] == who["A6"]


def test_amounts_of_a_group_are_added_up(files):
    known = asked(files, "keep_together=city", "balance=[potential]")
    one = gathered(known.request, known.groups)
    assert one.measures["potential"].tolist() == [40.0, 20.0, 20.0]
    assert one.measures["accounts"].tolist() == [3.0, 2.0, 1.0]
    middle = known.request.places
    assert one.places[0] == pytest.approx(middle[0] * 0.25 + middle[1] * 0.25 + middle[2] * 0.5)


def test_most_who_stay_decide_where_a_group_is_today(files):
    """Leeds is Ana's by 30 of 40: with the fewest changes only A2 moves, and 10 is what moves."""
    known, answer = both(files, "keep_together=city", "balance=[potential]", "aim=change", "tolerance=0")
    assert owners(known, answer)["A2"] == "Ana"
    assert np.flatnonzero(answer.owner != known.request.today).tolist() == [1]


def test_a_locked_account_takes_its_group_along(files):
    known, answer = both(files, "keep_together=city", "balance=[potential]", "locked=A2", "tolerance=1")
    assert {owners(known, answer)[name] for name in ("A1", "A2", "A3")} == {"Ben"}


def test_a_group_goes_to_whom_all_its_accounts_match(files):
    (files / "a.csv").write_text(ACCOUNTS.replace("A2,Bay,10,1,0,Ben,leeds ,,", "A2,Bay,10,1,0,Ben,leeds ,,German"))
    words = ("keep_together=city", "balance=[potential]", f"reps={files / 'reps.csv'}", "must_match=language")
    known, answer = both(files, *words, "tolerance=1")
    assert owners(known, answer)["A1"] == "Ben"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["keep_together=cty"], "has no column 'cty'; did you mean 'city'?"),
        (["keep_together=city", "territories=4"], "3 groups for 4 territories: some would stay empty"),
        (
            ["keep_together=city", "locked=A1,A2"],
            "A1 in Ana and A2 in Ben are locked, and belong to Leeds (3 accounts)",
        ),
        (
            ["keep_together=city", "most_moved=10%"],
            "most_moved accounts:0.1 is impossible: keeping the groups together alone moves 16.7%; "
            "most_moved=accounts:0.167 would allow that",
        ),
        (
            ["keep_together=parentid", "reps=REPS", "longest_km=30"],
            "nobody reaches all of A1 (2 accounts)",
        ),
        (
            ["keep_together=city", "territories=3", "tolerance=1", "maximum=potential:30"],
            "account Leeds (3 accounts) alone has 40",
        ),
    ],
)
def test_what_groups_make_impossible_is_refused_in_words(files, words, why):
    with pytest.raises(InputError) as caught:
        both(files, "balance=[potential]", *(one.replace("REPS", str(files / "reps.csv")) for one in words))
    assert why in " ".join(caught.value.problems)


def test_the_amounts_named_for_most_moved_are_allowed(files):
    known, answer = both(files, "keep_together=city", "balance=[potential]", "most_moved=accounts:0.167")
    assert not [one for one in answer.binding if "most_moved" in one]  # what is left of the amount would be named
    assert np.flatnonzero(answer.owner != known.request.today).tolist() == [1]


def test_a_free_centre_is_held_to_the_longest_way_of_each_account(files):
    _, answer = both(files, "keep_together=parentid", "balance=[accounts]", "tolerance=1", "longest_km=20")
    assert "longest_km=20 was not kept beside the other rules" in answer.broken[0]


def test_the_command_writes_whole_groups(files, capsys):
    out = files / "out"
    code = main(["design", f"accounts={files / 'a.csv'}", "keep_together=city", "balance=[potential]", f"out={out}"])
    assert code == 0
    assert "groups taken whole" in capsys.readouterr().err
    rows = [line.split(",")[:2] for line in (out / "assignments.csv").read_text().splitlines()[1:]]
    assert len({rep for account, rep in rows if account in ("A1", "A2", "A3")}) == 1


@pytest.mark.parametrize("seed", range(5))
def test_groups_hold_in_larger_tables_and_any_order(tmp_path, seed):
    draw = np.random.default_rng(seed)
    place = draw.uniform(0, 200, (60, 2))
    group = draw.integers(0, 60, 400)
    spot = place[group] + draw.normal(0, 3, (400, 2))
    size = draw.lognormal(0, 1, 400)
    rows = [
        f"N{i:03},{size[i]:.4f},{spot[i, 0]:.3f},{spot[i, 1]:.3f},T{draw.integers(1, 7)},{group[i]:05}"
        for i in range(400)
    ]
    found = []
    for order in (rows, [rows[i] for i in draw.permutation(400)]):
        file = tmp_path / "many.csv"
        file.write_text("\n".join(["id,potential,x_km,y_km,rep,postcode", *order]))
        known = brief(wishes([f"accounts={file}", "keep_together=postcode", "balance=[potential]", "tolerance=0.15"]))
        answer = drawn_together(known.request, known.groups)
        for one in range(len(known.groups.names)):
            assert len(set(answer.owner[known.groups.of == one])) == 1
        load = np.bincount(answer.owner, weights=known.request.measures["potential"])
        assert abs(load / load.mean() - 1).max() <= 0.15 + 1e-9
        found.append(answer.owner.tolist())
    assert found[0] == found[1]


def test_a_column_without_words_leaves_everybody_alone():
    assert groups_by("city", {"city": ["", "", "x"]}, ["A", "B", "C"]).of.tolist() == [0, 1, 2]
