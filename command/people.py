"""`territory people`: work beside the hours there are, and what each further hire would bring."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from command.parser import Parser
from command.stopping import keep, plays_kept
from command.terminal import DONE, SOME_FAILED, Progress, check_folder, complain, say
from scenarios.problems import InputError

if TYPE_CHECKING:
    from analysis.played import Played
    from scenarios.schema import HiringOptions, Scenario

HIRES, MOST_HIRES, SHOWN = 4, 20, 6
YEARS = 3  # in which a hire is to pay, where nothing else is said
EXAMPLES = (
    ("", "a made-up market"),
    ("territory=balanced years=1 --hires 2", "one year of one plan"),
    ("market=crm market.folder=imported/NAME", "your own"),
)


def parser() -> Parser:
    """The options of the verb."""
    made = Parser(
        "people",
        "Hours that accounts need beside the hours there are, by territory, region, industry and product; "
        "how many people the work asks for, and how many pay: what each further hire adds, with the time it learns.",
        EXAMPLES,
        "docs/howto/people.md",
        epilog=f"Settings are those of territory simulate; years={YEARS} unless said.",
    )
    made.add_argument("words", nargs="*", metavar="key=value", help="settings of the plan, as for territory simulate")
    made.add_argument("--hires", type=int, help=f"up to how many (default {HIRES}, or as many as would get accounts)")
    made.add_argument("--to", default="", help="folder for the page and its tables (default: people)")
    return made


def main(arguments: Sequence[str]) -> int:
    """Plays the plan with 0, 1, 2, … hires and writes the page; returns the exit code."""
    asked = parser().parse_intermixed_args(list(arguments))
    try:
        return _people(asked, shlex.join(["territory", "people", *arguments]))
    except InputError as error:
        return complain(error.problems)


def _people(asked: argparse.Namespace, again: str) -> int:
    from command.job import composed
    from command.overrides import read_one

    hires = HIRES if asked.hires is None else asked.hires
    problems = [] if 1 <= hires <= MOST_HIRES else [f"--hires {hires}: give 1 to {MOST_HIRES}"]
    problems += [f"{word}: whom to hire is what is asked here; leave it out" for word in asked.words if _hires(word)]
    if problems:
        raise InputError(problems)
    words = asked.words if any(word.startswith("years=") for word in asked.words) else [*asked.words, f"years={YEARS}"]
    told = read_one(words)
    folder = Path(asked.to or "people")
    check_folder(folder, "--to")
    scenario = composed(told.overrides)
    most, why = _most(scenario, hires)
    if most < hires and (asked.hires is not None or not most):
        best = f"--hires {hires}: the most that works here is --hires {most}" if most else "nobody can be hired here"
        raise InputError([f"{best}; {why}"])
    progress = Progress(most + 2, scenario.replications)
    keep(lambda: plays_kept(again, progress))
    plans = _played(scenario, words, Path(told.results), most, progress)
    if len(plans) <= most:
        return SOME_FAILED
    no_more = f"No more than {most} {'is' if most == 1 else 'are'} shown: {why}." if most < hires else ""
    page = _written(scenario, plans, folder, again, no_more)
    say(f"page     {page}")
    say(f"try it   territory simulate -m hiring=never,up_front,by_need {shlex.join(words)}")
    return DONE


def _hires(word: str) -> bool:
    return word.partition("=")[0].split(".")[0] == "hiring"


def _most(scenario: Scenario, hires: int) -> tuple[int, str]:
    """How many of so many hires would get accounts, and why no more; nothing is played for it.

    Raises InputError where the plan can't be made without any.
    """
    from scenarios.build import build

    build(scenario)
    for count in range(1, hires + 1):
        try:
            build(replace(scenario, hiring=_begin(count)))
        except InputError as error:
            told = "; ".join(one.removeprefix("hiring: ").partition(";")[0] for one in error.problems)
            return count - 1, f"with {count}, {told}"
    return hires, ""


def _begin(count: int) -> HiringOptions:
    """So many people who begin with the plan."""
    from scenarios.schema import HiringOptions

    return HiringOptions("up_front", most=count, first=1000) if count else HiringOptions()


def _played(scenario: Scenario, words: Sequence[str], results: Path, hires: int, progress: Progress) -> list[Played]:
    """The plan with 0, 1, 2, … people who begin with it; fewer where one failed, which is said."""
    from analysis.store import load
    from command.play import FAILED, REFUSED, play
    from command.simulate import say_if_it_compiles

    say_if_it_compiles()
    plans = []
    for count in range(hires + 1):
        own = [*words, "hiring=up_front", f"hiring.most={count}"] if count else list(words)
        outcome = play(replace(scenario, hiring=_begin(count)), own, results, progress)[-1]
        if outcome.state == REFUSED:
            progress.clear()
            raise InputError(outcome.problems)
        if outcome.state == FAILED:
            progress.clear()
            say(f"failed: {outcome.label}: {'; '.join(outcome.problems)}")
            break
        plans.append(load(results, outcome.key, range(scenario.replications)))
    progress.clear()
    return plans


def _written(scenario: Scenario, plans: Sequence[Played], folder: Path, again: str, no_more: str) -> Path:
    """Prints the answer and the tables, and why no more hires are in them; returns the path of the page."""
    from analysis.people.head_count import answer, by_work, head_count
    from analysis.people.page import hires_table, segments_table, write
    from analysis.words import money
    from command.console import show
    from scenarios.build import build
    from scenarios.hiring.work import work

    info, built = plans[0].info, build(scenario)
    found = work(built.market, built.team, built.plan.owner, built.behaviour)
    table, currency = head_count(plans), str(info["currency"])
    span = "in a year" if scenario.years == 1 else f"in {scenario.years} years"
    often = f"{scenario.replications} {'years' if scenario.years == 1 else f'runs of {scenario.years} years'}"
    part = float(found.territories["there"].sum() / found.territories["needed"].sum())
    said = {
        "answer": f"{answer(table, span, currency)} {no_more}".strip(),
        "by_work": by_work(found.people, found.team, part),
    }
    _show(show, segments_table(found.segments), range(2, 7), SHOWN)
    _show(show, hires_table(table, currency), range(8), len(table))
    say(said["by_work"])
    say(said["answer"])
    return write(
        folder,
        {"head_count": table, "territories": found.territories, "segments": found.segments},
        currency,
        (str(info["label"]).removesuffix(f" × {scenario.years} years"), span, often),
        **said,
        again=again,
        source=info["source"],
        price=money(plans[1].info["scenario"]["hiring"]["price"], currency),
        ramp=1.0 - built.behaviour.ramp_lost,
        seed=info["seed"],
        digest=info["market_digest"][:12],
        code=info["code"],
    )


def _show(show: Any, table: dict[str, Any], right: range, most: int) -> None:
    show([tuple(table["heads"]), *(tuple(row) for row in table["rows"][:most])], right=set(right))
