"""Who sells better where than both the rep and the segment lead one to expect: who belongs where."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenarios.crm.odds import layer, left_uncertain, shrunk
from scenarios.insight.facts import CUTS, Facts
from scenarios.insight.segments import FEW, SAME, Z80

SURE = 2.0  # spreads of what is left uncertain that a pair has to be off: there are many pairs


def pairs(facts: Facts) -> pd.DataFrame:
    """One row a rep and segment with at least FEW decided opportunities, farthest above expectation first.

    Columns: rep, cut, segment, decided, won, expected (wins, from the rep's and the segment's own odds), odds (log-odds
    beyond these, shrunk) with low and high (8 in 10), says (better, worse or nothing: SURE spreads off), money (won
    beyond expected, a year, at the mean sale there).
    """
    tables = [_cut(facts, cut) for cut in CUTS]
    made = pd.concat([table for table in tables if len(table)] or [pd.DataFrame()], ignore_index=True)
    if made.empty:
        return made
    return made.sort_values(["odds", "rep", "segment"], ascending=[False, True, True]).reset_index(drop=True)


def _cut(facts: Facts, cut: str) -> pd.DataFrame:
    rows = facts.decided[(facts.decided[cut] != "") & (facts.decided["rep"] != "")]
    if rows[cut].nunique() < 2 or rows["rep"].nunique() < 2:
        return pd.DataFrame()
    won = rows["won"].to_numpy(np.float64)
    overall = float(np.clip(won.mean(), 0.02, 0.98))
    logit = np.full(len(rows), np.log(overall / (1.0 - overall)))
    for by in ("rep", cut):
        logit = logit + layer(rows, won, logit, [by])[2]
    chance = 1.0 / (1.0 + np.exp(-logit))
    sums = rows.assign(expected=chance, weight=chance * (1.0 - chance)).groupby(["rep", cut]).agg(
        decided=("won", "size"), won=("won", "sum"), expected=("expected", "sum"), weight=("weight", "sum"),
    )  # fmt: skip
    table = sums[sums["decided"] >= FEW].reset_index().rename(columns={cut: "segment"})
    if len(table) < 2:
        return pd.DataFrame()
    variance = 1.0 / table["weight"].to_numpy(np.float64)
    found = shrunk((table["won"] - table["expected"]).to_numpy(np.float64) * variance, variance)
    left = left_uncertain(found.spread, variance)
    table["odds"], table["low"], table["high"] = found.value, found.value - Z80 * left, found.value + Z80 * left
    off = found.value / np.where(left > 0.0, left, np.inf)
    table["says"] = np.select([off > SURE, off < -SURE], ["better", "worse"], SAME)
    deal = rows[rows["won"]].groupby(cut)["amount"].mean()
    table["money"] = (table["won"] - table["expected"]) * table["segment"].map(deal).fillna(0.0) / facts.covered.years
    table.insert(1, "cut", cut)
    return table.drop(columns="weight")
