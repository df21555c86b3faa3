"""Reviews: what is known on the day, what is done, and that the year goes on as it should, in both engines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from command.main import main
from command.settings import CHOICES
from scenarios.build import build
from scenarios.hiring.need import NEEDS
from scenarios.identity import identity, label, status_quo
from scenarios.problems import InputError
from scenarios.review import WEEKS, Held, held
from scenarios.review.known import Known
from scenarios.review.measures import MEASURES, demand
from scenarios.review.moving import Loads, levelled
from scenarios.review.policies import POLICIES, relieved
from scenarios.schema import EventOptions, GoalsOptions, MarketOptions, ReviewOptions, Scenario, TeamOptions
from sim.ledger import keep_books
from sim.look import open_year
from sim.rules.relationship import handed_over
from sim.run import run
from sim.world import Changes, Review, Seen
from sim.year import burn_in, play_year
from sim.years import years_in_a_row
from tests.equality import first_difference
from tests.worlds import everything, plan, tiny_world

SMALL = Scenario(
    market=MarketOptions(accounts=240),
    team=TeamOptions(reps=5),
    goals=GoalsOptions("hybrid"),
    events=EventOptions("bad", "week 8: demand +60% in region=largest; week 10: rep 1 leaves"),
)


def swap(seen: Seen) -> Changes:
    """Rep 1 and rep 2 swap their second accounts before week 14, and rep 1's quota is halved."""
    owner, quota = seen.owner.copy(), seen.quota.copy()
    if seen.week == 13:
        owner[1], owner[4], quota[0] = 1, 0, quota[0] / 2.0
    return Changes(owner, quota)


def nothing(seen: Seen) -> Changes:
    """All stays, said as a change."""
    return Changes(seen.owner, seen.quota)


def test_both_engines_play_the_same_year_with_every_mechanism_and_a_review():
    world, chosen = everything()
    rng = np.random.default_rng(3)
    m = world.reps.key.size

    def shuffled(seen: Seen) -> Changes:
        owner = seen.owner.copy()
        some = rng.integers(0, len(owner), 4)
        owner[some] = (owner[some] + 1) % m
        return Changes(owner, seen.quota * 0.9)

    played = []
    for engine in ("compiled", "mesa"):
        rng = np.random.default_rng(3)
        planned = replace(chosen, review=Review((5, 13, 26, 39), shuffled, 0.5))
        played.append(run(world, planned, [0], engine=engine, threads=1, inspected=True))
    assert not first_difference(*played, world)
    assert played[0].account_year["moves"].sum() > 8


@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_every_policy_plays_the_same_year_in_both_engines(policy):
    made = build(replace(SMALL, review=ReviewOptions("monthly", policy, threshold=0.02)))
    one, other = (run(made.world, made.plan, [0], engine=engine, threads=1) for engine in ("compiled", "mesa"))
    assert not first_difference(one, other, made.world)


def test_a_review_that_changes_nothing_changes_no_bit():
    world = tiny_world()
    usual = plan(world)
    one = run(world, usual, [0, 1])
    other = run(world, replace(usual, review=Review((1, 20, 51), nothing)), [0, 1])
    assert np.flatnonzero(other.rep_week["reviewed"].any(axis=(0, 2))).tolist() == [1, 20, 51]
    other.rep_week["reviewed"][:] = 0  # that it was held is all
    assert not first_difference(one, other, world)


def test_accounts_that_change_rep_part_with_the_relationship_and_are_counted():
    world = tiny_world()
    review = Review((13,), swap)
    start = burn_in(world, 0)
    usual = replace(plan(world), owner=world.current.copy())
    before = play_year(world, usual, 0, start, weeks=13, inspected=True).out.account_week.relationship[12]
    after = play_year(world, replace(usual, review=review), 0, start, weeks=14, inspected=True)
    b, seen = world.behaviour, after.out.account_week
    faded = (1.0 - b.relationship_fade) * before[[1, 4]]
    handed = [handed_over(value, b.relationship_kept, b.similarity_bonus, 0.5) for value in faded]
    met = seen.called[13, [1, 4]] == 0  # a call of the new rep deepens it at once
    assert seen.relationship[13, [1, 4]][met] == pytest.approx(np.array(handed)[met], rel=1e-3)
    assert after.out.account.moves.tolist() == [0, 1, 0, 0, 1, 0, 0, 0, 0]
    assert after.out.account.rep_end.tolist() == [101, 102, 101, 102, 101, 102, 103, 103, 103]
    assert after.out.rep.gained[13].tolist() == after.out.rep.given[13].tolist() == [1, 1, 0]


def test_open_opportunities_of_who_gives_are_credited_in_part():
    """With all of it held over, the giver's attainment is higher by what is open, by its chance to come."""
    world = tiny_world()
    start = burn_in(world, 0)
    goals = build(SMALL).plan.goals
    chosen = replace(plan(world), owner=world.current.copy(), goals=goals)
    years = [
        play_year(world, replace(chosen, review=Review((13,), swap, part)), 0, start, weeks=14) for part in (0.0, 1.0)
    ]
    quarter = play_year(world, chosen, 0, start, weeks=13)
    worth = quarter.out.account.open_value[[1, 4]] * world.behaviour.win_odds
    quota = years[0].quota
    more = (years[1].out.rep.attainment[13] - years[0].out.rep.attainment[13]) * quota * 100.0
    assert more[:2] == pytest.approx(worth, abs=60.0)  # what effort adds in a week stays below
    assert worth.sum() > 1_000.0
    assert more[2] == 0.0


def test_a_year_after_a_reviewed_one_goes_on_with_who_has_the_accounts():
    world = tiny_world()
    usual = replace(plan(world), owner=world.current.copy())
    kept = np.array(usual.owner)
    kept[[1, 4]] = 1, 0
    start = burn_in(world, 0)
    years = years_in_a_row(world, [replace(usual, review=Review((13,), swap)), replace(usual, owner=kept)], 0, start)
    assert (years[0].out.account.rep_end == world.reps.key[kept]).all()
    assert (years[1].out.account.relationship_start == years[0].out.account.relationship).all()


def test_the_year_that_is_looked_at_is_the_year_that_is_played():
    made = build(replace(SMALL, review=ReviewOptions("monthly", "reactive", threshold=0.02)))
    played = run(made.world, made.plan, [0])
    year = open_year(made.world, made.plan, 0)
    year.play()
    for name, column in played.rep_week.items():
        assert (column[0] == getattr(year.out.rep, name)).all(), name
    deals = keep_books(made.world, made.plan, 0).deals.values()
    assert sum(deal.won for deal in deals) == played.rep_week["won"].sum()


# What is known, worked by hand: three reps in a row, six accounts of which the first four are rep 0's.


def three(**own) -> tuple[Seen, Known]:
    owner = np.array([0, 0, 0, 0, 1, 2])
    known = Known(
        belief=np.array([400.0, 300.0, 200.0, 100.0, 500.0, 500.0]),
        hours=np.array([[40.0, 44.0], [40.0, 41.0], [40.0, 42.0], [40.0, 60.0], [40.0, 50.0], [40.0, 50.0]]),
        near=np.array([[0, 1], [0, 1], [0, 1], [0, 2], [1, 0], [2, 1]]),
        home=np.full(6, 40.0),
        owner=owner,
        stays=np.zeros(6, dtype=bool),
        region=np.array([0, 0, 0, 0, 1, 1]),
        regions=2,
        priority=np.array([True, False, False, False, True, True]),
        capacity=np.full(3, 100.0),
        passed=np.arange(53) / 52.0,
        margin=np.full(6, 0.5),
        planned=np.zeros(3, dtype=bool),
        cost=150.0,
        new=np.zeros(6, dtype=bool),
    )
    seen = Seen(
        week=13, since=13, ahead=39, owner=owner, sales=np.array([50.0, 50.0, 25.0, 25.0, 50.0, 50.0]),
        last_year=np.array([200.0, 200.0, 100.0, 100.0, 400.0, 400.0]),
        before=np.array([200.0, 200.0, 100.0, 100.0, 400.0, 400.0]), calls=np.array([2, 2, 2, 2, 4, 4]),
        open_value=np.full(6, 60.0), weekly=np.tile([150.0, 50.0, 50.0], (13, 1)) / 13.0,
        quota=np.zeros(3), vacant=np.zeros(3, dtype=np.int64),
    )  # fmt: skip
    return seen._replace(**own), known


def test_measures_worked_by_hand():
    seen, known = three()
    # A quarter of the year is gone: 600 x 1/4 aimed at, 150 sold; the others 100, and sold 50.
    assert MEASURES["attainment"](seen, known) == pytest.approx([1.0, 0.5, 0.5])
    assert MEASURES["workload"](seen, known).tolist() == [1.6, 0.4, 0.4]
    # Region 0 sold as last year, region 1 half: (100 + 80) / (200 + 80).
    assert demand(seen, known) == pytest.approx([1.0] * 4 + [180.0 / 280.0] * 2)
    # 1,000 x 3/4 of the year over the 450 that are missing; 500 x .643 x 3/4 over 350.
    half = 0.75 * 500.0 * 180.0 / 280.0 / 350.0
    assert MEASURES["opportunity"](seen, known) == pytest.approx([750.0 / 450.0, half, half])
    assert MEASURES["pipeline"](seen, known) == pytest.approx([240.0 / 450.0, 60.0 / 350.0, 60.0 / 350.0])
    # 8 of 16 calls on 160 of 240 hours: three quarters of the mean, which is 1.
    assert MEASURES["coverage"](seen, known) == pytest.approx([0.75, 1.5, 1.5])
    assert MEASURES["trend"](seen, known) == pytest.approx([1.0, 1.0, 1.0])


def test_work_goes_to_neighbours_with_room_the_cheapest_way_first():
    seen, known = three()
    loads = Loads(known.hours_with(seen.owner), known.hours, np.ones(6))
    owner = levelled(seen, known, loads, known.capacity, 0.15, 10)
    # Account 1 costs an hour more with rep 1: 120 and 81. One more there, or account 3 with rep 2, would turn it round.
    assert owner.tolist() == [0, 1, 0, 0, 1, 2]
    assert levelled(seen, known, loads, known.capacity, 0.15, 0).tolist() == seen.owner.tolist()
    assert levelled(seen, known, loads, known.capacity, 9.0, 10).tolist() == seen.owner.tolist()
    locked = known._replace(stays=np.array([False, True, False, False, False, False]))
    assert levelled(seen, locked, loads, known.capacity, 0.15, 1).tolist() == [0, 0, 1, 0, 1, 2]
    gone = seen._replace(vacant=np.array([0, 9, 0]))
    assert levelled(gone, known, loads, known.capacity, 0.15, 10).tolist() == [0, 0, 0, 2, 1, 2]


def test_quotas_follow_the_accounts():
    """The page's own example: a tenth of what a territory could buy leaves after a quarter, and 75,000 of a million."""
    seen, known = three(quota=np.array([1_000_000.0, 500_000.0, 0.0]))
    owner = seen.owner.copy()
    owner[3] = 1
    assert relieved(seen, known, owner, 1.0).tolist() == [925_000.0, 575_000.0, 0.0]
    assert relieved(seen, known, owner, 0.0).tolist() == [1_000_000.0, 500_000.0, 0.0]


def test_each_policy_does_what_it_says():
    options = ReviewOptions("quarterly", threshold=0.15, most_moved=1.0)
    seen, known = three(quota=np.array([600.0, 400.0, 400.0]))
    # Rep 0 is ahead (1.0 to .5): reactive takes from it; so does workload (1.6 to .4), and demand (region 1 fell).
    for name in ("reactive", "proactive", "rebalance"):
        changes = POLICIES[name](seen, known, options)
        assert changes is not None
        assert (changes.owner != seen.owner).any()
        assert changes.quota.sum() == pytest.approx(1_400.0)
        assert changes.quota[0] < 600.0
    requota = POLICIES["requota"](seen, known, options)
    assert (requota.owner == seen.owner).all()
    assert requota.quota == pytest.approx([600.0, 400.0 * (1.0 - 0.75 * 0.3), 400.0 * (1.0 - 0.75 * 0.3)])
    assert POLICIES["backfill"](seen, known, options) is None
    empty = POLICIES["backfill"](seen._replace(vacant=np.array([9, 0, 0])), known, options)
    assert empty.owner.tolist() == [1, 0, 0, 0, 1, 2]  # its one priority account


def test_a_trigger_waits_for_a_territory_that_strays_and_rests_after_a_change():
    seen, known = three()
    review = Held(known, ReviewOptions("triggered", "rebalance", measure="workload", trigger=0.5, most_moved=1.0))
    assert review(seen) is not None
    assert review(seen._replace(since=7)) is None
    assert Held(known, replace(review.options, trigger=4.0))(seen) is None


def test_none_and_annual_hold_no_review_in_the_year_and_a_wrong_word_is_told():
    assert build(SMALL).plan.review is None
    assert build(replace(SMALL, review=ReviewOptions("annual"))).plan.review is None
    assert build(replace(SMALL, review=ReviewOptions("annual"), years=2)).plan.review.weeks == (52,)
    with pytest.raises(InputError) as told:
        held(ReviewOptions("quartely", "proactiv", "attainmant"), three()[1])
    assert [problem.split(":")[0] for problem in told.value.problems] == [
        "review.name", "review.policy", "review.measure",
    ]  # fmt: skip
    assert all(0 < week <= 52 for weeks in WEEKS.values() for week in weeks)


def test_what_is_locked_or_kept_together_stays_in_reviews():
    from scenarios.schema import TerritoryOptions

    locked = build(replace(SMALL, territory=TerritoryOptions(locked="R01"), review=ReviewOptions("quarterly")))
    stays = locked.plan.review.policy.held.known.stays
    assert (stays == (locked.market.accounts["current_rep"] == "R01")).all()
    together = build(replace(SMALL, territory=TerritoryOptions(keep_together="city"), review=ReviewOptions("monthly")))
    city = together.market.accounts["city"]
    assert (together.plan.review.policy.held.known.stays == (city.map(city.value_counts()) > 1)).all()


def test_a_review_is_part_of_the_plan_and_of_its_name():
    chosen = replace(SMALL, review=ReviewOptions("quarterly", "reactive"))
    assert status_quo(chosen).review == ReviewOptions()
    assert identity(chosen, "m", "c") != identity(SMALL, "m", "c")
    assert "review=quarterly(policy=reactive)" in label(chosen)


def test_the_door_knows_every_policy_and_measure():
    assert CHOICES["review.policy"] == tuple(POLICIES)
    assert CHOICES["review.measure"] == tuple(MEASURES)
    assert CHOICES["hiring.by"] == tuple(NEEDS)


def test_a_change_is_one_of_accounts_not_of_having_looked():
    """Looked at three times; accounts change rep the second time, and only since then is counted."""
    world, since = tiny_world(), []

    def looks(seen: Seen) -> Changes:
        since.append(seen.since)
        return swap(seen)

    run(world, replace(plan(world), review=Review((5, 13, 20), looks)), [0])
    year = open_year(world, replace(plan(world), review=Review((5, 13, 20), looks)), 0)
    year.play()
    assert since == [5, 13, 7, 5, 13, 7]


def test_reviews_are_paid_for(tmp_path, capsys, monkeypatch):
    """From the command line: three reviews of five reps at 150, and 40 an account that moves."""
    monkeypatch.chdir(tmp_path)
    said = [
        "simulate", "-m", "review=none,quarterly", "market.accounts=120", "team.reps=5", "replications=3",
        "review.threshold=0.02",
    ]  # fmt: skip
    assert main(said) == 0
    assert "review=quarterly" in capsys.readouterr().out
    from analysis.costs import review_cost
    from analysis.metrics import measures
    from analysis.store import load
    from command.shelf import stored_scenarios

    stored = stored_scenarios(tmp_path / "results")
    assert len(stored) == 2
    for played in (load(tmp_path / "results", info["key"]) for info in stored):
        moves = played.weeks("gained").sum(axis=(1, 2))
        if played.info["scenario"]["review"]["name"] == "quarterly":
            assert moves.sum() > 0
            assert review_cost(played).tolist() == [150.0 * 5 * 3 + 40.0 * moved for moved in moves]
            assert measures(played)["rep_changes"].tolist() == pytest.approx(list(moves / 120.0))
        else:
            assert review_cost(played).tolist() == [0.0, 0.0, 0.0]
