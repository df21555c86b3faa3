"""One territory on the map: what stays, what is gained, what is given, what is locked; told by shape as by colour."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.style import BAD, GOOD, INK, NEUTRAL, PAPER, Title
from analysis.played import Played
from analysis.words import number

STATES = ("stays", "gained", "given", "locked")
MOST = 800  # accounts drawn; a page must stay small
CITIES = 5  # named, those with the most accounts
EDGE = 0.04  # of the land around it
WIDE, HIGH = 8.2, 4.0  # inches
ROOM = (0.7, 0.15, 0.7, 0.75)  # left, below, right, above


def data(plan: Played, today: Played, rep: str, locked: Collection[str] = ()) -> pd.DataFrame:
    """One row an account that ``rep`` has in the plan or has today: id, x_km, y_km, city, state.

    ``locked`` are ids of accounts that stay as today whichever design draws. In order of key.
    """
    accounts = plan.accounts
    mine = accounts["rep"].astype(str).to_numpy() == rep
    had = today.accounts["rep"].astype(str).to_numpy() == rep
    stuck = accounts["id"].astype(str).isin(list(locked)).to_numpy()
    state = np.select([mine & had & stuck, mine & had, mine], ["locked", "stays", "gained"], "given")
    frame = accounts[["id", "key", "x_km", "y_km", "city"]].assign(state=state)[mine | had].sort_values("key")
    frame["city"] = frame["city"].fillna("").astype(str)
    made: pd.DataFrame = frame.drop(columns="key").reset_index(drop=True)
    return made


def drawn(frame: pd.DataFrame) -> pd.DataFrame:
    """Of more than 800 an even part, so that a page stays small."""
    return frame.iloc[:: -(-len(frame) // MOST) or 1]


def title(frame: pd.DataFrame) -> Title:
    """How many come and go."""
    count = frame["state"].value_counts()
    came, went = int(count.get("gained", 0)), int(count.get("given", 0))
    finding = f"{came:,} gained, {went:,} given" if came or went else "No account comes or goes"
    across = max(float(np.ptp(frame["x_km"])), float(np.ptp(frame["y_km"]))) if len(frame) else 0.0
    part = f"; {len(drawn(frame)):,} of {len(frame):,} drawn" if len(frame) > MOST else ""
    return Title(finding, f"The territory's accounts, today and in the plan; {number(across)} km across{part}")


def chart(frame: pd.DataFrame, ax: Axes) -> None:
    """Grey dot: stays; filled blue: gained; hollow orange: given; small square: locked. No axes."""
    frame = drawn(frame)
    size = float(np.clip(5_000 / max(len(frame), 1), 10, 34))
    looks = {
        "stays": {"marker": "o", "color": NEUTRAL, "linewidths": 0},
        "given": {"marker": "o", "facecolors": PAPER, "edgecolors": BAD, "linewidths": 1.3},
        "gained": {"marker": "o", "color": GOOD, "linewidths": 0},
        "locked": {"marker": "s", "color": INK, "linewidths": 0},
    }
    for state, look in looks.items():
        part = frame[frame["state"] == state]
        if len(part):
            wide = size * (0.7 if state == "locked" else 1.0)
            ax.scatter(part["x_km"], part["y_km"], s=wide, clip_on=False, **look)  # type: ignore[arg-type]
    _limits(frame, ax)
    ax.set_axis_off()
    _cities(frame, ax)


def _limits(frame: pd.DataFrame, ax: Axes) -> None:
    """One pace for both directions, as the axes are given: what is widest fills them."""
    box = ax.get_position()
    sides = []
    for column, long in (("x_km", WIDE * box.width), ("y_km", HIGH * box.height)):
        low, high = float(frame[column].min()), float(frame[column].max())
        sides.append(((low + high) / 2, high - low, long))
    pace = (1 + 2 * EDGE) * max(extent / long for _, extent, long in sides) or 1.0  # km an inch
    (left, right), (below, above) = (
        (middle - pace * long / 2, middle + pace * long / 2) for middle, _, long in sides
    )
    ax.set_xlim(left, right)
    ax.set_ylim(below, above)


def _cities(frame: pd.DataFrame, ax: Axes) -> None:
    """The names of the cities with the most accounts, where they don't stand on one another."""
    there = frame[frame["city"] != ""]
    middles = there.groupby("city", sort=True)[["x_km", "y_km"]].median()
    middles["accounts"] = there["city"].value_counts()
    order = middles.sort_values("accounts", ascending=False, kind="stable").head(3 * CITIES)
    longer = max(float(np.ptp(frame["x_km"])), float(np.ptp(frame["y_km"]))) or 1.0
    written: list[tuple[float, float]] = []
    for city, x, y, _ in order.itertuples(name=None):
        y += 0.025 * longer
        if any(abs(x - a) < 0.016 * longer * len(str(city)) and abs(y - b) < 0.06 * longer for a, b in written):
            continue
        written.append((x, y))
        ax.text(x, y, str(city), ha="center", va="bottom", fontsize=8.5, color=INK, clip_on=False, parse_math=False,
                gid=f"halo{len(written)}")  # fmt: skip
        if len(written) == CITIES:
            return
