"""Real cities, and kilometres around one of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from scenarios.problems import InputError, nearest
from sim.world import Floats

CITIES_FILE = Path(__file__).with_name("cities.csv")
KM_PER_DEGREE = 111.195


@cache
def _table() -> pd.DataFrame:
    table = pd.read_csv(CITIES_FILE)
    table["name"] = table["city"] + ", " + table["state"]
    return table


def cities() -> pd.DataFrame:
    """Cities, largest first: city, state, state_name, latitude, longitude, population, name ("Columbus, OH")."""
    return _table().copy()


def find(name: str) -> pd.Series:
    """The row of one city, by its name and state; raises InputError with the nearest name."""
    table = _table()
    found = table[table["name"].str.casefold() == name.strip().casefold()]
    if found.empty:
        raise InputError([f"market.centre: no city is called '{name}'; {nearest(name, table['name'])}"])
    return found.iloc[0]


def kilometres(latitude: Floats, longitude: Floats, centre: pd.Series) -> tuple[Floats, Floats]:
    """East and north of a centre, km, on a plane that touches the earth there (equirectangular): two (n,) arrays."""
    shrink = float(np.cos(np.radians(centre["latitude"])))
    east = (np.asarray(longitude, dtype=np.float64) - centre["longitude"]) * KM_PER_DEGREE * shrink
    north = (np.asarray(latitude, dtype=np.float64) - centre["latitude"]) * KM_PER_DEGREE
    return east, north


def degrees(east: Floats, north: Floats, centre: pd.Series) -> tuple[Floats, Floats]:
    """Latitude and longitude of points given in km around a centre: the way back from `kilometres`."""
    shrink = float(np.cos(np.radians(centre["latitude"])))
    return centre["latitude"] + north / KM_PER_DEGREE, centre["longitude"] + east / (KM_PER_DEGREE * shrink)
