"""The year by week: when a plan has earned back what its changes cost."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.style import GOOD, INK, QUIET, Title
from analysis.compare import BETTER, WORSE, Comparison
from analysis.cuts import break_even, contribution_by_week
from analysis.explanation.worth import month_of
from analysis.played import Played
from analysis.words import money_unit, number
from sim.world import WEEKS

BANDS = ((0.025, 0.975), (0.1, 0.9), (0.25, 0.75))
FAINT = 5  # years drawn one by one


def data(played: Played, baseline: Played) -> pd.DataFrame:
    """Cumulative difference of contribution in money: one row a week, one column a replication that both have."""
    mine, theirs = contribution_by_week(played), contribution_by_week(baseline)
    common = mine.columns.intersection(theirs.columns)
    return mine[common] - theirs[common]


def title(frame: pd.DataFrame, played: Played, baseline: Played, comparison: Comparison) -> Title:
    """When the plan has paid for itself, if it does and if that can be told."""
    verdict = comparison.row(played.key)["verdict"]
    subtitle = f"{played.info['label']} less {baseline.info['label']}, contribution so far, {comparison.played} played"
    if verdict not in (BETTER, WORSE):
        return Title(f"No clear difference by the end of {_time(frame)}", subtitle)
    week = break_even(frame)
    if week is None or verdict == WORSE:
        return Title(f"Not paid back within {_time(frame)}", subtitle)
    if week == 1:
        return Title("Typically ahead from the first week", subtitle)
    return Title(f"Typically ahead for good from {_when(week, len(frame))}", subtitle)


def _when(week: int, weeks: int) -> str:
    """A week, and of a single year its month. Week 31 → week 31 (month 8)."""
    return f"week {week}" + (f" (month {month_of(week)})" if weeks <= WEEKS else "")


def _time(frame: pd.DataFrame) -> str:
    return "the year" if len(frame) <= WEEKS else f"the {len(frame) // WEEKS} years"


def chart(frame: pd.DataFrame, ax: Axes, currency: str) -> None:
    """Bands that hold 50, 80 and 95 % of the years, the typical one, and a few single years."""
    scale, unit = money_unit(float(frame.abs().to_numpy().max()), currency)
    weeks, money = frame.index.to_numpy(), frame.to_numpy() / scale
    for low, high in BANDS:
        lower, upper = np.quantile(money, (low, high), axis=1)
        ax.fill_between(weeks, lower, upper, color=GOOD, alpha=0.2, linewidth=0)
    for column in range(min(FAINT, money.shape[1])):
        ax.plot(weeks, money[:, column], color=QUIET, linewidth=0.7, alpha=0.7)
    ax.plot(weeks, np.median(money, axis=1), color=GOOD, linewidth=2.4)
    ax.axhline(0, color=INK, linewidth=1.1)
    week = break_even(frame)
    if week is not None and week > 1:
        ax.axvline(week, color=INK, linewidth=0.9, linestyle=(0, (4, 3)))
        ax.annotate(
            _when(week, len(frame)),
            (week, 1),
            xycoords=("data", "axes fraction"),
            xytext=(5, -4),
            textcoords="offset points",
            va="top",
            color=INK,
        )
    ax.set_xlim(weeks[0], weeks[-1])
    quarter = 13 if weeks[-1] <= WEEKS else WEEKS
    ax.set_xticks([1, *(week for week in range(quarter, weeks[-1] + 1, quarter))])
    ax.yaxis.set_major_formatter(lambda value, _: number(value, 0 if np.abs(money).max() >= 10 else 1, sign=True))
    ax.set_ylabel(f"{unit} ahead (+) or behind (−)")
    ax.set_xlabel("week. Bands hold 50, 80 and 95 % of the years; thick: the typical year; thin: single years")
