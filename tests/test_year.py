"""The year: both engines play it bit for bit, and what one territory does leaves every other untouched."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from sim.behaviour import Behaviour
from sim.layout import Layout
from sim.record import ACCOUNT_WEEK, ACCOUNT_YEAR, REP_WEEK
from sim.run import ENGINES, run
from sim.world import Accounts, Changes, Review
from tests.equality import first_difference
from tests.worlds import PAY, both_goals, everything, no_goals, plan, tiny_world

PLANS = {
    "status quo": {},
    "goals and cap": {"goals": both_goals, "pay": PAY._replace(cap=1.02)},
    "everything moves": {"owner": np.array([2, 2, 2, 0, 0, 0, 1, 1, 1])},
    "a rep without accounts": {"owner": np.array([1, 1, 1, 1, 1, 1, 2, 2, 2]), "goals": both_goals},
    "fall": {"goals": both_goals, "demand": 0.75},
}


@pytest.mark.parametrize("case", PLANS)
def test_both_engines_play_the_same_year(case):
    world = tiny_world()
    chosen = plan(world, **PLANS[case])
    compiled = run(world, chosen, [0, 1], "compiled", inspected=True)
    agents = run(world, chosen, [0, 1], "mesa", inspected=True)
    assert first_difference(compiled, agents, world) == ""


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour(stages=4, stage_advance=0.7),
        Behaviour(stages=1, carry_over=0.0, comfort_pull=0.0),
        Behaviour(response_shape=1.6, response_half=0.7, rival_weight=1.0, deal_cv=0.4),
    ],
)
def test_both_engines_follow_the_parameters(behaviour):
    world = tiny_world(behaviour)
    chosen = plan(world, goals=both_goals)
    assert first_difference(run(world, chosen, [3], "compiled"), run(world, chosen, [3], "mesa"), world) == ""


def test_every_declared_column_is_written():
    world, chosen = everything()
    moved = Review((26,), lambda seen: Changes((seen.owner + 1) % 3, seen.quota))
    world = replace(world, reps=world.reps._replace(planned=np.array([0, 0, 1])))  # who begins with the plan
    record = run(world, replace(chosen, review=moved, hired=(2,)), range(6), inspected=True)
    assert list(record.rep_week) == [column.name for column in REP_WEEK]
    assert list(record.account_year) == [column.name for column in ACCOUNT_YEAR]
    assert list(record.account_week) == [column.name for column in ACCOUNT_WEEK]
    tables = {**record.rep_week, **record.account_year, **record.account_week}
    assert [name for name, values in tables.items() if not values.any()] == []


def test_moving_one_account_leaves_everybody_else_untouched():
    world = tiny_world()
    before = run(world, plan(world), [0, 1, 2])
    owner = np.array(world.current)
    owner[2] = 1  # account 3 goes from rep A to rep B
    after = run(world, plan(world, owner=owner), [0, 1, 2])
    for name, values in before.rep_week.items():
        assert np.array_equal(values[:, :, 2], after.rep_week[name][:, :, 2]), name
    others = [6, 7, 8]
    for name, values in before.account_year.items():
        assert np.array_equal(values[:, others], after.account_year[name][:, others]), name
    assert not np.array_equal(before.rep_week["hours"][:, :, :2], after.rep_week["hours"][:, :, :2])


def test_moving_an_account_nobody_can_call_leaves_its_old_neighbours_untouched():
    """With a call on account 3 longer than any week, A and B do the same with and without it."""
    world = tiny_world()
    far = np.array(world.accounts.x_km)
    far[2] = 9_000.0
    world = replace(world, accounts=world.accounts._replace(x_km=far))
    owner = np.array(world.current)
    owner[2] = 1
    before, after = run(world, plan(world), [0, 1]), run(world, plan(world, owner=owner), [0, 1])
    stays = [0, 1, 3, 4, 5, 6, 7, 8]
    for name in ("calls", "won", "order_revenue", "goodwill"):
        assert np.array_equal(before.account_year[name][:, stays], after.account_year[name][:, stays]), name


def test_an_account_added_far_away_changes_nobody():
    """Luck hangs on keys, not on places: a tenth account of rep C leaves A and B as they were."""
    world = tiny_world()
    more = {name: np.concatenate([values, values[-1:]]) for name, values in world.accounts._asdict().items()}
    more["key"][-1] = 50
    larger = replace(world, accounts=Accounts(**more), current=np.append(world.current, 2))
    before, after = run(world, plan(world), [0]), run(larger, plan(larger), [0])
    assert np.array_equal(before.rep_week["margin"][:, :, :2], after.rep_week["margin"][:, :, :2])
    assert np.array_equal(before.account_year["won"][:, :6], after.account_year["won"][:, :6])


def test_identical_plans_differ_by_exactly_nothing():
    world = tiny_world()
    assert first_difference(run(world, plan(world), range(4)), run(world, plan(world), range(4)), world) == ""


def test_threads_and_order_of_replications_do_not_matter():
    world = tiny_world()
    forward = run(world, plan(world, goals=both_goals), [0, 1, 2, 3], threads=1)
    backward = run(world, plan(world, goals=both_goals), [3, 2, 1, 0], threads=2)
    for name, values in forward.rep_week.items():
        assert np.array_equal(values, backward.rep_week[name][::-1]), name


def test_processes_do_not_matter():
    world = tiny_world()
    chosen = plan(world, goals=both_goals)
    assert first_difference(run(world, chosen, [0, 1], "mesa", threads=2), run(world, chosen, [0, 1]), world) == ""


FINGERPRINT = """
import hashlib
from sim.run import ENGINES, run
from tests.worlds import both_goals, plan, tiny_world
world = tiny_world()
record = run(world, plan(world, goals=both_goals, demand=0.9), [0], {engine!r}, threads=1)
digest = hashlib.sha256()
for table in (record.rep_week, record.account_year):
    for name in table:
        digest.update(table[name].tobytes())
print(digest.hexdigest())
"""


def fingerprint(engine: str, **environment: str) -> str:
    """A hash of a small year, played by a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", FINGERPRINT.format(engine=engine)],
        env={**os.environ, **environment}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.mark.parametrize("engine", ["compiled", "mesa"])
def test_without_compilation_the_bits_are_the_same(engine):
    assert fingerprint(engine, NUMBA_DISABLE_JIT="1") == fingerprint("compiled")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_full_pipeline_grows_and_changes_nothing(monkeypatch, engine):
    """When more opportunities are open than the columns hold, the year starts again with more room."""
    world = tiny_world(Behaviour(stage_hazard=0.02))
    usual = run(world, plan(world), [0])
    import sim.run
    import sim.state

    def cramped(layout: Layout, open_now: np.ndarray, doublings: int):
        room = np.maximum(2 << doublings, open_now)
        return np.concatenate([[0], np.cumsum(room)]).astype(np.int64)

    monkeypatch.setattr(sim.state, "room_for_deals", cramped)
    sim.run._STARTS.clear()
    assert first_difference(run(world, plan(world), [0], engine), usual, world) == ""
    sim.run._STARTS.clear()
    assert first_difference(run(world, plan(world), [0]), usual, world) == ""
    sim.run._STARTS.clear()


def test_money_is_booked_in_whole_cents_and_adds_up():
    record = run(tiny_world(), plan(tiny_world()), range(3))
    for name in ("order_revenue", "won_revenue", "calls", "lost", "orders"):
        by_rep = record.rep_week[name].sum(axis=(1, 2))
        by_account = record.account_year[name].sum(axis=1)
        assert np.array_equal(by_rep, by_account), name
        assert by_rep.dtype == np.int64


def test_pay_at_target_is_on_target_earnings():
    """Without a quota a territory that sells just its first pace earns exactly OTE."""
    world = tiny_world()
    record = run(world, plan(world, goals=no_goals), range(8))
    sales = (record.rep_week["order_revenue"] + record.rep_week["won_revenue"]).sum(axis=1) / 100.0
    pay = record.rep_week["pay"].sum(axis=1) / 100.0
    pace = record.rep_week["pace"][:, 0, :] / 100.0
    assert pay == pytest.approx(0.5 * PAY.ote + 0.5 * PAY.ote * sales / (52.0 * pace), abs=0.3)


def test_the_workers_of_the_mesa_engine_leave_with_their_parent():
    program = """
import multiprocessing, os, signal
from concurrent.futures import ProcessPoolExecutor
from sim.processes import _receive
from tests.worlds import tiny_world
pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _receive, (tiny_world(),))
pool.submit(os.getpid).result()
os.kill(os.getpid(), signal.SIGKILL)
"""
    # A worker that stayed would hold the pipe open, and this would never come back.
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=False)
    assert told.returncode == -9


def test_what_is_open_before_a_plan_is_the_pipeline_of_every_rep():
    """The value of open opportunities by account adds up to that of all opportunities, whoever has them."""
    from sim.year import burn_in, prepare

    world = tiny_world()
    ready = prepare(world, plan(world), 0, burn_in(world, 0))
    state, open_value = ready.state, ready.out.account.open_value_start
    spans = [slice(first, first + count) for first, count in zip(state.deals_from, state.deals, strict=False)]
    assert [int(open_value[3 * j : 3 * j + 3].sum()) for j in range(3)] == [
        int(state.deal_cents[span].sum()) for span in spans
    ]
    assert all(state.deals > 0)
