"""`territory VERB …`: finds the verb and hands it the rest. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import atexit
import errno
import gc
import importlib
import os
import re
import shlex
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from command.stopping import leave, stoppable, stopped
from command.terminal import DONE, EXIT_CODES, FAULT, INTERRUPTED, complain, say
from scenarios.problems import nearest

VERBS = {
    "import": "read any CRM's export into clean tables, and say how",
    "market": "who buys what, where and why, from your own data",
    "swot": "strengths, weaknesses, opportunities, threats from your own data, as a to-do list",
    "goals": "a look back, quotas and calls for each rep, and how likely and how SMART any goals are",
    "strategy": "a strategy map played: objectives, their chances, and what each tactic adds",
    "fit": "a twin of your business from its own data: how like it is, how well it forecasts",
    "people": "work beside the hours there are, and what each further hire would bring",
    "design": "draw balanced territories for any table of accounts, without playing",
    "simulate": "play a plan's year, or many plans with -m, and compare them",
    "compare": "compare stored plans, by name or key",
    "report": "where the newest comparison's page is; --pdf writes it as a PDF",
    "flip": "how wrong an assumption may be before another plan leads",
    "explain": "a played plan: who moves and why, what it brings and costs, a page a rep, files to import",
    "track": "this year's records against the plan: what drifts, chances of goals, what would help, a page a rep",
    "inspect": "one rep's or account's year, week by week, told as a story",
    "export": "a played year as a CRM would export it",
    "list": "what is stored, and what failed",
    "validate": "how well the simulated reps and customers behave like real ones",
    "sensitivity": "which assumptions decide the difference between two plans",
    "completion": "what a shell needs to complete verbs, options, settings and plans with the tab key",
}
COMPLETE = "--complete"  # what the scripts of `territory completion` ask with
WITHOUT_A_PARSER = ("simulate", "design")
MODULES = {"import": "importing"}  # where the verb is no name that Python lets a module have
ROOMS = ("sim", "scenarios", "analysis", "configs")
NO_ROOM = (errno.EROFS, errno.ENOSPC, errno.EDQUOT)  # a disk that is full or read-only is no fault of ours
OBJECTS_BETWEEN_SEARCHES = 200_000  # for garbage; Python's own 700 cost a sweep a tenth of what is not play


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one verb; returns the exit code, one of `command.terminal.EXIT_CODES`."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == [COMPLETE]:
        from command.candidates import answer

        return answer(arguments[1:])
    strangers = _strangers()
    if strangers:
        return complain([strangers])
    if not arguments:
        return _print(_first_things())
    verb, *rest = arguments
    if verb in ("--help", "-h", "help"):
        return _print(_help())
    if verb == "--version":
        from importlib.metadata import version

        return _print(f"territory-sim {version('territory-sim')}")
    if verb not in VERBS:
        return complain([f"there is no verb '{verb}'.  {nearest(verb, VERBS)}"])
    if verb in WITHOUT_A_PARSER and ("--help" in rest or "-h" in rest):
        return _print(_verb_help(verb))
    code = stoppable(lambda: _run(verb, rest), shlex.join(["territory", *arguments]))
    if code == INTERRUPTED and argv is None:
        leave()
    return code


def _run(verb: str, rest: Sequence[str]) -> int:
    gc.set_threshold(OBJECTS_BETWEEN_SEARCHES)
    atexit.register(gc.freeze)  # or closing down searches all objects once more: up to 0.4 s
    try:
        return int(importlib.import_module(f"command.{MODULES.get(verb, verb)}").main(rest))
    except SystemExit as leaving:  # argparse has said all there is to say
        return leaving.code if isinstance(leaving.code, int) else DONE
    except BrokenPipeError:
        return _seen_enough()
    except PermissionError as error:
        return complain([f"{_place(error)}: {os.strerror(error.errno or errno.EACCES)}"])
    except Exception as error:
        if stopped():
            raise KeyboardInterrupt from error
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return complain([_unwritten(error)])
        if os.environ.get("TERRITORY_TRACE"):
            raise
        return _fault(error)


def _unwritten(error: OSError) -> str:
    why = os.strerror(error.errno or 0)
    return f"{_place(error)}: can't be written: {why}; give another folder, or make room in it"


def _place(error: OSError) -> str:
    """The file that an error is about; some libraries name it in their sentence alone."""
    named = re.search(r"'([^']+)'", str(error))
    return str(error.filename or (named[1] if named else "a file"))


def _fault(error: Exception) -> int:
    """Says that the program itself is at fault, and where; what was played is stored and stays."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}, line {place.lineno}"
    say(f"error: a fault of the program: {type(error).__name__}: {error} ({where})")
    say("played scenarios are kept; TERRITORY_TRACE=1 before the same line shows where it happened")
    return FAULT


def _print(text: str) -> int:
    try:
        print(text, flush=True)
    except BrokenPipeError:
        return _seen_enough()
    return DONE


def _seen_enough() -> int:
    """The reader of a pipe has gone; nothing more is written there."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def _strangers() -> str:
    """A sentence where the packages found are not this program's own: their names are common words."""
    home = Path(__file__).resolve().parents[1]
    for room in ROOMS:
        if not (home / room).is_dir():
            return f"the folder '{room}' is missing in {home}; install territory-sim again"
    import scenarios
    import sim

    for package in (sim, scenarios):
        place = Path(str(package.__file__)).resolve().parents[1]
        if place != home:
            return f"'{package.__name__}' comes from {place}, not from {home}; give territory an environment of its own"
    return ""


def _first_things() -> str:
    return """\
territory plays the sales year before it happens, for every plan on the table.

  territory simulate experiment=demo      1  play four designs under two goal policies, ready-made
  territory compare                       2  which wins, by how much, how surely; the newest again
  territory explain                       3  the best one: who moves and why, what it brings and costs
  territory import FOLDER                 4  then your own: any CRM's export
  territory list                          5  what is stored, to compare and explain by name

territory --help lists all verbs; territory VERB --help says more of one."""


def _help() -> str:
    verbs = "\n".join(f"  {verb:<11} {meaning}" for verb, meaning in VERBS.items())
    codes = "\n".join(f"  {code:>3}  {meaning}" for code, meaning in EXIT_CODES.items())
    return f"""\
usage: territory VERB …

{verbs}

territory VERB --help says more; territory alone shows what to do first.

exit codes:
{codes}

Results go to stdout, everything else to stderr. docs/howto/terminal.md has pipes, scripts, CI and completion."""


def _verb_help(verb: str) -> str:
    if verb == "design":
        from command.design import help_text

        return help_text()
    return _simulate_help()


SIMULATE = (
    ("experiment=demo", "a comparison that is ready-made"),
    ("territory=balanced goals=activity_priority", "one plan against the status quo"),
    ("-m territory=nearest,balanced pay=bonus,capped", "every combination of the lists"),
    ("-m territory=current,balanced replications=auto", "as many years as the answer takes"),
)


def _simulate_help() -> str:
    from command.parser import closing, hanging
    from command.settings import EXPERIMENT, about, options, parameters
    from scenarios.schema import GROUPS

    lines = [
        "usage: territory simulate [-m] [group=option …] [group.key=value …] [experiment=NAME]",
        "",
        "Plays a plan's year many times, or with -m every combination of comma lists, each against",
        "today's territories on the same luck; ends with a table and a page. What is stored is not",
        "played again.",
        "",
    ]
    for group in (EXPERIMENT, *GROUPS):
        lines.append(f"{group}=")
        lines += hanging((name, about(group, name)) for name in options(group))
    lines += ["", "keys, with their defaults:"]
    keys = []
    for key, one in parameters().items():
        if not key.startswith("behaviour.") and not key.endswith(".name"):
            unit = f" ({one.about.unit})" if one.about.unit else ""
            keys.append((f"{key}={one.default}", f"{one.about.meaning}{unit}"))
    lines += hanging(keys)
    lines += hanging([("behaviour.…", "how customers and reps behave: see docs/parameters.md")])
    return "\n".join([*lines, "", closing("simulate", SIMULATE, "docs/howto/territories.md, docs/parameters.md")])
