"""Accounts go from territories that have too much to neighbours that have too little, as few as a budget allows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scenarios.review.known import Flags, Known
from sim.rule import loop, step
from sim.rules.selection import sift
from sim.world import Floats, Ints, Seen


class Loads(NamedTuple):
    """What accounts put on reps, in whatever unit the reps' room for it is."""

    now: Floats  # (n,) on the rep who has it
    units: Floats  # (n, k) on each of the reps near, in units
    a_unit: Floats  # (n,) what a unit of it is


def levelled(
    seen: Seen, known: Known, loads: Loads, room: Floats, band: float, most: int, getting: Flags | None = None
) -> Ints:
    """Whose each account is, (n,), with at most ``most`` of them moved; ``seen.owner`` itself where none is.

    ``room`` (m,) is what each rep has for ``loads``. Where load over room is farther than ``band`` above that of a
    neighbour, and above the mean of all, accounts go there, those first that take the fewest hours more for what they
    lift; empty places get none, nor does anybody beside ``getting`` (m,), where that is said. What a neighbour gets it
    may give on to the next one in another review.
    """
    owner, able = seen.owner.copy(), (room > 0.0) & (seen.vacant == 0) if getting is None else getting
    moved = _level(
        owner, known.near, known.hours, known.hours_with(owner), *loads, known.stays, room, able, band, most,
        np.empty((3, known.reps)), np.empty((3, len(owner)), dtype=np.int64), np.empty(len(owner)),
    )  # fmt: skip
    return owner if moved else seen.owner


@loop
def _level(
    owner: Ints, near: Ints, hours: Floats, takes: Floats, load: Floats, units: Floats, a_unit: Floats, stays: Flags,
    room: Floats, able: Flags, band: float, most: int, of_reps: Floats, offered: Ints, pull: Floats,
) -> int:  # fmt: skip
    """Changes ``owner``; how many moved. ``of_reps`` (3, m), ``offered`` (3, n) and ``pull`` (n,) are room."""
    held, offers = of_reps[0], offered[:2]
    held[:] = 0.0
    for i in range(owner.size):
        held[owner[i]] += load[i]
    mean = held.sum() / max(room.sum(), 1e-9)
    found = _offer(owner, near, hours, takes, load, stays, held, room, able, mean, band, of_reps[1:], offers, pull)
    return _go(found, offers, pull, offered[2], near, load, units, a_unit, room, held, owner, most)


@step
def _offer(
    owner: Ints, near: Ints, hours: Floats, takes: Floats, load: Floats, stays: Flags, held: Floats, room: Floats,
    able: Flags, mean: float, band: float, of_reps: Floats, offered: Ints, pull: Floats,
) -> int:  # fmt: skip
    """Lists accounts that may go, to which place of ``near``, the one it takes the fewest hours more; and how many.

    ``pull`` is hours less, than it ``takes`` (n,) today, for what it lifts. ``of_reps`` (2, m) is room: load over
    room of who may give, else below any bar; and what it must be above, for who may get.
    """
    full, bar = of_reps[0], of_reps[1]
    account, place = offered[0], offered[1]
    for j in range(room.size):
        each = held[j] / room[j] if room[j] > 0.0 else np.inf
        full[j] = each if held[j] > mean * room[j] else -np.inf
        bar[j] = (1.0 + band) * each if able[j] else np.inf
    givers = 0
    for i in range(owner.size):
        account[givers] = i
        givers += full[owner[i]] > -np.inf and not stays[i] and load[i] > 0.0
    offers = 0
    for giver in range(givers):
        i = account[giver]
        least, to = np.inf, -1
        for k in range(near.shape[1]):
            if full[owner[i]] > bar[near[i, k]] and hours[i, k] < least:
                least, to = hours[i, k], k
        account[offers], place[offers], pull[offers] = i, to, (takes[i] - least) / load[i]
        offers += to >= 0
    return offers


@step
def _go(
    offers: int, offered: Ints, pull: Floats, heap: Ints, near: Ints, load: Floats, units: Floats, a_unit: Floats,
    room: Floats, held: Floats, owner: Ints, most: int,
) -> int:  # fmt: skip
    """Moves accounts one by one, the strongest pull first, as long as who gives stays at least as full as who gets.

    Returns how many moved. ``heap`` is room for the offers by number: no more are sorted than are looked at.
    """
    for offer in range(offers):
        heap[offer] = offer
    for top in range(offers // 2 - 1, -1, -1):
        sift(pull, heap, 0, top, offers)
    moved = 0
    for left in range(offers - 1, -1, -1):
        if moved == most:
            break
        i, k = offered[0, heap[0]], offered[1, heap[0]]
        heap[0] = heap[left]
        sift(pull, heap, 0, 0, left)
        j, r = owner[i], near[i, k]
        gives, gets = load[i], units[i, k] * a_unit[i]
        if j != r and (held[j] - gives) * room[r] >= (held[r] + gets) * room[j]:
            held[j] -= gives
            held[r] += gets
            owner[i] = r
            moved += 1
    return moved
