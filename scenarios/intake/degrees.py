"""Coordinates in an export: what is no place on earth is taken as not known, and costs nobody the rest of its row."""

from __future__ import annotations

import numpy as np

from scenarios.intake.rows import Rows
from scenarios.intake.values import signed

PLACE = ("latitude", "longitude")


def parse_degrees(rows: Rows, column: str) -> None:
    """Reads a column of degrees; a text that is no number is noted and left out, its row stays.

    Degrees have no thousands: a point or comma is a decimal one, however the amounts of the file are written.
    """
    texts = rows.frame[column]

    def known(text: str) -> float:
        value = signed(text.replace(",", "."))
        return np.nan if value is None else value

    rows.parse(column, known, "number", np.nan)
    odd = rows.frame[column].isna() & (texts != "")
    first = f", as '{min(texts[odd])[:40]}'" if odd.any() else ""
    rows.found(f"{rows.header(column)} that is no number{first}", int(odd.sum()), "taken as not known")


def blank_impossible(rows: Rows) -> None:
    """Leaves out coordinates off the earth, one without the other, and 0 and 0, which programs write for unknown."""
    north, east = (rows.frame[column] for column in PLACE)
    told = north.notna() | east.notna()
    there = (north.abs() <= 90.0) & (east.abs() <= 180.0) & ~((north == 0.0) & (east == 0.0))
    bad = told & ~there
    if bad.any():
        first = rows.frame[bad].sort_values("id").iloc[0]
        shown = " and ".join("none" if first[column] != first[column] else f"{first[column]:g}" for column in PLACE)
        what = f"{rows.header(PLACE[0])} and {rows.header(PLACE[1])} that are no place, as {shown} of {first['id']}"
        rows.found(what, int(bad.sum()), "taken as not known")
        rows.frame = rows.frame.assign(**{column: rows.frame[column].where(~bad) for column in PLACE})
