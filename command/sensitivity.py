"""`territory sensitivity`: which parameters decide how much more a plan brings than today's."""

from __future__ import annotations

import argparse
import csv
import sys
import time
from pathlib import Path

from command.parser import Parser
from command.terminal import BAD_INPUT, DONE, QUIET_SECONDS, complain, lively, say, spell
from scenarios.problems import nearest

DECIDE = 8  # parameters whose shares of the variance are computed
TABLE = "sensitivity.csv"
EXAMPLES = (
    ("", "every assumption: many minutes"),
    ("--territory nearest --goals none --write docs", "another plan, as a page"),
)


def parser() -> Parser:
    """The options of the verb."""
    made = Parser(
        "sensitivity",
        "Plays one plan and today's under other parameters: which of them decide the difference?",
        EXAMPLES,
        "docs/sensitivity.md",
    )
    made.add_argument("--territory", default="balanced", help="the plan's design (default balanced)")
    made.add_argument("--goals", default="hybrid", help="the plan's goals (default hybrid)")
    made.add_argument("--accounts", type=int, default=600, help="accounts of the market (default 600)")
    made.add_argument("--reps", type=int, default=6, help="reps (default 6)")
    made.add_argument("--replications", type=int, default=6, help="years of each plan (default 6)")
    made.add_argument("--trajectories", type=int, default=10, help="of the screening over all parameters (default 10)")
    made.add_argument("--samples", type=int, default=64, help="of the shares of variance, a power of 2 (default 64)")
    made.add_argument("--write", type=Path, help="write sensitivity.md and sensitivity.csv into this folder")
    return made


def main(argv: list[str]) -> int:
    """Prints the tables; 2 for a question that can't be asked."""
    options = parser().parse_args(argv)
    problems = _problems(options)
    if problems:
        return complain(problems)
    try:
        from command.influence.screening import in_processes, screened, shares, swings
    except ModuleNotFoundError as missing:
        if missing.name != "SALib":
            raise
        say("error: the library SALib is not there; install it with: pip install 'territory-sim[analysis]'")
        return BAD_INPUT
    from command.influence.headline import Question, said, spans
    from command.influence.table import markdown, rows_of, text

    question = Question(options.territory, options.goals, options.accounts, options.reps, options.replications)
    every = spans()
    counts = (len(every) + 1) * options.trajectories, options.samples * (DECIDE + 2), 2 * len(every) + 1
    clock = _Clock(sum(counts))
    answer = in_processes(question, clock.tick)
    say(f"{said(question)}: {sum(counts):,} pairs of plans")
    usual, ends = swings(every, answer)
    screening = screened(every, options.trajectories, answer)
    decide = {row.name for row in screening[:DECIDE]}
    found = shares([span for span in every if span.name in decide], options.samples, answer)
    if lively(sys.stderr):
        sys.stderr.write("\r\x1b[K")
    print(text(usual, screening, found, ends))
    if options.write:
        options.write.mkdir(parents=True, exist_ok=True)
        with (options.write / TABLE).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows(rows_of(every, screening, ends))
        command = "territory sensitivity " + " ".join(argv)
        page = markdown(said(question), command, usual, screening, found, ends, options)
        (options.write / "sensitivity.md").write_text(page, encoding="utf-8")
        say(f"written  {options.write / 'sensitivity.md'} · {options.write / TABLE}")
    say(f"{clock.seconds():.0f} s · next: territory validate")
    return DONE


def _problems(options: argparse.Namespace) -> list[str]:
    from scenarios.goals import POLICIES
    from scenarios.territory import DESIGNS

    problems = []
    for name, valid in (("territory", DESIGNS), ("goals", POLICIES)):
        said = getattr(options, name)
        if said not in valid:
            problems.append(f"--{name} {said}: {nearest(said, valid)}")
    if options.reps < 2 or options.accounts < 30 * options.reps:
        problems.append(f"--accounts {options.accounts} --reps {options.reps}: at least 2 reps and 30 accounts a rep")
    counts = {name: getattr(options, name) for name in ("replications", "trajectories")}
    problems += [f"--{name} {count}: at least 2" for name, count in counts.items() if count < 2]
    if options.samples < 2 or options.samples & (options.samples - 1):
        problems.append(f"--samples {options.samples}: a power of 2, as in 64")
    return problems


class _Clock:
    """Says from time to time how far it is."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.begun, self.told = total, 0, time.monotonic(), 0.0

    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self.begun

    def tick(self, more: int) -> None:
        """So many more pairs are played."""
        self.done += more
        live = lively(sys.stderr)
        if self.seconds() - self.told < (0.5 if live else QUIET_SECONDS):
            return
        self.told = self.seconds()
        line = f"{self.done:,} of {self.total:,} · {spell(self.told / self.done * (self.total - self.done))} left"
        if live:
            sys.stderr.write(f"\r\x1b[K{line}" if self.done < self.total else "\r\x1b[K")
            sys.stderr.flush()
        else:
            say(line)
