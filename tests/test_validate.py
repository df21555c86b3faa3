"""`territory validate`: its bands, its verdicts, and that a mechanism taken away is noticed."""

from __future__ import annotations

import math

import numpy as np
import pytest

from command.main import main
from command.validate import KNOWN
from command.validation.handovers import handed_over, to_the_nearest
from command.validation.lab import Lab, mean_and_error
from command.validation.patterns import PATTERNS
from command.validation.quotas import pooled
from command.validation.rivals import RIVALS
from command.validation.territories import alike, at_distance, kilometres, loss, shared, with_team
from command.validation.verdict import Band, bands, verdict

YEARS = 6


def test_patterns_bands_and_the_door_know_the_same_numbers():
    assert tuple(PATTERNS) == tuple(bands()) == KNOWN


def test_open_bands_ask_for_certainty():
    above = Band(0.0, math.inf)
    assert verdict(1.0, 0.1, 24, above) == "pass"
    assert verdict(1.0, 0.9, 24, above) == "weak"
    assert verdict(-1.0, 0.9, 24, above) == "weak"
    assert verdict(-1.0, 0.1, 24, above) == "fail"
    assert verdict(float("nan"), 0.1, 24, above) == "fail"


def test_what_nothing_is_asked_of_is_shown():
    nothing = Band(-math.inf, math.inf)
    assert (verdict(1.0, 0.1, 24, nothing), str(nothing)) == ("shown", "")


@pytest.mark.parametrize("number", [1, 3, 6, 7, 8, 9, 11, 13, 21, 23, 24])
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


def test_who_leaves_is_followed_by_the_nearest_other():
    lab = Lab(1, 60, 3, 2)
    world = lab.of_equals()
    left, owner = to_the_nearest(world)(1)
    mine = world.current == 1
    assert left is world
    assert (owner[~mine] == world.current[~mine]).all()
    assert set(owner[mine]) == {0, 2}
    other = np.where(owner == 0, 2, np.where(owner == 2, 0, owner))
    assert (kilometres(world, owner) <= kilometres(world, other))[mine].all()


def test_an_account_is_seen_in_the_year_its_own_rep_leaves():
    lab = Lab(1, 60, 3, 2)
    world = lab.of_equals()
    stayed, changed = handed_over(lab, world, to_the_nearest(world))
    mine = world.current == 2
    year = lab.year(world, owner=to_the_nearest(world)(2)[1])[1].out.account
    assert changed.orders[1, mine].tolist() == (year.fluid_orders[mine] / 100.0).tolist()
    assert changed.won[1, mine].tolist() == (year.fluid_won[mine] / 100.0).tolist()
    assert (changed.sales != stayed.sales).all()
    nobody_leaves = handed_over(lab, world, lambda leaver: (world, world.current))
    assert all((a == b).all() for a, b in zip(*nobody_leaves, strict=True))


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


@pytest.mark.parametrize("rival", RIVALS, ids=lambda rival: rival.name)
def test_a_mechanism_taken_away_is_noticed(rival):
    reading = PATTERNS[rival.pattern](Lab(1, 400, 4, YEARS, rival.behaviour))[rival.statistic]
    band = bands()[rival.pattern]["statistics"][rival.statistic]
    mean, error = mean_and_error(reading)
    assert not band.low <= mean <= band.high
    assert verdict(mean, error, YEARS, band) != "pass"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--pattern", "2"], "no pattern 2"),
        (["--seeds", "one"], "whole numbers"),
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
