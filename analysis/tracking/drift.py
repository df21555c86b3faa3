"""Which group drifts beyond luck: its weeks held against the plan's simulated years, all that is known of each beside.

A year is cut into blocks of four weeks, counted back from the week that is looked at. Counts are taken as roots and
money as logarithms, so that luck is about as large where there is much as where there is little, and standardised by
the group's own simulated years: ``u`` (blocks x measures). ``C`` are the correlations of all of them, over blocks and
measures. A kind of drift (`KINDS`) from a block on has a shape ``d`` in them: every measure of the kind by the same
share. How much of that shape there is, beyond what the other blocks and measures lead one to expect, is

    z = d' C^-1 u / sd,    sd: of d' C^-1 u over the simulated years

the likelihood-ratio score of that shape against none. Where the simulated business is only a likeness of the real one
(``beside``), blocks are first divided by how much of the expected the whole firm had in them: what all territories
share is then taken for the calendar's, and each is held against the others.

Scores are looked at each week, for each kind and each block it may have
begun in; a group is flagged where the largest is above a limit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.tracking.measures import AT, Values

BLOCK = 4  # weeks
SHRINK = 0.1  # of correlations towards none, as there are only so many simulated years
LITTLE = 0.1  # of a usual block's money is added before the logarithm
MONEY = ("won_revenue", "order_revenue")
KINDS: dict[str, tuple[str, ...]] = {
    "work": ("calls",),
    "demand": ("opened", "decided", "won", "ordered"),
    "winning": ("won",),
    "orders": ("ordered",),
}
WATCHED = ("calls", "opened", "decided", "won", "ordered")
SALES_ALONE: dict[str, tuple[str, ...]] = {"sales": ("sales",)}


def block_edges(first: int, week: int) -> list[int]:
    """Where blocks begin and end, counted back from ``week``; the first has what is left over.

    >>> block_edges(0, 14), block_edges(9, 13), block_edges(0, 3)
    ([0, 6, 10, 14], [9, 13], [0, 3])
    """
    whole = max(1, (week - first) // BLOCK)
    return [first, *range(week - BLOCK * (whole - 1), week + 1, BLOCK)]


def evened(values: Values, money: NDArray[np.bool_], usual: Values) -> Values:
    """Counts as roots, money as logarithms with LITTLE of a usual block: luck about as large at every level.

    ``values`` (…, K), ``money`` (K,), ``usual`` (…, K).

    >>> evened(np.array([9.0, 90.0]), np.array([False, True]), np.array([9.0, 100.0])).round(3).tolist()
    [3.0, 4.605]
    """
    logs = np.log(np.where(money, values + LITTLE * usual, 0.0) + 1e-9)
    return np.asarray(np.where(money, logs, np.sqrt(np.maximum(values, 0.0))))


def felt(values: Values, money: NDArray[np.bool_], usual: Values) -> Values:
    """What a rise by one (of one, that is 100 %) does to `evened`: half the root, or money's own part of the sum.

    >>> felt(np.array([16.0, 90.0]), np.array([False, True]), np.array([9.0, 100.0])).round(3).tolist()
    [2.0, 0.9]
    """
    own = np.where(money, values / np.maximum(values + LITTLE * usual, 1e-9), 0.0)
    return np.asarray(np.where(money, own, 0.5 * np.sqrt(np.maximum(values, 0.0))))


class _Look(NamedTuple):
    """What one look at the year goes by: blocks, and each group's weights for every kind and beginning."""

    edges: list[int]
    mean: Values  # (B, g, K)
    spread: Values  # (B, g, K); infinite where nothing varies
    firm: Values  # (B, K) what the firm, the last group, brings in the mean year
    weights: Values  # (g, B x K, B x kinds)


@dataclass(frozen=True)
class Detector:
    """Fitted on simulated years; ``kinds`` are the shapes looked for, each a drop or rise of its measures together."""

    kinds: tuple[str, ...]
    shapes: Values  # (kinds, K)
    columns: tuple[str, ...]
    usual: Values  # (g, K)
    wide: NDArray[np.bool_]  # (g,) regions and the firm
    first: int
    beside: bool
    looks: dict[int, _Look]

    def scores(self, values: Values, week: int) -> Values:
        """z of each kind and beginning, (R, g, B, kinds), of years (R, weeks, g, K) looked at after ``week``."""
        look = self.looks[week]
        u = self._standard(values, look)
        blocks = len(look.edges) - 1
        flat = u.transpose(2, 0, 1, 3).reshape(u.shape[2], len(values), -1)
        made = flat @ look.weights
        return np.asarray(made.reshape(u.shape[2], len(values), blocks, -1).transpose(1, 0, 2, 3))

    def highest(self, values: Values) -> Values:
        """The largest score so far at each look, whichever way and whenever begun: (R, looks, g, kinds)."""
        return np.stack([np.abs(self.scores(values, week)).max(axis=2) for week in self.looks], axis=1)

    def _standard(self, values: Values, look: _Look) -> Values:
        sums = in_blocks(values, look.edges)
        sums = beside_all(sums, look.firm) if self.beside else sums
        return (evened(sums, self.money, self.usual) - look.mean) / look.spread

    @property
    def money(self) -> NDArray[np.bool_]:
        """Which columns are money."""
        return np.array([name in (*MONEY, "sales") for name in self.columns])


def columns_of(values: Values, columns: tuple[str, ...]) -> Values:
    """The measures that a detector looks at, (…, weeks, g, K) of `measures.MEASURES`; ``sales`` are all money."""
    parts = [
        values[..., AT["won_revenue"]] + values[..., AT["order_revenue"]] if name == "sales" else values[..., AT[name]]
        for name in columns
    ]
    return np.stack(parts, axis=-1)


def in_blocks(values: Values, edges: list[int]) -> Values:
    """Sums over blocks of weeks: (R, weeks, g, K) to (R, B, g, K)."""
    return np.stack([values[:, a:b].sum(axis=1) for a, b in pairwise(edges)], axis=1)


def beside_all(sums: Values, firm: Values) -> Values:
    """Blocks (R, B, g, K) over how much of what is expected of the firm, the last group, (B, K), it had in them.

    The firm had twice what was expected, a territory 3 of its 6: without what all share it is 1.5 of 3.

    >>> beside_all(np.array([3.0, 3.0, 6.0]).reshape(1, 1, 3, 1), np.array([[3.0]])).ravel().tolist()
    [1.5, 1.5, 3.0]
    """
    had = sums[..., -1:, :]
    return np.asarray(sums * np.where(had > 0.0, firm[:, None, :] / np.where(had > 0.0, had, 1.0), 1.0))


def fit(
    values: Values, columns: tuple[str, ...], kinds: dict[str, tuple[str, ...]], wide: NDArray[np.bool_], first: int,
    looks: tuple[int, ...],
    beside: bool = False,
) -> Detector:  # fmt: skip
    """A detector from simulated years (R, weeks, g, K) of ``columns``; kinds without any of them are left out."""
    there = {kind: names for kind, names in kinds.items() if any(name in columns for name in names)}
    shapes = np.array([[1.0 if column in names else 0.0 for column in columns] for names in there.values()])
    usual = values.mean(axis=(0, 1)) * BLOCK
    blank = Detector(tuple(there), shapes, columns, usual, wide, first, beside, {})
    return replace(blank, looks={week: _look(blank, values, week) for week in looks})


def _look(made: Detector, values: Values, week: int) -> _Look:
    edges = block_edges(made.first, week)
    sums = in_blocks(values, edges)
    firm = sums[..., -1, :].mean(axis=0)
    sums = beside_all(sums, firm) if made.beside else sums
    even = evened(sums, made.money, made.usual)
    mean, spread = even.mean(axis=0), even.std(axis=0)
    spread = np.where(spread > 1e-9, spread, np.inf)
    years, blocks, groups, measures = even.shape
    u = ((even - mean) / spread).transpose(2, 0, 1, 3).reshape(groups, years, -1)
    a_share = felt(sums.mean(axis=0), made.money, made.usual) / spread  # (B, g, K)
    begun = np.tri(blocks)  # block b is in a drift that began in block a <= b
    shapes = np.einsum("bgk,ba,sk->gbkas", a_share, begun, made.shapes).reshape(groups, blocks * measures, -1)
    weights = np.empty_like(shapes)
    for part in (made.wide, ~made.wide):
        if part.any():
            weights[part] = np.linalg.solve(_correlations(u[part]), shapes[part])
    if made.beside:
        weights[-1] = 0.0  # the firm beside itself
    spread_of_scores = (u @ weights).std(axis=1, keepdims=True)
    return _Look(edges, mean, spread, firm, weights / np.where(spread_of_scores > 1e-9, spread_of_scores, np.inf))


def _correlations(u: Values) -> Values:
    """Correlations over blocks and measures, of all groups (g, R, B x K) together, shrunk by SHRINK."""
    rows = u.reshape(-1, u.shape[-1])
    made = (1.0 - SHRINK) * (rows.T @ rows) / len(rows)
    made[np.diag_indices(len(made))] += SHRINK
    return np.asarray(made)
