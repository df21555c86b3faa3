"""Files that planners and other systems read, written from plain tables: whoever has drawn the territories."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from scenarios.design.places import Centre
from sim.world import Floats, Ints

ASSIGNMENTS, WORKBOOK, MOVES, BALANCE = "assignments.csv", "assignments.xlsx", "moves.csv", "balance.csv"
MAP, QUOTAS = "territories.geojson", "quotas.csv"
SALESFORCE, HUBSPOT, DYNAMICS = "salesforce_ObjectTerritory2Association.csv", "hubspot.csv", "dynamics.csv"
ACCOUNT_IDS = "account_ids"  # the property of an outline that lists who is in it
FORMULA = re.compile(r"'*[=+\-@\t\r]")  # as a table program would take a cell for something to work out
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
Rows = Iterable[Sequence[object]]


def write_tables(folder: Path, tables: Mapping[str, Rows]) -> None:
    """Writes each table, head first, as a CSV file of that name; no cell is left that a table program would run."""
    for name, rows in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([harmless(cell) for cell in row] for row in rows)


def harmless(cell: object) -> object:
    """A cell that no table program takes for a formula: an apostrophe before text that begins like one.

    >>> harmless("=1+1"), harmless("-5"), harmless("'=x"), harmless("Elm")
    ("'=1+1", '-5', "''=x", 'Elm')
    """
    if isinstance(cell, str) and FORMULA.match(cell) and not NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def imports(pairs: Sequence[tuple[str, str]]) -> dict[str, Rows]:
    """Accounts with their territories or reps in the columns that Salesforce, HubSpot and Dynamics import."""
    return {
        SALESFORCE: [
            ("ObjectId", "Territory2Id", "AssociationCause"),
            *((account, territory, "Territory2Manual") for account, territory in pairs),
        ],
        HUBSPOT: [("id", "hubspot_owner_id"), *pairs],
        DYNAMICS: [("accountid", "territoryid"), *pairs],
    }


def quotas(rows: Rows) -> Rows:
    """Quotas with their head; each row names territory, period, value and what the quota is of."""
    return [("Territory ID", "Period", "Value", "Component"), *rows]


def write_workbook(path: Path, sheets: Mapping[str, Rows]) -> None:
    """Writes each table as a sheet of that name; words stay words, even where they begin as a formula does."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)

        def cell(value: object, sheet: Any = sheet) -> Any:
            if not isinstance(value, str) or not value.startswith("="):
                return value
            made = WriteOnlyCell(sheet, value)
            made.data_type = "s"  # or a workbook would take it for a formula
            return made

        for row in rows:
            sheet.append([cell(value) for value in row])
    book.save(path)


def write_map(
    path: Path, places: Floats, owner: Ints, weight: Floats, said: Sequence[Mapping[str, object]], centre: Centre
) -> None:
    """Writes GeoJSON, one feature a territory that has accounts: its ground, and what ``said`` (m) says of it.

    ``places`` (n, 2) are kilometres around ``centre``, ``owner`` (n,) is the row in ``said`` of each account's
    territory; on a spot with accounts of several, the one with most ``weight`` (n,) there has the ground.
    """
    import shapely

    from scenarios.design.outline import on_earth, outlines

    features = []
    for properties, shape in zip(said, outlines(places, owner, weight, len(said)), strict=True):
        if not shape.is_empty:
            ground = json.loads(shapely.to_geojson(on_earth(shape, centre)))
            features.append({"type": "Feature", "properties": dict(properties), "geometry": ground})
    written = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    path.write_text(written, encoding="utf-8")


def plain(value: float) -> str:
    """A number without noise in its last digits.

    >>> plain(120.0), plain(0.1 + 0.2)
    ('120', '0.3')
    """
    return f"{round(float(value), 6):.12g}" if abs(value) < 1e12 else f"{float(value):.0f}"


def located(latitude: Floats, longitude: Floats) -> Ints:
    """Rows that have both coordinates."""
    return np.flatnonzero(np.isfinite(latitude) & np.isfinite(longitude)).astype(np.int64)
