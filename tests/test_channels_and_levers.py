"""Ways to call an account, and what a plan changes in how the firm works."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.rules.pay import salary_share
from sim.run import run
from sim.world import (
    WEEKS,
    Channels,
    Goals,
    Levers,
)
from sim.year import burn_in, prepare
from tests.equality import first_difference
from tests.stepped import LEVEL, world_of
from tests.worlds import MOVED, PAY, both_goals, plan


def one_way(**changes: Any) -> Channels:
    """Every account called in one way, a visit but for ``changes``."""
    visit = {"hours": 1.0, "bond": 1.0, "counts": 1, "travels": 1}
    columns = {name: np.array([value]) for name, value in {**visit, **changes}.items() if name != "effect"}
    return Channels(**columns, effect=np.full((1, 2), changes.get("effect", 1.0)), of=np.zeros(9, dtype=np.int64))


def test_a_way_to_call_has_its_hours_and_no_travel():
    world = world_of()
    year = run(world, replace(plan(world), channels=one_way(hours=0.25, travels=0)), [0]).rep_week
    assert year["calls"].sum() > 400
    assert year["hours"] == pytest.approx(0.25 * year["calls"], rel=1e-12)
    assert not year["travel_hours"].any()
    assert run(world, plan(world), [0]).rep_week["travel_hours"].sum() > 10.0


def test_a_way_to_call_has_its_effect_on_goodwill_and_on_the_relationship():
    """Everybody is called every week; both follow their recursion from where the burn-in left them."""
    world = world_of(carry_over=0.9)
    world = replace(
        world, reps=world.reps._replace(ability=np.ones(3), fit_industry=np.ones((3, 2)), hours=np.full(3, 99.0))
    )
    channels = one_way(hours=0.1, travels=0, bond=0.5, effect=0.4)
    record = run(world, replace(plan(world), channels=channels), [0], inspected=True)
    assert (record.account_year["calls"] == WEEKS).all()
    assert (record.rep_week["quality"] == 1.0).all()
    seen = record.account_week
    assert seen is not None
    b, added = world.behaviour, 0.4 * (1.0 - 0.9) * 52.0 / world.accounts.need
    goodwill, relationship = seen["goodwill"][0], seen["relationship"][0]
    assert goodwill[1:] == pytest.approx(0.9 * goodwill[:-1] + added, rel=1e-12)
    faded = (1.0 - b.relationship_fade) * relationship[:-1]
    assert relationship[1:] == pytest.approx(faded + 0.5 * b.relationship_gain * (1.0 - faded), rel=1e-12)


def test_a_way_to_call_counts_for_an_activity_goal_or_does_not():
    """Without quota or commission pay is salary, and 0.1 weeks more where the week's calls reach the goal."""
    world = world_of()
    pay = PAY._replace(commission=0.0, bonus=0.0, over=0.0)
    goals = Goals(np.zeros(3), np.full(3, 1.0), False, 1)
    weeks = {}
    for counts in (0, 1):
        chosen = replace(plan(world, pay=pay), goals=lambda last: goals, channels=one_way(counts=counts))
        weeks[counts] = run(world, chosen, [0, 1]).rep_week
    salary = 100.0 * PAY.ote / WEEKS * (salary_share(0.0, 0.0) - 0.1)
    assert weeks[0]["pay"] == pytest.approx(np.full((2, WEEKS, 3), salary), abs=1.0)
    reached = weeks[1]["calls"] >= 1
    assert weeks[1]["pay"] == pytest.approx(salary + 10.0 * PAY.ote / WEEKS * reached, abs=1.0)
    assert reached.mean() > 0.5


def test_levers_move_nothing_before_week_one_and_then_all_that_they_say():
    """Played on from the same past, a world that was like that all along has the same year to the last bit."""
    world = world_of()
    other = LEVEL._replace(carry_over=0.9, comfort_pull=0.2, quit_a_year=1.0, stage_hazard=0.3, stage_advance=0.7)
    lever = replace(plan(world, MOVED, both_goals), levers=Levers(other, hours=1.5))
    became = replace(world, behaviour=other, reps=world.reps._replace(hours=world.reps.hours + 1.5))
    levered = run(world, lever, [0, 1], inspected=True)
    as_if = run(became, plan(world, MOVED, both_goals), [0, 1], inspected=True, begun_in=world)
    assert first_difference(levered, as_if, world) == ""
    usual = run(world, plan(world, MOVED, both_goals), [0, 1])
    for name in ("sales_last_year", "status_start", "relationship_start", "open_value_start"):
        assert np.array_equal(levered.account_year[name], usual.account_year[name]), name
    assert not np.array_equal(levered.rep_week["hours"][:, 0], usual.rep_week["hours"][:, 0])


def test_levers_of_the_funnel_stand_for_those_of_the_behaviour():
    world = world_of(stages=3)
    both = [
        Levers(leaves=(0.3, 0.3), goes_on=(0.6, 0.6)),
        Levers(world.behaviour._replace(stage_hazard=0.3, stage_advance=0.6)),
    ]
    one, other = (run(world, replace(plan(world), levers=levers), [0, 1]) for levers in both)
    assert first_difference(one, other, world) == ""
    faster = run(world, replace(plan(world), levers=Levers(goes_on=(0.6, 1.0))), [0, 1])
    assert first_difference(one, faster, world) != ""


@pytest.mark.parametrize("left", [0.0, 0.5, 1.0])
def test_reps_who_are_told_know_potentials_better(left):
    """Of the error, a logarithm, that part is left before week 1."""
    world = world_of()
    start = burn_in(world, 0)
    ready = prepare(world, replace(plan(world), levers=Levers(belief=left)), 0, start)
    errors = np.log(ready.state.belief / world.accounts.potential)
    assert errors == pytest.approx(left * start.state.belief_error, abs=1e-12)
    assert abs(start.state.belief_error).max() > 0.01
