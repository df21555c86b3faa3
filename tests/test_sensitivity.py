"""`territory sensitivity`: what is tried, what is found, and that the published table is of today's parameters."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from command.influence.headline import Question, Span, gain, said, spans
from command.influence.screening import screened, shares, swings
from command.influence.table import rows_of
from command.main import main
from command.reference import SENSITIVITY, headline_moves
from sim.behaviour import Behaviour
from sim.parameter import declared

SMALL = Question("balanced", "hybrid", 60, 2, 2)
THREE = (Span("a", 1.0, 0.5, 2.0, False), Span("b", 1.0, 0.5, 2.0, False), Span("c", 4.0, 2.0, 8.0, True))


def line(choices):
    """A headline of which everything is known: 3 a - b, c counts nothing."""
    return np.array([3.0 * one.get("a", 1.0) - one.get("b", 1.0) + 0.0 * one.get("c", 4.0) for one in choices])


def test_every_assumption_about_behaviour_is_tried_inside_its_range():
    tried = {span.name: span for span in spans()}
    for entry in declared(Behaviour):
        if entry.about.kind != "choice":
            span = tried[f"behaviour.{entry.name}"]
            assert entry.about.low <= span.low <= span.default <= span.high <= entry.about.high
            assert span.low < span.high
    assert {name.partition(".")[0] for name in tried} == {"market", "team", "behaviour"}


def test_screening_finds_what_counts_and_what_does_not():
    first, second, third = screened(THREE, 6, line)
    assert (first.name, second.name, third.name) == ("a", "b", "c")
    assert first.effect == pytest.approx(3.0 * 1.5)  # per unit of the span, which is 1.5 wide
    assert first.spread == pytest.approx(0.0, abs=1e-9)
    assert third.effect == 0.0


def test_shares_of_a_sum_are_those_of_its_parts():
    found = {row.name: row for row in shares(THREE, 256, line)}
    assert found["a"].alone == pytest.approx(0.9, abs=0.05)
    assert found["b"].total == pytest.approx(0.1, abs=0.05)
    assert found["c"].total == pytest.approx(0.0, abs=1e-6)


def test_each_is_moved_alone_to_half_and_to_double():
    usual, ends = swings(THREE, line)
    assert usual == 2.0
    assert [(one.low, one.high) for one in ends] == [(-1.5, 3.0), (0.5, -1.0), (0.0, 0.0)]
    assert rows_of(THREE, screened(THREE, 4, line), ends)[1] == ["a", "0.5", "2", "-1.50", "+3.00", "4.50"]


def test_the_headline_is_a_difference_of_two_plans_on_the_same_luck():
    assert gain(Question("current", "none", 60, 2, 2), {}) == 0.0
    usual = gain(SMALL, {})
    assert usual == gain(SMALL, {})
    assert usual != gain(SMALL, {"behaviour.comfort_pull": 0.4})
    assert "60 accounts, 2 reps, market 1" in said(SMALL)


def test_the_published_table_is_of_all_parameters_at_the_ends_that_are_tried_today():
    with SENSITIVITY.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["parameter"] for row in rows] == [span.name for span in spans()]
    assert [(float(row["low"]), float(row["high"])) for row in rows] == [
        (pytest.approx(span.low, rel=1e-5), pytest.approx(span.high, rel=1e-5)) for span in spans()
    ]
    assert any(abs(float(low)) > 1.0 for low, _ in headline_moves().values())


def test_a_question_that_can_not_be_asked_is_refused_all_at_once(capsys):
    assert main(["sensitivity", "--territory", "balancd", "--reps", "1", "--samples", "60"]) == 2
    told = capsys.readouterr().err
    for part in ("did you mean 'balanced'?", "at least 2 reps", "a power of 2"):
        assert part in told


def test_the_verb_writes_its_page_and_table(tmp_path, capsys, monkeypatch):
    few = [span for span in spans() if span.name in ("behaviour.comfort_pull", "behaviour.effort_response")]
    monkeypatch.setattr("command.influence.headline.spans", lambda: few)
    words = ["--accounts", "60", "--reps", "2", "--replications", "2", "--trajectories", "2", "--samples", "2"]
    assert main(["sensitivity", *words, "--write", str(tmp_path)]) == 0
    page = (tmp_path / "sensitivity.md").read_text(encoding="utf-8")
    assert "What decides the difference between two plans" in page
    assert "| behaviour.comfort_pull |" in page
    with (tmp_path / "sensitivity.csv").open(encoding="utf-8", newline="") as file:
        assert [row["parameter"] for row in csv.DictReader(file)] == [span.name for span in few]
    assert "pairs of plans" in capsys.readouterr().err
