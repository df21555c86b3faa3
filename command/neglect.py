"""What accounts would buy if they got the calls they need: the price of leaving them without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from analysis.played import Played
    from sim.behaviour import Behaviour
    from sim.world import Floats


def covered(plan: Played, b: Behaviour) -> Floats:
    """How much more each account of ``plan`` would buy with the calls it needs, as a share of what it buys, (n,).

    ``share(1) / share(x) - 1`` by `sim.rules.response`, where x is the goodwill that the calls of the mean year hold,
    in the long run; 0 for who gets them all. Competitors are as they were when the year began.
    """
    from analysis.explanation.moves import mean_over_years
    from sim.rules.response import share_won

    accounts = plan.accounts
    worth = accounts["call_worth"].to_numpy(np.float64) if "call_worth" in accounts else 1.0
    held = np.minimum(mean_over_years(plan, "calls") * worth / accounts["need"].to_numpy(np.float64), 1.0)
    won = [share_won(x, b.share_floor, b.response_half, b.response_shape, 0.0) for x in (1.0, *held.tolist())]
    return np.asarray(won[0] / np.maximum(won[1:], 1e-9) - 1.0, dtype=np.float64)
