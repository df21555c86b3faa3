"""The territories that are expected to earn most: response, travel, fit and the price of disruption, all at once."""

from __future__ import annotations

from dataclasses import replace

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

ROOM = 0.5  # of the band, in which the compact start is drawn
OUTSIDE = 1e-6  # of a rule: less is none of it


def design(market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour, seed: int) -> Ints:
    """Row of the rep for each account, (n,), inside ``options.tolerance``: the better end of two climbs.

    One starts from territories drawn in half of the band (compact ones, without places those with the fewest changes),
    so that there is room to climb in, the other from today's.
    What is climbed on is the year's margin less travel as planners can expect it: potential as estimated, reps'
    ability and fit as they are, effort as without goals. Raises InputError where the rules can't be kept.
    """
    asked = request(market, team, options, behaviour, "distance" if market.has_places else "change", seed)
    ahead = outlook(known(market, team, behaviour), asked.today)
    drawn = drawn_under_rules(replace(asked, tolerance=ROOM * asked.tolerance))
    ends = [climbed(ahead, asked, start) for start in (drawn, asked.today)]
    return min(ends, key=lambda end: (max(end.rules.worst(end.owner, end.near), OUTSIDE), -end.earned)).owner


def climbed(ahead: Outlook, asked: Request, start: Ints) -> Climb:
    """The climb from ``start`` (n,) under the rules of ``asked``."""
    links = asked.neighbours
    if asked.contiguous and links is None and asked.places is not None:
        links = neighbours(asked.places)
    mean = {name: float(values.sum()) / asked.territories for name, values in asked.measures.items()}
    ground = Ground(asked, asked.homes, limits(asked, mean))
    return climb(ahead, start, ground.choices(ground.near()), Rules(asked, start, links))
