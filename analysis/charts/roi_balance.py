"""Return against balance: what evenness costs, or brings."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.style import GOOD, INK, NEUTRAL, PAPER, QUIET, RULE, Title, strips
from analysis.compare import BETTER, CANT_TELL, SAME, Comparison
from analysis.cuts import each
from analysis.words import number

MOST_LABELS = 14


def data(comparison: Comparison) -> pd.DataFrame:
    """One row a plan: label, balance, roi (median), its P10, P25, P75, P90, is_baseline, pareto, near_best."""
    values = comparison.values
    roi = values[values["metric"] == "roi"].groupby("plan")["value"]
    frame = comparison.table[["key", "label", "workload_cv", "roi", "is_baseline", "near_best"]].rename(
        columns={"workload_cv": "balance"}
    )
    for share in (0.1, 0.25, 0.75, 0.9):
        frame[f"p{round(100 * share)}"] = frame["key"].map(roi.quantile(share))
    frame["pareto"] = pareto(frame["balance"].to_numpy(), frame["roi"].to_numpy())
    return frame


def pareto(balance: np.ndarray, roi: np.ndarray) -> np.ndarray:
    """Whether no other plan has both a lower CV and a higher ROI (or one of them, and the other equal)."""
    no_worse = (balance[:, None] >= balance) & (roi[:, None] <= roi)
    different = (balance[:, None] > balance) | (roi[:, None] < roi)
    return np.asarray(~(no_worse & different).any(axis=1))


def title(comparison: Comparison) -> Title:
    """Whether the best plan also earns more for its cost, and is more even, than the baseline."""
    row, baseline = comparison.row(comparison.focus), comparison.row(comparison.baseline)
    beside = f"Beside {baseline['label']}: " if row["key"] != baseline["key"] else ""
    subtitle = f"{beside}ROI (contribution / selling cost) and balance of workload, {comparison.played} played"
    if row["verdict"] in (SAME, CANT_TELL):
        return Title(f"No plan is clearly ahead of {baseline['label']}", subtitle)
    if row["verdict"] != BETTER:
        return Title(f"{baseline['label']} earns most", subtitle)
    change = row["workload_cv"] - baseline["workload_cv"]
    if abs(change) < 0.01:
        return Title(f"{row['label']} earns more, equally balanced", subtitle)
    return Title(f"{row['label']} earns more, {'better' if change < 0 else 'less'} balanced", subtitle)


def chart(frame: pd.DataFrame, ax: Axes) -> None:
    """A dot a plan over graded strips (8 in 10 years, and the middle half); the line joins plans none else outdoes."""
    span = float(np.ptp(frame["balance"])) or 0.05
    frame = frame.sort_values(["balance", "roi"], kind="stable").reset_index(drop=True)
    same_place = frame.groupby(frame["balance"].round(6))
    dodge = (same_place.cumcount() - (same_place["key"].transform("size") - 1) / 2) * 0.028 * span
    frame = frame.assign(x=frame["balance"] + dodge)
    colors = [INK if row.is_baseline else GOOD if row.near_best else NEUTRAL for row in each(frame)]
    faces = [PAPER if baseline else color for baseline, color in zip(frame["is_baseline"], colors, strict=True)]
    spans = [(frame[low], frame[high]) for low, high in (("p10", "p90"), ("p25", "p75"))]
    strips(ax, frame["x"], spans, colors, 0.02 * span, upright=True)
    ax.scatter(frame["x"], frame["roi"], s=46, color=faces, edgecolors=colors, linewidths=1.6, zorder=4)
    front = frame[frame["pareto"]].sort_values(["balance", "roi"])
    if len(front) > 1:
        ax.plot(front["x"], front["roi"], color=QUIET, linewidth=1, linestyle=(0, (4, 3)), zorder=2)
    ax.set_xlim(frame["x"].min() - 0.08 * span, frame["x"].max() + 0.08 * span)
    low, high = frame["p10"].min(), frame["p90"].max()
    room = 0.06 * ((high - low) or 1.0)
    ax.set_ylim(low - room, high + room)
    _labels(frame, ax)
    ax.grid(axis="y", color=RULE)
    notes = ["plans with the same CV stand side by side"] if (dodge != 0).any() else []
    notes += ["broken line: plans that no other outdoes on both"] if len(front) > 1 else []
    line = "\n" + "; ".join(notes) if notes else ""
    ax.set_xlabel(f"← more even      CV of workload over territories      less even →{line}")
    ax.set_ylabel("ROI")
    digits = 2 if high - low < 1 else 1
    ax.yaxis.set_major_formatter(lambda value, _: number(value, digits))


def _labels(frame: pd.DataFrame, ax: Axes) -> None:
    """Names in a column on the right, in the order of ROI and never on each other, each tied to its dot."""
    named = frame.sort_values("roi", ascending=False, kind="stable")
    if len(named) > MOST_LABELS:
        named = named[named["pareto"] | named["is_baseline"] | named["near_best"]].head(MOST_LABELS)
    low, high = ax.get_ylim()
    want = ((named["roi"] - low) / (high - low)).to_numpy(copy=True)
    gap = min(0.075, 1.0 / max(len(want), 1))
    for at in range(1, len(want)):
        want[at] = min(want[at], want[at - 1] - gap)
    want += max(0.0, 0.02 - want[-1])
    for at in range(len(want) - 2, -1, -1):
        want[at] = max(want[at], want[at + 1] + gap)
    for row, y in zip(each(named), want, strict=True):
        ax.annotate(
            row.label + (" (baseline)" if row.is_baseline else ""), (row.x, row.roi), xycoords="data",
            xytext=(1.03, y), textcoords="axes fraction", va="center", ha="left", color=INK, fontsize=9,
            arrowprops={"arrowstyle": "-", "color": RULE, "linewidth": 0.8, "shrinkB": 5, "relpos": (0, 0.5)},
            annotation_clip=False,
        )  # fmt: skip
