"""What may come next on a line, for the scripts of `territory completion`; nothing heavy is imported for it."""

from __future__ import annotations

import importlib
import json
import re
import shlex
from argparse import Action, ArgumentParser
from collections.abc import Iterable, Sequence
from pathlib import Path

from command.settings import CHOICES, EXPERIMENT, WORDS, Settings, options, parameters
from scenarios.schema import GROUPS

MOST_PLANS = 300  # the newest; more would make the tab key wait
SETTING_VERBS = ("simulate", "people", "strategy", "goals", "fit")  # take group=option and group.key=value
PLAN_AT = {"explain": 0, "export": 0, "flip": 0, "track": 0, "inspect": 2}  # which word names a stored plan
MULTIRUN = ("-m", "--multirun")
SAID_ALONE = re.compile(r"[\w+.-]+")  # what a shell takes as one word as it stands


def answer(arguments: Sequence[str]) -> int:
    """Prints a candidate a line for the line typed so far; one that is complete ends with a blank."""
    print("\n".join(candidates(" ".join(arguments))))
    return 0


def candidates(line: str) -> list[str]:
    """What the last word of a line may become, whole; empty where only a file can stand there.

    >>> candidates("territory simulate territory=balan"), candidates("territory comp")
    (['territory=balanced '], ['compare ', 'completion '])
    """
    words = _words(line)
    current = words.pop() if words and not line[-1:].isspace() else ""
    found = _first_word() if len(words) < 2 else _of_verb(words[1], words[2:], current)
    return [word for word in dict.fromkeys(found) if word.startswith(current) and word.strip() != ""]


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:  # a quote is still open
        return line.split()


def _first_word() -> list[str]:
    from command.main import VERBS

    return [*(f"{verb} " for verb in VERBS), "--help ", "--version "]


def _of_verb(verb: str, before: Sequence[str], current: str) -> list[str]:
    from command.main import VERBS

    if verb in ("--help", "help"):
        return []
    if verb not in VERBS:
        return []
    parser = _parser(verb)
    waiting = parser._option_string_actions.get(before[-1]) if parser and before else None
    if waiting is not None and waiting.nargs != 0:
        return _values(waiting)
    if current.startswith("-"):
        named = list(parser._option_string_actions) if parser else ["-h", "--help"]
        return [f"{word} " for word in [*named, *(MULTIRUN if verb == "simulate" else ())] if word.startswith("--")]
    return _settings(verb, before, current) + _positional(verb, parser, before)


def _parser(verb: str) -> ArgumentParser | None:
    """The verb's own options; None for the verbs whose words are all settings."""
    from command.main import MODULES, WITHOUT_A_PARSER

    if verb in WITHOUT_A_PARSER:
        return None
    module = importlib.import_module(f"command.{MODULES.get(verb, verb)}")
    made: ArgumentParser = (getattr(module, "parser", None) or module._parser)()
    return made


def _values(action: Action) -> list[str]:
    if action.choices:
        return [f"{choice} " for choice in action.choices]
    if action.dest in (*GROUPS, EXPERIMENT):
        return [f"{name} " for name in options(action.dest)]
    return []


def _settings(verb: str, before: Sequence[str], current: str) -> list[str]:
    """``key=`` and, behind it, what the key may be; after -m a list with commas."""
    if verb == "design":
        return _wishes(current)
    if verb == "track":
        from command.track import WORDS as TRACKED

        return [f"{word}=" for word in TRACKED]
    if verb not in SETTING_VERBS:
        return []
    key, equals, value = current.partition("=")
    if not equals:
        return _keys(key)
    sweep = verb == "simulate" and any(word in MULTIRUN for word in before)
    named = value.split(",")[:-1] if sweep else []
    start = f"{key}={''.join(f'{one},' for one in named)}"
    known = options(key) if key in (*GROUPS, EXPERIMENT) else [*CHOICES.get(key, ()), *WORDS.get(key, ())]
    return [f"{start}{one}{'' if sweep else ' '}" for one in known if one and one not in named]


def _keys(typed: str) -> list[str]:
    group, dot, _ = typed.partition(".")
    if dot and group in GROUPS:
        return [f"{key}=" for key in parameters() if key.startswith(f"{group}.") and not key.endswith(".name")]
    whole = [*GROUPS, EXPERIMENT, *(key for key in parameters() if "." not in key)]
    return [*(f"{word}=" for word in whole if word != "behaviour"), *(f"{word}." for word in GROUPS)]


def _wishes(current: str) -> list[str]:
    from scenarios.design.wishes import AIMS, FOUND_BY, KEYS

    spoken = {"aim": AIMS, "territories": FOUND_BY, "contiguous": ("yes", "no")}
    key, equals, _ = current.partition("=")
    return [f"{key}={one} " for one in spoken.get(key, ())] if equals else [f"{key}=" for key in KEYS]


def _positional(verb: str, parser: ArgumentParser | None, before: Sequence[str]) -> list[str]:
    if parser is None:
        return []
    given = _given(parser, before)
    if verb == "compare" or PLAN_AT.get(verb) == len(given):
        return [f"{plan} " for plan in _plans(_results(before)) if plan not in given]
    if verb == "strategy" and not given:
        return [f"{name} " for name in options("strategy")]
    places = [action for action in parser._actions if not action.option_strings]
    return _values(places[len(given)]) if len(given) < len(places) else []


def _given(parser: ArgumentParser, before: Sequence[str]) -> list[str]:
    """The words that stand in places of their own: neither options nor their values nor settings."""
    given, skip = [], False
    for word in before:
        action = parser._option_string_actions.get(word)
        if not skip and not word.startswith("-") and "=" not in word:
            given.append(word)
        skip = action is not None and action.nargs != 0
    return given


def _results(before: Sequence[str]) -> Path:
    for word, following in zip(before, [*before[1:], ""], strict=False):
        if word == "--results" and following:
            return Path(following)
        if word.startswith(("results=", "--results=")):
            return Path(word.partition("=")[2])
    return Path(Settings().results)


def _plans(results: Path) -> Iterable[str]:
    """Names of the stored plans, the newest first; the key where a shell would not take the name as one word."""
    from command.shelf import plain_label

    notes = sorted(results.glob("[0-9a-f]*/info.json"), key=lambda note: note.stat().st_mtime, reverse=True)
    for note in notes[:MOST_PLANS]:
        try:
            said = json.loads(note.read_text(encoding="utf-8"))
            name = plain_label(str(said["label"]))
        except (OSError, ValueError, KeyError, TypeError):
            continue
        yield name if SAID_ALONE.fullmatch(name) else note.parent.name
