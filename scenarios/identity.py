"""What a scenario is known by: a hash of everything that its result depends on, and a label that people read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from scenarios.schema import GROUPS, OWN_TOLERANCE, PLAN, Scenario, TerritoryOptions

SAID = ("channels", "crm", "process", "review", "hiring")  # groups whose options say too little without their name
PACKAGES = Path(__file__).resolve().parents[1]


def plain(scenario: Scenario) -> dict[str, Any]:
    """The whole resolved configuration as nested plain dictionaries.

    >>> plain(Scenario())["territory"]["name"]
    'current'
    """
    return {**asdict(scenario), "behaviour": scenario.behaviour._asdict()}


def identity(scenario: Scenario, market_digest: str, code: str) -> str:
    """The key under which a scenario is stored: 12 hexadecimal digits.

    How many years are played is not part of it: a year is the same whichever are played beside it, so the store grows.
    ``market_digest`` stands for the planner's files, ``code`` for the program (`code_digest`). A plan's own files
    count by their content, so that a changed file is a new scenario and a renamed one is not.
    """
    config = plain(scenario)
    del config["replications"]
    config["market"]["folder"] = config["market"]["fit"] = ""  # both are in the digest, by their content
    for group, name in (("territory", "file"), ("territory", "adjacency"), ("goals", "file")):
        said = config[group][name]
        if said and Path(said).is_file():
            config[group][name] = hashlib.sha256(Path(said).read_bytes()).hexdigest()
    told = json.dumps([config, market_digest, code], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:12]


@lru_cache(maxsize=1)
def code_digest() -> str:
    """A hash of the sources of `sim` and `scenarios`: another program plays another year."""
    made = hashlib.sha256()
    for package in ("sim", "scenarios"):
        folder = PACKAGES / package
        for file in sorted(file for kind in ("*.py", "*.csv") for file in folder.rglob(kind)):
            made.update(file.relative_to(PACKAGES).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return made.hexdigest()[:12]


def status_quo(scenario: Scenario) -> Scenario:
    """What every plan is held against: today's territories and visits, no goals, no levers; same market and year."""
    usual: dict[str, Any] = {group: GROUPS[group]() for group in PLAN}
    return replace(scenario, **usual)


def apart(markets: Sequence[Mapping[str, Any]], told: Sequence[str] = ()) -> list[str]:
    """What sets each of several scenarios (`plain`) apart from the others, its plan left out, as settings.

    ``told`` are options that need no word.

    >>> two = [plain(replace(Scenario(), market=replace(Scenario().market, level=level))) for level in (1.0, 1.2)]
    >>> apart(two)
    ['market.level=1', 'market.level=1.2']
    """
    each = [
        {
            f"{group}.{name}": value
            for group in GROUPS
            if group not in PLAN
            for name, value in one.get(group, {}).items()
        }
        for one in markets
    ]
    names = [name for name in each[0] if name not in told and any(one.get(name) != each[0][name] for one in each)]
    return [", ".join(_setting(name, one.get(name)) for name in names) for one in each]


def _setting(name: str, value: Any) -> str:
    if value in ("", None):
        return f"no {name}"
    return f"{name}={value:.12g}" if isinstance(value, float) else f"{name}={value}"


def label(scenario: Scenario, own: Callable[[str, str], Mapping[str, Any]] = lambda group, name: {}) -> str:
    """The plan in a few words: design × goals, and whatever else of the plan is not as usual.

    ``own`` are the values that a group's named option says itself: what the name stands for needs no other word.

    >>> from scenarios.schema import CrmOptions, GoalsOptions
    >>> label(Scenario(territory=TerritoryOptions("nearest"), goals=GoalsOptions("quota_equal", stretch=1.2)))
    'nearest × quota_equal(stretch=1.2)'
    >>> label(Scenario(crm=CrmOptions("all")))
    'current × none × crm=all'
    """
    usual = TerritoryOptions()
    usual = replace(usual, tolerance=OWN_TOLERANCE.get(scenario.territory.name, usual.tolerance))
    parts = [_option(scenario.territory, usual), _option(scenario.goals, GROUPS["goals"]())]
    for group in (*PLAN[2:], "events"):
        chosen, normal = getattr(scenario, group), GROUPS[group]()
        if chosen != normal:
            parts.append(f"{group}=" * (group in SAID) + _option(chosen, normal, own(group, chosen.name)))
    if scenario.years > 1:
        parts.append(f"{scenario.years} years")
    return " × ".join(parts)


def _option(chosen: Any, usual: Any, own: Mapping[str, Any] | None = None) -> str:
    given, default = asdict(chosen), {**asdict(usual), **(own or {})}
    unusual = [f"{key}={value}" for key, value in given.items() if key != "name" and value != default[key]]
    return str(given["name"]) + (f"({', '.join(unusual)})" if unusual else "")
