"""Plans of several years, year by year, and how their sales grow by region and industry."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.metrics import METRICS, measures
from analysis.origin import Said, rows_of
from analysis.played import Played
from analysis.words import digits_for, money_unit, number, percent

SHOWN = ("contribution", "roi", "revenue", "new_customers", "coverage", "attainment", "hired")
BRIEFLY = ("contribution", "roi", "hired")  # on a terminal
CUTS = ("region", "industry")


def by_year(plans: Sequence[Played]) -> pd.DataFrame:
    """One row a plan, year and measure of `SHOWN`: plan, label, year, measure, unit, and over the runs typical
    (median), low and high (P10 and P90).
    """
    rows = []
    for played in plans:
        for year in range(1, played.years + 1):
            table = measures(played.of_year(year))
            for measure in SHOWN:
                low, typical, high = np.quantile(table[measure], (0.1, 0.5, 0.9))
                unit = METRICS[measure].unit
                rows.append((played.key, played.info["label"], year, measure, unit, typical, low, high))
    return pd.DataFrame(rows, columns=["plan", "label", "year", "measure", "unit", "typical", "low", "high"])


def growth(played: Played) -> pd.DataFrame:
    """How revenue grows from year to year by region and by industry: cut, segment, year (from the second), revenue
    (typical) and its change to the year before as a share: typical, low, high (P10 and P90 of the runs).

    100,000 in year 1 and 112,000 in year 2 of one run: 0.12.
    """
    accounts = played.accounts
    years = [played.of_year(year) for year in range(1, played.years + 1)]
    sold = [one.account_years("order_revenue") + one.account_years("won_revenue") for one in years]
    rows = []
    for cut in CUTS:
        for segment in sorted(set(accounts[cut].astype(str))):
            mine = (accounts[cut].astype(str) == segment).to_numpy()
            money = np.array([year[:, mine].sum(axis=1) / 100 for year in sold])
            change = np.diff(money, axis=0) / np.where(money[:-1] > 0, money[:-1], np.nan)
            for year, (now, more) in enumerate(zip(money[1:], change, strict=True), 2):
                known = more[np.isfinite(more)]
                low, typical, high = np.quantile(known, (0.1, 0.5, 0.9)) if known.size else (np.nan,) * 3
                rows.append((cut, segment, year, float(np.median(now)), typical, low, high))
    return pd.DataFrame(rows, columns=["cut", "segment", "year", "revenue", "typical", "low", "high"])


def years_table(frame: pd.DataFrame, currency: str, only: Sequence[str] = SHOWN) -> dict[str, list[Any]]:
    """`by_year` as a table: one row a plan and measure, one column a year; typical values."""
    frame = frame[frame["measure"].isin(only)]
    years = sorted(set(frame["year"]))
    scale, unit = money_unit(float(frame.loc[frame["unit"] == "money", "typical"].abs().max()), currency)
    rows = []
    for (_, label, measure), part in frame.groupby(["plan", "label", "measure"], sort=False):
        if part["typical"].isna().all() or (measure == "hired" and not part["typical"].any()):
            continue
        kind = str(part["unit"].iloc[0])
        words = f"{measure}".replace("_", " ") + (f", {unit}" if kind == "money" else "")
        known = rows_of(part, "years.csv", "plan", "year", "measure")
        rows.append([str(label), words, *(Said(_shown(row["typical"], kind, scale)) for row in known)])
    return {"heads": ["plan", "measure", *(f"year {year}" for year in years)], "rows": rows}


def _shown(value: float, unit: str, scale: float) -> str:
    if unit == "money":
        return number(value / scale, digits_for(value / scale) if scale > 1 else 0)
    return percent(value) if unit == "share" else number(value, 2 if unit == "ratio" else 0)


def growth_table(frame: pd.DataFrame, currency: str) -> dict[str, list[Any]]:
    """`growth` as a table: one row a segment and year."""
    scale, unit = money_unit(float(frame["revenue"].abs().max()), currency)
    rows = [
        [
            f"{row.segment}",
            Said(number(row.year)),
            Said(number(row.revenue / scale, digits_for(row.revenue / scale) if scale > 1 else 0)),
            Said(percent(row.typical)),
            Said(f"{percent(row.low)} to {percent(row.high)}"),
        ]
        for row in rows_of(frame, "growth.csv", "cut", "segment", "year")
    ]
    return {"heads": ["segment", "year", f"revenue {unit}", "on the year before", "8 in 10"], "rows": rows}


def save(plans: Sequence[Played], focus: Played, folder: Path) -> dict[str, pd.DataFrame]:
    """Writes years.csv and, of the plan looked at closely, growth.csv into ``folder``; returns what is in them."""
    made = {"years": by_year(plans), "growth": growth(focus)}
    for name, frame in made.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    return made
