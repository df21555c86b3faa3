"""What the n-th hire brings: the same plan with one more person, year by year on the same luck."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.compare import sure
from analysis.metrics import measures
from analysis.played import Played
from analysis.words import money, percent, years_of_20

SURE = 0.95


def head_count(plans: Sequence[Played]) -> pd.DataFrame:
    """One row a number of hires from 1 on; ``plans`` have 0, 1, 2, … of them.

    hires; of the contribution that this one adds to the plan with one less: typical (median), low and high (P10 and
    P90), better (share of runs in which it adds), sure (probability that the mean is positive); total and total_sure,
    the same against no hire; coverage (typical) with it.
    """
    money_of = [measures(one)["contribution"].to_numpy(float) for one in plans]
    rows = []
    for hires in range(1, len(plans)):
        adds, total = money_of[hires] - money_of[hires - 1], money_of[hires] - money_of[0]
        low, typical, high = np.quantile(adds, (0.1, 0.5, 0.9))
        rows.append(
            {
                "hires": hires,
                "typical": typical,
                "low": low,
                "high": high,
                "better": float((adds > 0).mean()),
                "sure": sure(adds),
                "total": float(np.median(total)),
                "total_sure": sure(total),
                "coverage": float(measures(plans[hires])["coverage"].median()),
            }
        )
    return pd.DataFrame(rows)


def paying(table: pd.DataFrame) -> int:
    """How many hires surely pay one by one: the last up to which the mean of each is above 0 with probability 0.95."""
    pays = (table["sure"] >= SURE).to_numpy()
    return int(pays.size if pays.all() else np.argmin(pays))


def verdict(row: pd.Series) -> str:
    """Pays, costs, or can't be told, of one hire."""
    if row["sure"] >= SURE:
        return "pays"
    return "costs more than it brings" if row["sure"] <= 1.0 - SURE else "can't be told"


def answer(table: pd.DataFrame, span: str, currency: str) -> str:
    """How many hires pay, in one sentence that says no more than the rows; ``span`` as in 'in 3 years'."""
    count = paying(table)
    first = table.iloc[0]
    if count == 0:
        said = (
            f"The first hire {verdict(first)} {span}"
            if verdict(first) != "can't be told"
            else (f"Whether the first hire pays {span} can't be told")
        )
        return (
            f"{said}: typically {money(first['typical'], currency, sign=True)}, more in {years_of_20(first['better'])}."
        )
    last = table.iloc[count - 1]
    who = "One hire pays" if count == 1 else f"{count} hires pay one by one"
    more = "" if count == len(table) else f" The next {verdict(table.iloc[count])}."
    return (
        f"{who} {span}: together typically {money(last['total'], currency, sign=True)}, the last of them "
        f"{money(last['typical'], currency, sign=True)} (more in {years_of_20(last['better'])}).{more}"
    )


def by_work(people: float, team: int, part: float) -> str:
    """What the work says by itself; ``part`` is how much of the hours needed is there."""
    return (
        f"Work asks for {people:.1f} people where {team} are: {percent(part)} of the hours that all accounts need "
        "to be covered well."
    )
