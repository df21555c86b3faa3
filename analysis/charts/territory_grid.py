"""Who has what where there are no places: accounts of each rep by region, or by industry where there is one region."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.style import GOOD, INK, QUIET, Title
from analysis.cuts import names
from analysis.played import Played
from analysis.words import percent

MOST_COLUMNS, MOST_ROWS = 10, 40


def by(played: Played) -> str:
    """What the columns are: region, or industry where all accounts lie in one region."""
    return "region" if played.accounts["region"].astype(str).nunique() > 1 else "industry"


def data(played: Played) -> pd.DataFrame:
    """Accounts: one row a rep (its name), one column a region or industry, largest first; past 10, 'other'."""
    accounts, column = played.accounts, by(played)
    called = names(played)
    kinds = accounts[column].astype(str)
    order = kinds.value_counts(sort=False).sort_index().sort_values(ascending=False, kind="stable").index.to_list()
    kept = order if len(order) <= MOST_COLUMNS else order[: MOST_COLUMNS - 1]
    table = pd.crosstab(accounts["rep"].astype(str), kinds.where(kinds.isin(kept), "other"))
    table = table.reindex(
        index=list(called), columns=kept + ([] if len(kept) == len(order) else ["other"]), fill_value=0
    )
    table.index = pd.Index(list(called.values()), name="rep")
    return table


def title(played: Played) -> Title:
    """How many reps work in one column only, and how much changes rep."""
    table, column = data(played), by(played)
    alone = int(((table > 0).sum(axis=1) == 1).sum())
    moved = float((played.accounts["rep"].astype(str) != played.accounts["current_rep"].astype(str)).mean())
    return Title(
        f"{alone} of {len(table)} reps work in one {column} only",
        f"Accounts of each rep by {column} under {played.info['territory']}; {percent(moved)} of them change rep",
    )


def chart(frame: pd.DataFrame, ax: Axes) -> None:
    """A grid of counts, shaded by how many accounts there are."""
    frame = frame.head(MOST_ROWS)
    most = max(int(frame.to_numpy().max()), 1)
    for y, (_, row) in enumerate(frame.iterrows()):
        for x, count in enumerate(row):
            if count:
                ax.barh(y, 0.96, left=x - 0.48, height=0.92, color=GOOD, alpha=0.08 + 0.5 * count / most, linewidth=0)
            ax.text(x, y, f"{count}" if count else "·", ha="center", va="center", color=INK if count else QUIET)
    ax.set_yticks(range(len(frame)), [str(name) for name in frame.index])
    ax.set_xticks(range(frame.shape[1]), [str(name) for name in frame.columns], rotation=30, ha="left")
    ax.xaxis.tick_top()
    ax.set_ylim(len(frame) - 0.4, -0.6)
    ax.set_xlim(-0.5, frame.shape[1] - 0.5)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.tick_params(length=0)
