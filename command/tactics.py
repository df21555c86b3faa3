"""Tactics as plans: the simulator's own settings, all together, each left out in turn, none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from command.settings import LISTS, Settings, option, options, parameters, unknown_key, value_of
from scenarios.problems import InputError, nearest
from scenarios.schema import GROUPS, PLAN, Scenario
from scenarios.strategy.map import StrategyMap

MAY_SET = (*PLAN, "events")  # what a planner decides, and what the firm does in the market; the market itself is given
ADDED_UP = tuple(key for key, sign in LISTS.items() if sign == "; ")  # several tactics may each add to these


class Plans(NamedTuple):
    """The scenarios that a map is played as, each with the settings that make it."""

    plan: tuple[Scenario, list[str]]
    today: tuple[Scenario, list[str]]
    without: dict[str, tuple[Scenario, list[str]]]

    @property
    def all(self) -> dict[str, tuple[Scenario, list[str]]]:
        """All of them, by what is left out."""
        return {"": self.plan, "all": self.today, **self.without}


def plans(of: StrategyMap, base: Sequence[str], problems: list[str]) -> Plans | None:
    """What is to be played, from the settings ``base`` of the command line; notes what is wrong with the tactics.

    None where a tactic can't be set.
    """
    before = len(problems)
    settings = {name: _settings(one.sets, f"{of.file}, tactic '{name}'", problems) for name, one in of.tactics.items()}
    _clashes(settings, base, of.file, problems)
    if len(problems) > before or not settings or not all(settings.values()):
        return None
    plan = _composed(base, settings.values())
    today = _composed(base, [])
    without = {name: _composed(base, [one for other, one in settings.items() if other != name]) for name in settings}
    for name, (scenario, _) in without.items():
        if scenario == plan[0]:
            said = ", ".join(f"{key}={value}" for key, value in settings[name].items())
            problems.append(f"{of.file}, tactic '{name}': it changes nothing: without {said} the plan is the same")
    return Plans(plan, today, without)


def unplayable(of: StrategyMap, base: Sequence[str]) -> list[str]:
    """What keeps single tactics from being played in this market, however right the words are: files, dates."""
    from scenarios.build import build

    found: list[str] = []
    for name, one in of.tactics.items():
        place = f"{of.file}, tactic '{name}'"
        wrong: list[str] = []
        own = _settings(one.sets, place, wrong)
        if own and not wrong:
            try:
                build(_composed(base, [own])[0])
            except InputError as error:
                found += [f"{place}: {problem}" for problem in error.problems]
    return found


def _settings(sets: Mapping[str, Any], place: str, problems: list[str]) -> dict[str, str]:
    """A tactic's settings as they are typed, each checked as `simulate` checks it."""
    found: dict[str, str] = {}
    for key, given in sets.items():
        group = key.split(".")[0]
        if group in GROUPS and group not in MAY_SET:
            problems.append(f"{place}: sets: {key} is no part of a plan; a tactic sets {', '.join(MAY_SET)}")
            continue
        if key in parameters() and "." not in key:
            problems.append(f"{place}: sets: {key} is for all plans alike; give it on the command line")
            continue
        try:
            found[key] = value_of(key, given) if key in parameters() else _option(key, given)
        except ValueError as error:
            problems.append(f"{place}: sets: {error}")
    return {key: _typed(value) for key, value in found.items()}


def _option(key: str, given: Any) -> str:
    if key not in GROUPS:
        raise ValueError(unknown_key(key))
    if str(given) not in options(key):
        raise ValueError(f"no {key} option '{given}'.  {nearest(str(given), options(key))}")
    return str(given)


def _typed(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _clashes(settings: Mapping[str, Mapping[str, str]], base: Sequence[str], file: str, problems: list[str]) -> None:
    """Notes what two tactics set, or a tactic and the command line."""
    by: dict[str, tuple[str, str]] = {}
    line = dict(word.lstrip("+").partition("=")[::2] for word in base)
    for name, own in [("", line), *settings.items()]:
        whose = f"tactic '{name}'" if name else "the command line"
        for key, setting in _touched(own).items():
            other, its = by.setdefault(key, (whose, setting))
            if other != whose and not (key in ADDED_UP and key == setting.partition("=")[0] == its.partition("=")[0]):
                problems.append(f"{file}: {other} and {whose} clash: {its} and {setting} both set {key}")


def _touched(own: Mapping[str, str]) -> dict[str, str]:
    """Every key that settings set, an option's file included, with the setting that does."""
    found = {}
    for key, value in own.items():
        if key in GROUPS and value in options(key):
            said = option(key, value)
            found.update({f"{key}.{name}": f"{key}={value}" for name in said if name not in ("name", "defaults")})
        found[key] = f"{key}={value}"
    return found


def _composed(base: Sequence[str], tactics: Iterable[Mapping[str, str]]) -> tuple[Scenario, list[str]]:
    """The scenario of these settings, and the settings as a person types them."""
    from command.job import composed
    from command.overrides import read_one

    together = dict(word.lstrip("+").partition("=")[::2] for word in base)
    for own in tactics:
        for key, value in own.items():
            together[key] = f"{together[key]}{LISTS[key]}{value}" if key in ADDED_UP and together.get(key) else value
    words = [_word(key, value) for key, value in together.items()]
    typed = [f"{key}={value}" if " " not in value else f"'{key}={value}'" for key, value in together.items()]
    own_words = [word for word in typed if word.strip("'").partition("=")[0] not in Settings.__dataclass_fields__]
    return composed(read_one(words).overrides), own_words


def _word(key: str, value: str) -> str:
    """A setting as an argument; what is no list keeps its commas by quotes."""
    return f"{key}='{value}'" if "," in value and key not in LISTS and "'" not in value else f"{key}={value}"
