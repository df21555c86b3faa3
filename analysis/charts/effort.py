"""Effort against potential: where the hours go, beside where the money is."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.style import BAD, GOOD, INK, NEUTRAL, PAPER, QUIET, RULE, Title
from analysis.compare import Comparison
from analysis.cuts import MISMATCH, each, segments
from analysis.played import Played
from analysis.words import number, percent

MOST = 12  # segments of one kind


def data(played: Played) -> pd.DataFrame:
    """`analysis.cuts.segments` by quarter of potential and by industry; ``kind`` says which."""
    parts = []
    for kind in ("quarter", "industry"):
        part = segments(played, kind).reset_index().head(MOST)
        part.insert(0, "kind", kind)
        parts.append(part)
    frame = pd.concat(parts, ignore_index=True)
    frame["gap"] = frame["hours_share"] - frame["potential_share"]
    return frame


def title(frame: pd.DataFrame, played: Played, comparison: Comparison) -> Title:
    """The quarter with the widest gap, where it is five points or more."""
    subtitle = f"Share of potential and of selling hours under {played.info['label']}, mean of {comparison.played}"
    quarters = frame[frame["kind"] == "quarter"]
    row = quarters.iloc[int(quarters["gap"].abs().to_numpy().argmax())]
    if abs(row["gap"]) < MISMATCH:
        return Title("Hours follow potential", subtitle)
    hours, potential = percent(row["hours_share"]), percent(row["potential_share"])
    return Title(f"{row['segment'].capitalize()}: {potential} of potential, {hours} of hours", subtitle)


def chart(frame: pd.DataFrame, ax: Axes, currency: str) -> None:
    """A hollow dot for the share of potential, a filled one for the share of hours, a row a segment."""
    y, ticks, labels = 0.0, [], []
    for kind, part in frame.groupby("kind", sort=False):
        ax.text(
            0,
            y,
            "by potential of the account" if kind == "quarter" else f"by {kind}",
            color=QUIET,
            fontsize=9,
            va="center",
        )
        y -= 1
        for row in each(part):
            color = NEUTRAL if abs(row.gap) < MISMATCH else BAD if row.gap > 0 else GOOD
            ax.plot(
                [row.potential_share, row.hours_share],
                [y, y],
                color=color,
                linewidth=2.4,
                zorder=2,
                solid_capstyle="butt",
            )
            ax.scatter(row.potential_share, y, s=52, facecolors=PAPER, edgecolors=INK, linewidths=1.4, zorder=3)
            ax.scatter(row.hours_share, y, s=52, color=color, zorder=3)
            ax.annotate(
                f"{number(row.return_an_hour)} {currency}", (1, y), xycoords=("axes fraction", "data"), xytext=(8, 0),
                textcoords="offset points", va="center", color=INK,
            )  # fmt: skip
            ticks.append(y)
            labels.append(row.segment)
            y -= 1
        y -= 0.4
    ax.annotate(
        "margin\nan hour", (1, 0.2), xycoords=("axes fraction", "data"), xytext=(8, 0), textcoords="offset points",
        va="center", color=QUIET, fontsize=8.5,
    )  # fmt: skip
    ax.set_yticks(ticks, labels)
    ax.set_ylim(y + 0.8, 0.7)
    ax.set_xlim(0, max(frame["potential_share"].max(), frame["hours_share"].max()) * 1.08)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", color=RULE)
    ax.xaxis.set_major_formatter(lambda value, _: percent(value))
    ax.set_xlabel(
        "hollow: share of potential   filled: share of hours (orange: more hours than potential, blue: fewer)"
    )
