"""What stands behind `territory simulate`: checked against what can be set, before Hydra is imported.

Hydra's own syntax: ``group=option``, ``group.key=value``, and after ``-m`` lists with commas, ``range(1,5)``,
``choice(a,b)``, ``glob(*)``. What comes out is what Hydra gets, every value quoted, every mistake found, all at once.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import yaml

from command.settings import AUTO, BLOCK, EXPERIMENT, LISTS, option, options, parameters, unknown_key, value_of
from command.todays import as_today, fixes_plan, of_a_plan
from scenarios.problems import InputError, nearest
from scenarios.schema import GROUPS

SWEEP_FLAGS = ("-m", "--multirun")
FUNCTION = re.compile(r"^([a-z_]+)\((.*)\)$", re.DOTALL)
ADD_M = "; add -m to play them all"
MOST_VALUES = 10_000  # that a range may name
ONE_VALUE = {  # of a sweep
    "results": "folder",
    "replications": "number, or auto",
    "replications_limit": "number",
    "confirm": "number",
    "flips": "word",
}
OWN = ("hydra.run.", "hydra.sweep.", "hydra.sweeper.params", "hydra.job.chdir", "hydra.mode", "hydra.output_subdir")
LEFT_TO_HYDRA = ("interval", "shuffle", "sort", "tag", "extend_list")


class Asked(NamedTuple):
    """What a command line asks for."""

    overrides: tuple[str, ...]  # as Hydra takes them
    sweep: bool
    scenarios: int | None  # how many the sweep has; None where only Hydra can tell
    worlds: int | None  # how many markets and teams, so how many status quos
    today: int  # how many of the scenarios are a status quo themselves
    results: str
    replications: int  # that every plan gets at once
    limit: int | None  # how many at most, where as many are asked for as it takes
    confirm: int  # further years of the plan that comes out best
    flips: bool  # whether what would flip the answer is looked for
    in_a_row: str = "1"  # years of a plan one after the other; several words where the sweep tries several

    @property
    def total(self) -> int | None:
        """How many are played, each once; None where only Hydra can tell."""
        return None if self.scenarios is None or self.worlds is None else self.scenarios + self.worlds - self.today


class _Setting(NamedTuple):
    key: str
    values: list[str] | None  # None: a function that only Hydra understands
    written: str


def read(arguments: Sequence[str]) -> Asked:
    """What the arguments ask for. Raises InputError with everything that is wrong with them."""
    problems: list[str] = []
    sweep = any(argument in SWEEP_FLAGS for argument in arguments)
    settings, left_to_hydra = [], []
    for argument in arguments:
        if argument in SWEEP_FLAGS:
            continue
        key, equals, written = argument.partition("=")
        if argument.startswith("-"):
            problems.append(f"there is no option '{argument}'.  {nearest(argument, [*SWEEP_FLAGS, '--help'])}")
        elif not equals or argument.startswith("~"):
            problems.append(_not_a_setting(argument))
        elif key.lstrip("+").startswith(OWN):
            problems.append(f"{key} is set by territory itself; results=FOLDER says where everything goes")
        elif key.lstrip("+").startswith(("hydra.", "hydra/")):
            left_to_hydra.append(argument)
        else:
            settings.append(_setting(key.lstrip("+"), written, problems))
    settings, experiment_sweeps = _with_experiment(settings, problems)
    if not (sweep or experiment_sweeps):
        settings = [_in_one_piece(one) for one in settings]
    _check(settings, sweep or experiment_sweeps, problems)
    if problems:
        raise InputError(problems)
    replications, limit = _years(settings)
    if limit is None and any(one.key == "replications_limit" for one in settings):
        raise InputError(["replications_limit is where replications=auto stops; add replications=auto"])
    overrides = [_for_hydra(one) for one in settings]
    if experiment_sweeps:
        overrides.append("hydra.sweeper.params=null")
    return Asked(
        overrides=(*overrides, *left_to_hydra),
        sweep=sweep or experiment_sweeps,
        scenarios=_product(settings),
        worlds=_product(one for one in settings if not of_a_plan(one.key)),
        today=_todays(settings),
        results=_last(settings, "results", str(parameters()["results"].default)),
        replications=replications,
        limit=limit,
        confirm=value_of("confirm", _last(settings, "confirm", _by_experiment(settings, "confirm"))),
        flips=value_of("flips", _last(settings, "flips", _by_experiment(settings, "flips"))) == "yes",
        in_a_row=next((one.written for one in settings if one.key == "years"), _by_experiment(settings, "years")),
    )


def read_one(arguments: Sequence[str]) -> Asked:
    """The same for a verb that plays one plan and has no -m: a setting with several values is refused in its words."""
    try:
        asked = read(arguments)
    except InputError as error:
        raise InputError(problem.replace(ADD_M, "; give it one value") for problem in error.problems) from None
    if asked.sweep:
        raise InputError(["one plan at a time: leave out -m, and what sweeps"])
    return asked


def split(written: str) -> list[str]:
    """The parts of a list, apart at commas outside quotes and brackets.

    >>> split("a,'b,c',f(d,e)")
    ['a', "'b,c'", 'f(d,e)']
    """
    parts, depth, quote = [""], 0, ""
    for sign in written:
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        elif sign == "," and depth == 0:
            parts.append("")
            continue
        parts[-1] += sign
    return [part.strip() for part in parts]


def _not_a_setting(argument: str) -> str:
    if argument.startswith("~"):
        return f"'{argument}': nothing can be taken away; set it to another value instead"
    return f"'{argument}' sets nothing; write key=value, for example territory=balanced"


def _setting(key: str, written: str, problems: list[str]) -> _Setting:
    called = FUNCTION.match(written.strip())
    if not called:
        return _Setting(key, [_unquoted(part) for part in split(written)], written)
    name, inside = called.groups()
    if name == "choice":
        return _Setting(key, [_unquoted(part) for part in split(inside)], written)
    if name == "range":
        try:
            return _Setting(key, _range(split(inside)), written)
        except (ValueError, OverflowError):
            problems.append(f"{key}={written}: range takes start, stop and step, for example range(1,5)")
            return _Setting(key, None, written)
    if name == "glob":
        return _Setting(key, fnmatch.filter(options(key), _unquoted(inside)), written)
    if name not in LEFT_TO_HYDRA:
        problems.append(f"{key}={written}: there is no '{name}'.  {nearest(name, ['choice', 'range', 'glob'])}")
    return _Setting(key, None, written)


def _in_one_piece(one: _Setting) -> _Setting:
    """A parameter that is a list itself keeps its commas where nothing is swept; in a sweep quotes or [] keep them."""
    return one._replace(values=[_unquoted(one.written)]) if one.key in LISTS and one.values is not None else one


def _range(parts: Sequence[str]) -> list[str]:
    numbers = [float(part.split("=")[-1]) for part in parts]
    if not 1 <= len(numbers) <= 3 or numbers[2:] == [0.0]:
        raise ValueError("no range")
    start, stop, step = (0.0, *numbers, 1.0) if len(numbers) == 1 else (*numbers, 1.0)[:3]
    count = max(0, int(-((start - stop) // step)))
    if count > MOST_VALUES:
        raise ValueError("no end")
    whole = all(number == int(number) for number in (start, step))
    return [str(int(start + i * step) if whole else start + i * step) for i in range(count)]


def _unquoted(word: str) -> str:
    word = word.strip()
    return word[1:-1] if len(word) > 1 and word[0] == word[-1] and word[0] in "'\"" else word


def _with_experiment(settings: list[_Setting], problems: list[str]) -> tuple[list[_Setting], bool]:
    """The settings with what a named experiment sweeps over, unless the command line sets the same key itself."""
    named = [one for one in settings if one.key == EXPERIMENT]
    names = [name for one in named for name in one.values or ()]
    known = [name for name in names if name in options(EXPERIMENT)]
    added: list[_Setting] = []
    for name in known:
        try:
            said = option(EXPERIMENT, name)
        except yaml.YAMLError as error:
            problems.append(f"configs/{EXPERIMENT}/{name}.yaml is not readable: {' '.join(str(error).split())}")
            continue
        problems.extend(experiment_problems(name, said))
        swept = ((said.get("hydra") or {}).get("sweeper") or {}).get("params") or {}
        if swept and len(names) > 1:
            problems.append(f"{EXPERIMENT}={name} is a sweep of its own; name it alone")
        given = {one.key for one in settings}
        added += [_setting(str(key), str(value), problems) for key, value in swept.items() if key not in given]
    return added + settings, bool(added)


def experiment_problems(name: str, said: dict[str, Any]) -> list[str]:
    """What is wrong with the settings that an experiment's file fixes."""
    place = f"configs/{EXPERIMENT}/{name}.yaml"
    flat: dict[str, Any] = {}
    for key, value in said.items():
        if key in GROUPS and isinstance(value, dict):
            flat.update({f"{key}.{inner}": one for inner, one in value.items()})
        elif key not in ("defaults", "hydra"):
            flat[key] = value
    return [f"{place}: {problem}" for problem in file_problems(flat)]


def file_problems(flat: dict[str, Any]) -> list[str]:
    """What is wrong with dotted keys and their values."""
    found = []
    for key, value in flat.items():
        if key not in parameters():
            found.append(unknown_key(str(key)))
            continue
        try:
            value_of(key, value)
        except ValueError as error:
            found.append(str(error))
    return found


def _check(settings: Iterable[_Setting], sweep: bool, problems: list[str]) -> None:
    seen: set[str] = set()
    for one in settings:
        if one.key in seen:
            problems.append(f"{one.key} is set twice")
        seen.add(one.key)
        if one.key in GROUPS or one.key == EXPERIMENT:
            problems.extend(_unknown_options(one))
        elif one.key not in parameters():
            problems.append(unknown_key(one.key))
            continue
        else:
            for value in one.values or ():
                problems.extend(file_problems({one.key: value}))
        if one.values is not None and not one.values:
            problems.append(f"{one.key}={one.written} names nothing")
        if not sweep and one.values is not None and len(one.values) > 1:
            problems.append(f"{one.key}={one.written} names {len(one.values)} values{ADD_M}")
        if one.key in ONE_VALUE and (one.values is None or (sweep and len(one.values) > 1)):
            problems.append(f"{one.key} can only be one {ONE_VALUE[one.key]}")


def _unknown_options(one: _Setting) -> list[str]:
    word = "experiment" if one.key == EXPERIMENT else f"{one.key} option"
    found = []
    for value in one.values or ():
        if value not in options(one.key):
            found.append(f"no {word} '{value}'.  {nearest(value, options(one.key))}")
            continue
        try:
            said = {key: own for key, own in option(one.key, value).items() if key != "defaults"}
        except yaml.YAMLError as error:
            found.append(f"configs/{one.key}/{value}.yaml is not readable: {' '.join(str(error).split())}")
            continue
        if one.key != EXPERIMENT:
            flat = {f"{one.key}.{name}": given for name, given in said.items()}
            found += [f"configs/{one.key}/{value}.yaml: {problem}" for problem in file_problems(flat)]
    return found


def _for_hydra(one: _Setting) -> str:
    """One override in Hydra's grammar; ``++`` because a group's file states only what its option changes."""
    sign = "" if one.key in GROUPS or one.key == EXPERIMENT else "++"
    if one.values is None:
        return f"{sign}{one.key}={one.written}"
    return f"{sign}{one.key}=" + ",".join(_quoted(one.key, value) for value in one.values)


def _quoted(key: str, value: str) -> str:
    if key in parameters() and parameters()[key].type is not str:
        return value
    return in_quotes(value)


def in_quotes(value: str) -> str:
    r"""A text as Hydra reads it back, whatever signs are in it.

    >>> print(in_quotes("it's"))
    'it\'s'
    """
    plain = value.replace("${", "\\${")  # a folder may be called so; nothing is to be looked up
    return "'" + re.sub(r"(\\*)('|$)", lambda m: m[1] * 2 + ("\\'" if m[2] else ""), plain) + "'"


def _product(settings: Iterable[_Setting]) -> int | None:
    total = 1
    for one in settings:
        if one.values is None:
            return None
        total *= len(one.values)
    return total


def _todays(settings: Sequence[_Setting]) -> int:
    """How many of the scenarios are a status quo; 0 too where only Hydra can tell."""
    named = [name for one in settings if one.key == EXPERIMENT for name in one.values or ()]
    if fixes_plan(named):
        return 0
    return _product(one._replace(values=one.values and as_today(one.key, one.values)) for one in settings) or 0


def _last(settings: Iterable[_Setting], key: str, otherwise: str) -> str:
    values = [value for one in settings if one.key == key for value in one.values or ()]
    return values[-1] if values else otherwise


def _years(settings: Sequence[_Setting]) -> tuple[int, int | None]:
    """How many years every plan gets at once, and how many at most where it is as many as it takes."""
    replications, limit = (
        value_of(key, _last(settings, key, _by_experiment(settings, key)))
        for key in ("replications", "replications_limit")
    )
    return (min(BLOCK, limit), limit) if replications == AUTO else (replications, None)


def _by_experiment(settings: Iterable[_Setting], key: str) -> str:
    named = [name for one in settings if one.key == EXPERIMENT for name in one.values or ()]
    said = [option(EXPERIMENT, name).get(key) for name in named]
    return str(next((value for value in said if value), parameters()[key].default))
