"""Years in a row: a plan goes on, its market grows or is new, and each year can be read alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.metrics import measures
from analysis.played import Played
from analysis.store import frames
from analysis.years import by_year, growth
from command.play import tables_of
from scenarios.build import build
from scenarios.growth import entered
from scenarios.growth import growth as growth_of
from scenarios.identity import label
from scenarios.problems import InputError
from scenarios.schema import EventOptions, GoalsOptions, MarketOptions, ReviewOptions, Scenario, TeamOptions
from sim.look import open_year
from sim.run import run
from sim.run import start_of as begin
from sim.world import PROSPECT, WEEKS, Changes, Review, Seen
from sim.years import years_in_a_row
from tests.equality import first_difference
from tests.worlds import both_goals, happening, plan, tiny_world

FLAT = Scenario(market=MarketOptions(accounts=120), team=TeamOptions(reps=4), goals=GoalsOptions("quota_potential"))


def swap_between(seen: Seen) -> Changes | None:
    """Between the years rep 1 and rep 2 swap their second accounts."""
    if seen.week != WEEKS:
        return None
    owner = seen.owner.copy()
    owner[1], owner[4] = owner[4], owner[1]
    return Changes(owner, seen.quota)


def played_of(scenario: Scenario, record) -> Played:
    info = {"key": "k", "label": label(scenario), "replications": list(record.replications), "currency": "$"}
    tables = tables_of(scenario, build(scenario))
    return Played({**info, "scenario": {"years": scenario.years}}, frames(record, *tables))


def test_a_plan_of_several_years_goes_on_where_the_year_before_ended():
    """The same two years as when they are played one by one, and the first as if it were alone."""
    world = tiny_world()
    chosen = plan(world, goals=both_goals)
    whole = run(world, replace(chosen, years=2), [3])
    alone = run(world, chosen, [3])
    start = begin(world, 3, "compiled", "own")
    one, two = years_in_a_row(world, [chosen, chosen], 3, start)
    for name, column in whole.rep_week.items():
        assert np.array_equal(column[:, :WEEKS], alone.rep_week[name])
        assert np.array_equal(column[0, WEEKS:], getattr(two.out.rep, name))
    assert whole.account_year["calls"].shape == (1, 2, 9)
    assert np.array_equal(whole.account_year["order_revenue"][0, 0], one.out.account.order_revenue)
    sold = one.out.account.order_revenue + one.out.account.won_revenue
    assert whole.account_year["sales_last_year"][0, 1].tolist() == sold.tolist()
    assert whole.goals["quota"].shape == (1, 2, 3)


def test_both_engines_play_the_same_years_with_reviews_events_and_growth():
    world = replace(tiny_world(), growth=np.linspace(-0.1, 0.3, 9))
    events = happening((60, 0, 0, -0.3, 0), (70, 3, 0, 0.0, 1))
    chosen = replace(plan(world, goals=both_goals), events=events, review=Review((13, WEEKS), swap_between), years=2)
    one, other = (run(world, chosen, [0], engine, threads=1) for engine in ("compiled", "mesa"))
    assert not first_difference(one, other, world)
    assert one.rep_week["left"][0].nonzero()[0].tolist() == [70]
    assert one.rep_week["gained"][0].nonzero()[0].tolist() == [WEEKS, WEEKS]
    assert one.account_year["moves"][0].tolist() == [[0] * 9, [0, 1, 0, 0, 1, 0, 0, 0, 0]]
    assert one.account_year["rep_end"][0, 1].tolist() == [101, 102, 101, 102, 101, 102, 103, 103, 103]


def test_a_year_looked_at_is_the_year_that_was_played():
    world = tiny_world()
    chosen = replace(plan(world), review=Review((WEEKS,), swap_between), years=2)
    year = open_year(world, chosen, 0, number=1)
    year.play()
    whole = run(world, chosen, [0])
    assert np.array_equal(year.out.rep.pay, whole.rep_week["pay"][0, WEEKS:])


def test_a_market_that_grows_asks_for_more_from_the_first_year_on():
    """A tenth a year, of nothing but what accounts ask for: mean orders in all years, at the same luck."""
    flat, grown = (replace(FLAT, market=replace(FLAT.market, growth=said), years=3) for said in ("", "+10%"))
    years = [build(one) for one in (flat, grown)]
    sold = [run(one.world, one.plan, range(12)).account_year["fluid_orders"].sum(axis=(0, 2)) for one in years]
    assert sold[1] / sold[0] == pytest.approx([1.1, 1.21, 1.331], rel=0.02)


def test_growth_and_entry_are_told_in_words():
    market = build(FLAT).market
    part = (market.accounts["industry"] == market.accounts["industry"].iloc[0]).to_numpy()
    word = market.accounts["industry"].iloc[0]
    assert growth_of(f"+5%; industry={word} -2%", market).tolist() == np.where(part, -0.02, 0.05).tolist()
    assert growth_of("", market).size == 0
    assert entered(f"industry={word}", market).tolist() == part.astype(int).tolist()
    for wrong, said in (
        ("+500%", "+500%"),
        ("industry=Retial +5%", "no account has industry=Retial"),
        ("fast", "fast"),
    ):
        with pytest.raises(InputError) as told:
            growth_of(f"+1%; {wrong}", market)
        assert said in str(told.value)
        assert str(told.value).count("market.growth") == 1
    with pytest.raises(InputError, match="means all accounts"):
        entered("region=*".replace("*", ",".join(sorted(set(market.accounts["region"])))), market)


def test_a_market_that_is_entered_begins_with_prospects_who_bought_nothing():
    scenario = replace(FLAT, market=replace(FLAT.market, entry="industry=largest"), goals=GoalsOptions())
    built = build(scenario)
    new = built.world.entered == 1
    assert 0 < new.sum() < len(new)
    year = run(built.world, built.plan, [0, 1]).account_year
    assert (year["sales_last_year"][:, new] == 0).all()
    assert (year["status_start"][:, new] == PROSPECT).all()
    assert (year["open_value_start"][:, new] == 0).all()
    assert year["won_revenue"][:, new].sum() > 0
    usual = build(replace(scenario, market=FLAT.market))
    before = run(usual.world, usual.plan, [0, 1]).account_year
    assert year["order_revenue"][:, new].sum() < 0.5 * before["order_revenue"][:, new].sum()


def test_a_year_alone_and_all_of_them_add_up():
    scenario = replace(FLAT, years=3)
    built = build(scenario)
    played = played_of(scenario, run(built.world, built.plan, range(4)))
    whole, years = measures(played), [measures(played.of_year(year)) for year in (1, 2, 3)]
    for name in ("revenue", "margin", "selling_cost", "contribution", "calls"):
        assert sum(year[name] for year in years).tolist() == pytest.approx(whole[name].tolist())
    assert whole["end_value"].tolist() == years[2]["end_value"].tolist()
    assert (played.goals("quota") == sum(played.of_year(year).goals("quota") for year in (1, 2, 3))).all()
    told = by_year([played])
    assert told[(told["measure"] == "revenue") & (told["year"] == 2)]["typical"].item() == years[1]["revenue"].median()
    grown = growth(played)
    assert sorted(set(grown["year"])) == [2, 3]
    east = played.accounts["region"].iloc[0]
    mine = (played.accounts["region"] == east).to_numpy()
    money = [
        (one.account_years("order_revenue") + one.account_years("won_revenue"))[:, mine].sum(axis=1)
        for one in (played.of_year(1), played.of_year(2))
    ]
    row = grown[(grown["segment"] == east) & (grown["year"] == 2)]
    assert row["typical"].item() == pytest.approx(np.median(money[1] / money[0] - 1.0))


def test_weeks_of_events_count_through_all_years():
    events = EventOptions("late", "week 60: demand -20%")
    assert build(replace(FLAT, events=events, years=2)).plan.in_year(1, np.zeros(120, dtype=np.int64)).events.week == [
        7
    ]
    with pytest.raises(InputError, match="week 60 is not in the year; 1 to 52"):
        build(replace(FLAT, events=events))
    with pytest.raises(InputError, match="week 160 is not in the 3 years; 1 to 156"):
        build(replace(FLAT, events=EventOptions("late", "week 160: demand -20%"), years=3))


def test_reviews_of_several_years_are_held_between_them_too():
    reviews = [build(replace(FLAT, years=years, review=ReviewOptions("quarterly"))).plan.review for years in (1, 2)]
    assert [one.weeks for one in reviews] == [(13, 26, 39), (13, 26, 39, 52)]
