"""How a design stands: what each territory has before and after, and who moves why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenarios.design.brief import Brief
from scenarios.design.request import Drawn, Request
from sim.world import Floats, Ints


@dataclass(frozen=True)
class Standing:
    """The territories of one assignment, m of them, in the order of ``names``."""

    names: list[str]
    owner: Ints  # (n,) row of the territory, -1 where an account has none
    loads: dict[str, Floats]  # (m,) by measure
    centres: Floats | None  # (m, 2) km; a territory without accounts has its home, or NaN
    km: Floats | None  # (n,) from each account to its centre; NaN where it has none

    def index(self, name: str) -> Floats:
        """Each territory's share of the mean, (m,): 1 = as much as the average one."""
        mean = float(self.loads[name].mean()) if self.names else 0.0
        return self.loads[name] / mean if mean > 0 else np.ones(len(self.names))

    def deviation(self, name: str) -> float:
        """How far the farthest territory is from the mean, as a share of it. Loads 80, 100, 120: 0.2."""
        return float(np.abs(self.index(name) - 1.0).max(initial=0.0))


def after(asked: Brief, drawn: Drawn) -> Standing:
    """The territories as drawn."""
    return _standing(asked.request, asked.request.names, drawn.owner, asked.request.homes)


def before(asked: Brief) -> Standing:
    """Today's territories, those given up among them."""
    names = sorted({name for name in asked.table.today if name})
    row_of = {name: row for row, name in enumerate(names)}
    owner = np.array([row_of.get(name, -1) for name in asked.table.today], dtype=np.int64)
    homes = None
    if asked.request.homes is not None:
        homes = np.full((len(names), 2), np.nan)
        for row, place in zip(asked.request.today, owner, strict=True):
            if row >= 0:
                homes[place] = asked.request.homes[row]
    return _standing(asked.request, names, owner, homes)


def _standing(request: Request, names: list[str], owner: Ints, homes: Floats | None) -> Standing:
    has = owner >= 0
    loads: dict[str, Floats] = {
        name: np.bincount(owner[has], weights=values[has], minlength=len(names)).astype(np.float64)
        for name, values in request.measures.items()
    }
    if request.places is None:
        return Standing(names, owner, loads, None, None)
    centres = _middles(request, owner, len(names))
    if homes is not None:
        centres = np.where(np.isnan(homes), centres, homes)
    km = np.full(len(owner), np.nan)
    km[has] = np.sqrt(np.square(request.places[has] - centres[owner[has]]).sum(axis=1))
    return Standing(names, owner, loads, centres, km)


def _middles(request: Request, owner: Ints, count: int) -> Floats:
    """The weighted middle of each territory, (count, 2); NaN where it has no account."""
    assert request.places is not None
    has = owner >= 0
    weight = np.maximum(request.weight[has], 1e-12)  # accounts without weight have a place all the same
    total = np.bincount(owner[has], weights=weight, minlength=count)
    sums = [np.bincount(owner[has], weights=weight * request.places[has, axis], minlength=count) for axis in (0, 1)]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.stack([one / total for one in sums], axis=1)


def changed(asked: Brief, drawn: Drawn) -> Ints:
    """Rows of the accounts that get another territory than today's; those without one today do not move."""
    has_today = np.array([bool(name) for name in asked.table.today])
    rows: Ints = np.flatnonzero(has_today & (drawn.owner != asked.request.today)).astype(np.int64)
    return rows


def reason(asked: Brief, old: Standing, new: Standing, row: int) -> str:
    """Why an account moves, in words: the first of what speaks for it.

    Its territory is given up; it was too full, or the new one too empty; the way is shorter; or it makes room.
    """
    source, target = int(old.owner[row]), int(new.owner[row])
    if asked.request.today[row] < 0:
        return f"{old.names[source]} is given up"
    tolerance = asked.request.tolerance
    for name in asked.request.balance:
        share = float(old.index(name)[source])
        if share > 1.0 + tolerance:
            return f"{old.names[source]} had {share:.0%} of the mean {name}"
    for name in asked.request.balance:
        if new.names[target] in old.names:
            share = float(old.index(name)[old.names.index(new.names[target])])
            if share < 1.0 - tolerance:
                return f"{new.names[target]} had {share:.0%} of the mean {name}"
        else:
            return f"{new.names[target]} is new"
    if old.km is not None and new.km is not None and new.km[row] < old.km[row]:
        return f"{old.km[row] - new.km[row]:.0f} km nearer"
    return "makes room, so that all others fit"
