"""Reps specialise in a product, or in a few small ones, each in what suits the team best."""

from __future__ import annotations

from scenarios.market import Market
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from scenarios.territory.by_industry import known_fit, shared_by
from sim.behaviour import Behaviour
from sim.world import Ints


def design(market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour, seed: int) -> Ints:
    """Row of the rep for each account, (n,): each product has its reps, by their fit to it."""
    names, fit = known_fit(market, team, "product", team.fit_product)
    return shared_by(market, team, options, behaviour, "product", names, fit)
