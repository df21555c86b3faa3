"""How often each plan beats the baseline, and by how much: 20 dots a plan."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from analysis.charts.style import BAD, GOOD, INK, NEUTRAL, QUIET, RULE, Title, in_two_lines
from analysis.compare import BETTER, CANT_TELL, SAME, Comparison
from analysis.words import SOME_YEARS, money_unit, number, years_of_20

MOST = 16  # plans in one chart
TALLEST = 6  # dots in a stack: more hides the shape, fewer makes a flat row


def data(comparison: Comparison) -> pd.DataFrame:
    """One row a plan and dot: plan, label, quantile (1-20), difference in money, and the plan's better and verdict.

    The baseline has none; of more than 16 others the best.
    """
    rows = comparison.table[~comparison.table["is_baseline"]].head(MOST)
    return dots_of(comparison, rows).merge(
        rows[["key", "better", "verdict"]].rename(columns={"key": "plan"}), on="plan", validate="many_to_one"
    )


def dots_of(comparison: Comparison, rows: pd.DataFrame) -> pd.DataFrame:
    """20 dots of each plan in ``rows`` of the comparison's table: plan, label, quantile, difference."""
    paired = comparison.paired()
    points = (np.arange(SOME_YEARS) + 0.5) / SOME_YEARS
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "plan": row["key"],
                    "label": row["label"],
                    "quantile": np.arange(1, SOME_YEARS + 1),
                    "difference": dots(paired[row["key"]].to_numpy(), points),
                }
            )
            for _, row in rows.iterrows()
        ],
        ignore_index=True,
    )


def dots(years: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The years themselves where there are 20, else their quantiles at (i − ½)/20."""
    return np.sort(years) if years.size == points.size else np.quantile(years, points, method="hazen")


def title(comparison: Comparison) -> Title:
    """The finding, from the row of the plan on top."""
    row, baseline = comparison.row(comparison.focus), comparison.row(comparison.baseline)
    name, other = row["label"], baseline["label"]
    if row["verdict"] == SAME:
        finding = f"{row['territory']} is the same as {other}"
    elif row["verdict"] == CANT_TELL:
        finding = f"No clear difference from {other}"
    elif row["verdict"] == BETTER:
        finding = f"{name}: better in {years_of_20(row['better'])} {'years' if comparison.in_a_row == 1 else 'runs'}"
    else:
        finding = f"No plan beats {other}"
    on = f"one {comparison.unit} on the same luck, {comparison.played} played"
    others = len(comparison.table) - 1
    if others > MOST:
        on += f"; the best {MOST} of {others} plans"
    return Title(finding, f"Contribution against {other}, {on}")


def bin_width(values: NDArray[np.float64], rows: int) -> float:
    """The widest round bin (1, 2, 2.5, 5 × 10^k) in which no stack is taller than 6; 0 is always an edge."""
    span = float(np.abs(values).max()) or 1.0
    table = values.reshape(rows, -1)
    for power in range(math.floor(math.log10(span)), math.floor(math.log10(span)) - 3, -1):
        for step in (5.0, 2.5, 2.0, 1.0):
            width = step * 10.0**power
            bins = np.floor(table / width)
            tallest = max(int(np.unique(line, return_counts=True)[1].max()) for line in bins)
            if tallest <= TALLEST or span / width > 30:
                return width
    return span / 30


def chart(frame: pd.DataFrame, ax: Axes, currency: str) -> None:
    """Draws ``data`` as rows of stacked dots: right of the line the plan is better; negative dots are hollow."""
    plans = list(dict.fromkeys(frame["plan"]))
    moving = frame[frame["verdict"] != SAME]
    width = bin_width(moving["difference"].to_numpy(), moving["plan"].nunique()) if len(moving) else 1.0
    largest = float(frame["difference"].abs().max())
    scale, unit = money_unit(largest, currency)
    stacks: list[NDArray[np.float64]] = [np.empty((0, 2))]
    for place, plan in enumerate(plans):
        part, y = frame[frame["plan"] == plan], -place
        ax.axhline(y, color=RULE, linewidth=0.8, zorder=0)
        if part["verdict"].iloc[0] == SAME:
            beside_the_line(ax, y, "same plan: exactly 0", frame["difference"], 9.5)
        else:
            stacks.append(stack(part["difference"].to_numpy(), y, width, scale))
        how_often = "–" if part["verdict"].iloc[0] == SAME else years_of_20(float(part["better"].iloc[0]))
        ax.annotate(
            how_often, (1, y), xycoords=("axes fraction", "data"), xytext=(6, 0),
            textcoords="offset points", va="bottom", color=INK, fontweight="bold",
        )  # fmt: skip
    dots = np.concatenate(stacks)
    draw_dots(dots, ax, 34)
    ax.annotate(
        "better in",
        (1, 0.88),
        xycoords=("axes fraction", "data"),
        xytext=(6, 0),
        textcoords="offset points",
        color=QUIET,
    )
    ax.axvline(0, color=INK, linewidth=1.1, zorder=1)
    ax.set_ylim(-len(plans) + 0.78, 1.02)
    low, high = ends(frame["difference"], width)
    ax.set_xlim(low / scale, high / scale)
    ax.set_yticks(
        [-place for place in range(len(plans))],
        [in_two_lines(frame.loc[frame["plan"] == p, "label"].iloc[0]) for p in plans],
    )
    for label in ax.get_yticklabels():
        label.set_verticalalignment("bottom")
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_formatter(lambda value, _: number(value, 0 if largest / scale >= 10 else 1, sign=True))
    ax.set_xlabel(
        f"{unit} of contribution: worse left of the line, better right of it.\n"
        "Each dot is one of 20 that were simulated."
    )


def draw_dots(at: NDArray[np.float64], ax: Axes, size: float) -> None:
    """Dots at (x, y): better filled, worse hollow, exactly 0 grey and on the line."""
    x, y = at.T
    for chosen, face, edge in ((x > 0, GOOD, GOOD), (x < 0, "none", BAD), (x == 0, NEUTRAL, NEUTRAL)):
        if chosen.any():
            ax.scatter(x[chosen], y[chosen], s=size, facecolors=face, edgecolors=edge, linewidths=1.2, zorder=3)


def beside_the_line(ax: Axes, y: float, said: str, differences: pd.Series, size: float) -> None:
    """A word for a row without dots, on the side of the line that has more room."""
    left = -float(differences.min()) > float(differences.max())
    ax.annotate(said, (0, y), xytext=(-6 if left else 6, 4), textcoords="offset points", color=QUIET, fontsize=size,
                ha="right" if left else "left")  # fmt: skip


def ends(differences: pd.Series, width: float) -> tuple[float, float]:
    """Where the axis begins and ends: all dots and the line are on it, with room for a dot."""
    low, high = min(float(differences.min()), 0.0), max(float(differences.max()), 0.0)
    room = max(width, 0.04 * (high - low)) if high > low else 1.0
    return low - room, high + room


def stack(values: NDArray[np.float64], base: float, width: float, scale: float) -> NDArray[np.float64]:
    """Places (x, y) of dots stacked in bins of ``width``, none with its middle on the line but what is 0: (n, 2)."""
    ordered = np.sort(values)
    bins = np.where(ordered == 0, -0.5, np.floor(ordered / width))
    height = np.array([int((bins[:i] == b).sum()) for i, b in enumerate(bins)])
    step = 0.13 if height.max() < TALLEST else 0.8 / (height.max() + 1)
    return np.column_stack([(bins + 0.5) * width / scale, base + step * (height + 0.5)])
