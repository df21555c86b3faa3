"""What each mechanism does, told with exact numbers: the week before, the event, the week after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.behaviour import Behaviour
from sim.draws import QUIT, four, normal
from sim.look import open_year
from sim.mesa_engine import SalesYear
from sim.record import Record
from sim.rules.effort import weigh_quota
from sim.rules.pay import salary_share
from sim.rules.people import ramp
from sim.rules.response import share_won
from sim.run import burn_in, prepare, run
from sim.setting import colleagues
from sim.story import TellingCustomer
from sim.world import CUSTOMER, DEMAND, LAPSED, LAUNCH, LEAD, LEAVES, PROSPECT, WEEKS, Channels, Goals, Levers, Plan, World
from tests.equality import first_difference
from tests.worlds import MOVED, PAY, both_goals, happening, listening, no_goals, plan, ratcheting, tiny_world

LEVEL = Behaviour(account_shock=0.0, region_shock=0.0)
PRICE, QUALITY = 1, 4


def world_of(**behaviour: Any) -> World:
    return tiny_world(LEVEL._replace(**behaviour))


def with_events(world: World, *rows: tuple[int, int, int, float, int], concerns: list[int] | None = None) -> Plan:
    return replace(plan(world), events=happening(*rows, concerns=concerns))


def at(world: World, chosen: Plan, week: int) -> SalesYear:
    """The year with ``week`` weeks behind it."""
    year = open_year(world, chosen)
    for _ in range(week):
        year.step()
    return year


def met(year: SalesYear) -> Any:
    """Its columns before and after what comes before this week."""
    before = {name: np.array(column) for name, column in year.state._asdict().items()}
    year.meet()
    return before, year.state


# A rep leaves.


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


# Competitors, demand and products on a date.


def test_a_competitor_gains_on_price_and_more_is_lost_for_it():
    """From 0.2 ahead to 0.6 in week 6: kappa 0.4, on the accounts concerned, and their share is lower at once."""
    world = world_of()
    chosen = with_events(world, (5, LEAD, PRICE, 0.4, 0), concerns=[0, 3, 6])
    before, after = met(at(world, chosen, 5))
    assert after.pressure == pytest.approx([0.4, 0, 0] * 3, abs=1e-15)
    assert after.lead[:, PRICE] == pytest.approx([0.6, 0.2, 0.2] * 3, rel=1e-15)
    assert not before["pressure"].any()
    record, usual = run(world, chosen, range(40), inspected=True), run(world, plan(world), range(40), inspected=True)
    seen = record.account_week["goodwill"][:, 5:, 0]
    shares = [share_won(x, world.behaviour.share_floor, 1.0, 1.0, 0.4) for x in seen.flat]
    assert record.account_week["share"][:, 5:, 0].ravel() == pytest.approx(shares, rel=1e-15)
    hit = [0, 3, 6]
    lost, lost_before = (one.account_year["lost_price"][:, hit].sum() for one in (record, usual))
    assert lost > 1.5 * lost_before
    assert record.account_year["won"][:, hit].sum() < usual.account_year["won"][:, hit].sum()


@pytest.mark.parametrize(
    ("weight", "change", "eased"), [(1.0, -0.1, 0.1), (1.0, -0.2, 0.2), (1.0, -0.9, 0.2), (2.0, -0.1, 0.2)]
)
def test_a_competitor_who_stumbles_makes_selling_easier(weight, change, eased):
    """By what it was ahead and no more: behind us it is no help."""
    world = world_of(rival_weight=weight)
    _, after = met(open_year(world, with_events(world, (0, LEAD, PRICE, change, 0))))
    assert after.pressure == pytest.approx(np.full(9, -eased), rel=1e-12)


def test_a_lead_on_quality_is_a_reason_to_lose():
    world = world_of()
    record = run(world, with_events(world, (0, LEAD, QUALITY, 0.5, 0)), range(10))
    assert record.account_year["lost_quality"].sum() > 20
    assert run(world, plan(world), range(10)).account_year["lost_quality"].sum() == 0


def only_orders(**behaviour: Any) -> World:
    """The tiny world without opportunities."""
    world = world_of(**behaviour)
    return replace(world, accounts=world.accounts._replace(opening_rate=np.zeros(9)))


def test_a_fall_of_the_market_takes_a_quarter_of_what_was_expected_in_that_week():
    world = only_orders()
    one, usual = (
        run(world, chosen, [0, 1], inspected=True)
        for chosen in (with_events(world, (10, DEMAND, 0, -0.25, 0), concerns=[0, 1, 2, 3, 4]), plan(world))
    )
    assert one.account_week is not None
    assert usual.account_week is not None
    fell, stood = one.account_week["fluid_sales"], usual.account_week["fluid_sales"]
    assert np.array_equal(fell[:, :10], stood[:, :10])
    assert fell[:, 10, :5] == pytest.approx(0.75 * stood[:, 10, :5], abs=1.0)  # whole cents
    assert stood[:, 10, :5].sum() > 10_000
    assert np.array_equal(fell[:, 10, 5:], stood[:, 10, 5:])


def test_half_of_a_fall_is_in_the_number_of_opportunities_and_half_in_their_size():
    world = world_of()
    before, after = met(at(world, with_events(world, (10, DEMAND, 0, -0.36, 0)), 10))
    assert after.opens == pytest.approx(0.8 * before["opens"], rel=1e-12)
    assert after.root_shock == pytest.approx(0.8 * before["root_shock"], rel=1e-12)
    assert after.shock == pytest.approx(0.64 * before["shock"], rel=1e-12)


def test_a_launch_brings_a_fifth_more_opportunities():
    world = world_of()
    chosen = with_events(world, (10, LAUNCH, 0, 0.2, 0), concerns=[1, 4])
    year = at(world, chosen, 10)
    before = [customer.openings for customer in year.customers_by_row]
    year.meet()
    after = [customer.openings for customer in year.customers_by_row]
    factors = np.where(np.isin(np.arange(9), [1, 4]), 1.2, 1.0)
    assert after == pytest.approx(factors * before, rel=1e-12)
    assert year.state.root_shock.tolist() == [1.0] * 9


def test_what_an_event_changes_outlasts_the_year():
    """In the last week half of the demand goes: the 26 weeks after are worth half, where nothing else is sold."""
    world = only_orders()
    fall, usual = (
        run(world, chosen, range(3)).account_year["end_value"]
        for chosen in (with_events(world, (51, DEMAND, 0, -0.5, 0), concerns=[0, 1]), plan(world))
    )
    assert usual[:, :2].sum() > 0
    assert fall[:, :2] == pytest.approx(0.5 * usual[:, :2], abs=1.0)
    assert np.array_equal(fall[:, 2:], usual[:, 2:])


def test_a_lead_and_a_launch_outlast_the_year_too():
    world = world_of(churn_a_year=0.0)
    ends = {
        what: run(world, chosen, range(3)).account_year["end_value"]
        for what, chosen in (
            ("usual", plan(world)), ("lead", with_events(world, (51, LEAD, PRICE, 0.5, 0))),
            ("launch", with_events(world, (51, LAUNCH, 0, 0.5, 0))),
        )
    }  # fmt: skip
    assert (ends["lead"] < ends["usual"]).all()
    assert (ends["launch"] > ends["usual"]).all()


# What neighbours say.


@pytest.mark.parametrize(
    ("status", "relationship", "word"),
    [(CUSTOMER, 0.6, 0.6 / 4), (CUSTOMER, 0.0, 0.0), (LAPSED, 0.6, -0.5 / 4), (PROSPECT, 0.6, 0.0)],
)
def test_one_of_four_neighbours_speaks_of_us(status, relationship, word):
    """A customer raises the rate of who hears it by ``R * referral / 4`` and eases selling by ``R * review / 4``."""
    world = listening(world_of(referral=0.8, review=0.4))
    year = open_year(world, plan(world))
    year.state.status[:] = PROSPECT
    year.state.status[2], year.state.relationship[2] = status, relationship
    year.meet()
    hears = (world.neighbours == 2).any(axis=1)
    assert hears.sum() == 4
    assert year.state.opens == pytest.approx(world.accounts.opening_rate * (1.0 + 0.8 * word * hears), rel=1e-12)
    assert year.state.pressure == pytest.approx(-0.4 * word * hears, abs=1e-15)


def test_what_is_said_is_heard_a_week_later():
    """Neighbours are heard as they were at last week's end, not as they are this week."""
    world = listening(world_of(referral=0.8))
    year = at(world, plan(world), 20)
    ends, status = np.array(year.state.relationship), np.array(year.state.status)
    year.step()
    said = np.where(status == CUSTOMER, ends, np.where(status == LAPSED, -0.5, 0.0))
    assert year.state.word == pytest.approx(said[world.neighbours].mean(axis=1), rel=1e-12)
    assert not np.array_equal(year.state.relationship, ends)


# Pay and effort.


def test_patience_takes_from_a_bonus_what_is_far():
    """Commission apart, what a week adds to a bonus n weeks away counts ``patience**(n - 1)``."""
    for weeks, worth in ((1.0, 1.0), (13.0, 0.9**12)):
        told = [
            weigh_quota(52.0, 10.0, 1.0, 52.0, weeks, 0.0, 0.0, 5.0, 9.0, patience, 0.5, 0.2, 0.6, 0.1, 0.3)
            for patience in (1.0, 0.9)
        ]
        assert told[1][1] == pytest.approx(worth * told[0][1], rel=1e-12)
        assert told[1][2] == told[0][2]  # the chance is what it was


def test_the_impatient_begin_a_year_slowly_and_end_a_week_alike():
    """A year's quota far away moves them less; where every week is a period of its own, patience changes nothing."""
    for periods, alike in ((1, False), (52, True)):
        records = []
        for patience in (1.0, 0.9):
            world = world_of(patience=patience)
            goals = replace(plan(world), goals=lambda last, n=periods: both_goals(last)._replace(periods=n))
            records.append(run(world, goals, [0, 1]))
        assert (first_difference(*records, world) == "") is alike
        first = [record.rep_week["effort"][:, 0] for record in records]
        assert (first[0] == first[1]).all() if alike else (first[0] > first[1]).all()


def test_the_fear_of_a_higher_quota_takes_a_quarter_of_the_chance_to_reach_it():
    """Effort is ``benefit**eta``: the benefit is less by ``ratchet * P(quota reached)``, in weeks of pay."""
    world = world_of()
    bold, fearful = (
        run(world, plan(world, goals=goals), [0, 1]).rep_week for goals in (both_goals, ratcheting)
    )  # fmt: skip
    benefit = [week["effort"][:, 0] ** (1.0 / world.behaviour.effort_response) for week in (bold, fearful)]
    assert benefit[0] - benefit[1] == pytest.approx(0.25 * bold["chance"][:, 0], abs=1e-12)
    assert bold["chance"][:, 0].min() > 0.1


def timed(over: float, timing: float) -> tuple[SalesYear, Record]:
    """Quarters whose quota is reached at once, and what more earns ``over``."""
    world = world_of(timing=timing)
    goals = Goals(np.full(3, 1.0), np.zeros(3), False, 4)
    chosen = replace(plan(world, pay=PAY._replace(over=over, cap=1e9)), goals=lambda last: goals)
    return at(world, chosen, 9), run(world, chosen, range(60))


def test_wins_are_held_back_over_the_end_of_a_quarter_where_the_next_one_pays_more():
    """After the goal 0.5 a week of sales, in the next quarter 0.5 and a chance of the bonus: 0.698 in all."""
    year, late = timed(0.5, 1.0)
    _, even = timed(0.5, 0.0)
    for rep in year.reps_by_row:
        assert rep.hazard(0.5, 13.0, 4.0) == pytest.approx(0.17 * 0.5 / 0.6977, rel=1e-3)
        assert rep.hazard(0.5, 13.0, 5.0) == 0.17  # five weeks from the end nobody thinks of it
    year.step()
    assert year.state.closing == pytest.approx(0.17 * 0.7166 * year.state.effort**0.6, rel=1e-3)
    decided = [one.rep_week["won"].sum(axis=(0, 2)) + one.rep_week["lost"].sum(axis=(0, 2)) for one in (late, even)]
    quarter = np.arange(WEEKS) % 13
    last, first = quarter >= 9, (quarter < 4) & (np.arange(WEEKS) >= 13)
    assert decided[0][last].sum() < 0.9 * decided[1][last].sum()
    assert decided[0][first].sum() > 1.05 * decided[1][first].sum()
    assert decided[0].sum() == pytest.approx(decided[1].sum(), rel=0.05)


def test_wins_are_pulled_forward_where_this_quarter_pays_more():
    """An accelerator of 1.4 after the goal is twice 0.698 and a little more: twice as soon, and no more than that."""
    year, early = timed(1.4, 1.0)
    _, even = timed(1.4, 0.0)
    year.step()
    assert year.state.closing == pytest.approx(np.minimum(1.0, 0.34 * year.state.effort**0.6), rel=1e-12)
    won = [one.rep_week["won"].sum(axis=(0, 2)) for one in (early, even)]
    quarter = np.arange(WEEKS) % 13
    assert won[0][quarter >= 9].sum() > 1.1 * won[1][quarter >= 9].sum()
    assert won[0][13:][quarter[13:] < 4].sum() < 0.95 * won[1][13:][quarter[13:] < 4].sum()


def test_a_discount_comes_off_revenue_and_all_of_it_off_margin():
    """Listed price = revenue + discount, and the margin of the list less the discount is what is left."""
    world = world_of()
    world = replace(world, accounts=world.accounts._replace(order_size=np.zeros(9), margin=np.full(9, 0.5)))
    chosen = plan(world, goals=both_goals, pay=PAY._replace(authority=0.3))
    year = open_year(world, chosen, customer_types=dict.fromkeys(range(9), TellingCustomer))
    year.play()
    listed = np.zeros(WEEKS, dtype=np.int64)
    count = 0
    for customer in year.customers_by_row:
        for event in customer.story:
            if event.what == "won":
                listed[event.week - 1] += event.numbers["cents"]
                count += 1
    week = {name: getattr(year.out.rep, name).sum(axis=1) for name in ("won_revenue", "discounts", "margin")}
    assert count > 10
    assert week["discounts"].sum() > 0.02 * listed.sum()
    assert (week["won_revenue"] + week["discounts"]).tolist() == listed.tolist()
    assert week["margin"] + week["discounts"] == pytest.approx(0.5 * listed, abs=3.0)  # half a cent a deal
    fluid, fluid_margin = (getattr(year.out.rep, name).sum(axis=1) for name in ("fluid_sales", "fluid_margin"))
    given = 2.0 * (0.5 * fluid - fluid_margin)  # F (1 - m) is missing, F = what is expected to be let go, m = 1/2
    assert given.min() > -40.0
    assert given.sum() > 0.02 * fluid.sum()


def test_nobody_discounts_whom_a_sale_brings_no_more_than_commission():
    """Beyond the cap, and without a quota, a rep loses by a discount what the firm loses."""
    world = world_of()
    for chosen in (
        plan(world, pay=PAY._replace(authority=0.5)),
        replace(
            plan(world, pay=PAY._replace(authority=0.5, cap=1.0)),
            goals=lambda last: Goals(np.full(3, 1.0), np.zeros(3), False, 1),
        ),
    ):
        assert run(world, chosen, [0]).rep_week["discounts"][:, 1:].sum() == 0


def test_a_call_is_fresh_in_mind_for_as_many_weeks_as_said():
    for weeks in (0.0, 2.0, 5.0):
        world = world_of(recent_weeks=weeks)
        year = at(world, plan(world), 20)
        since = year.state.since_call
        assert [customer.called_lately for customer in year.customers_by_row] == (since < weeks).astype(int).tolist()
        assert since.min() < 2.0 <= since.max()


# Channels and levers.


def one_way(**changes: Any) -> Channels:
    """Every account called in one way, a visit but for ``changes``."""
    visit = {"hours": 1.0, "bond": 1.0, "counts": 1, "travels": 1}
    columns = {name: np.array([value]) for name, value in {**visit, **changes}.items() if name != "effect"}
    return Channels(**columns, effect=np.full((1, 2), changes.get("effect", 1.0)), of=np.zeros(9, dtype=np.int64))


def test_a_way_to_call_has_its_hours_and_no_travel():
    world = world_of()
    year = run(world, replace(plan(world), channels=one_way(hours=0.25, travels=0)), [0]).rep_week
    assert year["calls"].sum() > 400
    assert year["hours"] == pytest.approx(0.25 * year["calls"], rel=1e-12)
    assert not year["travel_hours"].any()
    assert run(world, plan(world), [0]).rep_week["travel_hours"].sum() > 10.0


def test_a_way_to_call_has_its_effect_on_goodwill_and_on_the_relationship():
    """Everybody is called every week; both follow their recursion from where the burn-in left them."""
    world = world_of(carry_over=0.9)
    world = replace(world, reps=world.reps._replace(ability=np.ones(3), fit_industry=np.ones((3, 2)), hours=np.full(3, 99.0)))
    channels = one_way(hours=0.1, travels=0, bond=0.5, effect=0.4)
    record = run(world, replace(plan(world), channels=channels), [0], inspected=True)
    assert (record.account_year["calls"] == WEEKS).all()
    assert (record.rep_week["quality"] == 1.0).all()
    seen = record.account_week
    assert seen is not None
    b, added = world.behaviour, 0.4 * (1.0 - 0.9) * 52.0 / world.accounts.need
    goodwill, relationship = seen["goodwill"][0], seen["relationship"][0]
    assert goodwill[1:] == pytest.approx(0.9 * goodwill[:-1] + added, rel=1e-12)
    faded = (1.0 - b.relationship_fade) * relationship[:-1]
    assert relationship[1:] == pytest.approx(faded + 0.5 * b.relationship_gain * (1.0 - faded), rel=1e-12)


def test_a_way_to_call_counts_for_an_activity_goal_or_does_not():
    """Without quota or commission pay is salary, and 0.1 weeks more where the week's calls reach the goal."""
    world = world_of()
    pay = PAY._replace(commission=0.0, bonus=0.0, over=0.0)
    goals = Goals(np.zeros(3), np.full(3, 1.0), False, 1)
    weeks = {}
    for counts in (0, 1):
        chosen = replace(plan(world, pay=pay), goals=lambda last: goals, channels=one_way(counts=counts))
        weeks[counts] = run(world, chosen, [0, 1]).rep_week
    salary = 100.0 * PAY.ote / WEEKS * (salary_share(0.0, 0.0) - 0.1)
    assert weeks[0]["pay"] == pytest.approx(np.full((2, WEEKS, 3), salary), abs=1.0)
    reached = weeks[1]["calls"] >= 1
    assert weeks[1]["pay"] == pytest.approx(salary + 10.0 * PAY.ote / WEEKS * reached, abs=1.0)
    assert reached.mean() > 0.5


def test_levers_move_nothing_before_week_one_and_then_all_that_they_say():
    """Played on from the same past, a world that was like that all along has the same year to the last bit."""
    world = world_of()
    other = LEVEL._replace(carry_over=0.9, comfort_pull=0.2, quit_a_year=1.0, stage_hazard=0.3, stage_advance=0.7)
    lever = replace(plan(world, MOVED, both_goals), levers=Levers(other, hours=1.5))
    became = replace(world, behaviour=other, reps=world.reps._replace(hours=world.reps.hours + 1.5))
    levered = run(world, lever, [0, 1], inspected=True)
    as_if = run(became, plan(world, MOVED, both_goals), [0, 1], inspected=True, begun_in=world)
    assert first_difference(levered, as_if, world) == ""
    usual = run(world, plan(world, MOVED, both_goals), [0, 1])
    for name in ("sales_last_year", "status_start", "relationship_start", "open_value_start"):
        assert np.array_equal(levered.account_year[name], usual.account_year[name]), name
    assert not np.array_equal(levered.rep_week["hours"][:, 0], usual.rep_week["hours"][:, 0])


def test_levers_of_the_funnel_stand_for_those_of_the_behaviour():
    world = world_of(stages=3)
    both = [
        Levers(leaves=(0.3, 0.3), goes_on=(0.6, 0.6)),
        Levers(world.behaviour._replace(stage_hazard=0.3, stage_advance=0.6)),
    ]
    one, other = (run(world, replace(plan(world), levers=levers), [0, 1]) for levers in both)
    assert first_difference(one, other, world) == ""
    faster = run(world, replace(plan(world), levers=Levers(goes_on=(0.6, 1.0))), [0, 1])
    assert first_difference(one, faster, world) != ""


@pytest.mark.parametrize("left", [0.0, 0.5, 1.0])
def test_reps_who_are_told_know_potentials_better(left):
    """Of the error, a logarithm, that part is left before week 1."""
    world = world_of()
    start = burn_in(world, 0)
    ready = prepare(world, replace(plan(world), levers=Levers(belief=left)), 0, start)
    errors = np.log(ready.state.belief / world.accounts.potential)
    assert errors == pytest.approx(left * start.state.belief_error, abs=1e-12)
    assert abs(start.state.belief_error).max() > 0.01
