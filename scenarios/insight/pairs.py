"""Who sells better where than both the rep and the segment lead one to expect: who belongs where."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import chi2, false_discovery_control, norm

from scenarios.crm.odds import left_uncertain, shrunk
from scenarios.insight.facts import CUTS, Facts
from scenarios.insight.segments import FEW, SAME, Z80
from sim.world import Floats, Ints

FALSE = 0.1  # part of the pairs that are told which may be luck
SPREADS = (0.05, 0.1, 0.2, 0.35, 0.6, 1.0)  # sd of log-odds between reps, and between segments, that are weighed
USUAL_SPREAD = 0.5  # before any data these are half-normal about 0 with this sd
ROUNDS, NEAR = 30, 1e-8  # of Newton's way to the top, and when it is there


class Elsewhere(NamedTuple):
    """Log-odds of each cell, as reps and segments have them elsewhere, and their variance; both (cells,)."""

    odds: Floats
    variance: Floats


def pairs(facts: Facts) -> pd.DataFrame:
    """One row a rep and segment with at least FEW decided opportunities, farthest above expectation first.

    Columns: rep, cut, segment, decided, won, expected (wins, from what the rep does in other segments and others do in
    this one), odds (log-odds beyond these, shrunk) with low and high (8 in 10), says (better, worse or nothing), money
    (won beyond expected, a year, at the mean sale there).

    Of all pairs that are told, FALSE may be luck (Benjamini and Hochberg 1995). Pairs may stray more than by the luck
    of single opportunities, as accounts differ: where the middle one does, all are judged by as much more.
    """
    tables = [_cut(facts, cut) for cut in CUTS]
    made = pd.concat([table for table in tables if len(table)] or [pd.DataFrame()], ignore_index=True)
    if made.empty:
        return made
    stray = max(1.0, float((made["off"] ** 2).median() / chi2.median(1)))
    luck = false_discovery_control(2.0 * norm.sf(made["off"].abs() / np.sqrt(stray)))
    better = made["off"] > 0.0
    made["says"] = np.select([(luck <= FALSE) & better, (luck <= FALSE) & ~better], ["better", "worse"], SAME)
    made = made.drop(columns="off")
    return made.sort_values(["odds", "rep", "segment"], ascending=[False, True, True]).reset_index(drop=True)


def _cut(facts: Facts, cut: str) -> pd.DataFrame:
    rows = facts.decided[(facts.decided[cut] != "") & (facts.decided["rep"] != "")]
    if rows[cut].nunique() < 2 or rows["rep"].nunique() < 2:
        return pd.DataFrame()
    cells = rows.groupby(["rep", cut], as_index=False).agg(decided=("won", "size"), won=("won", "sum"))
    cells = cells.rename(columns={cut: "segment"})
    known = elsewhere(
        pd.factorize(cells["rep"])[0], pd.factorize(cells["segment"])[0],
        cells["decided"].to_numpy(np.float64), cells["won"].to_numpy(np.float64),
    )  # fmt: skip
    chance = 1.0 / (1.0 + np.exp(-known.odds))
    cells["expected"] = cells["decided"] * chance
    each = cells["expected"].to_numpy(np.float64) * (1.0 - chance)
    beyond = (cells["won"] - cells["expected"]).to_numpy(np.float64)
    cells["off"] = beyond / np.sqrt(each + each**2 * known.variance)
    enough = (cells["decided"] >= FEW).to_numpy()
    table, variance = cells[enough].reset_index(drop=True), (1.0 / each + known.variance)[enough]
    if len(table) < 2:
        return pd.DataFrame()
    found = shrunk((beyond / each)[enough], variance)
    left = left_uncertain(found.spread, variance)
    table["odds"], table["low"], table["high"] = found.value, found.value - Z80 * left, found.value + Z80 * left
    deal = rows[rows["won"]].groupby(cut)["amount"].mean()
    table["money"] = (table["won"] - table["expected"]) * table["segment"].map(deal).fillna(0.0) / facts.covered.years
    table.insert(1, "cut", cut)
    return table


def elsewhere(rep: Ints, segment: Ints, decided: Floats, won: Floats) -> Elsewhere:
    """What each pair (cell) of a rep and a segment would win if it were as both are elsewhere; all are (cells,).

    ``logit(chance) = usual + rep + segment``, both normal with a spread of their own, weighed over all pairs of SPREADS
    by how well each explains the other cells. A cell is taken out by one step of Newton's from the fit to all:
    ``odds - h (won - n p) / (1 - h n p (1 - p))`` with variance ``h / (1 - h n p (1 - p))``, h being the variance of
    its log-odds in the fit to all, n its decided opportunities and p their fitted chance.

    Worked: two reps who win 1 of 4 in the one segment and 3 of 4 in the other are as expected; a cell of 200 won
    of 200 where all else is 1 of 2 is expected to win half.

    >>> known = elsewhere(
    ...     np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.full(4, 200.0), np.array([200.0, 100.0, 100.0, 100.0])
    ... )
    >>> bool(abs(known.odds[0]) < 0.2)
    True
    """
    logs, odds, variances = [], [], []
    for of_reps, of_segments in product(SPREADS, SPREADS):
        fit, variance, fits = _fitted(rep, segment, decided, won, of_reps, of_segments)
        chance = 1.0 / (1.0 + np.exp(-fit))
        each = decided * chance * (1.0 - chance)
        left = np.maximum(1.0 - variance * each, 1e-6)
        fit, variance = fit - variance * (won - decided * chance) / left, variance / left
        held = 0.5 * (of_reps**2 + of_segments**2) / USUAL_SPREAD**2
        room = np.log(of_reps) + np.log(of_segments)  # the grid is even on a log scale
        logs.append(fits - _foretold(fit, variance, decided, won) - held + room)
        odds.append(fit)
        variances.append(variance)
    weight = np.exp(np.array(logs) - np.max(logs, axis=0))
    weight /= weight.sum(axis=0)
    middle = (weight * odds).sum(axis=0)
    return Elsewhere(middle, (weight * (variances + (np.array(odds) - middle) ** 2)).sum(axis=0))


def _foretold(odds: Floats, variance: Floats, decided: Floats, won: Floats) -> Floats:
    """Log of how likely each cell's wins are, its log-odds being uncertain, up to a constant."""
    chance = 1.0 / (1.0 + np.exp(-odds))
    each = decided * chance * (1.0 - chance)
    wide = each + each**2 * variance
    return np.asarray(-0.5 * ((won - decided * chance) ** 2 / wide + np.log(wide)))


def _fitted(
    rep: Ints, segment: Ints, decided: Floats, won: Floats, of_reps: float, of_segments: float
) -> tuple[Floats, Floats, float]:
    """Log-odds of the cells with reps and segments of such spreads, their variance, and the log of how well they fit.

    The last is the likelihood with reps and segments integrated out (Laplace's way).
    """
    reps, segments = int(rep.max()) + 1, int(segment.max()) + 1
    cells = np.arange(len(rep))
    rows = np.zeros((len(rep), reps + segments + 1))
    rows[cells, rep], rows[cells, reps + segment], rows[:, -1] = 1.0, 1.0, 1.0
    prior = np.concatenate([np.full(reps, of_reps**-2.0), np.full(segments, of_segments**-2.0), [1e-6]])
    usual = np.log((won.sum() + 0.5) / ((decided - won).sum() + 0.5))
    at = np.concatenate([np.zeros(reps + segments), [usual]])
    for _ in range(ROUNDS):
        chance = 1.0 / (1.0 + np.exp(-(rows @ at)))
        curve = (rows.T * (decided * chance * (1.0 - chance))) @ rows + np.diag(prior)
        step = np.linalg.solve(curve, rows.T @ (won - decided * chance) - prior * at)
        at = at + step
        if np.abs(step).max() < NEAR:
            break
    chance = np.clip(1.0 / (1.0 + np.exp(-(rows @ at))), 1e-12, 1.0 - 1e-12)
    likely = float((won * np.log(chance) + (decided - won) * np.log1p(-chance)).sum())
    shape = 0.5 * (np.log(prior).sum() - np.linalg.slogdet(curve)[1] - float((prior * at**2).sum()))
    variance = ((rows @ np.linalg.inv(curve)) * rows).sum(axis=1)
    return rows @ at, variance, likely + shape
