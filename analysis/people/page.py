"""The page and the tables of `territory people`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from analysis.charts import draw
from analysis.charts import head_count as chart
from analysis.charts.style import DOTS
from analysis.cuts import each
from analysis.people.head_count import verdict
from analysis.report import pages
from analysis.words import digits_for, money_unit, number, percent, short_of_20

HERE = Path(__file__).parent

Table = dict[str, Any]


def hires_table(frame: pd.DataFrame, currency: str) -> Table:
    """What each hire adds."""
    scale, unit = money_unit(float(frame[["low", "high", "total"]].abs().to_numpy().max()), currency)

    def amount(value: float) -> str:
        return number(value / scale, digits_for(value / scale) if scale > 1 else 0, sign=True)

    rows = [
        [
            number(row["hires"]), amount(row["typical"]), f"{amount(row['low'])} .. {amount(row['high'])}",
            short_of_20(row["better"]), number(row["sure"], 3), verdict(row), amount(row["total"]),
            percent(row["coverage"]),
        ]
        for _, row in frame.iterrows()
    ]  # fmt: skip
    heads = [
        "hires",
        f"the last adds {unit}",
        f"8 in 10 {unit}",
        "more in",
        "sure",
        "",
        f"all together {unit}",
        "coverage",
    ]
    return {"heads": heads, "rows": rows}


def segments_table(frame: pd.DataFrame) -> Table:
    """Hours by region, industry and product."""
    rows = [
        [
            f"{row.segment}", f"{row.cut}", number(row.accounts), number(row.needed), number(row.needed - row.met),
            percent(row.part), percent(row.at_home),
        ]
        for row in each(frame)
    ]  # fmt: skip
    return {"heads": ["segment", "", "accounts", "hours needed", "lacking", "met", "with who fits"], "rows": rows}


def territories_table(frame: pd.DataFrame) -> Table:
    """Hours by territory, the fullest first."""
    rows = [
        [f"{row.name}", number(row.accounts), number(row.needed), number(row.there), percent(row.part)]
        for row in each(frame.sort_values("part", kind="stable"))
    ]
    return {"heads": ["territory of", "accounts", "hours needed", "hours there", "part"], "rows": rows}


def write(
    folder: Path, tables: dict[str, pd.DataFrame], currency: str, title: tuple[str, str, str], **said: Any
) -> Path:
    """Writes index.html, the chart and the rows; ``title`` are plan, span and how often it was played."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    frame = tables["head_count"]
    drawn = draw(
        "head_count", chart.title(frame, *title), frame, 3.6, lambda ax: chart.chart(frame, ax, currency), folder
    )
    drawn.pixels.save(folder / "head_count.png", dpi=(DOTS, DOTS))
    page = (
        pages(HERE)
        .get_template("people.jinja")
        .render(
            chart={"svg": Markup(drawn.svg), "title": drawn.title},
            hires=hires_table(frame, currency),
            segments=segments_table(tables["segments"]),
            territories=territories_table(tables["territories"]),
            how_often=title[2],
            **said,
        )
    )
    place = folder / "index.html"
    place.write_text(page, encoding="utf-8")
    return place
