"""Every mechanism, alone and all together: both engines play the same year, and what is off costs not a bit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.behaviour import Behaviour
from sim.record import Record
from sim.run import digest, run
from sim.world import (
    CRITERIA,
    DEMAND,
    LAUNCH,
    LEAD,
    LEAVES,
    WEEKS,
    Accounts,
    Channels,
    Events,
    Goals,
    Levers,
    Plan,
    Reps,
    World,
    no_events,
    visits,
)
from tests.equality import first_difference
from tests.worlds import (
    MOVED,
    PAY,
    both_goals,
    everything,
    happening,
    listening,
    no_goals,
    plan,
    ratcheting,
    three_ways,
    tiny_world,
)


class Year(NamedTuple):
    """A world and a plan on it."""

    world: World
    plan: Plan


def year(behaviour: dict[str, Any] | None = None, hears: bool = False, alike: float = 0.5, **changes: Any) -> Year:
    """Three accounts change rep, with both goals; ``changes`` are columns of the plan."""
    world = tiny_world(Behaviour(**(behaviour or {})))
    world = replace(world, reps=world.reps._replace(alike=np.full((3, 3), alike)))
    return Year(listening(world) if hears else world, replace(plan(world, MOVED, both_goals), **changes))


ALONE = {
    "an heir who is alike": year({"similarity_bonus": 0.3}, alike=1.0),
    "people": year({"quit_a_year": 2.0, "vacancy_weeks": 3.0}),
    "people and no wait": year({"quit_a_year": 2.0, "vacancy_weeks": 0.0}),
    "a rep leaves": year(events=happening((9, LEAVES, 0, 0.0, 1), (12, LEAVES, 0, 0.0, 1))),
    "demand": year(events=happening((9, DEMAND, 0, -0.25, 0), (30, DEMAND, 0, 0.5, 0))),
    "no demand at all": year(events=happening((9, DEMAND, 0, -1.0, 0))),
    "competitors": year(events=happening((0, LEAD, 1, 0.4, 0), (51, LEAD, 2, -0.9, 0))),
    "a launch": year(events=happening((9, LAUNCH, 0, 0.2, 0), concerns=[0, 8])),
    "referral": year({"referral": 1.0}, hears=True),
    "reviews": year({"review": 0.8}, hears=True),
    "patience": year({"patience": 0.9}),
    "timing": year({"timing": 2.0}),
    "discounts": year(pay=PAY._replace(authority=0.4)),
    "the ratchet": year(goals=ratcheting),
    "channels": year(channels=three_ways(tiny_world())),
    "other behaviour": year(levers=Levers(Behaviour(carry_over=0.9, share_floor=0.2))),
    "other hours": year(levers=Levers(hours=-2.4)),
    "other beliefs": year(levers=Levers(belief=0.0)),
    "another funnel": year({"stages": 3}, levers=Levers(leaves=(0.3, 0.1), goes_on=(0.6, 1.0))),
    "a call is remembered": year({"recent_weeks": 12.0, "win_recent_call": 0.5}),
    "a quick lane": year({"quick_share": 0.5}),
    "a quick lane beside one stage": year({"quick_share": 0.95, "quick_hazard": 1.0, "stages": 1}),
    "a quick lane by a lever": year(levers=Levers(Behaviour(quick_share=0.5))),
    "a quick lane that a lever closes": year({"quick_share": 0.5}, levers=Levers(Behaviour())),
    "months of standstill and of haste": year({"first_month_pace": 0.0, "last_month_pace": 5.0}),
    "months of other odds": year({"first_month_odds": -1.0, "last_month_odds": 3.0}),
    "everything": Year(*everything()),
}


def played(one: Year, engine: str = "compiled", replications: tuple[int, ...] = (0, 1, 2), **how: Any) -> Record:
    """Its record, week by week."""
    return run(one.world, one.plan, replications, engine, inspected=True, **how)


@pytest.mark.parametrize("name", ALONE)
def test_both_engines_play_the_same_year(name):
    one = ALONE[name]
    compiled, agents = played(one), played(one, "mesa", threads=1)
    assert first_difference(compiled, agents, one.world) == ""
    for values in (*compiled.rep_week.values(), *compiled.account_year.values()):
        assert np.isfinite(values).all()


@pytest.mark.parametrize("name", sorted(set(ALONE) - {"everything"}))
def test_a_mechanism_changes_the_year(name):
    """Or the test above would hold two years without it against each other."""
    one = ALONE[name]
    plain = year() if "another funnel" not in name else year({"stages": 3})
    assert first_difference(played(one), played(plain), one.world) != ""


WEIGHTLESS = "competitors without weight"  # what is lost is lost for them all the same
NO_BONUS = PAY._replace(bonus=0.0)
# What is there but does nothing, and the year that it leaves as it is.
OFF = {
    "nobody is alike": (year({"similarity_bonus": 0.3}, alike=0.0), year({"similarity_bonus": 0.0})),
    "nobody leaves": (year({"quit_a_year": 1e-9}), year()),
    "no events": (year(events=no_events(9)), year()),
    "events without force": (
        year(events=happening((3, DEMAND, 0, 0.0, 0), (4, LEAD, 2, 0.0, 0), (5, LAUNCH, 0, 0.0, 0))), year(),
    ),
    "events that concern nobody": (
        year(events=happening((3, DEMAND, 0, -0.9, 0), (4, LEAD, 2, 0.9, 0), concerns=[])), year(),
    ),
    "events after the year": (year(events=happening((WEEKS, DEMAND, 0, -0.9, 0), (60, LEAVES, 0, 0.0, 0))), year()),
    WEIGHTLESS: (
        year({"rival_weight": 0.0, "churn_a_year": 0.0}, events=happening((3, LEAD, 2, 0.9, 0))),
        year({"churn_a_year": 0.0}),
    ),
    "nobody listens": (year(hears=True), year()),
    "every account is visited": (year(channels=visits(1.0, 2, 9)), year()),
    "three ways that are one": (
        year(
            channels=Channels(
                np.ones(3), np.ones(3), np.ones(3, dtype=np.int64), np.ones(3, dtype=np.int64), np.ones((3, 2)),
                np.arange(9) % 3,
            )
        ), year(),
    ),
    "levers at rest": (year(levers=Levers()), year()),
    "levers that say what is": (
        year({"stages": 3}, levers=Levers(Behaviour(stages=3), 0.0, 1.0, (0.17, 0.17), (1.0, 1.0))),
        year({"stages": 3}),
    ),
    "nobody is quick": (year({"quick_hazard": 1.0}), year()),
    "no bonus to wait for": (year({"patience": 0.8}, pay=NO_BONUS), year(pay=NO_BONUS)),
    "no period that ends": (year({"timing": 3.0}, goals=no_goals), year(goals=no_goals)),
    "nobody may discount": (year({"win_discount": 9.0}), year()),
    "nothing but commission": (
        year(goals=no_goals, pay=PAY._replace(authority=0.9)), year(goals=no_goals),
    ),
    "a ratchet nobody fears": (year({"ratchet_fear": 0.0}, goals=ratcheting), year()),
    "no quota to raise": (year(goals=lambda last: no_goals(last)._replace(ratchets=True)), year(goals=no_goals)),
}  # fmt: skip


@pytest.mark.parametrize("name", OFF)
def test_what_is_off_costs_no_bit(name):
    off, without = OFF[name]
    record, usual = played(off), played(without)
    if name == WEIGHTLESS:
        for one in (record, usual):
            for reason in [column for column in one.account_year if column.startswith("lost_")]:
                del one.account_year[reason]
    assert first_difference(record, usual, off.world) == ""


def test_a_burn_in_knows_its_neighbours():
    """Two worlds that differ in who listens to whom have two pasts."""
    world = listening(tiny_world(Behaviour(referral=1.0)))
    other = replace(world, neighbours=np.roll(world.neighbours, 1, axis=0))
    one, same, different = (run(w, plan(w), [0]).account_year["sales_last_year"] for w in (world, world, other))
    assert digest(world) != digest(other)
    assert np.array_equal(one, same)
    assert not np.array_equal(one, different)


def shuffled(one: Year, accounts: list[int], reps: list[int]) -> Year:
    """The same year with its accounts and reps in other rows."""
    a, r = np.array(accounts), np.array(reps)
    row, seat = np.argsort(a), np.argsort(r)  # where each old row stands now
    w, p = one.world, one.plan
    people = Reps(*(column[r] for column in w.reps))._replace(alike=w.reps.alike[np.ix_(r, r)])
    world = replace(
        w, accounts=Accounts(*(column[a] for column in w.accounts)), reps=people, current=seat[w.current[a]],
        neighbours=row[w.neighbours[a]],
    )  # fmt: skip
    assert p.events is not None
    assert p.channels is not None
    events = p.events._replace(seat=seat[p.events.seat], concerns=p.events.concerns[:, a])
    return Year(
        world, replace(p, owner=seat[p.owner[a]], events=events, channels=p.channels._replace(of=p.channels.of[a]))
    )


@pytest.mark.parametrize("engine", ["compiled", "mesa"])
@pytest.mark.parametrize(
    ("accounts", "reps"),
    [(range(8, -1, -1), range(3)), (range(9), [2, 0, 1]), ([4, 0, 8, 2, 6, 1, 7, 3, 5], [1, 2, 0])],
)
def test_in_which_rows_accounts_and_reps_stand_does_not_matter(engine, accounts, reps):
    """All luck and every tie hang on keys; with everything on, each agent has the same year wherever it stands."""
    usual = Year(*everything())
    other = shuffled(usual, list(accounts), list(reps))
    before, after = played(usual), played(other, engine, threads=1)
    for table, order in (("rep_week", reps), ("account_year", accounts), ("account_week", accounts), ("goals", reps)):
        for name, values in getattr(before, table).items():
            assert np.array_equal(values[..., list(order)], getattr(after, table)[name]), name


def test_threads_and_processes_do_not_matter():
    """Events, channels and levers travel to another process; a goal policy is asked in this one."""
    one = Year(*everything())
    alone = run(*one, [0, 1, 2], threads=1)
    assert first_difference(run(*one, [0, 1, 2], threads=3), alone, one.world) == ""
    assert first_difference(run(*one, [0, 1, 2], "mesa", threads=2), alone, one.world) == ""


@st.composite
def random_events(draw: st.DrawFn) -> Events:
    """Up to six events of any kind, week and size; several may fall on one week."""
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(0, WEEKS - 1), st.sampled_from([DEMAND, LEAD, LAUNCH, LEAVES]),
                st.integers(0, len(CRITERIA) - 1), st.floats(-1.0, 2.0), st.integers(0, 2),
            ),
            max_size=6,
        )
    )  # fmt: skip
    if not rows:
        return no_events(9)
    concerns = draw(st.lists(st.lists(st.booleans(), min_size=9, max_size=9), min_size=len(rows), max_size=len(rows)))
    return happening(*rows)._replace(concerns=np.array(concerns))


@st.composite
def random_channels(draw: st.DrawFn) -> Channels:
    """One to three ways to call."""
    count = draw(st.integers(1, 3))

    def some(numbers: st.SearchStrategy[Any], size: int) -> np.ndarray:
        return np.array(draw(st.lists(numbers, min_size=size, max_size=size)))

    share, flag = st.floats(0.0, 1.5), st.integers(0, 1)
    return Channels(
        hours=some(st.floats(0.05, 2.0), count), bond=some(st.floats(0.0, 1.0), count), counts=some(flag, count),
        travels=some(flag, count), effect=some(share, 2 * count).reshape(count, 2),
        of=some(st.integers(0, count - 1), 9),
    )  # fmt: skip


@st.composite
def random_years(draw: st.DrawFn) -> Year:
    """Any mechanism anywhere in its range, on the tiny world."""
    part, stages = st.floats(0.0, 1.0), draw(st.integers(1, 3))
    numbers = {
        "quit_a_year": st.sampled_from([0.0, 0.5, 2.0]), "quit_missed": st.floats(0.0, 5.0),
        "quit_gap": st.floats(0.0, 5.0), "quit_peers": st.floats(0.0, 5.0), "vacancy_weeks": st.floats(0.0, 52.0),
        "cover_share": part, "ramp_lost": part, "ramp_weeks": st.floats(1.0, 104.0), "hire_spread": part,
        "similarity_bonus": st.floats(0.0, 0.3), "patience": st.floats(0.8, 1.0), "timing": st.floats(0.0, 3.0),
        "timing_weeks": st.floats(1.0, 13.0), "win_discount": st.floats(0.0, 10.0), "ratchet_fear": st.floats(0.0, 2.0),
        "rival_weight": st.floats(0.0, 2.0), "referral": st.floats(0.0, 2.0), "review": part,
        "recent_weeks": st.floats(0.0, 52.0), "quick_share": st.sampled_from([0.0, 0.3, 0.95]),
        "quick_hazard": st.floats(0.05, 1.0), "first_month_pace": st.floats(0.0, 5.0),
        "last_month_pace": st.floats(0.0, 5.0), "first_month_odds": st.floats(-3.0, 3.0),
        "last_month_odds": st.floats(-3.0, 3.0),
    }  # fmt: skip
    b = Behaviour(stages=stages, **draw(st.fixed_dictionaries(numbers)))
    world = tiny_world(b, draw(st.integers(0, 2**32 - 1)))
    if draw(st.booleans()):
        heard = draw(st.lists(st.integers(0, 8), min_size=36, max_size=36))
        world = replace(world, neighbours=np.array(heard).reshape(9, 4))
    alike = draw(st.lists(part, min_size=9, max_size=9))
    world = replace(world, reps=world.reps._replace(alike=np.array(alike).reshape(3, 3)))
    steps = st.lists(st.floats(0.01, 1.0), min_size=stages - 1, max_size=stages - 1).map(tuple)
    levers = Levers(
        draw(st.none() | st.just(b._replace(carry_over=0.8, referral=0.5, quit_a_year=1.0))),
        draw(st.floats(-3.0, 3.0)), draw(part), draw(steps), draw(steps),
    )  # fmt: skip
    quota, activity = draw(st.just(0.0) | st.floats(1.0, 60_000.0)), draw(st.just(0.0) | st.floats(0.1, 3.0))
    goals = Goals(
        np.full(3, quota), np.full(3, activity), draw(st.booleans()), draw(st.sampled_from([1, 2, 4, 12, 52])),
        draw(st.booleans()),
    )  # fmt: skip
    owner = np.array(draw(st.lists(st.integers(0, 2), min_size=9, max_size=9)))
    pay = PAY._replace(authority=draw(part), over=draw(part), bonus=draw(st.floats(0.0, 10.0)))
    events = draw(st.none() | random_events())
    return Year(world, Plan(owner, lambda last: goals, pay, events, levers, draw(st.none() | random_channels())))


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(random_years())
def test_any_mixture_of_mechanisms_is_the_same_year_in_both_engines(one):
    compiled, agents = played(one, replications=(0,)), played(one, "mesa", (0,))
    assert first_difference(compiled, agents, one.world) == ""
    for values in (*compiled.rep_week.values(), *compiled.account_year.values()):
        assert np.isfinite(values).all()
    assert (compiled.rep_week["won_revenue"] >= 0).all()
    assert not compiled.rep_week["pay"][compiled.rep_week["vacant"] == 1].any()
