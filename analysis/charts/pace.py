"""A territory's year as it may go: sales so far, week by week, beside the pace that reaches the quota."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.style import GOOD, INK, QUIET, Title
from analysis.words import money_unit, number, years_of_20

WIDE, HIGH = 8.2, 3.3  # inches
ROOM = (0.6, 0.5, 0.7, 0.7)  # left, below, right, above
BANDS = (("p10", "p90"), ("p25", "p75"))


def title(frame: pd.DataFrame, reached: float, years: int) -> Title:
    """How often the quota is reached; without a quota that there is none."""
    subtitle = f"Sales so far, week by week, {years} simulated year{'s' if years != 1 else ''}"
    if frame["on_pace"].isna().all():
        return Title("How the year may go; no quota", subtitle)
    return Title(f"Quota reached in {years_of_20(reached)} simulated years", subtitle)


def chart(frame: pd.DataFrame, ax: Axes, currency: str) -> None:
    """Bands that hold 5 and 8 in 10 years, the typical year, and the pace as a broken line up to the quota."""
    weeks = frame["week"].to_numpy()
    pace = frame["on_pace"].to_numpy(np.float64)
    top = float(np.nanmax([frame["p90"].max(), *pace[-1:]])) or 1.0
    scale, unit = money_unit(top, currency)
    for low, high in BANDS:
        ax.fill_between(weeks, frame[low] / scale, frame[high] / scale, color=GOOD, alpha=0.22, linewidth=0)
    ax.plot(weeks, frame["p50"] / scale, color=GOOD, linewidth=2.0)
    end = weeks[-1]
    labels = [(float(frame["p50"].iloc[-1]) / scale, "typical", GOOD)]
    if np.isfinite(pace[-1]):
        ax.plot(weeks, pace / scale, color=INK, linewidth=1.2, linestyle=(0, (4, 3)))
        ax.plot([end], [pace[-1] / scale], marker="o", markersize=5, color=INK, clip_on=False, zorder=4)
        labels.append((pace[-1] / scale, "quota", INK))
    _at_the_end(ax, end, labels, 0.075 * 1.05 * top / scale)
    ax.set_xlim(weeks[0], end)
    ax.set_ylim(0, 1.05 * top / scale)
    ax.set_xticks([week for week in (1, 13, 26, 39, 52) if week <= end])
    ax.set_xlabel("week; bands hold 5 and 8 in 10 simulated years")
    ax.yaxis.set_major_formatter(lambda value, _: number(value))
    ax.locator_params(axis="y", nbins=5)
    ax.annotate(unit, (0, 1), xycoords="axes fraction", xytext=(4, -2), textcoords="offset points", va="top",
                fontsize=8.5, color=QUIET)  # fmt: skip


def _at_the_end(ax: Axes, end: int, labels: list[tuple[float, str, str]], apart: float) -> None:
    """Names beside the last week, the lower ones pushed down where they would stand on one another."""
    above = float("inf")
    for height, words, color in sorted(labels, reverse=True):
        above = min(height, above - apart)
        ax.annotate(words, (end, above), xytext=(9, 0), textcoords="offset points", va="center", fontsize=9,
                    color=color, annotation_clip=False)  # fmt: skip
