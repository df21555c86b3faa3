"""When somebody is hired: looked at four times a year, by the work there is or by what new business has earned."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scenarios.hiring.places import filled
from scenarios.problems import InputError, nearest
from scenarios.review.known import Known, by_rep
from scenarios.review.measures import QUARTER, settled
from scenarios.review.moving import Loads
from scenarios.review.policies import relieved
from scenarios.schema import HiringOptions
from sim.world import NOBODY, WEEKS, Changes, Floats, Ints, Seen

LOOKED_AT = (13, 26, 39, WEEKS)  # weeks of each year
TRACE = 1e-9
COMES = QUARTER + 1  # weeks until somebody comes: in the first week after the next look


def work(seen: Seen, known: Known, options: HiringOptions) -> int:
    """How many more people the work asks for: ``(hours needed / trigger - hours there) / hours of one``, rounded up.

    Hours a year that the accounts need, as their regions are sure to buy; hours of who is there or will be. A need of
    11,960, a trigger of 1.15, 8 people with 1,144 each: (10,400 - 9,152) / 1,144 = 1.1, so two are sought.
    """
    needed = float((known.hours_with(seen.owner) * settled(seen, known)).sum())
    there = float(known.capacity[seen.vacant < NOBODY].sum())
    return math.ceil((needed / options.trigger - there) / float(np.median(known.capacity)) - 1e-9)


def earned(seen: Seen, known: Known, options: HiringOptions) -> int:
    """How many more people new business pays for: ``margin above the year before the plan / (trigger * cost of one)``,
    rounded down, less those who were hired.

    Of the last quarter, times four. 60,000 of margin above that year's quarter, people at 160,000 a year: 240,000 /
    160,000 = 1.5, so one is sought, and none where one has been hired already.
    """
    first = max(seen.week - QUARTER, 0)
    usual = (known.gone(seen.week) - known.gone(first)) * float(seen.before.sum())
    rate = float((seen.sales * known.margin).sum() / max(float(seen.sales.sum()), 1e-9))
    more = (float(seen.weekly[first:].sum()) - usual) * rate * WEEKS / QUARTER
    already = int((known.planned & (seen.vacant < NOBODY)).sum())
    return math.floor(more / (known.cost * options.trigger) + 1e-9) - already


NEEDS = {"work": work, "earned": earned}


@dataclass(frozen=True)
class Staffing:
    """Who is sought when, and what accounts they get when they come. Called with what is seen that day."""

    known: Known
    options: HiringOptions

    def __post_init__(self) -> None:
        if self.options.by not in NEEDS:
            raise InputError([f"hiring.by: there is no '{self.options.by}'; {nearest(self.options.by, NEEDS)}"])

    def __call__(self, seen: Seen) -> Changes | None:
        """Who is sought, and the accounts of those who come next week; None where nothing changes."""
        known = self.known
        comes = np.flatnonzero(known.planned & (seen.vacant == 1) & (by_rep(known.belief, seen, known) == 0.0))
        owner = self._given(seen, comes) if comes.size else seen.owner
        seek = self._sought(seen)
        if not comes.size and not seek.any():
            return None
        return Changes(owner, relieved(seen, known, owner, 1.0), seek, held=False)

    def _given(self, seen: Seen, comes: Ints) -> Ints:
        known, ahead = self.known, settled(seen, self.known)
        loads = Loads(known.hours_with(seen.owner) * ahead, known.hours, ahead)
        there = known.capacity * (seen.vacant < NOBODY)
        return filled(seen, known, comes, loads, there)

    def _sought(self, seen: Seen) -> Ints:
        known = self.known
        seek = np.zeros(known.reps, dtype=np.int64)
        open_now = known.planned & (seen.vacant >= NOBODY)
        left = self.options.most - int((known.planned & ~open_now).sum())
        lack = np.where(open_now, lacking(seen, known), 0.0)
        count = min(left, int((lack > 0.0).sum()), NEEDS[self.options.by](seen, known, self.options))
        if count > 0:
            seek[np.argsort(-lack, kind="stable")[:count]] = COMES
        return seek


def lacking(seen: Seen, known: Known) -> Floats:
    """Hours a year that are missing in the territories around each place, (m,): of accounts near it that may move.

    Of each account its part of what its rep's territory lacks: ``hours * max(0, 1 - there / needed)``, and a trace of
    what it needs where nothing is lacking.
    """
    hours = known.hours_with(seen.owner) * settled(seen, known)
    needed = by_rep(hours, seen, known)
    there = known.capacity * (seen.vacant < NOBODY)
    part = np.maximum(0.0, 1.0 - np.divide(there, needed, out=np.ones(known.reps), where=needed > 0.0))
    missing = hours * (part[seen.owner] + TRACE) * ~known.stays
    return np.bincount(known.near.ravel(), np.repeat(missing, known.near.shape[1]), known.reps).astype(np.float64)
