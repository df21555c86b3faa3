"""How well reps fit their accounts."""

from __future__ import annotations

import numpy as np

from sim.rule import loop
from sim.rules.effort import fit
from sim.world import Accounts, Floats, Ints, Reps, World


@loop
def _fits(accounts: Accounts, reps: Reps, owner: Ints, out: Floats) -> None:
    for i in range(owner.size):
        j = owner[i]
        out[i] = fit(
            reps.fit_industry[j, accounts.industry[i]],
            reps.fit_area[j, accounts.area[i]],
            reps.fit_product[j, accounts.product[i]],
        )


def fits(world: World, owner: Ints) -> Floats:
    """Fit of each account's rep, shape (n,), 1 is average; ``owner`` (n,) is the row of ``world.reps`` for each."""
    out = np.empty(owner.size, dtype=np.float64)
    _fits(world.accounts, world.reps, np.ascontiguousarray(owner, dtype=np.int64), out)
    return out
