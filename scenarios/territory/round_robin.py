"""Accounts dealt round the team in order of key, as inbound leads are: each rep gets every m-th one."""

from __future__ import annotations

import numpy as np

from scenarios.market import Market
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from sim.behaviour import Behaviour
from sim.world import Ints


def design(market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour, seed: int) -> Ints:
    """Row of the rep for each account, (n,); numbers of accounts differ by one at most."""
    key = market.accounts["key"].to_numpy()
    owner = np.empty(len(key), dtype=np.int64)
    owner[np.argsort(key, kind="stable")] = np.arange(len(key)) % len(team.reps)
    return owner
