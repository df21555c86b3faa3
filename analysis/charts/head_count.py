"""What each further hire adds to contribution."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.style import BAD, GOOD, INK, NEUTRAL, Title, strips
from analysis.people.head_count import SURE, paying, verdict
from analysis.words import money_unit, number, short_of_20


def title(frame: pd.DataFrame, label: str, span: str, how_often: str) -> Title:
    """How many hires pay."""
    count = paying(frame)
    none = "No hire pays" if (frame["sure"] <= 1.0 - SURE).all() else "No hire surely pays"
    finding = {0: none, 1: "One hire pays"}.get(count, f"{count} hires pay, one by one")
    return Title(finding, f"What each adds to the contribution of {label} {span}, {how_often} played")


def chart(frame: pd.DataFrame, ax: Axes, currency: str) -> None:
    """A dot a hire over a strip that holds 8 in 10; filled where it surely pays or surely does not."""
    scale, unit = money_unit(float(frame[["low", "high"]].abs().to_numpy().max()), currency)
    strips(ax, frame["hires"], [(frame["low"] / scale, frame["high"] / scale)], NEUTRAL, 0.5, upright=True)
    for _, row in frame.iterrows():
        said = verdict(row)
        color = GOOD if said == "pays" else BAD if said.startswith("costs") else INK
        face = "none" if said == "can't be told" else color
        ax.scatter(
            row["hires"], row["typical"] / scale, s=62, facecolors=face, edgecolors=color, linewidths=1.5, zorder=3
        )
        ax.annotate(
            f"{said}\nmore in {short_of_20(row['better'])}",
            (row["hires"], 1),
            xycoords=("data", "axes fraction"),
            ha="center",
            va="top",
            color=INK,
            fontsize=8.5,
        )
    low, high = (float(ends) / scale for ends in (min(frame["low"].min(), 0.0), max(frame["high"].max(), 0.0)))
    ax.set_ylim(low - 0.06 * (high - low), high + 0.28 * (high - low))
    ax.axhline(0, color=INK, linewidth=1.1, zorder=2)
    ax.set_xlim(0.4, len(frame) + 0.6)
    ax.set_xticks(list(frame["hires"]), [_nth(int(hire)) for hire in frame["hires"]])
    ax.yaxis.set_major_formatter(lambda value, _: number(value, 0, sign=True))
    ax.set_ylabel(f"{unit} that this hire adds")
    ax.set_xlabel("Strips hold 8 in 10 of what was simulated; filled dots: the mean is known to lie on that side of 0")


def _nth(hire: int) -> str:
    return {1: "1st hire", 2: "2nd", 3: "3rd"}.get(hire, f"{hire}th")
