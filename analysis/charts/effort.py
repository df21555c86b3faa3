"""Effort against potential: where the hours go, beside where the money is."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.style import BAD, GOOD, INK, LONGEST, NEUTRAL, PAPER, QUIET, RULE, Title, cell, short, strips
from analysis.compare import Comparison
from analysis.cuts import MISMATCH, each, quarter_of_potential, segments
from analysis.played import Played
from analysis.words import number, percent

MOST = 12  # segments of one kind


def data(played: Played) -> pd.DataFrame:
    """`analysis.cuts.segments` by quarter of potential and by industry, or region where there is one industry.

    ``kind`` says which; ``gap`` is share of hours less share of potential, ``hours_low`` and ``hours_high`` the share
    of hours in 8 of 10 years; ``return_an_hour`` is that of a typical year, as the chart of return an hour has it.
    """
    accounts = played.accounts
    hours = played.account_years("hours")
    sold = played.account_years("order_revenue") + played.account_years("won_revenue")
    margin = sold * accounts["margin"].to_numpy() / 100
    other = "industry" if accounts["industry"].astype(str).nunique() > 1 else "region"
    parts = []
    for kind in ("quarter", other):
        part = segments(played, kind).reset_index().head(MOST)
        part.insert(0, "kind", kind)
        of = (quarter_of_potential(accounts) if kind == "quarter" else accounts[kind].astype(str)).to_numpy()
        own = np.stack([hours[:, of == segment].sum(axis=1) for segment in part["segment"]], axis=1)
        earned = np.stack([margin[:, of == segment].sum(axis=1) for segment in part["segment"]], axis=1)
        an_hour = pd.DataFrame(np.where(own > 0, earned / np.where(own > 0, own, 1.0), np.nan))
        part["return_an_hour"] = an_hour.median().to_numpy()  # of the years that spent an hour there
        whole = hours.sum(axis=1, keepdims=True)
        share = own / np.where(whole > 0, whole, np.nan)
        part["hours_low"], part["hours_high"] = np.quantile(share, (0.1, 0.9), axis=0)
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
            strips(ax, y, [(row.hours_low, row.hours_high)], color, 0.62)
            cell(ax, y, f"{number(row.return_an_hour)} {currency}", 62)
            ticks.append(y)
            labels.append(short(str(row.segment), LONGEST))
            y -= 1
        y -= 0.4
    cell(ax, 0.2, "typical\nmargin\nan hour", 62, QUIET, 8.5, head=True)
    ax.set_yticks(ticks, labels)
    ax.set_ylim(y + 0.8, 0.7)
    ax.set_xlim(0, max(frame["potential_share"].max(), frame["hours_share"].max()) * 1.08)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", color=RULE)
    ax.xaxis.set_major_formatter(lambda value, _: percent(value))
    ax.set_xlabel(
        "hollow: share of potential; filled: share of hours, strip: in 8 of 10 years; orange: too many, blue: too few",
        fontsize=8.5,
    )
