"""Who gains and who loses: each rep's year under the plan less the same year today."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.style import BAD, GOOD, INK, NEUTRAL, QUIET, Title, strips
from analysis.compare import BETTER, CANT_TELL, SAME, WORSE, verdict
from analysis.cuts import each, pay_by_rep, reps, sales_by_rep
from analysis.played import Played
from analysis.precision import MATTERS
from analysis.words import money_unit, number, short_of_20

MOST = 40
WORDS = {BETTER: "gains", WORSE: "loses", SAME: "as before", CANT_TELL: "no clear change"}


def data(played: Played, baseline: Played) -> pd.DataFrame:
    """One row a rep, from most to least gained.

    Accounts, hours_needed, sales, pay and attainment (typical) in the plan, and ``<name>_before`` under the baseline;
    then of ``measure`` (pay, or sales where pay is fixed) the paired change: typical, low, high (P10, P90), p25, p75,
    better (share of years) and ``verdict`` (gains, loses, no clear change, as before). Less than 0.5 %
    of the baseline's does not matter.
    """
    mine, before = reps(played), reps(baseline)
    frame = mine.join(before.drop(columns="name").add_suffix("_before"))
    team = list(frame.index)
    change = (pay_by_rep(played)[team] - pay_by_rep(baseline)[team]).dropna()
    measure, level = "pay", before["pay"]
    if not change.to_numpy().any():
        sales = sales_by_rep(played)[team] - sales_by_rep(baseline)[team]
        change, measure, level = sales.dropna(), "sales", before["sales"]
    frame["measure"] = measure
    frame["typical"] = change.median()
    for name, share in (("low", 0.1), ("p25", 0.25), ("p75", 0.75), ("high", 0.9)):
        frame[name] = change.quantile(share)
    frame["better"] = (change > 0).mean()
    frame["verdict"] = [WORDS[verdict(change[rep].to_numpy(), MATTERS * abs(float(level[rep])))] for rep in frame.index]
    return frame.reset_index().sort_values(["typical", "rep"], ascending=[False, True], kind="stable")


def title(frame: pd.DataFrame, played: Played, baseline: Played, how_often: str, span: str = "a year") -> Title:
    """How many gain and how many lose; ``how_often`` the plans were played, and what an amount is of."""
    gains, loses = int((frame["verdict"] == "gains").sum()), int((frame["verdict"] == "loses").sum())
    measure = frame["measure"].iloc[0]
    plans = f"{played.info['label']} less {baseline.info['label']}"
    subtitle = f"{measure.capitalize()} {span} under {plans}, {how_often} played"
    if not gains and not loses:
        return Title("No rep clearly gains or loses", subtitle)
    return Title(f"{gains} of {len(frame)} reps gain, {loses or 'none'} lose", subtitle)


def chart(frame: pd.DataFrame, ax: Axes, currency: str) -> None:
    """A dot a rep over strips that hold 8 in 10 years and the middle half; hollow dots lose."""
    if len(frame) > MOST:
        frame = pd.concat([frame.head(MOST // 2), frame.tail(MOST // 2)])
    scale, unit = money_unit(float(frame[["low", "high"]].abs().to_numpy().max()), currency)
    frame = frame.iloc[::-1]
    places, middle = np.arange(len(frame)), frame["typical"] / scale
    colors = frame["verdict"].map({"gains": GOOD, "loses": BAD}).fillna(NEUTRAL).to_list()
    faces = ["none" if loses else color for color, loses in zip(colors, frame["typical"] < 0, strict=True)]
    spans = [(frame[low] / scale, frame[high] / scale) for low, high in (("low", "high"), ("p25", "p75"))]
    strips(ax, places, spans, colors, 0.72)
    ax.scatter(middle, places, s=46, facecolors=faces, edgecolors=colors, linewidths=1.5, zorder=3)
    for y, row in enumerate(each(frame)):
        ax.annotate(
            short_of_20(row.better), (1, y), xycoords=("axes fraction", "data"), xytext=(8, 0),
            textcoords="offset points", va="center", color=INK,
        )  # fmt: skip
    ax.annotate(
        "better\nin", (1, len(frame) - 0.4), xycoords=("axes fraction", "data"), xytext=(8, 4),
        textcoords="offset points", va="bottom", color=QUIET, fontsize=8.5,
    )  # fmt: skip
    ax.axvline(0, color=INK, linewidth=1.1, zorder=2)
    ax.margins(x=0.03)
    ax.set_yticks(range(len(frame)), list(frame["name"]))
    ax.set_ylim(-0.7, len(frame) - 0.3)
    ax.spines["left"].set_visible(False)
    digits = 0 if frame[["low", "high"]].abs().to_numpy().max() / scale >= 10 else 1
    ax.xaxis.set_major_formatter(lambda value, _: number(value, digits, sign=True))
    ax.set_xlabel(f"{unit} of {frame['measure'].iloc[0]}; the strips hold 8 in 10 years and the middle half of them")
