"""What would flip a comparison: searched, said in a line, and drawn for its page."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from command.stopping import stopped
from command.terminal import lively, say, spell
from scenarios.problems import InputError

if TYPE_CHECKING:
    from analysis.compare import Comparison
    from analysis.flip_said import Flips
    from analysis.flips import Tried
    from analysis.played import Played


def searched(comparison: Comparison, plans: Mapping[str, Played], results: Path) -> Flips:
    """What would flip the comparison, on its own years; points that are not stored yet are played and stored.

    Raises InputError where a plan's data or the program is not the one that played it.
    """
    from analysis.flip_said import FUTURES, Flips, nothing
    from analysis.flips import differences, flips, leader, regret
    from command.flipping.points import Points
    from command.flipping.search import search
    from command.flipping.unknowns import unknowns

    first, rivals = leader(comparison)
    why = nothing(comparison)
    if why:
        return Flips(comparison, first, why=why)
    chosen = {key: plans[key] for key in (first, *rivals)}
    inputs = unknowns(list(chosen.values()))
    clock = _Clock(len(inputs))
    tried: list[Tried] = []
    for one in search(Points(chosen, results), inputs, first, differences(comparison)):
        tried.append(one)
        clock.tick(one.words)
    clock.clear()
    frame = flips(tried, comparison.matters)
    if frame.empty:
        return Flips(comparison, first, why="No input that was tried changes anything here, so nothing flips.")
    return Flips(comparison, first, frame, regret(tried, first, frame.head(FUTURES)))


def searched_or_said(comparison: Comparison, plans: Mapping[str, Played], results: Path) -> Flips | None:
    """The same as a part of a comparison, which stands without it: what stops the search is said."""
    try:
        return searched(comparison, plans, results)
    except Exception as error:  # whatever it is, the comparison is there and its page is still to be written
        if stopped():
            raise
        problems = error.problems if isinstance(error, InputError) else (f"{type(error).__name__}: {error}",)
        for problem in problems:
            say(f"what would flip it was not tried: {problem}")
        return None


class _Clock:
    """One line that says how many inputs are tried and how long the others will take; rewritten at a terminal only."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.begun, self.live = total, 0, time.monotonic(), lively(sys.stderr)

    def tick(self, words: str) -> None:
        """One more input is tried."""
        self.done += 1
        left = (time.monotonic() - self.begun) / self.done * (self.total - self.done)
        if self.live:
            sys.stderr.write(f"\r\x1b[Kwhat would flip it: {self.done}/{self.total} · {words} · {spell(left)} left")
            sys.stderr.flush()

    def clear(self) -> None:
        """Takes the line away again."""
        if self.live:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
