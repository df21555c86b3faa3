"""`territory compare A B …`: any stored scenarios on the same axes."""

from __future__ import annotations

import hashlib
import shlex
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
        return _named(results, words) if words else _newest(results)
    except InputError as error:
        return complain(error.problems)


def _named(results: Path, words: Sequence[str]) -> int:
    """The plans named, on one set of axes, with the status quo of the first where it is stored."""
    from analysis.store import stored

    if not shelf.stored_scenarios(results):
        return _nothing(results)
    infos = shelf.find(results, words)
    against = str(infos[0]["against"])
    keys = [against] if stored(results, against) else []
    keys = list(dict.fromkeys([*keys, *(str(info["key"]) for info in infos)]))
    again = shlex.join(["territory", "compare", *words])
    name = hashlib.sha256("".join(sorted(keys)).encode()).hexdigest()[:6]
    plans = [study.load_for_comparison(results, key) for key in keys]
    study.compare_plans(plans, against, results / study.STUDIES / f"compare-{name}", again, flips=results)
    return DONE


def _newest(results: Path) -> int:
    newest = study.latest(results)
    if newest is None:
        return _nothing(results)
    became, limit = study.reached(newest)
    there = [outcome for outcome in became if outcome.state in (PLAYED, KEPT)]
    if not there:
        return _nothing(results)
    study.compare_and_write(results, study.Reached(there, limit), newest)
    return DONE


def _nothing(results: Path) -> int:
    say(f"nothing to compare in {results}.  play something first:  territory simulate experiment=demo")
    return NOTHING_TO_COMPARE
