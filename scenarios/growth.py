"""How a market grows from year to year, from a planner's words to a share for each account."""

from __future__ import annotations

import numpy as np

from scenarios.concerned import change, concerned
from scenarios.market import Market
from scenarios.problems import InputError
from sim.world import Floats

LEAST, MOST = -0.5, 1.0  # a year


def growth(said: str, market: Market) -> Floats:
    """What each account asks for in a year over the year before, (n,): 0.05 is 5 % more; no rows where none grows.

    ``+5%; industry=Retail +12%``: of two parts that name an account the later counts. Raises InputError with every
    part that can't be understood.
    """
    shares = np.zeros(len(market.accounts))
    problems = []
    for part in (" ".join(part.split()) for part in said.split(";")):
        where, _, amount = part.rpartition(" ")
        try:
            if part:
                shares[concerned(where, market)] = change(amount, LEAST, MOST)
        except ValueError as problem:
            problems.append(f"market.growth: '{part}': {problem}")
    if problems:
        raise InputError(problems)
    return shares if shares.any() else np.zeros(0)
