"""What a played plan leaves to take back: assignments, imports, quotas and a map, in the plan's own ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.cuts import names
from analysis.explanation.page import Explained
from analysis.played import Played
from scenarios.design.files import (
    ASSIGNMENTS,
    BALANCE,
    MAP,
    MOVES,
    QUOTAS,
    WORKBOOK,
    Rows,
    imports,
    located,
    plain,
    quotas,
    write_map,
    write_tables,
    write_workbook,
)
from scenarios.design.places import LATITUDES, LONGITUDES, middle, on_the_plane
from sim.week import period_of
from sim.world import WEEKS

WORTH, WORTH_YEARS, PLACEMENTS = "worth.csv", "worth_years.csv", "placements.csv"
PERIODS = {1: "Year", 2: "Half-year", 4: "Quarter", 12: "Month", 52: "Week"}
ABOUT = ("name", "city", "industry", "product", "size")  # of an account, beside who has it


def write_files(said: Explained, plan: Played, periods: int, folder: Path) -> list[str]:
    """Writes all tables of an explanation and what goes back into other systems; returns the files' names."""
    folder.mkdir(parents=True, exist_ok=True)
    assigned = assignments(plan)
    pairs = list(zip(assigned["account"], assigned["rep"], strict=True))
    tables: dict[str, Rows] = {
        ASSIGNMENTS: as_lines(assigned),
        MOVES: as_lines(said.moves),
        BALANCE: as_lines(said.balance),
        WORTH: as_lines(said.worth.table),
        WORTH_YEARS: as_lines(said.worth.years),
        PLACEMENTS: as_lines(said.placements),
        **imports(pairs),
    }
    written = [*tables, WORKBOOK]
    if plan.goals("quota").any():
        tables[QUOTAS] = quotas(quota_lines(plan, periods))
        written.append(QUOTAS)
    else:
        (folder / QUOTAS).unlink(missing_ok=True)
    write_tables(folder, tables)
    short = assigned[["account", "rep", "name", "rep_name", "today", "potential"]]
    sheets = {"assignments": short, "moves": said.moves, "balance": said.balance}
    write_workbook(folder / WORKBOOK, {name: as_lines(table, as_words=False) for name, table in sheets.items()})
    if _write_map(said, plan, folder / MAP):
        written.append(MAP)
    else:
        (folder / MAP).unlink(missing_ok=True)
    return written


def assignments(plan: Played) -> pd.DataFrame:
    """Account and rep first, as `territory=from_file` reads them; then what people call both, and today's rep."""
    accounts = plan.accounts
    called = names(plan)
    rep, today = accounts["rep"].astype(str), accounts["current_rep"].astype(str)
    return pd.DataFrame(
        {
            "account": accounts["id"].astype(str),
            "rep": rep,
            "rep_name": rep.map(called),
            "today": today,
            **{column: accounts[column].fillna("").astype(str) for column in ABOUT},
            "potential": accounts["estimated_potential"].astype(float),
        }
    )


def quota_lines(plan: Played, periods: int) -> Iterator[Sequence[object]]:
    """Each rep's quota of each period, in money: the mean of the years played, whose pasts differ, shared by weeks."""
    word = PERIODS.get(periods, "Period")
    mean = plan.goals("quota").mean(axis=0)
    ends = sorted({period_of(week, periods) for week in range(WEEKS)})
    for rep, quota in zip(plan.reps["id"].astype(str), mean.tolist(), strict=True):
        for number, (first, end) in enumerate(ends, 1):
            name = word if len(ends) == 1 else f"{word} {number}"
            yield (rep, name, f"{quota * (end - first) / WEEKS:.2f}", "revenue")


def _write_map(said: Explained, plan: Played, path: Path) -> bool:
    """Writes the outlines of all territories; False where accounts have no latitude and longitude."""
    accounts = plan.accounts
    if not plan.info["has_places"]:
        return False
    spots = accounts[["latitude", "longitude"]].to_numpy(np.float64)
    there = located(spots[:, 0], spots[:, 1])
    centre = middle((LATITUDES[0], LONGITUDES[0]), spots[there]) if there.size else None
    places = on_the_plane(spots[there], centre)
    if places is None or centre is None:
        return False
    rows = pd.Index(plan.reps["id"].astype(str)).get_indexer(pd.Index(accounts["rep"].astype(str)))
    weight = accounts["estimated_potential"].to_numpy(np.float64)
    properties = [
        {
            "territory": str(row["rep"]),
            "rep": str(row["name"]),
            "accounts": int(row["accounts_after"]),
            "hours_needed": round(float(row["hours_needed_after"]), 1),
            "potential": round(float(row["potential_after"]), 2),
            "hours_needed_index": round(100 * float(row["hours_needed_index_after"]), 1),
            "potential_index": round(100 * float(row["potential_index_after"]), 1),
        }
        for row in said.balance.to_dict("records")
    ]
    write_map(path, places, rows[there].astype(np.int64), weight[there], properties, centre)
    return True


def as_lines(table: pd.DataFrame, as_words: bool = True) -> Rows:
    """A table as rows, head first; missing numbers are blank."""
    yield tuple(str(column) for column in table.columns)
    for row in table.itertuples(index=False, name=None):
        yield tuple(_cell(value, as_words) for value in row)


def _cell(value: object, as_words: bool) -> object:
    if isinstance(value, float):
        if not np.isfinite(value):
            return "" if as_words else None
        return plain(value) if as_words else value
    return value.item() if isinstance(value, np.generic) else value
