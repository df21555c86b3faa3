"""Where the boxes of a strategy map stand: rows from tactics to money, few crossings, room for links that pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

ROUNDS = 12  # of swapping neighbours, and of pulling boxes to what they are linked with

Link = tuple[str, str]


@dataclass
class Layout:
    """Rows of boxes and of places where a link passes (named ``a→b@row``), the middle and width of each, in inches."""

    rows: list[list[str]]
    ways: dict[Link, list[str]]  # the stations of each link, both ends with it
    x: dict[str, float] = field(default_factory=dict)
    wide: dict[str, float] = field(default_factory=dict)

    def row_of(self, name: str) -> int:
        """The row in which a box or passage stands, 0 the lowest."""
        return next(at for at, row in enumerate(self.rows) if name in row)


def layout(rows: Sequence[Sequence[str]], links: Iterable[Link], width: float, widest: float, gap: float) -> Layout:
    """Places the boxes of ``rows``, the lowest first, in ``width`` inches; no box is wider than ``widest``."""
    found = _with_passages(rows, links)
    _untangle(found)
    _widths(found, width, widest, gap)
    return found


def _with_passages(rows: Sequence[Sequence[str]], links: Iterable[Link]) -> Layout:
    """Each link that goes over several rows gets a place in those between."""
    at = {name: row for row, names in enumerate(rows) for name in names}
    found = Layout([list(names) for names in rows], {})
    for cause, effect in links:
        between = [f"{cause}→{effect}@{row}" for row in range(at[cause] + 1, at[effect])]
        for name, row in zip(between, range(at[cause] + 1, at[effect]), strict=True):
            found.rows[row].append(name)
        found.ways[cause, effect] = [cause, *between, effect]
    return found


def _steps(of: Layout) -> list[Link]:
    return [step for way in of.ways.values() for step in pairwise(way)]


def _tangle(of: Layout, steps: Sequence[Link]) -> float:
    """How hard the map is to read: crossings, links in a row that pass a box, and a little for every slant."""
    rank = {name: at for names in of.rows for at, name in enumerate(names)}
    row = {name: at for at, names in enumerate(of.rows) for name in names}
    total = 0.0
    between: dict[int, list[tuple[int, int]]] = {}
    for cause, effect in steps:
        if row[cause] == row[effect]:
            total += 3.0 * (abs(rank[cause] - rank[effect]) - 1)
        else:
            between.setdefault(row[cause], []).append((rank[cause], rank[effect]))
            start, end = (rank[name] / max(len(of.rows[row[name]]) - 1, 1) for name in (cause, effect))
            total += 0.5 * abs(start - end)
    for pairs in between.values():
        total += sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(pairs, 2))
    return total


def _untangle(of: Layout) -> None:
    """Swaps boxes of a row as long as that makes the map easier to read."""
    steps = _steps(of)
    best = _tangle(of, steps)
    for _ in range(ROUNDS):
        before = best
        for row in of.rows:
            for first, second in combinations(range(len(row)), 2):
                row[first], row[second] = row[second], row[first]
                now = _tangle(of, steps)
                if now < best - 1e-9:
                    best = now
                else:
                    row[first], row[second] = row[second], row[first]
        if best == before:
            return


def _widths(of: Layout, width: float, widest: float, gap: float) -> None:
    """Gives the boxes of a row the same width and every station its middle."""
    passes = {name for way in of.ways.values() for name in way[1:-1]}
    for row in of.rows:
        passing = sum(name in passes for name in row)
        boxes = len(row) - passing
        # A row holds its boxes and passages, each passage as wide as a gap, and gaps between them.
        box = min(widest, (width - gap * (boxes + 2 * passing - 1)) / max(boxes, 1))
        of.wide.update({name: gap if name in passes else box for name in row})
        space = (width - sum(of.wide[name] for name in row)) / (len(row) + 1)
        left = space
        for name in row:
            of.x[name] = left + of.wide[name] / 2
            left += of.wide[name] + space
    beside: dict[str, list[str]] = {}
    for cause, effect in _steps(of):
        beside.setdefault(cause, []).append(effect)
        beside.setdefault(effect, []).append(cause)
    for _ in range(ROUNDS):
        for row in of.rows:
            _pull(row, of, beside, width, gap)


def _pull(row: Sequence[str], of: Layout, beside: dict[str, list[str]], width: float, gap: float) -> None:
    """Moves the stations of a row half the way to the middle of what they are linked with, none onto another."""
    x, wide = of.x, of.wide
    for name in row:
        near = [x[other] for other in beside.get(name, ()) if other not in row]
        if near:
            x[name] += (sum(near) / len(near) - x[name]) / 2
    edge = 0.0
    for name in row:
        x[name] = max(x[name], edge + wide[name] / 2)
        edge = x[name] + wide[name] / 2 + gap
    edge = width
    for name in reversed(row):
        x[name] = min(x[name], edge - wide[name] / 2)
        edge = x[name] - wide[name] / 2 - gap
