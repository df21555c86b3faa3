"""Accounts go from territories that have too much to neighbours that have too little, as few as a budget allows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenarios.review.known import Known
from sim.rule import loop
from sim.world import Floats, Ints, Seen

Flags = NDArray[np.bool_]


def levelled(
    seen: Seen, known: Known, load: Floats, loads: Floats, room: Floats, band: float, most: int,
    getting: Flags | None = None,
) -> Ints:  # fmt: skip
    """Whose each account is, (n,), with at most ``most`` of them moved.

    ``load`` (n,) is what an account puts on the rep who has it, ``loads`` (n, k) on each of the reps near; ``room``
    (m,) is what each rep has for it. Where load over room is farther than ``band`` above that of a neighbour, and above
    the mean of all, accounts go there, those first that take the fewest hours more for what they lift; empty places
    get none, nor does anybody beside ``getting`` (m,), where that is said. What a neighbour gets it may give on to the
    next one in another review.
    """
    held = np.bincount(seen.owner, load, known.reps).astype(np.float64)
    able = (room > 0.0) & (seen.vacant == 0) if getting is None else getting
    full = np.divide(held, room, out=np.full(known.reps, np.inf), where=room > 0.0)
    gives = held > held.sum() / max(float(room.sum()), 1e-9) * room
    n = len(seen.owner)
    price, place = np.empty(n), np.empty(n, dtype=np.int64)
    now = known.hours_with(seen.owner)
    _offer(seen.owner, known.near, known.hours, now, load, known.stays, gives, able, full, band, price, place)
    account = np.flatnonzero(place >= 0)
    owner = seen.owner.copy()
    if account.size and most:
        account = account[np.argsort(price[account], kind="stable")]
        place = place[account]
        _go(account, known.near[account, place], load[account], loads[account, place], room, held, owner, most)
    return owner


@loop
def _offer(
    owner: Ints, near: Ints, hours: Floats, now: Floats, load: Floats, stays: Flags, gives: Flags, able: Flags,
    full: Floats, band: float, price: Floats, place: Ints,
) -> None:  # fmt: skip
    """To which of the reps near each account may go, the one it takes the fewest hours more; -1 where to none.

    ``price`` is hours more for what it lifts.
    """
    for i in range(owner.size):
        place[i] = -1
        price[i] = 0.0
        j = owner[i]
        if not gives[j] or stays[i] or load[i] <= 0.0:
            continue
        for k in range(near.shape[1]):
            r = near[i, k]
            if able[r] and full[j] > (1.0 + band) * full[r]:
                asks = (hours[i, k] - now[i]) / load[i]
                if place[i] < 0 or asks < price[i]:
                    place[i] = k
                    price[i] = asks


@loop
def _go(
    account: Ints, to: Ints, load: Floats, loads: Floats, room: Floats, held: Floats, owner: Ints, most: int
) -> None:
    """Moves accounts one by one, in the order given, as long as who gives stays at least as full as who gets."""
    moved = 0
    for place in range(account.size):
        if moved == most:
            break
        i, r = account[place], to[place]
        j = owner[i]
        if j != r and (held[j] - load[place]) * room[r] >= (held[r] + loads[place]) * room[j]:
            held[j] -= load[place]
            held[r] += loads[place]
            owner[i] = r
            moved += 1
