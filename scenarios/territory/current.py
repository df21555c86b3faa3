"""Today's territories, unchanged."""

from __future__ import annotations

import numpy as np

from scenarios.market import Market
from scenarios.problems import InputError, nearest
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from sim.behaviour import Behaviour
from sim.world import Ints


def design(market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour, seed: int) -> Ints:
    """Row of today's rep for each account, (n,). Raises InputError where today's rep is not in the team."""
    return todays_rows(market, team)


def todays_rows(market: Market, team: Team) -> Ints:
    """Row of ``team.reps`` of each account's ``current_rep``, (n,)."""
    rows = team.reps["id"].reset_index(drop=True)
    owner = market.accounts["current_rep"].map({rep: row for row, rep in enumerate(rows)})
    if owner.isna().any():
        strange = market.accounts.loc[owner.isna(), ["id", "current_rep"]]
        raise InputError(
            f"account {account}: today's rep '{rep}' is not in the team; {nearest(str(rep), rows)}"
            for account, rep in strange.itertuples(index=False)
        )
    return owner.to_numpy(dtype=np.int64, copy=True)
