"""How far the winner's lead moves when one assumption is wrong, and where another plan takes it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.style import BAD, GOOD, INK, NEUTRAL, QUIET, RULE, Title, strips
from analysis.cuts import each
from analysis.flips import INSIDE, figures
from analysis.origin import count
from analysis.words import money_unit, number

MOST = 12  # rows; the others move less and stand in the table
APART = 0.2  # of a row, between the low end and the high one
BARE = {"share", "factor", "exponent"}  # units that a number has without saying so


def data(frame: pd.DataFrame) -> pd.DataFrame:
    """One row an input and end: input, words, unit, end (low, high), value, default, usual, typical, p10, p90, flip.

    ``usual`` is the lead as assumed; ``flip`` is missing but at the end towards which it lies inside what was tried.
    """
    rows = []
    for row in each(frame.head(MOST)):
        for end in ("low", "high"):
            told = {name: getattr(row, f"{name}_{end}") for name in ("typical", "p10", "p90")}
            shown = row.flip if row.where == INSIDE else np.nan
            side = np.isfinite(shown) and (shown < row.default) == (end == "low")
            rows.append(
                {"input": row.input, "words": row.words, "unit": row.unit, "end": end, "value": getattr(row, end),
                 "default": row.default, "usual": row.typical_default, **told, "flip": shown if side else np.nan}
            )  # fmt: skip
    made = pd.DataFrame(rows)
    return made[made["value"] != made["default"]].reset_index(drop=True)


def title(frame: pd.DataFrame, label: str, played: str, span: str) -> Title:
    """How many of the inputs flip the answer, from the rows."""
    flipping = count(int((frame["where"] == INSIDE).sum()), "flips.csv", where=INSIDE)
    tried = number(count(len(frame), "flips.csv"))
    finding = f"{number(flipping) if flipping else 'None'} of {tried} assumptions would flip it"
    return Title(finding, f"Lead of {label} over the next plan {span}, one assumption wrong at a time, {played}")


def chart(frame: pd.DataFrame, ax: Axes, currency: str) -> None:
    """A row an input: its low end above (circle), its high end below (square), over strips of 8 in 10 years."""
    names = list(dict.fromkeys(frame["input"]))
    at = frame["input"].map(names.index).mul(-1.0) + np.where(frame["end"] == "low", APART, -APART)
    scale, unit = money_unit(float(frame[["p10", "p90", "usual"]].abs().to_numpy().max()), currency)
    strips(ax, at, [(frame["p10"] / scale, frame["p90"] / scale)], NEUTRAL, 1.5 * APART)
    usual = float(frame["usual"].iloc[0]) / scale
    ax.axvline(usual, color=QUIET, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    for end, mark in (("low", "o"), ("high", "s")):
        for ahead, color in ((True, GOOD), (False, BAD)):
            part = (frame["end"] == end) & ((frame["typical"] > 0) == ahead)
            face = color if ahead else "none"
            ax.scatter(frame["typical"][part] / scale, at[part], s=34, marker=mark, facecolors=face, edgecolors=color,
                       linewidths=1.3, zorder=3)  # fmt: skip
    ends = np.append(frame[["p10", "p90"]].to_numpy().ravel() / scale, [0.0, usual])
    low, high = float(ends.min()), float(ends.max())
    for place, row in zip(at, each(frame), strict=True):
        flips = f" · flips at {figures(row.flip)}" if np.isfinite(row.flip) else ""
        ax.annotate(f"{figures(row.value)}{flips}", (1, place), xycoords=("axes fraction", "data"), xytext=(6, 0),
                    textcoords="offset points", va="center", color=INK if flips else QUIET, fontsize=8.5,
                    fontweight="bold" if flips else "normal")  # fmt: skip
    for place in range(1, len(names)):
        ax.axhline(0.5 - place, color=RULE, linewidth=0.6, zorder=0)
    ax.annotate("at", (1, 0.62), xycoords=("axes fraction", "data"), xytext=(6, 0), textcoords="offset points",
                color=QUIET)  # fmt: skip
    ax.axvline(0, color=INK, linewidth=1.1, zorder=2)
    ax.set_ylim(0.5 - len(names), 0.9)
    ax.set_xlim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    first = frame.drop_duplicates("input")
    ax.set_yticks([-place for place in range(len(names))],
                  [f"{wrapped(row.words)}\n{assumed(row)}" for row in each(first)],
                  fontsize=8.5)  # fmt: skip
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_formatter(lambda value, _: number(value, 0 if max(-low, high) >= 10 else 1, sign=True))
    ax.set_xlabel(
        f"{unit} of contribution; left of the line another plan leads. Circle: at the low end, square: at the high.\n"
        "Strips: 8 in 10 simulated years; broken line: as assumed."
    )


def assumed(row: Any) -> str:
    """'assumed: 0.5', 'assumed: 0.4 $ a km'."""
    return f"assumed: {figures(row.default)}" + ("" if row.unit in BARE else f" {row.unit}")


def wrapped(words: str, width: int = 36) -> str:
    """Words of one or two lines."""
    if len(words) <= width:
        return words
    cut = words.rfind(" ", 0, width)
    return f"{words[:cut]}\n{words[cut + 1:]}"
