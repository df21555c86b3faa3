"""Experiments with an expected sign: played as any sweep is, and held against what is expected of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import yaml
from scipy.stats import t as student

from analysis.metrics import METRICS, measures
from analysis.store import load
from command.overrides import read
from command.play import KEPT, PLAYED
from command.settings import CONFIGS, EXPERIMENT, options, parameters, unknown_key
from command.simulate import play_into
from command.study import outcomes
from command.terminal import Progress
from command.validation.lab import mean_and_error
from command.validation.verdict import SURE
from scenarios.problems import InputError, nearest
from scenarios.schema import GROUPS
from sim.world import Floats

EXPECTATIONS = CONFIGS / "validation" / "expectations.yaml"
SIGNS = {"+": "more", "-": "less", "0": "the same"}
ABOUT_NOTHING = 0.01  # a change smaller than this part of what it was is none
AS_EXPECTED, NOT_SURE, CONTRADICTED = "as expected", "not sure", "contradicted"
KEYS = ("plan", "against", "measure", "sign", "because", "source", "explained")


class Expectation(NamedTuple):
    """What one plan of an experiment should do to a measure, held against another plan of it."""

    experiment: str  # an option of configs/experiment
    plan: dict[str, str]  # settings that tell the plan
    against: dict[str, str]
    measure: str  # of analysis/metrics
    sign: str  # of SIGNS
    because: str
    source: str
    explained: str = ""  # what was measured, where it came out otherwise

    @property
    def compared(self) -> str:
        """The two plans in words: what differs, then what both have.

        >>> Expectation("", {"events": "fall", "goals": "x"}, {"events": "none", "goals": "x"}, "", "", "", "").compared
        'events=fall over none (goals=x)'
        """
        differ = [key for key in self.plan if self.plan[key] != self.against.get(key)]
        same = ", ".join(f"{key}={value}" for key, value in self.plan.items() if key not in differ)
        told = ", ".join(f"{key}={self.plan[key]} over {self.against.get(key) or 'none'}" for key in differ)
        return f"{told} ({same})" if same else told


class Outcome(NamedTuple):
    """What came out: the change year by year on common luck, as parts of the mean it is held against."""

    expected: Expectation
    change: Floats  # (replications,)

    @property
    def probability(self) -> float:
        """How sure the change has the expected sign, or with "0" is smaller than `ABOUT_NOTHING`, from 0 to 1."""
        mean, error = mean_and_error(self.change)
        above, below = (_above(mean - limit, error, self.change.size) for limit in (-ABOUT_NOTHING, ABOUT_NOTHING))
        if self.expected.sign == "0":
            return above - below
        more = _above(mean, error, self.change.size)
        return more if self.expected.sign == "+" else _above(-mean, error, self.change.size)

    @property
    def verdict(self) -> str:
        """As expected or contradicted where that is sure, else not sure."""
        if self.probability >= SURE:
            return AS_EXPECTED
        return CONTRADICTED if self.probability <= 1.0 - SURE else NOT_SURE


def _above(mean: float, error: float, size: int) -> float:
    """Probability that a true mean is above 0; nothing at all is neither above nor below."""
    if error < 1e-12:
        return 1.0 if mean > 1e-12 else 0.0
    return float(student.cdf(mean / error, size - 1))


def expectations(path: Path = EXPECTATIONS) -> list[Expectation]:
    """Everything that is expected. Raises InputError with every line that names what there is not."""
    found: list[Expectation] = []
    problems: list[str] = []
    for experiment, entries in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        for number, entry in enumerate(entries, 1):
            problems += [f"{path.name}: {experiment} {number}: {said}" for said in _problems(experiment, entry)]
            if not problems:
                plan, against = (_plain(entry[name]) for name in ("plan", "against"))
                found.append(Expectation(experiment, **{**entry, "plan": plan, "against": against}))
    if problems:
        raise InputError(problems)
    return found


def _problems(experiment: str, entry: Mapping[str, Any]) -> list[str]:
    said = []
    if experiment not in options(EXPERIMENT):
        said.append(f"there is no experiment '{experiment}'; {nearest(experiment, options(EXPERIMENT))}")
    said += [f"there is no '{key}'; {nearest(key, KEYS)}" for key in entry if key not in KEYS]
    said += [f"'{key}' is missing" for key in KEYS[:-1] if key not in entry]
    if said:
        return said
    keys = {*entry["plan"], *entry["against"]}
    said += [unknown_key(key) for key in sorted(keys) if key not in GROUPS and key not in parameters()]
    if entry["measure"] not in METRICS:
        said.append(f"there is no measure '{entry['measure']}'; {nearest(entry['measure'], METRICS)}")
    if entry["sign"] not in SIGNS:
        said.append(f"sign {entry['sign']}: choose from: {', '.join(SIGNS)}")
    return said


def _plain(settings: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in settings.items()}


def played(expected: Sequence[Expectation], years: int, more: Iterable[str] = ()) -> list[Outcome]:
    """Plays each experiment that is named, ``years`` on common luck, and reads what came out.

    ``more`` are further settings for all of them. Raises InputError where a plan fails or an expectation names one
    that its experiment does not play.
    """
    found: list[Outcome] = []
    with TemporaryDirectory() as results:
        for experiment in dict.fromkeys(one.experiment for one in expected):
            words = [f"{EXPERIMENT}={experiment}", f"replications={years}", f"results={results}", *more]
            asked = read(words)
            folder = Path(results) / "studies" / experiment
            folder.mkdir(parents=True)
            total = asked.total
            progress = Progress(total, years)
            play_into(asked, folder, progress)
            progress.clear()
            plans = _plans(folder, Path(results))
            found += [_read(one, plans) for one in expected if one.experiment == experiment]
    return found


def _plans(folder: Path, results: Path) -> list[tuple[dict[str, Any], Any]]:
    """The scenario and the measures of each plan of a study. Raises InputError where one failed."""
    became = outcomes(folder)
    problems = [f"{one.label}: {said}" for one in became if one.state not in (PLAYED, KEPT) for said in one.problems]
    if problems:
        raise InputError(problems)
    stored = [load(results, key) for key in dict.fromkeys(one.key for one in became)]
    return [(one.info["scenario"], measures(one)) for one in stored]


def _read(expected: Expectation, plans: Sequence[tuple[dict[str, Any], Any]]) -> Outcome:
    values = []
    for settings in (expected.plan, expected.against):
        found = [table[expected.measure].to_numpy(dtype=float) for scenario, table in plans if _is(scenario, settings)]
        if len(found) != 1:
            told = " ".join(f"{key}={value}" for key, value in settings.items())
            raise InputError([f"experiment {expected.experiment} plays {len(found)} plans with {told}; 1 is meant"])
        values.append(found[0])
    return Outcome(expected, (values[0] - values[1]) / np.abs(values[1].mean()))


def _is(scenario: Mapping[str, Any], settings: Mapping[str, str]) -> bool:
    """Whether a scenario has all these settings; a group alone stands for its option's name."""

    def value(key: str) -> str:
        group, _, name = key.partition(".")
        inner = scenario[group][name or "name"] if group in GROUPS else scenario[group]
        return f"{inner:g}" if isinstance(inner, float) else str(inner)

    return all(value(key) == said for key, said in settings.items())


HEAD = ["experiment", "compared", "measure", "expected", "change, per cent", "sure", "verdict", "because"]


def rows(found: Sequence[Outcome]) -> list[list[str]]:
    """One row an expectation, below `HEAD`."""
    said = []
    for one in found:
        mean, error = mean_and_error(100.0 * one.change)
        e = one.expected
        change = f"{mean:+.2f} ± {error:.2f}"
        because = f"{e.because} ({e.source})"
        told = (e.experiment, e.compared, e.measure, SIGNS[e.sign], change, f"{one.probability:.2f}", one.verdict)
        said.append([*told, because])
    return said


def unexpected(found: Sequence[Outcome]) -> list[str]:
    """A line for each that did not come out as expected, with what was measured about it."""
    return [
        f"{one.expected.experiment}, {one.expected.compared}, {one.expected.measure} ({one.verdict}): "
        f"{one.expected.explained.strip() or 'not explained yet.'}"
        for one in found
        if one.verdict != AS_EXPECTED
    ]


def counted(found: Sequence[Outcome]) -> str:
    """How many came out as expected, and how many did not."""
    words = [one.verdict for one in found]
    said = [f"{words.count(AS_EXPECTED)} of {len(words)} expectations come out"]
    said += [f"{words.count(word)} {word}" for word in (NOT_SURE, CONTRADICTED)]
    return "; ".join(said) + "."
