"""`territory export --as CRM`: a played year as that CRM's export would show it, for tests and recovery studies."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from command import shelf
from command.console import show
from command.parser import Parser
from command.settings import Settings
from command.terminal import DONE, NOTHING_TO_COMPARE, check_folder, complain, say
from scenarios.problems import InputError

EXAMPLES = (
    ("balanced --as salesforce", "a whole year"),
    ("balanced --as hubspot --until 26 --to exported/half", "what is known after half of it"),
)


def _parser() -> Parser:
    made = Parser(
        "export",
        "Replays one year of a stored plan and writes it as a CRM would export it: accounts, people, "
        "opportunities with stages and lost reasons, activities, orders, quotas.",
        EXAMPLES,
        "docs/crm.md",
    )
    made.add_argument("plan", nargs="?", help="which stored plan, by name or key (default: the newest)")
    made.add_argument("--as", dest="system", choices=("salesforce", "hubspot", "dynamics"), default="salesforce")
    made.add_argument("--to", default="", help="a new folder (default: exported/CRM)")
    made.add_argument("--replication", type=int, default=0, help="which simulated year (default 0)")
    made.add_argument("--until", type=int, metavar="WEEK", help="only what is known after that week")
    made.add_argument("--year", type=int, default=2026, help="the year it is dated (default 2026)")
    made.add_argument("--results", type=Path, default=Path(Settings().results), help="where results are stored")
    return made


def main(arguments: Sequence[str]) -> int:
    """Writes the export; returns the exit code."""
    asked = _parser().parse_args(list(arguments))
    try:
        stored = shelf.stored_scenarios(asked.results)
        if not stored:
            say(f"nothing is stored in {asked.results}.  play something first:  territory simulate experiment=demo")
            return NOTHING_TO_COMPARE
        info = shelf.find(asked.results, [asked.plan])[-1] if asked.plan else stored[-1]
        return _export(asked, info)
    except InputError as error:
        return complain(error.problems)


def _export(asked: argparse.Namespace, info: dict[str, Any]) -> int:
    from command.job import scenario_of
    from command.records import tables
    from scenarios.build import build
    from scenarios.intake.vendor import write_as
    from sim.ledger import keep_books
    from sim.world import WEEKS

    if asked.replication not in info["replications"]:
        last = max(info["replications"])
        raise InputError([f"--replication {asked.replication}: this plan was played for 0 to {last}"])
    if not 1980 <= asked.year <= 2090:
        raise InputError([f"--year {asked.year}: give one from 1980 to 2090"])
    until = WEEKS if asked.until is None else asked.until
    if not 1 <= until <= WEEKS:
        raise InputError([f"--until {until}: a year has weeks 1 to {WEEKS}"])
    folder = Path(asked.to) if asked.to else Path("exported") / asked.system
    check_folder(folder, "--to")
    if folder.exists() and any(folder.iterdir()):
        raise InputError([f"--to: {folder} is not empty; give a new folder"])
    built = build(scenario_of(info["scenario"])[0])
    say(f"replaying {info['label']}, year {asked.replication}, with agents that keep books")
    made = tables(built, keep_books(built.world, built.plan, asked.replication, until), asked.year)
    files = write_as(made, asked.system, folder)
    show([("table", "rows"), *((name, f"{len(table):,}") for name, table in made.items())], right=(1,))
    say(f"written    {folder}: {', '.join(files)}")
    say(f"read it    territory import {shlex.quote(str(folder))}")
    return DONE
