"""The map: accounts in the colour of their rep, the rep's name in the middle of them, and what changes hands."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import ArrayLike

from analysis.charts.borders import borders
from analysis.charts.style import BAD, GOOD, INK, MUTED, NEUTRAL, PAPER, QUIET, Title, haloed, short
from analysis.cuts import names
from analysis.played import Played
from analysis.words import percent

MOST = 2_500  # dots drawn; a page must stay small
FEW = 4  # accounts a rep
CROWDED = 30  # above so many reps only the names that find room are written
LETTERS = 18  # of a name on the map
STROKE = 2.5e-5  # of the land's longer side: a hundredth of a point
APART, STACKED = 1.08, 2.2  # where the second of two maps begins, and from what shape of land on it stands below


def data(played: Played, who: str = "rep") -> pd.DataFrame:
    """One row an account: id, x_km, y_km, rep (of the plan, or today's with ``who='current_rep'``), name, state.

    ``state``: locked (stays as today whichever design draws), stays, and of those that change rep gained in the plan
    and given today. Of more than 2,500 accounts an even part is kept, by key, so that every map of a market shows the
    same ones.
    """
    accounts = played.accounts.sort_values("key")
    step = -(-len(accounts) // MOST)
    accounts = accounts.iloc[::step]
    rep, today = accounts[who].astype(str), accounts["current_rep"].astype(str)
    moves = accounts["rep"].astype(str) != today
    kept = _locked(played)
    locked = accounts["id"].astype(str).isin(kept) | today.isin(kept)
    changed = "given" if who == "current_rep" else "gained"
    return pd.DataFrame(
        {
            "id": accounts["id"].astype(str),
            "x_km": accounts["x_km"].astype(float),
            "y_km": accounts["y_km"].astype(float),
            "rep": rep,
            "name": rep.map(names(played)).fillna(rep),
            "state": np.where(moves, changed, np.where(locked, "locked", "stays")),
        }
    ).reset_index(drop=True)


def _locked(played: Played) -> list[str]:
    """Ids of accounts and reps that the planner locked."""
    said = str(played.info["scenario"].get("territory", {}).get("locked", ""))
    return [word.strip(" '\"") for word in said.strip("[]() ").split(",") if word.strip(" '\"")]


def title(played: Played, who: str = "rep") -> Title:
    """What is on the map, and how much of it changes rep."""
    frame = data(played, who)
    count, drawn = len(played.accounts), len(frame)
    shown = f"{count:,} accounts" if drawn == count else f"{drawn:,} of {count:,} accounts drawn"
    locked = ", squares: locked" if (frame["state"] == "locked").any() else ""
    if who == "current_rep":
        hollow = ", hollow: given away" if (frame["state"] == "given").any() else ""
        return Title("Today's territories", f"{shown}, coloured by today's rep{hollow}{locked}")
    ringed = "; ringed: gained" if (frame["state"] == "gained").any() else ""
    subtitle = f"{played.info['territory']}: {shown}, coloured by rep{ringed}{locked}"
    return Title(_moved(played), subtitle)


def _moved(played: Played) -> str:
    moved = float((played.accounts["rep"].astype(str) != played.accounts["current_rep"].astype(str)).mean())
    return (
        "No account changes rep" if moved == 0 else f"{percent(moved, 1 if moved < 0.02 else 0)} of accounts change rep"
    )


def change_data(played: Played) -> pd.DataFrame:
    """`data` of today and of the plan; ``map`` says which."""
    today, plan = data(played, "current_rep"), data(played)
    return pd.concat([today.assign(map="today"), plan.assign(map=str(played.info["territory"]))], ignore_index=True)


def change_title(played: Played) -> Title:
    """How many accounts are handed over, and by how many reps to how many."""
    accounts = played.accounts
    rep, today = accounts["rep"].astype(str), accounts["current_rep"].astype(str)
    moves = rep != today
    if not moves.any():
        return Title("No account changes rep", f"{played.info['territory']}: {len(accounts):,} accounts stay")
    gives, gains = today[moves].nunique(), rep[moves].nunique()
    finding = f"{int(moves.sum()):,} accounts change rep: {gives} give, {gains} gain"
    locked = ", squares are locked" if (data(played)["state"] == "locked").any() else ""
    subtitle = f"Today and {played.info['territory']}: grey stays, hollow is given away, filled is gained{locked}"
    return Title(finding, subtitle)


def medoids(frame: pd.DataFrame) -> pd.DataFrame:
    """The account in the middle of each territory: nearest to the territory's median place."""
    middle = frame.groupby("rep")[["x_km", "y_km"]].transform("median")
    away = (frame["x_km"] - middle["x_km"]) ** 2 + (frame["y_km"] - middle["y_km"]) ** 2
    return frame.loc[away.groupby(frame["rep"]).idxmin()]


def chart(frame: pd.DataFrame, ax: Axes, colours: dict[str, int]) -> None:
    """Draws ``data``; ``colours`` gives the number of each rep's colour. One pace for both directions, no axes."""
    size = float(np.clip(24_000 / max(len(frame), 1), 9, 42))
    stroke = STROKE * extent(frame)
    for rep, part in frame.groupby("rep", sort=True):
        color = MUTED[colours[str(rep)] % len(MUTED)]
        state = part["state"]
        specks(part[~state.isin(["given", "locked"])], ax, size, color, stroke)
        _marks(part[state == "gained"], ax, 1.9 * size, "none", INK, 0.6)
        _marks(part[state == "given"], ax, 0.8 * size, PAPER, color, 1.1)
        _marks(part[state == "locked"], ax, size, color, INK, 0.5, "s")
    land(frame, ax)


def changes(frame: pd.DataFrame, ax: Axes) -> None:
    """Draws ``change_data``: stays a grey dot, given hollow orange, gained filled blue, locked a small square."""
    size = float(np.clip(24_000 / max(len(frame), 1), 5, 30))
    wide, high = float(np.ptp(frame["x_km"])) or 1.0, float(np.ptp(frame["y_km"])) or 1.0
    beside, stroke = wide <= STACKED * high, 2 * STROKE * extent(frame)
    for at, (said, part) in enumerate(frame.groupby("map", sort=False)):
        right, down = (at * APART * wide, 0.0) if beside else (0.0, at * APART * high)
        moved = part.assign(x_km=part["x_km"] + right, y_km=part["y_km"] - down)
        state = moved["state"]
        specks(moved[state == "stays"], ax, 0.7 * size, NEUTRAL, stroke, 0.55)
        _marks(moved[state == "locked"], ax, size, NEUTRAL, INK, 0.5, "s")
        _marks(moved[state == "given"], ax, size, PAPER, BAD, 1.1)
        specks(moved[state == "gained"], ax, 1.5 * size, GOOD, stroke, 1.0)
        land(moved, ax, 7.5, 2.0 if beside else 1.0)
        ax.text(moved["x_km"].min(), moved["y_km"].max() + 0.11 * max(wide, high), str(said), color=QUIET, fontsize=9)


def land(frame: pd.DataFrame, ax: Axes, type_size: float = 8.5, maps: float = 1.0) -> None:
    """Borders, names and how far is far; ``maps`` stand side by side."""
    lines = borders(frame)
    if len(lines):
        codes = np.tile([Path.MOVETO, Path.LINETO], len(lines))
        path = Path(lines.reshape(-1, 2), codes)
        line = PathPatch(path, facecolor="none", edgecolor=INK, linewidth=0.8, capstyle="round", zorder=2.5)
        ax.add_artist(line).set_in_layout(False)
    lowest = _names(frame, ax, type_size, maps)
    _kilometres(ax, frame, lowest)
    ax.update_datalim(frame[["x_km", "y_km"]].to_numpy(dtype=float))
    ax.autoscale_view()
    ax.set_aspect("equal")
    ax.set_axis_off()


def specks(frame: pd.DataFrame, ax: Axes, size: float, color: str, stroke: float, alpha: float = 0.85) -> None:
    """Filled dots of an area (square points), drawn as strokes too short to see: one path, a fifth of the bytes."""
    if frame.empty:
        return
    places = frame[["x_km", "y_km"]].to_numpy(dtype=float)
    ends = np.repeat(places, 2, axis=0)
    ends[1::2, 0] += stroke
    path = Path(ends, np.tile([Path.MOVETO, Path.LINETO], len(places)))
    path.should_simplify = False
    ax.add_artist(
        PathPatch(
            path, facecolor="none", edgecolor=color, linewidth=float(np.sqrt(size)), capstyle="round", alpha=alpha,
            snap=False, clip_on=False, zorder=2,
        )
    ).set_in_layout(False)  # fmt: skip


def extent(frame: pd.DataFrame) -> float:
    """The longer side of the land, km; 1 where all lies in one place."""
    return max(float(np.ptp(frame["x_km"])), float(np.ptp(frame["y_km"]))) or 1.0


def _marks(
    frame: pd.DataFrame, ax: Axes, size: ArrayLike, face: str, edge: str, width: float, marker: str = "o"
) -> None:  # fmt: skip
    if len(frame):
        ax.scatter(
            frame["x_km"], frame["y_km"], s=size, facecolors=face, edgecolors=edge, linewidths=width, marker=marker,
            clip_on=False, zorder=3 if face == "none" else 2.2,
        ).set_in_layout(False)  # fmt: skip


def height(frame: pd.DataFrame) -> float:
    """Inches that suit the land's shape."""
    wide, high = float(np.ptp(frame["x_km"])) or 1.0, float(np.ptp(frame["y_km"]))
    return 1.1 + float(np.clip(7.6 * high / wide, 2.4, 7.6))


def changes_height(frame: pd.DataFrame) -> float:
    """The same for two maps, side by side or one below the other."""
    wide, high = float(np.ptp(frame["x_km"])) or 1.0, float(np.ptp(frame["y_km"])) or 1.0
    if wide <= STACKED * high:
        return 1.3 + float(np.clip(7.6 * high / ((1 + APART) * wide), 2.0, 7.6))
    return 1.3 + float(np.clip(7.6 * (1 + APART) * high / wide, 2.4, 9.0))


def _names(frame: pd.DataFrame, ax: Axes, type_size: float, maps: float) -> float:
    """Names where they don't stand on one another, larger territories first; returns how far down they reach."""
    centres = medoids(frame).set_index("rep")
    called = _without_shared_word({str(rep): str(name) for rep, name in centres["name"].items()})
    order = frame["rep"].value_counts(sort=False).sort_index().sort_values(ascending=False, kind="stable").index
    wide, high = float(np.ptp(frame["x_km"])) or 1.0, float(np.ptp(frame["y_km"])) or 1.0
    longer = max(wide, high) * type_size / 8.5 * maps
    sparse = len(frame) < FEW * len(order)  # a name would hide what it names
    written: list[tuple[float, float, int]] = []
    for rep in map(str, order):
        x, y = (float(centres["x_km"][rep]), float(centres["y_km"][rep]))
        name = short(called[rep], LETTERS)
        for shift in (0.03,) if sparse else (0.0, 0.03, -0.03, 0.06, -0.06, 0.09, -0.09):
            spot = y + shift * longer
            half = 0.006 * longer * len(name)
            if all(abs(x - a) > half + 0.006 * longer * n or abs(spot - b) > 0.03 * longer for a, b, n in written):
                break
        else:
            if len(order) > CROWDED:
                continue
        written.append((x, spot, len(name)))
        if spot != y and not sparse:
            ax.plot([x, x], [y, spot], color=QUIET, linewidth=0.8, zorder=4)
        haloed(ax, x, spot, name, type_size)
    return min((spot for _, spot, _ in written), default=float(frame["y_km"].min()))


def _without_shared_word(called: dict[str, str]) -> dict[str, str]:
    """Names without a first word that all have: 'Rep Akron', 'Rep Toledo' → 'Akron', 'Toledo'."""
    first = {name.split(" ", 1)[0] for name in called.values()}
    if len(called) < 2 or len(first) > 1 or not all(name.partition(" ")[2][:1].isalpha() for name in called.values()):
        return called
    return {rep: name.split(" ", 1)[1] for rep, name in called.items()}


def _kilometres(ax: Axes, frame: pd.DataFrame, lowest: float) -> None:
    """A bar that says how far is far, below all accounts and names."""
    wide = float(np.ptp(frame["x_km"])) or 1.0
    length = next(x for x in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000) if x >= wide / 8 or x == 5000)
    x, y = float(frame["x_km"].min()), min(float(frame["y_km"].min()), lowest) - 0.07 * extent(frame)
    ax.plot([x, x + length], [y, y], color=QUIET, linewidth=1.4)
    ax.text(x + length + 0.01 * wide, y, f"{length} km", color=QUIET, fontsize=8.5, va="center")
