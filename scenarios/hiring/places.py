"""Places that a plan may add to the team: where whoever is hired would live, and which accounts they begin with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from scenarios.market import Market
from scenarios.review.known import Known, known
from scenarios.review.moving import Loads, levelled
from scenarios.schema import HiringOptions
from scenarios.team import PLANNED, Team, planned
from scenarios.workload import places
from sim.behaviour import Behaviour
from sim.world import WEEKS, Floats, Ints, Seen

CHOICE = 2  # places that are looked at for each that may be filled
SAMPLE = 1_000  # accounts that homes are chosen among and by
ROUNDS = 3  # of giving accounts to a new place, each time to those who have become the fullest


def with_places(team: Team, market: Market, options: HiringOptions) -> Team:
    """The team and, after it, the places that may be filled, the best first: `CHOICE` for each of ``options.most``.

    Whoever comes is of average ability and fit for what planners know, has the hours that reps usually have, and lives
    where most ways to the accounts become shorter; where there are no places, next to who has most accounts.
    """
    reps = team.reps
    count = min(CHOICE * options.most, len(market.accounts))
    if not count:
        return team
    key = reps["key"].max() + 1 + np.arange(count)
    if market.has_places:
        home = homes(places(market.accounts), market.accounts["need"].to_numpy(np.float64), places(reps), count)
        at = market.accounts.iloc[home].reset_index(drop=True)
    else:
        busiest = market.accounts["current_rep"].value_counts(sort=True).reindex(reps["id"], fill_value=0)
        order = np.argsort(-busiest.to_numpy(), kind="stable")
        at = reps.iloc[np.resize(order, count)].reset_index(drop=True)
    hours = float(reps["hours"].median())
    added = pd.DataFrame(
        {
            "id": [_free(f"N{number:02}", set(reps["id"])) for number in range(1, count + 1)],
            "key": key,
            "name": [f"New rep {number}" for number in range(1, count + 1)],
            **{column: at[column] for column in ("region", "latitude", "longitude", "x_km", "y_km")},
            "ability": 1.0,
            "hours": hours,
            PLANNED: True,
        }
    )
    return replace(
        team,
        reps=pd.concat([reps.assign(**{PLANNED: False}), added[[*reps.columns, PLANNED]]], ignore_index=True),
        fit_industry=_with_average(team.fit_industry, added["id"]),
        fit_region=_with_average(team.fit_region, added["id"]),
        fit_product=_with_average(team.fit_product, added["id"]),
    )


def _with_average(fit: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    return pd.concat([fit, pd.DataFrame(1.0, index=pd.Index(ids), columns=fit.columns)])


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "+"
    return name


def homes(where: Floats, weight: Floats, reps: Floats, count: int) -> Ints:
    """Rows of the accounts next to which new places lie, (count,), each where it shortens most, given those before.

    ``sum of weight * max(0, way to the nearest so far - way to the new one)``. Worked: accounts at 0, 10 and 100 km,
    a rep at 0: a place at 100 km shortens the ways by 100, one at 10 km by 20, so it lies at 100 km.
    """
    some = np.arange(len(where))[:: max(1, len(where) // SAMPLE)]
    point, mass = where[some], weight[some]
    between = np.sqrt(((point[:, None, :] - point[None]) ** 2).sum(axis=2))
    nearest = np.sqrt(((point[:, None, :] - reps[None]) ** 2).sum(axis=2)).min(axis=1)
    chosen = np.empty(count, dtype=np.int64)
    for place in range(count):
        saved = np.maximum(nearest[:, None] - between, 0.0).T @ mass
        saved[chosen[:place]] = -1.0
        chosen[place] = int(np.argmax(saved))
        nearest = np.minimum(nearest, between[chosen[place]])
    return some[chosen]


def first_places(options: HiringOptions, reps: int) -> tuple[int, ...]:
    """Rows of the places that are filled when the plan begins; ``reps`` are there today."""
    return tuple(range(reps, reps + min(options.first, options.most)))


def staffed(team: Team, market: Market, options: HiringOptions) -> Team:
    """The team with those who begin with the plan."""
    whole, count = with_places(team, market, options), len(team.reps) + min(options.first, options.most)
    ids = list(whole.reps["id"][:count])
    return replace(
        whole,
        reps=whole.reps.iloc[:count].reset_index(drop=True),
        fit_industry=whole.fit_industry.loc[ids],
        fit_region=whole.fit_region.loc[ids],
        fit_product=whole.fit_product.loc[ids],
    )


def filled_up(owner: Ints, market: Market, team: Team, behaviour: Behaviour, stays: np.ndarray) -> Ints:
    """The same territories, (n,), with a part of the neighbours' for each new rep to whom the design gave nothing."""
    new = np.flatnonzero((planned(team) > 0) & (np.bincount(owner, minlength=len(team.reps)) == 0))
    if not new.size:
        return owner
    goes_by = known(market, team, owner, behaviour, stays)
    n, m = len(owner), len(team.reps)
    nothing, none = np.zeros(n), np.zeros(m)
    calls, vacant = np.zeros(n, np.int64), np.zeros(m, np.int64)
    seen = Seen(0, 0, WEEKS, owner, nothing, nothing, nothing, calls, nothing, np.zeros((0, m)), none, vacant)
    return filled(seen, goes_by, new, Loads(goes_by.hours_with(owner), goes_by.hours, np.ones(n)), goes_by.capacity)


def filled(seen: Seen, known: Known, new: Ints, loads: Loads, room: Floats) -> Ints:
    """Whose each account is, (n,), when the places ``new`` get accounts from who is fuller, until they are as full.

    ``loads`` and ``room`` as in `scenarios.review.moving.levelled`. Nobody else gets any.
    """
    only_new = np.zeros(known.reps, dtype=np.bool_)
    only_new[new] = True
    for _ in range(ROUNDS):
        owner = levelled(seen, known, loads, room, 0.0, len(seen.owner), only_new)
        if owner is seen.owner:
            break
        seen = seen._replace(owner=owner)
        loads = loads._replace(now=known.hours_with(owner) * loads.a_unit)
    return seen.owner
