"""What planners know of a market and its team that no year changes: what accounts ask for, and who lives near."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from scenarios.market import Market
from scenarios.team import Team, alike, planned
from scenarios.workload import hours_at, places
from sim.behaviour import Behaviour
from sim.rule import loop
from sim.world import WEEKS, Floats, Ints, Seen

Flags = NDArray[np.bool_]

NEAR = 4  # reps that an account may go to: those who live nearest,
NEAR_PLANNED = 2  # and so many of the places that are not there yet


class Known(NamedTuple):
    """n accounts, m reps, k of these near each account."""

    belief: Floats  # (n,) potential as planners estimate it, money a year
    hours: Floats  # (n, k) hours a year that each account takes the reps of ``near``,
    near: Ints  # (n, k) rows of reps, the nearest first; then of places that are not there yet; both column by column
    home: Floats  # (n,) hours a year that it takes today's rep of the plan
    owner: Ints  # (n,) the plan's
    stays: Flags  # (n,) True where it is locked
    region: Ints  # (n,) which sales region it lies in,
    regions: int  # of how many
    priority: Flags  # (n,) True for the top fifth by belief
    capacity: Floats  # (m,) hours a year for calls and travel
    passed: Floats  # (53,) part of a normal year's sales that so many weeks bring
    margin: Floats  # (n,) of what each account buys, 0 to 1
    planned: Flags  # (m,) True for a place that is there only once somebody is hired
    cost: float  # of a rep, money a year
    new: Flags  # (n,) True where nobody sold before the plan: no year before tells what is asked for there

    @property
    def reps(self) -> int:
        """How many reps there are."""
        return len(self.capacity)

    def hours_with(self, owner: Ints) -> Floats:
        """Hours a year that each account takes the rep who has it now, (n,)."""
        hours = np.empty(len(owner))
        _hours_with(owner, self.owner, self.near, self.hours, self.home, hours)
        return hours

    def gone(self, week: int) -> float:
        """Part of a normal year's sales that ``week`` weeks bring."""
        return float(self.passed[week])

    def left(self, seen: Seen) -> float:
        """Part of a normal year's sales that is still to come; between two years all of the next one's."""
        return 1.0 - self.gone(seen.week) if seen.week < WEEKS else 1.0


@loop
def _hours_with(owner: Ints, first: Ints, near: Ints, hours: Floats, home: Floats, made: Floats) -> None:
    """Most accounts are still with the plan's own rep, ``first`` (n,); the others went to one of those near."""
    for i in range(owner.size):
        made[i] = home[i]
        if owner[i] != first[i]:
            for k in range(near.shape[1]):
                if near[i, k] == owner[i]:
                    made[i] = hours[i, k]


def known(
    market: Market, team: Team, owner: Ints, behaviour: Behaviour, stays: Flags, cost: float = np.inf,
    new: Flags | None = None,
) -> Known:  # fmt: skip
    """What a review goes by. Without places the reps most alike are the nearest."""
    accounts, reps = market.accounts, team.reps
    near = _near(market, team, owner)
    where, homes = places(accounts), places(reps)
    need = accounts["need"].to_numpy(np.float64)
    km = np.hypot(*(where[:, None, :] - homes[near]).transpose(2, 0, 1)) if market.has_places else np.zeros(near.shape)
    own = np.hypot(*(where - homes[owner]).T) if market.has_places else np.zeros(len(owner))
    names, region = np.unique(accounts["region"].astype(str).to_numpy(), return_inverse=True)
    season = np.array(market.season, dtype=np.float64)
    return Known(
        belief=accounts["estimated_potential"].to_numpy(np.float64),
        hours=np.asfortranarray(hours_at(km, np.broadcast_to(need[:, None], km.shape), behaviour)),
        near=np.asfortranarray(near),
        home=hours_at(own, need, behaviour),
        owner=owner,
        stays=stays,
        region=region.astype(np.int64),
        regions=len(names),
        priority=accounts["priority"].to_numpy(bool),
        capacity=reps["hours"].to_numpy(np.float64) * WEEKS,
        passed=np.array([season[:week].sum() / season.sum() for week in range(WEEKS + 1)]),
        margin=accounts["margin"].to_numpy(np.float64),
        planned=planned(team) > 0,
        cost=cost,
        new=np.zeros(len(owner), dtype=np.bool_) if new is None else new,
    )


def _near(market: Market, team: Team, owner: Ints) -> Ints:
    """Of those who are there and of those who may come alike: who may come takes no colleague's place."""
    later = planned(team) > 0
    found = [
        _nearest(market, team, owner, np.flatnonzero(rows), most)
        for rows, most in ((~later, NEAR), (later, NEAR_PLANNED))
        if rows.any()
    ]
    return np.hstack(found)


def _nearest(market: Market, team: Team, owner: Ints, rows: Ints, most: int) -> Ints:
    count = min(most, len(rows))
    if market.has_places:
        found = cKDTree(places(team.reps)[rows]).query(places(market.accounts), k=count)[1]
        return rows[np.asarray(found, dtype=np.int64).reshape(len(owner), count)]
    like = np.argsort(-alike(market, team)[:, rows], axis=1, kind="stable")[:, :count]
    return rows[like[owner]]


def by_rep(values: Floats, seen: Seen, known: Known) -> Floats:
    """Sums of an account column over the accounts that each rep has now: (n,) to (m,)."""
    return np.bincount(seen.owner, weights=values, minlength=known.reps).astype(np.float64)


def there(seen: Seen, known: Known) -> Floats:
    """Hours that each rep has for the rest of the year, (m,): none while the place is empty."""
    present = np.maximum(seen.ahead - seen.vacant, 0) / seen.ahead
    return known.capacity * seen.ahead / WEEKS * present
