"""Each territory before and after: what is in it, and who has too much and who too little."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cuts import names
from analysis.metrics import BAND, by_territory, first_team
from analysis.played import Played
from analysis.words import listing

COLUMNS = {"hours_needed": "hours needed", "potential": "estimated potential"}  # that a band is held against
IN_ACCOUNTS = {"hours_needed": "hours_needed", "potential": "estimated_potential"}
NAMED = 4  # territories in a sentence; more are counted

Values = NDArray[np.float64]


def share_of_mean(values: Values) -> Values:
    """Each as a share of the mean; 1 = as much as the average one. [8, 12] → [0.8, 1.2]; all 1 where the mean is 0."""
    mean = float(values.mean()) if values.size else 0.0
    return values / mean if mean else np.ones_like(values)


def loads(played: Played, column: str) -> Values:
    """Hours needed or potential of each territory, (m,); a rep without accounts has 0."""
    return by_territory(played, played.accounts[IN_ACCOUNTS[column]])


def index_of(played: Played, column: str) -> Values:
    """Each territory's share of the mean, (m,), in the order of `first_team`."""
    return share_of_mean(loads(played, column))


def standing(index: Values) -> list[str]:
    """Where shares of the mean stand to the band of ±15 %: over, under or nothing. [0.8, 1, 1.2] → under, '', over."""
    slack = BAND * (1 + 1e-12)
    return ["over" if one > 1 + slack else "under" if one < 1 - slack else "" for one in index.tolist()]


def _side(played: Played) -> pd.DataFrame:
    ids = first_team(played)
    held = played.accounts["rep"].astype(str).value_counts().reindex(ids, fill_value=0)
    sold = played.by_rep("order_revenue", "won_revenue")[ids].mean().to_numpy() / 100
    columns: dict[str, object] = {"accounts": held.to_numpy()}
    for column in COLUMNS:
        index = index_of(played, column)
        columns |= {
            column: loads(played, column),
            f"{column}_index": index,
            f"{column}_band": standing(index),
        }
    return pd.DataFrame(columns | {"revenue": sold, "revenue_index": share_of_mean(sold)}, index=pd.Index(ids))


def balance(plan: Played, today: Played) -> pd.DataFrame:
    """One row a territory: rep, name, and under ``<column>_before`` and ``<column>_after`` what is in it.

    accounts, hours_needed, potential (estimated), revenue (mean of the years played); ``_index`` is the share of the
    mean territory, ``_band`` says ``over`` or ``under`` where that is outside ±15 %. Who is hired had nothing before.
    """
    after = _side(plan)
    before = _side(today).reindex(after.index)
    bands = [f"{column}_band" for column in COLUMNS]
    before[bands] = before[bands].fillna("")
    sides = {"before": before.fillna(0), "after": after}
    columns = {f"{column}_{when}": sides[when][column].to_numpy() for column in after for when in sides}
    called = names(plan)
    return pd.DataFrame({"rep": after.index, "name": [called[str(rep)] for rep in after.index], **columns})


def sentences(table: pd.DataFrame) -> list[str]:
    """Which territories are over and under the band, before and after, by name: a sentence a column."""
    return [
        f"{words.capitalize()} before: {_told(table, column, 'before')}. After: {_told(table, column, 'after')}."
        for column, words in COLUMNS.items()
    ]


def _told(table: pd.DataFrame, column: str, when: str) -> str:
    band, index = table[f"{column}_band_{when}"], table[f"{column}_index_{when}"]
    parts = []
    for side in ("over", "under"):
        rows = table.index[band == side]
        named = [f"{table['name'][row]} ({100 * index[row]:.0f} %)" for row in sorted(rows, key=_farthest(index))]
        if named:
            parts.append(f"{side} {listing(named, NAMED)}")
    return "; ".join(parts) or "all within ±15 % of the mean"


def _farthest(index: pd.Series) -> Callable[[int], tuple[float, int]]:
    """Sorts rows by how far they are from the mean, farthest first."""
    return lambda row: (-abs(float(index[row]) - 1), row)
