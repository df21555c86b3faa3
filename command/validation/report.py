"""`territory validate`: what was played, and its tables at the terminal."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table
from scipy.stats import t as student

from command.terminal import say
from command.validation import experiments
from command.validation.experiments import CONTRADICTED, Expectation, Outcome
from command.validation.goals import GoalRow, goals_compared
from command.validation.lab import Lab, mean_and_error
from command.validation.patterns import PATTERNS
from command.validation.rivals import RIVALS, Cell, conclusion, face, lab_of, sanity
from command.validation.steps import timed
from command.validation.verdict import Judgement, bands, judge, worst

GOALS_TITLE = "Goals: sales over no goals in the same year, per cent"
GOAL_HEAD = ["goals", "year", "gain ± error", "sure", "effort", "chance seen"]
RIVALS_TITLE = "Rival models: each lacks one mechanism and must fail (*) what tells that mechanism"
EXPERIMENTS_TITLE = "Experiments: what was expected of them, and what came out"
CONCLUSION_HEAD = ["rival", "lacks", "verdict", "passes", "of the sanity patterns"]


class Played(NamedTuple):
    """A pattern with all its statistics, over all markets."""

    number: int
    judged: dict[str, Judgement]

    @property
    def word(self) -> str:
        """The worst verdict: of its statistics, and of the markets."""
        return worst([judgement.worst for judgement in self.judged.values()])


@dataclass
class Validation:
    """What was played: patterns by number, rows of text on goals, rivals by name and pattern, experiments."""

    seeds: list[int]
    rival_seeds: list[int]
    patterns: dict[int, Played] = field(default_factory=dict)
    goals: list[list[str]] = field(default_factory=list)
    rivals: dict[str, dict[int, Cell]] = field(default_factory=dict)
    experiments: list[Outcome] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether no pattern fails, every rival does where it must, and no experiment contradicts."""
        proven = all(conclusion(cells, self.words)[1] for cells in self.rivals.values())
        contradicted = any(outcome.verdict == CONTRADICTED for outcome in self.experiments)
        return proven and "fail" not in self.words.values() and not contradicted

    @property
    def words(self) -> dict[int, str]:
        """The verdict on each pattern."""
        return {number: played.word for number, played in self.patterns.items()}


def play_all(
    seeds: list[int], rival_seeds: list[int], expected: list[Expectation], options: argparse.Namespace
) -> Validation:
    """Plays everything asked for and prints it table by table.

    ``rival_seeds`` and ``expected`` are empty where no rival and no experiment is played; single experiments alone are
    played without patterns.
    """
    result, console = Validation(seeds, rival_seeds), Console()
    if options.pattern or not options.experiment:
        _play_on_markets(result, options, console)
    if expected:
        say("experiments")
        result.experiments = experiments.played(expected, options.replications)
        _print(console, EXPERIMENTS_TITLE, experiments.HEAD, experiments.rows(result.experiments))
        for line in (experiments.counted(result.experiments), *experiments.unexpected(result.experiments)):
            console.print(line, highlight=False)
    return result


def _play_on_markets(result: Validation, options: argparse.Namespace, console: Console) -> None:
    """Patterns, goals and rivals, written into ``result``."""
    seeds, rival_seeds = result.seeds, result.rival_seeds
    wanted = [number for number in PATTERNS if not options.pattern or number in options.pattern]
    size = (options.accounts, options.reps, options.replications)
    say(f"markets {_listed(seeds)}: {size[0]:,} accounts, {size[1]} reps, {size[2]} simulated years each")
    labs = [Lab(seed, *size) for seed in seeds]
    labs[0].year(labs[0].base)  # so that no pattern waits for the compiler
    seconds: dict[int, float] = {}
    result.patterns = _play_patterns(labs, wanted, seconds)
    if console.is_terminal:
        _print_patterns(console, result)
    else:
        _print(console, "Patterns", *pattern_rows(result))
    if not options.pattern or 12 in options.pattern:
        say("goals, as expected and after a fall")
        result.goals = _goals(labs)
        _print(console, GOALS_TITLE, GOAL_HEAD, result.goals)
    if rival_seeds:
        result.rivals = _play_rivals(rival_seeds, wanted, size, seconds)
        _print(console, RIVALS_TITLE, *matrix(result))
        _print(console, "What the rivals prove", CONCLUSION_HEAD, conclusions(result))


def _play_patterns(labs: list[Lab], wanted: list[int], seconds: dict[int, float]) -> dict[int, Played]:
    asked = bands()
    each = [(number, lab) for lab in labs for number in wanted]
    names = {number: f"{number}: {asked[number]['pattern']}" for number in wanted}
    steps = [(number, f"market {lab.scenario.market.seed}, {names[number]}") for number, lab in each]
    read: dict[int, list[dict[str, np.ndarray]]] = {number: [] for number in wanted}
    for place in timed(steps, seconds):
        number, lab = each[place]
        read[number].append(PATTERNS[number](lab))
    return {number: Played(number, judge(read[number], asked[number]["statistics"])) for number in wanted}


def _play_rivals(
    seeds: list[int], wanted: list[int], size: tuple[int, int, int], seconds: dict[int, float]
) -> dict[str, dict[int, Cell]]:
    each = [(rival, number) for rival in RIVALS for number in wanted]
    per_market = {number: seconds[number] * len(seeds) for number in wanted}
    cells: dict[str, dict[int, Cell]] = {rival.name: {} for rival in RIVALS}
    labs: list[Lab] = []
    for place in timed([(number, f"rival {rival.name}, pattern {number}") for rival, number in each], per_market):
        rival, number = each[place]
        if number == wanted[0]:
            labs = [lab_of(rival, seed, *size) for seed in seeds]
        cells[rival.name][number] = face(rival, number, labs)
    return cells


def summary(patterns: dict[int, Played]) -> str:
    """How many patterns pass, and which do not."""
    numbers = {word: [p.number for p in patterns.values() if p.word == word] for word in ("pass", "weak", "fail")}
    said = [f"{len(numbers['pass'])} of {len(patterns)} patterns pass"]
    for word in ("weak", "fail"):
        which = f": {_listed(numbers[word])}" if numbers[word] else ""
        said.append(f"{len(numbers[word])} {'weak' if word == 'weak' else 'failing'}{which}")
    return "; ".join(said) + "."


def explained(patterns: dict[int, Played]) -> list[str]:
    """For each pattern that does not pass: where, and why, as `bands.yaml` has it."""
    asked, lines = bands(), []
    for played in patterns.values():
        if played.word in ("weak", "fail"):
            names = [name for name, judgement in played.judged.items() if judgement.worst in ("weak", "fail")]
            why = asked[played.number].get("explained", "not explained yet.").strip()
            lines.append(f"{played.number}, {played.word} ({'; '.join(names)}): {why}")
    return lines


def pattern_rows(result: Validation) -> tuple[list[str], list[list[str]]]:
    """The pattern table, head and rows: one row a statistic, one column a market."""
    asked, rows = bands(), []
    for played in result.patterns.values():
        entry = asked[played.number]
        for name, judgement in played.judged.items():
            cells = [_reading(mean, error) for mean, error in judgement.read]
            band = str(entry["statistics"][name])
            title = f"{entry['pattern']}: {name}"
            rows.append([str(played.number), title, entry["source"], band, *cells, judgement.worst])
    markets = [f"market {seed}" for seed in result.seeds]
    return ["no.", "pattern and statistic", "source", "band", *markets, "verdict"], rows


def matrix(result: Validation) -> tuple[list[str], list[list[str]]]:
    """Patterns by rivals, head and rows; a star where a rival must fail."""
    rows = [[str(number), played.word] for number, played in result.patterns.items()]
    for cells in result.rivals.values():
        for row, number in zip(rows, result.patterns, strict=True):
            cell = cells[number]
            means = ", ".join(map(_number, cell.means))
            row.append(f"{cell.word}{'*' if cell.must_fail else ''} {means}")
    return ["no.", "ours", *result.rivals], rows


def conclusions(result: Validation) -> list[list[str]]:
    """One row a rival: what it proves, how many patterns it passes, which sanity patterns it fails and why."""
    ours, rows = result.words, []
    for rival in RIVALS:
        cells = result.rivals[rival.name]
        passed = sum(cell.word == "pass" for cell in cells.values())
        beside = sanity(rival, cells, ours)
        rows.append([rival.name, rival.lacks, conclusion(cells, ours)[0], f"{passed} of {len(cells)}", beside])
    return rows


def _reading(mean: float, error: float) -> str:
    """Mean and error, the latter only where there is one: equal values differ by what adding them up rounds off.

    >>> _reading(-15.42, 0.0861), _reading(1.154, 5.6e-17)
    ('-15.4 ± 0.086', '1.15')
    """
    return f"{_number(mean)} ± {error:.2g}" if _is_error(error, mean) else _number(mean)


def _number(mean: float) -> str:
    """Three digits; what adding up leaves of nothing is nothing."""
    return "0" if abs(mean) < 1e-12 else f"{mean:.3g}"


def _is_error(error: float, mean: float) -> bool:
    return error > 1e-12 * max(abs(mean), 1.0)


def _goals(labs: list[Lab]) -> list[list[str]]:
    by_lab = [goals_compared(lab) for lab in labs]
    rows = []
    for parts in zip(*by_lab, strict=True):
        joined = GoalRow(parts[0].policy, parts[0].demand, *(np.concatenate([p[k] for p in parts]) for k in (2, 3, 4)))
        gain, error = mean_and_error(joined.gain)
        sure = "" if error == 0.0 else f"{student.cdf(gain / error, joined.gain.size - 1):.2f}"
        year = "as expected" if joined.demand == 0.0 else f"{100 * joined.demand:+.0f} % unforeseen"
        chance = f"{joined.chance.mean():.2f}" if joined.chance.any() else ""
        rows.append([joined.policy, year, f"{gain:+.2f} ± {error:.2f}", sure, f"{joined.effort.mean():.3f}", chance])
    return rows


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))


def _print_patterns(console: Console, result: Validation) -> None:
    """The pattern table for 80 columns and more: a line a pattern, below it its statistics and one error for all."""
    asked = bands()
    for place, played in enumerate(result.patterns.values()):
        entry = asked[played.number]
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), expand=True, show_header=place == 0)
        table.add_column("statistic", ratio=1)
        for head, width in (("band", 12), *((str(seed), 7) for seed in result.seeds), ("±", 6), ("", 5)):
            table.add_column(head, width=width)
        for name, judgement in played.judged.items():
            means = [_number(mean) for mean, _ in judgement.read]
            mean, error = max(judgement.read, key=lambda one: one[1])
            largest = f"{error:.1g}" if _is_error(error, mean) else ""
            table.add_row(name, str(entry["statistics"][name]), *means, largest, judgement.worst)
        console.print(f"[bold]{played.number}  {entry['pattern']}[/]: {played.word}", highlight=False)
        console.print(table)
    for line in ("", summary(result.patterns), *explained(result.patterns), ""):
        console.print(line, highlight=False)


def _print(console: Console, title: str, head: list[str], rows: list[list[str]]) -> None:
    if not console.is_terminal:
        print("\t".join(head))
        for row in rows:
            print("\t".join(row))
        return
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for word in head:
        table.add_column(word, overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table)
    console.print()
