"""What today's territories hold that a change of rep puts at stake: relationships, and what they sell."""

from __future__ import annotations

import numpy as np

from scenarios.earning.known import known
from scenarios.earning.outlook import outlook
from scenarios.market import Market
from scenarios.team import Team
from sim.behaviour import Behaviour
from sim.rules.response import share_won
from sim.world import Floats, Ints

HELD = ("relationship", "revenue")


def held_today(market: Market, team: Team, behaviour: Behaviour, today: Ints) -> dict[str, Floats]:
    """Relationship and expected revenue of each row, (n,), as two years of ``today``'s territories (n,) leave them.

    Relationship is 0 to 1 an account; ``revenue = estimated potential * share_won(goodwill)``, money a year. Nothing
    where an account has no rep today. An account of 10,000 at a goodwill of 1: 7,000.
    """
    one = known(market, team, behaviour)
    at, b = outlook(one, today).start, behaviour
    share = [share_won(x, b.share_floor, b.response_half, b.response_shape, 0.0) for x in at.goodwill.tolist()]
    has = one.accounts * (today >= 0)
    return {"relationship": has * at.relationship, "revenue": has * one.potential * np.array(share)}
