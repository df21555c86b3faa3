"""What happens on a date, and what neighbours say of it: the week before, the event, the week after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.look import open_year
from sim.rules.response import share_won
from sim.run import run
from sim.world import (
    CUSTOMER,
    DEMAND,
    LAPSED,
    LAUNCH,
    LEAD,
    PROSPECT,
    World,
)
from tests.stepped import at, met, with_events, world_of
from tests.worlds import listening, plan

PRICE, QUALITY = 1, 4


def test_a_competitor_gains_on_price_and_more_is_lost_for_it():
    """From 0.2 ahead to 0.6 in week 6: kappa 0.4, on the accounts concerned, and their share is lower at once."""
    world = world_of()
    chosen = with_events(world, (5, LEAD, PRICE, 0.4, 0), concerns=[0, 3, 6])
    before, after = met(at(world, chosen, 5))
    assert after.pressure == pytest.approx([0.4, 0, 0] * 3, abs=1e-15)
    assert after.lead[:, PRICE] == pytest.approx([0.6, 0.2, 0.2] * 3, rel=1e-15)
    assert not before["pressure"].any()
    record, usual = run(world, chosen, range(40), inspected=True), run(world, plan(world), range(40), inspected=True)
    seen = record.account_week["goodwill"][:, 5:, 0]
    shares = [share_won(x, world.behaviour.share_floor, 1.0, 1.0, 0.4) for x in seen.flat]
    assert record.account_week["share"][:, 5:, 0].ravel() == pytest.approx(shares, rel=1e-15)
    hit = [0, 3, 6]
    lost, lost_before = (one.account_year["lost_price"][:, hit].sum() for one in (record, usual))
    assert lost > 1.5 * lost_before
    assert record.account_year["won"][:, hit].sum() < usual.account_year["won"][:, hit].sum()


@pytest.mark.parametrize(
    ("weight", "change", "eased"), [(1.0, -0.1, 0.1), (1.0, -0.2, 0.2), (1.0, -0.9, 0.2), (2.0, -0.1, 0.2)]
)
def test_a_competitor_who_stumbles_makes_selling_easier(weight, change, eased):
    """By what it was ahead and no more: behind us it is no help."""
    world = world_of(rival_weight=weight)
    _, after = met(open_year(world, with_events(world, (0, LEAD, PRICE, change, 0))))
    assert after.pressure == pytest.approx(np.full(9, -eased), rel=1e-12)


def test_a_lead_on_quality_is_a_reason_to_lose():
    world = world_of()
    record = run(world, with_events(world, (0, LEAD, QUALITY, 0.5, 0)), range(10))
    assert record.account_year["lost_quality"].sum() > 20
    assert run(world, plan(world), range(10)).account_year["lost_quality"].sum() == 0


def only_orders(**behaviour: Any) -> World:
    """The tiny world without opportunities."""
    world = world_of(**behaviour)
    return replace(world, accounts=world.accounts._replace(opening_rate=np.zeros(9)))


def test_a_fall_of_the_market_takes_a_quarter_of_what_was_expected_in_that_week():
    world = only_orders()
    one, usual = (
        run(world, chosen, [0, 1], inspected=True)
        for chosen in (with_events(world, (10, DEMAND, 0, -0.25, 0), concerns=[0, 1, 2, 3, 4]), plan(world))
    )
    assert one.account_week is not None
    assert usual.account_week is not None
    fell, stood = one.account_week["fluid_sales"], usual.account_week["fluid_sales"]
    assert np.array_equal(fell[:, :10], stood[:, :10])
    assert fell[:, 10, :5] == pytest.approx(0.75 * stood[:, 10, :5], abs=1.0)  # whole cents
    assert stood[:, 10, :5].sum() > 10_000
    assert np.array_equal(fell[:, 10, 5:], stood[:, 10, 5:])


def test_half_of_a_fall_is_in_the_number_of_opportunities_and_half_in_their_size():
    world = world_of()
    before, after = met(at(world, with_events(world, (10, DEMAND, 0, -0.36, 0)), 10))
    assert after.opens == pytest.approx(0.8 * before["opens"], rel=1e-12)
    assert after.root_shock == pytest.approx(0.8 * before["root_shock"], rel=1e-12)
    assert after.shock == pytest.approx(0.64 * before["shock"], rel=1e-12)


def test_a_launch_brings_a_fifth_more_opportunities():
    world = world_of()
    chosen = with_events(world, (10, LAUNCH, 0, 0.2, 0), concerns=[1, 4])
    year = at(world, chosen, 10)
    before = [customer.openings for customer in year.customers_by_row]
    year.meet()
    after = [customer.openings for customer in year.customers_by_row]
    factors = np.where(np.isin(np.arange(9), [1, 4]), 1.2, 1.0)
    assert after == pytest.approx(factors * before, rel=1e-12)
    assert year.state.root_shock.tolist() == [1.0] * 9


def test_what_an_event_changes_outlasts_the_year():
    """In the last week half of the demand goes: the 26 weeks after are worth half, where nothing else is sold."""
    world = only_orders()
    fall, usual = (
        run(world, chosen, range(3)).account_year["end_value"]
        for chosen in (with_events(world, (51, DEMAND, 0, -0.5, 0), concerns=[0, 1]), plan(world))
    )
    assert usual[:, :2].sum() > 0
    assert fall[:, :2] == pytest.approx(0.5 * usual[:, :2], abs=1.0)
    assert np.array_equal(fall[:, 2:], usual[:, 2:])


def test_a_lead_and_a_launch_outlast_the_year_too():
    world = world_of(churn_a_year=0.0)
    ends = {
        what: run(world, chosen, range(3)).account_year["end_value"]
        for what, chosen in (
            ("usual", plan(world)), ("lead", with_events(world, (51, LEAD, PRICE, 0.5, 0))),
            ("launch", with_events(world, (51, LAUNCH, 0, 0.5, 0))),
        )
    }  # fmt: skip
    assert (ends["lead"] < ends["usual"]).all()
    assert (ends["launch"] > ends["usual"]).all()


@pytest.mark.parametrize(
    ("status", "relationship", "word"),
    [(CUSTOMER, 0.6, 0.6 / 4), (CUSTOMER, 0.0, 0.0), (LAPSED, 0.6, -0.5 / 4), (PROSPECT, 0.6, 0.0)],
)
def test_one_of_four_neighbours_speaks_of_us(status, relationship, word):
    """A customer raises the rate of who hears it by ``R * referral / 4`` and eases selling by ``R * review / 4``."""
    world = listening(world_of(referral=0.8, review=0.4))
    year = open_year(world, plan(world))
    year.state.status[:] = PROSPECT
    year.state.status[2], year.state.relationship[2] = status, relationship
    year.meet()
    hears = (world.neighbours == 2).any(axis=1)
    assert hears.sum() == 4
    assert year.state.opens == pytest.approx(world.accounts.opening_rate * (1.0 + 0.8 * word * hears), rel=1e-12)
    assert year.state.pressure == pytest.approx(-0.4 * word * hears, abs=1e-15)


def test_what_is_said_is_heard_a_week_later():
    """Neighbours are heard as they were at last week's end, not as they are this week."""
    world = listening(world_of(referral=0.8))
    year = at(world, plan(world), 20)
    ends, status = np.array(year.state.relationship), np.array(year.state.status)
    year.step()
    said = np.where(status == CUSTOMER, ends, np.where(status == LAPSED, -0.5, 0.0))
    assert year.state.word == pytest.approx(said[world.neighbours].mean(axis=1), rel=1e-12)
    assert not np.array_equal(year.state.relationship, ends)
