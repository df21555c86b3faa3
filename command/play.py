"""One scenario: found in the store, or built, played and stored; a failure is recorded and never raised."""

from __future__ import annotations

import platform
import re
import time
import traceback
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from math import isinf
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from command.settings import own_values
from command.stopping import stopped
from command.terminal import Progress
from scenarios.identity import code_digest, identity, plain, status_quo
from scenarios.identity import label as said_of
from scenarios.problems import InputError
from scenarios.schema import PLAN, Scenario

if TYPE_CHECKING:
    from scenarios.build import Built

START = "territory simulate "
LIBRARIES = ("territory-sim", "mesa", "numpy", "pandas", "numba")
PLAYED, KEPT, FAILED, REFUSED = "played", "kept", "failed", "refused"


def label(scenario: Scenario) -> str:
    """What a plan is called: `scenarios.identity.label`, where an option's own values need no word."""
    return said_of(scenario, own_values)


class Outcome(NamedTuple):
    """What became of one scenario: played now, kept from before, failed, or refused at the door."""

    key: str  # empty where the market itself was refused
    label: str
    state: str
    status_quo: bool
    problems: tuple[str, ...] = ()
    years: int = 0  # that were asked for, from year 0 on; 0 stands for all that are stored


def play(scenario: Scenario, words: Sequence[str], results: Path, progress: Progress | None) -> tuple[Outcome, ...]:
    """The status quo of the scenario's market, and the scenario; both stored, or their failures.

    ``words`` are the settings that make the scenario on the command line. A scenario that is refused at the door
    leaves nothing behind, not even its status quo.
    """
    try:
        plan = Turn(scenario, words, results, progress)
    except InputError as error:
        return (_refused(scenario, error, progress),)
    try:
        plan.build()
    except InputError as error:
        return (_refused(scenario, error, progress),)
    today = status_quo(scenario)
    if today == scenario:
        return (plan.take(),)
    first = Turn(today, words_today(words, today), results, progress).take()
    own = plan.take(against=first.key)
    if progress and FAILED not in (first.state, own.state):
        progress.compared(first, own)
    return (first, own)


def without(words: Sequence[str], groups: Sequence[str]) -> list[str]:
    """The settings that are not of these groups.

    >>> without(["market.seed=2", "'territory.edits=merge R01 R02'"], ["territory"])
    ['market.seed=2']
    """
    return [word for word in words if word.lstrip("'").partition("=")[0].split(".")[0] not in groups]


def words_today(words: Sequence[str], today: Scenario) -> list[str]:
    """The settings of a plan as those of its status quo."""
    return [
        *without(words, PLAN),
        f"territory={today.territory.name}",
        f"goals={today.goals.name}",
    ]


def _refused(scenario: Scenario, error: InputError, progress: Progress | None) -> Outcome:
    if progress:
        progress.scenario_refused()
    return Outcome("", label(scenario), REFUSED, scenario == status_quo(scenario), error.problems)


class Turn:
    """One scenario's way through the store: only years that are not there are played.

    Raises InputError where its market can't be made.
    """

    def __init__(self, scenario: Scenario, words: Sequence[str], results: Path, progress: Progress | None) -> None:
        from analysis.store import years_stored
        from scenarios.build import market_and_team

        self.scenario, self.words, self.results, self.progress = scenario, words, results, progress
        self.key = identity(scenario, market_and_team(scenario)[0].digest, code_digest())
        self.stored = years_stored(results, self.key)
        self.is_today = scenario == status_quo(scenario)
        self.built: Built | None = None

    @property
    def kept(self) -> bool:
        """Whether all its years are there."""
        return self.stored >= self.scenario.replications

    def build(self) -> None:
        """Builds what is not stored. Raises InputError where the plan can't be made; keeps other failures for later."""
        from scenarios.build import build

        if not self.kept:
            try:
                self.built = build(self.scenario)
            except InputError:
                raise
            except Exception:  # comes again, and is recorded, when the scenario takes its turn
                self.built = None

    def take(self, against: str = "") -> Outcome:
        """Plays and stores what is missing, or says that it is there; a failure is recorded."""
        years, before = self.scenario.replications, self.stored
        outcome = self._try(against)
        if self.progress:
            failed = outcome.state == FAILED
            self.progress.scenario_done("" if failed else self.key, kept=years if failed else min(before, years))
        return outcome

    def go_on(self, years: int, against: str) -> Outcome:
        """The same up to so many years, where it has been taken up to fewer."""
        self.scenario = replace(self.scenario, replications=years)
        return self._try(against)

    def _try(self, against: str) -> Outcome:
        name, years = label(self.scenario), self.scenario.replications
        try:
            state = KEPT if self.kept else PLAYED
            if not self.kept:
                self._play(against or self.key)
                self.stored = years
            return Outcome(self.key, name, state, self.is_today, years=years)
        except Exception as error:  # whatever it is, the other scenarios go on
            if stopped():
                raise KeyboardInterrupt from error
            problems = error.problems if isinstance(error, InputError) else (f"{type(error).__name__}: {error}",)
            self._record(problems)
            return Outcome(self.key, name, FAILED, self.is_today, tuple(problems))

    def _play(self, against: str) -> None:
        from analysis.metrics import Measured
        from analysis.played import Played
        from analysis.store import extend, frames, save
        from scenarios.build import build
        from sim.run import run

        started, scenario, years = time.monotonic(), self.scenario, self.scenario.replications
        built = self.built = self.built or build(scenario)
        tell = self.progress.playing if self.progress else None
        record = run(built.world, built.plan, range(self.stored, years), scenario.engine, progress=tell)
        info = {
            "key": self.key,
            "against": against,
            "label": label(scenario),
            "status_quo": self.is_today,
            "replications": list(range(years)),
            "engine": record.engine,
            "command": command_for(self.words, years),
            "seconds": round(time.monotonic() - started, 3),  # of the years played last
            **_about(scenario, built),
        }
        write = extend if self.stored else save
        tables = frames(record, *tables_of(scenario, built))
        write(self.results, info, Measured(Played({**info, "replications": record.replications}, tables)))

    def _record(self, problems: Sequence[str]) -> None:
        from analysis.store import save_failure

        said = {
            "key": self.key,
            "label": label(self.scenario),
            "problems": list(problems),
            "where": traceback.format_exc(),
            "scenario": plain(self.scenario),
            "failed_at": _now(),
        }
        save_failure(self.results, self.key, said)


def command_for(words: Sequence[str], years: int) -> str:
    """The line that plays so many years of a scenario, whatever number the words name.

    >>> command_for(["replications=auto", "goals=hybrid"], 60)
    'territory simulate replications=60 goals=hybrid'
    """
    number = f"replications={years}"
    named = [number if word.startswith("replications=") else word for word in words]
    return " ".join((START.strip(), *named, *([] if number in named else [number])))


def like_last_year(scenario: Scenario) -> bool:
    """Whether a year of it is meant to be like the one on record, so that sales in play may be held against it.

    Not where the market grows or is new to us in parts, or where something happens. Whatever behaviour, team and fit
    the planner has set, the record is taken to be theirs.

    >>> like_last_year(Scenario()), like_last_year(Scenario(years=2))
    (True, False)
    """
    market, usual = scenario.market, Scenario()
    same = scenario.events == usual.events and scenario.years == usual.years
    return same and not market.growth and not market.entry


def _about(scenario: Scenario, built: Built) -> dict[str, Any]:
    market = built.market
    return {
        "territory": scenario.territory.name,
        "goals": scenario.goals.name,
        "pay": scenario.pay.name,
        "events": scenario.events.name,
        "scenario": plain(scenario),
        "behaviour": built.behaviour._asdict(),
        "seed": scenario.market.seed,
        "market_digest": market.digest,
        "code": code_digest(),
        "currency": market.currency,
        "source": market.source,
        "has_places": bool(market.has_places),
        "notes": list(market.notes),
        "sold": market.sold if like_last_year(scenario) else 0.0,
        "paid": {name: None if isinf(value) else value for name, value in built.plan.pay._asdict().items()},
        "findings": [[finding.file, finding.what, int(finding.count), finding.done] for finding in market.findings],
        "data_report": list(market.report),
        "rejects": [] if market.rejects is None else market.rejects.to_dict("records"),
        "versions": versions(),
        "played_at": _now(),
    }


def words_of(info: dict[str, Any]) -> list[str]:
    """The settings that made a stored scenario, from its line; what stands in quotes is one word.

    >>> words_of({"command": "territory simulate goals=hybrid 'territory.edits=merge R01 R02' replications=20"})
    ['goals=hybrid', "'territory.edits=merge R01 R02'", 'replications=20']
    """
    return re.findall(r"'[^']*'|\S+", str(info["command"]).removeprefix(START))


def tables_of(scenario: Scenario, built: Built) -> tuple[Any, Any]:
    """The plan's accounts and reps, as they are stored."""
    return _accounts(built), _reps(scenario, built)


def _accounts(built: Built) -> Any:
    """The market's accounts with who has them in this plan, the hours each asks for, what a call there is worth."""
    from scenarios.channels import worth
    from scenarios.workload import hours_needed

    accounts, reps = built.market.accounts, built.team.reps
    hours = hours_needed(accounts, reps, built.plan.owner, built.behaviour, built.market.has_places)
    return accounts.assign(
        rep=reps["id"].to_numpy()[built.plan.owner],
        hours_needed=hours,
        hours_a_call=hours / accounts["need"].to_numpy(),
        call_worth=worth(built.plan.channels, built.world.accounts.industry),
    )


def _reps(scenario: Scenario, built: Built) -> Any:
    from scenarios.levers import price
    from scenarios.team import planned

    return built.team.reps.assign(
        planned=planned(built.team) > 0,
        ote=scenario.team.ote,
        overhead=scenario.team.overhead,
        tools=price(scenario.crm, scenario.process),
        cost_per_km=scenario.team.cost_per_km,
        road_speed=built.behaviour.road_speed,
    )


def versions() -> dict[str, str]:
    """Python and the libraries that a result rests on."""
    found = {"python": platform.python_version()}
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "not installed"
    return found


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
