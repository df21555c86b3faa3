"""How the command talks: results on stdout, everything else on stderr; quiet in pipes and on build servers."""

from __future__ import annotations

import os
import re
import sys
import textwrap
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TextIO

from scenarios.problems import InputError

DONE, SOME_FAILED, BAD_INPUT, NOTHING_TO_COMPARE, NOT_HELD, FAULT, INTERRUPTED = 0, 1, 2, 3, 4, 70, 130
EXIT_CODES = {
    DONE: "done",
    SOME_FAILED: "some scenarios failed, the rest is compared; validate: a pattern failed",
    BAD_INPUT: "bad input; nothing is written",
    NOTHING_TO_COMPARE: "nothing is stored to compare, explain or replay",
    NOT_HELD: "compare --fail-unless: what was asked for does not hold",
    FAULT: "a fault of the program",
    INTERRUPTED: "stopped with Ctrl-C; what was finished is kept",
}  # all that any verb returns; docs/howto/terminal.md has the same table
QUIET_SECONDS = 30.0
LABEL = re.compile(r"\S[\w ]{0,10}\s{2,}")  # 'page     ', 'to do    ': what a line is about
COMMAND = re.compile(r"(?:^|\s\s)territory ")  # a line of ours is copied as it stands
UNIT = re.compile(r"(?<=\d) (?=[%kM$€£])")  # a number stays with its unit
BAR = 10  # signs of the progress bar
NARROWEST = 80  # columns, where a terminal does not say
SHOWN = 40  # problems told at once; more would hide the first


def say(line: str = "") -> None:
    """One line to the person at the terminal, on stderr."""
    print(broken(line, columns(sys.stderr)) if sys.stderr.isatty() else line, file=sys.stderr, flush=True)


def broken(line: str, wide: int) -> str:
    """A line as the terminal shows it: broken between words, under its label; one to be copied stays whole.

    >>> print(broken("to do      call the three largest", 24))
    to do      call the
               three largest
    """
    if len(line) <= wide or COMMAND.search(line) or "\n" in line:
        return line
    label = LABEL.match(line)
    told = textwrap.fill(
        UNIT.sub("\u00a0", line),
        wide,
        subsequent_indent=" " * (len(label[0]) if label and 2 * len(label[0]) < wide else 2),
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
    )
    return told.replace("\u00a0", " ")


def complain(problems: Iterable[str]) -> int:
    """Every problem on a line of its own, the first SHOWN of them; returns the exit code for bad input."""
    red, plain = ("\x1b[31m", "\x1b[0m") if coloured(sys.stderr) else ("", "")
    problems = list(problems)
    for problem in problems[:SHOWN]:
        say(f"{red}error:{plain} {problem}")
    if len(problems) > SHOWN:
        say(f"{red}error:{plain} and {len(problems) - SHOWN:,} more")
    return BAD_INPUT


def check_folder(folder: Path, setting: str) -> None:
    """Raises InputError where a folder that ``setting`` names could not be written, before the work is done."""
    try:
        there = next((place for place in (folder, *folder.parents) if place.exists()), Path())
    except OSError as error:
        shown = str(folder)
        raise InputError([f"{setting}: '{shown[:60]}…' is no folder that can be made ({error.strerror})"]) from None
    if not there.is_dir():
        raise InputError(
            [f"{setting}: '{there}' is a file, so no folder '{folder}' can be made; give another {setting}"]
        )


def coloured(stream: TextIO) -> bool:
    """Whether colours are wanted there: a terminal, and NO_COLOR not set."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def lively(stream: TextIO) -> bool:
    """Whether a line may be rewritten there: a terminal that a person looks at."""
    return stream.isatty() and not os.environ.get("CI") and os.environ.get("TERM") != "dumb"


def columns(stream: TextIO) -> int:
    """How wide the terminal is that a stream goes to; ``COLUMNS`` says it too, as it does for tables (rich)."""
    said = os.environ.get("COLUMNS", "")
    return int(said) if said.isdecimal() and int(said) else real_columns(stream)


def real_columns(stream: TextIO) -> int:
    """The same, whatever anybody says: what is rewritten must not wrap."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or NARROWEST
    except (OSError, ValueError):
        return NARROWEST


class Progress:
    """One line that says how far a sweep is: scenarios, simulated years, time left, and the answer so far.

    At a terminal it is rewritten; elsewhere a new line comes at every tenth and at least every 30 seconds.
    """

    def __init__(self, scenarios: int | None, years_each: int) -> None:
        self.scenarios, self.years_each = scenarios, years_each
        self.finished = self.years = self.kept_years = self.running = self.tenth = 0
        self.opened: int | None = None  # years in all, once further blocks were opened
        self.stored: set[str] = set()
        self.told = time.monotonic()
        self.first_year: tuple[float, int] | None = None
        self.live = lively(sys.stderr)
        self.answer = ""  # which of the finished plans is ahead
        self.follow: Callable[[Any, Any], str] | None = None  # the outcomes of today's and a plan: the answer so far

    @property
    def total(self) -> int | None:
        """How many simulated years there are in all, with those found in the store."""
        if self.opened is not None:
            return self.opened
        return None if self.scenarios is None else self.scenarios * self.years_each

    def playing(self, done: int) -> None:
        """So many years of the scenario under way are played; fewer than before where another plan is played."""
        if done < self.running:
            self.first_year = None
        self.running = done
        self.show()

    def scenario_done(self, key: str = "", kept: int = 0) -> None:
        """A scenario is finished, ``kept`` of its years without playing; one without a key failed. Each counts once."""
        if key in self.stored:
            return
        self.finished += 1
        if key:
            self.stored.add(key)
        self.years += self.years_each - kept
        self.kept_years += kept
        self.running = 0
        self.show()

    def scenario_refused(self) -> None:
        """A scenario can't be made, so that nothing of it is played, and nothing said here."""
        self.finished += 1
        self.kept_years += self.years_each
        self.running = 0

    def compared(self, today: Any, plan: Any) -> None:
        """A plan and the status quo it is held against are both finished."""
        if self.follow is not None:
            self.answer = self.follow(today, plan) or self.answer
            self.show()

    def expects(self, years: int) -> None:
        """About so many years are still to be played, one after the other, in one way or another."""
        self.opened, self.first_year = self.years + years, None

    def year_done(self) -> None:
        """One more of them is played."""
        self.years += 1
        self.show()

    def further(self, scenarios: int, years: int) -> None:
        """So many scenarios get so many further years each; a line of their own has said so."""
        self.scenarios = self.finished = scenarios
        self.opened, self.tenth = self.years + self.kept_years + scenarios * years, 10

    def block_done(self, years: int) -> None:
        """So many further years of one scenario are done."""
        self.years += years
        self.running = 0
        self.show()

    def line(self) -> str:
        """What is to be read now."""
        total, years = self.total, self.years + self.running
        if total is None:
            scenarios = f"{self.finished} scenarios done · " if self.finished else ""
            return f"{scenarios}{years:,} years played"
        left = max(0, total - self.kept_years - years)
        of = self.scenarios or 0
        parts = [f"{self.finished}/{of} scenarios"] if of > 1 else []
        played = max(years, total - self.kept_years)
        parts.append(f"{years:,}/{played:,} years" if played else "already played")
        if years and left:
            # The first year waits for the compiler, so the clock starts when it is done.
            if self.first_year is None:
                self.first_year = (time.monotonic(), years)
            since, before = self.first_year
            if years > before:
                parts.append(f"{spell(left * (time.monotonic() - since) / (years - before))} left")
        if self.answer:
            parts.append(f"so far: {self.answer}")
        return " · ".join(parts)

    def _fitting(self) -> str:
        """The line with a bar, as far as the terminal is wide: one that wraps could not be rewritten."""
        line, total = self.line(), self.total
        wide = min(columns(sys.stderr), real_columns(sys.stderr)) - 1
        if total and len(line) + BAR + 3 <= wide:
            done = min(BAR, BAR * (self.years + self.kept_years + self.running) // total)
            line = f"[{('=' * done + '>')[:BAR]:<{BAR}}] {line}"
        return line if len(line) <= wide else f"{line[: wide - 1]}…"

    def show(self) -> None:
        """Tells how far it is, where and as often as it is wanted."""
        now = time.monotonic()
        if self.live:
            if now - self.told > 0.1:
                self.told = now
                sys.stderr.write(f"\r\x1b[K{self._fitting()}")
                sys.stderr.flush()
            return
        share = 10 * (self.years + self.kept_years + self.running) // max(1, self.total or 10**9)
        if share > self.tenth or now - self.told > QUIET_SECONDS:
            self.tenth, self.told = share, now
            say(self.line())

    def clear(self) -> None:
        """Takes the line away again."""
        if self.live:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def spell(seconds: float) -> str:
    """A length of time in a unit that suits it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
