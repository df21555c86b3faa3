"""`territory flip`: how wrong an assumption may be before another plan than the winner leads."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from command import shelf, study
from command.parser import Parser
from command.settings import Settings
from command.stopping import keep
from command.terminal import DONE, INTERRUPTED, check_folder, complain, say
from scenarios.problems import InputError

if TYPE_CHECKING:
    from analysis.played import Played


EXAMPLES = (
    ("", "the newest comparison's best plan against its status quo"),
    ("balanced", "a stored plan against its status quo"),
    ("balanced nearest", "two stored plans against each other"),
)


def parser() -> Parser:
    """The options of the verb."""
    made = Parser(
        "flip",
        "For each input that is not known: the value at which another plan takes the lead. The plan and "
        "the one that it is held against are played again, on the same luck, with one input at the low and at the high "
        "end of its range, and where that changes the winner, in between. Points that were played are kept, so the "
        "same line goes on where it was stopped.",
        EXAMPLES,
        "docs/howto/flips.md",
    )
    made.add_argument("plan", nargs="?", help="label, start of a key or design; default: the newest comparison")
    made.add_argument("against", nargs="?", help="the plan it is held against; default: its status quo")
    made.add_argument("--results", default=Settings().results, help="folder of stored plans (default results)")
    made.add_argument("--to", default="flip", help="folder for the chart and its rows (default flip)")
    return made


def main(arguments: Sequence[str]) -> int:
    """Searches, prints the table and writes the chart; returns the exit code."""
    asked = parser().parse_args(list(arguments))
    again = shlex.join(["territory", "flip", *arguments])
    keep(lambda: _points_kept(again))
    results = Path(asked.results)
    try:
        check_folder(Path(asked.to), "--to")
        if not shelf.stored_scenarios(results):
            return study.nothing_stored(results)
        plans, against = _plans(asked, results)
        if not plans:
            return study.nothing_stored(results)
        return _flip(plans, against, results, Path(asked.to))
    except InputError as error:
        return complain(error.problems)


def _points_kept(again: str) -> int:
    say(f"\nstopped.  what was played is kept; go on with the same line:\n  {again}")
    return INTERRUPTED


def _plans(asked: argparse.Namespace, results: Path) -> tuple[list[Played], str]:
    """The plans to compare and the key of the baseline. Raises InputError for words that mean no plan, or several."""
    if not asked.plan:
        return study.newest_plans(results)
    problems: list[str] = []
    infos = []
    for word in filter(None, (asked.plan, asked.against)):
        try:
            found = shelf.find(results, [word])
        except InputError as error:
            problems += error.problems
            continue
        if len(found) > 1:
            labels = ", ".join(shelf.plain_label(str(info["label"])) for info in found)
            problems.append(f"'{word}' means {len(found)} stored plans: {labels}; name one, or the start of a key")
        infos.append(found[0])
    if problems:
        raise InputError(problems)
    against = str(infos[1]["key"] if asked.against else infos[0]["against"])
    keys = list(dict.fromkeys([str(infos[0]["key"]), against]))
    if len(keys) == 1:
        raise InputError([f"{infos[0]['label']} is what is compared with itself; name another plan to hold it against"])
    return [study.load_for_comparison(results, key) for key in keys], against


def _flip(plans: list[Played], against: str, results: Path, folder: Path) -> int:
    from analysis.flip_said import sentence, table
    from command.console import show
    from command.flipping.work import searched
    from command.simulate import say_if_it_compiles

    plans, comparison = study.compared(plans, against)
    say_if_it_compiles()
    found = searched(comparison, {played.key: played for played in plans}, results)
    if found.frame is None:
        say(found.why)
        return DONE
    from analysis.charts import drawn_flips

    told = table(found)
    show([tuple(told["heads"]), *(tuple(row) for row in told["rows"])], right={1})
    say(sentence(found))
    found.save(folder)
    drawn_flips(found, folder)
    say(f"chart    {folder / 'flips.png'} · {folder / 'flips.svg'}")
    say(f"rows     {folder / 'flips.csv'} · {folder / 'regret.csv'}")
    return DONE
