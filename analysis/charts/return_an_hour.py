"""What a selling hour returns: gross margin an hour of calls and travel, by segment and by rep."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from analysis.charts.style import BAD, GOOD, INK, LONGEST, NEUTRAL, QUIET, Title, cell, short, strips
from analysis.compare import BETTER, WORSE, Comparison, verdict
from analysis.cuts import QUARTERS, names, quarter_of_potential
from analysis.played import Played
from analysis.precision import MATTERS
from analysis.words import money_unit, number, percent

MOST = 40  # rows of a kind: the first and the last half of it where there are more
HEADS = {"quarter": "by potential of the account", "industry": "by industry", "region": "by region", "rep": "by rep"}
CLEAR = {BETTER: ("more", GOOD), WORSE: ("less", BAD)}

Years = NDArray[np.float64]


def data(played: Played) -> pd.DataFrame:
    """One row a segment or rep: kind (quarter; industry, or region where there is one industry; rep) and segment.

    hours and hours_share (of a typical year), typical, low, p25, p75, high (margin an hour over the years; P10, P90),
    company (a typical year of all together), above (share of years in which it returns more than the company) and
    ``verdict`` (more, less, no clear difference). Quarters from the top, the rest by return; without
    hours left out. Where reps may let go of the price, segments are before the margin that this costs: it is booked by
    rep.
    """
    accounts = played.accounts
    hours = played.account_years("hours")
    sold = played.account_years("order_revenue") + played.account_years("won_revenue")
    margin = sold * accounts["margin"].to_numpy() / 100
    kinds = {"quarter": quarter_of_potential(accounts)}
    other = "industry" if accounts["industry"].astype(str).nunique() > 1 else "region"
    kinds[other] = accounts[other].astype(str)
    parts = []
    for kind, of in kinds.items():
        codes, found = pd.factorize(of, sort=True)
        if len(found) > 1:
            mine = np.eye(len(found))[codes]
            part = _rows(kind, [str(name) for name in found], margin @ mine, hours @ mine)
            if kind == "quarter":
                part = part.sort_values("segment", key=lambda names: names.map(QUARTERS.index))
            parts.append(part)
    team = played.sums("margin") / 100, played.sums("hours")
    parts.append(_rows("rep", list(names(played).values()), *team))
    return pd.concat(parts, ignore_index=True)


def _rows(kind: str, called: list[str], margin: Years, hours: Years) -> pd.DataFrame:
    """One row a column of ``margin`` and ``hours`` (replications, columns), by what an hour typically returns."""
    spent = hours.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        an_hour = np.where(hours > 0, margin / hours, np.nan)
        company = np.where(spent > 0, margin.sum(axis=1) / spent, np.nan)
    rows = []
    for column, name in enumerate(called):
        there = np.isfinite(an_hour[:, column]) & np.isfinite(company)
        if not there.any():
            continue
        values, ahead = an_hour[there, column], an_hour[there, column] - company[there]
        low, p25, typical, p75, high = np.quantile(values, (0.1, 0.25, 0.5, 0.75, 0.9))
        whole = float(np.median(company[there]))
        rows.append(
            {
                "kind": kind,
                "segment": name,
                "hours": float(np.median(hours[:, column])),
                "hours_share": float(hours[:, column].sum() / spent.sum()),
                "typical": typical, "low": low, "p25": p25, "p75": p75, "high": high,
                "company": whole,
                "above": float((ahead > 0).mean()),
                "verdict": CLEAR.get(verdict(ahead, MATTERS * abs(whole)), ("no clear difference", ""))[0],
            }
        )  # fmt: skip
    columns = ["kind", "segment", "hours", "hours_share", "typical", "low", "p25", "p75", "high", "company", "above"]
    frame = pd.DataFrame(rows, columns=[*columns, "verdict"])
    return frame.sort_values(["typical", "segment"], ascending=[False, True], kind="stable")


def title(frame: pd.DataFrame, played: Played, comparison: Comparison, currency: str) -> Title:
    """The segment that clearly lies farthest from the company's return, if any does."""
    subtitle = f"Gross margin an hour of calls and travel under {played.info['label']}, {comparison.played} played"
    if frame.empty:
        return Title("No hour was spent selling", subtitle)
    segments = frame[(frame["kind"] != "rep") & frame["verdict"].isin(["more", "less"])]
    if segments.empty:
        return Title("No segment clearly returns more an hour", subtitle)
    off = (segments["typical"] - segments["company"]).abs()
    row = segments.iloc[int(off.to_numpy().argmax())]
    scale, unit = _unit(frame, currency)
    digits = _digits(frame, scale)
    name = short(str(row["segment"]).capitalize() if row["kind"] == "quarter" else str(row["segment"]), LONGEST)
    one, all_of_it = (number(row[column] / scale, digits) for column in ("typical", "company"))
    return Title(f"{name}: {one} {unit} an hour, company {all_of_it}", subtitle)


def _unit(frame: pd.DataFrame, currency: str) -> tuple[float, str]:
    return money_unit(_largest(frame), currency)


def _largest(frame: pd.DataFrame) -> float:
    return float(frame[["low", "high"]].abs().to_numpy().max())


def _digits(frame: pd.DataFrame, scale: float) -> int:
    largest = _largest(frame) / scale
    return 0 if largest >= 20 or largest == 0 else 1 if largest >= 2 else 2


def shown(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that are drawn: of more than 40 of a kind the first and the last 20."""
    parts = [
        part if len(part) <= MOST else pd.concat([part.head(MOST // 2), part.tail(MOST // 2)])
        for _, part in frame.groupby("kind", sort=False)
    ]
    return pd.concat(parts, ignore_index=True) if parts else frame


def height(frame: pd.DataFrame) -> float:
    """Inches."""
    rows = shown(frame)
    return 1.75 + 0.235 * (len(rows) + 1.4 * rows["kind"].nunique())


def chart(frame: pd.DataFrame, ax: Axes, currency: str) -> None:
    """A dot a row over strips that hold 8 in 10 years and the middle half; the line is the company's typical hour."""
    frame = shown(frame)
    scale, unit = _unit(frame, currency) if len(frame) else (1.0, currency)
    y, places = 0.0, []
    for kind, part in frame.groupby("kind", sort=False):
        ax.annotate(HEADS[str(kind)], (0, y), xycoords=("axes fraction", "data"), xytext=(4, 0),
                    textcoords="offset points", va="center", color=QUIET, fontsize=9)  # fmt: skip
        places += [y - 1 - i for i in range(len(part))]
        y -= len(part) + 1.4
    at = np.array(places)
    colors = [dict(CLEAR.values()).get(said, NEUTRAL) for said in frame["verdict"]]
    spans = [(frame[low] / scale, frame[high] / scale) for low, high in (("low", "high"), ("p25", "p75"))]
    strips(ax, at, spans, colors, 0.62)
    faces = ["none" if color == BAD else color for color in colors]
    ax.scatter(frame["typical"] / scale, at, s=40, facecolors=faces, edgecolors=colors, linewidths=1.5, zorder=3)
    for place, share in zip(at, frame["hours_share"], strict=True):
        cell(ax, place, percent(share), 44)
    cell(ax, 0.2, "share of\nhours", 44, QUIET, 8.5, head=True)
    if len(frame):
        ax.axvline(float(frame["company"].iloc[0]) / scale, color=INK, linewidth=1.1, zorder=2)
    ax.set_yticks(at, [short(str(name), LONGEST) for name in frame["segment"]])
    ax.set_ylim(y + 1.1, 0.8)
    ax.use_sticky_edges = False
    ax.margins(x=0.04)
    if not len(frame) or _largest(frame) == 0:
        ax.set_xlim(-1.0, 1.0)
        ax.set_xticks([0.0])
    ax.spines["left"].set_visible(False)
    digits = _digits(frame, scale) if len(frame) else 0
    ax.xaxis.set_major_formatter(lambda value, _: number(value, digits))
    ax.set_xlabel(
        f"{unit} an hour; line: all accounts together; strips hold 8 in 10 years and the middle half of them;\n"
        "filled: clearly more, hollow: clearly less. A mean over hours spent, not what one more hour would bring"
    )
