"""What a design leaves behind: files for planners, and for the systems that assign accounts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scenarios.design.brief import Brief
from scenarios.design.files import (
    ACCOUNT_IDS,
    ASSIGNMENTS,
    BALANCE,
    MAP,
    MOVES,
    QUOTAS,
    WORKBOOK,
    Rows,
    imports,
    plain,
    quotas,
    write_map,
    write_tables,
    write_workbook,
)
from scenarios.design.request import Drawn
from scenarios.design.standing import Standing, changed, reason

REJECTS = "rejects.csv"


def write(
    folder: Path, asked: Brief, drawn: Drawn, old: Standing, new: Standing, quota: str, periods: Sequence[str]
) -> list[str]:
    """Writes all files of a design into a folder and returns their names; those of an earlier design go away."""
    folder.mkdir(parents=True, exist_ok=True)
    ids, owner = asked.table.ids, [new.names[row] for row in drawn.owner]
    pairs = list(zip(ids, owner, strict=True))
    tables: dict[str, Rows] = {
        ASSIGNMENTS: _assignments(asked, owner),
        MOVES: _moves(asked, drawn, old, new),
        BALANCE: _balance(asked, old, new),
        **imports(pairs),
    }
    if quota:
        tables[QUOTAS] = quotas(_quotas(new, quota, periods))
    if asked.rejects:
        tables[REJECTS] = [("file", "line", "reason", "row"), *asked.rejects]
    for name in (QUOTAS, REJECTS, MAP):
        if name not in tables:
            (folder / name).unlink(missing_ok=True)
    write_tables(folder, tables)
    write_workbook(
        folder / WORKBOOK, {"assignments": _sheet(asked, owner), "balance": _numbers(_balance(asked, old, new))}
    )
    written = [*tables, WORKBOOK]
    if asked.table.centre is not None and asked.table.centre.latitude is not None:
        _map(folder / MAP, asked, drawn, new)
        written.append(MAP)
    return written


def _quotas(new: Standing, quota: str, periods: Sequence[str]) -> Rows:
    """A row a territory and period: equal parts of the year's value, that add up to it to the cent."""
    for name, value in zip(new.names, new.loads[quota].tolist(), strict=True):
        if len(periods) == 1:
            yield (name, periods[0], plain(value), quota)
            continue
        for period, part in zip(periods, split(round(100.0 * value), len(periods)), strict=True):
            yield (name, period, plain(part / 100.0), quota)


def split(cents: int, parts: int) -> list[int]:
    """Whole cents in parts as equal as can be, the larger ones first.

    >>> split(1000, 3)
    [334, 333, 333]
    """
    return [cents // parts + (place < cents % parts) for place in range(parts)]


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
        values = [plain(measures[name][row]) for name in measures]
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
                    cells += [plain(one.loads[measure][row]), f"{100.0 * one.index(measure)[row]:.1f}"]
                else:
                    cells += ["", ""]
            yield (name, measure, *cells)


def _sheet(asked: Brief, owner: Sequence[str]) -> Rows:
    balanced = list(asked.request.balance)
    yield ("account", "rep", "today", *balanced)
    columns = [asked.request.measures[name].tolist() for name in balanced]
    yield from zip(asked.table.ids, owner, asked.table.today, *columns, strict=True)


def _numbers(balance: Rows) -> Rows:
    """The rows of the balance with figures as numbers, for a workbook."""
    for row in balance:
        yield [str(value) if at < 2 else _number(str(value)) for at, value in enumerate(row)]


def _map(path: Path, asked: Brief, drawn: Drawn, new: Standing) -> None:
    """The ground of each territory, and what is in it."""
    request, centre = asked.request, asked.table.centre
    assert request.places is not None
    assert centre is not None
    said: list[dict[str, object]] = []
    for row, territory in enumerate(new.names):
        loads = {name: float(values[row]) for name, values in new.loads.items()}
        indices = {f"{name}_index": round(100.0 * float(new.index(name)[row]), 1) for name in request.balance}
        inside = [asked.table.ids[place] for place in (drawn.owner == row).nonzero()[0]]
        said.append({"territory": territory, **loads, **indices, ACCOUNT_IDS: inside})
    write_map(path, request.places, drawn.owner, request.weight, said, centre)


def _number(text: str) -> object:
    try:
        return float(text) if text else None
    except ValueError:
        return text
