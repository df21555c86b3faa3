"""What a plan is worth: its gain if no customer minded the change of rep, the price of their minding, and what is left.

Three plays on the same luck: today's territories, the plan, and the plan without disruption, in which the relationship
goes over whole. gross = without disruption − today; price = without disruption − plan; net = plan − today.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.compare import CANT_TELL, verdict
from analysis.cuts import break_even, contribution_by_week
from analysis.metrics import contribution, end_value
from analysis.played import Played
from analysis.words import money, money_alike, years_of_20

PARTS = {"gross": "gross gain", "price": "price of disruption", "net": "net"}
MEASURES = {
    "contribution": "contribution of the year",
    "expected": "the same, free of the luck of single sales",
    "end_value": "margin expected of the half year after",
}
WEEKS, MONTHS = 52, 12


@dataclass(frozen=True)
class Worth:
    """What the three plays say.

    ``years``: measure, part, replication and ``cents``, whole, so that gross − price = net in every year exactly.
    ``table``: measure, part, then over the years mean, typical (median), low and high (P10, P90), money, and ``above``,
    the share of years in which it is above 0. ``weeks``: expected contribution so far against today's, under
    ``gross`` and ``net``: a row a week, a column a replication.
    """

    years: pd.DataFrame
    table: pd.DataFrame
    weeks: dict[str, pd.DataFrame]

    def row(self, measure: str, part: str) -> pd.Series:
        """One row of ``table``."""
        found = (self.table["measure"] == measure) & (self.table["part"] == part)
        return self.table[found].iloc[0]

    @property
    def month(self) -> int | None:
        """The month from which the typical year stays ahead of today's territories; None where it does not."""
        week = break_even(self.weeks["net"])
        return None if week is None else month_of(week)

    @property
    def ahead(self) -> float:
        """The share of years that end ahead for good, in expected contribution."""
        return float((self.weeks["net"].iloc[-1] > 0).mean())


def month_of(week: int) -> int:
    """The month that a week ends in. Week 1 → 1, week 4 → 1, week 5 → 2, week 52 → 12."""
    return math.ceil(week * MONTHS / WEEKS)


def worth(today: Played, plan: Played, undisturbed: Played) -> Worth:
    """What the plan is worth; all three were played in the same years.

    100 today, 120 with the plan, 130 without disruption: 30 gross − 10 price = 20 net.
    """
    plays = {"today": today, "plan": plan, "undisturbed": undisturbed}
    by_week = {name: contribution_by_week(played, "fluid_margin") for name, played in plays.items()}
    values = {
        "contribution": {name: contribution(played) for name, played in plays.items()},
        "expected": {name: table.iloc[-1] for name, table in by_week.items()},
        "end_value": {name: end_value(played) for name, played in plays.items()},
    }
    rows, years = [], []
    for measure, of in values.items():
        cents = {name: np.rint(100 * of[name].to_numpy(np.float64)).astype(np.int64) for name in plays}
        parts = {
            "gross": cents["undisturbed"] - cents["today"],
            "price": cents["undisturbed"] - cents["plan"],
            "net": cents["plan"] - cents["today"],
        }
        for part, change in parts.items():
            low, typical, high = np.quantile(change, (0.1, 0.5, 0.9)) / 100
            above = float((change > 0).mean())
            rows.append((measure, part, float(change.mean()) / 100, typical, low, high, above))
            years.append(
                pd.DataFrame({"measure": measure, "part": part, "replication": plan.replications, "cents": change})
            )
    return Worth(
        years=pd.concat(years, ignore_index=True),
        table=pd.DataFrame(rows, columns=["measure", "part", "mean", "typical", "low", "high", "above"]),
        weeks={"gross": by_week["undisturbed"] - by_week["today"], "net": by_week["plan"] - by_week["today"]},
    )


def headline(found: Worth, plan: str, today: str, currency: str) -> str:
    """What the plan brings on the average of its years, as a sum that adds up."""
    gross, price, net = (float(found.row("contribution", part)["mean"]) for part in PARTS)
    if not found.years["cents"].any():
        return f"{plan} brings the same as {today}: the difference is exactly 0."
    size, bought, paid = money_alike([abs(net), gross, abs(price)], currency)
    bought = bought if gross <= 0 else f"+{bought}"
    what = f"{plan} brings {size} {'more' if net >= 0 else 'less'} a year than {today}"
    often = f"better in {years_of_20(float(found.row('contribution', 'net')['above']))} simulated years"
    if price == 0:
        return f"{what}, {often}; no account changes rep, so there is no disruption to pay for."
    of_change = (
        f"less {paid} for the change of reps" if price > 0 else f"and another {paid} that the change of reps brings"
    )
    return f"{what}: {bought} {of_change}; {often}."


def paid_for(found: Worth, currency: str) -> str:
    """When the plan has paid for itself, how surely, and what comes after the year."""
    if not found.years["cents"].any():
        return "There is nothing to pay for."
    often = f"free of the luck of single sales, {years_of_20(found.ahead)} simulated years end ahead"
    month = found.month
    if verdict(found.weeks["net"].iloc[-1].to_numpy(), 0.0) == CANT_TELL:
        years = found.weeks["net"].shape[1]
        when = f"Whether it pays for itself within the year can't be told from the {years} years played ({often})."
    elif month is None:
        when = f"It typically does not pay for itself within the year ({often})."
    elif month == 1:
        when = f"It typically is ahead from the first month on ({often})."
    else:
        when = f"It typically has paid for itself in month {month} ({often})."
    later = float(found.row("end_value", "net")["mean"])
    together = later + float(found.row("contribution", "net")["mean"])
    return (
        f"{when} What it leaves for the half year after is worth {money(later, currency, sign=True)} of margin, "
        f"{money(together, currency, sign=True)} with the year itself."
    )
