"""The planner's rules while a plan is changed account by account: a change may not break one, nor break it further."""

from __future__ import annotations

from copy import copy

import numpy as np

from scenarios.design.borders import Links, pieces
from scenarios.design.moving import left_of_allowed, moved_of_allowed
from scenarios.design.request import Request
from sim.world import Floats, Ints

A_HAIR = 1e-9


class Rules:
    """A request's rules and what territories have now of everything that is limited.

    Locks, the longest way and the like are not asked here: they decide where an account may go at all.
    """

    def __init__(self, request: Request, owner: Ints, links: Links | None) -> None:
        self.request, self.links = request, links if request.contiguous else None
        self.metrics = list(dict.fromkeys([*request.balance, *request.minimum, *request.maximum, *request.capacity]))
        inf = np.inf
        self.band = np.array(
            [request.tolerance / request.balance[n] if n in request.balance else inf for n in self.metrics]
        )
        self.low = np.array([request.minimum.get(name, 0.0) for name in self.metrics])
        every = np.array([request.maximum.get(name, inf) for name in self.metrics])
        own = [request.capacity.get(name, np.full(request.territories, inf)) for name in self.metrics]
        self.high = np.minimum(every, np.array(own).reshape(len(self.metrics), request.territories).T)  # (m, k)
        self.total = np.zeros((request.territories, len(self.metrics)))
        np.add.at(self.total, owner, self.load(np.arange(request.units), owner))
        self.broken = self._broken(self.total)
        self.moved, self.left = moved_of_allowed(request, owner), left_of_allowed(request, owner)

    def copy(self) -> Rules:
        """The same, to try changes on."""
        return copy(self)

    def load(self, rows: Ints, reps: Ints) -> Floats:
        """What accounts add to territories, (rows, metrics), travel included."""
        request, found = self.request, np.zeros((len(rows), len(self.metrics)))
        km = np.zeros(len(rows))
        if request.per_km and request.places is not None and request.homes is not None:
            km = np.sqrt(np.square(request.places[rows] - request.homes[reps]).sum(axis=1))
        for at, name in enumerate(self.metrics):
            found[:, at] = request.measures[name][rows]
            if name in request.per_km:
                found[:, at] += request.per_km[name][rows] * km
        return found

    def _broken(self, total: Floats) -> float:
        """How far outside its band or limit the farthest territory is, as a share of the mean."""
        if not self.metrics:
            return 0.0
        mean = total.mean(axis=0)
        scale = np.where(mean > 0, mean, 1.0)
        out = np.maximum(
            np.abs(total / scale - 1.0) - self.band, np.maximum(self.low - total, total - self.high) / scale
        )
        return float(out.max(initial=0.0))

    def _after(self, owner: Ints, changes: list[tuple[int, int]]) -> Floats:
        total = self.total.copy()
        rows = np.array([i for i, _ in changes], dtype=np.int64)
        np.subtract.at(total, owner[rows], self.load(rows, owner[rows]))
        reps = np.array([b for _, b in changes], dtype=np.int64)
        np.add.at(total, reps, self.load(rows, reps))
        return total

    def allow(self, owner: Ints, changes: list[tuple[int, int]]) -> bool:
        """Whether (row, new rep) ``changes``, all at once, leave every rule kept, or no more broken than it is."""
        if self._broken(self._after(owner, changes)) > self.broken + A_HAIR:
            return False
        if not self.request.moved and not self.request.leaves and self.links is None:
            return True
        new = owner.copy()
        for i, b in changes:
            new[i] = b
        if self.request.moved and moved_of_allowed(self.request, new) > max(1.0, self.moved) + A_HAIR:
            return False
        if self.request.leaves and left_of_allowed(self.request, new) > max(1.0, self.left) + A_HAIR:
            return False
        return self.links is None or pieces(new, self.links)[1] <= pieces(owner, self.links)[1]

    def take(self, owner: Ints, changes: list[tuple[int, int]]) -> None:
        """Makes the changes."""
        self.total = self._after(owner, changes)
        for i, b in changes:
            owner[i] = b
        self.broken = self._broken(self.total)
        if self.request.moved:
            self.moved = moved_of_allowed(self.request, owner)
        if self.request.leaves:
            self.left = left_of_allowed(self.request, owner)

    def worst(self, owner: Ints, near: Ints) -> float:
        """How far the rule that ``owner`` breaks most is broken, 0 where all are kept.

        ``near`` (n, c) are the reps that an account may go to.
        """
        astray = int((near != owner[:, None]).all(axis=1).sum())
        parts = 0 if self.links is None else pieces(owner, self.links)[1] - self.request.territories
        return max(self.broken, self.moved - 1.0, self.left - 1.0, float(parts), float(astray), 0.0)
