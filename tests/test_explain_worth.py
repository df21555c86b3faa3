"""What a plan is worth: gross gain, price of disruption and net, by hand, and when it is paid for."""

from __future__ import annotations

import pytest

from analysis.explanation.worth import Worth, headline, month_of, paid_for, worth
from analysis.words import money_alike
from sim.handover import undisrupted
from sim.run import run
from tests.played import made_up
from tests.worlds import plan, tiny_world


def test_without_disruption_customers_buy_as_if_nothing_had_happened() -> None:
    """Accounts 1 and 4 swap reps: the twin starts from the same past, keeps the relationship, and sells more."""
    world = tiny_world()
    owner = world.current.copy()
    owner[[0, 3]] = owner[[3, 0]]
    plain = run(world, plan(world, owner), range(8), threads=1)
    twin = run(undisrupted(world), plan(world, owner), range(8), threads=1, begun_in=world)
    for column in ("sales_last_year", "relationship_start", "open_value_start", "status_start"):
        assert (plain.account_year[column] == twin.account_year[column]).all(), column
    swapped = [record.account_year["fluid_orders"][:, [0, 3]].sum() for record in (plain, twin)]
    assert swapped[0] < swapped[1]
    same = run(undisrupted(world), plan(world), range(2), threads=1, begun_in=world)
    today = run(world, plan(world), range(2), threads=1)
    assert all((same.account_year[name] == today.account_year[name]).all() for name in today.account_year)


def worth_of(plan_gain: float, undisturbed_gain: float, moved: float = 0.0) -> Worth:
    today = made_up("now", years=5)
    return worth(today, made_up("b", plan_gain, moved=moved, years=5), made_up("b", undisturbed_gain, years=5))


def test_worth_by_hand() -> None:
    """Four reps earn 10,000 more each, 12,000 if nobody minded: 0.55 of it stays as contribution."""
    found = worth_of(10_000, 12_000)
    means = [found.row("contribution", part)["mean"] for part in ("gross", "price", "net")]
    assert means == pytest.approx([0.55 * 48_000, 0.55 * 8_000, 0.55 * 40_000], abs=3)
    assert found.row("contribution", "net")["above"] == 1.0
    bought = "b brings 22 k$ more a year than now: +26 k$ less 4.4 k$ for the change of reps"
    assert headline(found, "b", "now", "$") == f"{bought}; better in more than 19 of 20 simulated years."
    assert found.month == 1
    assert found.ahead == 1.0


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([320_000.0, 2_614.0], ["320 k$", "2.6 k$"]),
        ([320_000.0, 12.0], ["320,000 $", "12 $"]),
        ([4_400.0, 900.0, 0.0], ["4,400 $", "900 $", "0 $"]),
        ([-3e8, 2e6], ["−300 M$", "2.0 M$"]),
    ],
)
def test_amounts_of_one_sum_are_in_one_unit_and_none_is_rounded_away(values: list[float], said: list[str]) -> None:
    assert money_alike(values, "$") == said


def test_a_plan_that_never_pays_says_so_and_one_that_pays_late_says_when() -> None:
    """Reps of a plan with moves go from 70 to 130 % of their mean pace, today's from 90 to 110 %.

    With 30 on 400 more, w weeks bring 0.7 * 1.075 - 0.9 + (0.6 * 1.075 - 0.2) * (w - 1) / 102 each: 0 at w = 34.8.
    """
    late = worth_of(30_000, 40_000, moved=0.5)
    assert late.month == month_of(35) == 9
    assert "It typically has paid for itself in month 9" in paid_for(late, "$")
    never = worth_of(-30_000, 10_000, moved=0.5)
    assert never.month is None
    assert paid_for(never, "$").startswith("It typically does not pay for itself within the year (free of the luck")


def test_four_years_are_too_few_to_tell_whether_a_plan_pays() -> None:
    today, after = made_up("now", years=4), made_up("b", 10_000, years=4)
    said = "Whether it pays for itself within the year can't be told from the 4 years played"
    assert paid_for(worth(today, after, after), "$").startswith(said)


def test_months_end_with_their_weeks() -> None:
    assert [month_of(week) for week in (1, 4, 5, 26, 27, 52)] == [1, 1, 2, 6, 7, 12]
