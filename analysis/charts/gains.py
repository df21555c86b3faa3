"""Who gains and who loses: each rep's year under the plan less the same year today."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.style import BAD, GOOD, INK, LONGEST, NEUTRAL, QUIET, RULE, Title, cell, short, strips
from analysis.compare import BETTER, CANT_TELL, SAME, WORSE, verdict
from analysis.cuts import each, pay_by_rep, reps, sales_by_rep
from analysis.played import Played
from analysis.precision import MATTERS
from analysis.words import money_unit, number, short_of_20

MOST = 40
PAIRS = 40  # each year is held against as many later ones at most
WORDS = {BETTER: "gains", WORSE: "loses", SAME: "as before", CANT_TELL: "no clear change"}


def data(played: Played, baseline: Played) -> pd.DataFrame:
    """One row a rep, from most to least gained.

    Accounts, hours_needed, sales, pay and attainment (typical) in the plan, and ``<name>_before`` under the baseline;
    then of ``measure`` (pay, or sales where pay is fixed) the paired change: typical, low, high (P10, P90), p25, p75,
    better (share of years) and ``verdict`` (gains, loses, no clear change, as before). Less than 0.5 %
    of the baseline's does not matter. Last ``luck``: by how much two years of the baseline differ at most, 8 in 10
    times, though nothing changed but luck; and ``beyond_luck``, whether the typical change is more.
    """
    mine, before = reps(played), reps(baseline)
    frame = mine.join(before.drop(columns="name").add_suffix("_before"))
    team = list(frame.index)
    measure, years = "pay", pay_by_rep(baseline)[team]
    change = (pay_by_rep(played)[team] - years).dropna()
    if not change.to_numpy().any():
        measure, years = "sales", sales_by_rep(baseline)[team]
        change = (sales_by_rep(played)[team] - years).dropna()
    level = before[measure]
    frame["measure"] = measure
    frame["typical"] = change.median()
    for name, share in (("low", 0.1), ("p25", 0.25), ("p75", 0.75), ("high", 0.9)):
        frame[name] = change.quantile(share)
    frame["better"] = (change > 0).mean()
    frame["verdict"] = [WORDS[verdict(change[rep].to_numpy(), MATTERS * abs(float(level[rep])))] for rep in frame.index]
    frame["luck"] = luck(years)
    frame["beyond_luck"] = frame["typical"].abs() > frame["luck"]
    return frame.reset_index().sort_values(["typical", "rep"], ascending=[False, True], kind="stable")


def luck(years: pd.DataFrame) -> pd.Series:
    """How far apart two years of one plan lie at most in 8 of 10 pairs, for each column; missing with one year only.

    The years are independent, so their differences are what luck alone does. 10, 20, 40 → 10, 20 and 30 → 26.
    """
    values = years.to_numpy()
    apart = [np.abs(values[lag:] - values[:-lag]) for lag in range(1, min(len(values), PAIRS + 1))]
    if not apart:
        return pd.Series(np.nan, index=years.columns)
    return pd.Series(np.quantile(np.concatenate(apart), 0.8, axis=0), index=years.columns)


def title(frame: pd.DataFrame, played: Played, baseline: Played, how_often: str, span: str = "a year") -> Title:
    """How many gain and how many lose; ``how_often`` the plans were played, and what an amount is of."""
    gains, loses = int((frame["verdict"] == "gains").sum()), int((frame["verdict"] == "loses").sum())
    measure = frame["measure"].iloc[0]
    plans = f"{played.info['label']} less {baseline.info['label']}"
    clear = frame["verdict"].isin(["gains", "loses"])
    beyond = int((clear & frame["beyond_luck"]).sum())
    luck_too = f"; {beyond or 'none'} beyond a year's luck" if clear.any() else ""
    subtitle = f"{measure.capitalize()} {span}: {plans}, {how_often}{luck_too}"
    if not gains and not loses:
        return Title("No rep clearly gains or loses", subtitle)
    return Title(f"{gains or 'None'} of {len(frame)} reps gain, {loses or 'none'} lose", subtitle)


def chart(frame: pd.DataFrame, ax: Axes, currency: str) -> None:
    """A dot a rep over strips that hold 8 in 10 years and the middle half; hollow dots lose; behind, luck alone."""
    if len(frame) > MOST:
        frame = pd.concat([frame.head(MOST // 2), frame.tail(MOST // 2)])
    scale, unit = money_unit(float(np.nanmax(frame[["low", "high", "luck"]].abs())), currency)
    frame = frame.iloc[::-1]
    places, middle = np.arange(len(frame)), frame["typical"] / scale
    colors = frame["verdict"].map({"gains": GOOD, "loses": BAD}).fillna(NEUTRAL).to_list()
    faces = ["none" if loses else color for color, loses in zip(colors, frame["typical"] < 0, strict=True)]
    spans = [(frame[low] / scale, frame[high] / scale) for low, high in (("low", "high"), ("p25", "p75"))]
    behind = np.nan_to_num(frame["luck"].to_numpy() / scale)
    ax.barh(places, 2 * behind, 0.9, -behind, color=RULE, alpha=0.55, linewidth=0, zorder=0)
    strips(ax, places, spans, colors, 0.5)
    ax.scatter(middle, places, s=46, facecolors=faces, edgecolors=colors, linewidths=1.5, zorder=3)
    for y, row in enumerate(each(frame)):
        cell(ax, y, short_of_20(row.better), 44)
    cell(ax, len(frame) - 0.4, "better\nin", 44, QUIET, 8.5, head=True, up=4)
    ax.axvline(0, color=INK, linewidth=1.1, zorder=2)
    reach = [float(frame["low"].min()) / scale, float(frame["high"].max()) / scale, -behind.max(), behind.max(), 0.0]
    room = 0.03 * (max(reach) - min(reach)) or 1.0
    ax.set_xlim(min(reach) - room, max(reach) + room)
    ax.set_yticks(range(len(frame)), [short(name, LONGEST) for name in frame["name"]])
    ax.set_ylim(-0.7, len(frame) - 0.3)
    ax.spines["left"].set_visible(False)
    digits = 0 if np.nanmax(frame[["low", "high", "luck"]].abs()) / scale >= 10 else 1
    ax.xaxis.set_major_formatter(lambda value, _: number(value, digits, sign=True))
    ax.set_xlabel(
        f"{unit} of {frame['measure'].iloc[0]}; coloured: 8 in 10 years, each on the same luck, and the middle half.\n"
        "Grey: by how much any two years of the same plan differ, 8 in 10 times: what luck alone does"
    )
