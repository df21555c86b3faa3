"""The territories that are expected to earn most: response, travel, fit and the price of disruption, all at once."""

from __future__ import annotations

from scenarios.design.borders import neighbours
from scenarios.design.choosing import Ground
from scenarios.design.limits import limits
from scenarios.design.request import Request
from scenarios.earning.climbing import Climb, climb
from scenarios.earning.known import known
from scenarios.earning.outlook import Outlook, outlook
from scenarios.earning.rules import Rules
from scenarios.market import Market
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from scenarios.territory.asking import drawn_under_rules, request
from sim.behaviour import Behaviour
from sim.world import Ints


def design(market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour, seed: int) -> Ints:
    """Row of the rep for each account, (n,), inside ``options.tolerance``: the end of a climb from compact territories,
    without places from today's with the fewest changes.

    What is climbed on is the year's margin less travel as planners can expect it: potential as estimated, reps'
    ability and fit as they are, effort as without goals. Raises InputError where the rules can't be kept.
    """
    asked = request(market, team, options, behaviour, "distance" if market.has_places else "change", seed)
    ahead = outlook(known(market, team, behaviour), asked.today)
    return climbed(ahead, asked, drawn_under_rules(asked)).owner


def climbed(ahead: Outlook, asked: Request, start: Ints) -> Climb:
    """The climb from ``start`` (n,) under the rules of ``asked``."""
    links = asked.neighbours
    if asked.contiguous and links is None and asked.places is not None:
        links = neighbours(asked.places)
    mean = {name: float(values.sum()) / asked.territories for name, values in asked.measures.items()}
    ground = Ground(asked, asked.homes, limits(asked, mean))
    return climb(ahead, start, ground.choices(ground.near()), Rules(asked, start, links))
