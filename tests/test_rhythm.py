"""When opportunities are decided: those that are ready when they open, and the months of a quarter."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from command.records import tables
from scenarios.build import build
from scenarios.crm.timing import mean_weeks, median_days
from scenarios.generator.worth import openings
from scenarios.schema import MarketOptions, Scenario, TeamOptions
from sim.behaviour import Behaviour
from sim.ledger import Deal, keep_books
from sim.rules.pipeline import standing_odds, win_chance
from sim.rules.rhythm import month_of_quarter
from sim.run import run
from sim.world import WEEKS, World
from sim.year import burn_in, prepare
from tests.test_closed_forms import ENOUGH, LEVEL, even_world, relationship_after_a_call
from tests.worlds import plan, tiny_world

CALLED = LEVEL._replace(churn_a_year=0.0)
MONTH = np.array([month_of_quarter(week) for week in range(WEEKS)])
ON = {
    "quick_share": 0.5, "quick_hazard": 0.5, "first_month_quick": 0.8, "first_month_pace": 0.3, "last_month_pace": 1.7,
    "first_month_odds": -0.2, "last_month_odds": 1.0,
}  # fmt: skip


def called_weekly(n: int = 60, **behaviour: Any) -> World:
    """Equal accounts, each called every week, so that all are won with one chance."""
    return even_world(n, ENOUGH, CALLED._replace(**behaviour))


def won_at(more: float, b: Behaviour = CALLED) -> float:
    """That chance, with ``more`` log-odds."""
    odds = standing_odds(b.win_odds, 0.0, 1.0, 1.0, b.win_ability, b.win_fit)
    return float(
        win_chance(odds, more, relationship_after_a_call(b), 1, 0.0, b.win_relationship, b.win_recent_call)
    )  # fmt: skip


def near(found: int, of: int, part: float) -> bool:
    """Whether a count is what ``part`` of ``of`` may be by luck."""
    return abs(found - part * of) < 4.0 * math.sqrt(of * part * (1.0 - part))


@pytest.fixture(scope="module")
def booked() -> tuple[list[Deal], list[Deal]]:
    """The quick and the other opportunities of one year, one quick one in two, none decided in first months."""
    world = called_weekly(120, quick_share=0.5, quick_hazard=0.4, first_month_pace=0.0)
    deals = list(keep_books(world, plan(world)).deals.values())
    return [deal for deal in deals if deal.stage >= 2], [deal for deal in deals if deal.stage < 2]


def test_a_year_has_four_five_and_four_weeks_in_every_quarter():
    assert MONTH.reshape(4, 13).tolist() == [[0] * 4 + [1] * 5 + [2] * 4] * 4


def test_that_part_opens_ready_and_takes_one_over_the_chance(booked):
    """Weeks to the decision are geometric: mean ``1 / h``, one in h of them decided the week after."""
    quick, others = booked
    opened = [sum(deal.opened >= 0 for deal in some) for some in booked]
    assert sum(opened) > 500
    assert near(opened[0], sum(opened), 0.5)
    assert not any(deal.moves for deal in quick)
    assert any(deal.moves for deal in others)
    weeks = np.array([deal.closed - deal.opened for deal in quick if 0 <= deal.opened < WEEKS - 12])
    weeks = weeks[weeks > 0]  # one in 500 is open still
    assert near(int((weeks == 1).sum()), weeks.size, 0.4)
    assert weeks.mean() == pytest.approx(2.5, abs=4.0 * math.sqrt(0.6) / 0.4 / math.sqrt(weeks.size))
    slow = np.array([deal.closed - deal.opened for deal in others if deal.opened >= 0 and deal.closed >= 0])
    assert np.median(slow) > 3.0 * np.median(weeks)


def test_in_a_month_of_standstill_only_quick_ones_are_decided(booked):
    _, others = booked
    closed = [np.bincount(MONTH[[deal.closed for deal in some if deal.closed >= 0]], minlength=3) for some in booked]
    assert closed[0].min() > 50
    assert closed[1][0] == 0
    assert closed[1][1:].min() > 50
    assert any(MONTH[week] == 0 for deal in others for _, week in deal.moves)  # the calendar moves decisions alone


def test_quick_ones_are_won_with_the_chance_of_any_other(booked):
    for some in booked:
        decided = [deal.won for deal in some if deal.closed >= 0]
        assert near(sum(decided), len(decided), won_at(0.0))


def test_an_export_has_quick_ones_in_the_stage_of_decision():
    built = build(Scenario(MarketOptions(accounts=30), TeamOptions(reps=2), behaviour=Behaviour(quick_share=0.7)))
    ledger = keep_books(built.world, built.plan)
    made = tables(built, ledger, 2024)
    deals, stages = list(ledger.deals.values()), made["stages"]
    quick = made["opportunities"]["id"][[deal.stage >= 2 for deal in deals]]
    assert len(quick) == sum(deal.stage >= 2 for deal in deals) > 10
    names = stages.groupby("opportunity")["stage"].agg(tuple)
    told = set(names[names.index.isin(quick)])
    closed = {("Closed Won",), ("Closed Lost",)}  # what opened before the year has its close alone in it
    assert told <= closed | {("Decision", *end) for end in closed} | {("Decision",)}
    assert ("Decision", "Closed Won") in told


def test_more_of_what_opens_in_first_months_is_ready():
    """0.2 is 1 to 4; 1.5 log-odds make it 4.48 to 4, which is 0.53."""
    world = called_weekly(120, quick_share=0.2, quick_hazard=0.5, first_month_quick=1.5)
    deals = [deal for deal in keep_books(world, plan(world)).deals.values() if deal.opened >= 0]
    for first, part in ((True, 0.5284), (False, 0.2)):
        ready = [deal.stage >= 2 for deal in deals if (MONTH[deal.opened] == 0) == first]
        assert near(sum(ready), len(ready), part)


@pytest.mark.parametrize("quick_share", [0.0, 0.6])
def test_months_of_other_odds_win_as_the_odds_say(quick_share):
    world = called_weekly(quick_share=quick_share, first_month_odds=-0.7, last_month_odds=1.4)
    year = run(world, plan(world), range(20)).rep_week
    for month, more in enumerate((-0.7, 0.0, 1.4)):
        won, lost = (int(year[name][:, month == MONTH].sum()) for name in ("won", "lost"))
        assert won + lost > 1_000
        assert near(won, won + lost, won_at(more))


def test_a_pace_beyond_certainty_decides_all_that_is_there():
    """5 * 0.3 is above 1: whoever comes to the last stage before or in a last month is decided in it at once."""
    world = called_weekly(30, stage_hazard=0.3, closing_hazard=0.3, first_month_pace=0.0, last_month_pace=5.0)
    for deal in keep_books(world, plan(world)).deals.values():
        came = [week for stage, week in deal.moves if stage == 1]
        if came and deal.opened >= 0:
            due = next((week for week in range(came[0] + 1, WEEKS) if MONTH[week] == 2), WEEKS)
            assert deal.closed <= due
            assert deal.closed >= 0 or due == WEEKS


def test_the_luck_of_all_others_is_what_it_was():
    """A lane that nobody is in: what opens, is won and lost is the same to the last cent."""
    one, usual = (
        run(world, plan(world), range(3)).account_year
        for world in (tiny_world(Behaviour(quick_share=1e-15)), tiny_world())
    )
    for name in ("opened", "won", "lost", "won_revenue", "order_revenue", "calls", "status"):
        assert np.array_equal(one[name], usual[name]), name
    assert np.abs(one["fluid_won"] - usual["fluid_won"]).max() <= 2


def test_expected_money_in_the_lane_comes_to_rest():
    """``openings * size * q / h`` waits where nothing else moves it, and the stages have the rest."""
    world = called_weekly(3, quick_share=0.25, quick_hazard=0.2)
    ready = prepare(world, plan(world), 0, burn_in(world, 0))
    opened = world.accounts.opening_rate[0] * world.accounts.deal_size[0] * ready.state.share
    money = ready.state.open_money
    assert money[2] == pytest.approx(0.25 * opened / 0.2, rel=1e-3)
    assert money[:2] == pytest.approx(np.tile(0.75 * opened / 0.17, (2, 1)), rel=1e-3)


@pytest.mark.parametrize("behaviour", [{}, ON, ON | {"stages": 3, "stage_advance": 0.7}, ON | {"stages": 1}])
def test_what_is_expected_is_the_mean_of_what_happens(behaviour):
    """In the year as a whole, and in each month of its quarters."""
    world = tiny_world(LEVEL._replace(carry_over=0.96, **behaviour))
    record = run(world, plan(world), range(400))
    won, expected = (record.account_year[name].sum(axis=1) / 100 for name in ("won_revenue", "fluid_won"))
    apart = won - expected
    assert abs(apart.mean()) < 4.0 * apart.std() / math.sqrt(apart.size)
    assert abs(apart.mean()) < 0.06 * expected.mean()
    year = record.rep_week
    for month in range(3):
        weeks = month == MONTH
        sold = (year["order_revenue"] + year["won_revenue"] - year["fluid_sales"])[:, weeks].sum(axis=(1, 2)) / 100
        assert abs(sold.mean()) < 4.0 * sold.std() / math.sqrt(sold.size)


def test_what_a_year_leaves_counts_the_quick_lane():
    """Where nobody comes through the stages in time, and nobody orders, it is in proportion to what is quick."""
    values = []
    for share in (0.0, 0.3, 0.6):
        world = called_weekly(9, quick_share=share, quick_hazard=1.0, stages=8, stage_hazard=0.01)
        world = replace(world, accounts=world.accounts._replace(order_size=np.zeros(9)))
        values.append(run(world, plan(world), [0]).account_year["end_value"].sum())
    assert values[0] < 0.02 * values[1]
    assert values[2] == pytest.approx(2 * values[1], rel=0.02)


def test_openings_bring_the_wins_that_are_wanted_whoever_walks_the_stages():
    b = Behaviour(stages=3, stage_advance=0.5, quick_share=0.4)
    made = openings(np.array([100.0, 100.0]), 14.0, b)
    won = b.win_odds * (0.4 + 0.6 * 0.25)
    assert (made.rate * won * WEEKS * 0.7).sum() == pytest.approx(14.0)


def test_the_time_to_a_decision_on_paper_is_that_of_both_kinds():
    b = Behaviour(quick_share=0.5, quick_hazard=0.5)
    assert mean_weeks(b) == pytest.approx(0.5 * 2.0 + 0.5 * 2.0 / 0.17)
    assert median_days(b) < median_days(Behaviour())
    assert median_days(Behaviour(quick_share=0.9, quick_hazard=1.0)) == 7.0


def test_reps_are_used_to_the_rhythm():
    """A rep's estimate of its pace goes up and down with luck, not with the months."""
    world = called_weekly(60, quick_share=0.4, first_month_pace=0.1, last_month_pace=1.8, last_month_odds=1.5)
    pace = run(world, plan(world), range(20)).rep_week["pace"].mean(axis=(0, 2))
    even = called_weekly(60, quick_share=0.4)
    usual = run(even, plan(even), range(20)).rep_week["pace"].mean(axis=(0, 2))
    assert pace.std() / pace.mean() < 0.05 + usual.std() / usual.mean()
    sales = run(world, plan(world), range(20)).rep_week["fluid_sales"].mean(axis=(0, 2))
    assert sales.std() / sales.mean() > 0.3


def test_books_are_kept_however_many_opportunities_are_open():
    """Eight slow stages and openings by the dozen: more open at once than there is room for at first."""
    world = called_weekly(9, stages=8, stage_hazard=0.01, closing_hazard=0.01)
    world = replace(world, accounts=world.accounts._replace(opening_rate=world.accounts.opening_rate * 60.0))
    ledger = keep_books(world, plan(world))
    year = run(world, plan(world), [0]).account_year
    assert sum(deal.opened >= 0 for deal in ledger.deals.values()) == year["opened"].sum()
