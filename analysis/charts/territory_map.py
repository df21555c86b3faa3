"""The map: accounts in the colour of their rep, the rep's name in the middle of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib import patheffects
from matplotlib.axes import Axes

from analysis.charts.style import INK, MUTED, PAPER, QUIET, Title
from analysis.cuts import names
from analysis.played import Played
from analysis.words import percent

MOST = 2_500  # dots drawn; a page must stay small
CROWDED = 30  # above so many reps only the names that find room are written


def data(played: Played, who: str = "rep") -> pd.DataFrame:
    """One row an account: id, x_km, y_km, rep (of the plan, or today's with ``who='current_rep'``), name, moves.

    Of more than 2,500 accounts an even part is kept, by key, so that every map of a market shows the same ones.
    """
    accounts = played.accounts.sort_values("key")
    step = -(-len(accounts) // MOST)
    accounts = accounts.iloc[::step]
    rep = accounts[who].astype(str)
    return pd.DataFrame(
        {
            "id": accounts["id"].astype(str),
            "x_km": accounts["x_km"].astype(float),
            "y_km": accounts["y_km"].astype(float),
            "rep": rep,
            "name": rep.map(names(played)).fillna(rep),
            "moves": (accounts["rep"].astype(str) != accounts["current_rep"].astype(str)) & (who == "rep"),
        }
    ).reset_index(drop=True)


def title(played: Played, who: str = "rep") -> Title:
    """What is on the map, and how much of it changes rep."""
    count, drawn = len(played.accounts), len(data(played, who))
    shown = f"{count:,} accounts" if drawn == count else f"{drawn:,} of {count:,} accounts drawn"
    if who == "current_rep":
        return Title("Today's territories", f"{shown}, coloured by today's rep")
    moved = float((played.accounts["rep"].astype(str) != played.accounts["current_rep"].astype(str)).mean())
    finding = (
        "No account changes rep" if moved == 0 else f"{percent(moved, 1 if moved < 0.02 else 0)} of accounts change rep"
    )
    return Title(finding, f"{played.info['territory']}: {shown}, coloured by rep; ringed: changes rep")


def medoids(frame: pd.DataFrame) -> pd.DataFrame:
    """The account in the middle of each territory: nearest to the territory's median place."""
    middle = frame.groupby("rep")[["x_km", "y_km"]].transform("median")
    away = (frame["x_km"] - middle["x_km"]) ** 2 + (frame["y_km"] - middle["y_km"]) ** 2
    return frame.loc[away.groupby(frame["rep"]).idxmin()]


def chart(frame: pd.DataFrame, ax: Axes, colours: dict[str, int]) -> None:
    """Draws ``data``; ``colours`` gives the number of each rep's colour. One pace for both directions, no axes."""
    size = float(np.clip(24_000 / max(len(frame), 1), 9, 42))
    for rep, part in frame.groupby("rep", sort=True):
        color = MUTED[colours[str(rep)] % len(MUTED)]
        moved = part["moves"].to_numpy(dtype=bool)
        ax.scatter(part["x_km"], part["y_km"], s=size, color=color, linewidths=0, alpha=0.85, clip_on=False)
        if moved.any():
            ring = part[moved]
            ax.scatter(
                ring["x_km"],
                ring["y_km"],
                s=size * 1.9,
                facecolors="none",
                edgecolors=INK,
                linewidths=0.6,
                clip_on=False,
            )
    _names(frame, ax)
    ax.set_aspect("equal")
    ax.set_axis_off()
    _kilometres(ax, frame)


def height(frame: pd.DataFrame) -> float:
    """Inches that suit the land's shape."""
    wide, high = float(np.ptp(frame["x_km"])) or 1.0, float(np.ptp(frame["y_km"]))
    return 1.1 + float(np.clip(7.6 * high / wide, 2.4, 7.6))


def _names(frame: pd.DataFrame, ax: Axes) -> None:
    """Names where they don't stand on one another, larger territories first."""
    centres = medoids(frame).set_index("rep")
    order = frame["rep"].value_counts(sort=False).sort_index().sort_values(ascending=False, kind="stable").index
    wide, high = float(np.ptp(frame["x_km"])) or 1.0, float(np.ptp(frame["y_km"])) or 1.0
    longer = max(wide, high)
    written: list[tuple[float, float]] = []
    for rep in map(str, order):
        x, y = (float(centres["x_km"][rep]), float(centres["y_km"][rep]))
        name = str(centres["name"][rep])
        for shift in (0.0, 0.03, -0.03, 0.06, -0.06, 0.09, -0.09):
            spot = y + shift * longer
            if all(abs(x - a) > 0.012 * longer * len(name) or abs(spot - b) > 0.03 * longer for a, b in written):
                break
        else:
            if len(order) > CROWDED:
                continue
        written.append((x, spot))
        halo = [patheffects.withStroke(linewidth=3, foreground=PAPER)]
        ax.text(x, spot, name, ha="center", va="center", fontsize=8.5, fontweight="bold", color=INK, path_effects=halo)


def _kilometres(ax: Axes, frame: pd.DataFrame) -> None:
    """A bar that says how far is far."""
    wide = float(np.ptp(frame["x_km"])) or 1.0
    length = next(x for x in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000) if x >= wide / 8 or x == 5000)
    x, y = float(frame["x_km"].min()), float(frame["y_km"].min()) - 0.04 * wide
    ax.plot([x, x + length], [y, y], color=QUIET, linewidth=1.4)
    ax.text(x + length + 0.01 * wide, y, f"{length} km", color=QUIET, fontsize=8.5, va="center")
