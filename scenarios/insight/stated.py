"""What only people know: lines of a SWOT from a file, marked as stated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from scenarios.insight.line import FIRM, QUADRANTS, Line
from scenarios.problems import InputError, nearest


def stated_list(path: Path, thing: str, example: str, wrong: Callable[[Any], list[str]]) -> list[dict[str, Any]]:
    """A list of things that people state, from a YAML file; ``wrong`` says what is wrong with one of them.

    Raises InputError with everything that is wrong with it.
    """
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise InputError([f"{path.name}: can't be read: {' '.join(str(error).split())[:200]}"]) from None
    if not isinstance(said, list):
        raise InputError([f"{path.name}: give a list of {thing}s, as in  - {example}"])
    problems = [
        f"{path.name}, {thing} {number} of the list: {problem}"
        for number, one in enumerate(said, 1)
        for problem in wrong(one)
    ]
    if problems:
        raise InputError(problems)
    return said


def stated_lines(path: Path) -> tuple[Line, ...]:
    """What people know and no data says, from a YAML file: a list of lines with quadrant, what, and more.

    Raises InputError with everything that is wrong with it.
    """
    said = stated_list(path, "line", "{quadrant: threat, what: a new rival}", _wrong)
    return tuple(
        Line(
            quadrant=one["quadrant"],
            scope=str(one.get("scope", FIRM)),
            what=str(one["what"]),
            numbers=f"stated by {one.get('by', 'the planner')}",
            money=float(one.get("money", 0.0)),
            todo=str(one.get("todo", "")),
            measured=False,
        )
        for one in said
    )


def _wrong(one: Any) -> list[str]:
    known = ("quadrant", "scope", "what", "by", "money", "todo")
    if not isinstance(one, dict):
        return ["it has no quadrant and no what"]
    found = [f"no key '{key}'; {nearest(str(key), known)}" for key in one if key not in known]
    if one.get("quadrant") not in QUADRANTS:
        found.append(f"quadrant: there is no '{one.get('quadrant')}'; {nearest(str(one.get('quadrant')), QUADRANTS)}")
    if not str(one.get("what", "")).strip():
        found.append("what: it says nothing")
    money = one.get("money", 0.0)
    if isinstance(money, bool) or not isinstance(money, int | float) or not 0.0 <= float(money) < float("inf"):
        found.append(f"money: '{money}' is no amount of 0 or more")
    return found
