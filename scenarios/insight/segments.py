"""Segments: what each industry, region, product and size, and each pair of them, brings; as surely as it is known."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from scenarios.crm.odds import left_uncertain, shrunk
from scenarios.crm.timing import first_day, months
from scenarios.insight.facts import CUTS, Facts
from sim.world import Floats

Z80 = 1.2815515655446004  # of a normal value, 8 in 10 lie within so many spreads
FEW = 10  # decided opportunities below which no segment gets a line of its own
BETTER, WORSE, LARGER, SMALLER, SAME = "better", "worse", "larger", "smaller", ""
TOO_FEW = f"No segment can be told from another: no two of one kind have {FEW} decided opportunities each."


def segments(facts: Facts) -> pd.DataFrame:
    """One row a segment with at least FEW decided opportunities, of every cut and pair of cuts; maybe none.

    Columns: cut (``industry``, ``industry × region`` …), segment, accounts, decided, won; win_rate as counted;
    win_low, win_known and win_high, shrunk, 8 in 10; win_says (better or worse than usual, or nothing); revenue a year,
    its share; deal (mean won value), deal_low, deal_known, deal_high, deal_says (larger, smaller) likewise; days
    (median to close); growth (second half of the covered days over the first, less 1; NaN where a half has under FEW
    sales); margin_share (NaN where costs are unknown); hours a year and revenue_an_hour (NaN without activities);
    steady (share of the covered months with a sale).
    """
    tables = [_cut(facts, [one]) for one in CUTS]
    tables += [_cut(facts, list(pair)) for pair in combinations(CUTS, 2)]
    told = [table for table in tables if len(table)]
    return pd.concat(told, ignore_index=True) if told else pd.DataFrame()


def _cut(facts: Facts, by: list[str]) -> pd.DataFrame:
    decided = facts.decided[(facts.decided[by] != "").all(axis=1)]
    sales = facts.sales[(facts.sales[by] != "").all(axis=1)]
    groups = decided.groupby(by)
    table = groups.agg(
        accounts=("account", "nunique"), decided=("won", "size"), won=("won", "sum"), days=("days", "median")
    )
    table = table[table["decided"] >= FEW]
    if len(table) < 2:  # one segment only: nothing to tell apart
        return table.iloc[:0]
    table["win_rate"] = table["won"] / table["decided"]
    rates = win_rates(table["won"].to_numpy(float), table["decided"].to_numpy(float))
    table["win_low"], table["win_known"], table["win_high"] = rates
    table["win_says"] = _says(rates, float(table["won"].sum() / table["decided"].sum()), (WORSE, BETTER))
    years = facts.covered.years
    table["revenue"] = (sales.groupby(by)["amount"].sum() / years).reindex(table.index).fillna(0.0)
    table["share"] = table["revenue"] * years / facts.sales["amount"].sum()
    deals = deal_sizes(decided[decided["won"]], by, table.index)
    table["deal"], table["deal_low"], table["deal_known"], table["deal_high"] = deals
    table["deal_says"] = _says(deals[1:], float(decided.loc[decided["won"], "amount"].mean()), (SMALLER, LARGER))
    table["growth"] = _growth(sales, by, facts).reindex(table.index)
    table["margin_share"] = _margin_share(sales, by).reindex(table.index)
    hours = _hours(facts, by, table.index)
    table["hours"] = hours / years
    table["revenue_an_hour"] = (table["revenue"] / table["hours"]).where(table["hours"] > 0)
    table["steady"] = _steady(sales, by, facts).reindex(table.index).fillna(0.0)
    names = [" × ".join(key) if isinstance(key, tuple) else key for key in table.index]
    table = table.reset_index(drop=True)
    table.insert(0, "segment", pd.Series(names, dtype="str"))
    table.insert(0, "cut", " × ".join(by))
    return table.sort_values(["revenue", "segment"], ascending=[False, True]).reset_index(drop=True)


def win_rates(won: Floats, decided: Floats) -> tuple[Floats, Floats, Floats]:
    """Win rates of segments (n,) drawn towards the rate of all: what 8 in 10 lie above, the best guess, 8 in 10 below.

    Log-odds beside the rate p of all are ``(won - n p) / (n p (1 - p))`` with variance ``v = 1 / (n p (1 - p))``
    (Peto's step), drawn to none by ``t² / (t² + v)`` (`scenarios.crm.odds.shrunk`); what is left uncertain is
    ``t² v / (t² + v)``. Where segments differ by luck alone, t is 0 and all have the rate of all.

    >>> low, known, high = win_rates(np.array([90.0, 50.0, 10.0]), np.array([100.0, 100.0, 100.0]))
    >>> known.round(2).tolist(), bool((low < known).all() and (known < high).all())
    ([0.83, 0.5, 0.17], True)
    >>> [float(one.round(2)[0]) for one in win_rates(np.array([5.0, 5.0]), np.array([10.0, 10.0]))]
    [0.5, 0.5, 0.5]
    """
    overall = float(np.clip(won.sum() / decided.sum(), 0.01, 0.99))
    variance = 1.0 / (decided * overall * (1.0 - overall))
    found = shrunk((won - decided * overall) * variance, variance)
    left = left_uncertain(found.spread, variance)
    middle = np.log(overall / (1.0 - overall)) + found.value
    low, known, high = (1.0 / (1.0 + np.exp(-(middle + z * left))) for z in (-Z80, 0.0, Z80))
    return low, known, high


def deal_sizes(won: pd.DataFrame, by: list[str], index: pd.Index) -> tuple[Floats, Floats, Floats, Floats]:
    """Mean won value of segments as counted, and shrunk: low, best guess, high (8 in 10); NaN where nothing was won."""
    groups = won.groupby(by)["amount"].agg(["mean", "size"]).reindex(index)
    mean, size = groups["mean"].to_numpy(float), groups["size"].fillna(0.0).to_numpy(float)
    low, known, high = np.full(len(index), np.nan), np.full(len(index), np.nan), np.full(len(index), np.nan)
    some = size > 0
    within = won["amount"] - won.groupby(by)["amount"].transform("mean")
    freedom = len(won) - some.sum()
    luck = float((within**2).sum() / freedom) if freedom > 0 else 0.0
    if some.sum() > 1 and luck > 0.0:
        variance = luck / size[some]
        found = shrunk(mean[some], variance)
        level = float((mean[some] / variance).sum() / (1.0 / variance).sum())
        left = left_uncertain(found.spread, variance)
        middle = level + found.value
        low[some], known[some], high[some] = middle - Z80 * left, middle, middle + Z80 * left
    return mean, low, known, high


def _says(bounds: tuple[Floats, ...], usual: float, words: tuple[str, str]) -> list[str]:
    """Which side of the usual a segment is on, where 8 in 10 say so; nothing where luck explains all differences."""
    low, _, high = bounds
    below, above = words
    return [
        SAME if not a < b else above if a > usual else below if b < usual else SAME
        for a, b in zip(low, high, strict=True)
    ]


def _growth(sales: pd.DataFrame, by: list[str], facts: Facts) -> pd.Series:
    """Sales of the second half of the covered days over the first, less 1."""
    middle = (facts.covered.first + facts.covered.last) / 2.0
    late = sales["day"] > middle
    before, after = (sales[half].groupby(by)["amount"].agg(["sum", "size"]) for half in (~late, late))
    enough = (before["size"] >= FEW) & (after["size"] >= FEW).reindex(before.index, fill_value=False)
    return (after["sum"].reindex(before.index) / before["sum"] - 1.0).where(enough)


def _margin_share(sales: pd.DataFrame, by: list[str]) -> pd.Series:
    known = sales[sales["margin"].notna()]
    if known.empty:
        return pd.Series(dtype=float)
    sums = known.groupby(by)[["margin", "amount"]].sum()
    return sums["margin"] / sums["amount"]


def _hours(facts: Facts, by: list[str], index: pd.Index) -> Floats:
    """Hours of contact with each segment; NaN where activities do not say, or can't be cut that way."""
    known = facts.contacts
    if known.empty or not set(by) <= set(known.columns) or not known["hours"].notna().any():
        return np.full(len(index), np.nan)
    return known.groupby(by)["hours"].sum().reindex(index).fillna(0.0).to_numpy(float)


def _steady(sales: pd.DataFrame, by: list[str], facts: Facts) -> pd.Series:
    """Share of the covered months in which a segment bought."""
    month = months(sales["day"])
    return sales.assign(month=month).groupby(by)["month"].nunique() / facts.covered.months


def quarters(facts: Facts) -> pd.DataFrame:
    """Revenue and win rate of every industry, region and product, quarter by quarter, and a year later.

    Columns: cut, segment, quarter (as in 2017-Q2), whole (False where the covered days hold only part of it), revenue,
    decided, won, win_rate, year_before (revenue of the same quarter a year earlier, NaN where it is not held) and
    year_on_year (revenue over it, less 1).
    """
    tables = []
    for cut in CUTS[:3]:
        sales, decided = facts.sales[facts.sales[cut] != ""], facts.decided[facts.decided[cut] != ""]
        sold = sales.assign(quarter=_quarter(sales["day"])).groupby([cut, "quarter"])["amount"].sum()
        ended = (
            decided.assign(quarter=_quarter(decided["closed"])).groupby([cut, "quarter"])["won"].agg(["size", "sum"])
        )
        table = ended.rename(columns={"size": "decided", "sum": "won"})
        table["revenue"] = sold.reindex(table.index).fillna(0.0)
        table["win_rate"] = table["won"] / table["decided"]
        earlier = table["revenue"].rename(index=lambda quarter: quarter + 4, level="quarter")
        table["year_before"] = earlier.reindex(table.index)
        table["year_on_year"] = table["revenue"] / table["year_before"].where(table["year_before"] > 0) - 1.0
        table = table.reset_index().rename(columns={cut: "segment"})
        table.insert(0, "cut", cut)
        tables.append(table)
    made = pd.concat(tables, ignore_index=True)
    first, last = facts.covered
    made["whole"] = [first_day(3 * q) >= first - 3 and first_day(3 * q + 3) - 1 <= last + 3 for q in made["quarter"]]
    made["quarter"] = [f"{1970 + q // 4}-Q{q % 4 + 1}" for q in made["quarter"]]
    made.insert(3, "whole", made.pop("whole"))
    return made.sort_values(["cut", "segment", "quarter"]).reset_index(drop=True)


def _quarter(days: pd.Series) -> np.ndarray:
    """Quarters since the beginning of 1970."""
    return months(days) // 3
