"""Accounts dealt out by chance, like cards: as many to each rep, wherever they are."""

from __future__ import annotations

import numpy as np

from scenarios.market import Market
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from sim.behaviour import Behaviour
from sim.draws import DRAW, column
from sim.world import Ints


def design(market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour, seed: int) -> Ints:
    """Row of the rep for each account, (n,); numbers of accounts differ by one at most."""
    cards = column(seed, DRAW, 0, market.accounts["key"].to_numpy())
    owner = np.empty(len(cards), dtype=np.int64)
    owner[np.argsort(cards, kind="stable")] = np.arange(len(cards)) % len(team.reps)
    return owner
