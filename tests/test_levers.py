"""What a CRM and a change of the funnel do to how the firm works, by hand, and what they cost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.costs import fixed_cost
from analysis.metrics import measures
from command.play import tables_of
from scenarios.build import build
from scenarios.identity import identity, label, status_quo
from scenarios.levers import PARTS, levers, price
from scenarios.problems import InputError
from scenarios.schema import (
    PLAN,
    ChannelsOptions,
    CrmOptions,
    GoalsOptions,
    MarketOptions,
    PayOptions,
    ProcessOptions,
    Scenario,
    TeamOptions,
)
from sim.behaviour import Behaviour
from sim.handover import undisrupted, undisrupted_plan
from sim.run import run
from sim.world import Levers
from tests.played import made_up, with_frames

SMALL = Scenario(market=MarketOptions(accounts=60), team=TeamOptions(reps=3))
FUNNEL = Behaviour(stages=3, stage_advance=0.5, stage_hazard=0.2, closing_hazard=0.1, win_odds=0.25)


def with_crm(name: str, behaviour: Behaviour = FUNNEL, **more: float) -> Levers:
    return levers(CrmOptions(name, **more), ProcessOptions(), behaviour)


def with_process(stage: int, behaviour: Behaviour = FUNNEL, **more: float) -> Levers:
    return levers(CrmOptions(), ProcessOptions("told", stage, **more), behaviour)


def changed(made: Levers) -> dict[str, float]:
    """What a lever changes in the behaviour."""
    assert made.behaviour is not None
    return {name: value for name, value in made.behaviour._asdict().items() if value != getattr(FUNNEL, name)}


def test_without_levers_nothing_changes() -> None:
    assert levers(CrmOptions(), ProcessOptions(), FUNNEL) == Levers()
    assert build(SMALL).plan.levers == Levers()


def test_information_makes_reps_less_wrong() -> None:
    made = with_crm("information")
    assert made.belief == 0.6
    assert changed(made) == {"belief_left": pytest.approx(0.95 * 0.95)}


def test_templates_shorten_calls() -> None:
    assert changed(with_crm("templates", templates_call=0.5)) == {"call_hours": 0.5}


def test_nothing_sticks_in_a_pipeline_in_sight() -> None:
    made = with_crm("pipeline_view", pipeline_view_pace=1.5)
    assert made.leaves == pytest.approx((0.3, 0.3))
    assert changed(made) == {"closing_hazard": pytest.approx(0.15)}
    assert max(with_crm("pipeline_view", FUNNEL._replace(stage_hazard=0.9), pipeline_view_pace=5.0).leaves) == 1.0


def test_follow_up_plugs_leaks() -> None:
    made = with_crm("follow_up")
    assert changed(made) == {"recent_weeks": 4.5, "churn_a_year": pytest.approx(0.9 * 0.083)}
    assert made.goes_on == pytest.approx((0.65, 0.65))  # 0.5, and 0.3 of the other half


def test_a_crm_takes_hours_and_gives_them() -> None:
    assert with_crm("all").hours == pytest.approx(-1.25)
    assert with_crm("templates", templates_hours=-1.0).hours == 1.0


def test_what_all_parts_do_is_what_each_does() -> None:
    parts = [changed(with_crm(name)) for name in PARTS]
    assert changed(with_crm("all")) == {name: value for part in parts for name, value in part.items()}


def test_a_stage_can_be_left_sooner_and_more_of_it_go_on() -> None:
    made = with_process(2, pace=2.0, success=1.5)
    assert made.leaves == pytest.approx((0.2, 0.4))
    assert made.goes_on == pytest.approx((0.5, 0.75))
    assert changed(made) == {}


@pytest.mark.parametrize("last", [0, 3])
def test_in_the_last_stage_the_odds_change(last: int) -> None:
    made = with_process(last, pace=0.5, success=1.5)
    assert changed(made) == {"closing_hazard": 0.05, "win_odds": pytest.approx(1 / 3)}  # 1 to 3 becomes 1 to 2


def test_both_work_on_one_funnel() -> None:
    made = levers(CrmOptions("pipeline_view", pipeline_view_pace=1.5), ProcessOptions("told", 1, pace=2.0), FUNNEL)
    assert made.leaves == pytest.approx((0.6, 0.3))


@pytest.mark.parametrize(
    ("stage", "behaviour", "problem"),
    [
        (4, FUNNEL, "process.stage: there is no stage 4; the funnel has 3, 0 stands for the last"),
        (
            1,
            Behaviour(),
            "process.success: 1.2 can do nothing in stage 1, from which all goes on already "
            "(behaviour.stage_advance is 1)",
        ),
    ],
)
def test_a_change_that_can_do_nothing_is_refused(stage: int, behaviour: Behaviour, problem: str) -> None:
    with pytest.raises(InputError) as refused:
        with_process(stage, behaviour, success=1.2)
    assert refused.value.problems == (problem,)


def test_what_is_wrong_with_a_plan_is_told_at_once() -> None:
    wrong = replace(
        SMALL, process=ProcessOptions("told", 7, pace=2.0), channels=ChannelsOptions(by_industry="phone: Retial 2")
    )
    with pytest.raises(InputError) as refused:
        build(wrong)
    assert [problem.split(":")[0] for problem in refused.value.problems] == ["process.stage", "channels.by_industry"]


@pytest.mark.parametrize("name", [*PARTS, "all"])
def test_a_crm_costs_its_price_and_that_is_in_the_roi(name: str) -> None:
    cost = sum(getattr(CrmOptions(), f"{part}_price") for part in (PARTS if name == "all" else [name]))
    assert price(CrmOptions(name), ProcessOptions(price=70.0)) == cost + 70.0
    scenario = replace(SMALL, crm=CrmOptions(name))
    _, reps = tables_of(scenario, build(scenario))
    assert reps["tools"].tolist() == [cost] * 3


def test_tools_are_part_of_the_selling_cost() -> None:
    plain = made_up("now")
    with_tools = with_frames(plain, reps=plain.reps.assign(tools=600.0))
    more = fixed_cost(with_tools) - fixed_cost(plain)
    assert more.tolist() == [600.0 * len(plain.reps)] * len(more)
    before, after = measures(plain), measures(with_tools)
    assert (after["selling_cost"] - before["selling_cost"]).tolist() == pytest.approx([600.0 * len(plain.reps)] * 20)
    assert (after["roi"] == after["contribution"] / after["selling_cost"]).all()


LEVERS = {
    "crm": replace(SMALL, crm=CrmOptions("all")),
    "process": replace(SMALL, process=ProcessOptions("better_last", success=1.1)),
    "channels": replace(SMALL, channels=ChannelsOptions("phone")),
    # Where commission is all there is, no rep gains by a discount: a quota is needed.
    "authority": replace(SMALL, goals=GoalsOptions("quota_equal"), pay=PayOptions(authority=0.2)),
    "ratchet": replace(SMALL, goals=GoalsOptions("quota_equal", ratchet_up=0.5)),
}


@pytest.mark.parametrize("lever", LEVERS)
def test_today_has_no_levers_and_a_plan_with_one_is_another_plan(lever: str) -> None:
    scenario = LEVERS[lever]
    assert status_quo(scenario) == SMALL
    assert identity(scenario, "", "") != identity(SMALL, "", "")


def test_the_label_names_the_levers() -> None:
    assert label(replace(SMALL, crm=CrmOptions("all", templates_price=0.0))) == (
        "current × none × crm=all(templates_price=0.0)"
    )
    both = replace(LEVERS["channels"], process=ProcessOptions("better_last", success=1.1))
    assert label(both) == "current × none × channels=phone × process=better_last(success=1.1)"
    assert label(LEVERS["ratchet"]) == "current × quota_equal(ratchet_up=0.5)"


def test_every_group_of_a_plan_is_usual_in_the_status_quo() -> None:
    assert {group for group in PLAN if getattr(status_quo(LEVERS["crm"]), group) != getattr(SMALL, group)} == set()


@pytest.mark.parametrize(("lever", "column"), [("crm", "fluid_margin"), ("process", "won"), ("authority", "discounts")])
def test_a_lever_is_felt_in_the_year(lever: str, column: str) -> None:
    today, plan = (build(scenario) for scenario in (SMALL, LEVERS[lever]))
    before, after = (run(one.world, one.plan, range(4), threads=1).rep_week[column].sum() for one in (today, plan))
    assert after > before


def test_a_crm_does_not_hide_what_a_change_of_rep_costs() -> None:
    """Everybody changes rep: with a CRM as without one, what the change costs comes out of the twin without it."""
    crm = build(replace(SMALL, crm=CrmOptions("all")))
    plan = replace(crm.plan, owner=(crm.world.current + 1) % 3)
    plain = run(crm.world, plan, range(2), threads=1)
    twin = run(undisrupted(crm.world), undisrupted_plan(plan), range(2), threads=1, begun_in=crm.world)
    assert twin.account_year["fluid_orders"].sum() > 1.05 * plain.account_year["fluid_orders"].sum()
    bare = build(SMALL).plan
    assert undisrupted_plan(bare) is bare
