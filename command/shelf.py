"""What is stored: every played scenario by key and label, without reading its tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scenarios.problems import InputError, nearest


def stored_scenarios(results: Path) -> list[dict[str, Any]]:
    """The `info` of every stored scenario, the oldest first."""
    notes = [json.loads(note.read_text()) for note in results.glob("[0-9a-f]*/info.json")]
    return sorted(notes, key=lambda info: (str(info["played_at"]), str(info["key"])))


def failures(results: Path) -> list[dict[str, Any]]:
    """What is recorded of scenarios that failed."""
    return [json.loads(note.read_text()) for note in sorted(results.glob("*.failed.json"))]


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
