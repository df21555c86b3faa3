"""Each file's own repairs: numbers, dates and words made out, bad rows set aside, blanks noted."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from scenarios.crm.read import Table
from scenarios.crm.words import COUNTRIES, SECTORS, meant, squeezed

STAGES = ("Prospecting", "Engaging", "Won", "Lost")
DECIDED = ("Won", "Lost")
UNKNOWN = "unknown"
MOST_STRANGERS = 300
MOST = 1e12  # money or employees above this are a slip of the pen
EARLIEST, LATEST = dt.date(1970, 1, 1), dt.date(2100, 1, 1)
NUMBER = re.compile(r"[-+]?\d+(\.\d*)?([eE][-+]?\d{1,3})?|[-+]?\.\d+")
GROUPED = re.compile(r"[$€£]?\s?-?\d{1,3}(,\d{3})*(\.\d+)?")
DECIMAL_COMMA = re.compile(r"-?\d+,\d{1,2}")


def number(text: str) -> float | None:
    """A number as exports write it; NaN where the field is blank, None where it is no number, below 0 or beyond belief.

    >>> number("1100.04"), number("$1,054"), number("12,5"), number("-3"), number("n/a")
    (1100.04, 1054.0, 12.5, None, None)
    """
    if not text:
        return math.nan
    if not text.isascii() and not text.startswith(("€", "£")):
        return None
    if NUMBER.fullmatch(text):
        value = float(text)
    elif GROUPED.fullmatch(text):
        value = float(text.lstrip("$€£ ").replace(",", ""))
    elif DECIMAL_COMMA.fullmatch(text):
        value = float(text.replace(",", "."))
    else:
        return None
    return value if 0.0 <= value <= MOST else None


def date(text: str) -> int | None:
    """Days since 1970 of a date written YYYY-MM-DD (a time after it is ignored); -1 where blank, None where it is none.

    >>> date("1970-01-02"), date("2017-02-30"), date("3/1/2017"), date("2017-03-01 00:00")
    (1, None, None, 17226)
    """
    if not text:
        return -1
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}([T ].*)?", text, flags=re.ASCII):
        return None
    try:
        day = dt.date.fromisoformat(text[:10])
    except ValueError:
        return None
    return (day - EARLIEST).days if EARLIEST <= day < LATEST else None


def accounts(table: Table) -> None:
    """Accounts: name, sector, revenue, employees (NaN where unknown), rows sorted by name."""
    _unique(table, "account")
    for column in ("revenue", "employees"):
        _numbers(table, column)
        blank = ~(table.rows[column] > 0)
        table.found(f"blank or zero {column}", blank.sum(), "taken as its sector's usual one")
        table.rows[column] = table.rows[column].where(~blank)
    _words(table, "sector", SECTORS)
    _words(table, "office_location", COUNTRIES, blank_is_news=False)
    parents = _repair(table.rows["subsidiary_of"], table.rows["account"])
    lost = (table.rows["subsidiary_of"] != "") & parents.isna()
    table.found("parent company that is no account", lost.sum(), "taken as a company that sells nothing itself")
    table.rows["subsidiary_of"] = parents.fillna(table.rows["subsidiary_of"])
    table.rows = table.rows.sort_values("account").reset_index(drop=True)


def products(table: Table) -> None:
    """Products: name and list price (NaN where blank), rows sorted by name."""
    _unique(table, "product")
    _numbers(table, "sales_price")
    table.found("blank price", table.rows["sales_price"].isna().sum(), "the mean of what was paid is shown")
    table.rows = table.rows.sort_values("product").reset_index(drop=True)


def agents(table: Table) -> None:
    """Agents and their office, rows sorted by agent."""
    _unique(table, "sales_agent")
    _words(table, "regional_office", ())
    table.rows = table.rows.sort_values("sales_agent").reset_index(drop=True)


def pipeline(table: Table) -> None:
    """Opportunities by themselves: stage, engage and close day (-1 = none), value; rows sorted by id."""
    stage = _repair(table.rows["deal_stage"], STAGES)
    repaired = stage.notna() & (stage != table.rows["deal_stage"])
    table.found("stage written another way", repaired.sum(), "taken as the stage meant")
    known = ", ".join(STAGES)
    unknown = "unknown stage '" + table.rows["deal_stage"].str.slice(0, 40) + f"'; stages are {known}"
    table.rows["deal_stage"] = stage.fillna("")
    table.set_aside(stage.isna(), unknown)
    for column in ("engage_date", "close_date"):
        days = pd.Series([date(text) for text in table.rows[column]], index=table.rows.index, dtype="object")
        why = f"{column}: '" + table.rows[column].str.slice(0, 40) + "' is no date (YYYY-MM-DD, 1970 to 2099)"
        table.rows[column] = days.fillna(-1).astype("int64")
        table.set_aside(days.isna(), why)
    _numbers(table, "close_value")
    _unique(table, "opportunity_id")
    rows = table.rows
    decided = rows["deal_stage"].isin(DECIDED)
    reason = pd.Series("", index=rows.index, dtype="str")
    reason = reason.mask((rows["deal_stage"] == "Won") & ~(rows["close_value"] > 0), "won, but without a value")
    reason = reason.mask(decided & (rows["close_date"] < 0), "won or lost, but without a close date")
    backwards = (rows["close_date"] >= 0) & (rows["engage_date"] > rows["close_date"])
    reason = reason.mask(backwards, "closed before it was engaged")
    table.set_aside(reason != "", reason)
    rows = table.rows
    no_start = rows["deal_stage"].isin(DECIDED) & (rows["engage_date"] < 0)
    table.found("won or lost without an engage date", no_start.sum(), "counted, but not for how long deals take")
    table.rows = rows.sort_values("opportunity_id").reset_index(drop=True)


def cross_check(deals: Table, known: dict[str, pd.Series]) -> None:
    """Agents, products and accounts that opportunities name, against their own files; strangers are set aside.

    Blank accounts and products stay, as empty text: such deals count for the rates of what they do name.
    """
    blank_agent = deals.rows["sales_agent"] == ""
    deals.set_aside(blank_agent, "no agent")
    files = {"sales_agent": "sales_teams.csv", "product": "products.csv", "account": "accounts.csv"}
    for column, file in files.items():
        words = deals.rows[column]
        right = _repair(words, known[column])
        blank = words == ""
        for wrong in sorted(set(words[right.notna() & (right != words)])):
            fixed = right[words == wrong].iloc[0]
            deals.found(f"{column} '{wrong}', in {file} '{fixed}'", (words == wrong).sum(), "taken as the same")
        stranger = right.isna() & ~blank
        why = f"{column} '" + words.str.slice(0, 60) + f"' is not in {file}"
        deals.rows[column] = right.fillna("").astype("str")
        deals.set_aside(stranger, why)
    for column, use in (("account", "agent and product"), ("product", "agent and account")):
        done = f"counted for the rates of {use}, not for any account's sales"
        deals.found(f"no {column}", (deals.rows[column] == "").sum(), done)


def _repair(words: pd.Series, known: Iterable[str]) -> pd.Series:
    """The known word meant by each word; missing where none is. Blank words are missing."""
    choices = set(known)
    strangers = sorted(set(words) - choices - {""})
    # A file that names hundreds of strangers belongs to another export: no guessing, which would take hours.
    right = {word: meant(word, choices) for word in strangers} if len(strangers) <= MOST_STRANGERS else {}
    return words.map({word: word for word in choices if word} | right).astype("str")


def _words(table: Table, column: str, vocabulary: Iterable[str], blank_is_news: bool = True) -> None:
    """One spelling a word: misspelt ones by the vocabulary, case and spaces by the commonest, blanks `unknown`."""
    words = table.rows[column]
    common = words[words != ""].value_counts()
    ways: dict[str, str] = {}
    for word in sorted(common.index, key=lambda one: (-common[one], one)):
        ways.setdefault(squeezed(word), word)
    right = {word: meant(word, vocabulary) or ways[squeezed(word)] for word in common.index}
    for word in sorted(right):
        if right[word] != word:
            table.found(f"{column} '{word}'", int(common[word]), f"read as '{right[word]}'")
    if blank_is_news:
        table.found(f"blank {column}", (words == "").sum(), f"called '{UNKNOWN}'")
    table.rows[column] = words.map(lambda word: right.get(word, UNKNOWN)).astype("str")


def _numbers(table: Table, column: str) -> None:
    values = pd.Series([number(text) for text in table.rows[column]], index=table.rows.index, dtype="object")
    bad = pd.Series([value is None for value in values], index=table.rows.index, dtype=bool)
    why = f"{column}: '" + table.rows[column].str.slice(0, 40) + "' is no number of 0 or more"
    signs = ~bad & table.rows[column].str.contains(r"[$€£,]", regex=True)
    table.found(f"{column} with currency signs or commas", signs.sum(), "read as the number meant")
    table.rows[column] = values.where(~bad, np.nan).astype("float64")
    table.set_aside(bad, why)


def _unique(table: Table, column: str) -> None:
    """Sets blank and repeated names aside; of several rows the one whose text sorts first stays, wherever it stands."""
    table.set_aside(table.rows[column] == "", f"no {column}")
    order = table.rows.sort_values([column, "text"], kind="stable")
    again = order[column].duplicated().reindex(table.rows.index)
    table.set_aside(again, f"{column} '" + table.rows[column].str.slice(0, 60) + "' stands there more than once")
