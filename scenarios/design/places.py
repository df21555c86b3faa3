"""Where rows of a planner's file are: columns of kilometres, or degrees laid on a plane."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from scenarios.intake.values import number
from scenarios.places import kilometres
from sim.world import Floats

LATITUDES = (
    "latitude", "lat", "billinglatitude", "billing_latitude", "address1_latitude", "breite", "breitengrad",
    "geografische_breite",
)  # fmt: skip
LONGITUDES = (
    "longitude", "lon", "lng", "long", "billinglongitude", "billing_longitude", "address1_longitude", "länge", "laenge",
    "längengrad", "laengengrad", "geografische_länge",
)  # fmt: skip
KM = ("x_km", "y_km")
FARTHEST_KM = 1e6


class Centre(NamedTuple):
    """Where a map's kilometres are counted from, degrees; None in both where the file states kilometres itself."""

    latitude: float | None
    longitude: float | None

    def row(self) -> pd.Series:
        """As `scenarios.places` takes it."""
        return pd.Series({"latitude": self.latitude, "longitude": self.longitude})


def place_columns(names: Sequence[str]) -> tuple[str, ...]:
    """The two columns that say where a row is, or none; kilometres before degrees, degrees north before east."""
    if all(name in names for name in KM):
        return KM
    north = next((name for name in LATITUDES if name in names), "")
    east = next((name for name in LONGITUDES if name in names), "")
    return (north, east) if north and east else ()


def coordinate(text: str, axis: str = "") -> float | None:
    """A coordinate; None where it is blank, no number, or off the earth."""
    value = number(text.removeprefix("-"))
    if value is None or math.isnan(value):
        return None
    most = 90.0 if axis in LATITUDES else 180.0 if axis in LONGITUDES else FARTHEST_KM
    return None if value > most else -value if text.startswith("-") else value


def on_the_plane(spots: Floats, centre: Centre | None) -> Floats | None:
    """Places (n, 2) in km east and north, from kilometres or from degrees north and east."""
    if centre is None or not spots.size:
        return None
    if centre.latitude is None:
        return spots
    return np.stack(kilometres(spots[:, 0], spots[:, 1], centre.row()), axis=1)


def middle(where: Sequence[str], spots: Floats) -> Centre | None:
    """The middle of the map: half-way between its ends."""
    if not where:
        return None
    if tuple(where) == KM:
        return Centre(None, None)
    north, east = 0.5 * (spots.min(axis=0) + spots.max(axis=0))
    return Centre(float(north), float(east))
