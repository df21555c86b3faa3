"""Which of the scenarios of a sweep are today's plan itself, so that it is counted once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from command.settings import EXPERIMENT, option, parameters, value_of
from scenarios.schema import GROUPS, PLAN


def of_a_plan(key: str) -> bool:
    """Whether a setting makes a plan, and not the market, team or year that it is played in."""
    return key.split(".")[0] in PLAN


def as_today(key: str, values: Sequence[str]) -> list[str]:
    """Of the values of a setting those that leave a scenario what it is today.

    >>> as_today("territory", ["balanced", "current"]), as_today("goals.stretch", ["1.06", "1.1"])
    (['current'], ['1.06'])
    >>> as_today("market.seed", ["1", "2"])
    ['1', '2']
    """
    if not of_a_plan(key):
        return list(values)
    if key in GROUPS:
        return [value for value in values if value == GROUPS[key]().name]
    return [value for value in values if value_of(key, value) == parameters()[key].default]


def fixes_plan(experiments: Iterable[str]) -> bool:
    """Whether any of these experiments sets something that makes a plan, beside what it sweeps over."""
    for said in (option(EXPERIMENT, name) for name in experiments):
        defaults = [one for one in said.get("defaults") or () if isinstance(one, dict)]
        chosen = [str(key).rpartition("/")[2] for one in defaults for key in one]
        if any(of_a_plan(key) for key in (*said, *chosen)):
            return True
    return False
