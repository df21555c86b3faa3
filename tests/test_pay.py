"""Pay plans: one battery over all of them, and what each earns below, at and above the quota."""

from __future__ import annotations

import pytest

from scenarios.pay import PLANS, pay_plan
from scenarios.schema import PayOptions
from sim.rules.pay import week_pay
from sim.week import period_of
from sim.world import WEEKS

OTE = 104_000.0  # 2,000 a week
PACE = 5_000.0  # sales a week that were to be expected


def year_of_pay(name: str, attainment: float, quota: bool = True, periods: int = 1, goal: float = 0.0) -> float:
    """Pay of a year, money, of a rep who sells ``attainment`` times the expected every week and makes 10 calls."""
    plan, sales, total, sold = pay_plan(PayOptions(name), OTE), attainment * PACE, 0.0, 0.0
    for week in range(WEEKS):
        first, end = period_of(week, periods)
        share = (end - first) / WEEKS
        sold = 0.0 if week == first else sold
        total += week_pay(
            sales, sold, share * WEEKS * PACE if quota else 0.0, PACE, int(week + 1 == end), share,
            goal, 10.0, plan.commission, plan.over, plan.bonus, plan.cap, 0.1, plan.ote,
        )  # fmt: skip
        sold += sales
    return total


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("periods", [1, 4, 12])
def test_every_plan_costs_the_same_at_target(name: str, periods: int) -> None:
    assert year_of_pay(name, 1.0, periods=periods) == pytest.approx(OTE)
    assert year_of_pay(name, 1.0, periods=periods, goal=10.0) == pytest.approx(OTE)
    assert year_of_pay(name, 1.0, quota=False) == pytest.approx(OTE)


@pytest.mark.parametrize(
    ("name", "half", "three_tenths_more"),
    [
        ("salary", 104_000.0, 104_000.0),
        ("commission", 78_000.0, 119_600.0),  # half of OTE is commission: 52,000 x 0.5 and x 1.3
        ("bonus", 68_000.0, 119_600.0),  # without the bonus of five weeks; with it
        ("accelerator", 68_000.0, 131_300.0),  # 0.3 of the year at 0.875 instead of 0.5
        ("capped", 68_000.0, 122_200.0),  # nothing after 1.2
    ],
)
def test_what_is_earned_away_from_the_target(name: str, half: float, three_tenths_more: float) -> None:
    assert year_of_pay(name, 0.5) == pytest.approx(half)
    assert year_of_pay(name, 1.3) == pytest.approx(three_tenths_more)


@pytest.mark.parametrize("name", PLANS)
def test_more_sales_never_earn_less(name: str) -> None:
    earned = [year_of_pay(name, attainment / 10) for attainment in range(21)]
    assert earned == sorted(earned)


@pytest.mark.parametrize("name", PLANS)
def test_an_activity_goal_that_is_missed_costs_its_reward(name: str) -> None:
    assert year_of_pay(name, 1.0, goal=11.0) == pytest.approx(0.9 * OTE)


@pytest.mark.parametrize("name", PLANS)
def test_what_reps_may_let_go_of_a_price_goes_with_any_plan(name: str) -> None:
    assert pay_plan(PayOptions(name), OTE).authority == 0.0
    assert pay_plan(PayOptions(name, authority=0.2), OTE) == pay_plan(PayOptions(name), OTE)._replace(authority=0.2)
