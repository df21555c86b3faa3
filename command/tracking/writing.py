"""What tracking leaves in its folder: the pages, and every figure as tab-separated values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.tracking.desk import Desk, desk
from analysis.tracking.likeness import MOST_ALIKE
from analysis.tracking.page import Told, write_pages
from analysis.tracking.said import flag_words
from command.handout import as_lines
from command.tracking.work import Tracked
from scenarios.intake.data import Data
from scenarios.intake.writing import harmless_column

TABLE, FANS, ASIDE, REALIGN = "track.tsv", "fans.tsv", "set_aside.tsv", "realign.tsv"


def write(done: Tracked, data: Data, folder: Path, again: str) -> Path:
    """Writes pages and tables into ``folder``; returns the path of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    told = Told(
        info=done.plan.info,
        span=done.span,
        week=done.actual.week,
        groups=done.groups,
        standing=done.standing,
        fans=done.fans,
        flags=done.flags,
        paying=done.paying,
        realign=done.realign,
        carried=done.carried,
        desks=desks(done),
        aside=done.actual.aside,
        notes=done.notes,
        years=done.years,
        alike=min(MOST_ALIKE, done.years),
        again=again,
    )
    page = write_pages(told, folder)
    tables = {TABLE: with_flags(done), FANS: done.fans, ASIDE: done.actual.aside}
    if done.realign is not None:
        tables[REALIGN] = done.realign
    for name in (TABLE, FANS, ASIDE, REALIGN):
        (folder / name).unlink(missing_ok=True)
    for name, table in tables.items():
        if len(table):
            _write(table, folder / name)
    return page


def _write(table: pd.DataFrame, file: Path) -> None:
    words = [name for name in table if table[name].dtype == object or table[name].dtype == "str"]
    tame = table.assign(**{str(name): harmless_column(table[name].astype("str")) for name in words})
    tame.to_csv(file, sep="\t", index=False, lineterminator="\n", float_format="%.10g")


def with_flags(done: Tracked) -> pd.DataFrame:
    """The standing with what drifts: kind, since (week), found (week), drift (in words)."""
    told = {flag.group: flag for flag in done.flags}
    rows = [told.get(g) for g in range(len(done.standing))]
    return done.standing.assign(
        drifts=[flag.kind if flag else "" for flag in rows],
        since=[float(flag.since + 1) if flag else np.nan for flag in rows],
        found=[float(flag.found) if flag else np.nan for flag in rows],
        drift=[flag_words(flag) if flag else "" for flag in rows],
    )


def standing_lines(done: Tracked) -> Iterator[Sequence[str]]:
    """The same as rows of text, head first."""
    for row in as_lines(with_flags(done)):
        yield [str(cell).replace("\t", " ") for cell in row]


def desks(done: Tracked) -> list[Desk]:
    """The page of every rep of the plan, in its order."""
    accounts, currency = done.plan.accounts, str(done.plan.info["currency"])
    owner = accounts["rep"].astype(str).to_numpy()
    made = done.actual.weeks["called"][: done.actual.week].sum(axis=0)
    deals = done.actual.deals
    told = {flag.group: flag for flag in done.flags}
    pages = []
    for seat, rep in enumerate(done.plan.reps["id"].astype(str)):
        mine = np.flatnonzero(owner == rep)
        place = np.full(len(accounts), -1, dtype=np.int64)
        place[mine] = np.arange(len(mine))
        at = place[deals["row"].to_numpy(np.int64)] if len(deals) else np.zeros(0, dtype=np.int64)
        own = deals.assign(row=at)[at >= 0]
        pages.append(
            desk(
                done.standing.iloc[seat], told.get(seat), accounts.iloc[mine], made[mine], done.called[mine], own,
                currency, done.actual.week, "calls" in done.actual.recorded,
            )
        )  # fmt: skip
    return pages
