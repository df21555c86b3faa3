"""How a market grows from year to year, and what of it is new to the firm, from a planner's words."""

from __future__ import annotations

import numpy as np

from scenarios.concerned import change, concerned
from scenarios.market import Market
from scenarios.problems import InputError
from sim.world import Floats, Ints

LEAST, MOST = -0.5, 1.0  # a year


def growth(said: str, market: Market) -> Floats:
    """What each account asks for in a year over the year before, (n,): 0.05 is 5 % more; no rows where none grows.

    ``+5%; industry=Retail +12%``: of two parts that name an account the later counts. Raises InputError with every
    part that can't be understood.
    """
    shares = np.zeros(len(market.accounts))
    problems = []
    for part in (" ".join(part.split()).replace(" %", "%") for part in said.split(";")):
        where, _, amount = part.rpartition(" ")
        try:
            if part:
                shares[concerned(where, market)] = change(amount, LEAST, MOST)
        except ValueError as problem:
            problems.append(f"market.growth: '{part}': {problem}")
    if problems:
        raise InputError(problems)
    return shares if shares.any() else np.zeros(0)


def entered(said: str, market: Market) -> Ints:
    """1 for accounts that nobody has sold to before the plan begins, (n,); no rows where there are none.

    Raises InputError where no account is meant, or all are.
    """
    if not said.strip():
        return np.zeros(0, dtype=np.int64)
    try:
        meant = concerned(" ".join(said.split()), market)
    except ValueError as problem:
        raise InputError([f"market.entry: {problem}"]) from problem
    if meant.all():
        raise InputError([f"market.entry: '{said}' means all accounts; a firm that has none has no year before"])
    return meant.astype(np.int64)
