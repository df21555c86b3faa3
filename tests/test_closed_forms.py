"""Verification: where the model can be solved on paper, the played years give the same, with both engines.

One rep lives where all accounts are; they are equal, demand is level, and luck has no shocks but the draws themselves.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import f

from sim.behaviour import Behaviour
from sim.rules.effort import effort, weigh_quota
from sim.rules.orders import order_rate
from sim.rules.pipeline import standing_odds, win_chance
from sim.rules.response import goodwill_a_call, share_won
from sim.run import ENGINES, run
from sim.world import CUSTOMER, WEEKS, Accounts, Reps, World
from tests.worlds import plan

ENOUGH = 1_000.0  # hours a week: everybody is called every week
NEED = 26.0
LEVEL = Behaviour(account_shock=0.0, region_shock=0.0, carry_over=0.9)
A_CALL = goodwill_a_call(NEED, LEVEL.carry_over)


def even_world(n: int, hours: float, behaviour: Behaviour = LEVEL) -> World:
    """n accounts with 10,000 a year each, and one average rep with ``hours`` a week."""
    same, key = np.ones(n), np.arange(1, n + 1)
    zero = np.zeros(n, dtype=np.int64)
    accounts = Accounts(
        key=key, potential=1e4 * same, belief=1e4 * same, need=NEED * same, order_size=500.0 * same,
        opening_rate=0.2 * same, deal_size=2_000.0 * same, win_logit=0.0 * same, margin=0.5 * same,
        x_km=0.0 * same, y_km=0.0 * same, region=zero, industry=zero, area=zero, product=zero,
        lead=np.zeros((n, 5)), priority=zero,
    )  # fmt: skip
    one = np.ones(1)
    reps = Reps(
        key=np.array([1_001]), x_km=0.0 * one, y_km=0.0 * one, ability=one, hours=hours * one,
        fit_industry=np.ones((1, 1)), fit_area=np.ones((1, 1)), fit_product=np.ones((1, 1)),
        alike=np.ones((1, 1)), planned=np.zeros(1, dtype=np.int64),
    )  # fmt: skip
    return World(accounts, reps, behaviour, np.ones(WEEKS), zero, 5)


def relationship_after_a_call(b: Behaviour) -> float:
    """``R = (1 - f) R + g (1 - (1 - f) R)``, called every week."""
    return b.relationship_gain / (1.0 - (1.0 - b.relationship_fade) * (1.0 - b.relationship_gain))


@pytest.fixture(scope="module")
def called_every_week():
    world = even_world(60, ENOUGH, LEVEL._replace(churn_a_year=0.0))
    return run(world, plan(world), range(60)).account_year


@pytest.mark.parametrize("engine", ENGINES)
def test_goodwill_and_relationship_come_to_rest_where_gains_equal_losses(engine):
    """Goodwill ``L a / (1 - L)`` and relationship ``(1 - f) R`` after 156 weeks with a call each, an effort of 1."""
    world = even_world(3, ENOUGH)
    year = run(world, plan(world), [0], engine).account_year
    left = LEVEL.carry_over
    assert (year["calls"] == WEEKS).all()
    assert year["goodwill"] == pytest.approx(np.full((1, 3), left * A_CALL / (1.0 - left)), rel=1e-6)
    rest = (1.0 - LEVEL.relationship_fade) * relationship_after_a_call(LEVEL)
    assert year["relationship"] == pytest.approx(np.full((1, 3), rest), rel=1e-6)


def test_equal_accounts_get_equal_calls():
    """Means over 120 years differ between 40 accounts as they would by luck alone: F of one-way variance."""
    world = even_world(40, 9.0)
    calls = run(world, plan(world), range(120)).account_year["calls"].astype(float)
    years, n = calls.shape
    between = years * calls.mean(axis=0).var(ddof=1)
    within = calls.var(axis=0, ddof=1).mean()
    assert calls.mean() == pytest.approx(9.0 * WEEKS / n, rel=0.01)  # an hour a call, no way to go
    assert f.sf(between / within, n - 1, n * (years - 1)) > 0.001


def test_customers_order_as_often_as_share_and_relationship_say(called_every_week):
    """``12 * min(1, s * (1 + rho (R - 1/2)))`` a year, with goodwill and relationship as they are after the call."""
    b, year = LEVEL, called_every_week
    share = share_won(A_CALL / (1.0 - b.carry_over), b.share_floor, b.response_half, b.response_shape, 0.0)
    rate = order_rate(b.orders_a_year, 1.0, share, relationship_after_a_call(b), b.order_loyalty) * WEEKS
    orders = year["orders"][year["status_start"] == CUSTOMER]
    assert orders.size > 1_000
    assert orders.mean() == pytest.approx(rate, abs=4.0 * orders.std() / math.sqrt(orders.size))


def test_of_what_opens_that_part_is_won_that_passes_every_stage(called_every_week):
    """``advance**(stages - 1) * p``: won over decided, and the eight reasons are the rest."""
    b, year = LEVEL, called_every_week
    odds = standing_odds(b.win_odds, 0.0, 1.0, 1.0, b.win_ability, b.win_fit)
    p = win_chance(odds, 0.0, relationship_after_a_call(b), 1, 0.0, b.win_relationship, b.win_recent_call)
    part = b.stage_advance ** (b.stages - 1) * p
    won, lost = year["won"].sum(), year["lost"].sum()
    decided = won + lost
    assert decided > 10_000
    assert won / decided == pytest.approx(part, abs=4.0 * math.sqrt(part * (1.0 - part) / decided))
    assert lost == sum(year[name].sum() for name in year if name.startswith("lost_"))
    assert year["lost_neglect"].sum() == 0  # nobody who is called every week is lost for that


def test_nobody_who_is_never_called_keeps_more_than_the_floor():
    """Without hours goodwill is ``L**156`` of the guess it began with, and customers order at the floor's share."""
    world = even_world(50, 0.5, LEVEL._replace(churn_a_year=0.0))
    year = run(world, plan(world), range(30)).account_year
    assert year["calls"].sum() == 0
    assert year["goodwill"].max() < 1e-6
    orders = year["orders"][year["status_start"] == CUSTOMER]
    least = order_rate(LEVEL.orders_a_year, 1.0, LEVEL.share_floor, 0.0, LEVEL.order_loyalty) * WEEKS
    assert (
        least - 4.0 * orders.std() / math.sqrt(orders.size) < orders.mean() < least * 1.4
    )  # relationships fade slower


def test_effort_at_its_limits():
    """Without an answer to pay it is 1 whatever pay brings; a goal out of reach leaves drive alone; the caps hold."""
    b = LEVEL
    for benefit in (0.0, 0.3, 1.0, 5.0):
        assert effort(benefit, 0.0, b.effort_low, b.effort_high) == 1.0
    assert effort(1e9, b.effort_response, b.effort_low, b.effort_high) == b.effort_high
    assert effort(0.0, b.effort_response, b.effort_low, b.effort_high) == b.effort_low
    hopeless = weigh_quota(1e9, 0.0, 1.0, 52.0, 52.0, 0.0, 0.0, 5.0, 1e6, 1.0, 0.5, 0.3, 0.6, 0.1, 0.3)
    assert hopeless[:2] == pytest.approx((0.5 * (1.0 - 0.3), 0.0), abs=1e-6)
