"""`territory simulate`: checks what is asked, lets Hydra compose and play it, and closes with the comparison."""

from __future__ import annotations

import shlex
import time
from collections.abc import Sequence
from pathlib import Path

from command.overrides import Asked, in_quotes, read
from command.running import Running
from command.settings import Settings
from command.stopping import keep
from command.terminal import INTERRUPTED, Progress, complain, say
from scenarios.problems import InputError


def main(arguments: Sequence[str]) -> int:
    """Plays one scenario or a sweep; returns the exit code."""
    try:
        asked = read(arguments)
        return _play(asked, arguments)
    except InputError as error:
        return complain(error.problems)


def _play(asked: Asked, arguments: Sequence[str]) -> int:
    from command import study

    started = time.monotonic()
    folder = study.open_study(Path(asked.results))
    progress = Progress(asked.total, asked.replications)
    further = "" if asked.limit is None else f" at first, up to {asked.limit:,}"
    each = "years" if asked.in_a_row == "1" else f"runs of {asked.in_a_row} years"
    years = f"{asked.replications:,} {each}{further}"
    say(f"{_what(asked)} × {years}")
    again = shlex.join(("territory", "simulate", *arguments))
    say_if_it_compiles()
    progress.follow = Running(Path(asked.results)).finished
    keep(lambda: _interrupted(folder, progress, again))
    try:
        play_into(asked, folder, progress)
        if asked.limit is not None:
            _play_on(folder, Path(asked.results), asked.limit, progress)
    except InputError:
        study.discard(folder)
        raise
    progress.clear()
    keep(lambda: _all_played(asked.results, again))
    return study.conclude(folder, Path(asked.results), again, time.monotonic() - started, asked.confirm, asked.flips)


def _what(asked: Asked) -> str:
    """What is played; a status quo that is swept over as well is none of the scenarios."""
    if asked.scenarios is None:
        return "an open number of scenarios and the status quo"
    plans = asked.scenarios - asked.today
    if not plans:
        return "the status quo"
    return f"{plans:,} {'scenario' if plans == 1 else 'scenarios'} and the status quo"


def say_if_it_compiles() -> None:
    """Says that the first run takes longer, where it does."""
    from sim.rule import compiled_before

    if not compiled_before():
        say("compiling the model first, once for this version: a minute or more")


def play_into(asked: Asked, folder: Path, progress: Progress) -> None:
    """Plays every scenario asked for, and notes in ``folder`` what became of each.

    Raises InputError for what Hydra itself refuses.
    """
    from command.job import launch

    jobs = folder.resolve() / "jobs"
    places = [
        f"hydra.run.dir={in_quotes(str(jobs / '0'))}",
        f"hydra.sweep.dir={in_quotes(str(jobs))}",
        "hydra.sweep.subdir='${hydra.job.num}'",
    ]
    launch([*asked.overrides, *places], asked.sweep, progress)


def _play_on(folder: Path, results: Path, limit: int, progress: Progress) -> None:
    """After the first block: as many years as the differences between the plans ask for."""
    from command import rounds, study

    study.note_reached(folder, rounds.play_on(study.outcomes(folder), results, limit, progress), limit)


def _interrupted(folder: Path, progress: Progress, again: str) -> int:
    from command import study

    progress.clear()
    study.discard(folder)
    of = "" if progress.scenarios is None else f" of {progress.scenarios}"
    blocks = "" if progress.opened is None else ", with every block of years that was finished"
    say(f"\nstopped.  {len(progress.stored)}{of} scenarios are kept{blocks}.  go on with the same line:")
    say(f"  {again}")
    return INTERRUPTED


def _all_played(results: str, again: str) -> int:
    own = [] if results == Settings().results else [f"results={results}"]
    say("\nstopped while the comparison was written.  every scenario is kept.  go on with:")
    say(f"  {shlex.join(['territory', 'compare', *own])}")
    say(f"or with the same line:\n  {again}")
    return INTERRUPTED
