"""How far competitors are ahead, as people judge it: what a market's opportunities are lost for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenarios.intake.data import Data
from sim.world import CRITERIA, Floats


def leads(data: Data, industries: list[str]) -> dict[str, Floats]:
    """Competitors' lead in each of ``industries`` (n,), by criterion: -1 to 1, 0 where nobody is scored.

    The mean over the competitors of that trade, each weighted by how often it is named in opportunities, plus once.
    """
    table, deals = data.table("competitors"), data.table("opportunities")
    found = {criterion: np.zeros(len(industries)) for criterion in CRITERIA}
    if not len(table):
        return found
    named = deals["competitor"].value_counts() if len(deals) else pd.Series(dtype=float)
    weight = 1.0 + table["name"].map(named).astype(float).fillna(0.0).to_numpy()
    for place, industry in enumerate(industries):
        there = ((table["industry"] == "") | (table["industry"] == industry)).to_numpy()
        for criterion in CRITERIA:
            scores = table[criterion].astype(float).to_numpy()
            told = there & np.isfinite(scores)
            if told.any():
                found[criterion][place] = float(np.clip(np.average(scores[told], weights=weight[told]), -1.0, 1.0))
    return found
