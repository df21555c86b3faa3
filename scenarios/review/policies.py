"""What is done in a review: plain functions ``policy(seen, known, options) -> Changes | None``; None: all stays.

Adding one is a function here, a line in POLICIES and its word in `ReviewOptions.policy`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scenarios.review.known import Flags, Known, by_rep, there
from scenarios.review.measures import aimed_at, attainment, demand
from scenarios.review.moving import Loads, levelled
from scenarios.schema import ReviewOptions
from sim.rule import loop
from sim.world import NOBODY, WEEKS, Changes, Floats, Ints, Seen

Policy = Callable[[Seen, Known, ReviewOptions], Changes | None]
LEAST, MOST = 0.7, 1.3  # of a quota, between which it is set anew
SHORT = 4  # weeks that a place must still be empty for its accounts to be covered


def reactive(seen: Seen, known: Known, options: ReviewOptions) -> Changes | None:
    """Help comes after the numbers: territories behind on attainment get accounts from neighbours that are ahead."""
    pace = attainment(seen, known)
    aim = aimed_at(seen, known)
    if not (np.abs(pace - np.nanmean(pace)) > options.threshold).any():
        return None
    potential = by_rep(known.belief, seen, known)
    a_unit = np.divide(np.nan_to_num(pace) * aim, potential, out=np.zeros(known.reps), where=potential > 0.0)
    load = known.belief * a_unit[seen.owner]
    return _moved(seen, known, options, Loads(load, np.ones_like(known.hours), load), aim)


def proactive(seen: Seen, known: Known, options: ReviewOptions) -> Changes | None:
    """Help comes before them: work goes to where there will be hours for it.

    An account's hours grow and shrink with what its region buys now; reps who have left have none to give.
    """
    ahead = demand(seen, known) * seen.ahead / WEEKS
    loads = Loads(known.hours_with(seen.owner) * ahead, known.hours, ahead)
    return _moved(seen, known, options, loads, there(seen, known))


def rebalance(seen: Seen, known: Known, options: ReviewOptions) -> Changes | None:
    """Workload is levelled as in a design: hours a year that accounts need over hours that the places have."""
    loads = Loads(known.hours_with(seen.owner), known.hours, np.ones(len(seen.owner)))
    return _moved(seen, known, options, loads, known.capacity * (seen.vacant < NOBODY))


def requota(seen: Seen, known: Known, options: ReviewOptions) -> Changes | None:
    """No account moves; what is left of each quota follows what the territory's regions ask for now."""
    worth = by_rep(known.belief, seen, known)
    now = by_rep(known.belief * demand(seen, known), seen, known)
    factor = np.clip(np.divide(now, worth, out=np.ones(known.reps), where=worth > 0.0), LEAST, MOST)
    return Changes(seen.owner, seen.quota * (1.0 + options.relief * known.left(seen) * (factor - 1.0)))


def backfill(seen: Seen, known: Known, options: ReviewOptions) -> Changes | None:
    """The best accounts of an empty place go to neighbours; the others wait for who comes."""
    empty = (seen.vacant >= SHORT) & (seen.vacant < NOBODY)
    if not empty.any():
        return None
    left = seen.ahead / WEEKS
    load = np.where(known.priority & empty[seen.owner], known.hours_with(seen.owner), 0.0) * left
    room = np.where(empty, 0.0, there(seen, known))
    return _moved(seen, known, options, Loads(load, known.hours, np.full(len(load), left)), room)


def _moved(seen: Seen, known: Known, options: ReviewOptions, loads: Loads, room: Floats) -> Changes | None:
    """Accounts levelled within the budget of disruption, and the quotas that go with them."""
    most = int(options.most_moved * len(seen.owner))
    owner = levelled(seen, known, loads, room, options.threshold, most)
    if owner is seen.owner:
        return None
    return Changes(owner, relieved(seen, known, owner, options.relief))


def relieved(seen: Seen, known: Known, owner: Ints, relief: float) -> Floats:
    """Quotas, (m,), that follow the accounts: of what is left of the year, by their part of the territory's potential.

    A tenth of a territory's believed potential leaves after a quarter, the quota is 1,000,000: 75,000 go along.
    """
    goes_along = relief * known.left(seen)
    potential, gained, given, made = np.zeros((4, known.reps))
    _relieve(seen.owner, owner, known.belief, seen.quota, known.planned, goes_along, potential, gained, given, made)
    return made


@loop
def _relieve(
    had: Ints, owner: Ints, belief: Floats, quota: Floats, planned: Flags, relief: float, potential: Floats,
    gained: Floats, given: Floats, made: Floats,
) -> None:  # fmt: skip
    """Writes quotas that followed the accounts into ``made``, to who was hired too; columns before it are room."""
    for i in range(had.size):
        potential[had[i]] += belief[i]
    for i in range(had.size):
        if owner[i] != had[i]:
            along = relief * (belief[i] / max(potential[had[i]], 1e-9)) * quota[had[i]]
            gained[owner[i]] += along
            given[had[i]] += along
    for j in range(quota.size):
        made[j] = max(quota[j] + gained[j] - given[j], 0.0) if quota[j] > 0.0 or planned[j] else 0.0


POLICIES: dict[str, Policy] = {
    "reactive": reactive,
    "proactive": proactive,
    "rebalance": rebalance,
    "requota": requota,
    "backfill": backfill,
}
