"""The team of a generated market: where reps live, what they are good at."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from scenarios.generator.trade import INDUSTRIES, PRODUCTS
from scenarios.schema import TeamOptions
from scenarios.team import Team
from scenarios.workload import places
from sim.draws import REP, REP_FIT, column, normals
from sim.world import Floats, Ints

SAMPLE = 60  # accounts a rep that homes are found from
ROUNDS = 2  # more make territories rounder but less equal
NEAR = 5.0  # km that count as next door when homes are pulled to where accounts crowd
FIT_RANGE = (0.7, 1.3)


def team(options: TeamOptions, seed: int, accounts: pd.DataFrame) -> Team:
    """A `Team` for a market whose ``accounts`` (with places, regions, needs) are known."""
    key = np.arange(1, options.reps + 1, dtype=np.int64)
    home = homes(places(accounts), accounts["need"].to_numpy(), options.reps)
    at = accounts.iloc[home].reset_index(drop=True)
    width = max(2, len(str(options.reps)))
    spread = options.ability_spread
    reps = pd.DataFrame(
        {
            "id": pd.Series(key.astype(str), dtype="str").str.zfill(width).radd("R"),
            "key": key,
            "name": _names(at["city"]),
            "region": _offices(at, accounts),
            "latitude": at["latitude"],
            "longitude": at["longitude"],
            "x_km": at["x_km"],
            "y_km": at["y_km"],
            "ability": np.exp(spread * normals(column(seed, REP, 0, key)) - 0.5 * spread**2),
            "hours": options.hours * options.selling_share,
        }
    )
    regions = sorted(accounts["region"].unique())
    industry, region, product = (
        pd.DataFrame(_fit(seed, key, lane, len(names), options.fit_spread), index=pd.Index(reps["id"]), columns=names)
        for lane, names in enumerate((list(INDUSTRIES), regions, list(PRODUCTS["name"])))
    )
    return Team(reps, industry, region, product, options.cost_per_km)


def homes(where: Floats, weight: Floats, reps: int) -> Ints:
    """Rows of the accounts next to which reps live, (m,): spread so that each has about as near and as much to do.

    Seeds stand at equal steps of work along a curve that fills the land; then each moves to the middle of what lies
    nearest to it, and from there towards where most of it crowds. All of it on a sample at large sizes.
    """
    order = _along(where)
    step = max(1, len(where) // (SAMPLE * reps))
    sample = order[step // 2 :: step]
    point, mass = where[sample], weight[sample]
    done = np.cumsum(mass) - mass / 2
    seeds = np.searchsorted(done, (np.arange(reps) + 0.5) / reps * mass.sum())
    centre = point[np.minimum(seeds, len(sample) - 1)]
    for turn in range(ROUNDS):
        away, nearest = cKDTree(centre).query(point)
        pull = mass if turn < ROUNDS // 2 else mass / (away + NEAR)
        total = np.bincount(nearest, weights=pull, minlength=reps)
        moved = np.column_stack([np.bincount(nearest, weights=pull * axis, minlength=reps) for axis in point.T])
        some = total > 0
        centre[some] = moved[some] / total[some, None]
    _, ranked = cKDTree(point).query(centre, k=min(4, len(point)))
    return sample[_distinct(np.asarray(ranked).reshape(reps, -1), len(point))]


def _along(where: Floats) -> Ints:
    """Accounts in the order of a Z-curve over the land, ties by row: shape (n,)."""
    low, size = where.min(axis=0), np.maximum(np.ptp(where, axis=0), 1e-9)
    grid = np.minimum((where - low) / size * 1024, 1023).astype(np.int64)
    code = np.zeros(len(where), dtype=np.int64)
    for bit in range(10):
        code |= ((grid[:, 0] >> bit) & 1) << (2 * bit)
        code |= ((grid[:, 1] >> bit) & 1) << (2 * bit + 1)
    return np.argsort(code, kind="stable")


def _distinct(ranked: Ints, points: int) -> Ints:
    """The first point of each row that no row before has taken; two reps never share a home unless points run out."""
    taken = np.zeros(points, dtype=bool)
    chosen = ranked[:, 0].copy()
    for row, choices in enumerate(ranked):
        free = choices[~taken[choices]]
        if free.size == 0:
            free = np.flatnonzero(~taken)
        if free.size:
            chosen[row] = free[0]
        taken[chosen[row]] = True
    return chosen


def _offices(at: pd.DataFrame, accounts: pd.DataFrame) -> pd.Series:
    """Region of each rep: where he lives; a region that nobody lives in gets the nearest rep that another can spare."""
    region = at["region"].copy()
    middles = accounts.groupby("region")[["x_km", "y_km"]].mean()
    for name in middles.index:
        spare = region.groupby(region).transform("size") > 1
        if spare.any() and not (region == name).any():
            away = (at[["x_km", "y_km"]] - middles.loc[name]).pow(2).sum(axis=1)[spare]
            region = region.where(region.index != away.idxmin(), name)
    return region


def _names(city: pd.Series) -> pd.Series:
    """Reps are called by their city: nobody is invented."""
    town = city.str.rsplit(",", n=1).str[0]
    names = "Rep " + town
    names = names.where(town.groupby(town).transform("size") == town.groupby(city).transform("size"), "Rep " + city)
    again = names.groupby(names).cumcount()
    return names.where(again == 0, names + " " + (again + 1).astype("str"))


def _fit(seed: int, key: Ints, lane: int, things: int, spread: float) -> Floats:
    """Fit (m, things) inside `FIT_RANGE`, the team's mean of each column 1."""
    draws = [normals(column(seed, REP_FIT, lane, key, index=thing)) for thing in range(things)]
    fit: Floats = np.clip(1.0 + spread * np.column_stack(draws), *FIT_RANGE)
    for _ in range(100):  # what clipping takes away is spread over the others; settles in a few rounds
        fit = np.clip(fit / fit.mean(axis=0), *FIT_RANGE)
        if np.abs(fit.mean(axis=0) - 1.0).max() < 1e-13:
            break
    return fit
