"""Every account to the rep who lives nearest: the least travel, whatever the workload."""

from __future__ import annotations

from scenarios.market import Market
from scenarios.neighbours import nearest_reps
from scenarios.problems import InputError
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from sim.behaviour import Behaviour
from sim.world import Ints


def design(market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour, seed: int) -> Ints:
    """Row of the rep for each account, (n,); equally near reps: the lower key. Refuses a market without places."""
    if not market.has_places:
        lacks = "this market has none to go by: latitude and longitude of half of its accounts, not all alike"
        others = "choose by_region, by_industry, by_size or balanced"
        raise InputError([f"territory=nearest needs coordinates; {lacks}; {others}"])
    return nearest_reps(market.accounts, team.reps, 1)[0][:, 0]
