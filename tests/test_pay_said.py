"""What the page says of pay: a territory has its own mark, so more pay on fewer sales is no mistake."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.charts import gains
from analysis.pay_said import how_paid
from analysis.played import Played
from scenarios.pay import PLANS
from scenarios.schema import PayOptions
from sim.rules.pay import week_pay
from tests.played import made_info, made_up, with_frames


def paid(key: str, pay: str = "bonus", quota: bool = False, activity: float = 0.0, review: str = "none") -> Played:
    """A plan with this pay, and a quota or an activity goal where there is one."""
    scenario = {**made_info(key, 20, True, quota)["scenario"], "review": {"name": review}}
    plan = PLANS[pay](PayOptions(pay), 120_000.0)._asdict()
    more = {"paid": {**plan, "cap": None if pay != "capped" else plan["cap"]}, "behaviour": {"activity_reward": 0.1}}
    played = made_up(key, quota=quota, pay=pay, scenario=scenario, **more)
    return with_frames(played, goals=played.frames["goals"].assign(activity_goal=activity))


def said(plan: Played, baseline: Played, frame: pd.DataFrame | None = None) -> str:
    return how_paid(plan, baseline, gains.data(plan, baseline) if frame is None else frame, "$")


def week(sales: float, pace: float, goal: float = 0.0, counted: float = 0.0) -> float:
    return week_pay(sales, 0.0, 0.0, pace, 0, 1.0, goal, counted, 0.5, 0.5, 5.0, 1.2, 0.1, 52_000.0)


def test_a_smaller_territory_that_outsells_its_mark_is_paid_more_for_less() -> None:
    """1,006 sold of 1,000 expected in a large territory; 240 of 200 in a small one, on a fifth of the sales."""
    assert week(1_006.0, 1_000.0) == pytest.approx(1_003.0)
    assert week(240.0, 200.0) == pytest.approx(1_100.0)


def test_who_misses_the_activity_goal_earns_less_and_who_meets_it_no_more() -> None:
    assert week(1_000.0, 1_000.0, goal=9.0, counted=9.0) == pytest.approx(1_000.0)
    assert week(1_000.0, 1_000.0, goal=9.0, counted=8.0) == pytest.approx(900.0)


def test_what_differs_between_the_plans_is_said_of_each() -> None:
    text = said(paid("b", activity=9.0), paid("now"))
    assert text.startswith(
        "Pay is a salary, a commission and a reward for each week that reaches the activity goal under b × none; "
        "a salary and a commission under current × none. What an activity goal pays is taken out of the salary"
    )
    assert "so pay can rise while sales fall." in text


def test_what_nobody_can_earn_is_not_named() -> None:
    assert said(paid("b"), paid("now")).startswith("Pay is a salary and a commission under both plans. Commission")
    both = said(paid("b", "capped", quota=True), paid("now", "capped", quota=True))
    assert both.startswith("Pay is a salary, a commission (higher beyond the quota, none above a cap) and a bonus for")


@pytest.mark.parametrize("pay", PLANS)
def test_every_pay_plan_is_told_by_what_it_pays(pay: str) -> None:
    plan, told = PLANS[pay](PayOptions(pay), 120_000.0), said(paid("b", pay, quota=True), paid("now", pay, quota=True))
    assert ("a commission" in told) == (plan.commission > 0)
    assert ("a bonus" in told) == (plan.bonus > 0)
    assert ("higher beyond" in told) == (plan.over > plan.commission)
    assert ("above a cap" in told) == np.isfinite(plan.cap)


def test_of_plans_stored_before_pay_was_on_file_nothing_is_said() -> None:
    plan, baseline = made_up("b"), made_up("now")
    assert not how_paid(plan, baseline, gains.data(plan, baseline), "$")


def test_a_salary_alone_says_nothing_of_sales() -> None:
    assert said(paid("b", "salary"), paid("now", "salary")) == "Pay is a salary under both plans."


def test_a_review_sets_the_marks_anew() -> None:
    reviewed = said(paid("b", review="quarterly"), paid("now"))
    assert "when the plan begins (reckoned anew as a review moves accounts): a smaller territory" in reviewed
    assert "reckoned" not in said(paid("b"), paid("now"))


def test_the_example_is_the_rep_whose_pay_goes_farthest_against_sales() -> None:
    plan, baseline = paid("b"), paid("now")
    frame = gains.data(plan, baseline).assign(
        name=["Ann", "Bo", "Cy", "Di"], sales_before=[675_000.0, 200_000.0, 500_000.0, 900_000.0],
        sales=[185_000.0, 100_000.0, 600_000.0, 100_000.0], typical=[12_000.0, 2_000.0, 9_000.0, 5_000.0],
        verdict=["gains", "gains", "gains", "no clear change"], measure="pay",
    )  # fmt: skip
    told = how_paid(plan, baseline, frame, "$")
    assert told.endswith("Ann typically sells 185 k$ instead of 675 k$, and earns 12 k$ more.")
    rep = frame["rep"].iloc[0]
    assert [one.row for one in told.figures()] == [
        f"gains.rows.csv#{rep}/{column}" for column in ("sales", "sales_before", "typical")
    ]
    assert "typically sells" not in said(plan, baseline, frame.assign(sales=frame["sales_before"]))
