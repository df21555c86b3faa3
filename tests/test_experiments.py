"""Experiments with an expected sign: their configs, what is expected of them, and what is said of what came out."""

from __future__ import annotations

import numpy as np
import pytest
import yaml

from command.main import main
from command.settings import EXPERIMENT, options
from command.validation.experiments import (
    AS_EXPECTED,
    CONTRADICTED,
    EXPECTATIONS,
    HEAD,
    NOT_SURE,
    Expectation,
    Outcome,
    counted,
    expectations,
    played,
    rows,
    unexpected,
)
from scenarios.problems import InputError

SMALL = ("market.accounts=60", "team.reps=2")
WANTED = {
    "crm", "crm_pair", "competitor_better", "competitor_worse", "channels", "launch", "referrals", "market_fall",
    "control", "control_activity", "people", "reviews", "hiring", "entry",
}  # fmt: skip


def expected(sign: str) -> Expectation:
    return Expectation("crm", {"crm": "all"}, {"crm": "none"}, "revenue", sign, "it helps", "model", "because")


def test_every_experiment_that_is_asked_for_is_a_config_with_an_expectation():
    assert {one.experiment for one in expectations()} == WANTED
    assert set(options(EXPERIMENT)) >= WANTED


@pytest.fixture(scope="module")
def outcomes():
    return played(expectations(), 2, SMALL)


def test_each_plays_the_two_plans_that_are_compared(outcomes):
    assert [one.expected for one in outcomes] == expectations()
    assert all(one.change.shape == (2,) for one in outcomes)


def test_each_lever_changes_something(outcomes):
    """But for reminders in two years of two reps, in which no customer happens to lapse who would not have."""
    still = {one.expected.compared for one in outcomes if not one.change.any() and one.expected.sign != "0"}
    assert still <= {"crm=follow_up over none"}


def test_what_moves_most_comes_out_even_in_two_years_of_two_reps(outcomes):
    sure = {
        ("crm", "crm=templates over none", "calls"),
        ("channels", "channels=phone over visits", "travel_cost"),
        ("channels", "channels=phone over visits", "calls"),
    }
    found = {(one.expected.experiment, one.expected.compared, one.expected.measure): one.verdict for one in outcomes}
    assert {found[key] for key in sure} == {AS_EXPECTED}


@pytest.mark.parametrize(
    ("sign", "change", "verdict"),
    [
        ("+", [0.02, 0.03, 0.025], AS_EXPECTED),
        ("-", [0.02, 0.03, 0.025], CONTRADICTED),
        ("+", [0.02, -0.03, 0.025], NOT_SURE),
        ("-", [0.0, 0.0, 0.0], CONTRADICTED),
        ("+", [0.0, 0.0, 0.0], CONTRADICTED),
        ("0", [0.0, 0.0, 0.0], AS_EXPECTED),
        ("0", [0.001, 0.002, -0.001], AS_EXPECTED),
        ("0", [0.02, 0.021, 0.019], CONTRADICTED),
        ("0", [0.005, 0.025, -0.015], NOT_SURE),
    ],
)
def test_a_verdict_needs_certainty_either_way(sign, change, verdict):
    assert Outcome(expected(sign), np.array(change)).verdict == verdict


def test_what_does_not_come_out_is_said_with_its_measurement():
    good, bad = (Outcome(expected(sign), np.array([0.02, 0.03, 0.025])) for sign in "+-")
    assert counted([good, bad]) == "1 of 2 expectations come out; 0 not sure; 1 contradicted."
    assert unexpected([good, bad]) == ["crm, crm=all over none, revenue (contradicted): because"]
    assert rows([good])[0] == [
        "crm", "crm=all over none", "revenue", "more", "+2.50 ± 0.29", "0.99", "as expected", "it helps (model)",
    ]  # fmt: skip
    assert len(HEAD) == len(rows([good])[0])


def test_what_is_published_as_not_coming_out_is_explained():
    page = (EXPECTATIONS.parents[2] / "docs" / "validation.md").read_text(encoding="utf-8")
    assert "## Experiments" in page
    assert "not explained yet" not in page


def test_an_expectation_of_what_there_is_not_is_refused_all_at_once(tmp_path):
    given = yaml.safe_load(EXPECTATIONS.read_text(encoding="utf-8"))["crm"][0]
    wrong = tmp_path / "expectations.yaml"
    wrong.write_text(
        yaml.safe_dump(
            {
                "crn": [given],
                "crm": [{**given, "measure": "revenu", "sign": "?"}, {"plan": {}}, {**given, "plan": {"crn": "all"}}],
            }
        )
    )
    with pytest.raises(InputError) as refused:
        expectations(wrong)
    said = "\n".join(refused.value.problems)
    for part in ("no experiment 'crn'; did you mean 'crm'?", "no measure 'revenu'", "sign ?", "'because' is missing"):
        assert part in said
    assert "crm 3: " in said


def test_a_plan_that_the_experiment_does_not_play_is_refused():
    nobody = expected("+")._replace(plan={"crm": "templates", "goals": "hybrid"})
    with pytest.raises(InputError, match="plays 0 plans with crm=templates goals=hybrid; 1 is meant"):
        played([nobody], 2, SMALL)


def test_a_single_experiment_is_played_without_patterns_and_tells_its_verdicts(capsys):
    code = main(["validate", "--experiment", "launch", "--replications", "4"])
    told = capsys.readouterr()
    assert code == 0
    assert "launch\tevents=product_launch over none\tend_value\tmore" in told.out
    assert "2 of 2 expectations come out" in told.out
    assert "pattern" not in told.out


def test_an_unknown_experiment_is_refused_at_the_door(capsys):
    assert main(["validate", "--experiment", "lunch"]) == 2
    assert "there is no experiment 'lunch'; did you mean 'launch'?" in capsys.readouterr().err
