"""What a design leaves behind: files for planners, and for the systems that assign accounts."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from scenarios.design.brief import Brief
from scenarios.design.request import Drawn
from scenarios.design.standing import Standing, changed, reason

ASSIGNMENTS, WORKBOOK, MOVES, BALANCE = "assignments.csv", "assignments.xlsx", "moves.csv", "balance.csv"
MAP, QUOTAS, REJECTS = "territories.geojson", "quotas.csv", "rejects.csv"
SALESFORCE = "salesforce_ObjectTerritory2Association.csv"
Rows = Iterable[Sequence[object]]


def write(folder: Path, asked: Brief, drawn: Drawn, old: Standing, new: Standing, quota: str, period: str) -> list[str]:
    """Writes all files of a design into a folder and returns their names; those of an earlier design go away."""
    folder.mkdir(parents=True, exist_ok=True)
    ids, owner = asked.table.ids, [new.names[row] for row in drawn.owner]
    pairs = list(zip(ids, owner, strict=True))
    tables: dict[str, Rows] = {
        ASSIGNMENTS: _assignments(asked, owner),
        MOVES: _moves(asked, drawn, old, new),
        BALANCE: _balance(asked, old, new),
        SALESFORCE: [
            ("ObjectId", "Territory2Id", "AssociationCause"),
            *((account, territory, "Territory2Manual") for account, territory in pairs),
        ],
        "hubspot.csv": [("id", "hubspot_owner_id"), *pairs],
        "dynamics.csv": [("accountid", "territoryid"), *pairs],
    }
    if quota:
        tables[QUOTAS] = [
            ("Territory ID", "Period", "Value", "Component"),
            *((name, period, _plain(value), quota) for name, value in zip(new.names, new.loads[quota], strict=True)),
        ]
    if asked.rejects:
        tables[REJECTS] = [("file", "line", "reason", "row"), *asked.rejects]
    for name in (QUOTAS, REJECTS, MAP):
        if name not in tables:
            (folder / name).unlink(missing_ok=True)
    for name, rows in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    _workbook(folder / WORKBOOK, asked, owner, new, old)
    written = [*tables, WORKBOOK]
    if asked.table.centre is not None and asked.table.centre.latitude is not None:
        (folder / MAP).write_text(_map(asked, drawn, new), encoding="utf-8")
        written.append(MAP)
    return written


def _assignments(asked: Brief, owner: Sequence[str]) -> Rows:
    """Account and rep first, as `territory=from_file` reads them; then all other columns, so that it goes in again."""
    table = asked.table
    left_out = {table.id_column, table.today_column, "account", "rep", "id", "territory"}
    kept = [name for name in table.words if name not in left_out]
    yield ("account", "rep", *kept)
    yield from zip(table.ids, owner, *(table.words[name] for name in kept), strict=True)


def _moves(asked: Brief, drawn: Drawn, old: Standing, new: Standing) -> Rows:
    measures = asked.request.measures
    ways = old.km is not None and new.km is not None
    yield ("account", "from", "to", *measures, *(("km_before", "km_after") if ways else ()), "why")
    for row in changed(asked, drawn).tolist():
        values = [_plain(measures[name][row]) for name in measures]
        km = [f"{one.km[row]:.1f}" for one in (old, new) if ways and one.km is not None]
        to = new.names[int(drawn.owner[row])]
        yield (asked.table.ids[row], asked.table.today[row], to, *values, *km, reason(asked, old, new, row))


def _balance(asked: Brief, old: Standing, new: Standing) -> Rows:
    """A row a territory and measure, before and after; blank where the territory is not there."""
    yield ("territory", "measure", "before", "before_index", "after", "after_index")
    names = [*new.names, *(name for name in old.names if name not in new.names)]
    measures = [*asked.request.balance, *(name for name in asked.request.measures if name not in asked.request.balance)]
    for measure in measures:
        for name in names:
            cells = []
            for one in (old, new):
                if name in one.names:
                    row = one.names.index(name)
                    cells += [_plain(one.loads[measure][row]), f"{100.0 * one.index(measure)[row]:.1f}"]
                else:
                    cells += ["", ""]
            yield (name, measure, *cells)


def _workbook(path: Path, asked: Brief, owner: Sequence[str], new: Standing, old: Standing) -> None:
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    balanced = list(asked.request.balance)
    sheet = book.create_sheet("assignments")

    def text(value: str) -> Any:
        if not value.startswith("="):
            return value
        cell = WriteOnlyCell(sheet, value)
        cell.data_type = "s"  # or a workbook would take it for a formula
        return cell

    sheet.append(["account", "rep", "today", *balanced])
    columns = [asked.request.measures[name].tolist() for name in balanced]
    for account, rep, today, *values in zip(asked.table.ids, owner, asked.table.today, *columns, strict=True):
        sheet.append([text(account), text(rep), text(today), *values])
    sheet = book.create_sheet("balance")
    for row in _balance(asked, old, new):
        sheet.append([text(str(value)) if at < 2 else _number(str(value)) for at, value in enumerate(row)])
    book.save(path)


def _map(asked: Brief, drawn: Drawn, new: Standing) -> str:
    """GeoJSON, one feature a territory that has accounts: its ground, and what is in it."""
    import shapely

    from scenarios.design.outline import on_earth, outlines

    request, centre = asked.request, asked.table.centre
    assert request.places is not None
    assert centre is not None
    features = []
    for row, shape in enumerate(outlines(request.places, drawn.owner, request.weight, len(new.names))):
        if shape.is_empty:
            continue
        said: dict[str, object] = {"territory": new.names[row]}
        for name, loads in new.loads.items():
            said[name] = float(loads[row])
        for name in request.balance:
            said[f"{name}_index"] = round(100.0 * float(new.index(name)[row]), 1)
        ground = json.loads(shapely.to_geojson(on_earth(shape, centre)))
        features.append({"type": "Feature", "properties": said, "geometry": ground})
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def _plain(value: float) -> str:
    """A number without noise in its last digits.

    >>> _plain(120.0), _plain(0.1 + 0.2)
    ('120', '0.3')
    """
    return f"{round(float(value), 6):.12g}" if abs(value) < 1e12 else f"{float(value):.0f}"


def _number(text: str) -> object:
    try:
        return float(text) if text else None
    except ValueError:
        return text
