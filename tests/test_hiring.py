"""Hiring: where new places lie, who is sought when, what accounts whoever comes gets, and what it costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.costs import fixed_cost, hiring_cost, selling_cost
from analysis.metrics import contribution, margin
from scenarios.build import build
from scenarios.hiring.need import COMES, Staffing, earned, lacking, work
from scenarios.hiring.places import filled, homes, with_places
from scenarios.identity import status_quo
from scenarios.problems import InputError
from scenarios.review.moving import Loads
from scenarios.schema import HiringOptions, MarketOptions, Scenario, TeamOptions
from sim.run import run
from sim.world import NOBODY
from tests.equality import first_difference
from tests.test_review import three
from tests.test_years import played_of

SMALL = Scenario(market=MarketOptions(accounts=160), team=TeamOptions(reps=4))
NEED = HiringOptions("by_need", most=2, trigger=0.8)


def with_one_more(**own):
    """The three reps of `three`, and a place that is not there yet, near all accounts."""
    seen, known = three(**own)
    near = np.hstack([known.near, np.full((6, 1), 3)])
    hours = np.hstack([known.hours, np.full((6, 1), 40.0)])
    known = known._replace(
        near=near, hours=hours, capacity=np.full(4, 100.0), planned=np.array([False, False, False, True])
    )
    none = np.zeros((13, 1))
    seen = seen._replace(
        weekly=np.hstack([seen.weekly, none]), quota=np.append(seen.quota, 0.0), vacant=np.append(seen.vacant, NOBODY)
    )
    return seen, known


def test_a_new_place_lies_where_it_shortens_most_ways():
    """The page's own example, and then the second one, between what is left."""
    where = np.array([[0.0, 0.0], [10.0, 0.0], [100.0, 0.0]])
    assert homes(where, np.ones(3), np.zeros((1, 2)), 2).tolist() == [2, 1]


def test_work_asks_for_people_when_hours_are_missing():
    """240 hours as their regions buy (160 + 80 x 180/280); with a trigger of .5 that is work for 4.2 people."""
    seen, known = with_one_more()
    needed = 160.0 + 80.0 * 180.0 / 280.0
    assert needed == pytest.approx(211.43, abs=0.01)
    assert work(seen, known, replace(NEED, trigger=0.5)) == 2  # (422.9 - 300) / 100, rounded up
    assert work(seen, known, replace(NEED, trigger=1.0)) == 0
    assert work(seen._replace(vacant=np.array([0, 0, 0, 5])), known, replace(NEED, trigger=0.5)) == 1


def test_new_business_pays_for_people():
    """A quarter brought 250 where last year's brought 350; had it brought 650, the margin above is 150, 600 a year."""
    seen, known = with_one_more()
    assert earned(seen, known, NEED) < 0
    better = seen._replace(weekly=np.hstack([np.tile([350.0, 150.0, 150.0], (13, 1)) / 13.0, np.zeros((13, 1))]))
    assert earned(better, known, replace(NEED, trigger=1.0)) == 4  # 600 / 150
    assert earned(better, known, replace(NEED, trigger=4.0)) == 1
    assert earned(better._replace(vacant=np.array([0, 0, 0, 3])), known, replace(NEED, trigger=4.0)) == 0


def test_who_is_sought_comes_a_quarter_later_and_gets_accounts_from_the_fullest():
    seen, known = with_one_more()
    staffing = Staffing(known, replace(NEED, trigger=0.5))
    changes = staffing(seen)
    assert changes is not None
    assert changes.seek.tolist() == [0, 0, 0, COMES]
    assert (changes.owner == seen.owner).all()
    assert not changes.held
    comes = staffing(seen._replace(vacant=np.array([0, 0, 0, 1])))
    assert comes.seek.tolist() == [0, 0, 0, 0]
    assert comes.owner.tolist() == [3, 3, 0, 0, 1, 2]  # of rep 0's 160 hours in 100 half go
    assert staffing(seen._replace(vacant=np.array([0, 0, 0, 7]))) is None


def test_the_place_with_most_work_lacking_nearby_is_filled():
    """Rep 0 has 160 hours of work and 100 of its own: three eighths of what its accounts ask for is lacking."""
    seen, known = with_one_more()
    assert lacking(seen, known) == pytest.approx([60.0, 45.0, 15.0, 60.0], abs=1e-6)
    locked = known._replace(stays=np.ones(6, dtype=bool))
    assert not lacking(seen, locked).any()
    assert Staffing(locked, replace(NEED, trigger=0.5))(seen) is None


def test_a_new_rep_takes_only_until_it_is_as_full():
    seen, known = with_one_more(owner=np.zeros(6, dtype=np.int64))
    loads = Loads(np.full(6, 40.0), known.hours, np.ones(6))
    owner = filled(seen, known, np.array([3]), loads, known.capacity)
    assert np.bincount(owner, minlength=4).tolist() == [3, 0, 0, 3]


def test_hiring_up_front_draws_for_the_whole_team_and_changes_nothing_of_today():
    never, front = (build(replace(SMALL, hiring=one)) for one in (HiringOptions(), HiringOptions("x", 1, 1)))
    assert front.plan.hired == (4,)
    assert front.plan.review is None
    shares = np.bincount(front.plan.owner, minlength=6)
    assert shares[4] > 0
    assert shares[5] == 0  # a second place was looked at and is not there
    assert np.array_equal(never.world.current, front.world.current)
    before, after = (run(one.world, one.plan, [0]) for one in (never, front))
    assert np.array_equal(before.account_year["sales_last_year"], after.account_year["sales_last_year"])
    assert after.rep_week["hired"][0].nonzero() == (np.array([0]), np.array([4]))
    assert (after.rep_week["place"][0] == [1, 1, 1, 1, 1, 0]).all()
    assert after.rep_week["pay"][0, :, 5].sum() == 0
    # Somebody new calls less well at first.
    assert after.rep_week["quality"][0, 0, 4] < 0.5 < after.rep_week["quality"][0, 40, 4]


def test_both_engines_hire_alike_by_need():
    scenario = replace(SMALL, hiring=NEED, years=2, market=replace(SMALL.market, growth="+20%"))
    made = build(scenario)
    one, other = (run(made.world, made.plan, [0], engine, threads=1) for engine in ("compiled", "mesa"))
    assert not first_difference(one, other, made.world)
    weeks, places = one.rep_week["hired"][0].nonzero()
    assert len(weeks) == 2
    assert set(weeks) <= {26, 39, 52, 65, 78, 91}
    for week, place in zip(weeks, places, strict=True):
        assert one.rep_week["gained"][0, week, place] > 0
        assert one.rep_week["place"][0, :week, place].sum() == 0
        assert (one.rep_week["place"][0, week:, place] == 1).all()
        assert one.rep_week["calls"][0, week : week + 8, place].sum() > 0


def test_a_hire_costs_its_price_its_pay_and_its_overhead_from_the_day_it_comes():
    scenario = replace(SMALL, hiring=replace(NEED, most=1), years=2)
    made = build(scenario)
    played = played_of(scenario, run(made.world, made.plan, range(3)))
    played.info["scenario"] |= {"hiring": {"price": 20_000.0}}
    weeks = played.weeks("place")[:, :, 4:].sum(axis=(1, 2))
    assert (weeks > 0).all()
    assert hiring_cost(played).tolist() == [20_000.0] * 3
    assert fixed_cost(played).tolist() == pytest.approx([36_000.0 * (4 * 104 + week) / 52 for week in weeks])
    assert contribution(played).tolist() == pytest.approx((margin(played) - selling_cost(played)).tolist())


def test_without_places_new_reps_stand_beside_the_busiest():
    made = build(SMALL)
    market = replace(made.market, has_places=False)
    team = with_places(made.team, market, HiringOptions("x", 1))
    busiest = market.accounts["current_rep"].value_counts().index[0]
    region = made.team.reps.set_index("id").loc[busiest, "region"]
    assert team.reps["region"].iloc[4] == region
    assert team.reps["planned"].tolist() == [False] * 4 + [True] * 2


def test_hiring_is_part_of_the_plan_and_a_wrong_word_is_told():
    assert status_quo(replace(SMALL, hiring=NEED)).hiring == HiringOptions()
    with pytest.raises(InputError, match="there is no 'works'"):
        build(replace(SMALL, hiring=replace(NEED, by="works")))
