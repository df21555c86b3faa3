"""Territories inside groups of accounts: each group has reps of its own, who share it evenly."""

from __future__ import annotations

import numpy as np

from scenarios.market import Market
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from scenarios.territory.current import todays_rows
from scenarios.territory.sharing import share_out
from sim.behaviour import Behaviour
from sim.world import Ints


def share_groups(
    market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour, account_group: Ints, rep_group: Ints
) -> Ints:
    """Row of the rep for each account, (n,), who is of the account's group.

    ``account_group`` (n,) and ``rep_group`` (m,) number the groups; every group with accounts has a rep. Inside a group
    workload is balanced within ``options.tolerance``, near home or, without places, close to today's territories.
    """
    today = todays_rows(market, team)
    owner = np.full(len(today), -1, dtype=np.int64)
    for group in np.unique(account_group):
        rows, among = np.flatnonzero(account_group == group), np.flatnonzero(rep_group == group)
        place = np.full(len(team.reps), -1, dtype=np.int64)
        place[among] = np.arange(among.size)
        accounts, reps = market.accounts.iloc[rows], team.reps.iloc[among]
        shares = share_out(accounts, reps, place[today[rows]], behaviour, market.has_places, options.tolerance)
        owner[rows] = among[shares]
    return owner
