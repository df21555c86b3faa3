"""The page that `territory validate --write` makes: what came out, where, and how to make it again."""

from __future__ import annotations

import argparse
import inspect
import os
import subprocess
from pathlib import Path

from command.validation import experiments
from command.validation.patterns import PATTERNS
from command.validation.report import (
    CONCLUSION_HEAD,
    EXPERIMENTS_TITLE,
    GOAL_HEAD,
    GOALS_TITLE,
    RIVALS_TITLE,
    Validation,
    conclusions,
    explained,
    matrix,
    pattern_rows,
    summary,
)
from command.validation.rivals import RIVALS, SANITY

ROOT = Path(__file__).resolve().parents[2]
HOW_TO_READ = """\
Means over years ± Monte Carlo error. Bands stand in `configs/validation/bands.yaml` and are wide on purpose; nothing is
fitted to them by a program. A statistic passes inside its band, is weak within a quarter of the band's width outside it
or, where the band is open on a side, when it is not sure (0.95) to be inside, and fails beyond. A pattern's verdict is
the worst of its statistics on the worst market. A pattern that fails is published as failing."""
HOW_RIVALS_ARE_READ = """\
A rival is the same program without one mechanism. Where it must fail (*) the figure is that of the statistic that tells
the mechanism, listed below the table, and it has to fail on every market; elsewhere that of the statistic it does worst
in. nan is 0 / 0, where what is asked for does not exist. A rival that passes what it must fail means that the pattern
does not prove the mechanism. Nearly every model passes {sanity}: they are there for sanity, not as evidence."""

HOW_EXPERIMENTS_ARE_READ = """\
Each is a config of `configs/experiment/`, played as any sweep is, {} years on common seeds; what was expected stands
in `configs/validation/expectations.yaml`. The change is that of the mean over years ± Monte Carlo error, *sure* how
sure it has the sign expected, or for *the same* that it is below a hundredth. At 0.95 it is as expected, at 0.05
contradicted."""


def write_page(path: Path, result: Validation, options: argparse.Namespace) -> None:
    """Writes everything that was played as Markdown."""
    lines = ["# Does it behave like real sales forces?", "", f"**{summary(result.patterns)}**", ""]
    lines += [f"Made by `{_command(path, result, options)}`.", ""]
    lines += [_markets(result.seeds, options), "", HOW_TO_READ]
    lines += ["", "## Patterns", "", *_table(*pattern_rows(result))]
    if explained(result.patterns):
        lines += ["", "## What does not come out", "", *(f"- {line}" for line in explained(result.patterns))]
    lines += ["", "## What was played", "", *_played(path, result)]
    if result.goals:
        lines += ["", f"## {GOALS_TITLE}", "", *_table(GOAL_HEAD, result.goals)]
    if result.rivals:
        played = _listed([number for number in SANITY if number in result.patterns])
        lines += ["", f"## {RIVALS_TITLE}", "", f"Played on {_market_word(result.rival_seeds)}."]
        lines += [HOW_RIVALS_ARE_READ.format(sanity=played), "", *_table(*matrix(result))]
        lines += ["", *_table(CONCLUSION_HEAD, conclusions(result)), "", *_told_by(result)]
    if result.experiments:
        lines += ["", f"## {EXPERIMENTS_TITLE}", "", f"**{experiments.counted(result.experiments)}**", ""]
        lines += [HOW_EXPERIMENTS_ARE_READ.format(options.replications), ""]
        lines += _table(experiments.HEAD, experiments.rows(result.experiments))
        lines += ["", *(f"- {line}" for line in experiments.unexpected(result.experiments))]
    path.write_text("\n".join(lines).rstrip("\n") + "\n")


def hash_of(seed: int) -> str:
    """The first six hex digits of the commit that a seed was taken from; nothing where no commit begins so."""
    digits = f"{seed:06x}"
    asked = ["git", "rev-parse", "--quiet", "--verify", f"{digits}^{{commit}}"]
    try:
        found = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    except OSError:  # no git here
        return ""
    return digits if found.startswith(digits) else ""


def _command(path: Path, result: Validation, options: argparse.Namespace) -> str:
    words = [f"territory validate --seeds {_listed(result.seeds, ',')}"]
    words += [f"--pattern {number}" for number in options.pattern or ()]
    sizes = {"replications": 24, "accounts": 1000, "reps": 10}
    words += [f"--{name} {getattr(options, name)}" for name, usual in sizes.items() if getattr(options, name) != usual]
    if result.rival_seeds:
        words += [f"--rivals --rival-seeds {_listed(result.rival_seeds, ',')}"]
    words += ["--experiments"] * options.experiments
    return " ".join([*words, f"--write {path}"])


def _markets(seeds: list[int], options: argparse.Namespace) -> str:
    said = f"{options.accounts:,} accounts, {options.reps} reps, {options.replications} simulated years on each market."
    for seed, digits in ((seed, hash_of(seed)) for seed in seeds):
        if digits:
            said += f"\nNobody chose market {seed}: its seed is how the hash of a commit begins,"
            said += f" `python -c \"print(int('$(git rev-parse {digits})'[:6], 16))\"`."
    return said


def _played(path: Path, result: Validation) -> list[str]:
    """A line a pattern: the first sentence of its function, and where that stands."""
    lines = []
    for number in result.patterns:
        function = PATTERNS[number]
        first = " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split()).partition(": ")[2]
        file = Path(inspect.getfile(function)).resolve()
        link = os.path.relpath(file, path.resolve().parent)
        lines.append(f"- {number}: {first} [`{function.__name__}`]({link})")
    return lines


def _told_by(result: Validation) -> list[str]:
    """A line a rival: the statistics that must tell."""
    lines = []
    for rival in RIVALS:
        must = {number: cell for number, cell in result.rivals[rival.name].items() if cell.must_fail}
        told = "; ".join(f"{number}, {cell.statistic}" for number, cell in must.items())
        lines += [f"- {rival.name}: {told}"] if told else []
    return lines


def _market_word(seeds: list[int]) -> str:
    return f"market {seeds[0]}" if len(seeds) == 1 else f"markets {_listed(seeds)}"


def _listed(numbers: list[int], between: str = ", ") -> str:
    return between.join(map(str, numbers))


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    first, *others = (f"| {' | '.join(row)} |" for row in (head, *rows))
    return [first, "|" + " --- |" * len(head), *others]
