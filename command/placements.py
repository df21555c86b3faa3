"""What each rep's placement in the plan is worth: the same territories with whoever is expected to earn most there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scenarios.team import planned

if TYPE_CHECKING:
    from scenarios.build import Built
    from sim.world import Ints


def placements(built: Built, owner: Ints) -> pd.DataFrame:
    """A row a territory of the plan, ``owner`` (n,): rep and rep_name who has it, what it is expected to earn (margin
    less travel a year, money), best and best_name who would earn most there when all reps are placed together, what it
    would earn then, and ``worth``: how much less all territories would earn together without just this best placement.
    """
    from scenarios.earning.known import known
    from scenarios.earning.outlook import outlook
    from scenarios.earning.placing import places

    ids, names = list(built.team.reps["id"]), list(built.team.reps["name"])
    held = np.bincount(owner, minlength=len(ids)) > 0
    stays = np.flatnonzero((planned(built.team) > 0) & ~held)  # places that nobody has
    found = places(outlook(known(built.market, built.team, built.behaviour), built.world.current), owner, stays)
    found = [one for one in found if held[one.territory] or not built.world.reps.planned[one.territory]]
    return pd.DataFrame(
        {
            "rep": [ids[one.territory] for one in found],
            "rep_name": [names[one.territory] for one in found],
            "expected": [one.as_drawn for one in found],
            "best": [ids[one.rep] for one in found],
            "best_name": [names[one.rep] for one in found],
            "expected_with_best": [one.earned for one in found],
            "worth": [one.worth for one in found],
            "next_best": [ids[one.second] for one in found],
        }
    )
