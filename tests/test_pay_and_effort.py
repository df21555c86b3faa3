"""Patience, the ratchet, closes moved over a period's end, discounts: told with exact numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.look import open_year
from sim.mesa_engine import SalesYear
from sim.record import Record
from sim.rules.effort import weigh_quota
from sim.run import run
from sim.story import TellingCustomer, TellingRep
from sim.world import (
    WEEKS,
    Goals,
)
from tests.equality import first_difference
from tests.stepped import at, world_of
from tests.worlds import PAY, both_goals, plan, ratcheting


def test_patience_takes_from_a_bonus_what_is_far():
    """Commission apart, what a week adds to a bonus n weeks away counts ``patience**(n - 1)``."""
    for weeks, worth in ((1.0, 1.0), (13.0, 0.9**12)):
        told = [
            weigh_quota(52.0, 10.0, 1.0, 52.0, weeks, 0.0, 0.0, 5.0, 9.0, patience, 0.5, 0.2, 0.6, 0.1, 0.3)
            for patience in (1.0, 0.9)
        ]
        assert told[1][1] == pytest.approx(worth * told[0][1], rel=1e-12)
        assert told[1][2] == told[0][2]  # the chance is what it was


def test_the_impatient_begin_a_year_slowly_and_end_a_week_alike():
    """A year's quota far away moves them less; where every week is a period of its own, patience changes nothing."""
    for periods, alike in ((1, False), (52, True)):
        records = []
        for patience in (1.0, 0.9):
            world = world_of(patience=patience)
            goals = replace(plan(world), goals=lambda last, n=periods: both_goals(last)._replace(periods=n))
            records.append(run(world, goals, [0, 1]))
        assert (first_difference(*records, world) == "") is alike
        first = [record.rep_week["effort"][:, 0] for record in records]
        assert (first[0] == first[1]).all() if alike else (first[0] > first[1]).all()


def test_a_reps_story_tells_the_bonus_as_the_rep_sees_it():
    """In the first of 13 weeks a bonus is worth ``0.9**12`` of what it is to the patient."""
    told = []
    for patience in (1.0, 0.9):
        world = world_of(patience=patience)
        year = open_year(world, plan(world, goals=both_goals), rep_types={1: TellingRep})
        year.step()
        told.append(year.reps_by_row[1].story[0].numbers["bonus"])
    assert told[0] > 0.05
    assert told[1] == pytest.approx(0.9**12 * told[0], rel=1e-12)


def test_the_fear_of_a_higher_quota_takes_a_quarter_of_the_chance_to_reach_it():
    """Effort is ``benefit**eta``: the benefit is less by ``ratchet * P(quota reached)``, in weeks of pay."""
    world = world_of()
    bold, fearful = (
        run(world, plan(world, goals=goals), [0, 1]).rep_week for goals in (both_goals, ratcheting)
    )  # fmt: skip
    benefit = [week["effort"][:, 0] ** (1.0 / world.behaviour.effort_response) for week in (bold, fearful)]
    assert benefit[0] - benefit[1] == pytest.approx(0.25 * bold["chance"][:, 0], abs=1e-12)
    assert bold["chance"][:, 0].min() > 0.1


def timed(over: float, timing: float) -> tuple[SalesYear, Record]:
    """Quarters whose quota is reached at once, and what more earns ``over``."""
    world = world_of(timing=timing)
    goals = Goals(np.full(3, 1.0), np.zeros(3), False, 4)
    chosen = replace(plan(world, pay=PAY._replace(over=over, cap=1e9)), goals=lambda last: goals)
    return at(world, chosen, 9), run(world, chosen, range(60))


def test_the_next_quarter_is_worth_its_commission_and_a_chance_of_its_bonus():
    """At a pace that just makes the quota, 0.5 and 0.198 of a bonus; who makes it fifty times over has 0.5."""
    year, _ = timed(0.5, 1.0)
    for rep in year.reps_by_row:
        assert rep.hazard(0.5, 13.0, 4.0) == pytest.approx(0.17, rel=1e-3)
        year.state.pace[rep.row] = rep.quota / 13.0
        assert rep.hazard(0.5, 13.0, 4.0) == pytest.approx(0.17 * 0.5 / 0.6977, rel=1e-3)
        assert rep.hazard(0.5, 13.0, 5.0) == 0.17  # five weeks from the end nobody thinks of it


def test_wins_are_held_back_over_the_end_of_a_quarter_where_the_next_one_pays_more():
    """After the goal 0.25 a week of sales, in the next quarter 0.5: half as soon."""
    year, late = timed(0.25, 1.0)
    _, even = timed(0.25, 0.0)
    year.step()
    assert year.state.closing == pytest.approx(0.17 * 0.5 * year.state.effort**0.6, rel=1e-3)
    decided = [one.rep_week["won"].sum(axis=(0, 2)) + one.rep_week["lost"].sum(axis=(0, 2)) for one in (late, even)]
    quarter = np.arange(WEEKS) % 13
    last, first = quarter >= 9, (quarter < 4) & (np.arange(WEEKS) >= 13)
    assert decided[0][last].sum() < 0.9 * decided[1][last].sum()
    assert decided[0][first].sum() > 1.05 * decided[1][first].sum()
    assert decided[0].sum() == pytest.approx(decided[1].sum(), rel=0.05)


def test_wins_are_pulled_forward_where_this_quarter_pays_more():
    """An accelerator of 1.4 after the goal is more than twice 0.5: twice as soon, and no more than that."""
    year, early = timed(1.4, 1.0)
    _, even = timed(1.4, 0.0)
    year.step()
    assert year.state.closing == pytest.approx(np.minimum(1.0, 0.34 * year.state.effort**0.6), rel=1e-12)
    won = [one.rep_week["won"].sum(axis=(0, 2)) for one in (early, even)]
    quarter = np.arange(WEEKS) % 13
    assert won[0][quarter >= 9].sum() > 1.1 * won[1][quarter >= 9].sum()
    assert won[0][13:][quarter[13:] < 4].sum() < 0.95 * won[1][13:][quarter[13:] < 4].sum()


def test_a_discount_comes_off_revenue_and_all_of_it_off_margin():
    """Listed price = revenue + discount, and the margin of the list less the discount is what is left."""
    world = world_of()
    world = replace(world, accounts=world.accounts._replace(order_size=np.zeros(9), margin=np.full(9, 0.5)))
    chosen = plan(world, goals=both_goals, pay=PAY._replace(authority=0.3))
    year = open_year(world, chosen, customer_types=dict.fromkeys(range(9), TellingCustomer))
    year.play()
    listed = np.zeros(WEEKS, dtype=np.int64)
    count = 0
    for customer in year.customers_by_row:
        for event in customer.story:
            if event.what == "won":
                listed[event.week - 1] += event.numbers["cents"]
                count += 1
    week = {name: getattr(year.out.rep, name).sum(axis=1) for name in ("won_revenue", "discounts", "margin")}
    assert count > 10
    assert week["discounts"].sum() > 0.02 * listed.sum()
    assert (week["won_revenue"] + week["discounts"]).tolist() == listed.tolist()
    assert week["margin"] + week["discounts"] == pytest.approx(0.5 * listed, abs=3.0)  # half a cent a deal
    fluid, fluid_margin = (getattr(year.out.rep, name).sum(axis=1) for name in ("fluid_sales", "fluid_margin"))
    given = 2.0 * (0.5 * fluid - fluid_margin)  # F (1 - m) is missing, F = what is expected to be let go, m = 1/2
    assert given.min() > -40.0
    assert given.sum() > 0.02 * fluid.sum()


def test_nobody_discounts_whom_a_sale_brings_no_more_than_commission():
    """Beyond the cap, and without a quota, a rep loses by a discount what the firm loses."""
    world = world_of()
    for chosen in (
        plan(world, pay=PAY._replace(authority=0.5)),
        replace(
            plan(world, pay=PAY._replace(authority=0.5, cap=1.0)),
            goals=lambda last: Goals(np.full(3, 1.0), np.zeros(3), False, 1),
        ),
    ):
        assert run(world, chosen, [0]).rep_week["discounts"][:, 1:].sum() == 0


def test_a_call_is_fresh_in_mind_for_as_many_weeks_as_said():
    for weeks in (0.0, 2.0, 5.0):
        world = world_of(recent_weeks=weeks)
        year = at(world, plan(world), 20)
        since = year.state.since_call
        assert [customer.called_lately for customer in year.customers_by_row] == (since < weeks).astype(int).tolist()
        assert since.min() < 2.0 <= since.max()
