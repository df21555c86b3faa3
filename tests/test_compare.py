"""Plans against each other: what may be said, and what may not."""

from __future__ import annotations

import io
import re
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from analysis.answer import answer, company, parts, price_of_change
from analysis.charts import draw_all
from analysis.compare import (
    BETTER,
    CANT_TELL,
    SAME,
    WORSE,
    compare,
    outdone,
    sure,
    verdict,
)
from analysis.table import print_comparison
from analysis.words import money_range, number, years_of_20
from tests.played import made_up, with_frames


def test_identical_plans_differ_by_exactly_zero_and_are_called_the_same() -> None:
    both = compare([made_up("now"), made_up("twin", status_quo=False)])
    assert (both.differences["difference"] == 0).all()
    assert both.row("twin")["verdict"] == SAME
    assert (
        answer(both)
        == "twin × quota_potential is the same plan as current × quota_potential: the difference is exactly 0."
    )


def test_a_clear_winner_is_named_with_how_often_and_how_much() -> None:
    found = compare([made_up("now"), made_up("better", gain=20_000)])
    row = found.row("better")
    assert found.leader == "better"
    assert row["verdict"] == BETTER
    assert row["typical"] == pytest.approx(4 * 20_000 * 0.55, abs=2)  # margin .7 less commission .15, four reps
    assert row["better"] == 1.0
    assert row["best"] == 1.0
    assert answer(found) == (
        "better × quota_potential beats current × quota_potential in more than 19 of 20 simulated years: "
        "typically +44 k$ of contribution a year, between +44 and +44 k$ in 8 of 10 years."
    )


def test_without_a_clear_difference_no_plan_wins() -> None:
    found = compare([made_up("now"), made_up("other", spread=60_000)])
    assert found.row("other")["verdict"] == CANT_TELL
    assert found.row("other")["near_best"]
    assert found.table["group"].to_list() == [1, 1]
    assert answer(found).startswith("No plan can be told apart from current × quota_potential")


def test_the_status_quo_may_stay_the_best() -> None:
    found = compare([made_up("now"), made_up("worse", gain=-20_000)])
    assert found.leader == "now"
    assert found.focus == "worse"
    assert found.row("worse")["verdict"] == WORSE
    assert answer(found).startswith("current × quota_potential stays the best")
    assert "fewer than 1 of 20" in answer(found)


def test_a_twin_of_the_status_quo_is_not_what_deserves_a_closer_look() -> None:
    found = compare([made_up("now"), made_up("twin", status_quo=False), made_up("worse", gain=-20_000)])
    assert found.focus == "worse"
    assert answer(found).startswith(
        "current × quota_potential stays the best: the nearest plan, worse × quota_potential,"
    )


def test_what_is_looked_at_closely_is_the_plan_that_the_answer_names() -> None:
    """A gamble may be typically ahead of a sure winner without beating anything; the page is about the winner."""
    found = compare([made_up("now"), made_up("sure", gain=4_000), made_up("d", gain=10_000, spread=200_000)])
    assert found.leader == "d"
    assert found.row("d")["verdict"] == CANT_TELL
    assert answer(found).startswith("sure × quota_potential beats")
    assert found.focus == "sure"


def test_a_single_plan_is_compared_with_nothing() -> None:
    found = compare([made_up("now")])
    assert answer(found).startswith("Only one plan was played, current × quota_potential")
    assert company(found) == ""


def test_few_years_say_nothing_about_how_often() -> None:
    found = compare([made_up("now", years=2), made_up("better", gain=20_000, years=2)])
    assert found.row("better")["verdict"] == CANT_TELL
    assert "Only 2 years were played: too few to say how often a plan is better." in found.notes


def test_that_nobody_has_time_for_a_call_is_said_and_drawn_without_a_warning(tmp_path: Path) -> None:
    played = made_up("now", years=5)
    nothing = {"calls": 0, "hours": 0.0}
    frames = {name: played.frames[name].assign(**nothing) for name in ("account_years", "rep_weeks")}
    idle = with_frames(played, **frames, reps=played.reps.assign(hours=0.55))
    said = compare([idle]).notes[-1]
    assert said.startswith("Not one call is made: nobody has time for one (the shortest, with its way, takes 1.5 h")
    assert "than 0.55 selling hours a week). All that is sold there comes without calls." in said
    assert not any("call" in note for note in compare([played]).notes)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = draw_all(compare([idle]), {"now": idle}, tmp_path)
    assert "effort" in drawn
    assert "return_an_hour" not in drawn


def test_only_common_years_are_compared() -> None:
    found = compare([made_up("now", years=20), made_up("better", gain=20_000, years=8)])
    assert found.years == 8
    assert found.notes[0] == "Only the 8 years that all plans have are compared, of up to 20 played."


def test_a_plan_in_a_fallen_market_is_not_held_against_today_without_a_word() -> None:
    fall = {"events": {"name": "market_fall", "demand": -0.25, "week": 1}}
    found = compare([made_up("now"), made_up("fallen", gain=-20_000, scenario=fall)])
    assert found.notes == (
        "The plans did not meet the same events: differences are those of plans and events together.",
    )
    assert compare([made_up("now"), made_up("other", gain=-20_000)]).notes == ()


@pytest.mark.parametrize(
    ("better_years", "expected"), [(6, WORSE), (7, CANT_TELL), (10, CANT_TELL), (13, CANT_TELL), (14, BETTER)]
)
def test_seven_to_thirteen_of_twenty_is_no_difference(better_years: int, expected: str) -> None:
    differences = np.where(np.arange(20) < better_years, 100.0, -100.0)
    assert verdict(differences, matters=1.0) == expected


def test_a_difference_too_small_to_matter_is_none() -> None:
    assert verdict(np.full(20, 4.0), matters=5.0) == CANT_TELL
    assert verdict(np.full(20, 6.0), matters=5.0) == BETTER


def test_sure_is_about_the_mean() -> None:
    assert sure(np.array([1.0, 3.0])) == pytest.approx(0.8524, abs=1e-4)  # t = 2 with one degree of freedom
    assert sure(np.zeros(5)) == 0.5
    assert np.isnan(sure(np.array([1.0])))


def test_regret_and_best_look_at_all_plans() -> None:
    found = compare([made_up("now"), made_up("good", gain=20_000), made_up("great", gain=40_000)])
    assert found.table["key"].to_list() == ["great", "good", "now"]
    assert found.row("great")["regret"] == 0
    assert found.row("good")["regret"] == pytest.approx(44_000, abs=2)
    assert found.row("now")["best"] == 0


def test_return_on_change_is_blank_where_the_cost_hardly_changes() -> None:
    found = compare([made_up("now"), made_up("little", gain=1_000), made_up("much", gain=100_000)])
    assert np.isnan(found.row("little")["return_on_change"])
    assert found.row("much")["return_on_change"] == pytest.approx(0.55 / 0.15, rel=1e-4)


def test_what_cannot_be_compared_is_said_all_at_once() -> None:
    plans = [made_up("now"), made_up("a", market_digest="other"), made_up("b", seed=2), made_up("c", reps=3)]
    with pytest.raises(ValueError, match="different markets") as caught:
        compare(plans)
    words = str(caught.value)
    assert "different luck (seed 1 and 2)" in words
    assert "different teams" in words
    assert len(words.splitlines()) == 3


def test_an_unknown_baseline_is_refused() -> None:
    with pytest.raises(ValueError, match="choose the baseline from: now"):
        compare([made_up("now")], "nwo")


def test_goals_and_territories_are_told_apart_where_both_were_played() -> None:
    found = compare(
        [
            made_up("now", goals="none"),
            made_up("goal", gain=10_000, territory="current"),
            made_up("both", gain=30_000, territory="balanced"),
        ]
    )
    assert parts(found) == "Its goals alone, with territory current, typically bring +22 k$."


def test_disruption_in_words() -> None:
    found = compare([made_up("now"), made_up("moved", gain=20_000, moved=0.3)])
    assert price_of_change(found.row("now")) == "current × quota_potential moves no account: nobody changes rep."
    assert "of accounts another rep" in price_of_change(found.row("moved"))


def test_order_of_plans_does_not_matter() -> None:
    plans = [made_up("now"), made_up("a", spread=40_000), made_up("b", gain=5_000, spread=40_000)]
    pd.testing.assert_frame_equal(compare(plans).table, compare(plans[::-1]).table)


def test_saved_tables_come_back(tmp_path: Path) -> None:
    found = compare([made_up("now"), made_up("better", gain=20_000)])
    paths = found.save(tmp_path)
    assert [path.name for path in paths][:2] == ["compare.parquet", "compare.csv"]
    pd.testing.assert_frame_equal(pd.read_parquet(paths[0]), found.table)


def test_a_pipe_gets_plain_numbers_and_a_terminal_a_table() -> None:
    found = compare([made_up("now"), made_up("better", gain=20_000)])
    pipe, screen = io.StringIO(), io.StringIO()
    print_comparison(found, Console(file=pipe))
    lines = pipe.getvalue().splitlines()
    assert lines[0].split("\t")[:3] == ["key", "label", "contribution"]
    assert lines[1].split("\t")[0] == "better"
    print_comparison(found, Console(file=screen, force_terminal=True, width=100, no_color=True))
    shown = screen.getvalue()
    assert not re.search("[\ue000-\ue003]", pipe.getvalue() + shown), "marks are for pages"
    assert ">19/20" in shown
    assert "kept" in shown
    assert "reve-" in shown
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    assert max(len(line) for line in plain) <= 100
    heads, row = plain[3], next(line for line in plain if line.startswith(" better"))
    assert heads.rstrip().endswith("new    %")
    kept = 100 * float(found.row("better")["retention"])
    assert row.rstrip().endswith(f" {number(kept)}"), "the last column is whole"
    assert "same luck, 20 years" in shown


def test_numbers_in_words() -> None:
    assert [years_of_20(share) for share in (0.0, 0.02, 0.85, 0.98, 1.0)] == [
        "fewer than 1 of 20", "fewer than 1 of 20", "17 of 20", "more than 19 of 20", "more than 19 of 20",
    ]  # fmt: skip
    assert money_range(-40_000, 210_000, "€") == "−40 and +210 k€"
    assert number(float("nan")) == "–"


def test_too_few_years_are_said_to_be_that() -> None:
    said = answer(compare([made_up("now", years=3), made_up("later", gain=20_000, years=3)]))
    assert said.startswith("3 simulated years are too few to tell plans apart")
    assert "of 20 simulated" not in said


def test_a_plan_is_outdone_by_one_that_is_as_good_on_all_and_better_on_one():
    good = np.array(
        [[100.0, -0.2, -5.0, -0.3], [100.0, -0.2, -5.0, -0.1], [90.0, -0.1, -5.0, -0.2], [90.0, -0.1, -5.0, -0.2]]
    )
    assert outdone(good).tolist() == [True, False, False, False]  # equals do not outdo each other
