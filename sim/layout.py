"""Lays each rep's accounts together in memory for the compiled loop, and puts everything back in its place after it.

Accounts stand in rising order of key, so a territory is scattered over the columns. Its rep goes through it every week:
with 200,000 accounts the year takes a third of the time when the territory lies together, with the same bits.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.setting import AccountWeeks, AccountYear, Out, Setting
from sim.state import REP_COLUMNS, State
from sim.world import Accounts, Ints


class Laid(NamedTuple):
    """A year to play with territories together, and where each row stood (n,)."""

    setting: Setting
    state: State
    out: Out
    rows: Ints


def together(s: Setting, state: State, out: Out) -> Laid:
    """Copies of everything that has a row an account, sorted by rep; rep columns are the very same arrays."""
    rows = s.rows
    place = np.empty_like(rows)
    place[rows] = np.arange(rows.size)
    sorted_columns: list[Any] = [column[rows] for column in s.accounts]
    for column in sorted_columns:
        column.setflags(write=False)
    accounts = Accounts(*sorted_columns)
    moved: dict[str, Any] = {}
    for name, column in state._asdict().items():
        by_account = not (name in REP_COLUMNS or name.startswith("deal"))
        moved[name] = column[rows] if by_account else column
    open_now = int(state.deals[0])
    state.deal_row[:open_now] = place[state.deal_row[:open_now]]
    year = AccountYear(*(column[rows] for column in out.account))
    weeks = AccountWeeks(*(column[:, rows] if column.shape[0] else column for column in out.account_week))
    return Laid(
        s._replace(accounts=accounts, rows=np.arange(rows.size)), State(**moved), Out(out.rep, year, weeks), rows
    )


def put_back(laid: Laid, state: State, out: Out) -> None:
    """Writes what was played into ``state`` and ``out``, each row where it belongs."""
    rows = laid.rows
    for name, column in laid.state._asdict().items():
        if not (name in REP_COLUMNS or name.startswith("deal")):
            getattr(state, name)[rows] = column
    open_now = int(state.deals[0])
    state.deal_row[:open_now] = rows[state.deal_row[:open_now]]
    for column, played in zip(out.account, laid.out.account, strict=True):
        column[rows] = played
    for column, played in zip(out.account_week, laid.out.account_week, strict=True):
        if column.shape[0]:
            column[:, rows] = played
