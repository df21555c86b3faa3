"""`territory list`: what is stored, what failed and why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from command import shelf
from command.console import show
from command.parser import Parser
from command.settings import Settings
from command.terminal import DONE, say

HEAD = ("key", "plan", "market", "accounts", "reps", "years", "engine", "played")
NUMBERS = ("accounts", "reps", "years")
GIVE_WAY = ("engine", "reps", "accounts", "played", "years", "market")  # where the terminal is narrow
EXAMPLES = (
    ("", "what is stored here"),
    ("results=FOLDER", "what is stored there"),
    ("| grep balanced | cut -f1", "in a pipe: tab-separated, here the keys of some"),
)


def parser() -> Parser:
    """The options of the verb."""
    made = Parser(
        "list",
        "One line a stored plan, the oldest first, and every failure with its reason.",
        EXAMPLES,
        "docs/howto/terminal.md",
    )
    made.add_argument("--results", type=Path, default=Path(Settings().results), help="where results are stored")
    return made


def main(arguments: Sequence[str]) -> int:
    """Prints one line a stored scenario; returns the exit code."""
    results = parser().parse_args(list(arguments)).results
    rows = [_row(info) for info in shelf.stored_scenarios(results)]
    failed = shelf.failures(results)
    if not rows and not failed:
        say(f"nothing is stored in {results}.  play something:  territory simulate experiment=demo")
        return DONE
    show([HEAD, *rows], right=[HEAD.index(name) for name in NUMBERS], gives_way=[HEAD.index(name) for name in GIVE_WAY])
    for note in failed:
        say(f"failed: {note['key']}  {note['label']}: {'; '.join(note['problems'])}")
    say("compare  territory compare KEY-OR-PLAN …")
    return DONE


def _row(info: dict[str, Any]) -> tuple[str, ...]:
    market, team = info["scenario"]["market"], info["scenario"]["team"]
    made_up = market["name"] == "generated"
    return (
        str(info["key"]),
        shelf.plain_label(str(info["label"])),
        f"{market['name']} {info['seed']}",
        str(market["accounts"]) if made_up else "",
        str(team["reps"]) if made_up else "",
        str(len(info["replications"])),
        str(info["engine"]),
        str(info["played_at"]).replace("T", " ")[:16],
    )
