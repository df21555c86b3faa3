"""What the most and the least successful opportunities share: a small tree that can be read aloud."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pandas as pd

from scenarios.crm.timing import months
from scenarios.insight.facts import CUTS, Facts

DEEPEST = 2
LEAST = 30  # decided opportunities in a leaf
DOUBT = 0.05  # chance that luck alone splits anywhere, all splits that were tried counted
MOST_GROUPS = 8  # of a cut's segments that are split in every way; more are split one against the rest


@dataclass(frozen=True)
class Leaf:
    """Opportunities that share ``where`` (cut and its segments); how many were decided and won."""

    where: tuple[tuple[str, tuple[str, ...]], ...]
    decided: int
    won: int
    parts: tuple[Leaf, ...] = field(default=())


def tree(facts: Facts) -> Leaf:
    """Splits decided opportunities by industry, region, product, size or quarter's last month where that tells most.

    A split is taken where the chi-square test of its two halves, times the splits tried (Bonferroni), is below DOUBT,
    and both hold LEAST opportunities.
    """
    month = months(facts.decided["closed"])
    rows = facts.decided.assign(closing=np.where(month % 3 == 2, "last month of a quarter", "other months"))
    return _grow(rows, (), DEEPEST)


def _grow(rows: pd.DataFrame, where: tuple[tuple[str, tuple[str, ...]], ...], left: int) -> Leaf:
    best = _best_split(rows) if left and len(rows) >= 2 * LEAST else None
    parts: tuple[Leaf, ...] = ()
    if best:
        cut, some = best
        inside = rows[cut].isin(some)
        others = tuple(sorted(set(rows.loc[~inside, cut])))
        halves = ((some, rows[inside]), (others, rows[~inside]))
        parts = tuple(_grow(half, (*where, (cut, names)), left - 1) for names, half in halves)
        parts = tuple(sorted(parts, key=lambda leaf: -leaf.won / leaf.decided))
    return Leaf(where, len(rows), int(rows["won"].sum()), parts)


def _best_split(rows: pd.DataFrame) -> tuple[str, tuple[str, ...]] | None:
    """The cut and the segments on one side whose win rates differ most; None where luck may have made it."""
    tried, best, most = 0, None, 0.0
    for cut in (*CUTS, "closing"):
        counts = rows[rows[cut] != ""].groupby(cut)["won"].agg(["sum", "size"])
        names = list(counts.index)
        groups = _sides(names)
        tried += len(groups)
        for some in groups:
            inside = counts.loc[list(some)].sum()
            chi = _chi_square(
                float(inside["sum"]), float(inside["size"]), float(counts["sum"].sum()), float(counts["size"].sum())
            )
            if min(inside["size"], counts["size"].sum() - inside["size"]) >= LEAST and chi > most:
                best, most = (cut, some), chi
    return best if best and tried * math.erfc(math.sqrt(most / 2.0)) < DOUBT else None


def _sides(names: list[str]) -> list[tuple[str, ...]]:
    """The ways to part segments in two: all, or each against the rest where they are many."""
    if len(names) < 2:
        return []
    if len(names) > MOST_GROUPS:
        return [(name,) for name in names]
    rest = names[1:]  # the first stays on the other side, so that no split is tried twice
    return [some for size in range(1, len(names)) for some in combinations(rest, size)]


def _chi_square(won: float, size: float, all_won: float, all_size: float) -> float:
    """``(won - size p)² / (size (1 - size / N) p (1 - p))``: how far one side's wins are from the share p of all.

    >>> _chi_square(30.0, 50.0, 50.0, 100.0)
    4.0
    """
    p = all_won / all_size
    spread = size * (1.0 - size / all_size) * p * (1.0 - p)
    return (won - size * p) ** 2 / spread if spread > 0.0 else 0.0


def told(leaf: Leaf, depth: int = 0) -> list[str]:
    """The tree as lines of text, best first."""
    rate = f"{leaf.won / leaf.decided:.0%} of {leaf.decided:,} won" if leaf.decided else "nothing decided"
    label = "all"
    if leaf.where:
        cut, names = leaf.where[-1]
        shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
        label = f"{cut}: {shown}"
    lines = [f"{'  ' * depth}{label}: {rate}"]
    for part in leaf.parts:
        lines += told(part, depth + 1)
    return lines
