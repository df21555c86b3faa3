"""Morris screening over all parameters, Sobol shares of the few that matter, and each at half and double."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from SALib.analyze import morris as morris_analysis
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample

from command.influence.headline import Question, Span, gain
from sim.run import cores
from sim.world import Floats

LEVELS = 4  # of a parameter's range in Morris trajectories
SEED = 1

Answer = Callable[[list[dict[str, float]]], Floats]  # the headline for each choice of values


class Screened(NamedTuple):
    """Morris: mean size of a parameter's elementary effects over its range, its error, and their spread."""

    name: str
    effect: float  # points of the headline
    error: float  # of 95 %
    spread: float


class Share(NamedTuple):
    """Sobol: part of the headline's variance from a parameter alone, and with all it acts together with."""

    name: str
    alone: float
    alone_error: float
    total: float
    total_error: float


class Swing(NamedTuple):
    """How far the headline moves with a parameter at the low and at the high end of its span, points."""

    name: str
    low: float
    high: float


def screened(spans: Sequence[Span], trajectories: int, answer: Answer) -> list[Screened]:
    """Morris's elementary effects of every parameter, largest first (Morris 1991; Campolongo and others 2007)."""
    problem = _problem(spans)
    chosen = morris_sample.sample(problem, trajectories, num_levels=LEVELS, seed=SEED)
    found = morris_analysis.analyze(problem, chosen, answer(_values(spans, chosen)), num_levels=LEVELS, seed=SEED)
    rows = zip(found["names"], found["mu_star"], found["mu_star_conf"], found["sigma"], strict=True)
    return sorted((Screened(str(n), float(e), float(c), float(s)) for n, e, c, s in rows), key=lambda row: -row.effect)


def shares(spans: Sequence[Span], samples: int, answer: Answer) -> list[Share]:
    """Sobol's first-order and total shares of the headline's variance (Saltelli and others 2010)."""
    problem = _problem(spans)
    chosen = sobol_sample.sample(problem, samples, calc_second_order=False, seed=SEED)
    found = sobol_analysis.analyze(problem, answer(_values(spans, chosen)), calc_second_order=False, seed=SEED)
    rows = zip(problem["names"], found["S1"], found["S1_conf"], found["ST"], found["ST_conf"], strict=True)
    return sorted((Share(str(name), *map(float, numbers)) for name, *numbers in rows), key=lambda row: -row.total)


def swings(spans: Sequence[Span], answer: Answer) -> tuple[float, list[Swing]]:
    """The headline at all defaults, and how far each parameter moves it alone."""
    ends: list[dict[str, float]] = [{}]
    for span in spans:
        ends += [{span.name: _typed(span, span.low)}, {span.name: _typed(span, span.high)}]
    usual, *others = answer(ends).tolist()
    pairs = zip(spans, others[::2], others[1::2], strict=True)
    return usual, [Swing(span.name, low - usual, high - usual) for span, low, high in pairs]


def _problem(spans: Sequence[Span]) -> dict[str, Any]:
    return {
        "num_vars": len(spans),
        "names": [span.name for span in spans],
        "bounds": [[span.low, span.high] for span in spans],
    }


def _values(spans: Sequence[Span], chosen: Floats) -> list[dict[str, float]]:
    return [{s.name: _typed(s, value) for s, value in zip(spans, row.tolist(), strict=True)} for row in chosen]


def _typed(span: Span, value: float) -> float:
    return round(value) if span.whole else value


def in_processes(question: Question, done: Callable[[int], None]) -> Answer:
    """Answers a list of choices on all cores; ``done`` is told of each one."""

    def answer(choices: list[dict[str, float]]) -> Floats:
        context = multiprocessing.get_context("spawn")
        found = np.empty(len(choices))
        with ProcessPoolExecutor(cores(), context) as pool:
            asked = pool.map(gain, [question] * len(choices), choices, chunksize=4)
            for place, value in enumerate(asked):
                found[place] = value
                done(1)
        return found

    return answer
