"""The accounts of a generated market, row by row from keyed draws.

A larger market begins with the accounts of a smaller one: their places, industries and potentials.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenarios.generator.land import fill
from scenarios.generator.trade import (
    FIRST_HALF,
    INDUSTRIES,
    INDUSTRY_WEIGHT,
    INTEREST,
    LAST_WORD,
    PRODUCTS,
    SECOND_HALF,
)
from scenarios.generator.worth import need, openings, order_size
from scenarios.places import degrees
from scenarios.schema import MarketOptions
from sim.behaviour import Behaviour
from sim.draws import PLACE, RIVAL, WORTH, column, normals
from sim.world import CRITERIA, Floats, Ints

CLUSTERING = 0.6  # sd of log of how much more common an industry is in one region than in another
LEAD_SPREAD = 0.25  # sd of competitors' lead
GRID = 4
SIZES = ("small", "medium", "large")
SIZE_SHARE = (0.6, 0.3, 0.1)
PRIORITY_SHARE = 0.2


def accounts(
    options: MarketOptions, cities: pd.DataFrame, centre: pd.Series, reps: int, behaviour: Behaviour
) -> pd.DataFrame:
    """All of `ACCOUNT_COLUMNS` but ``current_rep``, one row an account in rising order of key."""
    seed = options.seed
    key = np.arange(1, options.accounts + 1, dtype=np.int64)
    city, x, y = fill(cities, *(column(seed, PLACE, lane, key) for lane in (0, 1, 2)))
    latitude, longitude = degrees(x, y, centre)
    regions = sorted(cities["region"].unique())
    region = np.searchsorted(regions, cities["region"].to_numpy(dtype=object)[city]).astype(np.int64)
    industry = _industries(seed, region, len(regions), column(seed, PLACE, 3, key))
    product = pick(np.array(INTEREST)[industry], column(seed, WORTH, 2, key))

    spread = options.potential_spread
    potential = options.mean_potential * np.exp(spread * normals(column(seed, WORTH, 0, key)) - 0.5 * spread**2)
    estimate = potential * np.exp(options.estimate_error * normals(column(seed, WORTH, 1, key)))
    opened = openings(potential, options.wins_a_rep * reps, behaviour)
    place = np.argsort(np.argsort(-estimate, kind="stable"), kind="stable")  # 0 is the largest
    width = max(5, len(str(options.accounts)))
    frame = pd.DataFrame(
        {
            "id": pd.Series(key.astype(str), dtype="str").str.zfill(width).radd("A"),
            "key": key,
            "name": _names(column(seed, WORTH, 3, key), industry, cities["city"].to_numpy(dtype=object)[city]),
            "city": pd.Series(cities["name"].to_numpy(dtype=object)[city], dtype="str"),
            "region": pd.Series(np.array(regions, dtype=object)[region], dtype="str"),
            "industry": pd.Series(np.array(INDUSTRIES, dtype=object)[industry], dtype="str"),
            "product": pd.Series(PRODUCTS["name"].to_numpy(dtype=object)[product], dtype="str"),
            "size": pd.Series(np.array(SIZES, dtype=object)[_size(place)], dtype="str"),
            "latitude": latitude,
            "longitude": longitude,
            "x_km": x,
            "y_km": y,
            "cell": cell(x, y),
            "potential": potential,
            "estimated_potential": estimate,
            "need": need(potential, options.need_exponent, options.calls_needed, reps),
            "order_size": order_size(potential, behaviour),
            "opening_rate": opened.rate,
            "deal_size": opened.size,
            "win_logit": 0.0,
            "margin": PRODUCTS["margin"].to_numpy()[product],
            **_leads(seed, region, industry),
            "priority": place < round(PRIORITY_SHARE * options.accounts),
        }
    )
    return frame


def cell(x: Floats, y: Floats) -> Ints:
    """Number (0 to 15) of each place's cell in a 4 x 4 grid over the market, row by row from the south-west: (n,)."""
    steps = []
    for axis in (x, y):
        low, size = axis.min(), max(np.ptp(axis), 1e-9)
        steps.append(np.minimum((axis - low) / size * GRID, GRID - 1).astype(np.int64))
    number: Ints = GRID * steps[1] + steps[0]
    return number


def pick(weights: Floats, uniform: Floats) -> Ints:
    """A column for each row (n,), drawn in proportion to its weights (n, choices)."""
    share = np.cumsum(weights, axis=1)
    drawn = (share < (uniform * share[:, -1])[:, None]).sum(axis=1)
    picked: Ints = np.minimum(drawn, weights.shape[1] - 1)
    return picked


def _pairs(region: Ints | int, industry: Ints) -> Ints:
    """The number that keys what region and industry have in common."""
    return np.asarray(region * len(INDUSTRIES) + industry, dtype=np.int64)


def _industries(seed: int, region: Ints, regions: int, uniform: Floats) -> Ints:
    pairs = _pairs(np.arange(regions)[:, None], np.arange(len(INDUSTRIES)))
    strength = normals(column(seed, RIVAL, 0, pairs.ravel(), index=1)).reshape(pairs.shape)
    weights: Floats = np.array(INDUSTRY_WEIGHT) * np.exp(CLUSTERING * strength)
    return pick(weights[region], uniform)


def _leads(seed: int, region: Ints, industry: Ints) -> dict[str, Floats]:
    pairs = _pairs(region, industry)
    known = np.arange(pairs.max() + 1)
    leads = {}
    for place, criterion in enumerate(CRITERIA):
        lead = np.clip(LEAD_SPREAD * normals(column(seed, RIVAL, place % 4, known, index=place // 4 * 2)), -1.0, 1.0)
        leads[f"lead_{criterion}"] = lead[pairs]
    return leads


def _size(place: Ints) -> Ints:
    """0 small, 1 medium, 2 large, by place in the order of estimated potential, largest first."""
    n = len(place)
    large = round(SIZE_SHARE[2] * n)
    medium = round(SIZE_SHARE[1] * n)
    return np.where(place < large, 2, np.where(place < large + medium, 1, 0))


def _names(uniform: Floats, industry: Ints, city: np.ndarray) -> pd.Series:
    """Names made of words, unique: namesakes carry their city, then a number."""
    first, second, last = (np.array(words, dtype=object) for words in (FIRST_HALF, SECOND_HALF, LAST_WORD))
    number = (uniform * (first.size * second.size * last.shape[1])).astype(np.int64)
    number, tail = np.divmod(number, last.shape[1])
    head, middle = np.divmod(number, second.size)
    names = pd.Series(first[head] + second[middle] + " " + last[industry, tail], dtype="str")
    twin = names.duplicated()
    names = names.where(~twin, names + " of " + pd.Series(city, dtype="str"))
    again = names.groupby(names).cumcount()
    return names.where(again == 0, names + " " + (again + 1).astype("str"))
