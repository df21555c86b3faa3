"""A look back: what the team and each rep sold, won and opened, how that changed, and how good and bad it has been."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenarios.crm.timing import first_day, months
from scenarios.goal_file import TEAM
from scenarios.insight.facts import Facts
from scenarios.insight.segments import FEW

NEW_AFTER = 182  # days into the data from which a first sale tells of a new customer
PER_YEAR = {"quarter": 4, "month": 12}
FEW_PERIODS = 3  # whole ones, below which shorter periods are looked at


def look_back(facts: Facts) -> pd.DataFrame:
    """One row for the team and one a rep who decided something, most revenue first; amounts are of a year.

    Columns: rep, revenue, sales (how many), average (revenue of a sale), customers (who bought), average_customer,
    won, decided, win_rate, new_customers (first sale half a year or more into the data; NaN where that leaves less than
    a quarter), growth (the last year over the one before, or the second half of the days over the first, less 1; NaN
    where one has few sales), worst and best (revenue of the worst and best whole quarter, or month, times 4 or 12),
    period (which of the two).
    """
    word = "quarter" if len(_whole(facts, "quarter")) >= FEW_PERIODS else "month"
    reps = sorted((set(facts.decided["rep"]) | set(facts.sales["rep"])) - {""})
    firsts = facts.sales[facts.sales["account"] != ""].sort_values(["day", "rep"]).drop_duplicates("account")
    rows = [_row(facts, TEAM, facts.decided, facts.sales, firsts, word)]
    for rep in reps:
        decided, sales, new = (table[table["rep"] == rep] for table in (facts.decided, facts.sales, firsts))
        rows.append(_row(facts, rep, decided, sales, new, word))
    table = pd.DataFrame(rows)
    return pd.concat([table.iloc[:1], table.iloc[1:].sort_values(["revenue", "rep"], ascending=[False, True])])


def _row(
    facts: Facts, rep: str, decided: pd.DataFrame, sales: pd.DataFrame, firsts: pd.DataFrame, word: str
) -> dict[str, object]:
    years, (first, last) = facts.covered.years, facts.covered
    revenue, buyers = float(sales["amount"].sum()), sales.loc[sales["account"] != "", "account"].nunique()
    new = int((firsts["day"] >= first + NEW_AFTER).sum())
    known = last - first + 1 - NEW_AFTER
    by_period = _by_period(facts, sales, word) * PER_YEAR[word]
    return {
        "rep": rep,
        "revenue": revenue / years,
        "sales": len(sales) / years,
        "average": revenue / len(sales) if len(sales) else np.nan,
        "customers": buyers,
        "average_customer": revenue / years / buyers if buyers else np.nan,
        "won": int(decided["won"].sum()) / years,
        "decided": len(decided) / years,
        "win_rate": float(decided["won"].mean()) if len(decided) else np.nan,
        "new_customers": new * 365.25 / known if known >= 91 else np.nan,
        "growth": _growth(facts, sales),
        "worst": float(by_period.min()) if len(by_period) else np.nan,
        "best": float(by_period.max()) if len(by_period) else np.nan,
        "period": word,
    }


def _growth(facts: Facts, sales: pd.DataFrame) -> float:
    """Sales of the last year over the year before, less 1, where the days hold two; else of the later half."""
    first, last = facts.covered
    length = 365 if last - first + 1 >= 730 else (last - first + 1) // 2
    late = sales[sales["day"] > last - length]
    early = sales[(sales["day"] <= last - length) & (sales["day"] > last - 2 * length)]
    if len(late) < FEW or len(early) < FEW:
        return float("nan")
    return float(late["amount"].sum() / early["amount"].sum() - 1.0)


def _by_period(facts: Facts, sales: pd.DataFrame, word: str) -> pd.Series:
    """Revenue of each whole quarter or month of the covered days; 0 where nothing was sold."""
    number = months(sales["day"]) // (12 // PER_YEAR[word])
    return sales.groupby(number)["amount"].sum().reindex(_whole(facts, word), fill_value=0.0)


def _whole(facts: Facts, word: str) -> list[int]:
    """Quarters or months, counted from 1970 on, that the covered days hold, three days at either end forgiven."""
    length = 12 // PER_YEAR[word]
    first, last = facts.covered
    numbers = range(*(months(pd.Series([first, last])) // length + [0, 1]))
    return [n for n in numbers if first_day(length * n) >= first - 3 and first_day(length * (n + 1)) - 1 <= last + 3]
