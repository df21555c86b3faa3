"""Goal policies: one battery over all of them, and each one's numbers worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scenarios.goals import POLICIES, goal_policy
from scenarios.schema import GoalsOptions
from sim.world import LastYear
from sim.year import burn_in, prepare
from tests.worlds import both_goals, plan, tiny_world

QUOTAS = ("quota_equal", "quota_potential", "quota_history", "hybrid")
# Three reps, six accounts, two each; the first account of each rep has priority.
LAST = LastYear(
    owner=np.array([0, 0, 1, 1, 2, 2]),
    current=np.array([0, 0, 1, 1, 2, 2]),
    fluid_sales=np.array([100.0, 100.0, 100.0, 100.0, 300.0, 300.0]),
    sales=np.array([0.0, 100.0, 300.0, 100.0, 400.0, 100.0]),
    calls=np.array([52, 104, 26, 0, 52, 52]),
    belief=np.array([100.0, 300.0, 100.0, 100.0, 300.0, 100.0]),
    priority=np.array([1, 0, 1, 0, 1, 0]),
    reps=3,
    quota=np.zeros(3),
    attained=np.zeros(3),
)


def luck_of_200(owner: np.ndarray) -> LastYear:
    """Two hundred accounts of five reps, of crooked sizes."""
    sizes = np.exp(np.sin(np.arange(200) * 12.9898) * 2.0) * 1_000.0
    calls = np.arange(200) % 17
    nothing = np.zeros(5)
    return LastYear(owner, np.arange(200) % 5, sizes, sizes * 0.9, calls, sizes * 1.1, calls % 2, 5, nothing, nothing)


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_gives_each_rep_its_goals(name: str) -> None:
    goals = goal_policy(GoalsOptions(name, periods=4))(LAST)
    for column in (goals.quota, goals.activity):
        assert column.shape == (3,)
        assert (column >= 0.0).all()
    assert goals.periods == 4
    assert goals.quota.any() == (name in QUOTAS)
    assert goals.activity.any() == (name in ("activity_any", "activity_priority", "hybrid"))
    assert goals.counts_priority_only == (name in ("activity_priority", "hybrid"))


@pytest.mark.parametrize("name", POLICIES)
def test_an_account_that_moves_leaves_the_goals_of_all_others_as_they_are_to_the_last_bit(name: str) -> None:
    policy = goal_policy(GoalsOptions(name))
    owner = np.arange(200) % 5
    before = policy(luck_of_200(owner))
    for account in range(0, 200, 5):  # of rep 0, one after the other to rep 1
        moved = owner.copy()
        moved[account] = 1
        after = policy(luck_of_200(moved))
        assert np.array_equal(before.quota[2:], after.quota[2:])
        assert np.array_equal(before.activity[2:], after.activity[2:])


@pytest.mark.parametrize("name", QUOTAS)
def test_quotas_add_up_to_the_stretched_sales_that_were_to_be_expected(name: str) -> None:
    assert goal_policy(GoalsOptions(name, stretch=1.1))(LAST).quota.sum() == pytest.approx(1_100.0)


@pytest.mark.parametrize("name", QUOTAS)
def test_where_nothing_was_sold_or_believed_all_quotas_are_equal(name: str) -> None:
    last = replace(LAST, sales=np.zeros(6), belief=np.zeros(6))
    assert goal_policy(GoalsOptions(name, stretch=1.2))(last).quota == pytest.approx([400.0, 400.0, 400.0])


@pytest.mark.parametrize(
    ("name", "quota", "activity"),
    [
        ("none", [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]),
        ("quota_equal", [1_000 / 3, 1_000 / 3, 1_000 / 3], [0.0, 0.0, 0.0]),
        ("quota_history", [100.0, 400.0, 500.0], [0.0, 0.0, 0.0]),
        ("quota_potential", [340.0, 240.0, 420.0], [0.0, 0.0, 0.0]),  # 0.8 x 400, 200, 400 + 0.2 x 100, 400, 500
        ("activity_any", [0.0, 0.0, 0.0], [3.0, 0.5, 2.0]),
        ("activity_priority", [0.0, 0.0, 0.0], [1.0, 0.5, 1.0]),
        ("hybrid", [340.0, 240.0, 420.0], [1.0, 0.5, 1.0]),
    ],
)
def test_goals_by_hand(name: str, quota: list[float], activity: list[float]) -> None:
    goals = goal_policy(GoalsOptions(name, stretch=1.0))(LAST)
    assert goals.quota == pytest.approx(quota)
    assert goals.activity == pytest.approx(activity)


@pytest.mark.parametrize(("up", "down", "known"), [(0.0, 0.0, False), (0.0, 1.0, False), (0.5, 0.0, True)])
def test_reps_hold_back_only_where_a_quota_reached_raises_the_next(up: float, down: float, known: bool) -> None:
    goals = goal_policy(GoalsOptions("quota_equal", ratchet_up=up, ratchet_down=down))(LAST)
    assert goals.ratchets is known


def test_calls_on_any_account_stay_with_the_rep_and_calls_on_priority_accounts_go_with_them() -> None:
    last = replace(LAST, owner=np.array([1, 0, 1, 1, 2, 2]))  # the first account goes from rep 0 to rep 1
    assert goal_policy(GoalsOptions("activity_any"))(last).activity == pytest.approx([3.0, 0.5, 2.0])
    assert goal_policy(GoalsOptions("activity_priority"))(last).activity == pytest.approx([0.0, 1.5, 1.0])


@pytest.mark.parametrize(("priority", "of_all_calls"), [(0, 0.0), (1, 1.0)])
def test_a_goal_on_priority_accounts_is_held_against_the_calls_made_on_them(priority: int, of_all_calls: float) -> None:
    """Two years before the plan teach a rep its own pace: no call counts where no account has priority, all where all
    have it."""
    world = tiny_world()
    world = replace(world, accounts=world.accounts._replace(priority=np.full(9, priority)))
    ready = prepare(world, plan(world, goals=both_goals), 0, burn_in(world, 0))
    assert ready.state.goal_rate == pytest.approx(of_all_calls * ready.state.call_rate, abs=1e-3)
