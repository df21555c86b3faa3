"""A market that the firm enters with the plan: accounts that nobody of the team has sold to before."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from sim.rule import loop
from sim.rules.calling import believed
from sim.state import State
from sim.world import PROSPECT, Accounts, Ints, World

NOTHING = 1e-9  # of what they ask for, is what the accounts ask us for before we enter: next to nothing
LONG_AGO = 52.0  # weeks


@lru_cache(maxsize=4)
def before_entry(world: World) -> World:
    """The world as it is until the plan begins: what is still to be entered asks for next to nothing."""
    if not world.entered.size:
        return world
    asks = np.where(world.entered, NOTHING, 1.0)
    shrunk = ("potential", "belief", "order_size", "opening_rate")
    columns: dict[str, Any] = {name: getattr(world.accounts, name) * asks for name in shrunk}
    none = np.zeros(0, dtype=np.int64)
    return replace(world, accounts=world.accounts._replace(**columns), entered=none)


@loop
def enter(state: State, accounts: Accounts, entered: Ints) -> None:
    """The firm enters: accounts with 1 in ``entered`` (n,), by place, are prospects that know nobody of the team."""
    for i in range(entered.size):
        if entered[i]:
            state.status[i] = PROSPECT
            state.goodwill[i] = state.relationship[i] = state.before[i] = state.fresh[i] = 0.0
            state.since_call[i] = LONG_AGO
            state.belief[i] = believed(accounts.potential[i], state.belief_error[i])
