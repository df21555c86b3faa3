"""Why opportunities are lost or won, and against whom: only as far as the data says."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from scenarios.insight.facts import CUTS, Facts
from scenarios.insight.segments import FEW, Z80, win_rates

CERTAIN = 3.0  # spreads that a reason has to be above the rest by, as a hundred pairs are looked at


def reasons(facts: Facts, won: bool = False) -> pd.DataFrame:
    """Reasons of lost (or won) opportunities, commonest first.

    Columns: reason, count, share with low and high (8 in 10), amount (listed value of these, money), and ``unsaid``,
    the share of all of them that gives no reason. Empty where no reason is given.
    """
    rows = facts.decided[facts.decided["won"] == won]
    said = rows[rows["reason"] != ""]
    table = said.groupby("reason").agg(count=("reason", "size"), amount=("amount", "sum")).reset_index()
    if table.empty:
        return table
    bounds = [share_between(int(k), len(said)) for k in table["count"]]
    table["share"] = table["count"] / len(said)
    table["low"], table["high"] = [low for low, _ in bounds], [high for _, high in bounds]
    table["unsaid"] = 1.0 - len(said) / len(rows)
    return table.sort_values(["count", "reason"], ascending=[False, True]).reset_index(drop=True)


def reasons_by_segment(facts: Facts) -> pd.DataFrame:
    """Where a reason to say no is commoner than elsewhere beyond luck: cut, segment, reason, lost, count, share, usual.

    A pair counts where it is CERTAIN spreads of a binomial count above what the reason's share of all would bring. Luck
    does that to one pair in 740, so of ten lists that look at eighty pairs about one holds a chance find.
    """
    lost = facts.decided[~facts.decided["won"] & (facts.decided["reason"] != "")]
    usual = lost["reason"].value_counts(normalize=True)
    found = []
    for cut in CUTS:
        for segment, rows in lost[lost[cut] != ""].groupby(cut):
            for reason, count in rows["reason"].value_counts().items():
                share = float(usual[str(reason)])
                spread = math.sqrt(len(rows) * share * (1.0 - share))
                if len(rows) >= FEW and spread > 0.0 and count - len(rows) * share > CERTAIN * spread:
                    found.append((cut, segment, reason, len(rows), int(count), count / len(rows), share))
    names = ["cut", "segment", "reason", "lost", "count", "share", "usual"]
    return pd.DataFrame(found, columns=names).sort_values(["cut", "segment", "count"], ascending=[True, True, False])


def competitors(facts: Facts) -> pd.DataFrame:
    """How often we win against each competitor that is named: competitor, decided, won, win_rate, low, known, high."""
    named = facts.decided[facts.decided["competitor"] != ""]
    table = named.groupby("competitor").agg(decided=("won", "size"), won=("won", "sum")).reset_index()
    table = table[table["decided"] >= FEW].reset_index(drop=True)
    if table.empty:
        return table.assign(win_rate=[], low=[], known=[], high=[])
    table["win_rate"] = table["won"] / table["decided"]
    table["low"], table["known"], table["high"] = win_rates(
        table["won"].to_numpy(float), table["decided"].to_numpy(float)
    )
    return table.sort_values(["decided", "competitor"], ascending=[False, True]).reset_index(drop=True)


def share_between(count: int, of: int) -> tuple[float, float]:
    """Where a share lies, 8 in 10 (Wilson): ``(p + z²/2n ± z sqrt(p (1 - p) / n + z²/4n²)) / (1 + z²/n)``.

    >>> low, high = share_between(50, 100)
    >>> round(low, 3), round(high, 3)
    (0.436, 0.564)
    """
    p, z2 = count / of, Z80 * Z80 / of
    half = Z80 * math.sqrt(p * (1.0 - p) / of + z2 / (4.0 * of))
    low, high = ((p + z2 / 2.0 + side * half) / (1.0 + z2) for side in (-1.0, 1.0))
    return float(np.clip(low, 0.0, 1.0)), float(np.clip(high, 0.0, 1.0))
