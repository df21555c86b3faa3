"""Today's territories, brought into the band with the least potential changing rep."""

from __future__ import annotations

from scenarios.market import Market
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from scenarios.territory.asking import drawn_under_rules, request
from sim.behaviour import Behaviour
from sim.world import Ints


def design(market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour, seed: int) -> Ints:
    """Row of the rep for each account, (n,): inside the band ``options.tolerance`` where that can be."""
    return drawn_under_rules(request(market, team, options, behaviour, "change", seed))
