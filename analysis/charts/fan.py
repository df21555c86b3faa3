"""The plan's fan and the year so far: sales week by week, a small chart for each group."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts.style import BAD, DOTS, GOOD, INK, NEUTRAL, QUIET, STYLE, Title, head, inline, rendered
from analysis.words import money_unit, number

COLUMNS = 3
MOST = 24  # small charts in one figure
BANDS = (("p10", "p90"), ("p25", "p75"))
WIDE, HIGH, ABOVE, BELOW = 8.2, 1.75, 0.75, 0.35  # inches: the figure, a row of charts, the title, what is below


def title(week: int, drifting: Sequence[str], low: int, high: int, groups: int, years: int) -> Title:
    """What drifts, else how many lie outside 8 in 10 of the plan's years."""
    subtitle = f"Sales so far by week {week}, beside {years} simulated years of the plan"
    if groups == 1:
        where = "Below 8 in 10 of the plan's years" if low else "Above 8 in 10 of the plan's years" if high else ""
        return Title("Drifts beyond luck" if drifting else where or "As the plan's years go", subtitle)
    if drifting:
        named = drifting[0] if len(drifting) == 1 else f"{len(drifting)} of {groups}"
        return Title(f"{named} drift{'s' if len(drifting) == 1 else ''} beyond luck", subtitle)
    outside = f"{low} below and {high} above" if low and high else f"{low} below" if low else f"{high} above"
    return Title("Nothing drifts beyond luck" + (f"; {outside} 8 in 10" if low or high else ""), subtitle)


def draw_fans(
    frame: pd.DataFrame, marks: dict[str, int], goals: dict[str, float], said: Title, name: str, currency: str,
    folder: Path,
) -> str:  # fmt: skip
    """Draws the groups of `standing.fan`, in their order, writes SVG and PNG, and returns the SVG for a page.

    ``marks`` are the weeks since which a group drifts, ``goals`` the quotas; both by group.
    """
    groups = list(dict.fromkeys(frame["group"]))[:MOST]
    columns = min(COLUMNS, len(groups))
    rows = -(-len(groups) // columns)
    height = ABOVE + rows * HIGH * (1.0 if len(groups) > 1 else 2.0) + BELOW
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDE, height), layout="constrained")
        engine = figure.get_layout_engine()
        assert engine is not None
        engine.set(rect=(0.0, BELOW / height, 1.0, 1.0 - (ABOVE + BELOW) / height), hspace=0.08)  # type: ignore[call-arg]
        axes = figure.subplots(rows, columns, squeeze=False)
        for at, ax in enumerate(axes.flat):
            if at < len(groups):
                own = frame[frame["group"] == groups[at]]
                paint(own, ax, marks.get(groups[at]), goals.get(groups[at]), currency)
            else:
                ax.set_visible(False)
        head(figure, said)
        figure.text(
            0.012, 0.06 / height,
            "Bands hold 5 and 8 in 10 of the plan's years; thick: this year; dot: quota; broken: since when it drifts",
            fontsize=8, color=QUIET, va="bottom",
        )  # fmt: skip
        svg, pixels = rendered(figure, name)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
    pixels.save(folder / f"{name}.png", dpi=(DOTS, DOTS))
    return inline(svg, name.replace("_", "-"), f"{said.finding}. {said.subtitle}.")


def paint(own: pd.DataFrame, ax: Axes, since: int | None, goal: float | None, currency: str) -> None:
    """One group: the fan in grey, this year in blue, or in orange where it drifts."""
    there = own[own["sold"].notna()]
    top = float(np.nanmax([own["p90"].max(), there["sold"].max(), goal if goal else 0.0]))
    scale, unit = money_unit(top, currency)
    weeks = own["week"].to_numpy()
    for low, high in BANDS:
        ax.fill_between(weeks, own[low] / scale, own[high] / scale, color=NEUTRAL, alpha=0.25, linewidth=0)
    ax.plot(weeks, own["p50"] / scale, color=QUIET, linewidth=0.8)
    color = BAD if since is not None else GOOD
    ax.plot(there["week"], there["sold"] / scale, color=color, linewidth=2.2)
    if since is not None:
        ax.axvline(since, color=INK, linewidth=0.9, linestyle=(0, (4, 3)))
    if goal is not None and np.isfinite(goal):
        ax.plot([weeks[-1]], [goal / scale], marker="o", markersize=4, color=INK, clip_on=False, zorder=4)
    ax.set_title(f"{own['group'].iloc[0]}", loc="left", fontsize=9.5, color=color if since is not None else INK)
    ax.set_xlim(weeks[0], weeks[-1])
    ax.set_ylim(0, 1.05 * top / scale)
    ax.set_xticks([week for week in (1, 13, 26, 39, 52) if weeks[0] <= week <= weeks[-1]])
    ax.tick_params(labelsize=7.5)
    ax.locator_params(axis="y", nbins=4)
    ax.yaxis.set_major_formatter(lambda value, _: number(value))
    ax.annotate(unit, (0, 1), xycoords="axes fraction", xytext=(3, -2), textcoords="offset points", va="top",
                fontsize=7.5, color=QUIET)  # fmt: skip
