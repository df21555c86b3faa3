"""Plays `docs/tutorial.md`, its commands beside what it shows of them; `make tutorial` writes that anew."""

from __future__ import annotations

import difflib
import io
import os
import re
import shlex
import tempfile
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import scenarios  # noqa: F401  # before numpy: it says how that is to add and multiply

# isort: split
import numpy as np
from PIL import Image

from command.main import main
from command.terminal import DONE

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "tutorial.md"
PARTS = re.compile(r"^```(sh|text)\n(.*?)^```$|!\[[^\]]*\]\((images/tutorial/(\w+\.png))\)", re.MULTILINE | re.DOTALL)
OMITTED = "…"
COLUMNS = 100
WIDE = "command.terminal.columns"
COLOURED = re.compile(r"\x1b\[[0-9;]*m")  # bold and faint, which a page of text has not
CHANGING = (
    (re.compile(r"\b[0-9a-f]{12}\b"), "KEY"),
    (re.compile(r"\b\d{4}-\d\d-\d\d-(\d+)\b"), r"DAY-\1"),
    (re.compile(r"\b[\d.]+ (s|min)\b"), "TIME"),
)  # keys hold the version of the program, studies the day, and no machine is as quick as another
COLOURS = 128  # of a picture on the page
QUARTER, FAR, FEW = 4, 60, 0.001  # pictures differ where of their pixels, four by four, so many are so far apart


@dataclass
class Step:
    """One command of the page: what came back, what is shown of it, and the pictures that follow."""

    command: str
    code: int
    came: list[str]
    shown: list[str] = field(default_factory=list)
    pictures: dict[str, Path] = field(default_factory=dict)  # on the page, and as the command drew it

    @property
    def expected(self) -> int:
        """The exit code that the page says, `# exit code 4`; else all went well."""
        said = re.search(r"# exit code (\d+)$", self.command)
        return int(said[1]) if said else DONE


class Terminal(io.StringIO):
    """Takes what is printed, so that tables come as a person sees them."""

    def isatty(self) -> bool:
        """Whether a person looks."""
        return True


def steps(page: str, folder: Path) -> Iterator[Step]:
    """Runs the commands of the page one after the other in ``folder``; lines of one block are steps of their own."""
    step: Step | None = None
    for part in PARTS.finditer(page):
        kind, text, picture, name = part.groups()
        if kind == "sh":
            for line in text.splitlines():
                if step is not None:
                    yield step
                step = run(line, folder)
        elif step is None:
            raise ValueError(f"the page shows something before any command: {part[0][:40]}")
        elif picture:
            step.pictures[picture] = max(folder.rglob(name), key=lambda path: path.stat().st_mtime_ns)
        else:
            step.shown = text.splitlines()
    if step is not None:
        yield step


def run(line: str, folder: Path) -> Step:
    """One line of the shell, in this process: starting Python twenty times would take longer than the play."""
    program, *arguments = shlex.split(line, comments=True)
    if program != "territory":
        raise ValueError(f"the page may run nothing but territory: {line}")
    screen = Terminal()
    before = {name: os.environ.get(name) for name in ("COLUMNS", "CI", "NO_COLOR", "MPLBACKEND")}
    os.environ.update(COLUMNS=str(COLUMNS), CI="1", NO_COLOR="1", MPLBACKEND="Agg")
    try:
        with chdir(folder), redirect_stdout(screen), redirect_stderr(screen), patch(WIDE, lambda stream: COLUMNS):
            code = main(arguments)
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
    return Step(line, code, [row.rstrip() for row in COLOURED.sub("", screen.getvalue()).splitlines()])


def steady(row: str) -> str:
    """A line without what changes from day to day and from machine to machine.

    >>> steady("5 played, 0 failed · 2.2 s")
    '5 played, 0 failed · TIME'
    """
    for pattern, word in CHANGING:
        row = pattern.sub(word, row)
    return row


def pieces(shown: list[str]) -> list[list[str]]:
    """What is shown, cut where lines are left out.

    >>> pieces(["a", "b", "…", "c"])
    [['a', 'b'], ['c']]
    """
    found: list[list[str]] = [[]]
    for row in shown:
        if row.strip() == OMITTED:
            found.append([])
        else:
            found[-1].append(row)
    return [piece for piece in found if piece]


def missing(step: Step) -> list[str]:
    """Lines that the page shows and that did not come back, in that order and, but for `…`, one below the other."""
    came, at = [steady(row) for row in step.came], 0
    for piece in pieces(step.shown):
        wanted = [steady(row) for row in piece]
        starts = [start for start in range(at, len(came)) if came[start : start + len(wanted)] == wanted]
        if not starts:
            return piece
        at = starts[0] + len(wanted)
    return []


def shown_anew(step: Step) -> list[str]:
    """The same lines as they come back now: each piece where the output is most like its first line."""
    at, anew = 0, []
    left_out = [row.strip() == OMITTED for row in step.shown]
    for number, row in enumerate(step.shown):
        if left_out[number]:
            anew.append(row)
            continue
        if at == len(step.came):
            raise SystemExit(f"{step.command}\nnothing is left that is like: {row}")
        if number == 0 or left_out[number - 1]:
            alike = [difflib.SequenceMatcher(None, steady(row), steady(came)).ratio() for came in step.came[at:]]
            at += int(np.argmax(alike))
        anew.append(step.came[at])
        at += 1
    return anew


def unlike(one: Path, other: Path) -> str:
    """How two pictures differ in what an eye sees; empty where they don't: their bytes may, by version."""
    seen = []
    for path in (one, other):
        with Image.open(path) as picture:
            small = (picture.width // QUARTER, picture.height // QUARTER)
            seen.append(np.asarray(picture.convert("L").resize(small, Image.Resampling.BOX), dtype=int))
    if seen[0].shape != seen[1].shape:
        return f"{seen[0].shape} is not {seen[1].shape}"
    share = float((abs(seen[0] - seen[1]) > FAR).mean())
    return f"{share:.2%} of it differs" if share > FEW else ""


def smaller(picture: Image.Image) -> Image.Image:
    """The picture in few colours, rare ones kept: a single orange ring must stay orange."""
    return picture.convert("RGB").quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE)


def anew() -> None:
    """Writes the page's outputs and pictures as they come now."""
    page = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        for step in steps(page, Path(folder)):
            print(step.command)
            if step.code != step.expected:
                raise SystemExit("\n".join([*step.came, f"exit code {step.code}, not {step.expected}"]))
            if step.shown:
                old, new = ("```text\n" + "\n".join(rows) + "\n```" for rows in (step.shown, shown_anew(step)))
                page = page.replace(old, new)
            for name, drawn in step.pictures.items():
                (DOCS / name).parent.mkdir(parents=True, exist_ok=True)
                with Image.open(drawn) as picture:
                    smaller(picture).save(DOCS / name, optimize=True)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    anew()
