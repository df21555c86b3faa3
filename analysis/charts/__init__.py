"""All charts of a comparison in one go: each is ``data`` → ``title`` → ``chart(frame, ax)`` in a file of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from PIL.Image import Image

from analysis.charts import (
    attainment,
    decision,
    differences,
    effort,
    flip,
    funnel,
    gains,
    return_an_hour,
    roi_balance,
    territory_grid,
    territory_map,
    year,
)
from analysis.charts.colours import colours_of_reps
from analysis.charts.style import DOTS, MUTED, STYLE, Title, head, inline, new_figure, rendered
from analysis.compare import Comparison
from analysis.flip_said import Flips
from analysis.played import Played


@dataclass(frozen=True)
class Drawn:
    """One chart: its name (also of its files), title, SVG ready to stand in a page, the rows behind it, its pixels."""

    name: str
    title: Title
    svg: str
    frame: pd.DataFrame
    pixels: Image


def draw(
    name: str, title: Title, frame: pd.DataFrame, height: float, paint: Callable[[Axes], None], folder: Path,
    width: float = 8.2,
) -> Drawn:  # fmt: skip
    """Draws one chart, ``width`` × ``height`` inches, and writes it as ``name``.svg."""
    with mpl.rc_context(STYLE):
        figure, ax = new_figure(width, height)
        paint(ax)
        head(figure, title)
        svg, pixels = rendered(figure, name)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
    inlined = inline(svg, name.replace("_", "-"), f"{title.finding}. {title.subtitle}.", f"{name}.rows.csv")
    return Drawn(name, title, inlined, frame, pixels)


def draw_all(comparison: Comparison, played: dict[str, Played], folder: Path) -> dict[str, Drawn]:
    """Every chart that the comparison can carry, by name, written as SVG and PNG; ``played`` holds its plans by key.

    Left out: what needs two plans where there is one, attainment without quotas, maps without places (a grid instead),
    what an hour of calls returns where there was none.
    """
    currency = comparison.currency
    plan, baseline = played[comparison.focus], played[comparison.baseline]
    drawn: list[Drawn] = []

    def add(name: str, title: Title, frame: pd.DataFrame, height: float, paint: Callable[[Axes], None]) -> None:
        drawn.append(draw(name, title, frame, height, paint, folder))

    if len(comparison.table) > 1:
        dots = differences.data(comparison)
        rows = dots["plan"].nunique()
        add("differences", differences.title(comparison), dots, 1.7 + 0.75 * rows,
            lambda ax: differences.chart(dots, ax, currency))  # fmt: skip
        table = decision.data(comparison)
        add("decision", decision.title(comparison), table, decision.height(table),
            lambda ax: decision.chart(table, ax, currency))  # fmt: skip
        plans = roi_balance.data(comparison)
        add("roi_balance", roi_balance.title(comparison), plans, 5.0, lambda ax: roi_balance.chart(plans, ax))
        people = gains.data(plan, baseline)
        add("gains", gains.title(people, plan, baseline, comparison.played, comparison.span), people,
            1.9 + 0.24 * min(len(people), gains.MOST),
            lambda ax: gains.chart(people, ax, currency))  # fmt: skip
        weeks = year.data(plan, baseline)
        add("year", year.title(weeks, plan, baseline, comparison), weeks, 4.2,
            lambda ax: year.chart(weeks, ax, currency))  # fmt: skip
    work = effort.data(plan)
    add(
        "effort",
        effort.title(work, plan, comparison),
        work,
        1.9 + 0.27 * len(work),
        lambda ax: effort.chart(work, ax, currency),
    )
    hours = return_an_hour.data(plan)
    if len(hours):
        add("return_an_hour", return_an_hour.title(hours, plan, comparison, currency), hours,
            return_an_hour.height(hours), lambda ax: return_an_hour.chart(hours, ax, currency))  # fmt: skip
    steps = funnel.data(plan)
    if steps["high"].any():
        add("funnel", funnel.title(steps, plan, comparison), steps, funnel.height(steps),
            lambda ax: funnel.chart(steps, ax, currency))  # fmt: skip
    quotas = attainment.data(plan)
    if len(quotas):
        rows = min(quotas["rep"].nunique(), attainment.MOST)
        add(
            "attainment",
            attainment.title(quotas, plan, comparison),
            quotas,
            1.9 + 0.24 * rows,
            lambda ax: attainment.chart(quotas, ax),
        )
    if plan.info["has_places"]:
        drawn += _maps(plan, folder)
    else:
        grid = territory_grid.data(plan)
        add("territories", territory_grid.title(plan), grid, 1.7 + 0.26 * min(len(grid), territory_grid.MOST_ROWS),
            lambda ax: territory_grid.chart(grid, ax))  # fmt: skip
    with ThreadPoolExecutor() as pool:  # packing takes as long as drawing, and needs no Python
        list(pool.map(lambda chart: chart.pixels.save(folder / f"{chart.name}.png", dpi=(DOTS, DOTS)), drawn))
    return {chart.name: chart for chart in drawn}


def drawn_flips(found: Flips, folder: Path) -> Drawn:
    """The chart of what would flip a comparison, written as SVG and PNG."""
    assert found.frame is not None
    rows, comparison = flip.data(found.frame), found.comparison
    said = flip.title(found.frame, found.label(found.leader), comparison.played, comparison.span)
    height = 2.0 + 0.5 * rows["input"].nunique()
    drawn = draw("flips", said, rows, height, lambda ax: flip.chart(rows, ax, comparison.currency), folder)
    drawn.pixels.save(folder / "flips.png", dpi=(DOTS, DOTS))
    return drawn


def _maps(plan: Played, folder: Path) -> list[Drawn]:
    """What changes hands; today's territories and the plan's, each rep in one colour on both. Today's only where
    nothing changes hands.
    """
    today, after = territory_map.data(plan, "current_rep"), territory_map.data(plan)
    reps = sorted({*plan.reps["id"].astype(str), *today["rep"], *after["rep"]})
    colours = colours_of_reps([today, after], reps, len(MUTED))

    def drawn(name: str, who: str, frame: pd.DataFrame) -> Drawn:
        def paint(ax: Axes) -> None:
            territory_map.chart(frame, ax, colours)

        return draw(name, territory_map.title(plan, who), frame, territory_map.height(today), paint, folder)

    now = drawn("map_today", "current_rep", today)
    if (plan.accounts["rep"].astype(str) == plan.accounts["current_rep"].astype(str)).all():
        return [now]
    both = territory_map.change_data(plan)
    change = draw("map_change", territory_map.change_title(plan), both, territory_map.changes_height(today),
                  lambda ax: territory_map.changes(both, ax), folder)  # fmt: skip
    return [change, now, drawn("map_plan", "rep", after)]
