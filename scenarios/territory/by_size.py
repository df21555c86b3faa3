"""Large accounts have reps of their own; the others share medium and small ones."""

from __future__ import annotations

import numpy as np

from scenarios.market import Market
from scenarios.neighbours import nearest_reps
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from scenarios.territory.by_group import share_groups
from scenarios.territory.current import todays_rows
from scenarios.territory.sharing import seats
from sim.behaviour import Behaviour
from sim.world import Ints

TOO_LITTLE = 0.75  # of a rep's mean work


def design(market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour, seed: int) -> Ints:
    """Row of the rep for each account, (n,).

    As many reps take large accounts as these need of all calls: those with the most of that work around them
    (without places: with them today), ties by key. Where large accounts alone are too little for one rep, medium ones
    join them. Planners do not know who is able, so ability plays no part.
    """
    need = market.accounts["need"].to_numpy(dtype=np.float64)
    m = len(team.reps)
    large = (market.accounts["size"] == "large").to_numpy()
    if need[large].sum() * m < TOO_LITTLE * need.sum():
        large = market.accounts["size"].isin(["large", "medium"]).to_numpy()
    work = np.array([need[~large].sum(), need[large].sum()])
    rep_group = np.zeros(m, dtype=np.int64)
    if m > 1 and large.any() and not large.all():
        places = market.has_places
        around = nearest_reps(market.accounts, team.reps, 1)[0][:, 0] if places else todays_rows(market, team)
        weight = np.bincount(around[large], weights=need[large], minlength=m)
        rep_group[np.argsort(-weight, kind="stable")[: seats(work, m)[1]]] = 1
        return share_groups(market, team, options, behaviour, large.astype(np.int64), rep_group)
    return share_groups(market, team, options, behaviour, np.zeros(len(large), dtype=np.int64), rep_group)
