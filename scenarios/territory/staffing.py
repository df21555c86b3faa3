"""Who gets which of the territories that a design drew: whoever is expected to earn most there, all reps together."""

from __future__ import annotations

import numpy as np

from scenarios.earning.known import known
from scenarios.earning.outlook import outlook
from scenarios.earning.placing import placed, places
from scenarios.market import Market
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from scenarios.territory.asking import locked_accounts
from scenarios.territory.current import todays_rows
from sim.behaviour import Behaviour
from sim.world import Ints


def staffed(owner: Ints, market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour) -> Ints:
    """Row of the rep for each account, (n,): the same territories, ``owner`` (n,), with the best rep for each.

    Reps with locked accounts keep the territory that was drawn for them.
    """
    today = todays_rows(market, team)
    locked = locked_accounts(options.locked, market, team, today, [])
    stays = np.unique(today[locked]) if locked is not None else np.empty(0, dtype=np.int64)
    return placed(owner, places(outlook(known(market, team, behaviour), today), owner, stays))
