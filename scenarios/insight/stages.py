"""The funnel as it was walked: how many come to each stage, go on or are lost there, and how long they stay."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenarios.crm.timing import months
from scenarios.insight.facts import Facts
from scenarios.insight.line import SURE
from scenarios.insight.segments import FEW
from scenarios.intake.data import Data
from scenarios.intake.schema import LOST, OPEN


def funnel(data: Data, facts: Facts) -> pd.DataFrame:
    """One row a stage, in the order that opportunities come to them; empty where the data has no stage history.

    Columns: stage, entered, left (went on or were decided), lost (from there), lost_share, days (median stay of those
    that left), mean_days and their error, waiting (still there), waiting_money. A stay ends where the next stage begins
    or the opportunity closes.
    """
    stages, deals = data.table("stages"), data.table("opportunities")
    if not len(stages):
        return pd.DataFrame()
    known = deals.set_index("id")
    rows = stages.merge(known[["outcome", "closed", "amount"]], left_on="opportunity", right_index=True).sort_values(
        ["opportunity", "entered"], kind="stable"
    )
    rows["next"] = rows.groupby("opportunity")["entered"].shift(-1)
    last = rows["next"].isna()
    # The last entry of a decided opportunity is its closing, not a stage to be in.
    closing = last & (rows["outcome"] != OPEN) & (rows["entered"] == rows["closed"])
    ends = rows["next"].where(~last, rows["closed"].where(rows["outcome"] != OPEN))
    decided = rows["opportunity"].map(rows[closing].set_index("opportunity")["entered"])
    rows = rows.assign(ends=ends, stay=ends - rows["entered"])
    rows["lost"] = (rows["outcome"] == LOST) & (rows["ends"] == decided.where(decided.notna(), rows["closed"]))
    rows = rows[~closing & facts.covered.holds(rows["entered"])]
    table = rows.groupby("stage").agg(
        entered=("opportunity", "nunique"), left=("ends", "count"), lost=("lost", "sum"), days=("stay", "median"),
        mean_days=("stay", "mean"), error=("stay", "sem"),
    )  # fmt: skip
    waiting = rows[rows["ends"].isna()].groupby("stage")["amount"].agg(["size", "sum"]).reindex(table.index).fillna(0.0)
    table["waiting"], table["waiting_money"] = waiting["size"].astype(int), waiting["sum"]
    table["lost_share"] = (table["lost"] / table["left"]).where(table["left"] >= FEW)
    order = rows.assign(place=rows.groupby("opportunity").cumcount()).groupby("stage")["place"].mean()
    return table.assign(place=order).sort_values(["place", "stage"]).drop(columns="place").reset_index()


def bottleneck(table: pd.DataFrame) -> str:
    """The stage in which opportunities stay longest, of those that at least FEW left; nothing where luck may say so.

    Its mean stay has to be SURE spreads above that of the next longest.
    """
    enough = table[table["left"] >= FEW].sort_values("mean_days", ascending=False) if len(table) else table
    if len(enough) < 2:
        return ""
    days, error = enough["mean_days"].to_numpy(np.float64), enough["error"].to_numpy(np.float64)
    sure = days[0] - days[1] > SURE * np.hypot(error[0], error[1])
    return str(enough["stage"].iloc[0]) if sure else ""


def quarter_end(facts: Facts) -> tuple[float, float, float]:
    """Win rate in the last months of quarters, in the others, and how many spreads of luck apart they are."""
    month = months(facts.decided["closed"])
    last = month % 3 == 2
    won = facts.decided["won"].to_numpy(np.float64)
    if not last.any() or last.all():
        return float(won.mean()), float(won.mean()), 0.0
    p, sizes = won.mean(), (last.sum(), (~last).sum())
    spread = np.sqrt(p * (1.0 - p) * (1.0 / sizes[0] + 1.0 / sizes[1]))
    rates = float(won[last].mean()), float(won[~last].mean())
    return (*rates, float((rates[0] - rates[1]) / spread) if spread > 0 else 0.0)
