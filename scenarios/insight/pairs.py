"""Who sells better where than both the rep and the segment lead one to expect: who belongs where."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, hstack
from scipy.stats import chi2, false_discovery_control, norm

from scenarios.crm.odds import left_uncertain, shrunk
from scenarios.insight.additive import PAIR, REP, SEGMENT, USUAL, Beyond, Sums, beyond, fitted, own
from scenarios.insight.facts import CUTS, Facts
from scenarios.insight.segments import FEW, SAME, Z80
from sim.world import Floats

FALSE = 0.1  # part of the pairs that are told which may be luck
MOST = 30  # pairs that are told; nobody moves more accounts to where they belong than those of thirty pairs


def pairs(facts: Facts) -> pd.DataFrame:
    """One row a rep and segment with at least FEW decided opportunities, farthest above expectation first.

    Columns: rep, cut, segment, decided, won, expected (wins, from what the rep does elsewhere, and others in segments
    like these), odds (log-odds beyond these, shrunk) with low and high (8 in 10), says (better, worse or nothing),
    money (won beyond expected, a year, at the mean sale there).

    Of all pairs that are told, FALSE may be luck (Benjamini and Hochberg 1995). Pairs may stray more than by the luck
    of single opportunities, as accounts differ: where the middle one does, all are judged by as much more. The farthest
    is told first and given a column of its own, so that neither its rep nor other segments of its opportunities seem
    the better for it; then the others are judged again.
    """
    rows = facts.decided[facts.decided["rep"] != ""]
    cuts = [cut for cut in CUTS if rows.loc[rows[cut] != "", cut].nunique() > 1]
    if rows["rep"].nunique() < 2 or not cuts:
        return pd.DataFrame()
    alike = rows.groupby(["rep", *cuts], as_index=False).agg(decided=("won", "size"), won=("won", "sum"))
    sums = _sums(alike, cuts)
    cells, lies = _cells(alike, cuts)
    if len(cells) < 2:
        return pd.DataFrame()
    told: list[int] = []
    fits = fitted(sums)
    while True:
        found = _with(beyond(sums, fits, lies), told, own(sums, fits))
        off = found.odds / np.sqrt(found.variance)
        stray = max(1.0, float(np.median(off**2) / chi2.median(1)))
        luck = false_discovery_control(2.0 * norm.sf(np.abs(off) / np.sqrt(stray)))
        new = [place for place in np.argsort(luck, kind="stable") if luck[place] <= FALSE and place not in told]
        if not new or len(told) == MOST:
            break
        told.append(int(new[0]))
        sums = sums._replace(adds=csr_array(hstack([sums.adds, lies[:, [told[-1]]]])), kind=np.append(sums.kind, PAIR))
        fits = fitted(sums, fits)
    sure = (luck <= FALSE) & np.isin(np.arange(len(cells)), told)
    cells["says"] = np.select([sure & (off > 0.0), sure & (off < 0.0)], ["better", "worse"], SAME)
    cells["expected"] = _expected(cells, found)
    cells["odds"], left = _drawn_together(found, told)
    cells["low"], cells["high"] = cells["odds"] - Z80 * left, cells["odds"] + Z80 * left
    deal = pd.concat([_mean_sale(rows, cut) for cut in cuts])
    worth = deal.reindex(pd.MultiIndex.from_frame(cells[["cut", "segment"]])).fillna(0.0).to_numpy()
    cells["money"] = (cells["won"] - cells["expected"]) * worth / facts.covered.years
    return cells.sort_values(["odds", "rep", "segment"], ascending=[False, True, True]).reset_index(drop=True)


def _with(found: Beyond, places: list[int], those: Beyond) -> Beyond:
    """What is found of all pairs, with what their own columns say of some."""
    for values, better in zip(found, those, strict=True):
        values[places] = better
    return found


def _expected(cells: pd.DataFrame, found: Beyond) -> Floats:
    """Wins of the pairs without what they add: at odds that are lower by it."""
    share = ((cells["won"] + 0.5) / (cells["decided"] + 1.0)).to_numpy(np.float64)
    logit = np.log(share / (1.0 - share)) - found.odds
    return np.asarray(cells["decided"] / (1.0 + np.exp(-logit)))


def _drawn_together(found: Beyond, told: list[int]) -> tuple[Floats, Floats]:
    """Log-odds of the pairs, those that are not told drawn towards each other, and what is left uncertain of each."""
    odds, left = found.odds.copy(), np.sqrt(found.variance)
    others = np.delete(np.arange(len(odds)), told)
    if len(others) > 1:
        drawn = shrunk(odds[others], found.variance[others])
        odds[others], left[others] = drawn.value, left_uncertain(drawn.spread, found.variance[others])
    return odds, left


def _mean_sale(rows: pd.DataFrame, cut: str) -> pd.Series:
    deal = rows[rows["won"]].groupby(cut)["amount"].mean()
    return deal.set_axis(pd.MultiIndex.from_product([[cut], deal.index]))


def _cells(alike: pd.DataFrame, cuts: list[str]) -> tuple[pd.DataFrame, csr_array]:
    """The pairs with FEW decided opportunities or more, and which rows are theirs (rows, pairs)."""
    tables, marks = [], []
    for cut in cuts:
        named = alike[alike[cut] != ""]
        table = named.groupby(["rep", cut], as_index=False)[["decided", "won"]].sum()
        table = table[table["decided"] >= FEW].rename(columns={cut: "segment"}).reset_index(drop=True)
        table.insert(1, "cut", cut)
        of = pd.MultiIndex.from_frame(alike[["rep", cut]])
        place = pd.MultiIndex.from_frame(table[["rep", "segment"]]).get_indexer(of)
        inside = np.flatnonzero(place >= 0)
        marks.append(csr_array((np.ones(len(inside)), (inside, place[inside])), shape=(len(alike), len(table))))
        tables.append(table)
    return pd.concat(tables, ignore_index=True), csr_array(hstack(marks))


def _sums(alike: pd.DataFrame, cuts: list[str]) -> Sums:
    """Each rep and each segment is a column; a segment that is not named adds nothing."""
    columns = [np.ones((len(alike), 1))]
    kind = [USUAL]
    for name in ("rep", *cuts):
        marks = pd.get_dummies(alike[name], dtype=np.float64).drop(columns="", errors="ignore")
        columns.append(marks.to_numpy())
        kind += [REP if name == "rep" else SEGMENT] * marks.shape[1]
    decided, won = (alike[name].to_numpy(np.float64) for name in ("decided", "won"))
    return Sums(csr_array(np.hstack(columns)), np.array(kind), decided, won)
