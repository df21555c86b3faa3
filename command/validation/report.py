"""The tables of `territory validate`, at the terminal and as Markdown."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from command.terminal import say
from command.validation.goals import GoalRow, goals_compared
from command.validation.lab import Lab, mean_and_error
from command.validation.patterns import PATTERNS
from command.validation.rivals import RIVALS
from command.validation.verdict import bands, verdict

WORST = ("fail", "weak", "pass", "shown")


@dataclass
class Validation:
    """What was played: rows of text for each table, and whether all is well."""

    patterns: list[list[str]] = field(default_factory=list)
    goals: list[list[str]] = field(default_factory=list)
    rivals: list[list[str]] = field(default_factory=list)
    good: bool = True


def play_all(seeds: list[int], options: argparse.Namespace) -> Validation:
    """Plays everything asked for and prints it table by table."""
    result = Validation()
    wanted = [number for number in PATTERNS if not options.pattern or number in options.pattern]
    labs = []
    for seed in seeds:
        say(f"market {seed}: {options.accounts:,} accounts, {options.reps} reps, {options.replications} years each")
        labs.append(Lab(seed, options.accounts, options.reps, options.replications))
    console = Console()
    result.patterns, result.good = _patterns(labs, wanted, options.replications)
    _print(console, "Patterns", pattern_head(seeds), result.patterns)
    if not options.pattern or 12 in options.pattern:
        result.goals = _goals(labs)
        _print(console, "Goals: sales over no goals in the same year, per cent", GOAL_HEAD, result.goals)
    if options.rivals:
        result.rivals, good = _rivals(seeds, options, wanted)
        result.good = result.good and good
        _print(
            console,
            "Rival models: each lacks one mechanism and must fail the pattern that tells",
            RIVAL_HEAD,
            result.rivals,
        )
    return result


def pattern_head(seeds: list[int]) -> list[str]:
    """Column heads of the pattern table."""
    return ["no.", "pattern and statistic", "source", "band", *(f"market {seed}" for seed in seeds), "verdict"]


GOAL_HEAD = ["goals", "year", "gain ± error", "sure", "effort", "chance seen"]
RIVAL_HEAD = ["rival", "lacks", "must fail", "band", "results", "verdict"]


def _patterns(labs: list[Lab], wanted: list[int], replications: int) -> tuple[list[list[str]], bool]:
    asked, rows, good = bands(), [], True
    for number in wanted:
        readings = [PATTERNS[number](lab) for lab in labs]
        for name, band in asked[number]["statistics"].items():
            cells, verdicts = [], []
            for reading in readings:
                mean, error = mean_and_error(reading[name])
                cells.append(_reading(mean, error))
                verdicts.append(verdict(mean, error, replications, band))
            worst = min(verdicts, key=WORST.index)
            good = good and worst != "fail"
            title = f"{asked[number]['pattern']}: {name}"
            rows.append([str(number), title, asked[number]["source"], str(band), *cells, worst])
    return rows, good


def _reading(mean: float, error: float) -> str:
    """Mean and error, the latter only where there is one: equal values differ by what adding them up rounds off.

    >>> _reading(-15.42, 0.0861), _reading(1.154, 5.6e-17)
    ('-15.4 ± 0.086', '1.15')
    """
    return f"{mean:.3g} ± {error:.2g}" if error > 1e-12 * abs(mean) else f"{mean:.3g}"


def _goals(labs: list[Lab]) -> list[list[str]]:
    by_lab = [goals_compared(lab) for lab in labs]
    rows = []
    for parts in zip(*by_lab, strict=True):
        joined = GoalRow(parts[0].policy, parts[0].demand, *(np.concatenate([p[k] for p in parts]) for k in (2, 3, 4)))
        gain, error = mean_and_error(joined.gain)
        sure = "" if error == 0.0 else f"{_probability(gain, error, joined.gain.size):.2f}"
        year = "as expected" if joined.demand == 0.0 else f"{100 * joined.demand:+.0f} % unforeseen"
        chance = f"{joined.chance.mean():.2f}" if joined.chance.any() else ""
        rows.append([joined.policy, year, f"{gain:+.2f} ± {error:.2f}", sure, f"{joined.effort.mean():.3f}", chance])
    return rows


def _probability(mean: float, error: float, count: int) -> float:
    from scipy.stats import t as student

    return float(student.cdf(mean / error, count - 1))


def _rivals(seeds: list[int], options: argparse.Namespace, wanted: list[int]) -> tuple[list[list[str]], bool]:
    rows, good, asked = [], True, bands()
    for rival in RIVALS:
        if rival.pattern not in wanted:
            continue
        band = asked[rival.pattern]["statistics"][rival.statistic]
        cells, verdicts = [], []
        for seed in seeds:
            lab = Lab(seed, options.accounts, options.reps, options.replications, rival.behaviour)
            mean, error = mean_and_error(PATTERNS[rival.pattern](lab)[rival.statistic])
            cells.append(f"{mean:.3g}")
            verdicts.append(verdict(mean, error, options.replications, band))
        fails = all(word == "fail" for word in verdicts)
        good = good and fails
        must = f"{rival.pattern}: {rival.statistic}"
        verdict_word = "fails, as it must" if fails else "PASSES: mechanism unproven"
        rows.append([rival.name, rival.lacks, must, str(band), ", ".join(cells), verdict_word])
    return rows, good


def _print(console: Console, title: str, head: list[str], rows: list[list[str]]) -> None:
    if not console.is_terminal:
        print("\t".join(head))
        for row in rows:
            print("\t".join(row))
        return
    shown = [place for place, word in enumerate(head) if word != "source"]
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for place in shown:
        table.add_column(head[place], overflow="fold")
    for row in rows:
        table.add_row(*(row[place] for place in shown))
    console.print(table)
    console.print()


def write_markdown(path: Path, result: Validation, seeds: list[int], options: argparse.Namespace) -> None:
    """The same tables as a page, with the command that makes them."""
    seeds_word = ",".join(map(str, seeds))
    lines = [
        "# Does it behave like real sales forces?",
        "",
        f"Made by `territory validate --seeds {seeds_word}{' --rivals' if options.rivals else ''} --write {path}`:",
        f"{options.accounts:,} accounts, {options.reps} reps, {options.replications} simulated years for each market;",
        "means over years ± Monte Carlo error; bands in `configs/validation/bands.yaml`.",
        "The verdict is the worst over the markets.",
        "A pattern that fails is published as failing.",
    ]
    for title, head, rows in (
        ("Patterns", pattern_head(seeds), result.patterns),
        ("Goals: sales over no goals in the same year, per cent", GOAL_HEAD, result.goals),
        ("Rival models: each lacks one mechanism and must fail the pattern that tells", RIVAL_HEAD, result.rivals),
    ):
        if rows:
            lines += ["", f"## {title}", "", "| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
            lines += ["| " + " | ".join(row) + " |" for row in rows]
    path.write_text("\n".join(lines) + "\n")
