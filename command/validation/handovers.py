"""Patterns of hand-overs: what accounts buy in the year after their rep has left."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from command.validation.lab import Lab, Readings
from sim.run import Played
from sim.world import Floats, Ints, World

Succession = Callable[[int], tuple[World, Ints]]  # row of the rep who leaves -> the world without it, and who has what


class Bought(NamedTuple):
    """Expected sales of a year to each account, (replications, n), money."""

    orders: Floats
    won: Floats

    @property
    def sales(self) -> Floats:
        """Both together."""
        return self.orders + self.won


def change_of_rep(lab: Lab) -> Readings:
    """Pattern 9: accounts that change rep buy less in the first year (Shi et al. 2017).

    All reps have ability 1. Every rep in turn leaves on the first day and nobody is hired: each of its accounts goes to
    the nearest other rep, who has no more hours than before. Held against the same year in which everybody stays.
    """
    world = lab.of_equals()
    stayed, changed = handed_over(lab, world, to_the_nearest(world))
    return {"change of sales, per cent": change(stayed.sales, changed.sales)}


def not_every_account_loses(lab: Lab) -> Readings:
    """Pattern 11: some accounts gain by a new rep, and new business suffers less than repeat (Schmitz et al. 2020).

    The experiment of pattern 9, account by account: an account gains if it is expected to buy more than it would have
    with its old rep in the same luck. Repeat business is recurring orders, new business is what opportunities bring.
    """
    world = lab.of_equals()
    stayed, changed = handed_over(lab, world, to_the_nearest(world))
    return {
        "accounts that gain, per cent": 100.0 * (changed.sales > stayed.sales).mean(axis=1),
        "change of repeat business, per cent": change(stayed.orders, changed.orders),
        "change of new business, per cent": change(stayed.won, changed.won),
    }


def handed_over(lab: Lab, world: World, succession: Succession) -> tuple[Bought, Bought]:
    """What each account buys where everybody stays, and where its own rep leaves.

    Every rep in turn leaves, so each account changes rep in one of the years, and that year is the one that counts for
    it. All of them go on from the burn-in of ``world``.
    """
    stayed = _bought(lab.year(world))
    changed = Bought(*(np.empty_like(column) for column in stayed))
    for leaver in range(world.reps.key.size):
        left, owner = succession(leaver)
        bought = _bought(lab.year(left, owner=owner, begun_in=world))
        mine = world.current == leaver
        for column, seen in zip(changed, bought, strict=True):
            column[:, mine] = seen[:, mine]
    return stayed, changed


def to_the_nearest(world: World) -> Succession:
    """Nobody is hired: each account of the leaver goes to the nearest of the others, all else stays as it is."""
    a, r = world.accounts, world.reps
    km = np.hypot(a.x_km[:, None] - r.x_km[None, :], a.y_km[:, None] - r.y_km[None, :])

    def without(leaver: int) -> tuple[World, Ints]:
        others = km.copy()
        others[:, leaver] = np.inf
        return world, np.where(world.current == leaver, others.argmin(axis=1), world.current)

    return without


def change(before: Floats, after: Floats) -> Floats:
    """Change of the sum over accounts in each replication, per cent: (replications, n) twice to (replications,).

    >>> change(np.array([[60.0, 40.0]]), np.array([[45.0, 42.0]])).tolist()
    [-13.0]
    """
    changed: Floats = 100.0 * (after.sum(axis=1) / before.sum(axis=1) - 1.0)
    return changed


def _bought(played: list[Played]) -> Bought:
    accounts = [p.out.account for p in played]
    return Bought(*(np.array([getattr(a, name) for a in accounts]) / 100.0 for name in ("fluid_orders", "fluid_won")))
