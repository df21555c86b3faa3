"""Which accounts a planner means, in words, and by how much something changes there."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from scenarios.market import Market
from scenarios.problems import nearest

LARGEST = "largest"  # stands for the value that most accounts have, so that a region can be named in any market


def change(said: str, least: float, most: float) -> float:
    """A share such as -25%, +0.2 or 20 %. Raises ValueError for what is none, or lies outside ``least`` to ``most``.

    >>> change("-25%", -0.9, 2.0)
    -0.25
    """
    amount = re.fullmatch(r"([+-]?\d+(?:\.\d+)?) ?(%?)", said)
    share = float(amount[1]) / (100.0 if amount[2] else 1.0) if amount else np.nan
    if not least <= share <= most:
        raise ValueError(f"'{said}' is not a change from {least:.0%} to +{most:.0%}, as in -25%")
    return share


def concerned(where: str, market: Market) -> NDArray[np.bool_]:
    """Which accounts are meant by ``region=East and industry=Retail``, (n,); all where nothing is said.

    Raises ValueError for a column or a value that no account has.
    """
    accounts = market.accounts
    meant = np.ones(len(accounts), dtype=np.bool_)
    for condition in where.split(" and ") if where else ():
        column, equals, values = (part.strip() for part in condition.partition("="))
        columns = [name for name in accounts.columns if accounts[name].dtype.kind not in "fiub"]
        if not equals or column not in columns:
            raise ValueError(f"accounts have no column '{column}' of words; {nearest(column, columns)}")
        there = accounts[column].astype(str)
        known = set(there)
        wanted = [values] if values in known else [value.strip() for value in values.split(",")]
        if wanted == [LARGEST] and LARGEST not in known:
            wanted = [str(there.mode().iloc[0])]  # of equally many the first by name
        for value in wanted:
            if value not in known:
                raise ValueError(f"no account has {column}={value}; {nearest(value, known)}")
        meant &= there.isin(wanted).to_numpy()
    if not meant.any():
        raise ValueError(f"no account is meant by '{where}'")
    return meant
