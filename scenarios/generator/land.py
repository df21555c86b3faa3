"""Where a generated market lies: its cities and its sales regions."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from scenarios.places import cities, find, kilometres
from sim.world import Floats

KM_A_ROOT_REP = 70.0  # measured: 20 to 30 km to the nearest rep, and time for about 16 calls a week under `current`
FEWEST_CITIES = 8
REPS_A_REGION = 4.0
MOST_REGIONS = 12
TOO_BIG = 1.6  # a state with more than this over the wanted number of regions, of all people, is split
PART = " | "


def land(centre: str, reps: int) -> pd.DataFrame:
    """Cities of the market, largest first: the columns of `places.cities` and x_km, y_km, region.

    All cities within a radius that grows with the square root of the number of reps, so that a bigger team has more
    land and not denser land, until the country ends.
    """
    middle = find(centre)
    table = cities()
    table["x_km"], table["y_km"] = kilometres(table["latitude"].to_numpy(), table["longitude"].to_numpy(), middle)
    away = np.hypot(table["x_km"], table["y_km"])
    reach = max(KM_A_ROOT_REP * math.sqrt(reps), float(np.sort(away)[FEWEST_CITIES - 1]))
    table = table[away <= reach].reset_index(drop=True)
    table["region"] = regions(table, wanted=int(min(max(round(reps / REPS_A_REGION), 2), MOST_REGIONS)))
    return table


def regions(table: pd.DataFrame, wanted: int) -> pd.Series:
    """Sales region of each city, about as many as ``wanted``: large states split, then small neighbours merged."""
    region = table["state_name"].copy()
    while True:
        people = table.groupby(region)["population"].sum().sort_values(kind="stable")
        big = str(people.index[-1])
        too_big = people.iloc[-1] > TOO_BIG / wanted * people.sum()
        if (not too_big and len(people) >= wanted) or (region == big).sum() < 2:
            break
        region = _split(table, region, big)
    while region.nunique() > wanted:
        small = table.groupby(region)["population"].sum().sort_values(kind="stable").index[0]
        middle = _middles(table, region)
        away = (middle.drop(small) - middle.loc[small]).pow(2).sum(axis=1)
        region = region.where(region != small, away.sort_values(kind="stable").index[0])
    return _named(table, region)


def _middles(table: pd.DataFrame, region: pd.Series) -> pd.DataFrame:
    weight = table["population"]
    sums = pd.DataFrame({axis: (table[axis] * weight).groupby(region).sum() for axis in ("x_km", "y_km")})
    return sums.div(weight.groupby(region).sum(), axis=0)


def _split(table: pd.DataFrame, region: pd.Series, big: str) -> pd.Series:
    """The region cut across its longer side, half of the people on each."""
    part = table[region == big]
    east_west = np.ptp(part["x_km"]) >= np.ptp(part["y_km"])
    along = part.sort_values(["x_km" if east_west else "y_km", "name"])
    before = along["population"].cumsum() - along["population"] / 2
    low = along.index[(before < along["population"].sum() / 2).to_numpy()]
    first, second = ("West", "East") if east_west else ("South", "North")
    region = region.where(region != big, f"{big}{PART}{second}")
    region.loc[low] = f"{big}{PART}{first}"
    return region


def _named(table: pd.DataFrame, region: pd.Series) -> pd.Series:
    """Halves of a state carry their direction, more parts a number from the north; merged states one or two names."""
    state = region.str.split(PART, regex=False).str[0]
    north = _middles(table, region)["y_km"]
    names = {}
    for name, part in table.groupby(region):
        parts = sorted(region[state == state[part.index[0]]].unique(), key=lambda one: -north[one])
        inside = part.groupby("state_name")["population"].sum().sort_values(ascending=False, kind="stable").index
        if len(parts) > 2:
            names[name] = f"{state[part.index[0]]} {parts.index(name) + 1}"
        elif len(parts) == 2 or len(inside) == 1:
            names[name] = str(name).replace(PART, " ")
        else:
            names[name] = " & ".join(inside) if len(inside) == 2 else f"{inside[0]} and around"
    return region.map(names)


def fill(table: pd.DataFrame, city: Floats, around: Floats, angle: Floats) -> tuple[np.ndarray, Floats, Floats]:
    """City row and place (x, y in km) of each account from three uniforms (n,).

    Cities are drawn by population; the distance from the centre has a long tail, and larger cities reach further.
    """
    share = np.cumsum(table["population"].to_numpy(dtype=np.float64))
    row = np.minimum(np.searchsorted(share, city * share[-1]), len(table) - 1)
    size = 4.0 + 0.35 * np.sqrt(table["population"].to_numpy() / 1000.0)
    km = size[row] * np.minimum(np.sqrt(around**-0.8 - 1.0), 6.0)
    x = table["x_km"].to_numpy()[row] + km * np.cos(2.0 * np.pi * angle)
    y = table["y_km"].to_numpy()[row] + km * np.sin(2.0 * np.pi * angle)
    return row, x, y
