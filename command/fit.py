"""`territory fit FOLDER`: a twin of the business, how like it is, and how well it would have forecast."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from command.parser import Parser
from command.terminal import DONE, Progress, check_folder, complain, say
from scenarios.problems import InputError

if TYPE_CHECKING:
    from command.fitting.page import Report
EXAMPLES = (
    ("imported/NAME", "a twin, and how well it forecasts"),
    ("imported/NAME --tries 100 --years 40", "quicker and coarser"),
)


def _parser() -> Parser:
    made = Parser(
        "fit",
        "Fits how opportunities go, how accounts and reps behave and what is left open to a business's own "
        "data; holds quarters and reps out to see how well it forecasts. What it writes is for territory simulate.",
        EXAMPLES,
        "docs/howto/fit.md",
    )
    made.add_argument("folder", help="the folder of an export, or of an import")
    made.add_argument("words", nargs="*", metavar="key=value", help="the business, as in market.unit=account_office")
    made.add_argument("--tries", type=int, default=300, help="sets of parameters that are tried out (default 300)")
    made.add_argument("--draws", type=int, default=100, help="draws of the fit that are kept (default 100)")
    made.add_argument("--years", type=int, default=100, help="simulated years of each forecast (default 100)")
    made.add_argument("--to", default="", help="where it is written (default: market/NAME of the folder)")
    return made


def main(arguments: Sequence[str]) -> int:
    """Writes the fit and its page, prints how like it is and how it forecast; returns the exit code."""
    asked = _parser().parse_intermixed_args(list(arguments))
    try:
        return _fit(asked)
    except InputError as error:
        return complain(error.problems)


def _fit(asked: argparse.Namespace) -> int:
    from command.fitting.page import PAGE, verdict, write
    from command.job import composed
    from command.overrides import read_one
    from scenarios.crm.fitted import FITS

    limits = {"tries": (50, 100_000), "draws": (10, 10_000), "years": (20, 10_000)}
    problems = [
        f"--{name} {getattr(asked, name)}: give a number from {low} to {high:,}"
        for name, (low, high) in limits.items()
        if not low <= getattr(asked, name) <= high
    ]
    if problems:
        raise InputError(problems)
    folder = Path(asked.to) if asked.to else Path(FITS) / Path(asked.folder).resolve().name
    check_folder(folder, "--to")
    if folder.resolve() == Path(asked.folder).resolve():
        raise InputError([f"--to: {folder} is the folder of the data; give another"])
    words = ["market=crm", f"market.folder={asked.folder}", *asked.words]
    scenario = composed(read_one(words).overrides)
    progress = Progress(None, 1)
    again = f"territory fit FOLDER --tries={asked.tries} --draws={asked.draws} --years={asked.years}"
    made = _report(asked, scenario, progress, shlex.join([*again.split(), *asked.words]))
    progress.clear()
    files = write(made, folder)
    _print(made, scenario.market.currency)
    for sentence in verdict(made):
        say(sentence.replace("**", ""))
    say(f"page     {folder / PAGE}")
    say(f"tables   {', '.join(files[1:])}")
    twin = f"market.fit={folder / files[1]}"
    play = ["market=crm", f"market.folder={asked.folder}", twin, *asked.words]
    say(f"play it  territory simulate -m {shlex.join([*play, 'territory=current,balanced', 'replications=40'])}")
    return DONE


def _report(asked: argparse.Namespace, scenario: object, progress: Progress, again: str) -> Report:
    import tempfile
    from dataclasses import replace

    from command.fitting.holdout import held_out, hold_out
    from command.fitting.page import Report
    from command.fitting.shows import shows
    from command.fitting.work import LEVEL_YEARS, ROUNDS, fit_twin
    from scenarios.build import build
    from scenarios.crm import inspect_export
    from scenarios.crm.fitted import write_fit
    from scenarios.crm.potential import from_others
    from scenarios.identity import status_quo
    from scenarios.schema import Scenario

    assert isinstance(scenario, Scenario)

    export = inspect_export(scenario.market.folder)
    if not export.sold:
        raise InputError([f"{export.data.file('opportunities')}: nothing was won or lost; there is nothing to fit"])
    plain = status_quo(replace(scenario, market=replace(scenario.market, fit="", level=1.0)))
    say("fitting")
    of_a_fit = asked.tries + ROUNDS * LEVEL_YEARS + asked.years
    progress.expects(of_a_fit)
    fitted = fit_twin(export, plain, asked.tries, asked.draws, progress.year_done)
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / write_fit(fitted.fit, Path(place))[0]
        built = build(replace(plain, market=replace(plain.market, fit=str(file))))
        course, learnt = fitted.decisions, fitted.learnt
        likeness = shows(export, learnt, built, course.values, course.stages, asked.years, progress.year_done)
    progress.clear()
    say("holding out")
    progress.expects(of_a_fit * len(held_out(export)))
    forecasts = hold_out(export.data, plain, course.stages, asked.tries, asked.years, progress.year_done)
    by_rep = from_others(export, learnt.table, learnt.unit, learnt.sales)
    return Report(fitted, likeness, forecasts, by_rep, export.data.digest, plain.market.seed, again)


def _print(made: Report, currency: str) -> None:
    from command.console import show
    from command.fitting.page import amount

    rows = [("", "data", "twin", "8 in 10", "")]
    for one in made.likeness:
        between = f"{amount(one.low)} to {amount(one.high)}"
        name = f"{one.what}{f', {one.unit}' if one.unit else ''}"
        rows.append((name, amount(one.data), amount(one.twin), between, "" if one.inside else "outside"))
    show(rows, right=(1, 2, 3))
    if made.forecasts:
        held = [("held out", "way", "score", f"team {currency}", "8 in 10", f"sold {currency}")]
        for forecast in made.forecasts:
            for way in forecast.scores.to_dict("records"):
                between = f"{amount(way['team_low'])} to {amount(way['team_high'])}"
                told = (f"{way['score']:.3f}", amount(way["team"]), between, amount(forecast.happened))
                held.append((forecast.quarter, str(way["way"]), *told))
        show(held, right=(2, 3, 4, 5))
