"""`territory simulate`: checks what is asked, lets Hydra compose and play it, and closes with the comparison."""

from __future__ import annotations

import multiprocessing
import os
import shlex
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from command.overrides import Asked, in_quotes, read
from command.terminal import INTERRUPTED, Progress, complain, say
from scenarios.problems import InputError

PATIENCE = 1.5  # seconds that a running year gets to stop after Ctrl-C


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
    total = None if asked.scenarios is None or asked.worlds is None else asked.scenarios + asked.worlds
    progress = Progress(total, asked.replications)
    many = "an open number of" if asked.scenarios is None else f"{asked.scenarios:,}"
    further = "" if asked.limit is None else f" at first, up to {asked.limit:,}"
    each = "years" if asked.in_a_row == "1" else f"runs of {asked.in_a_row} years"
    years = f"{asked.replications:,} {each}{further}"
    say(f"{many} {'scenario' if asked.scenarios == 1 else 'scenarios'} and the status quo × {years}")
    again = shlex.join(("territory", "simulate", *arguments))
    say_if_it_compiles()
    try:
        with _stoppable(lambda: _interrupted(folder, progress, again)):
            play_into(asked, folder, progress)
            if asked.limit is not None:
                _play_on(folder, Path(asked.results), asked.limit, progress)
    except KeyboardInterrupt:
        return _interrupted(folder, progress, again)
    except InputError:
        study.discard(folder)
        raise
    progress.clear()
    return study.conclude(folder, Path(asked.results), again, time.monotonic() - started, asked.confirm, asked.flips)


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


@contextmanager
def _stoppable(interrupted: Callable[[], int]) -> Iterator[None]:
    """Ctrl-C stops within two seconds, even while compiled code can't be interrupted; nothing half-done is kept."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(signum: int, frame: FrameType | None) -> None:
        def leave() -> None:
            os._exit(interrupted())

        for child in multiprocessing.active_children():  # the Mesa engine's workers would finish their years first
            child.terminate()
        threading.excepthook = lambda said: None  # Python's own pool trips over workers that are gone
        timer = threading.Timer(PATIENCE, leave)
        timer.daemon = True
        timer.start()
        timers.append(timer)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise KeyboardInterrupt

    timers: list[threading.Timer] = []
    before, told = signal.signal(signal.SIGINT, stop), threading.excepthook
    try:
        yield
    finally:
        for timer in timers:
            timer.cancel()
        signal.signal(signal.SIGINT, before)
        threading.excepthook = told


def _interrupted(folder: Path, progress: Progress, again: str) -> int:
    from command import study

    progress.clear()
    study.discard(folder)
    of = "" if progress.scenarios is None else f" of {progress.scenarios}"
    blocks = "" if progress.opened is None else ", with every block of years that was finished"
    say(f"\nstopped.  {len(progress.stored)}{of} scenarios are kept{blocks}.  go on with the same line:")
    say(f"  {again}")
    return INTERRUPTED
