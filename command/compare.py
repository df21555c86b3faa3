"""`territory compare A B …`: any stored scenarios on the same axes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from command import shelf, study
from command.play import KEPT, PLAYED
from command.settings import Settings
from command.terminal import DONE, NOTHING_TO_COMPARE, complain, say
from scenarios.problems import InputError


def main(arguments: Sequence[str]) -> int:
    """Compares the scenarios named, or those of the newest study; returns the exit code."""
    words = [word for word in arguments if not word.startswith("results=")]
    results = Path(next((word[8:] for word in arguments if word.startswith("results=")), Settings().results))
    flags = [word for word in words if word.startswith("-")]
    if flags:
        return complain(f"there is no option '{flag}'; name stored plans, see: territory list" for flag in flags)
    try:
        keys = _keys(results, words)
        if not keys:
            say(f"nothing to compare in {results}.  play something first:  territory simulate experiment=demo")
            return NOTHING_TO_COMPARE
        name = hashlib.sha256("".join(sorted(keys)).encode()).hexdigest()[:6]
        study.compare_and_write(results, keys, results / study.STUDIES / f"compare-{name}")
    except InputError as error:
        return complain(error.problems)
    return DONE


def _keys(results: Path, words: Sequence[str]) -> list[str]:
    """The keys meant, each with the status quo it is held against where that is stored."""
    if words:
        if not shelf.stored_scenarios(results):
            return []
        infos = shelf.find(results, words)
        known = {str(info["key"]) for info in shelf.stored_scenarios(results)}
        against = [str(info["against"]) for info in infos]
        return list(dict.fromkeys([*(key for key in against if key in known), *(str(info["key"]) for info in infos)]))
    newest = study.latest(results)
    if newest is None:
        return []
    return [outcome.key for outcome in study.outcomes(newest) if outcome.state in (PLAYED, KEPT)]
