"""What is stored: every played scenario by key and label, without reading its tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from command.terminal import say
from scenarios.problems import InputError, nearest

NEEDED = (
    *("key", "label", "territory", "goals", "against", "played_at"),
    *("scenario", "seed", "replications", "engine"),
)


def stored_scenarios(results: Path) -> list[dict[str, Any]]:
    """The `info` of every stored scenario, the oldest first."""
    notes = _read(results.glob("[0-9a-f]*/info.json"), NEEDED)
    return sorted(notes, key=lambda info: (str(info["played_at"]), str(info["key"])))


def failures(results: Path) -> list[dict[str, Any]]:
    """What is recorded of scenarios that failed."""
    return _read(sorted(results.glob("*.failed.json")), ("key", "label", "problems"))


def _read(notes: Iterable[Path], needed: Iterable[str]) -> list[dict[str, Any]]:
    """What the notes say; one that is damaged is said to be so and left out."""
    found = []
    for note in notes:
        try:
            said = json.loads(note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            said = None
        if isinstance(said, dict) and all(key in said for key in needed):
            found.append(said)
        else:
            say(f"left out: {note} is damaged; play its plan again, or delete it")
    return found


def plain_label(label: str) -> str:
    """A label as it is typed: ``balanced+activity_priority``.

    >>> plain_label("balanced × activity_priority")
    'balanced+activity_priority'
    """
    return "+".join(part.strip() for part in label.replace("×", "+").split("+"))


def find(results: Path, words: Sequence[str]) -> list[dict[str, Any]]:
    """The stored scenarios that the words mean: the start of a key, a label, or a design or goal policy alone.

    Of several with one label the newest is meant. Raises InputError for words that mean nothing stored.
    """
    stored = stored_scenarios(results)
    found: dict[str, dict[str, Any]] = {}
    problems = []
    for word in words:
        meant = [info for info in stored if len(word) >= 3 and str(info["key"]).startswith(word)]
        if not meant:
            meant = [info for info in stored if plain_label(str(info["label"])) == plain_label(word)][-1:]
        if not meant:
            meant = list({str(i["label"]): i for i in stored if word in (i["territory"], i["goals"])}.values())
        if not meant:
            labels = {plain_label(str(info["label"])) for info in stored}
            problems.append(f"nothing stored is called '{word}'.  {nearest(word, labels)}")
        found.update({str(info["key"]): info for info in meant})
    if problems:
        raise InputError(problems)
    return list(found.values())
