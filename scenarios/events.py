"""What happens in the year that nobody foresaw when goals were set, from a planner's sentences to dated events."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.market import Market
from scenarios.problems import InputError, nearest
from scenarios.schema import EventOptions
from scenarios.team import Team
from sim.world import CRITERIA, DEMAND, LAUNCH, LEAD, LEAVES, WEEKS, Events

FORMS = (
    "week N: demand -25% [in COLUMN=VALUE and COLUMN=VALUE], week N: competitor CRITERION +0.3 [in …], "
    "week N: launch +20% [in …], week N: rep REP leaves"
)
KINDS = ("demand", "competitor", "launch", "rep")
LARGEST = "largest"  # stands for the value that most accounts have, so that a region can be named in any market
LEAST, MOST = -0.9, 2.0  # change of demand or of opportunities


class _Event(NamedTuple):
    """One event of `sim.world.Events`."""

    week: int
    what: int
    criterion: int
    amount: float
    seat: int
    concerns: NDArray[np.bool_]


def dated_events(options: EventOptions, market: Market, team: Team) -> Events | None:
    """The events that ``options.happen`` names, in the order of their weeks; None where nothing happens.

    Raises InputError with every sentence that can't be understood.
    """
    found: list[_Event] = []
    problems = []
    for sentence in (" ".join(part.split()) for part in re.split(r"[;\n]", options.happen)):
        if sentence:
            try:
                found.append(_understood(sentence, market, team))
            except ValueError as problem:
                problems.append(f"events.happen: '{sentence}': {problem}")
    if problems:
        raise InputError(problems)
    if not found:
        return None
    found.sort(key=lambda event: event.week)
    return Events(
        week=np.array([event.week for event in found], dtype=np.int64),
        what=np.array([event.what for event in found], dtype=np.int64),
        criterion=np.array([event.criterion for event in found], dtype=np.int64),
        amount=np.array([event.amount for event in found], dtype=np.float64),
        seat=np.array([event.seat for event in found], dtype=np.int64),
        concerns=np.stack([event.concerns for event in found]),
    )


def _understood(sentence: str, market: Market, team: Team) -> _Event:
    dated = re.fullmatch(r"week (\d+): ?(\w+) ?(.*)", sentence, re.IGNORECASE)
    if not dated:
        raise ValueError(f"it goes: {FORMS}")
    week, kind, rest = int(dated[1]), dated[2].casefold(), dated[3]
    if not 1 <= week <= WEEKS:
        raise ValueError(f"week {week} is not in the year; 1 to {WEEKS}")
    said, _, where = rest.partition(" in ")
    concerns = concerned(where, market)
    if kind == "demand":
        return _Event(week - 1, DEMAND, 0, _change(said), -1, concerns)
    if kind == "launch":
        return _Event(week - 1, LAUNCH, 0, _change(said), -1, concerns)
    if kind == "competitor":
        name, _, score = said.partition(" ")
        if name not in CRITERIA:
            raise ValueError(f"no criterion is called '{name}'; {nearest(name, CRITERIA)}")
        return _Event(week - 1, LEAD, CRITERIA.index(name), _score(score), -1, concerns)
    if kind == "rep":
        leaves = re.fullmatch(r"(.+) leaves", rest)
        if not leaves:
            raise ValueError("it goes: week N: rep REP leaves")
        return _Event(week - 1, LEAVES, 0, 0.0, _seat(leaves[1], list(team.reps["id"])), np.zeros_like(concerns))
    raise ValueError(f"there is no '{kind}'; {nearest(kind, KINDS)} It goes: {FORMS}")


def _seat(said: str, ids: list[str]) -> int:
    """The row of a rep that is named by its id, or by a number: 1 is the first of the team."""
    if said in ids:
        return ids.index(said)
    if said.isdigit() and 1 <= int(said) <= len(ids):
        return int(said) - 1
    raise ValueError(f"no rep has the id '{said}'; {nearest(said, ids)}")


def _change(said: str) -> float:
    """A share such as -25%, +0.2 or 20 %."""
    amount = re.fullmatch(r"([+-]?\d+(?:\.\d+)?) ?(%?)", said)
    share = float(amount[1]) / (100.0 if amount[2] else 1.0) if amount else np.nan
    if not LEAST <= share <= MOST:
        raise ValueError(f"'{said}' is not a change from {LEAST:.0%} to +{MOST:.0%}, as in -25%")
    return share


def _score(said: str) -> float:
    number = re.fullmatch(r"[+-]?\d+(?:\.\d+)?", said)
    if not number or not -2.0 <= float(said) <= 2.0:
        raise ValueError(f"'{said}' is not a change of a score from -2 to 2, as in +0.3: scores go from 0 to 1")
    return float(said)


def concerned(where: str, market: Market) -> NDArray[np.bool_]:
    """Which accounts are meant, (n,): all, or those whose columns have the values said.

    Raises ValueError with a sentence for a column or value that no account has.
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
