"""A rep's own page: goal, pace, what is still to do a week, who is neglected, what is open."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.tracking.measures import Values
from analysis.tracking.said import Table, chance_words, flag_words, place_words, stays_words
from analysis.tracking.standing import Flag
from analysis.words import money, number

NEGLECTED = 0.5  # of the calls that the plan's mean year has made by now: who got fewer is neglected
AT_LEAST = 2.0  # calls that the plan has made by now, for an account to count as neglected
SHOWN = 25


class Desk(NamedTuple):
    """One rep's page."""

    name: str
    facts: list[tuple[str, str]]
    neglected: pd.DataFrame  # name, id, potential, made, planned
    open: pd.DataFrame  # id, account, stage, amount, weeks


def desk(
    row: pd.Series, flag: Flag | None, accounts: pd.DataFrame, made: Values, planned: Values, deals: pd.DataFrame,
    currency: str, week: int, calls_known: bool,
) -> Desk:  # fmt: skip
    """The page of the rep whose standing is ``row``.

    ``accounts`` are those of the territory; ``made`` and ``planned`` calls on each so far; ``deals`` the open
    opportunities at them, with ``row``, the place in ``accounts``.
    """
    short = (made < NEGLECTED * planned) & (planned >= AT_LEAST) if calls_known else np.zeros(len(made), dtype=bool)
    neglected = pd.DataFrame(
        {
            "name": accounts["name"].astype(str), "id": accounts["id"].astype(str),
            "potential": accounts["estimated_potential"].astype(float), "made": made, "planned": planned,
        }
    )[short].sort_values(["potential", "id"], ascending=[False, True])  # fmt: skip
    names = accounts["name"].astype(str).to_numpy()
    open_deals = deals.assign(account=names[deals["row"].to_numpy(np.int64)] if len(deals) else [])
    open_deals = open_deals.sort_values(["amount", "id"], ascending=[False, True])
    return Desk(str(row["name"]), facts(row, flag, neglected, open_deals, currency, week), neglected, open_deals)


def facts(
    row: pd.Series, flag: Flag | None, neglected: pd.DataFrame, deals: pd.DataFrame, currency: str, week: int
) -> list[tuple[str, str]]:
    """What a rep should know first."""
    span = f"{money(row['low'], currency)} to {money(row['high'], currency)} ({place_words(row['place'])})"
    told = [
        ("sold", f"{money(row['sold'], currency)} by week {week}; 8 in 10 of the plan's years had sold {span}"),
    ]
    if math.isfinite(row["quota"]):
        stays = stays_words(row, "quota")
        told.append(("quota", f"{money(row['quota'], currency)}; chance {chance_words(row, 'quota')}"
                     + (f", {stays} if what has changed stays so" if stays else "")))  # fmt: skip
        if math.isfinite(row["to_sell"]):
            told.append(("still to sell", _still(row, currency)))
    if math.isfinite(row["activity"]):
        told.append(("calls goal", f"{number(row['activity'], 1)} a week; chance {chance_words(row, 'activity')}"))
    if math.isfinite(row["calls"]):
        told.append(("calls so far", f"{number(row['calls'], 1)} a week"))
    told.append(("drift", flag_words(flag) if flag else "none beyond luck"))
    if math.isfinite(row["calls"]):
        told.append(
            ("neglected", f"{len(neglected)} accounts got fewer than half of the calls the plan has made by now")
        )
    told.append(("open", f"{len(deals)} opportunities" + (f", {money(float(deals['amount'].sum()), currency)} listed"
                                                         if len(deals) else "")))  # fmt: skip
    return told


def _still(row: pd.Series, currency: str) -> str:
    left = row["to_sell"]
    if left <= 0.0:
        return "nothing: the quota is reached"
    needed, said = row["calls_needed"], money(left, currency)
    if math.isnan(needed):
        return said
    if math.isinf(needed):
        return f"{said}; more calls alone do not bring it"
    return f"{said}; as likely as not with {number(needed, 1)} calls a week from now on"


def neglected_table(own: pd.DataFrame, currency: str) -> Table:
    """The neglected accounts, the largest potential first."""
    heads = ["account", "id", f"potential {currency}", "calls so far", "the plan by now"]
    rows = [
        [one["name"], one["id"] if one["id"] != one["name"] else "", number(one["potential"]), number(one["made"]),
         number(one["planned"], 1)]
        for one in own.head(SHOWN).to_dict("records")
    ]  # fmt: skip
    return {"heads": heads, "rows": rows, "words": [0, 1]}


def open_table(own: pd.DataFrame, currency: str) -> Table:
    """The open opportunities, the most valuable first."""
    heads = ["account", "opportunity", "stage", f"listed {currency}", "weeks open"]
    rows = [
        [one["account"], one["id"], one["stage"], number(one["amount"]), number(one["weeks"])]
        for one in own.head(SHOWN).to_dict("records")
    ]
    return {"heads": heads, "rows": rows, "words": [0, 1, 2]}
