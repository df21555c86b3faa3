"""The plans in one table: 20 dots each, how often it wins, what it risks and what it moves."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.charts.differences import beside_the_line, bin_width, dots_of, draw_dots, ends, stack
from analysis.charts.style import INK, QUIET, RULE, Title, cell, in_two_lines
from analysis.compare import SAME, Comparison
from analysis.cuts import each
from analysis.words import digits_for, money_unit, number, percent, short_of_20

MOST = 24  # plans in one chart, best first; the baseline is always among them
ROW = 0.46  # inches
COLUMNS = {  # where each column ends, in points right of the dots
    "better\nin": 44, "typical": 90, "best\nin": 134, "regret": 180, "bad\nyear": 226, "moved": 272, "load\nCV": 308,
}  # fmt: skip


def data(comparison: Comparison) -> pd.DataFrame:
    """One row a plan and dot, plans best first, of more than 24 the best and the baseline.

    plan, label, quantile (1-20), difference (money), and of the plan again and again: group (plans that can't be told
    apart from the first of it), is_baseline, verdict, better, typical, best (share of years in which no plan does
    better), regret (median, against the best plan of the same year) and regret_bad_year (P95), moved (share of
    accounts), load_cv. The baseline has dots on 0.
    """
    table = comparison.table
    rows = table.head(MOST) if len(table) <= MOST else pd.concat([table.head(MOST - 1), _left_out(comparison)])
    taken = ["group", "is_baseline", "verdict", "better", "typical", "best", "regret", "regret_bad_year"]
    about = rows[["key", *taken]].assign(moved=rows["moved_accounts"], load_cv=rows["workload_cv"])
    return dots_of(comparison, rows).merge(about.rename(columns={"key": "plan"}), on="plan", validate="many_to_one")


def _left_out(comparison: Comparison) -> pd.DataFrame:
    """The row that stands last where not all have room: the baseline, or the next best where that is among them."""
    rest = comparison.table.iloc[MOST - 1 :]
    return rest[rest["is_baseline"]] if rest["is_baseline"].any() else rest.head(1)


def title(comparison: Comparison) -> Title:
    """How many plans can't be told apart from the best one."""
    table = comparison.table
    top, baseline = table[table["near_best"]], comparison.row(comparison.baseline)
    drawn = "" if len(table) <= MOST else f"; {MOST} of {len(table)} plans"
    subtitle = f"Contribution against {baseline['label']}, {comparison.played} played on the same luck{drawn}"
    if (table.loc[~table["is_baseline"], "verdict"] == SAME).all():
        return Title("All plans come to the same", subtitle)
    if len(top) == 1:
        return Title(f"{top['label'].iloc[0]} is ahead of all others", subtitle)
    today = "today's plan among them" if baseline["key"] in set(top["key"]) else ""
    today = today and (today if baseline["label"].startswith("current") else "the baseline among them")
    count = "All" if len(top) == len(table) else f"{len(top)} of {len(table)}"
    return Title(f"{count} plans share the top" + (f", {today}" if today and count != "All" else ""), subtitle)


def height(frame: pd.DataFrame) -> float:
    """Inches."""
    return 1.75 + ROW * frame["plan"].nunique()


def chart(frame: pd.DataFrame, ax: Axes, currency: str) -> None:
    """A row a plan; a bracket joins those that can't be told apart from the first of them, in which no order counts."""
    plans = frame.drop_duplicates("plan").reset_index(drop=True)
    moving = frame[(frame["verdict"] != SAME) & ~frame["is_baseline"]]
    width = bin_width(moving["difference"].to_numpy(), moving["plan"].nunique()) if len(moving) else 1.0
    scale, unit = money_unit(float(frame["difference"].abs().max()), currency)
    for place, row in enumerate(each(plans)):
        base = -place
        ax.axhline(base, color=RULE, linewidth=0.8, zorder=0)
        if row.is_baseline or row.verdict == SAME:
            said = "the baseline" if row.is_baseline else "same plan: exactly 0"
            beside_the_line(ax, base, said, frame["difference"], 8.5)
        else:
            at = stack(frame.loc[frame["plan"] == row.plan, "difference"].to_numpy(), base, width, scale)
            draw_dots(at, ax, 13)
        for head, said in _shown(row, scale).items():
            weight = "bold" if head == "better\nin" else "normal"
            cell(ax, base, said, COLUMNS[head], size=8.5, weight=weight, up=3)
    for head, right in COLUMNS.items():
        said = f"{head}\n{unit}" if head in ("typical", "regret") else head
        cell(ax, 0.72, said, right, QUIET, 8.5, head=True, up=3)
    _brackets(plans, ax)
    ax.axvline(0, color=INK, linewidth=1.1, zorder=1)
    ax.set_ylim(-len(plans) + 0.78, 1.02)
    low, high = ends(frame["difference"], width)
    ax.set_xlim(low / scale, high / scale)
    ax.set_yticks([-y for y in range(len(plans))], [in_two_lines(label) for label in plans["label"]])
    for label in ax.get_yticklabels():
        label.set_verticalalignment("bottom")
        label.set_fontsize(8.5)
    ax.tick_params(axis="y", pad=10)
    ax.spines["left"].set_visible(False)
    largest = float(frame["difference"].abs().max()) / scale
    ax.xaxis.set_major_locator(MaxNLocator(4))  # labels as wide as −1,500 have room
    ax.xaxis.set_major_formatter(lambda value, _: number(value, 0 if largest >= 10 else 1, sign=True))
    ax.set_xlabel(
        f"{unit} of contribution, each dot one of 20 simulated; hollow: worse. A bracket: can't be told apart.",
        fontsize=8.5, loc="left",
    )  # fmt: skip


def _shown(row: Any, scale: float) -> dict[str, str]:
    """What stands in a plan's columns."""
    typical, regret, bad = (getattr(row, name) / scale for name in ("typical", "regret", "regret_bad_year"))
    own = row.is_baseline or row.verdict == SAME
    return {
        "better\nin": "–" if own else short_of_20(row.better),
        "typical": "–" if own else number(typical, digits_for(typical), sign=True),
        "best\nin": short_of_20(row.best),
        "regret": number(regret, digits_for(regret)),
        "bad\nyear": number(bad, digits_for(bad)),
        "moved": percent(row.moved),
        "load\nCV": number(row.load_cv, 2),
    }


def _brackets(plans: pd.DataFrame, ax: Axes) -> None:
    """One left of the dots for every group of two or more."""
    for _, part in plans.groupby("group"):
        if len(part) > 1:
            top, end = -float(part.index[0]) + 0.74, -float(part.index[-1]) + 0.02
            ax.plot(
                [-0.012, -0.022, -0.022, -0.012], [top, top, end, end], transform=ax.get_yaxis_transform(),
                color=QUIET, linewidth=1.6, clip_on=False, solid_joinstyle="miter",
            )  # fmt: skip
