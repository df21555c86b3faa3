"""Attainment of each rep: every year a dot, because one year's figure is mostly luck."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.style import GOOD, INK, LONGEST, QUIET, Title, cell, short, strips
from analysis.compare import Comparison
from analysis.cuts import names
from analysis.metrics import attainment_by_rep
from analysis.played import Played
from analysis.words import SOME_YEARS, percent, twentieths

MOST = 40  # reps in one chart: the lowest and highest halves of it where there are more


def data(played: Played) -> pd.DataFrame:
    """One row a rep and year: rep, name, replication, attainment, typical (its median); empty without quotas."""
    table = attainment_by_rep(played).dropna(axis=1, how="all")
    long = table.reset_index().melt(id_vars="replication", var_name="rep", value_name="attainment").dropna()
    long["name"], long["typical"] = long["rep"].map(names(played)), long["rep"].map(table.median())
    return long.sort_values(["typical", "rep", "replication"], kind="stable").reset_index(drop=True)


def title(frame: pd.DataFrame, played: Played, comparison: Comparison) -> Title:
    """How many reps typically reach their quota."""
    subtitle = f"Sales / quota of each rep under {played.info['label']}, {comparison.played} played"
    if frame.empty:
        return Title("No quota, so no attainment", subtitle)
    typical = frame.groupby("rep")["typical"].first()
    reached = int((typical >= 1).sum())
    return Title(f"{reached} of {len(typical)} reps typically reach their quota", subtitle)


def chart(frame: pd.DataFrame, ax: Axes) -> None:
    """Dots a year, over strips that hold 8 in 10 years and the middle half."""
    reps = list(dict.fromkeys(frame["rep"]))
    if len(reps) > MOST:
        reps = reps[: MOST // 2] + reps[-MOST // 2 :]
    shown = frame[frame["rep"].isin(reps)]
    each_rep = shown.groupby("rep")["attainment"]
    low, quarter, middle, high_quarter, high = (each_rep.quantile(q)[reps] for q in (0.1, 0.25, 0.5, 0.75, 0.9))
    places = np.arange(len(reps))
    strips(ax, places, ((low, high), (quarter, high_quarter)), GOOD, 0.72)
    at = pd.Index(reps).get_indexer(pd.Index(shown["rep"]))
    ax.scatter(shown["attainment"], at, s=9, color=GOOD, alpha=0.55, linewidths=0, zorder=3)
    ax.scatter(middle, places, s=44, facecolors="none", edgecolors=INK, linewidths=1.4, zorder=4)
    reached = (shown["attainment"] >= 1).groupby(shown["rep"]).mean()[reps]
    for y, share in enumerate(reached):
        often = twentieths(float(share))
        told = "<1" if often == 0 else ">19" if often == SOME_YEARS else str(often)
        cell(ax, y, told, 54)
    cell(ax, len(reps) - 0.4, "reached\nin … of 20", 54, QUIET, 8.5, head=True, up=4)
    ax.axvline(1, color=INK, linewidth=1.1, zorder=2)
    ax.set_ylim(-0.7, len(reps) - 0.3)
    called = frame.drop_duplicates("rep").set_index("rep")["name"]
    ax.set_yticks(range(len(reps)), [short(str(called[rep]), LONGEST) for rep in reps])
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_formatter(lambda value, _: percent(value))
    ax.set_xlabel("attainment: each small dot is one simulated year, the ring the typical one; the width is luck")
