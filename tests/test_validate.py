"""`territory validate`: its bands, its verdicts, and that a mechanism taken away is noticed."""

from __future__ import annotations

import math

import numpy as np
import pytest

from command.main import main
from command.validate import KNOWN
from command.validation.calls import partial_rank_correlation, planned
from command.validation.handovers import Handover, handed_over, of_equal_fit, to_a_new_hire, to_one, to_the_nearest
from command.validation.lab import Lab, mean_and_error, no_goals, rep_weeks
from command.validation.patterns import PATTERNS
from command.validation.pay import all_commission, costing, fast_history
from command.validation.periods import by_potential, in_play
from command.validation.quotas import pooled
from command.validation.response import SEEN, STOP, Replay, left_of_deficit
from command.validation.territories import alike, at_distance, kilometres, loss, shared, with_team
from command.validation.verdict import Band, bands, verdict
from sim.mesa_engine import SalesYear
from sim.rules.calling import call_value
from sim.rules.response import reach_gained
from sim.world import Plan
from sim.year import play_year, prepare

YEARS = 6


def test_patterns_bands_and_the_door_know_the_same_numbers():
    assert tuple(PATTERNS) == tuple(bands()) == KNOWN


def test_open_bands_ask_for_certainty():
    above = Band(0.0, math.inf)
    assert verdict(1.0, 0.1, 24, above) == "pass"
    assert verdict(1.0, 0.9, 24, above) == "weak"
    assert verdict(-1.0, 0.9, 24, above) == "weak"
    assert verdict(-1.0, 0.1, 24, above) == "fail"
    assert verdict(0.0, 0.1, 24, above) == "weak"
    assert verdict(0.0, 0.0, 24, above) == "fail"
    assert verdict(float("nan"), 0.1, 24, above) == "fail"


def test_what_nothing_is_asked_of_is_shown():
    nothing = Band(-math.inf, math.inf)
    assert (verdict(1.0, 0.1, 24, nothing), str(nothing)) == ("shown", "")


@pytest.mark.parametrize("number", [1, 2, 3, 4, 6, 7, 8, 9, 11, 13, 14, 17, 19, 20, 21, 23, 24, 25, 27])
def test_a_pattern_comes_out_in_its_band(number):
    # Redrawing's worth hangs on how uneven today's map is; how ten reps spread is known from many years only.
    size = {6: (500, 10, YEARS), 8: (1000, 10, YEARS), 24: (1000, 10, 24)}.get(number, (400, 4, YEARS))
    readings = PATTERNS[number](Lab(1, *size))
    asked = bands()[number]["statistics"]
    assert set(readings) == set(asked)
    assert [
        name for name, band in asked.items() if verdict(*mean_and_error(readings[name]), size[2], band) == "fail"
    ] == []


def test_accounts_change_rep_at_the_distance_of_before():
    lab = Lab(1, 60, 3, 2)
    next_rep = (lab.base.current + 1) % 3
    before = kilometres(lab.base, lab.base.current)
    world = at_distance(lab.base, next_rep, before)
    assert kilometres(world, next_rep) == pytest.approx(before)
    assert abs(kilometres(lab.base, next_rep) - before).max() > 1.0


def test_territories_of_like_accounts_differ_in_number_only():
    world = alike(Lab(1, 60, 4, 2))
    assert all(np.ptp(column) == 0.0 for column in (world.accounts.need, world.accounts.potential, world.reps.hours))
    assert world.reps.hours[0] == pytest.approx(16.0)  # calls needed of a rep and week, an hour each
    assert np.bincount(shared(60, 4, 0.5)).tolist() == [8, 22, 8, 22]  # 7.5 and 22.5, rounded where they end
    odd = np.bincount(shared(1000, 5, 0.25))
    assert odd.std() / odd.mean() == pytest.approx(0.25, abs=0.005)
    assert odd[-1] == 200


def today(lab):
    return Plan(np.array(lab.base.current), no_goals, lab.pay)


def test_planned_calls_are_those_believed_to_bring_most_an_hour():
    lab = Lab(1, 300, 3, 2)
    world = planned(lab.base)
    year = SalesYear(*prepare(world, today(lab), 0, lab.starts(lab.base)[0], weeks=1))
    state, b = year.state, world.behaviour

    def an_hour(rep, customer):
        gained = reach_gained(customer.goodwill, rep.adds(customer), b.response_half, b.response_shape, 0.0)
        return call_value(state.belief[customer.row], b.share_floor, gained) / state.hours[customer.row]

    worth = []
    for rep in year.reps_by_row:
        rep.set_effort()
        worth.append({customer.row: an_hour(rep, customer) for customer in rep.customers})
    year.step()
    for of_rep in worth:
        called = [value for row, value in of_rep.items() if year.out.account.calls[row]]
        others = [value for row, value in of_rep.items() if not year.out.account.calls[row]]
        assert len(called) > 5
        assert min(called) >= max(others)


def test_calls_of_a_year_made_again_make_the_same_year():
    lab = Lab(1, 60, 3, 2)
    start, everyone = lab.starts(lab.base)[0], np.arange(60)
    played = play_year(lab.base, today(lab), 0, start, weeks=SEEN, inspected=True).out
    year = Replay(prepare(lab.base, today(lab), 0, start, weeks=SEEN), played.account_week.called == 1, everyone)
    year.play()
    assert (year.sales * 100.0).round().tolist() == played.account_week.fluid_sales.tolist()
    assert year.demand.min() > 0.0


def test_of_a_call_left_out_goodwill_lacks_what_it_would_have_kept():
    lab = Lab(1, 60, 3, 2)
    start, tenth = lab.starts(lab.base)[0], np.arange(0, 60, 10)
    calls = play_year(lab.base, today(lab), 0, start, weeks=SEEN, inspected=True).out.account_week.called == 1
    stopped = calls.copy()
    stopped[:STOP, tenth] = False
    years = [Replay(prepare(lab.base, today(lab), 0, start, weeks=SEEN), made, tenth) for made in (calls, stopped)]
    for year in years:
        year.play()
    left = 0.96 ** np.arange(SEEN, SEEN - STOP, -1.0)
    lacking = [years[0].customer(i).goodwill - years[1].customer(i).goodwill for i in tenth]
    adds = [customer.rep.adds(customer) for customer in map(years[0].customer, tenth)]
    assert calls[:STOP, tenth].sum() > 2
    assert lacking == pytest.approx(adds * (calls[:STOP, tenth] * left[:, None]).sum(axis=0))


def test_a_month_after_the_stop_lies_between_two_weeks():
    whole, less = np.full((SEEN, 2), 10.0), np.full((SEEN, 2), 10.0)
    less[[3, 7, 8], 0] = 6.0, 8.0, 9.2  # deficits of 20, 10 and 4 %; a third of the way from 10 to 4 is 8
    assert left_of_deficit(whole, less) == pytest.approx(0.4)


def test_what_both_owe_to_a_third_column_is_taken_out():
    a, b, third = np.array([1, 2, 3, 4]), np.array([2, 1, 4, 3]), np.array([1, 2, 4, 3])
    assert partial_rank_correlation(a, b, third) == pytest.approx((0.6 - 0.8 * 0.8) / 0.36)
def test_who_leaves_is_followed_by_the_nearest_other():
    lab = Lab(1, 60, 3, 2)
    world = lab.of_equals()
    leavers, left, owner, before, _ = to_the_nearest(world)[1]
    mine = world.current == 1
    assert leavers.tolist() == [1]
    assert left is before is world
    assert (owner[~mine] == world.current[~mine]).all()
    assert set(owner[mine]) == {0, 2}
    other = np.where(owner == 0, 2, np.where(owner == 2, 0, owner))
    assert (kilometres(world, owner) <= kilometres(world, other))[mine].all()


def test_an_account_is_seen_in_the_year_its_own_rep_leaves():
    lab = Lab(1, 60, 3, 2)
    world = lab.of_equals()
    stayed, changed = handed_over(lab, world, to_the_nearest(world))
    mine = world.current == 2
    year = lab.year(world, owner=to_the_nearest(world)[2].owner)[1].out.account
    assert changed.orders[1, mine].tolist() == (year.fluid_orders[mine] / 100.0).tolist()
    assert changed.won[1, mine].tolist() == (year.fluid_won[mine] / 100.0).tolist()
    assert (changed.sales != stayed.sales).all()
    nobody_leaves = handed_over(lab, world, [Handover(np.arange(3), world, world.current, world)])
    assert all((a == b).all() for a, b in zip(*nobody_leaves, strict=True))


def test_an_heir_has_the_hours_and_the_ways_of_who_left():
    world = of_equal_fit(Lab(1, 60, 4, 2).of_equals())
    heir = np.array([1, 0, 3, 0])
    handovers = to_one(world, heir, ability=1.3, likeness=np.full(4, 0.8))
    assert [h.leavers.tolist() for h in handovers] == [[0, 2], [1], [3]]  # 0 and 2 have nothing to do with each other
    first = handovers[0]
    assert (first.owner == np.array([1, 1, 3, 3])[world.current]).all()
    assert kilometres(first.world, first.owner) == pytest.approx(kilometres(world, world.current))
    assert first.world.reps.hours.tolist() == [22.0, 44.0, 22.0, 44.0]
    assert (first.world.reps.alike[0, 1], first.world.reps.alike[2, 3]) == (0.8, 0.8)
    assert first.begun_in.reps.ability.tolist() == [1.0, 1.3, 1.0, 1.3]
    assert (first.begun_in.reps.hours == 22.0).all()


def test_a_new_hire_begins_on_the_first_day_with_all_to_learn():
    lab = Lab(1, 60, 3, 2)
    world = of_equal_fit(lab.of_equals())
    (hired,) = to_a_new_hire(world)
    year = lab.year(hired.world, events=hired.events, begun_in=world)[0].out
    assert year.rep.left.sum(axis=0).tolist() == year.rep.left[0].tolist() == [1, 1, 1]
    assert not year.rep.vacant.any()
    assert year.rep.quality[0] == pytest.approx(0.3)
    assert (np.diff(year.rep.quality, axis=0) > 0.0).all()


def test_strangers_sell_less_than_colleagues_and_likeness_helps():
    readings = PATTERNS[10](Lab(1, 400, 4, YEARS))
    assert set(readings) == set(bands()[10]["statistics"])
    assert readings["new hire less existing rep, points"].mean() < 0.0
    assert (readings["similar less dissimilar rep, points"] > 0.0).all()


def test_a_year_in_a_row_begins_where_the_one_before_ended():
    lab = Lab(1, 60, 3, 2)
    goals = [by_potential(1), fast_history(1, knows=True)]
    first, second = lab.years(lab.base, goals, pay=lab.pay)
    alone = lab.year(lab.base, goals=goals[0])
    assert all((a.out.rep.pay == b.out.rep.pay).all() for a, b in zip(first, alone, strict=True))
    for before, after in zip(first, second, strict=True):
        assert (after.out.account.status_start == before.out.account.status).all()
        above = before.out.rep.attainment[-1] - 1.0
        assert after.quota == pytest.approx(before.quota * (1.0 + np.where(above > 0.0, 0.8, 0.5) * above))


def test_commission_for_what_another_plan_paid_costs_as_much():
    lab = Lab(1, 60, 3, 2)
    everything = all_commission(lab)
    assert everything.commission == pytest.approx(0.5 + 5.0 / 52.0)
    year = lab.years(lab.base, [by_potential(4)])[0]
    as_paid = rep_weeks(year, "pay").sum() / 100.0 / (2 * 3 * lab.pay.ote)  # of OTE, 2 years of 3 reps
    assert as_paid != pytest.approx(1.0, abs=0.01)
    assert costing(lab, [year]).commission == pytest.approx(everything.commission - (1.0 - as_paid))


def test_bonuses_raise_the_last_weeks_and_moved_closes_are_told_apart():
    readings = PATTERNS[18](Lab(1, 400, 4, YEARS))
    assert set(readings) == set(bands()[18]["statistics"])
    still, moving = (readings[f"rise {how}, per cent"] for how in ("without moving closes", "with it"))
    assert (still > 0.0).all()
    assert (moving != still).all()
    assert readings["part of effort in the rise of the last four weeks"].mean() == pytest.approx(
        still.mean() / moving.mean()
    )


def test_only_what_is_named_changes_in_how_reps_behave():
    lab = Lab(1, 60, 3, 2)
    changed = in_play(lab, timing=1.0).behaviour
    assert changed == lab.base.behaviour._replace(timing=1.0) != lab.base.behaviour


def test_rep_weeks_are_pooled_over_replications():
    weeks = [np.array([1.0, 1.0, 1.0]), np.array([]), np.array([5.0])]
    mean, error = mean_and_error(pooled(weeks))
    assert mean == pytest.approx(2.0)  # of the four, not of two means
    assert error == pytest.approx(2.25 / math.sqrt(3.0))  # the values held: -0.25, 2 and 4.25
    assert np.isnan(pooled([np.array([]), np.array([])])).all()


def test_beyond_the_quota_reps_work_for_the_over_rate():
    readings = PATTERNS[13](Lab(1, 120, 2, 3))
    assert readings["effort after the quota, with an over-rate"] == pytest.approx((0.5 + 0.875) ** 0.45)
    capped = readings["effort after the quota, with an over-rate"] + readings["the same capped less uncapped"]
    assert 0.5**0.45 < capped.mean() < (0.5 + 0.875) ** 0.45


def test_a_team_of_another_size_lives_as_the_generator_has_it():
    lab = Lab(1, 60, 3, 2)
    same, turned, larger = with_team(lab, 3), with_team(lab, 3, 1.0), with_team(lab, 5)
    assert same.reps.x_km.tolist() == lab.base.reps.x_km.tolist()
    assert (larger.accounts.need == lab.base.accounts.need).all()
    assert np.bincount(larger.current).size == 5
    assert all((column == 1.0).all() for column in (larger.reps.ability, larger.reps.fit_area, larger.reps.fit_product))
    apart = [np.hypot(a.x_km - a.x_km[0], a.y_km - a.y_km[0]) for a in (same.accounts, turned.accounts)]
    assert apart[0] == pytest.approx(apart[1])
    assert abs(apart[0]).max() > 1.0


def test_of_the_best_number_nothing_is_lost():
    curve = np.array([100.0, 30.0, 0.0])  # margin 100 + 30 ln part, so that reps cost 30 together
    assert loss(curve, 1.0) == pytest.approx(0.0)
    assert loss(curve, 0.5) == pytest.approx(100.0 * (70.0 - (100.0 - 30.0 * math.log(2.0) - 15.0)) / 70.0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--pattern", "5"], "no pattern 5"),
        (["--seeds", "one"], "whole numbers"),
        (["--rivals", "--rival-seeds", "1,two"], "--rival-seeds 1,two: whole numbers"),
        (["--reps", "1"], "at least 2 reps"),
        (["--replications", "1"], "at least 2"),
    ],
)
def test_mistakes_are_answered_in_words(words, said, capsys):
    assert main(["validate", *words]) == 2
    assert said in capsys.readouterr().err


def test_it_prints_a_row_a_statistic(capsys):
    assert main(
        ["validate", "--pattern", "23", "--seeds", "1", "--accounts", "120", "--reps", "2", "--replications", "3"]
    ) in (0, 1)
    rows = capsys.readouterr().out.splitlines()
    assert len(rows) == 1 + len(bands()[23]["statistics"])
    assert rows[0].startswith("no.\tpattern and statistic\tsource\tband")
