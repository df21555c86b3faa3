"""The year so far as pages and tables: one for the planner, one for each rep."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from analysis.explanation.page import file_names
from analysis.report import pages
from analysis.tracking.desk import Desk, neglected_table, open_table
from analysis.tracking.measures import FIRM, REGION, TERRITORY, Group
from analysis.tracking.paying import Paying
from analysis.tracking.said import paying_sentences, realign_table, standing_table, to_do
from analysis.tracking.standing import Flag

HERE = Path(__file__).parent
REPS = "reps"


class Told(NamedTuple):
    """Everything that the pages say."""

    info: dict[str, Any]
    span: str  # which weeks and days are on record
    week: int
    groups: Sequence[Group]
    standing: pd.DataFrame
    fans: pd.DataFrame
    flags: Sequence[Flag]
    paying: Paying | None
    realign: pd.DataFrame | None
    carried: Sequence[str]
    desks: Sequence[Desk]
    aside: pd.DataFrame
    notes: Sequence[str]
    years: int
    alike: int  # of them, that realignments are tried in
    again: str

    @property
    def currency(self) -> str:
        """The sign of the money."""
        return str(self.info["currency"])

    @property
    def marks(self) -> dict[str, int]:
        """The week since which each group drifts, by name; a territory's where a region is called the same."""
        return {self.groups[flag.group].name: flag.since + 1 for flag in reversed(self.flags)}

    def lines(self) -> list[str]:
        """What follows, the most important first."""
        return to_do(self.flags, self.groups, self.standing, self.realign, self.currency)


def write_pages(told: Told, folder: Path) -> Path:
    """Writes index.html with its charts and a page a rep under ``reps``; returns the path of index.html."""
    from markupsafe import Markup

    from analysis.charts import fan

    (folder / REPS).mkdir(parents=True, exist_ok=True)
    shown = _shown(told)
    # The quota is the year's: beside a fan of a part of it, it would mislead.
    quota = told.standing["quota"].where(told.standing["to_sell"].notna())
    goals = dict(zip(told.standing["name"], quota, strict=True))
    of_reps = told.standing[told.standing["kind"] == TERRITORY]
    title = fan.title(
        told.week,
        [told.groups[flag.group].name for flag in told.flags],
        int((of_reps["sold"] < of_reps["low"]).sum()),
        int((of_reps["sold"] > of_reps["high"]).sum()),
        len(told.groups),
        told.years,
    )
    chart = fan.draw_fans(shown, told.marks, goals, title, "fans", told.currency, folder)
    made, files = pages(HERE), [name.removesuffix(".html") for name in file_names([desk.name for desk in told.desks])]
    for desk, file in zip(told.desks, files, strict=True):
        own = told.fans[(told.fans["group"] == desk.name) & (told.fans["kind"] == TERRITORY)]
        drifts = [desk.name] if desk.name in told.marks else []
        row = of_reps[of_reps["name"] == desk.name].iloc[0]
        sides = (int(row["sold"] < row["low"]), int(row["sold"] > row["high"]))
        head = fan.title(told.week, drifts, *sides, 1, told.years)
        drawn = fan.draw_fans(own, told.marks, goals, head, file, told.currency, folder / REPS)
        page = made.get_template("rep.jinja").render(
            told=told, desk=desk, chart=Markup(drawn),
            neglected=neglected_table(desk.neglected, told.currency), open=open_table(desk.open, told.currency),
        )  # fmt: skip
        (folder / REPS / f"{file}.html").write_text(page, encoding="utf-8")
    page = made.get_template("track.jinja").render(
        told=told,
        headline=title.finding,
        chart=Markup(chart),
        lines=told.lines(),
        table=standing_table(told.standing, told.flags, told.currency, (TERRITORY, REGION, FIRM)),
        territories=len(told.desks),
        files=files,
        paying=paying_sentences(told.paying, told.currency, told.week) if told.paying else [],
        realign=realign_table(told.realign, told.currency) if told.realign is not None else None,
        reasons=told.aside["reason"].value_counts().items() if len(told.aside) else [],
        not_shown=len(told.groups) - shown[["group", "kind"]].drop_duplicates().shape[0],
    )
    path = folder / "index.html"
    path.write_text(page, encoding="utf-8")
    return path


def _shown(told: Told) -> pd.DataFrame:
    """The fans of the page: the firm first, then what drifts, then territories from the lowest place up."""
    from analysis.charts.fan import MOST

    drifting = {flag.group for flag in told.flags}
    order = sorted(
        range(len(told.groups)),
        key=lambda g: (told.groups[g].kind != FIRM, g not in drifting, told.groups[g].kind != TERRITORY,
                       told.standing["place"].iloc[g]),
    )  # fmt: skip
    kept = [told.groups[g] for g in order if g in drifting or told.groups[g].kind != REGION][:MOST]
    by_group = dict(iter(told.fans.groupby(["group", "kind"], sort=False)))
    return pd.concat([by_group[(group.name, group.kind)] for group in kept], ignore_index=True)
