"""Accounts territory by territory: laying out loses nothing, adds nothing and changes no year."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.build import build
from scenarios.schema import MarketOptions, Scenario, TeamOptions
from sim.layout import Layout, by_row, lay_out
from sim.record import Column
from sim.run import ENGINES, gather, run
from sim.state import REP_COLUMNS, State, before_burn_in, laid_out
from sim.world import WEEKS
from sim.year import burn_in, play_year
from tests.equality import first_difference
from tests.worlds import NEIGHBOURS, both_goals, listening, plan, tiny_world

WORLD = tiny_world()
N, M = WORLD.accounts.key.size, WORLD.reps.key.size
# Whose each account is: any rep's, so that some reps have none and some have all.
# Not taken along: a plan's year begins with the market's leads, with no events behind it and nothing heard.
ANEW = ("lead", "launched", "growth", "said", "word")
OWNERS = st.lists(st.integers(0, M - 1), min_size=N, max_size=N).map(np.array)
# The accounts of open opportunities, oldest first: many on one account, none on others.
DEALS = st.lists(st.integers(0, N - 1), max_size=40)
MANY = settings(max_examples=150, deadline=None, derandomize=True)


def layout_of(owner: np.ndarray) -> Layout:
    return lay_out(WORLD, plan(WORLD, owner=owner))


def some_state(layout: Layout, rows: list[int]) -> State:
    """Every number of it is another one; the opportunities of each rep's accounts stand oldest first."""
    state = before_burn_in(WORLD, layout, 0)
    numbers = iter(range(1, 10_000))
    for name, column in state._asdict().items():
        if name not in ("deals", "deals_from", *ANEW):
            column.flat[:] = [next(numbers) for _ in range(column.size)]
    for age, row in enumerate(rows):
        place = layout.place[row]
        j = layout.owner[place]
        d = state.deals_from[j] + state.deals[j]
        state.deal_row[d], state.deal_key[d] = place, layout.accounts.key[place]
        state.deal_opened[d], state.deal_ordinal[d] = 100 + age, age % 2
        state.deal_stage[d], state.deal_cents[d] = age % 3, 1_000 + age
        state.deals[j] += 1
    return state


def opportunities(state: State, layout: Layout) -> dict[int, list[tuple[int, ...]]]:
    """The open opportunities of each row of the world, in order; each must stand with the rep who has its account."""
    found = defaultdict(list)
    for j in range(M):
        first, end = state.deals_from[j], state.deals_from[j] + state.deals[j]
        assert end <= state.deals_from[j + 1]
        for d in range(first, end):
            place = state.deal_row[d]
            assert layout.owner[place] == j
            assert layout.starts[j] <= place < layout.starts[j + 1]
            assert state.deal_key[d] == layout.accounts.key[place]
            columns = (state.deal_opened, state.deal_ordinal, state.deal_stage, state.deal_cents)
            found[int(layout.rows[place])].append(tuple(int(column[d]) for column in columns))
    return dict(found)


@MANY
@given(OWNERS)
def test_a_territory_is_a_stretch_of_its_reps_accounts_by_key(owner):
    layout = layout_of(owner)
    assert layout.starts.size == M + 1
    for j in range(M):
        stretch = layout.rows[int(layout.starts[j]) : int(layout.starts[j + 1])]
        assert stretch.tolist() == np.flatnonzero(owner == j).tolist()
        assert (layout.owner[int(layout.starts[j]) : int(layout.starts[j + 1])] == j).all()
    for name, column in layout.accounts._asdict().items():
        assert np.array_equal(column, getattr(WORLD.accounts, name)[layout.rows]), name


class Table(NamedTuple):
    year: np.ndarray
    weeks: np.ndarray


@MANY
@given(OWNERS)
def test_columns_by_place_come_back_by_row(owner):
    layout = layout_of(owner)
    by_place = Table(layout.accounts.key, np.stack([layout.accounts.key + 100 * week for week in range(3)]))
    columns = (Column("year", "", "i8", ""), Column("weeks", "", "i8", ""))
    back = by_row(by_place, columns, layout)
    assert np.array_equal(back.year, WORLD.accounts.key)
    assert np.array_equal(back.weeks, WORLD.accounts.key + 100 * np.arange(3)[:, None])


@MANY
@given(OWNERS, OWNERS, DEALS, st.integers(0, 2))
def test_every_account_takes_its_columns_and_opportunities_along_and_back(here, there, rows, doublings):
    old, new = layout_of(here), layout_of(there)
    state = some_state(old, rows)
    before = {name: column.copy() for name, column in state._asdict().items()}
    moved = laid_out(state, old, new, doublings)
    back = laid_out(moved, new, old)
    for name, column in state._asdict().items():
        assert np.array_equal(column, before[name]), f"{name} of the old state was written"
        if name in REP_COLUMNS:
            assert np.array_equal(getattr(moved, name), column), name
        elif not name.startswith("deal") and name not in ANEW:
            by_world = np.take(column, old.place, axis=-1)
            assert np.array_equal(np.take(getattr(moved, name), new.place, axis=-1), by_world), name
            assert np.array_equal(getattr(back, name), column), name
        if name not in ("deals_from", *ANEW):
            assert not np.shares_memory(getattr(moved, name), column), name
    mine = opportunities(state, old)
    assert sum(len(some) for some in mine.values()) == len(rows)
    assert opportunities(moved, new) == mine
    assert opportunities(back, old) == mine
    assert (np.diff(moved.deals_from) >= moved.deals).all()


@MANY
@given(OWNERS, OWNERS)
def test_what_events_and_neighbours_change_begins_anew_in_every_plan(here, there):
    """A lead may be written where events happen, so it is a copy there; the market's own stays what it was."""
    heard = listening(WORLD)
    old, new = (lay_out(heard, plan(heard, owner=owner)) for owner in (here, there))
    state = before_burn_in(heard, old, 0)
    quiet, eventful = laid_out(state, old, new), laid_out(state, old, new, events=True)
    for begun in (quiet, eventful):
        assert np.array_equal(np.take(begun.lead, new.place, axis=0), WORLD.accounts.lead)
        assert begun.word.tolist() == [0.0] * N
    assert quiet.launched.size == quiet.growth.size == 0
    assert eventful.launched.tolist() == eventful.growth.tolist() == [1.0] * N
    assert quiet.lead is new.accounts.lead
    assert not np.shares_memory(eventful.lead, new.accounts.lead)
    assert np.array_equal(np.take(new.rows[new.neighbours], new.place, axis=0), NEIGHBOURS)
    assert laid_out(before_burn_in(WORLD, layout_of(here), 0), layout_of(here), layout_of(there)).word.size == 0


def test_there_is_room_for_twice_what_is_open_and_doubled_room_where_a_year_needs_more():
    old, new = layout_of(np.arange(N) // 3), layout_of(np.zeros(N, dtype=np.int64))
    for rows, doublings, room in [
        ([], 0, [2 * 9 + 50, 50, 50]),
        ([], 2, [4 * (2 * 9 + 50), 200, 200]),
        (list(range(N)) * 12, 0, [2 * 108, 50, 50]),
        (list(range(N)) * 12, 3, [8 * (2 * 9 + 50), 400, 400]),
    ]:
        moved = laid_out(some_state(old, rows), old, new, doublings)
        assert np.diff(moved.deals_from).tolist() == room
        assert sum(map(len, opportunities(moved, new).values())) == len(rows)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("detour", [[0] * N, [2, 1, 0] * 3, [1, 1, 1, 1, 1, 1, 2, 2, 2]])
def test_a_year_does_not_know_in_which_layout_its_start_was_kept(engine, detour):
    """Through other territories and back, the opportunities of a rep change their order, those of an account do not."""
    today, other = lay_out(WORLD, None), layout_of(np.array(detour))
    chosen = plan(WORLD, owner=np.array([2, 0, 0, 1, 1, 1, 1, 0, 2]), goals=both_goals)
    start = burn_in(WORLD, 3)
    around = start._replace(state=laid_out(laid_out(start.state, today, other), other, today))
    assert start.state.deals.sum() > 5
    one, same = (
        gather([[play_year(WORLD, chosen, 3, begin, engine, inspected=True)]], [3], engine) for begin in (start, around)
    )
    assert first_difference(one, same, WORLD) == ""


def test_weeks_stay_in_their_order_where_there_are_as_many_accounts():
    """A table of 52 weeks by 52 accounts is as high as it is wide."""
    made = build(Scenario(market=MarketOptions(accounts=WEEKS), team=TeamOptions(reps=3)))
    record = run(made.world, made.plan, [0], threads=1, inspected=True)
    for name in ("orders", "won", "order_revenue"):
        assert np.array_equal(record.account_week[name].sum(axis=1), record.account_year[name]), name
        assert np.array_equal(record.account_week[name].sum(axis=2), record.rep_week[name].sum(axis=2)), name
