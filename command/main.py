"""`territory VERB …`: finds the verb and hands it the rest. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from command.terminal import BAD_INPUT, DONE, FAULT, INTERRUPTED, complain, say
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
    "explain": "a played plan: who moves and why, what it brings and costs, a page a rep, files to import",
    "track": "this year's records against the plan: what drifts, chances of goals, what would help, a page a rep",
    "inspect": "one rep's or account's year, week by week, told as a story",
    "export": "a played year as a CRM would export it",
    "list": "what is stored, and what failed",
    "validate": "how well the simulated reps and customers behave like real ones",
    "sensitivity": "which assumptions decide the difference between two plans",
}
MODULES = {"import": "importing"}  # where the verb is no name that Python lets a module have
EXPLAIN_THEMSELVES = (
    "import", "export", "market", "swot", "goals", "strategy", "fit", "validate", "sensitivity", "inspect", "explain",
    "people", "track", "report",
)  # fmt: skip
ROOMS = ("sim", "scenarios", "analysis", "configs")
OBJECTS_BETWEEN_SEARCHES = 200_000  # for garbage; Python's own 700 cost a sweep a tenth of what is not play


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one verb; returns the exit code: 0 done, 1 some failed, 2 bad input, 3 nothing to compare, 130 stopped."""
    arguments = list(sys.argv[1:] if argv is None else argv)
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
    if verb not in EXPLAIN_THEMSELVES and ("--help" in rest or "-h" in rest):
        return _print(_verb_help(verb))
    return _run(verb, rest)


def _run(verb: str, rest: Sequence[str]) -> int:
    gc.set_threshold(OBJECTS_BETWEEN_SEARCHES)
    atexit.register(gc.freeze)  # or closing down searches all objects once more: up to 0.4 s
    try:
        return int(importlib.import_module(f"command.{MODULES.get(verb, verb)}").main(rest))
    except SystemExit as leaving:  # argparse has said all there is to say
        return leaving.code if isinstance(leaving.code, int) else DONE
    except KeyboardInterrupt:
        say("\nstopped")
        return INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except PermissionError as error:
        say(f"error: {error.filename}: {error.strerror}")
        return BAD_INPUT
    except Exception as error:
        if os.environ.get("TERRITORY_TRACE"):
            raise
        return _fault(error)


def _fault(error: Exception) -> int:
    """Says that the program itself is at fault, and where; what was played is stored and stays."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}, line {place.lineno}"
    say(f"error: a fault of the program: {type(error).__name__}: {error} ({where})")
    say("played scenarios are kept; TERRITORY_TRACE=1 before the same line shows where it happened")
    return FAULT


def _print(text: str) -> int:
    print(text)
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

  territory simulate experiment=demo                            a first comparison, ready-made
  territory simulate territory=balanced goals=activity_priority one plan against the status quo
  territory simulate -m territory=nearest,balanced pay=bonus,capped   every combination
  territory compare                                             the newest comparison again
  territory report                                              its page; --pdf to hand round
  territory explain                                             its best plan: the moves, why, what they bring
  territory list                                                what is stored

territory VERB --help says more."""


def _help() -> str:
    verbs = "\n".join(f"  {verb:<11} {meaning}" for verb, meaning in VERBS.items())
    return f"""\
usage: territory VERB …

{verbs}

territory VERB --help says more.
exit codes: 0 done, 1 some scenarios failed and the rest is compared, 2 bad input and nothing written,
            3 nothing to compare, 70 a fault of the program, 130 stopped"""


def _verb_help(verb: str) -> str:
    if verb == "simulate":
        return _simulate_help()
    if verb == "design":
        from command.design import help_text

        return help_text()
    if verb == "compare":
        return """\
usage: territory compare [PLAN …] [results=FOLDER]

PLAN is a label (balanced+activity_priority), the start of a key, or a design or goal policy alone.
Without any, the newest comparison is shown again. `territory list` shows what is stored."""
    if verb == "list":
        return "usage: territory list [results=FOLDER]\n\nOne line a stored plan, and every failure with its reason."
    raise AssertionError(f"{verb} explains itself")


def _simulate_help() -> str:
    from command.settings import EXPERIMENT, about, options, parameters
    from scenarios.schema import GROUPS

    lines = [
        "usage: territory simulate [-m] [group=option …] [group.key=value …] [experiment=NAME]",
        "",
        "-m plays every combination of comma lists: -m territory=nearest,balanced pay=bonus,capped",
        "",
    ]
    for group in (EXPERIMENT, *GROUPS):
        lines.append(f"{group}=")
        lines += [f"  {name:<18} {about(group, name)}" for name in options(group)]
    lines += ["", "keys, with their defaults:"]
    for key, one in parameters().items():
        if not key.startswith("behaviour.") and not key.endswith(".name"):
            unit = f" ({one.about.unit})" if one.about.unit else ""
            lines.append(f"  {f'{key}={one.default}':<38} {one.about.meaning}{unit}")
    lines.append("  behaviour.…                            how customers and reps behave: see sim/behaviour.py")
    return "\n".join(lines)
