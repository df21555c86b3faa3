"""Accounts go from territories that have too much to neighbours that have too little, as few as a budget allows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from scenarios.review.known import Known, hours_of
from sim.rule import loop
from sim.world import Floats, Ints, Seen

Flags = NDArray[np.bool_]


def levelled(
    seen: Seen, known: Known, load: Floats, elsewhere: Callable[[Ints, Ints], Floats], room: Floats, band: float,
    most: int,
) -> Ints:  # fmt: skip
    """Whose each account is, (n,), with at most ``most`` of them moved.

    ``load`` (n,) is what an account puts on the rep who has it, ``elsewhere(account, place)`` what accounts put on the
    reps in these places of ``near``; ``room`` (m,) is what each rep has for it. Where load over room is farther than
    ``band`` above that of a neighbour, and above the mean of all, accounts go there, those first that take the fewest
    hours more for what they lift; empty places get none. What a neighbour gets it may give on to the next one in
    another review.
    """
    held = np.bincount(seen.owner, load, known.reps).astype(np.float64)
    able = (room > 0.0) & (seen.vacant == 0)
    full = np.divide(held, room, out=np.full(known.reps, np.inf), where=room > 0.0)
    gives = held > held.sum() / max(float(room.sum()), 1e-9) * room
    n = len(seen.owner)
    account, place, price = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64), np.empty(n)
    offers = _offer(
        seen.owner, known.near, known.hours, known.home, load, known.stays, gives, able, full, band,
        account, place, price,
    )  # fmt: skip
    owner = seen.owner.copy()
    if offers and most:
        cheapest = np.argsort(price[:offers], kind="stable")
        account, place = account[cheapest], place[cheapest]
        _go(account, place, known.near, load, elsewhere(account, place), room, held, owner, most)
    return owner


@loop
def _offer(
    owner: Ints, near: Ints, hours: Floats, home: Floats, load: Floats, stays: Flags, gives: Flags, able: Flags,
    full: Floats, band: float, account: Ints, place: Ints, price: Floats,
) -> int:  # fmt: skip
    """Lists accounts that may go, to which place of ``near``, the one it takes the fewest hours more; and how many.

    ``price`` is hours more for what it lifts.
    """
    offers = 0
    for i in range(owner.size):
        j = owner[i]
        if not gives[j] or stays[i] or load[i] <= 0.0:
            continue
        now = hours_of(i, j, near, hours, home)
        found = False
        for k in range(near.shape[1]):
            r = near[i, k]
            if able[r] and full[j] > (1.0 + band) * full[r]:
                asks = (hours[i, k] - now) / load[i]
                if not found or asks < price[offers]:
                    account[offers], place[offers], price[offers] = i, k, asks
                    found = True
        offers += found
    return offers


@loop
def _go(
    account: Ints, place: Ints, near: Ints, load: Floats, loads: Floats, room: Floats, held: Floats, owner: Ints,
    most: int,
) -> None:  # fmt: skip
    """Moves accounts one by one, in the order given, as long as who gives stays at least as full as who gets."""
    moved = 0
    for offer in range(account.size):
        if moved == most:
            break
        i = account[offer]
        j, r = owner[i], near[i, place[offer]]
        if j != r and (held[j] - load[i]) * room[r] >= (held[r] + loads[offer]) * room[j]:
            held[j] -= load[i]
            held[r] += loads[offer]
            owner[i] = r
            moved += 1
