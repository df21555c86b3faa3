"""Where each unit may go: the territories it can choose from, what each costs and loads there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.spatial import cKDTree

from scenarios.design.fitting import nearest_fitting
from scenarios.design.limits import KEPT, Limits
from scenarios.design.prices import Choices, constant, effective, least
from scenarios.design.request import Request
from sim.world import Floats, Ints

MOST_PAIRS = 400_000  # of units and territories: up to here a unit may choose from all
NEAR = 16  # territories above that, and today's
BLOCK = 2_000_000  # pairs looked at together when a bound is proven
A_HAIR = 1e-8  # of a kilometre's weight, where only changes count: of two equal moves the nearer
ALL = slice(None)


@dataclass(frozen=True)
class Ground:
    """A request with its centres: what a design is searched on."""

    request: Request
    centres: Floats | None  # (m, 2) km; None without places
    limit: Limits
    price_of_moves: float = 0.0  # for using up all that may be moved

    @property
    def share(self) -> Floats:
        """What each unit weighs, (n,), in shares of a mean territory; all the same where nothing weighs."""
        weight = self.request.weight if self.request.weight.sum() > 0 else np.ones(self.request.units)
        scaled: Floats = weight * (self.request.territories / float(weight.sum()))
        return scaled

    @property
    def used(self) -> Floats:
        """What moving each unit uses up, (n,), of what may be moved: all units of a rule of 10 % use 10."""
        spent = np.zeros(self.request.units)
        for name, most in self.request.moved.items():
            values = np.ones(self.request.units) if name == "accounts" else self.request.measures[name]
            spent += values / (max(most, 1e-9) * (float(values.sum()) or 1.0))
        return spent

    def near(self) -> Ints:
        """The territories that each unit chooses from, (n, c): nearest first, today's among them; -1 fills up."""
        return self._near

    @cached_property
    def _near(self) -> Ints:
        """As `near`, found once."""
        r = self.request
        n, m = r.units, r.territories
        if self.centres is None or r.places is None:
            return self.allowed(np.broadcast_to(np.arange(m), (n, m)), ALL)
        count = m if n * m <= MOST_PAIRS or r.aim == "change" else min(NEAR, m)
        km, found = cKDTree(self.centres).query(r.places, k=count)
        near = np.asarray(found, dtype=np.int64).reshape(n, count)
        near = np.take_along_axis(near, np.lexsort((near, np.asarray(km).reshape(n, count)), axis=-1), axis=1)
        if count < m and (r.fits is not None or r.dearer is not None):
            near = nearest_fitting(near, r, self.centres)
        if count < m:
            today = r.today[:, None]
            near = np.hstack([near, np.where((near == today).any(axis=1, keepdims=True), -1, today)])
        return self.allowed(near, ALL)

    def allowed(self, near: Ints, rows: slice) -> Ints:
        """The same territories, -1 in place of what locks and the longest distance forbid."""
        r, today = self.request, self.request.today[rows]
        fine = near >= 0
        if r.longest_km > 0:
            fine &= self.km(near, rows) <= r.longest_km
        if r.fits is not None:
            fine &= r.fits[np.arange(r.units)[rows][:, None], np.maximum(near, 0)]
        if r.locked is not None:
            fine &= ~(r.locked[rows] & (today >= 0))[:, None] | (near == today[:, None])
        return np.ascontiguousarray(np.where(fine, near, -1).astype(np.int64))

    def km(self, near: Ints, rows: slice = ALL) -> Floats:
        """How far units are from the centres of the territories in ``near``; 0 without places."""
        if self.centres is None or self.request.places is None:
            return np.zeros(near.shape)
        away = self.request.places[rows][:, None, :] - self.centres[np.maximum(near, 0)]
        return np.asarray(np.sqrt(np.square(away).sum(axis=2)))

    def choices(self, near: Ints, rows: slice = ALL) -> Choices:
        """Costs and loads of the territories in ``near``.

        A kilometre costs what the unit weighs; where the aim is few changes, leaving today's territory does.
        """
        r, km, share = self.request, self.km(near, rows), self.share[rows][:, None]
        today = r.today[rows][:, None]
        away = (near != today) & (today >= 0)
        cost = share * (away + A_HAIR * km) if r.aim == "change" else share * km
        if r.dearer is not None:
            cost = cost + share * r.dearer[np.arange(r.units)[rows][:, None], np.maximum(near, 0)]
        if self.price_of_moves:
            cost = cost + self.price_of_moves * self.used[rows][:, None] * away
        load = np.zeros((*near.shape, len(self.limit.metrics)))
        for at, name in enumerate(self.limit.metrics):
            if name.startswith(KEPT):
                kept = r.values(name.removeprefix(KEPT))[rows][:, None] * (near == today) * (today >= 0)
                load[:, :, at] = kept / self.limit.mean[at]
                continue
            grown = r.per_km[name][rows][:, None] * km if name in r.per_km else 0.0
            load[:, :, at] = (r.measures[name][rows][:, None] + grown) / self.limit.mean[at]
        low, high = self.limit.low, self.limit.high
        return Choices(near, np.ascontiguousarray(cost), load, low, high, self.share[rows], self.limit.floats)

    def proven(self, price: Floats) -> float:
        """What no design within the rules can undercut, over all territories, not just the near ones."""
        m = self.request.territories
        none = self.choices(np.empty((0, 1), dtype=np.int64), slice(0, 0))
        real = effective(price, none)
        total = -constant(price, none) - self.price_of_moves * len(self.request.moved)
        step = max(1, BLOCK // m)
        for first in range(0, self.request.units, step):
            rows = slice(first, min(first + step, self.request.units))
            near = self.allowed(np.broadcast_to(np.arange(m), (rows.stop - first, m)), rows)
            made = self.choices(near, rows)
            total += least(real, made.near, made.cost, made.load)
        return total
