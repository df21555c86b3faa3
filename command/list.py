"""`territory list`: what is stored, what failed and why."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from command import shelf
from command.settings import Settings
from command.terminal import DONE, complain, say

HEAD = ("key", "plan", "market", "accounts", "reps", "years", "engine", "played")


def main(arguments: Sequence[str]) -> int:
    """Prints one line a stored scenario; returns the exit code."""
    results = Path(Settings().results)
    wrong = [word for word in arguments if not word.startswith("results=")]
    if wrong:
        return complain(f"'{word}' is not known here; territory list takes results=FOLDER" for word in wrong)
    for word in arguments:
        results = Path(word[8:])
    rows = [_row(info) for info in shelf.stored_scenarios(results)]
    failed = shelf.failures(results)
    if not rows and not failed:
        say(f"nothing is stored in {results}.  play something:  territory simulate experiment=demo")
        return DONE
    _print(rows)
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


def _print(rows: Sequence[tuple[str, ...]]) -> None:
    if not sys.stdout.isatty():
        print("\n".join("\t".join(row) for row in (HEAD, *rows)))
        return
    from rich.table import Table

    from command.console import results_console

    table = Table(box=None, pad_edge=False)
    for name in HEAD:
        number = name in ("accounts", "reps", "years")
        table.add_column(name, justify="right" if number else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    results_console().print(table)
