"""The two engines over scenarios that nobody thought of: equal to the last bit, or the first difference is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from command.job import launch
from command.overrides import in_quotes, read
from command.settings import EXPERIMENT, options
from command.terminal import Progress
from scenarios.build import build
from scenarios.channels import POLICIES as WAYS
from scenarios.goals import POLICIES
from scenarios.identity import label
from scenarios.levers import PARTS
from scenarios.pay import PLANS
from scenarios.schema import (
    ChannelsOptions,
    CrmOptions,
    EventOptions,
    GoalsOptions,
    MarketOptions,
    PayOptions,
    ProcessOptions,
    Scenario,
    TeamOptions,
    TerritoryOptions,
)
from scenarios.territory import DESIGNS
from sim.behaviour import Behaviour
from sim.parameter import Declared, declared
from sim.record import Record
from sim.run import ENGINES, run
from sim.world import CRITERIA, World
from tests.equality import first_difference
from tests.worlds import plan, tiny_world

CHANGED = 6  # behaviour parameters changed at once
# Off by default: half of the scenarios have each of them on.
OFF = (
    "quit_a_year", "patience", "timing", "quick_share", "first_month_quick", "first_month_pace", "last_month_pace",
    "first_month_odds", "last_month_odds",
)  # fmt: skip


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
    few = some.flatmap(lambda chosen: st.fixed_dictionaries({e.name: inside(e) for e in chosen}))
    on = st.fixed_dictionaries({}, optional={e.name: inside(e) for e in table if e.name in OFF})
    return st.tuples(on, few).map(lambda both: Behaviour(**{**both[0], **both[1]}))


def happenings(reps: int) -> st.SearchStrategy[str]:
    """Up to three dated events of any kind."""
    change = st.floats(-0.9, 2.0).map("{:.3f}".format)
    kind = st.one_of(
        change.map("demand {}".format),
        st.tuples(st.sampled_from(CRITERIA), change).map(lambda told: "competitor {} {}".format(*told)),
        change.map("launch {}".format),
        st.integers(1, reps).map("rep R{:02} leaves".format),
    )
    dated = st.tuples(st.integers(1, 52), kind).map(lambda told: "week {}: {}".format(*told))
    return st.lists(dated, max_size=3).map("; ".join)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Small scenarios of every design, goal policy and pay plan."""
    reps = draw(st.integers(1, 4))
    designs = sorted(set(DESIGNS) - {"from_file", "by_stage"})
    return Scenario(
        market=MarketOptions(seed=draw(st.integers(0, 2**32 - 1)), accounts=draw(st.integers(max(2, reps), 40))),
        team=TeamOptions(reps=reps, hours=draw(st.sampled_from([2.0, 20.0, 40.0, 80.0]))),
        territory=TerritoryOptions(name=draw(st.sampled_from(designs))),
        goals=GoalsOptions(
            name=draw(st.sampled_from(sorted(POLICIES))),
            stretch=draw(st.floats(0.1, 5.0)),
            activity=draw(st.floats(0.1, 5.0)),
            periods=draw(st.sampled_from([1, 2, 4, 7, 12, 52])),
            ratchet_up=draw(st.sampled_from([0.0, 0.5])),
        ),
        pay=PayOptions(
            name=draw(st.sampled_from(sorted(PLANS))),
            cap=draw(st.floats(1.0, 3.0)),
            authority=draw(st.sampled_from([0.0, 0.2])),
        ),
        channels=ChannelsOptions(draw(st.sampled_from(sorted(WAYS)))),
        crm=CrmOptions(draw(st.sampled_from(["none", "all", *PARTS]))),
        process=ProcessOptions("told", pace=draw(st.floats(0.1, 5.0)), success=draw(st.floats(0.1, 5.0))),
        events=EventOptions(happen=draw(happenings(reps))),
        behaviour=draw(behaviours()),
    )


def both(scenario: Scenario) -> tuple[Record, Record, World]:
    """One replication of a scenario in either engine, week by week, and the world it was played in."""
    built = build(scenario)
    compiled, agents = (run(built.world, built.plan, [0], engine, inspected=True) for engine in ENGINES)
    return compiled, agents, built.world


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios())
def test_any_scenario_is_the_same_year_in_both_engines(scenario):
    compiled, agents, world = both(scenario)
    assert first_difference(compiled, agents, world) == ""
    for values in (*compiled.rep_week.values(), *compiled.account_year.values()):
        assert np.isfinite(values).all()


@pytest.mark.parametrize("goals", sorted(POLICIES))
def test_a_rep_without_accounts_is_idle_and_the_same_in_both_engines(goals):
    """After two mergers R02 and R03 have nothing to do; whatever is asked of them stays finite."""
    scenario = Scenario(
        market=MarketOptions(accounts=60),
        team=TeamOptions(reps=3),
        territory=TerritoryOptions(edits="merge R01 R02; merge R01 R03"),
        goals=GoalsOptions(goals),
        pay=PayOptions("accelerator"),
    )
    compiled, agents, world = both(scenario)
    assert first_difference(compiled, agents, world) == ""
    assert compiled.rep_week["calls"][:, :, 0].sum() > 0
    assert not compiled.rep_week["calls"][:, :, 1:].any()
    for values in (*compiled.rep_week.values(), *compiled.account_year.values(), *compiled.goals.values()):
        assert np.isfinite(values).all()


def swept(experiment: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Scenario]:
    """Every scenario that the command plays for an experiment, on a market of 60 accounts and 3 reps."""
    met: list[Scenario] = []

    def play(scenario: Scenario, *others: Any) -> tuple[()]:
        met.append(scenario)
        return ()

    monkeypatch.setattr("command.job.play", play)
    small = ("market.accounts=60", "team.reps=3", "replications=2", f"results={folder}")
    asked = read([f"experiment={experiment}", *small])
    places = [f"hydra.{mode}.dir={in_quotes(str(folder))}" for mode in ("run", "sweep")]
    launch([*asked.overrides, *places], asked.sweep, Progress(asked.scenarios, asked.replications))
    assert len(met) == asked.scenarios
    return met


@pytest.mark.parametrize("experiment", options(EXPERIMENT))
def test_every_scenario_of_an_experiment_is_the_same_year_in_both_engines(experiment, tmp_path, monkeypatch):
    for scenario in dict.fromkeys(swept(experiment, tmp_path, monkeypatch)):  # what is the same plan is one
        assert first_difference(*both(scenario)) == "", label(scenario)


@pytest.mark.parametrize(
    ("table", "column", "place", "shown"),
    [
        ("goals", "quota", (0, 1), "before week 1, rep {rep}: quota {was} != {now}"),
        ("rep_week", "calls", (0, 3, 1), "week 4, rep {rep}: calls {was} != {now}"),
        ("account_week", "goodwill", (0, 0, 6), "week 1, account {account}: goodwill {was} != {now}"),
        ("account_year", "won", (0, 6), "year, account {account}: won {was} != {now}"),
    ],
)
def test_a_difference_is_found_and_shown(table, column, place, shown):
    """The test's own eye: one changed cell is named with its week, agent, column and values."""
    record, changed, world = both(Scenario(market=MarketOptions(accounts=8), team=TeamOptions(reps=2)))
    cells = getattr(changed, table)[column]
    was = cells[place]
    cells[place] += 1
    now, rep, account = cells[place], world.reps.key[1], world.accounts.key[6]
    assert first_difference(record, changed, world) == shown.format(was=was, now=now, rep=rep, account=account)


def test_the_first_of_many_differences_is_shown():
    """Each of these comes before the ones above it; not even 0 and -0 are the same."""
    world = tiny_world()
    record, changed = (run(world, plan(world), [4, 5], inspected=True) for _ in range(2))
    for table, column, place, value, shown in [
        ("account_year", "calls", (1, 0), 777, "replication 5, year, account 1: calls"),
        ("rep_week", "pay", (1, 21, 0), 777, "replication 5, week 22, rep 101: pay"),
        ("account_week", "called", (1, 20, 0), 777, "replication 5, week 21, account 1: called"),
        ("rep_week", "attainment", (1, 20, 2), -0.0, "replication 5, week 21, rep 103: attainment"),
        ("rep_week", "pay", (1, 20, 1), 777, "replication 5, week 21, rep 102: pay"),
        ("account_year", "churned", (0, 8), 777, "replication 4, year, account 9: churned"),
        ("goals", "quota", (0, 2), 777, "replication 4, before week 1, rep 103: quota"),
    ]:
        was = getattr(changed, table)[column][place]
        getattr(changed, table)[column][place] = value
        assert first_difference(changed, record, world) == f"{shown} {type(was)(value)} != {was}"
