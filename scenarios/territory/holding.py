"""Hard rules held against a plan that was changed after it was drawn: by edits, or by what is locked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenarios.design.breaches import Breach, Held
from scenarios.design.drawing import broken_by
from scenarios.market import Market
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from scenarios.territory.asking import request
from scenarios.territory.rules import HARD, stated
from sim.behaviour import Behaviour
from sim.world import Ints


def held(drawn: Ints, market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour) -> Held | None:
    """Which hard rules another plan breaks that the ``drawn`` one (n,) kept; None where no rule is stated.

    A rep who is left without accounts has no territory, so no minimum holds for one.
    """
    if not any(stated(options, rule) for rule in HARD):
        return None
    asked = request(market, team, replace(options, locked=""), behaviour, "change", 0)
    before = {(one.rule, one.territory) for one in broken_by(asked, drawn)}

    def broken(owner: Ints) -> list[Breach]:
        some = np.bincount(owner, minlength=len(team.reps)) > 0
        return [
            one
            for one in broken_by(asked, owner)
            if (one.rule, one.territory) not in before and (some[one.territory] or not one.rule.startswith("minimum"))
        ]

    return broken
