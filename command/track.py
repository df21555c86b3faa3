"""`territory track PLAN FOLDER`: this year's records against the plan: what drifts, chances of goals, what helps."""

from __future__ import annotations

import argparse
import datetime as dt
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from command import shelf
from command.parser import Parser
from command.settings import Settings
from command.terminal import DONE, NOTHING_TO_COMPARE, Progress, check_folder, complain, say
from scenarios.problems import InputError, nearest

if TYPE_CHECKING:
    from command.tracking.work import Tracked

FOLDER = "tracked"
FEWEST, USUAL, MOST = 100, 400, 10_000  # simulated years
WORDS = ("as_of", "week", "year_starts", "years")
SHOWN = 12  # reasons for what is set aside


class _Asked(NamedTuple):
    """What the words say."""

    day: dt.date | None
    week: int | None
    begins: dt.date | None
    years: int
EXAMPLES = (
    ("balanced exports/2026 as_of=2026-09-30", "what drifts by the end of September"),
    ("balanced exports/2026 week=39 years=1000", "by week, on more simulated years"),
)


def _parser() -> Parser:
    made = Parser(
        "track",
        "Holds this year's CRM export against the simulated years of a stored plan: each territory's place "
        "in the fan, which one drifts beyond luck and since when, how likely its goals still are, whether the division "
        "of territories pays, which realignment would; a page for the planner and one for each rep.",
        EXAMPLES,
        "docs/howto/track.md",
        epilog="as_of=2026-09-30 or week=39: up to when (default: the last record); year_starts=2026-01-01: when the "
        "plan's year began (default: 1 January of that year); years=400: simulated years of the plan.",
    )
    made.add_argument("plan", help="a stored plan, by name or key")
    made.add_argument("folder", help="this year's export, or what territory import wrote of it")
    made.add_argument("words", nargs="*", metavar="key=value", help=", ".join(WORDS))
    made.add_argument("--results", type=Path, default=Path(Settings().results), help="where results are stored")
    made.add_argument("--to", type=Path, help="folder for what is written (default: tracked/KEY in the results)")
    return made


def main(arguments: Sequence[str]) -> int:
    """Tracks one plan; returns the exit code."""
    options = _parser().parse_intermixed_args(list(arguments))
    try:
        asked = _read(options.words)
        if not shelf.stored_scenarios(options.results):
            say(f"no plan is stored in {options.results}.  play one:  territory simulate territory=balanced")
            return NOTHING_TO_COMPARE
        info = shelf.find(options.results, [options.plan])[-1]
        _refuse(info)
        folder = options.to or options.results / FOLDER / str(info["key"])
        check_folder(folder, "--to")
        if folder.resolve() == Path(options.folder).resolve():
            raise InputError([f"--to: '{folder}' holds the records; give another folder"])
        return _track(options, asked, info, folder)
    except InputError as error:
        return complain(error.problems)


def _refuse(info: dict[str, Any]) -> None:
    """Raises InputError for a plan that can't be tracked."""
    years, hires = info["scenario"].get("years", 1), info["scenario"].get("hiring", {}).get("most", 0)
    problems = [f"{info['label']} has {years} years; track follows a plan of one: play it with years=1"] * (years > 1)
    if hires:
        problems.append(f"{info['label']} may hire people who are in no export yet; track follows the team of today")
    if problems:
        raise InputError(problems)


def _read(words: Sequence[str]) -> _Asked:
    """The words, checked. Raises InputError with everything that is wrong with them."""
    problems: list[str] = []
    given: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or key not in WORDS:
            problems.append(f"'{word}': write key=value; {nearest(key, WORDS)}")
        elif key in given:
            problems.append(f"{key} is set twice")
        given[key] = value
    if "as_of" in given and "week" in given:
        problems.append("as_of and week both say up to when; give one")
    day, begins = (_date(key, given, problems) for key in ("as_of", "year_starts"))
    week = _whole("week", given, 1, 52, problems)
    years = _whole("years", given, FEWEST, MOST, problems)
    if problems:
        raise InputError(problems)
    return _Asked(day, week, begins, years or USUAL)


def _date(key: str, given: dict[str, str], problems: list[str]) -> dt.date | None:
    if key not in given:
        return None
    try:
        return dt.date.fromisoformat(given[key])
    except ValueError:
        problems.append(f"{key}: '{given[key]}' is no day; write it as 2026-09-30")
        return None


def _whole(key: str, given: dict[str, str], low: int, high: int, problems: list[str]) -> int | None:
    if key not in given:
        return None
    if not given[key].isdecimal() or not low <= int(given[key]) <= high:
        problems.append(f"{key}: '{given[key]}' is no whole number from {low} to {high:,}")
        return None
    return int(given[key])


def _track(options: argparse.Namespace, asked: _Asked, info: dict[str, Any], folder: Path) -> int:
    from command.job import scenario_of
    from command.study import load_for_comparison
    from command.tracking.work import track
    from command.tracking.writing import write
    from scenarios.actual import actual
    from scenarios.build import market_and_team
    from scenarios.identity import code_digest
    from scenarios.intake.data import read_data

    plan = load_for_comparison(options.results, str(info["key"]))
    scenario = scenario_of(info["scenario"])[0]
    data = read_data(options.folder)
    year = actual(data, plan.accounts, plan.reps, asked.begins, asked.day, asked.week)
    if info["market_digest"] != market_and_team(scenario)[0].digest:
        other = f"{info['label']} was played on other data than are there now; this year's records belong in a folder "
        raise InputError([f"{other}of their own.  play it again:  {info['command']}"])
    if info["code"] != code_digest():
        say("note       the plan was played by another version of the program; its years are played by this one")
    progress = Progress(1, asked.years)
    done = track(scenario, plan, year, asked.years, progress.playing)
    progress.clear()
    page = write(done, data, folder, _again(options))
    _print(done)
    _tell(done, data.rejects)
    say(f"page       {page}")
    say(f"reps       {page.parent / 'reps'}: one page a rep")
    say(f"tables     {folder}: track.tsv, fans.tsv" + (", set_aside.tsv" if len(done.actual.aside) else ""))
    say(f"again      {_again(options)}")
    return DONE


def _again(options: argparse.Namespace) -> str:
    results = [] if options.results == Path(Settings().results) else ["--results", str(options.results)]
    place = [] if options.to is None else ["--to", str(options.to)]
    return shlex.join(["territory", "track", options.plan, options.folder, *options.words, *results, *place])


def _print(done: Tracked) -> None:
    """A line a territory and the firm's at a terminal; all columns as tab-separated values anywhere else."""
    from command.console import show

    if sys.stdout.isatty():
        from analysis.tracking.said import standing_table

        table = standing_table(done.standing, done.flags, str(done.plan.info["currency"]))
        show([table["heads"], *table["rows"]], right=range(1, len(table["heads"]) - 1))
        return
    from command.tracking.writing import standing_lines

    show(list(standing_lines(done)), right=())


def _tell(done: Tracked, rejects: Any) -> None:
    """What was read, what follows, and whether the division of territories pays."""
    from analysis.tracking.said import paying_sentences, to_do

    currency = str(done.plan.info["currency"])
    say(f"read       {done.span}")
    for note in done.notes:
        say(f"note       {note}")
    aside = done.actual.aside
    for reason, count in list(aside["reason"].value_counts().items())[:SHOWN] if len(aside) else ():
        say(f"set aside  {count:,} records: {reason}")
    if len(rejects):
        say(f"set aside  {len(rejects):,} rows that can't be read; territory import says which and why")
    if done.paying:
        for line in paying_sentences(done.paying, currency, done.actual.week):
            say(f"paying     {line}")
    for line in to_do(done.flags, done.groups, done.standing, done.realign, currency):
        say(f"to do      {line}")
