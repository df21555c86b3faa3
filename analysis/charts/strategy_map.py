"""A strategy map: perspectives as bands, objectives with target, result and chance, arrows for cause and effect."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from analysis.charts.strategy_layout import Layout, Link, layout
from analysis.charts.style import BAD, GOOD, INK, NEUTRAL, PAPER, QUIET, RULE, Title
from analysis.cuts import each
from analysis.strategy.saying import aimed, due, headline, shown, span, surely, top
from analysis.strategy.scorecard import HELPS, NOT_MEASURED, Scorecard, told
from analysis.words import SOME_YEARS, short_of_20, twentieths

BANDS = ("learning", "internal", "customer", "financial")
CALLED = {
    "learning": "Learning & growth",
    "internal": "Internal process",
    "customer": "Customer",
    "financial": "Financial",
}
WIDTH, LEFT, WIDEST, GAP = 11.0, 0.34, 2.35, 0.16  # inches; LEFT is what the bands' names take
BOX, BETWEEN, TACTIC = 1.44, 0.52, 1.0  # heights: of an objective, of the space for arrows, of a tactic
LEGEND = 0.5
LETTER, BOLD, SMALL = 0.066, 0.074, 0.052  # width of a letter in a box, in inches


class Drawing(NamedTuple):
    """What the map needs beside the scorecard: goals, links, what tactics serve, and what they are called."""

    found: Scorecard
    goals: Sequence[str]
    leads_to: Mapping[str, tuple[str, ...]]
    serves: Mapping[str, tuple[str, ...]]
    tactics: Mapping[str, str]


def title(found: Scorecard, plan: str) -> Title:
    """How many objectives are likely."""
    subtitle = f"{plan}: each objective's target and result, {found.years} simulated years with all tactics"
    return Title(headline(found).partition(";")[0], subtitle)


def height() -> float:
    """Inches, the title with it."""
    return 1.12 + TACTIC + 4 * (BOX + BETWEEN) + LEGEND


def chart(of: Drawing, ax: Axes) -> None:
    """Draws the whole map; everything is in inches from the lower left."""
    ax.set_xlim(0, WIDTH)
    ax.set_ylim(0, height() - 0.7)
    ax.set_axis_off()
    rows, links = _rows_and_links(of)
    placed = layout(rows, links, WIDTH - LEFT - 0.1, WIDEST, GAP)
    x = {name: LEFT + middle for name, middle in placed.x.items()}
    goals = _lines(f"Goal{'s' * (len(of.goals) > 1)}: {' · '.join(of.goals)}", WIDTH - LEFT, 1)
    _write(LEFT, height() - 0.76, goals, INK, ax, size=9, va="top")
    _bands(of, ax)
    _arrows(of, placed, x, ax)
    for row in each(of.found.objectives):
        _objective(row, x[_box(row.objective)], placed.wide[_box(row.objective)], of.found.currency, ax)
    head = top(of.found)
    adds = {row.tactic: row for row in each(of.found.tactics) if row.objective == head.objective}
    for name, what in of.tactics.items():
        _tactic(what, adds[name], head, x[_tactic_box(name)], placed.wide[_tactic_box(name)], of.found.currency, ax)
    _legend(head.measure, ax)


def _box(objective: str) -> str:
    return f"objective {objective}"


def _tactic_box(tactic: str) -> str:
    return f"tactic {tactic}"


def _rows_and_links(of: Drawing) -> tuple[list[list[str]], list[Link]]:
    """Tactics lowest, then the perspectives; links from tactics, and between objectives."""
    rows = [[_tactic_box(name) for name in of.tactics]]
    for band in BANDS:
        mine = of.found.objectives[of.found.objectives["perspective"] == band]
        rows.append([_box(name) for name in mine["objective"]])
    links = [(_tactic_box(tactic), _box(name)) for tactic, names in of.serves.items() for name in names]
    links += [(_box(cause), _box(effect)) for cause, effects in of.leads_to.items() for effect in effects]
    links += [link for link in _missing(of) if link not in links]
    return rows, links


def _missing(of: Drawing) -> list[Link]:
    return [(_tactic_box(tactic), _box(objective)) for tactic, objective in of.found.missing]


def _foot(row: int) -> float:
    """Where the boxes of a row begin; row 0 are the tactics."""
    return LEGEND if row == 0 else LEGEND + TACTIC + BETWEEN + (row - 1) * (BOX + BETWEEN)


def _bands(of: Drawing, ax: Axes) -> None:
    for row, name in enumerate(["tactics", *BANDS]):
        tall = BOX if row else TACTIC
        if row:
            ax.plot([0.0, WIDTH], [_foot(row) - BETWEEN / 2] * 2, color=RULE, linewidth=0.8, zorder=0)
        words = CALLED.get(name, "Tactics")
        _write(0.12, _foot(row) + tall / 2, words, QUIET, ax, size=9, rotation=90, ha="center")
        if row and not (of.found.objectives["perspective"] == name).any():
            _write(WIDTH / 2, _foot(row) + tall / 2, "no objective here", QUIET, ax, size=9, ha="center")


def _arrows(of: Drawing, placed: Layout, x: Mapping[str, float], ax: Axes) -> None:
    """Every link as one line through its stations; where several meet at a box they keep apart."""
    idle = {
        (_tactic_box(cause) if cause in of.tactics else _box(cause), _box(effect)) for cause, effect in of.found.idle
    }
    missing = set(_missing(of))
    ends = _ends(placed, x)
    for link, way in placed.ways.items():
        tactic = link[0].startswith("tactic ")
        color = BAD if link in missing else NEUTRAL if link in idle or tactic else QUIET
        dashed = link in missing or link in idle
        path = _path(way, placed, x, ends[link]) if link in ends else _level(link, placed, x)
        ax.add_patch(
            FancyArrowPatch(
                path=path, arrowstyle="-|>", mutation_scale=8, color=color, linewidth=0.9 if tactic else 1.3,
                linestyle=(0, (3, 2)) if dashed else "solid", zorder=2, shrinkA=0, shrinkB=0,
            )
        )  # fmt: skip


def _ends(placed: Layout, x: Mapping[str, float]) -> dict[Link, tuple[float, float]]:
    """Where each link between rows leaves its cause and meets its effect, spread over the middle of the boxes."""
    up = {link: way for link, way in placed.ways.items() if placed.row_of(link[0]) != placed.row_of(link[1])}

    def spread(end: int, beside: int) -> dict[Link, float]:
        """The places along a box, in the order of where the links come from, or go to."""
        found = {}
        for name in {link[end] for link in up}:
            meeting = sorted((x[way[beside]], link) for link, way in up.items() if link[end] == name)
            for at, (_, link) in enumerate(meeting, 1):
                found[link] = x[name] + placed.wide[name] * 0.6 * (at / (len(meeting) + 1) - 0.5)
        return found

    leaves, meets = spread(0, 1), spread(1, -2)
    return {link: (leaves[link], meets[link]) for link in up}


def _path(way: Sequence[str], placed: Layout, x: Mapping[str, float], ends: tuple[float, float]) -> Path:
    """Up from box to box, straight through the rows between."""
    first, last = placed.row_of(way[0]), placed.row_of(way[-1])
    points = [(ends[0], _foot(first) + (BOX if first else TACTIC))]
    codes = [Path.MOVETO]
    for name in way[1:]:
        row = placed.row_of(name)
        low, high = points[-1], (ends[1], _foot(row) - 0.02) if row == last else (x[name], _foot(row))
        middle = (low[1] + high[1]) / 2
        points += [(low[0], middle), (high[0], middle), high]
        codes += [Path.CURVE4] * 3
        if row != last:
            points.append((x[name], _foot(row) + BOX))
            codes.append(Path.LINETO)
    return Path(points, codes)


def _level(link: Link, placed: Layout, x: Mapping[str, float]) -> Path:
    """From side to side between neighbours; over the heads of others where there are some between."""
    row = placed.row_of(link[0])
    (cause, effect), foot, box = (x[name] for name in link), _foot(row), placed.wide[link[0]]
    way = 1 if effect > cause else -1
    between = [name for name in placed.rows[row] if min(cause, effect) < x[name] < max(cause, effect)]
    if not between:
        start, end = (cause + way * box / 2, foot + BOX / 2), (effect - way * (box / 2 + 0.02), foot + BOX / 2)
        return Path([start, end], [Path.MOVETO, Path.LINETO])
    low, high = foot + BOX, foot + BOX + BETWEEN * 0.6
    start, end = (cause + way * box * 0.38, low), (effect - way * box * 0.38, low + 0.02)
    return Path([start, (start[0], high), (end[0], high), end], [Path.MOVETO, *[Path.CURVE4] * 3])


def _frame(middle: float, foot: float, wide: float, tall: float, edge: str, ax: Axes) -> None:
    ax.add_patch(
        FancyBboxPatch(
            (middle - wide / 2 + 0.04, foot + 0.04), wide - 0.08, tall - 0.08,
            boxstyle="round,pad=0.04,rounding_size=0.07", facecolor=PAPER, edgecolor=edge, linewidth=1.0, zorder=3,
        )
    )  # fmt: skip


def _lines(words: str, wide: float, most: int, letter: float = LETTER) -> str:
    """Words in lines that fit a box; what does not is cut with a sign."""
    room = max(8, int((wide - 0.16) / letter))
    lines = textwrap.wrap(words, room)
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1].rstrip()[: room - 2] + " …"]
    return "\n".join(lines)


def _objective(row: Any, middle: float, wide: float, currency: str, ax: Axes) -> None:
    """One box: what, how it is measured, target and result, and its chance as twenty dots."""
    foot = _foot(BANDS.index(row.perspective) + 1)
    _frame(middle, foot, wide, BOX, INK, ax)
    left, head = middle - wide / 2 + 0.09, foot + BOX - 0.07
    name, segment = _lines(row.what, wide, 3, BOLD), f" in {row.segment}" if row.segment else ""
    _write(left, head, name, INK, ax, size=8.2, weight="bold", va="top", linespacing=1.1)
    _write(left, foot + 0.88, _lines(f"{row.measure}{segment}, {due(row.by)}", wide, 1, SMALL), QUIET, ax)
    _write(left, foot + 0.72, _lines(f"target {aimed(row, currency)}", wide, 1, SMALL), QUIET, ax)
    _write(left, foot + 0.54, shown(row.typical, row.unit, currency), INK, ax, size=9.2)
    _write(left, foot + 0.37, _lines(f"8 in 10: {span(row, row.unit, currency)}", wide, 1, SMALL), QUIET, ax)
    _dots(row, left, foot + 0.16, wide, ax)


def _write(x: float, y: float, words: str, color: str, ax: Axes, size: float = 7.2, **how: Any) -> None:
    """Words as they are: a currency sign begins no formula."""
    ax.text(x, y, words, parse_math=False, fontsize=size, color=color, zorder=4, **{"va": "center", **how})


def _dots(row: Any, left: float, at: float, wide: float, ax: Axes) -> None:
    """The chance in twenty dots, the filled ones met; beside them the same in figures."""
    if math.isnan(row.chance):
        return _write(left, at, "can't be scored", QUIET, ax, size=8)
    filled = twentieths(row.chance)
    step = min(0.085, (wide - 0.68) / SOME_YEARS)
    color = GOOD if filled >= SOME_YEARS // 2 else BAD
    for dot in range(SOME_YEARS):
        place, face = (left + 0.03 + dot * step, at), color if dot < filled else PAPER
        ax.add_patch(Circle(place, step * 0.36, facecolor=face, edgecolor=color, linewidth=0.6, zorder=4))
    _write(left + SOME_YEARS * step + 0.05, at, short_of_20(row.chance), color, ax, size=8, weight="bold")
    return None


def _tactic(what: str, adds: Any, head: Any, middle: float, wide: float, currency: str, ax: Axes) -> None:
    """One box: what is done, and what it adds to the objective at the top."""
    foot = _foot(0)
    _frame(middle, foot, wide, TACTIC, NEUTRAL, ax)
    left = middle - wide / 2 + 0.09
    _write(left, foot + TACTIC - 0.07, _lines(what, wide, 4), INK, ax, size=8.2, va="top", linespacing=1.1)
    if not told(adds.says) or adds.says == NOT_MEASURED:
        said, color = "≈ 0, can't be told" if adds.moves else "adds nothing", QUIET
    else:
        said = f"{shown(adds.mean, head.unit, currency, sign=True)} ({surely(adds)})"
        color = GOOD if adds.says.startswith(HELPS) else BAD
    _write(left, foot + 0.15, _lines(said, wide, 1, 0.056), color, ax, size=7.6, weight="bold")


def _legend(measure: str, ax: Axes) -> None:
    words = (
        "Filled dots: simulated years, out of 20, in which the target is met. Large figures: the typical year. "
        f"Tactics: what each adds to {measure}, in brackets how surely.\nArrows: cause and effect; grey and broken: "
        "nothing that can be told comes along; red and broken: moved, but no link leads there."
    )
    _write(0.0, 0.02, words, QUIET, ax, size=7.6, va="bottom")
