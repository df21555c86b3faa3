"""What `territory design` reads, sets aside, refuses and writes."""

from __future__ import annotations

import csv
import json
import random
import re
import shlex
import shutil
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import shapely

from command.main import main
from scenarios.design.beside import read_borders, read_reps
from scenarios.design.borders import neighbours, pieces
from scenarios.design.brief import brief
from scenarios.design.naming import renamed
from scenarios.design.outline import outlines
from scenarios.design.request import Drawn
from scenarios.design.table import read_accounts
from scenarios.design.wishes import Wishes, wishes
from scenarios.intake.sheet import read_sheet
from scenarios.problems import InputError
from scenarios.territory.from_file import read as read_assignments

HOWTO = Path(__file__).parents[1] / "docs" / "howto"
EXAMPLE = HOWTO / "accounts.csv"


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_all_mistakes_on_a_line_are_named_at_once_with_the_nearest_word() -> None:
    with pytest.raises(InputError) as refused:
        wishes(["acounts=a.csv", "tolerance=x", "aim=distnce", "contiguous=maybe", "territories=2.5"])
    assert refused.value.problems == (
        "nothing is called 'acounts'.  did you mean 'accounts'?",
        "tolerance: 'x' is not a number; it is SHARE of the mean that a territory may be off, as 0.1 or 10% "
        "(default 0.1)",
        "aim: there is no 'distnce'.  did you mean 'distance'?",
        "contiguous: 'maybe' is neither yes nor no",
        "territories: '2.5' is not a whole number; it is NUMBER (default: as many as today, or as the reps file "
        "names), or found by workload or profit",
        "accounts=FILE is missing: a CSV or XLSX file with a row an account",
    )


def test_shares_may_be_written_in_per_cent() -> None:
    said = wishes(["accounts=a", "tolerance=5%", "most_moved=10%", "balance=[Potential:2,workload]"])
    assert (said.tolerance, said.most_moved) == (0.05, {"accounts": 0.1})
    assert said.balance == {"potential": 2.0, "workload": 1.0}


def test_bad_rows_are_set_aside_with_line_and_reason_and_the_rest_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        'Account;Street;Annual Revenue ($)\nB;Elm;$2,024.99\nA;"Oak\nLane 3";12,5\n;Elm;3\nC;Elm;much\n'
        "B;Ash;1\nD;Elm\nE;Elm;\nF;Elm;7\nG;Elm;-1\nH;Elm;5\n"
    )
    table = read_accounts(file, ["annual_revenue"])
    assert table.ids == ["A", "B", "E", "F", "H"]
    assert table.measures["annual_revenue"].tolist() == [12.5, 1.0, 0.0, 7.0, 5.0]  # of two B the one that sorts first
    assert [(one.line, one.reason) for one in table.rejects] == [
        (2, "account 'B' stands there more than once"),
        (5, "no account"),
        (6, "annual_revenue: 'much' is no number of 0 or more"),
        (8, "2 fields instead of 3"),
        (11, "annual_revenue: '-1' is no number of 0 or more"),
    ]
    assert table.notes == (
        "no places found: territories don't follow the map.  columns taken: latitude and longitude or x_km and y_km; "
        "a.csv has account, street, annual_revenue",
        "a.csv: annual_revenue is blank in 1 rows; taken as 0",
    )


def test_german_places_are_places(tmp_path: Path) -> None:
    """Ten degrees north are 1,112 km."""
    file = tmp_path / "kunden.csv"
    file.write_text("Kundennummer;Umsatz;Breite;Länge\n1;5;40,0;7,5\n2;6;50,0;7,5\n", encoding="utf-8")
    table = read_accounts(file, ["umsatz"])
    assert table.places is not None
    assert table.places[1, 1] - table.places[0, 1] == pytest.approx(1112, abs=2)
    assert not table.notes


def test_a_workbook_and_utf_16_read_as_the_csv_does(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in rows(EXAMPLE):
        book.active.append([float(value) if re.fullmatch(r"-?[\d.]+", value) else value for value in row])
    book.save(tmp_path / "a.xlsx")
    (tmp_path / "a.csv").write_bytes(EXAMPLE.read_text().replace(",", "\t").encode("utf-16"))
    plain = read_accounts(EXAMPLE, ["potential"])
    for name in ("a.xlsx", "a.csv"):
        other = read_accounts(tmp_path / name, ["potential"])
        assert other.ids == plain.ids
        assert other.today == plain.today
        assert other.places is not None
        assert (other.places == plain.places).all()
        assert (other.measures["potential"] == plain.measures["potential"]).all()


def test_places_are_kilometres_around_the_middle_of_the_map(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("id,Lat,Lng\na,59,-1\nb,61,1\n")
    places = read_accounts(file, []).places
    assert places is not None
    # a degree north is 111.195 km, a degree east half of that at 60 degrees
    assert places.round(3).tolist() == [[-55.598, -111.195], [55.598, 111.195]]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (
            {"balance": {"potental": 1.0}},
            "accounts.csv: there is no column of numbers 'potental'.  did you mean 'potential'?",
        ),
        (
            {"balance": {"key_account": 1.0}},
            "accounts.csv, line 6: column key_account: 'yes' is no number of 0 or more",
        ),
        ({"id": "nr"}, "id: accounts.csv has no column 'nr'; choose from: "),
        ({"locked": "C5"}, "locked: 'C5' is no column, file, id or territory; did you mean 'C35'?"),
        ({"territories": 37}, "territories=37 are more than the 36 accounts; take fewer"),
    ],
)
def test_what_breaks_the_whole_is_said_with_place_and_cure(words: dict[str, object], problem: str) -> None:
    with pytest.raises(InputError) as refused:
        brief(Wishes(accounts=str(EXAMPLE), **words))  # type: ignore[arg-type]
    assert refused.value.problems[0].startswith(problem)


def test_borders_go_both_ways_once_and_strangers_are_set_aside(tmp_path: Path) -> None:
    file = tmp_path / "b.csv"
    file.write_text("a,b\nb,a\nb,c\nc,c\nc,z\n")
    (starts, ends), rejects = read_borders(file, ["a", "b", "c"])
    assert (starts.tolist(), ends.tolist()) == ([0, 1, 3, 4], [1, 0, 2, 1])
    assert [(one.line, one.reason) for one in rejects] == [(5, "'z' is no account that is shared out")]


def test_reps_have_homes_on_the_accounts_map_and_a_bad_one_stops_it(tmp_path: Path) -> None:
    table = read_accounts(EXAMPLE, [])
    file = tmp_path / "reps.csv"
    file.write_text("id,name,latitude,longitude\nR2,Ben,40,-83\nR1,Ana,39,-83\n")
    reps = read_reps(file, table.centre)
    assert reps.ids == ["R1", "R2"]
    assert (reps.called["Ana"], reps.called["R2"]) == ("R1", "R2")
    assert reps.homes is not None
    assert (reps.homes[1] - reps.homes[0]).round(3).tolist() == [0.0, 111.195]
    file.write_text("id,latitude,longitude\nR1,40,-83\nR1,91,-83\n")
    with pytest.raises(InputError) as refused:
        read_reps(file, table.centre)
    assert refused.value.problems == (
        "reps.csv, line 3: column id: 'R1' stands already in line 2",
        "reps.csv, line 3: column latitude: '91' is no place",
    )


def test_new_ground_keeps_the_names_under_which_least_moves() -> None:
    asked = brief(Wishes(accounts=str(EXAMPLE)))
    turned = Drawn((asked.request.today + 1) % 3, 1.0, 1.0, {})
    assert (renamed(asked.request, turned).owner == asked.request.today).all()


def test_the_ground_of_two_accounts_is_halved_and_covers_the_market() -> None:
    west, east, nobody = outlines(np.array([[0.0, 0.0], [10.0, 0.0]]), np.array([0, 1]), np.ones(2), 3)
    assert nobody.is_empty
    assert west.area == pytest.approx(east.area)
    assert shapely.intersection(west, east).area == pytest.approx(0.0)
    assert west.contains(shapely.Point(4.9, 0.0))
    assert east.contains(shapely.Point(5.1, 0.0))
    whole = outlines(np.zeros((3, 2)), np.array([1, 0, 0]), np.array([5.0, 2.0, 2.0]), 2)
    assert (whole[0].is_empty, whole[1].is_empty) == (True, False)  # most weight on the spot


def test_out_and_in_again_is_the_same_design_whatever_the_order_of_rows(tmp_path: Path) -> None:
    head, *lines = EXAMPLE.read_text().splitlines()
    random.Random(3).shuffle(lines)
    (tmp_path / "mixed.csv").write_text("\n".join([head, *lines]) + "\n")
    words = ["balance=[potential]", "tolerance=0.1", "quota=potential"]
    assert main(["design", f"accounts={EXAMPLE}", f"out={tmp_path / 'one'}", *words]) == 0
    assert main(["design", f"accounts={tmp_path / 'mixed.csv'}", f"out={tmp_path / 'two'}", *words]) == 0
    for name in ("assignments.csv", "moves.csv", "balance.csv", "quotas.csv", "territories.geojson"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    again = tmp_path / "one" / "assignments.csv"
    assert main(["design", f"accounts={again}", f"out={tmp_path / 'three'}", "aim=change", *words]) == 0
    assert rows(tmp_path / "three" / "assignments.csv") == rows(again)
    assert len(rows(tmp_path / "three" / "moves.csv")) == 1  # the head alone
    assert [(account, rep) for _, account, rep in read_assignments(str(again))] == [
        (row[0], row[1]) for row in rows(again)[1:]
    ]


def test_the_files_agree_with_each_other_and_an_old_one_goes_away(tmp_path: Path) -> None:
    words = ["design", f"accounts={EXAMPLE}", f"out={tmp_path}", "balance=[potential]"]
    assert main([*words, "quota=potential", "period=2027"]) == 0
    owner = {row[0]: row[1] for row in rows(tmp_path / "assignments.csv")[1:]}
    today = {row[0]: row[5] for row in rows(EXAMPLE)[1:]}
    potential = {row[0]: float(row[1]) for row in rows(EXAMPLE)[1:]}
    moved = {row[0]: (row[1], row[2]) for row in rows(tmp_path / "moves.csv")[1:]}
    assert moved == {name: (today[name], owner[name]) for name in owner if owner[name] != today[name]}
    quotas = rows(tmp_path / "quotas.csv")
    assert quotas[0] == ["Territory ID", "Period", "Value", "Component"]
    sums = {name: sum(potential[one] for one in owner if owner[one] == name) for name in set(owner.values())}
    assert {row[0]: float(row[2]) for row in quotas[1:]} == sums
    features = json.loads((tmp_path / "territories.geojson").read_text())["features"]
    assert {one["properties"]["territory"]: one["properties"]["potential"] for one in features} == sums
    assert read_sheet(tmp_path / "assignments.xlsx").column("rep") == [owner[name] for name in sorted(owner)]
    assert rows(tmp_path / "hubspot.csv")[1:] == [list(pair) for pair in owner.items()]
    assert main(words) == 0
    assert not (tmp_path / "quotas.csv").exists()


NAMES = ["007", "a,b", "1.50", "=1+1", "-2+3", "@cmd", "+49 30", "'s-Gravenhage", "'=x", 'sa"y', "Müller"]


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """Accounts whose names are anything but plain."""
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "n"], *([name, 1] for name in NAMES)])
    return tmp_path / "a.csv"


def test_ids_survive_whatever_they_look_like(odd: Path) -> None:
    out = odd.parent / "o"
    assert main(["design", f"accounts={odd}", "territories=2", "balance=n", f"out={out}"]) == 0
    meant = sorted(read_sheet(odd).column("id"))
    assert "'=x" not in meant  # an apostrophe that guards a formula is none of the name
    assert "=x" in meant
    for name in ("assignments.csv", "assignments.xlsx"):
        assert sorted(read_sheet(out / name).column("account")) == meant
    assert sorted(read_sheet(out / "dynamics.csv").column("accountid")) == meant


def test_no_cell_of_a_csv_is_run_as_a_formula(odd: Path) -> None:
    out = odd.parent / "o"
    assert main(["design", f"accounts={odd}", "territories=2", "balance=n", f"out={out}"]) == 0
    for file in out.glob("*.csv"):
        cells = [cell for row in rows(file) for cell in row]
        assert not [cell for cell in cells if cell[:1] in "=+-@" and cell and not re.fullmatch(r"-?[\d.]+", cell)], file
    assert "'=1+1" in [row[0] for row in rows(out / "assignments.csv")]


def test_the_lines_of_the_page_do_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in (EXAMPLE, HOWTO / "reps.csv"):
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    lines = re.findall(r"^territory (design .*)$", (HOWTO / "design.md").read_text(), re.MULTILINE)
    assert len(lines) == 7
    for line in lines:
        assert main(shlex.split(line)) == 0
    assert {row[1] for row in rows(Path("results/design/assignments.csv"))[1:]} == {"Ana", "Ben", "Chris", "T1"}


def test_a_german_table_is_read_as_it_is_meant(tmp_path: Path) -> None:
    # 1.250 is told by 72,50 in its column; the places' decimals by their own column; zeros of ids stay.
    file = tmp_path / "kunden.csv"
    lines = ["Kundennr;Umsatz;Latitude;Longitude", "00101;1.250;51,476;8,08846", "00102;72,50;52,1;-7,5"]
    file.write_text("\n".join([*lines, "00103;1.372,93 €;51,9;8,25"]), encoding="cp1252")
    table = read_accounts(file, ["umsatz"])
    assert table.ids == ["00101", "00102", "00103"]
    assert table.measures["umsatz"].tolist() == [1250.0, 72.5, 1372.93]
    assert table.centre is not None
    assert table.centre.latitude == pytest.approx((51.476 + 52.1) / 2)
    file.write_text("id,umsatz\na,1.250\nb,72.50\n", encoding="utf-8")
    assert read_accounts(file, ["umsatz"]).measures["umsatz"].tolist() == [1.25, 72.5]


def test_the_usual_column_is_held_to_the_same_as_one_that_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    amounts = [*range(1, 40), "n/a"]
    file.write_text("id,potential\n" + "".join(f"a{row:02d},{one}\n" for row, one in enumerate(amounts)))
    asked = brief(Wishes(accounts=str(file), territories=2))
    assert [one.reason for one in asked.rejects] == ["potential: 'n/a' is no number of 0 or more"]
    file.write_text("id,potential\n" + "".join(f"a{row},{row - 12}\n" for row in range(20)))
    assert any("line 2: '-12' is no number" in note for note in brief(Wishes(accounts=str(file), territories=2)).notes)


def test_a_column_of_zeros_can_not_be_balanced(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("id,potential\n" + "".join(f"a{row},0\n" for row in range(6)))
    with pytest.raises(InputError, match=r"balance: potential is 0 in all rows of a\.csv.* choose from: accounts"):
        brief(Wishes(accounts=str(file), territories=2, balance={"potential": 1.0}))
    assert brief(Wishes(accounts=str(file), territories=2)).request.balance == {"accounts": 1.0}


def test_accounts_on_one_spot_hang_together() -> None:
    for places in (np.tile([3.0, 4.0], (30, 1)), np.repeat([[0.0, 0.0], [500.0, 0.0], [90.0, 400.0]], 20, axis=0)):
        assert pieces(np.zeros(len(places), dtype=np.int64), neighbours(places))[1] == 1
