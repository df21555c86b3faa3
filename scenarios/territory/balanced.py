"""Equal work for all: compact territories around the reps' homes; without places, today's with the fewest changes."""

from __future__ import annotations

from scenarios.market import Market
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from scenarios.territory.current import todays_rows
from scenarios.territory.sharing import share_out
from sim.behaviour import Behaviour
from sim.world import Ints


def design(market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour, seed: int) -> Ints:
    """Row of the rep for each account, (n,); workloads within ``options.tolerance`` of their mean where that can be."""
    today = todays_rows(market, team)
    return share_out(market.accounts, team.reps, today, behaviour, market.has_places, options.tolerance)
