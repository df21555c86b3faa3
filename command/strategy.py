"""`territory strategy [MAP]`: plays a strategy map: all tactics, each left out in turn, none; and scores it."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from command.maps import Checked, checked
from command.overrides import Asked, read
from command.parser import Parser, hanging
from command.settings import CONFIGS, EXPERIMENT, Settings, about, options
from command.stopping import keep, plays_kept
from command.terminal import DONE, SOME_FAILED, Progress, check_folder, complain, say
from scenarios.problems import InputError, nearest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from analysis.strategy.page import Told
    from analysis.strategy.scorecard import Plays, Scorecard
    from command.tactics import Plans

MAPS = "strategy"  # folder of the shipped maps, and of what is written in the results
USUAL = "growth"
EXAMPLES = (
    ("", "the shipped map, in a made-up market"),
    ("growth market=crm market.folder=imported/NAME", "the same in your own"),
    ("my_map.yaml --to strategy/mine", "a map of your own"),
)


def _parser() -> Parser:
    maps = "\n".join(hanging([(name, about(MAPS, name)) for name in options(MAPS)]))
    made = Parser(
        "strategy",
        "Plays a strategy map and writes its scorecard: each objective's result and chance, what each\n"
        "tactic adds, and whether the links between objectives hold.\n\nmaps:\n" + maps,
        EXAMPLES,
        "docs/howto/strategy.md",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("map", nargs="?", default=USUAL, help=f"a map's name, or a YAML file (default {USUAL})")
    made.add_argument("words", nargs="*", metavar="key=value", help="the market and today's plan, as for simulate")
    made.add_argument("--to", default="", help="where the page is written (default: strategy/KEY in the results)")
    return made


def main(arguments: Sequence[str]) -> int:
    """Plays one map; returns the exit code."""
    asked = _parser().parse_intermixed_args(list(arguments))
    if "=" in asked.map:
        asked.words.insert(0, asked.map)
        asked.map = USUAL
    try:
        return _strategy(asked, shlex.join(["territory", "strategy", *arguments]))
    except InputError as error:
        return complain(error.problems)


def _strategy(asked: argparse.Namespace, again: str) -> int:
    from analysis.strategy.page import write_page
    from analysis.strategy.saying import headline, link_sentences, unscored

    file, line = _file(asked.map), _line(asked.words)
    results = Path(line.results)
    of = checked(file, asked.words)
    places = {"results": results, **({"--to": Path(asked.to)} if asked.to else {})}
    new = [place for place in places.values() if not place.exists()]
    for setting, place in places.items():
        _make(place, setting)
    try:
        plays = _played(of, asked.words, results, line.replications, again)
    except InputError:
        for place in reversed(new):
            if not any(place.iterdir()):
                place.rmdir()
        raise
    if plays is None:
        say("the scorecard needs all of them; nothing is written")
        return SOME_FAILED
    found = _scored(of, plays)
    folder = Path(asked.to) if asked.to else results / MAPS / plays.plan.key
    _print(found)
    for sentence in (headline(found), *unscored(found), *link_sentences(found)):
        say(sentence)
    page = write_page(_told(of, plays, found, again), folder)
    say(f"page     {page}")
    say(f"rows     {folder}: scorecard.csv, tactics.csv, journey.csv, value_proposition.csv")
    elsewhere = [] if results == Path(Settings().results) else ["--results", str(results)]
    say(f"explain  {shlex.join(['territory', 'explain', plays.plan.key, *elsewhere])}")
    say(f"again    {again}")
    return DONE


def _file(said: str) -> Path:
    """The file of a map: a shipped one by name, or any YAML file."""
    if said in options(MAPS):
        return CONFIGS / MAPS / f"{said}.yaml"
    if Path(said).is_file():
        return Path(said)
    if said.endswith((".yaml", ".yml")) or "/" in said:
        raise InputError([f"there is no file of a map '{said}'"])
    raise InputError([f"there is no map '{said}'.  {nearest(said, options(MAPS))}  A file of your own ends in .yaml"])


def _line(words: Sequence[str]) -> Asked:
    """What the command line sets for all plans alike. Raises InputError for what makes no sense here."""
    problems = []
    for word in words:
        key = word.partition("=")[0].lstrip("+")
        if key in (EXPERIMENT, "confirm", "replications_limit"):
            problems.append(f"{key} is for simulate; a map says itself what is played")
        if key == "years" and word.partition("=")[2] != "1":
            problems.append(f"{word}: a map is played in one year; its dates are weeks of it")
    try:
        line = read([word for word in words if word.partition("=")[0] != EXPERIMENT])
    except InputError as error:
        told = [problem.replace("; add -m to play them all", "; a map is played in one") for problem in error.problems]
        raise InputError([*problems, *told]) from None
    if line.limit is not None:
        problems.append("replications=auto looks at contribution alone; give a number of years, as in replications=60")
    if problems:
        raise InputError(problems)
    return line


def _make(folder: Path, setting: str) -> None:
    """Makes a folder, before the work is done. Raises InputError where it can't be."""
    check_folder(folder, setting)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError([f"{setting}: '{folder}' can't be written: {error.strerror or error}"]) from None


def _played(of: Checked, words: Sequence[str], results: Path, years: int, again: str) -> Plays | None:
    """Every plan from the store, played where it is not there; None where one failed, which is said.

    Raises InputError for what is refused at the door.
    """
    from analysis.store import load
    from analysis.strategy.scorecard import Plays
    from command.play import FAILED, REFUSED, play
    from command.simulate import say_if_it_compiles
    from command.tactics import unplayable
    from scenarios.identity import status_quo

    plans = of.plans
    scenarios = [scenario for scenario, _ in plans.all.values()]
    distinct = {*scenarios, *map(status_quo, scenarios)}
    progress = Progress(len(distinct), years)
    keep(lambda: plays_kept(again, progress))
    say(f"{len(plans.without)} tactics: all, each left out, none: {len(distinct)} plans × {years:,} years")
    say_if_it_compiles()
    keys, failed, states = {}, False, []
    for name, (scenario, typed) in plans.all.items():
        outcomes = play(scenario, typed, results, progress)
        if outcomes[-1].state == REFUSED:
            progress.clear()
            where = f"without tactic '{name}': " if name in plans.without else ""
            refused = [f"{where}{problem}" for problem in outcomes[-1].problems]
            raise InputError(unplayable(of.map, words) or refused)
        for one in outcomes:
            if one.state == FAILED:
                progress.clear()
                say(f"failed: {one.label}: {'; '.join(one.problems)}")
                failed = True
        keys[name] = outcomes[-1].key
        states += [(one.key, one.state) for one in outcomes]
    progress.clear()
    if failed:
        return None
    say(_counts(states))
    plan, today, *without = (load(results, keys[name], range(years)) for name in plans.all)
    return Plays(plan, today, dict(zip(plans.without, without, strict=True)))


def _counts(states: Sequence[tuple[str, str]]) -> str:
    """How many plans were played, and how many were there."""
    from command.play import PLAYED

    played = {key for key, state in states if state == PLAYED}
    kept = {key for key, _ in states} - played
    return ", ".join([f"{len(played)} played", *([f"{len(kept)} already played"] if kept else [])])


def _scored(of: Checked, plays: Plays) -> Scorecard:
    from analysis.strategy.scorecard import scorecard
    from scenarios.strategy.links import downstream

    serves = {name: one.serves for name, one in of.map.tactics.items()}
    return scorecard(of.aims, serves, downstream(of.map), plays)


def _told(done: Checked, plays: Plays, found: Scorecard, again: str) -> Told:
    """What the page tells."""
    from analysis.charts.strategy_map import Drawing
    from analysis.strategy.page import Told

    of = done.map
    drawing = Drawing(
        found,
        list(of.goals.values()),
        {name: one.leads_to for name, one in of.objectives.items()},
        {name: one.serves for name, one in of.tactics.items()},
        {name: one.what for name, one in of.tactics.items()},
    )
    under = {name: [one.what for one in of.objectives.values() if one.strategy == name] for name in of.strategies}
    goals = [
        (what, [(one.what, under[one.name]) for one in of.strategies.values() if one.goal == name])
        for name, what in of.goals.items()
    ]
    doing = [
        [name, one.what, ", ".join(one.serves), " ".join(f"{key}={value}" for key, value in one.sets.items())]
        for name, one in of.tactics.items()
    ]
    return Told(of.title, found, plays, drawing, goals, doing, _leads(done.plans), again)


def _leads(plans: Plans) -> NDArray[np.float64] | None:
    """How much competitors' scores have changed by the end of the plan's year, (n, 5); None where they have not."""
    import numpy as np

    from scenarios.build import market_and_team
    from scenarios.events import dated_events
    from sim.world import CRITERIA, LEAD

    scenario = plans.plan[0]
    market, team, _ = market_and_team(scenario)
    events = dated_events(scenario.events, market, team)
    if events is None or not (events.what == LEAD).any():
        return None
    changed = np.zeros((len(market.accounts), len(CRITERIA)))
    for at in np.flatnonzero(events.what == LEAD):
        changed[events.concerns[at], events.criterion[at]] += events.amount[at]
    return changed


def _print(found: Scorecard) -> None:
    """At a terminal the scorecard and what each tactic adds at the top; anywhere else the scorecard, every column."""
    from analysis.strategy.saying import brings_table, objectives_table
    from command.console import show

    terminal = sys.stdout.isatty()
    for table in (objectives_table(found, narrow=terminal), *([brings_table(found)] if terminal else [])):
        right = [at for at in range(len(table["heads"])) if at not in table["words"]]
        show([table["heads"], *table["rows"]], right)
        if terminal:
            print()
