"""What a planner says in one line: lists of words, and names with numbers."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite

from scenarios.problems import InputError, nearest

BRACKETS = ("[]", "()", "{}")


def words(text: str) -> tuple[str, ...]:
    """The words of a list, apart at commas; brackets around it and quotes around a word may be left out.

    >>> words("[A00012, R03]")
    ('A00012', 'R03')
    """
    inside = text.strip()
    if len(inside) > 1 and inside[0] + inside[-1] in BRACKETS:
        inside = inside[1:-1]
    return tuple(word for word in (part.strip().strip("'\"").strip() for part in inside.split(",")) if word)


def numbers(key: str, text: str, usual: float, known: Iterable[str], unsaid: bool = False) -> dict[str, float]:
    """The number of each name in a list like ``potential, workload:2``; ``usual`` where none is said.

    ``key`` is the parameter, as messages name it. Raises InputError with everything that is wrong: a name that is not
    among ``known``, one that stands there twice, and what is no number of at least 0; with ``unsaid`` the usual one may
    be what nobody can say.

    >>> numbers("territory.balance", "potential, workload:2", 1.0, ["potential", "workload", "accounts"])
    {'potential': 1.0, 'workload': 2.0}
    """
    choices = tuple(known)
    found: dict[str, float] = {}
    problems = []
    for word in words(text):
        name, colon, written = (part.strip().strip("'\"") for part in word.partition(":"))
        if name not in choices:
            problems.append(f"{key}: there is no '{name}'; {nearest(name, choices)}")
        elif name in found:
            problems.append(f"{key}: {name} stands there twice; keep one of the two")
        found[name] = number = _number(written) if colon else usual
        if not (isfinite(number) and number >= 0.0) and not (unsaid and not colon):
            problems.append(f"{key}: {name}:{written} is not a number of at least 0; write it like {name}:2")
    if problems:
        raise InputError(problems)
    return found


def _number(written: str) -> float:
    """The number, or not a number."""
    try:
        return float(written)
    except ValueError:
        return float("nan")
