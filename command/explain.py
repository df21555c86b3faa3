"""`territory explain [PLAN]`: who moves and why, what it brings and costs, and what to hand out and take back."""

from __future__ import annotations

import argparse
import datetime as dt
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from command import shelf
from command.parser import Parser
from command.settings import Settings
from command.terminal import DONE, NOTHING_TO_COMPARE, Progress, check_folder, complain, lively, say
from scenarios.problems import InputError

if TYPE_CHECKING:
    import pandas as pd

    from analysis.explanation.page import Explained
    from analysis.played import Played
    from command.twin import Plays

FOLDER = "explained"
SHOWN = 10  # moves at the terminal; all of them stand in moves.csv
SPARED = ("relationship", "open pipeline", "potential", "km", "revenue index", "accounts")  # what goes first, if narrow
EXAMPLES = (
    ("", "the plan that the newest comparison looks at"),
    ("balanced", "a stored plan, by name"),
    ("3fa1 --out handout", "by the start of its key, into a folder of yours"),
)


def parser() -> Parser:
    """The options of the verb."""
    made = Parser(
        "explain",
        "Explains a stored plan: its moves and why, balance, what it brings, what the change of reps costs "
        "and when that is paid for; a plan for each territory, a page for each rep, and files for the systems that "
        "assign accounts.",
        EXAMPLES,
        "docs/howto/explain.md",
    )
    made.add_argument("plan", nargs="?", help="a stored plan, by name or key (default: the newest comparison's)")
    made.add_argument("--results", type=Path, default=Path(Settings().results), help="where results are stored")
    made.add_argument("--year-starts", default="", metavar="DAY", help="first day of its year, as 2026-01-01")
    made.add_argument("--out", type=Path, help="folder for what is written (default: explained/KEY in the results)")
    return made


def main(arguments: Sequence[str]) -> int:
    """Explains one plan; returns the exit code."""
    options = parser().parse_args(list(arguments))
    try:
        starts = _day(options.year_starts)
        info = _chosen(options)
        if info is None:
            say(f"no plan is stored in {options.results}.  play one:  territory simulate territory=balanced")
            return NOTHING_TO_COMPARE
        folder = options.out or options.results / FOLDER / str(info["key"])
        check_folder(folder, "--out")
        return _explain(options.results, info, folder, starts)
    except InputError as error:
        return complain(error.problems)


def _day(said: str) -> dt.date | None:
    """The first day of the plan's year; None where it is not said. Raises InputError for what is no day."""
    try:
        return dt.date.fromisoformat(said) if said else None
    except ValueError:
        raise InputError([f"--year-starts: '{said}' is no day; write it as 2026-01-01"]) from None


def _chosen(options: argparse.Namespace) -> dict[str, Any] | None:
    """The plan asked for, else the one that the newest comparison looks at, else the newest that is not today's."""
    stored = shelf.stored_scenarios(options.results)
    if options.plan:
        return shelf.find(options.results, [options.plan])[-1] if stored else None
    focus = _focus(options.results)
    plans = [info for info in stored if info["against"] != info["key"]]
    return next((info for info in plans if info["key"] == focus), plans[-1] if plans else None)


def _focus(results: Path) -> str:
    """The key of the plan that the newest comparison looks at; empty where there is none that can be read."""
    from analysis.compare import compare
    from command import study
    from command.play import KEPT, PLAYED

    newest = study.latest(results)
    if newest is None:
        return ""
    try:
        there = [one for one in study.reached(newest).outcomes if one.state in (PLAYED, KEPT)]
        plans = [study.load_for_comparison(results, one.key, one.years) for one in there]
        same = [one for one in plans if one.info["against"] == plans[0].info["against"]]
        return compare(same, str(same[0].info["against"])).focus if same else ""
    except (InputError, ValueError):  # what is damaged or gone can't be looked at; any other plan still can
        return ""


def _explain(results: Path, info: dict[str, Any], folder: Path, starts: dt.date | None) -> int:
    from analysis.explanation.page import write_pages
    from analysis.explanation.territory_page import BOOKS, PLANS
    from command.handout import write_files
    from command.twin import plays
    from scenarios.design.files import ASSIGNMENTS

    progress = Progress(2, len(info["replications"])) if lively(sys.stderr) else None  # today's years and the twin's
    played = plays(results, info, progress)
    said = _said(played, starts)
    written = write_files(said, played.plan, int(info["scenario"]["goals"]["periods"]), folder)
    page = write_pages(said, folder)
    _print(said)
    _tell(said, played.plan)
    say(f"page     {page}")
    say(f"plans    {page.parent / PLANS}: one page a territory, to sign and review")
    say(f"books    {page.parent / BOOKS}: one page a rep, to hand out")
    say(f"files    {folder}: {', '.join(sorted(written))}")
    say(f"again    {_with_file(info, folder / ASSIGNMENTS)}")
    return DONE


def _with_file(info: dict[str, Any], file: Path) -> str:
    """The line that plays the plan from its assignments."""
    from command.play import START, without, words_of

    words = without(words_of(info), ("territory",))
    return START + " ".join([*words, "territory=from_file", f"territory.file={shlex.quote(str(file))}"])


def _said(played: Plays, starts: dt.date | None) -> Explained:
    """Everything that is known of the plan against today's territories."""
    from analysis.explanation.balance import balance
    from analysis.explanation.books import books
    from analysis.explanation.moves import Match, moves
    from analysis.explanation.page import Explained
    from analysis.explanation.reviewing import Reviewing
    from analysis.explanation.territory import territories
    from analysis.explanation.worth import worth
    from command.neglect import covered
    from command.placements import placements
    from command.twin import owner_of
    from scenarios.fits import fits
    from scenarios.review import WEEKS
    from scenarios.workload import kilometres
    from sim.world import WEEKS as YEAR

    plan, today, built = played.plan, played.today, played.built

    def match(of: Played) -> Match:
        owner = owner_of(of)
        accounts, reps = built.market.accounts, built.team.reps
        km = kilometres(accounts, reps, owner) if built.market.has_places else None
        return Match(km, fits(built.world, owner))

    between = plan.info.get("year") == 1  # of several years; of one the last week's review is none
    looks = tuple(week for week in WEEKS[str(plan.info["scenario"]["review"]["name"])] if between or week < YEAR)
    return Explained(
        plan=plan.info,
        today=today.info,
        moves=moves(plan, today, match(plan), match(today)),
        balance=balance(plan, today),
        worth=worth(today, plan, played.undisturbed),
        books=books(plan, today, played.counts_priority_only, covered(plan, built.behaviour)),
        placements=placements(built, owner_of(plan)),
        territories=territories(plan, looks),
        grounds=_grounds(played) if plan.info["has_places"] else None,
        reviewing=Reviewing(looks, starts),
        counts_priority_only=played.counts_priority_only,
    )


def _grounds(played: Plays) -> list[pd.DataFrame]:
    """Where the accounts of each territory lie, in the team's order."""
    from analysis.charts import own_map
    from analysis.metrics import first_team
    from command.job import scenario_of
    from scenarios.territory.asking import locked_accounts
    from scenarios.territory.current import todays_rows

    market, team = played.built.market, played.built.team
    said = scenario_of(played.plan.info["scenario"])[0].territory.locked
    rows = locked_accounts(said, market, team, todays_rows(market, team), [])
    locked = set() if rows is None else set(market.accounts["id"][rows].astype(str))
    return [own_map.data(played.plan, played.today, rep, locked) for rep in first_team(played.plan)]


def _tell(said: Explained, plan: Played) -> None:
    """The answer in sentences."""
    from analysis.explanation import balance, worth
    from analysis.explanation.page import goals_too
    from analysis.explanation.plan_tables import placed_sentence

    label, today = str(said.plan["label"]), str(said.today["label"])
    say(worth.headline(said.worth, label, today, said.currency))
    say(worth.paid_for(said.worth, said.currency))
    for line in (goals_too(said), *balance.sentences(said.balance), placed_sentence(said.placements, said.currency)):
        if line:
            say(line)
    say(f"{len(said.moves):,} of {len(plan.accounts):,} accounts change rep · {len(plan.replications)} years played")


def _print(said: Explained) -> None:
    """Worth, balance and the largest moves at a terminal; all moves as tab-separated values anywhere else."""
    from analysis.explanation.plan_tables import balance_table, moves_table, worth_table

    if not sys.stdout.isatty():
        from command.handout import as_lines

        print("\n".join("\t".join(str(cell).replace("\t", " ") for cell in row) for row in as_lines(said.moves)))
        return
    from command.console import show

    moves = moves_table(said.moves, said.currency, SHOWN, narrow=True)
    for shown in (worth_table(said.worth, said.currency), balance_table(said.balance), moves):
        if not shown["rows"]:
            continue
        heads, words = shown["heads"], shown["words"]
        spared = [heads.index(name) for name in SPARED if name in heads]
        folds = [1, len(heads) - 1] if shown is moves else []  # from whom to whom, and why
        show([heads, *shown["rows"]], set(range(len(heads))) - set(words), spared, folds)
        print()
