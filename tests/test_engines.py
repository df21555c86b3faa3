"""The two engines over scenarios that nobody thought of: equal to the last bit, or the first difference is shown."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenarios.build import build
from scenarios.goals import POLICIES
from scenarios.pay import PLANS
from scenarios.schema import (
    EventOptions,
    GoalsOptions,
    MarketOptions,
    PayOptions,
    Scenario,
    TeamOptions,
    TerritoryOptions,
)
from scenarios.territory import DESIGNS
from sim.behaviour import Behaviour
from sim.parameter import Declared, declared
from sim.record import Record
from sim.run import run

CHANGED = 6  # behaviour parameters changed at once


def inside(entry: Declared) -> st.SearchStrategy[Any]:
    """Any value of a parameter's declared range, its ends among them."""
    low, high = entry.about.low, entry.about.high
    if entry.type is int:
        return st.integers(int(low or 0), int(high or 8))
    return st.floats(float(low or 0.0), float(high or 1.0), allow_nan=False) | st.sampled_from([low, high])


def behaviours() -> st.SearchStrategy[Behaviour]:
    """Behaviours with a few parameters anywhere in their ranges; effort's limits stay in order."""
    table = [entry for entry in declared(Behaviour) if entry.name not in ("effort_low", "effort_high")]
    some = st.lists(st.sampled_from(table), max_size=CHANGED, unique_by=lambda entry: entry.name)
    return some.flatmap(lambda few: st.fixed_dictionaries({e.name: inside(e) for e in few})).map(
        lambda chosen: Behaviour(**chosen)
    )


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Small scenarios of every design, goal policy and pay plan."""
    reps = draw(st.integers(1, 4))
    designs = sorted(set(DESIGNS) - {"from_file"})
    return Scenario(
        market=MarketOptions(seed=draw(st.integers(0, 2**32 - 1)), accounts=draw(st.integers(max(2, reps), 40))),
        team=TeamOptions(reps=reps, hours=draw(st.sampled_from([2.0, 20.0, 40.0, 80.0]))),
        territory=TerritoryOptions(name=draw(st.sampled_from(designs))),
        goals=GoalsOptions(
            name=draw(st.sampled_from(sorted(POLICIES))),
            stretch=draw(st.floats(0.1, 5.0)),
            activity=draw(st.floats(0.1, 5.0)),
            periods=draw(st.sampled_from([1, 2, 4, 7, 12, 52])),
        ),
        pay=PayOptions(name=draw(st.sampled_from(sorted(PLANS))), cap=draw(st.floats(1.0, 3.0))),
        events=EventOptions(demand=draw(st.floats(-0.9, 2.0)), week=draw(st.integers(1, 52))),
        behaviour=draw(behaviours()),
    )


def first_difference(compiled: Record, agents: Record) -> str:
    """The first week, row and column in which two records differ; empty where they do not."""
    found = []
    for table in ("rep_week", "account_week", "account_year", "goals"):
        left, right = getattr(compiled, table) or {}, getattr(agents, table) or {}
        for name in left:
            places = np.argwhere(left[name] != right[name])
            if places.size:
                place = tuple(int(p) for p in places[0])
                week = place[1] if len(place) == 3 else 99
                found.append((week, f"{table}.{name}{list(place)}: {left[name][place]} != {right[name][place]}"))
    return min(found)[1] if found else ""


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios())
def test_any_scenario_is_the_same_year_in_both_engines(scenario):
    built = build(scenario)
    compiled = run(built.world, built.plan, [0], "compiled", inspected=True)
    agents = run(built.world, built.plan, [0], "mesa", inspected=True)
    assert first_difference(compiled, agents) == ""
    for values in (*compiled.rep_week.values(), *compiled.account_year.values()):
        assert np.isfinite(values).all()


def test_a_difference_is_found_and_shown():
    """The test's own eye: one changed cell is named with its week, row and values."""
    built = build(Scenario(market=MarketOptions(accounts=8), team=TeamOptions(reps=2)))
    record = run(built.world, built.plan, [0])
    changed = run(built.world, built.plan, [0])
    calls = changed.rep_week["calls"].copy()
    calls[0, 3, 1] += 1
    changed.rep_week["calls"] = calls
    was = record.rep_week["calls"][0, 3, 1]
    assert first_difference(record, changed) == f"rep_week.calls[0, 3, 1]: {was} != {was + 1}"
