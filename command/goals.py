"""`territory goals FOLDER`: a look back, quotas and activity goals for each rep, and whether any goals are SMART."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from command.parser import Parser
from command.terminal import DONE, Progress, check_folder, complain, say
from scenarios.intake.values import MOST
from scenarios.problems import InputError

if TYPE_CHECKING:
    from command.goalsetting.work import Work

MOST_YEARS = 10_000
SHOWN = 12  # rows of a table in the terminal; all stand in the files
EXAMPLES = (
    ("imported/NAME", "quotas and calls a week for each rep"),
    ("imported/NAME --firm 12000000 territory=balanced", "from the goal of the firm, in other territories"),
    ("imported/NAME --check goals.csv", "how likely and how SMART given goals are"),
)


def _parser() -> Parser:
    made = Parser(
        "goals",
        "Looks back on last year, proposes quotas and activity goals for each rep, converts quotas into "
        "calls a week, and says of each goal how likely it is, by playing the year, and how far it is in the rep's own "
        "hands.",
        EXAMPLES,
        "docs/howto/goals.md",
    )
    made.add_argument("folder", help="the folder of an export, or of an import; accounts alone are enough")
    made.add_argument("words", nargs="*", metavar="key=value", help="the plan, as in territory=balanced team.hours=38")
    made.add_argument("--check", default="", metavar="FILE", help="goals to check: columns rep, measure, target, every")
    made.add_argument("--firm", type=float, default=0.0, metavar="MONEY", help="the firm's goal, money a year")
    made.add_argument("--growth", type=float, default=6.0, metavar="PERCENT", help="else: last year and so much (6)")
    made.add_argument("--years", type=int, default=100, help="simulated years that goals are judged by (default 100)")
    made.add_argument("--to", default="", help="where the page is written (default: market/NAME of the folder)")
    return made


def main(arguments: Sequence[str]) -> int:
    """Writes the page and the tables, prints the goals; returns the exit code."""
    asked = _parser().parse_intermixed_args(list(arguments))
    try:
        return _goals(asked)
    except InputError as error:
        return complain(error.problems)


def _goals(asked: argparse.Namespace) -> int:
    from command.fitting.work import FEWEST
    from command.goalsetting.page import PAGE, SMART, sentences, write
    from command.goalsetting.work import expected_years, work
    from command.job import composed
    from command.overrides import read_one

    _check(asked)
    folder = Path(asked.to) if asked.to else Path("market") / Path(asked.folder).resolve().name
    check_folder(folder, "--to")
    if folder.resolve() == Path(asked.folder).resolve():
        raise InputError(
            [f"--to: '{folder}' holds the data; a table written there would be read as data; give another"]
        )
    words = ["market=crm", f"market.folder={asked.folder}", *asked.words]
    progress = Progress(None, 1)
    scenario = composed(read_one(words).overrides)
    if scenario.years > 1:
        raise InputError([f"years={scenario.years}: goals are those of one year; leave it out, or give years=1"])
    progress.expects(expected_years(asked.years))
    done = work(scenario, asked.firm, asked.growth / 100.0, asked.years, asked.check, progress.year_done)
    progress.clear()
    files = write(done, folder, _again(asked))
    _print(done)
    if len(done.checked) > _rows_shown(done):
        say(f"{len(done.checked) - _rows_shown(done):,} more in {folder / SMART}")
    unclear = [f"{asked.check}, line {one.goal.line}: {lack}" for one in done.checked for _, lack in one.goal.lacks]
    for sentence in unclear[:SHOWN]:
        say(sentence)
    for sentence in sentences(done):
        say(sentence)
    say(f"page     {folder / PAGE}")
    say(f"tables   {', '.join(files[1:])}")
    if unclear:
        return DONE
    if "market.fit" not in " ".join(asked.words) and done.begun >= FEWEST:
        say(f"fit      territory fit {shlex.quote(asked.folder)}")
    own = [word for word in asked.words if not word.startswith("goals")]
    goals = ["goals=from_file", f"goals.file={asked.check or folder / files[1]}"]
    say(f"play it  territory simulate {shlex.join([*words[:2], *own, *goals])}")
    return DONE


def _check(asked: argparse.Namespace) -> None:
    """Raises InputError with every option that can't be."""
    problems = []
    if asked.years < 20:
        problems.append(f"--years {asked.years}: give 20 or more; fewer can't tell a goal out of reach")
    if asked.years > MOST_YEARS:
        problems.append(f"--years {asked.years}: give {MOST_YEARS:,} or fewer")
    if not 0.0 <= asked.firm <= MOST or not -90.0 <= asked.growth <= 900.0:
        problems.append(f"--firm is an amount above 0, at most {MOST:,.0f}, --growth between -90 and 900 percent")
    if asked.check and not Path(asked.check).is_file():
        problems.append(f"--check: there is no file '{asked.check}'")
    if problems:
        raise InputError(problems)


def _print(done: Work) -> None:
    """The goals, judged: the proposed ones, or those that were to be checked."""
    from command.console import show
    from command.goalsetting.smart import LETTERS
    from scenarios.goals import QUOTA

    rows = [("rep", "measure", "target", "every", "chance", "", "own hands", "lacks")]
    for one in done.checked[: _rows_shown(done)]:
        goal = one.goal
        lacks = ", ".join(letter for letter, said in zip(LETTERS, one.says, strict=True) if said.startswith("no"))
        sign = done.built.market.currency if sys.stdout.isatty() and goal.measure == QUOTA else ""
        target = f"{sign}{goal.target:,.0f}" if goal.target == goal.target else ""
        when = goal.every or (f"by {goal.until}" if goal.until else "")
        shares = (_share(one.chance), one.verdict, _share(one.own_hands))
        rows.append((one.name, goal.measure, target, when, *shares, lacks))
    show(rows, right=(2, 4, 6))


def _rows_shown(done: Work) -> int:
    return 10 * SHOWN if done.own_file else SHOWN


def _again(asked: argparse.Namespace) -> str:
    """The line that makes the same page of the same data, wherever that lies."""
    words = [f"--firm={asked.firm:.12g}"] if asked.firm else [f"--growth={asked.growth:.12g}"]
    words += [f"--years={asked.years}"]
    words += [f"--check={Path(asked.check).name}"] if asked.check else []
    return shlex.join(["territory", "goals", "FOLDER", *asked.words, *words])


def _share(value: float) -> str:
    return "" if value != value else f"{100 * value:.0f} %"
