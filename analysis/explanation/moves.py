"""The moves of a plan: each account that changes rep, what it carries, why it goes, and what its going brings."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cuts import names
from analysis.explanation.balance import index_of, standing
from analysis.metrics import first_team
from analysis.played import Played

NEARER_KM, FITS_BETTER, STRONGER = 1.0, 0.01, 0.01  # smaller differences speak for nothing

Values = NDArray[np.float64]


class Match(NamedTuple):
    """How far each account (n,) is from its rep, km, and how well the rep fits it; no km without places."""

    km: Values | None
    fit: Values


def expected_margin(played: Played) -> Values:
    """Gross margin expected of each account, free of the luck of single sales: (replications, accounts), money."""
    cents = played.account_years("fluid_orders") + played.account_years("fluid_won")
    money: Values = cents / 100 * played.accounts["margin"].to_numpy(np.float64)
    return money


def mean_over_years(played: Played, column: str) -> Values:
    """An account column's mean over the years played: (n,)."""
    means: Values = played.account_years(column).mean(axis=0)
    return means


def moves(plan: Played, today: Played, match: Match, before: Match) -> pd.DataFrame:
    """One row an account that changes rep, the most revenue first.

    account, name, from, to (ids), from_name, to_name, revenue (last year's) and open_pipeline (before week 1) in money,
    relationship (0 to 1, with the rep who loses it), potential (estimated), km_before, km_after, fit_before,
    fit_after, then what the move brings in expected margin of the year (``brings``, ``brings_low``, ``brings_high``:
    mean, P10 and P90 of the paired years) and ``why``. Means over the years played where a year decides.
    ``match`` is that of the plan's reps, ``before`` that of today's.
    """
    accounts = plan.accounts
    was, now = today.accounts["rep"].astype(str).to_numpy(), accounts["rep"].astype(str).to_numpy()
    rows = np.flatnonzero(was != now)
    change = (expected_margin(plan) - expected_margin(today))[:, rows]
    low, high = np.quantile(change, (0.1, 0.9), axis=0)
    called = names(plan)
    blank = np.full(len(accounts), np.nan)
    table = pd.DataFrame(
        {
            "account": accounts["id"].astype(str).to_numpy()[rows],
            "name": accounts["name"].astype(str).to_numpy()[rows],
            "from": was[rows],
            "to": now[rows],
            "from_name": [called[rep] for rep in was[rows]],
            "to_name": [called[rep] for rep in now[rows]],
            "revenue": mean_over_years(plan, "sales_last_year")[rows] / 100,
            "open_pipeline": mean_over_years(plan, "open_value_start")[rows] / 100,
            "relationship": mean_over_years(plan, "relationship_start")[rows],
            "potential": accounts["estimated_potential"].to_numpy(float)[rows],
            "km_before": (blank if before.km is None else before.km)[rows],
            "km_after": (blank if match.km is None else match.km)[rows],
            "fit_before": before.fit[rows],
            "fit_after": match.fit[rows],
            "brings": change.mean(axis=0),
            "brings_low": low,
            "brings_high": high,
            "key": accounts["key"].to_numpy()[rows],
        }
    )
    table["why"] = _reasons(table, plan, today)
    return table.sort_values(["revenue", "key"], ascending=[False, True]).drop(columns="key").reset_index(drop=True)


def _reasons(table: pd.DataFrame, plan: Played, today: Played) -> list[str]:
    ids = pd.Index(first_team(today))
    index = pd.Series(index_of(today, "hours_needed"), index=ids)
    side = pd.Series(standing(index_of(today, "hours_needed")), index=ids)
    ability = today.reps.set_index(today.reps["id"].astype(str))["ability"]
    left = set(plan.accounts["rep"].astype(str))
    return [reason(row, index, side, ability, left) for row in table.to_dict("records")]


def reason(row: dict[Any, Any], index: pd.Series, side: pd.Series, ability: pd.Series, left: set[str]) -> str:
    """Why an account moves: the first of what speaks for it in the rows of the two plans.

    ``index`` is each rep's share of the mean hours needed today, ``side`` whether that is over or under the band;
    ``left`` are the reps who have accounts in the plan.
    """
    source, target = row["from"], row["to"]
    if source not in left:
        return f"{row['from_name']} has no accounts in this plan"
    if target not in index:
        return f"{row['to_name']} begins with it"
    if side[source] == "over" and index[target] < index[source]:
        return f"{row['from_name']} had {100 * index[source]:.0f} % of the mean hours"
    if side[target] == "under" and index[target] < index[source]:
        return f"{row['to_name']} had {100 * index[target]:.0f} % of the mean hours"
    if row["km_before"] - row["km_after"] >= NEARER_KM:
        return f"{row['km_before'] - row['km_after']:.0f} km nearer"
    if row["fit_after"] - row["fit_before"] >= FITS_BETTER:
        return f"fits better: {row['fit_after']:.2f} instead of {row['fit_before']:.2f}"
    if ability[target] - ability[source] >= STRONGER:
        return f"a stronger rep: ability {ability[target]:.2f} instead of {ability[source]:.2f}"
    return "makes room for others"
