"""`territory validate`: plays the published patterns and says which of them the simulation shows."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from command.parser import Parser
from command.settings import EXPERIMENT
from command.settings import options as settings_of
from command.terminal import complain, say
from scenarios.problems import InputError, nearest

SEEDS = (1, 2, 3)
# The patterns, said here so that a mistake is answered before anything heavy is imported.
KNOWN = (1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 17, 18, 19, 20, 21, 23, 24, 25, 27)
EXAMPLES = (
    ("", "all patterns: many minutes"),
    ("--pattern 1 --pattern 7", "two of them"),
    ("--rivals --experiments --write docs/validation.md", "everything, as a page"),
)


def parser() -> Parser:
    """The options of the verb."""
    made = Parser(
        "validate",
        "Plays published findings on sales forces and holds the results against their bands.",
        EXAMPLES,
        "docs/validation.md",
    )
    made.add_argument("--seed", type=int, help="one more market seed beside 1, 2 and 3")
    made.add_argument("--seeds", help="other market seeds instead, with commas")
    made.add_argument("--pattern", type=int, action="append", help="only this pattern (may be repeated)")
    made.add_argument("--replications", type=int, default=24, help="simulated years each (default 24)")
    made.add_argument("--accounts", type=int, default=1000, help="accounts of each market (default 1000)")
    made.add_argument("--reps", type=int, default=10, help="reps of each market (default 10)")
    made.add_argument("--rivals", action="store_true", help="also play the models that lack one mechanism")
    made.add_argument("--experiments", action="store_true", help="also play the experiments with an expected sign")
    made.add_argument("--experiment", action="append", help="only this experiment (may be repeated)")
    made.add_argument("--rival-seeds", default="1", help="market seeds of these, with commas (default 1)")
    made.add_argument("--write", type=Path, help="write the tables as Markdown into this file")
    return made


def main(argv: list[str]) -> int:
    """Prints the tables; 1 where a pattern fails, a rival passes what should tell it or an experiment contradicts."""
    options = parser().parse_args(argv)
    problem = _problem(options)
    if problem:
        say(f"error: {problem}")
        return 2
    from command.validation.experiments import expectations
    from command.validation.page import write_page
    from command.validation.report import play_all

    seeds = _numbers(options.seeds) if options.seeds else list(SEEDS)
    if options.seed is not None and options.seed not in seeds:
        seeds.append(options.seed)
    started = time.monotonic()
    try:
        expected = expectations() if options.experiments or options.experiment else []
        expected = [one for one in expected if not options.experiment or one.experiment in options.experiment]
        result = play_all(seeds, _numbers(options.rival_seeds) if options.rivals else [], expected, options)
    except InputError as error:
        return complain(error.problems)
    if options.write:
        write_page(options.write, result, options)
        say(f"written  {options.write}")
    say(f"{time.monotonic() - started:.0f} s · next: territory simulate -m experiment=demo")
    return 0 if result.good else 1


def _numbers(words: str) -> list[int]:
    return [int(word) for word in words.split(",")]


def _problem(options: argparse.Namespace) -> str:
    for name, given in (("--seeds", options.seeds), ("--rival-seeds", options.rival_seeds)):
        if given and not all(word.strip().isdigit() for word in given.split(",")):
            return f"{name} {given}: whole numbers with commas, as in {name} 1,2,3"
    if options.seed is not None and not 0 <= options.seed < 2**32:
        return f"--seed {options.seed}: from 0 to {2**32 - 1}"
    wrong = [number for number in options.pattern or () if number not in KNOWN]
    if wrong:
        return f"no pattern {wrong[0]}; choose from: {', '.join(map(str, KNOWN))}"
    if options.replications < 2:
        return f"--replications {options.replications}: at least 2"
    there = settings_of(EXPERIMENT)
    unknown = [name for name in options.experiment or () if name not in there]
    if unknown:
        return f"there is no experiment '{unknown[0]}'; {nearest(unknown[0], there)}"
    if options.reps < 2 or options.accounts < 30 * options.reps:
        return f"--accounts {options.accounts} --reps {options.reps}: at least 2 reps and 30 accounts a rep"
    return ""
