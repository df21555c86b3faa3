"""Reps who leave and who come after them, told with exact numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.draws import QUIT, four, normal
from sim.look import open_year
from sim.rules.people import ramp
from sim.run import run
from sim.setting import colleagues
from sim.world import (
    LEAVES,
    WEEKS,
    Goals,
)
from sim.year import burn_in, prepare
from tests.stepped import at, met, with_events, world_of
from tests.worlds import MOVED, plan


def test_a_rep_leaves_and_its_accounts_lose_what_hangs_on_a_person():
    """Week 10: of the relationship a fifth is left, nothing of fit; nobody new is there to be welcomed yet."""
    world = world_of(vacancy_weeks=6.0)
    before, after = met(at(world, with_events(world, (9, LEAVES, 0, 0.0, 1)), 9))
    mine = slice(3, 6)
    assert after.relationship[mine] == pytest.approx(0.2 * before["relationship"][mine], rel=1e-15)
    assert after.before[mine].tolist() == before["relationship"][mine].tolist()
    assert after.fresh[mine].tolist() == before["fresh"][mine].tolist()
    assert after.fit[mine].tolist() == [1.0] * 3
    assert (after.ability[1], after.ramp[1], after.vacancy.tolist()) == (1.0, 1.0, [0, 6, 0])
    assert after.relationship[[0, 1, 2, 6, 7, 8]].tolist() == before["relationship"][[0, 1, 2, 6, 7, 8]].tolist()


def test_an_empty_place_has_three_tenths_of_its_hours_and_neighbours_that_much_less():
    """A and C live equally near to B. With three reps the nearest, A by its key, gives two of the three parts."""
    world = world_of(vacancy_weeks=6.0)
    assert colleagues(world).tolist() == [[1, 2, 1], [0, 2, 0], [1, 0, 1]]
    _, after = met(at(world, with_events(world, (9, LEAVES, 0, 0.0, 1)), 9))
    tenth = 0.3 * 2.5 / 3
    assert after.time == pytest.approx([2.5 - 2 * tenth, 3 * tenth, 2.5 - tenth], rel=1e-15)


def test_who_is_away_gives_nothing_and_nobody_gives_more_than_it_has():
    """A and B leave at once, and an empty place should have all its hours: C has 2.5 and is asked for 0.83 twice."""
    world = world_of(cover_share=1.0)
    both = with_events(world, (0, LEAVES, 0, 0.0, 0), (0, LEAVES, 0, 0.0, 1))
    _, after = met(open_year(world, both))
    assert after.time == pytest.approx([2.5 / 3, 2.5 / 3, 2.5 / 3], rel=1e-15)
    alone = replace(world, reps=world.reps._replace(hours=np.array([2.5, 9.0, 0.5])))
    _, after = met(open_year(alone, both))
    assert after.time == pytest.approx([0.5, 0.0, 0.0], abs=1e-15)  # A's place comes first


def test_the_weeks_of_an_empty_place_and_of_who_comes_after():
    """Six weeks without anybody and without pay; then somebody whose calls do 0.3, then more, of a seasoned rep's."""
    world = world_of(vacancy_weeks=6.0)
    chosen = with_events(world, (9, LEAVES, 0, 0.0, 1))
    record, usual = run(world, chosen, [0, 1]), run(world, plan(world), [0, 1])
    week = record.rep_week
    assert np.argwhere(week["left"]).tolist() == [[0, 9, 1], [1, 9, 1]]
    assert np.argwhere(week["vacant"][0]).tolist() == [[w, 1] for w in range(9, 15)]
    assert not week["pay"][:, 9:15, 1].any()
    assert week["pay"][:, [8, 15], 1].all()
    assert (week["effort"][:, 9:15, 1] == 1.0).all()
    for name, values in week.items():
        assert np.array_equal(values[:, :9], usual.rep_week[name][:, :9]), name
    for replication in (0, 1):
        luck = four(world.seed, replication, QUIT, 102, 2 * WEEKS + 15, 0)[1]
        ability = np.exp(0.25 * normal(luck) - 0.5 * 0.25**2)
        each_call = ability**0.6 * week["effort"][replication, 15:, 1] ** 0.4
        learnt = [ramp(float(since), 0.7, 14.0) for since in range(WEEKS - 15)]
        assert week["quality"][replication, 15:, 1] == pytest.approx(each_call * learnt, rel=1e-12)
    assert learnt[0] == pytest.approx(0.3, rel=1e-12)


def test_who_comes_is_a_fresh_face():
    world = world_of(vacancy_weeks=2.0)
    before, after = met(at(world, with_events(world, (9, LEAVES, 0, 0.0, 1)), 11))
    assert before["fresh"][3:6].max() < 1.0
    assert after.fresh[3:6].tolist() == [1.0] * 3
    assert after.relationship[3:6].tolist() == before["relationship"][3:6].tolist()
    assert (after.vacancy[1], after.hired[1], after.time.tolist()) == (0, 1, [2.5] * 3)


STEADY = {"quit_missed": 0.0, "quit_gap": 0.0, "quit_peers": 0.0, "vacancy_weeks": 0.0}


def test_so_many_reps_leave_a_year():
    """All else well ``quit_a_year``; places are filled at once, so that each of 52 weeks has three who may leave."""
    world = world_of(quit_a_year=1.0, **STEADY)
    years = range(100)
    left = run(world, plan(world), years).rep_week["left"].sum()
    expected = 3 * len(years) * 1.0
    assert left == pytest.approx(expected, abs=4.0 * np.sqrt(expected))


def test_who_misses_two_quotas_leaves_twice_as_often():
    """A quota out of reach in quarters: from week 27 on every rep that is still there has missed two."""
    world = world_of(quit_a_year=0.5, **{**STEADY, "quit_missed": 1.0, "vacancy_weeks": 52.0})
    hopeless = Goals(np.full(3, 1e7), np.zeros(3), False, 4)
    left = run(world, replace(plan(world), goals=lambda last: hopeless), range(150)).rep_week["left"]
    there = 1 - np.cumsum(left, axis=1) + left  # before each week
    for weeks, chance in ((slice(0, 26), 0.5 / WEEKS), (slice(26, 52), 1.0 / WEEKS)):
        who, gone = there[:, weeks].sum(), left[:, weeks].sum()
        assert gone == pytest.approx(who * chance, abs=4.0 * np.sqrt(who * chance))


def test_an_heir_who_is_alike_has_more_of_the_relationship():
    """Kept a fifth, and 0.06 times how much alike the two are: A's third account goes to B, C's to A."""
    world = world_of()
    alike = np.array([[1.0, 0.9, 0.2], [0.9, 1.0, 0.5], [0.2, 0.5, 1.0]])
    world = replace(world, reps=world.reps._replace(alike=alike))
    start = burn_in(world, 0)
    ready = prepare(world, plan(world, MOVED), 0, start)
    order = np.argsort(ready.setting.rows)
    for row, alike_there in ((2, 0.9), (5, 0.5), (8, 0.2)):
        kept = 0.2 * start.state.relationship[row] + 0.06 * alike_there  # today's territories lie in the order of rows
        assert ready.state.relationship[order[row]] == pytest.approx(kept, rel=1e-15)
