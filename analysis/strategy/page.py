"""The strategy map as a page that opens anywhere, with the rows behind it as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.charts.strategy_map import Drawing
from analysis.cuts import each
from analysis.report import pages
from analysis.strategy.journey import journey
from analysis.strategy.measures import lost_for
from analysis.strategy.saying import (
    Table,
    brings_table,
    headline,
    link_sentences,
    meanings,
    objectives_table,
    tactics_table,
    top,
    unscored,
)  # fmt: skip
from analysis.strategy.scorecard import Plays, Scorecard
from analysis.words import number, percent
from sim.world import CRITERIA

HERE = Path(__file__).parent
MAP = "strategy_map"


class Told(NamedTuple):
    """Everything that the page tells.

    ``goals`` are goals with their strategies, each with its objectives; ``doing`` are tactics with what they serve and
    set; ``leads`` is how much competitors' scores change by the end of the year, (n, 5) on CRITERIA, None where they
    do not; ``again`` is the line that plays the map.
    """

    title: str
    found: Scorecard
    plays: Plays
    drawing: Drawing
    goals: list[tuple[str, list[tuple[str, list[str]]]]]
    doing: list[list[str]]
    leads: NDArray[np.float64] | None
    again: str


def write_page(told: Told, folder: Path) -> Path:
    """Writes index.html, the map as SVG and PNG, and the rows as CSV; returns the path of index.html."""
    from markupsafe import Markup

    from analysis.charts import draw, strategy_map
    from analysis.charts.style import DOTS

    folder.mkdir(parents=True, exist_ok=True)
    found, plan = told.found, told.plays.plan
    title = strategy_map.title(found, told.title)
    size = (strategy_map.height(), strategy_map.WIDTH)
    drawn = draw(
        MAP, title, found.objectives, size[0], lambda ax: strategy_map.chart(told.drawing, ax), folder, size[1]
    )
    drawn.pixels.save(folder / f"{MAP}.png", dpi=(DOTS, DOTS))
    stages, value = journey(plan, told.plays.today), proposition(told)
    for name, frame in (("scorecard", found.objectives), ("tactics", found.tactics), ("journey", stages)):
        frame.to_csv(folder / f"{name}.csv", index=False)
    value.to_csv(folder / "value_proposition.csv", index=False)
    head = top(found)
    page = pages(HERE).get_template("strategy.jinja").render(
        title=told.title,
        answer=headline(found),
        brings=brings_table(found),
        head=head,
        goals=told.goals,
        chart=Markup(drawn.svg),
        objectives=objectives_table(found),
        meanings=meanings(found),
        tactics=tactics_table(found),
        unscored=unscored(found),
        links=link_sentences(found),
        doing={"heads": ["tactic", "what is done", "serves", "sets"], "rows": told.doing},
        proposition=proposition_table(value),
        journey=journey_table(stages),
        plan=plan.info,
        today=told.plays.today.info,
        years=found.years,
        again=told.again,
        commands=[one.info["command"] for one in (plan, told.plays.today, *told.plays.without.values())],
        facts=_facts(told),
    )  # fmt: skip
    path = folder / "index.html"
    path.write_text(page, encoding="utf-8")
    return path


def _facts(told: Told) -> list[tuple[str, str]]:
    info = told.plays.plan.info
    years = info["replications"]
    versions = ", ".join(f"{name} {version}" for name, version in info["versions"].items())
    return [
        ("market", str(info["source"])),
        ("data digest", str(info["market_digest"])),
        ("seed", str(info["seed"])),
        ("years", f"{len(years)} (replications {years[0]} to {years[-1]})"),
        ("engine", str(info["engine"])),
        ("program", str(info["code"])),
        ("versions", versions),
    ]


def proposition(told: Told) -> pd.DataFrame:
    """One row a criterion: competitors' score minus ours, today and after the plan's year, mean weighted by potential.

    And the share of lost opportunities that are lost for it, typical years of today's plan and of the plan.
    """
    accounts = told.plays.plan.accounts
    weight = accounts["potential"].to_numpy(float) / float(accounts["potential"].sum())
    lead = np.ascontiguousarray(accounts[[f"lead_{criterion}" for criterion in CRITERIA]].to_numpy(float))
    after = lead if told.leads is None else np.ascontiguousarray(lead + told.leads)
    rows = []
    for at, criterion in enumerate(CRITERIA):
        lost = [float(np.nanmedian(lost_for(one, criterion))) for one in (told.plays.today, told.plays.plan)]
        rows.append(
            {
                "criterion": criterion,
                "lead_today": float(weight @ lead[:, at]),
                "lead_plan": float(weight @ after[:, at]),
                "lost_today": lost[0],
                "lost_plan": lost[1],
            }
        )
    return pd.DataFrame(rows)


def proposition_table(value: pd.DataFrame) -> Table:
    """The same to read."""
    rows = [
        [
            row.criterion.replace("_", " "),
            *(number(lead, 2, sign=True) for lead in (row.lead_today, row.lead_plan)),
            *(percent(lost, 1) for lost in (row.lost_today, row.lost_plan)),
        ]
        for row in each(value)
    ]
    heads = ["criterion", "competitors ahead today", "at the year's end", "lost for it today", "in the plan"]
    return {"heads": heads, "rows": rows}


def journey_table(stages: pd.DataFrame) -> Table:
    """The journey to read: typical years, and the change."""
    rows: list[list[Any]] = [
        [
            row.stage,
            row.what,
            number(row.today),
            number(row.plan),
            number(row.typical, sign=True),
            f"{number(row.low, sign=True)} .. {number(row.high, sign=True)}",
            row.says,
        ]
        for row in each(stages)
    ]
    return {
        "heads": ["stage", "what is counted", "today", "plan", "change", "8 in 10 years", ""],
        "rows": rows,
        "words": [0, 1, 6],
    }
