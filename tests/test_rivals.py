"""`territory validate --rivals`: that a mechanism taken away is noticed, and what is said of it on the page."""

from __future__ import annotations

import subprocess

import numpy as np
import pytest

from command.main import main
from command.validation import report
from command.validation.page import hash_of
from command.validation.patterns import PATTERNS
from command.validation.rivals import RIVALS, SANITY, Cell, Rival, conclusion, face, lab_of, sanity
from command.validation.steps import timed
from command.validation.verdict import Judgement, bands
from sim.behaviour import Behaviour

SMALL = ["--seeds", "1", "--accounts", "120", "--reps", "2", "--replications", "3"]
TOP_FIFTH = "top fifth of customers, per cent of sales"


@pytest.mark.parametrize("rival", RIVALS, ids=lambda rival: rival.name)
def test_a_mechanism_taken_away_is_noticed(rival):
    # That a change of plans brings nothing where effort does nothing is seen in many years of many reps.
    sizes = {17: (1000, 10, 24)}
    labs = {size: lab_of(rival, 2, *size) for size in {sizes.get(number, (400, 4, 6)) for number in rival.must_fail}}
    cells = {number: face(rival, number, [labs[sizes.get(number, (400, 4, 6))]]) for number in rival.must_fail}
    assert cells
    assert conclusion(cells, {}) == (f"fails {', '.join(map(str, cells))}, as it must", True)


def test_what_tells_a_mechanism_is_asked_of_the_pattern():
    asked = bands()
    for rival in RIVALS:
        assert not set(rival.must_fail) & set(SANITY), rival.name
        assert set(rival.besides) <= set(SANITY), rival.name
        for number, statistic in rival.must_fail.items():
            assert number not in asked or not statistic or statistic in asked[number]["statistics"], statistic


def test_without_effect_nothing_that_a_rep_does_changes_what_is_sold():
    rival = next(rival for rival in RIVALS if rival.name == "no effect of effort")
    lab = lab_of(rival, 1, 60, 2, 2)
    few, many = (lab.year(lab.with_hours(factor), begun_in=lab.base) for factor in (0.5, 1.5))
    for less, more in zip(few, many, strict=True):
        assert less.out.rep.calls.sum() < 0.7 * more.out.rep.calls.sum()
        assert less.out.rep.fluid_sales.sum() == more.out.rep.fluid_sales.sum()


def test_what_must_fail_has_to_on_every_market():
    weak = Cell("weak", "loss", [0.4], True)
    fails, passes, elsewhere = weak._replace(word="fail"), weak._replace(word="pass"), weak._replace(must_fail=False)
    assert conclusion({3: fails, 4: elsewhere}, {3: "pass", 4: "fail"}) == ("fails 3, as it must", True)
    assert conclusion({3: fails, 7: weak, 9: passes, 11: passes}, {}) == (
        "PASSES 9, 11, weak in 7: mechanism unproven",
        False,
    )
    assert conclusion({4: elsewhere}, {}) == ("nothing that it must fail was played", True)


def test_what_the_whole_model_fails_too_proves_nothing():
    fails = Cell("fail", "part of effort", [0.0], True)
    said = conclusion({12: fails, 18: fails}, {12: "pass", 18: "fail"})
    assert said == ("fails 12, 18, as it must; ours fails 18, too", True)


def test_the_market_that_suits_a_rival_best_decides_where_it_must_fail(monkeypatch):
    over = "the same over their share of potential, points"
    monkeypatch.setitem(PATTERNS, 23, lambda share: {TOP_FIFTH: np.full(3, share), over: np.array([1.0, 2.0, 3.0])})
    rival, markets = Rival("ours", "nothing", Behaviour(), {23: TOP_FIFTH}), [65.0, 95.0]
    assert face(rival, 23, markets) == Cell("pass", TOP_FIFTH, markets, True)
    assert face(rival._replace(must_fail={23: ""}), 23, markets) == Cell("pass", TOP_FIFTH, markets, True)
    assert face(rival._replace(must_fail={}), 23, markets) == Cell("fail", TOP_FIFTH, markets, False)


def test_a_sanity_pattern_that_fails_is_explained_or_said_not_to_be():
    rival = Rival("idle", "effort", Behaviour(), {}, {13: "never gives up"})
    cells = dict.fromkeys((12, 13, 23, 24), Cell("fail", "effort", [1.0], False))
    ours = {12: "pass", 13: "pass", 23: "fail", 24: "weak"}
    assert sanity(rival, cells, ours) == "13 fail: never gives up; 23 fail: as ours; 24 fail: unexplained"
    assert sanity(rival, {23: Cell("pass", "top fifth", [60.0], False)}, ours) == "passes all"
    assert sanity(rival, {12: cells[12]}, ours) == "none was played"


def test_a_rival_that_passes_is_reported(capsys, monkeypatch):
    assert main(["validate", "--pattern", "23", *SMALL]) == 0
    monkeypatch.setattr(report, "RIVALS", (Rival("ours", "nothing", Behaviour(), {23: TOP_FIFTH}),))
    capsys.readouterr()
    assert main(["validate", "--pattern", "23", "--rivals", *SMALL]) == 1
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    matrix = rows.index(["no.", "ours", "ours"])
    assert rows[matrix + 1][0] == "23"
    assert rows[matrix + 1][2].startswith("pass* ")
    assert ["ours", "nothing", "PASSES 23: mechanism unproven", "1 of 1", "passes all"] in rows


def test_the_page_begins_with_what_passes(tmp_path, capsys):
    page = tmp_path / "page.md"
    assert main(["validate", "--pattern", "23", *SMALL, "--write", str(page)]) == 0
    lines = page.read_text().splitlines()
    assert lines[2] == "**1 of 1 patterns pass; 0 weak; 0 failing.**"
    assert "territory validate --seeds 1 --pattern 23 --replications 3 --accounts 120 --reps 2 --write" in lines[4]
    assert any(line.startswith("- 23: few customers bring most sales, more than") for line in lines)
    assert f"written  {page}" in capsys.readouterr().err


def test_what_does_not_pass_is_named_with_its_explanation(monkeypatch):
    monkeypatch.setattr(report, "bands", lambda: {3: {"explained": "calls last.\n"}, 7: {}, 9: {}})

    def played(number, *words):
        return report.Played(number, {f"part {word}": Judgement([(0.0, 0.0)], [word]) for word in words})

    patterns = {3: played(3, "pass", "weak"), 7: played(7, "weak", "fail"), 9: played(9, "pass", "shown")}
    assert report.summary(patterns) == "1 of 3 patterns pass; 1 weak: 3; 1 failing: 7."
    assert report.explained(patterns) == [
        "3, weak (part weak): calls last.",
        "7, fail (part weak; part fail): not explained yet.",
    ]


def test_a_seed_from_a_commit_is_known_as_one():
    asked = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    if asked.returncode:
        pytest.skip("not a clone")
    digits = asked.stdout[:6]
    assert hash_of(int(digits, 16)) == digits
    assert hash_of(1) == ""


def test_steps_say_what_is_played_and_what_is_left(capsys, monkeypatch):
    clock = iter(np.arange(0.0, 1000.0, 20.0))
    monkeypatch.setattr("command.validation.steps.time.monotonic", lambda: next(clock))
    seconds = {}
    steps = [(3, "market 1, pattern 3"), (4, "market 1, pattern 4"), (3, "market 2, pattern 3")]
    assert list(timed(steps, seconds)) == [0, 1, 2]
    assert capsys.readouterr().err.splitlines() == [
        "1/3  market 1, pattern 3",
        "2/3  market 1, pattern 4 · about 40 s left",
        "3/3  market 2, pattern 3 · about 20 s left",
    ]
    assert seconds == {3: 20.0, 4: 20.0}
