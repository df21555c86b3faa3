"""Accounts that a review moves: nothing is lost, nothing else changes, and the year is the one laid out anew."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

import sim.review
import sim.rule
from scenarios.build import build
from scenarios.schema import (
    ChannelsOptions,
    EventOptions,
    MarketOptions,
    ReviewOptions,
    Scenario,
    TeamOptions,
)
from sim.behaviour import Behaviour
from sim.layout import AT_LEAST, OUTSIDE, SPARE, Layout, lay_out, own, with_room
from sim.moving import moved
from sim.record import Record
from sim.run import run
from sim.world import Changes, Review, Seen
from sim.year import Prepared, burn_in, play, prepare
from tests.equality import first_difference

N, M = 400, 10
BUILT = build(
    Scenario(
        market=MarketOptions(accounts=N),
        team=TeamOptions(reps=M),
        channels=ChannelsOptions("phone_small"),
        events=EventOptions("bad", "week 2: demand +60% in region=largest; week 3: competitor price +0.3"),
        behaviour=Behaviour()._replace(stages=2, quick_share=0.3, referral=0.2, review=0.1),
    )
)


def begun(weeks: int = 6) -> tuple[Prepared, Layout]:
    """A year some weeks old, with room to spare."""
    start = burn_in(BUILT.world, 0)
    layout = own(lay_out(BUILT.world, BUILT.plan, spare=True))
    year = prepare(BUILT.world, BUILT.plan, 0, start, layout=layout)
    play(year.setting._replace(weeks=weeks), year.state, year.out, "compiled")
    return year, layout


def by_row(year: Prepared, layout: Layout) -> dict[str, np.ndarray]:
    """Every column over accounts by row of the world; neighbours as rows."""
    tables = {"a": year.setting.accounts, "s": year.state, "o": year.out.account, "c": year.setting.channels}
    found = {"concerns": year.setting.events.concerns[:, layout.place]}
    for table, columns in tables.items():
        for name, column in columns._asdict().items():
            if column.shape[-1:] == layout.rows.shape:
                found[f"{table}.{name}"] = column[..., layout.place].copy()
    found["a.lead"], found["s.lead"] = (
        lead[layout.place].copy() for lead in (year.setting.accounts.lead, year.state.lead)
    )
    found["neighbours"] = year.setting.rows[year.setting.neighbours[layout.place]]
    return found


def opportunities(year: Prepared, layout: Layout) -> dict[int, list[tuple[int, ...]]]:
    """Those of each row, in order; each must stand with the rep in whose territory the account lies."""
    state, found = year.state, defaultdict(list)
    for j in range(M):
        for d in range(state.deals_from[j], state.deals_from[j] + state.deals[j]):
            place = state.deal_row[d]
            assert layout.starts[j] <= place < layout.ends[j]
            assert state.deal_key[d] == layout.accounts.key[place]
            columns = (state.deal_opened, state.deal_ordinal, state.deal_stage, state.deal_cents)
            found[int(layout.rows[place])].append(tuple(int(column[d]) for column in columns))
    return dict(found)


def give(year: Prepared, layout: Layout, owner: np.ndarray) -> bool:
    """Whether the accounts could be moved to whose they are now, by row."""
    year.state.owner[layout.place] = owner
    return moved(*year, layout)


def test_moved_accounts_take_everything_along_and_the_others_keep_it():
    year, layout = begun()
    rng, owner = np.random.default_rng(1), layout.owner[layout.place].copy()
    assert year.state.deals.sum() > 30
    outgrew = 0
    for count in (1, 3, 9, 4, 0, 5):
        before, open_before = by_row(year, layout), opportunities(year, layout)
        began = layout.starts[:-1].copy()
        some = rng.choice(N, count, replace=False)
        # most of them to one rep, whose territory outgrows its room
        owner[some] = np.where(rng.random(count) < 0.8, 3, rng.integers(0, M, count))
        assert give(year, layout, owner)
        outgrew += int((layout.starts[:-1] != began).sum())
        after = by_row(year, layout)
        assert after.pop("s.owner").tolist() == owner.tolist()
        before.pop("s.owner")
        assert list(after) == list(before)
        for name, column in after.items():
            assert np.array_equal(column, before[name]), name
        assert opportunities(year, layout) == open_before
        assert np.array_equal(layout.rows[layout.place], np.arange(N))
        assert np.array_equal(layout.owner[layout.place], owner)
        for j in range(M):
            stretch = layout.rows[int(layout.starts[j]) : int(layout.ends[j])]
            assert sorted(stretch) == np.flatnonzero(owner == j).tolist()
            assert layout.ends[j] <= layout.limits[j]
        rooms = sorted(zip(layout.starts[:-1], layout.limits, strict=True))
        assert all(end <= begin for (_, end), (begin, _) in pairwise(rooms))
    assert outgrew == 1


def test_where_there_is_no_room_nothing_is_done():
    year, layout = begun()
    before, open_before = by_row(year, layout), opportunities(year, layout)
    assert not give(year, layout, np.zeros(N, dtype=np.int64))
    after = by_row(year, layout)
    assert all(np.array_equal(column, before[name]) for name, column in after.items() if name != "s.owner")
    assert opportunities(year, layout) == open_before


def test_no_room_is_asked_for_more_opportunities_than_a_year_would_give():
    year, layout = begun()
    owner = layout.owner[layout.place].copy()
    owner[np.flatnonzero(owner == 1)[:2]] = M - 1
    year.state.deals_from[M] = year.state.deals_from[M - 1] + year.state.deals[M - 1] + 1
    assert year.state.deals[M - 1] > 2
    assert not give(year, layout, owner)


def test_a_layout_without_room_to_spare_moves_nothing():
    layout = own(lay_out(BUILT.world, BUILT.plan))
    year = prepare(BUILT.world, BUILT.plan, 0, burn_in(BUILT.world, 0), layout=layout)
    assert not give(year, layout, layout.owner[layout.place])


def test_each_territory_has_room_for_an_eighth_more_and_all_together_for_a_fourth():
    layout = lay_out(BUILT.world, BUILT.plan, spare=True)
    sizes = np.bincount(BUILT.plan.owner, minlength=M)
    assert np.array_equal(layout.ends - layout.starts[:-1], sizes)
    assert np.array_equal(layout.limits - layout.starts[:-1], sizes + sizes // SPARE + AT_LEAST)
    assert [with_room(size) for size in (0, 80)] == [4, 94]
    assert layout.rows.size == N + N // SPARE + AT_LEAST * M + N // OUTSIDE >= layout.starts[-1] + N // OUTSIDE


def shuffling(most: int) -> Review:
    """Reviews that give many accounts to few reps, and others the next time."""

    def shuffled(seen: Seen) -> Changes:
        rng = np.random.default_rng(seen.week)
        owner = seen.owner.copy()
        owner[rng.choice(N, most, replace=False)] = rng.integers(0, M, 3)[rng.integers(0, 3, most)]
        return Changes(owner, seen.quota)

    return Review((2, 13, 20, 26, 39, 45), shuffled, 0.5)


@pytest.mark.parametrize("most", [4, 20, 70])
def test_a_year_with_moves_is_the_year_laid_out_anew_and_the_one_of_agents(most, monkeypatch):
    planned, found = replace(BUILT.plan, review=shuffling(most)), []

    def noted(*given) -> bool:
        found.append(moved(*given))
        return found[-1]

    def year(engine: str) -> Record:
        return run(BUILT.world, planned, [0], engine, threads=1)

    monkeypatch.setattr(sim.review, "moved", noted)
    usual = year("compiled")
    assert any(found) if most < 70 else not all(found)
    monkeypatch.setattr(sim.review, "moved", lambda *given: False)
    assert first_difference(usual, year("compiled"), BUILT.world) == ""
    if most == 20:
        assert first_difference(usual, year("mesa"), BUILT.world) == ""


def test_years_go_on_from_a_year_with_moves():
    planned = replace(BUILT.plan, review=shuffling(10), years=2)
    one, other = (run(BUILT.world, planned, [1], engine, threads=1) for engine in ("compiled", "mesa"))
    assert first_difference(one, other, BUILT.world) == ""


def test_what_a_policy_decides_is_played_whoever_plays_it():
    chosen = Scenario(
        market=MarketOptions(accounts=300), team=TeamOptions(reps=6), review=ReviewOptions("monthly", threshold=0.01)
    )
    made = build(chosen)
    one, other = (run(made.world, made.plan, [0], engine, threads=1) for engine in ("compiled", "mesa"))
    assert one.account_year["moves"].sum() > 20
    assert first_difference(one, other, made.world) == ""


@pytest.mark.parametrize("ask", [True, False])
def test_whatever_column_a_policy_makes_is_read_as_whose_the_accounts_are(ask, monkeypatch):
    """A column with gaps, or of smaller numbers: who goes straight to what is compiled would read it wrongly."""

    def moves(column):
        def policy(seen: Seen) -> Changes:
            owner = seen.owner.copy()
            owner[seen.week] = (owner[seen.week] + 1) % M
            return Changes(column(owner), seen.quota)

        return replace(BUILT.plan, review=Review((5, 20), policy, 1))

    usual = run(BUILT.world, moves(lambda owner: owner), [0], threads=1)
    monkeypatch.setattr(sim.rule, "ALWAYS_ASK", ask)
    for column in (lambda owner: np.stack([owner, owner[::-1]], axis=1)[:, 0], lambda owner: owner.astype(np.int32)):
        assert first_difference(run(BUILT.world, moves(column), [0], threads=1), usual, BUILT.world) == ""


def test_years_are_the_same_whether_types_are_asked_for_or_not(monkeypatch):
    planned = replace(BUILT.plan, review=shuffling(10), years=2)
    asked = run(BUILT.world, planned, [0, 1], threads=1)
    monkeypatch.setattr(sim.rule, "ALWAYS_ASK", False)
    assert first_difference(run(BUILT.world, planned, [0, 1], threads=1), asked, BUILT.world) == ""
