"""One scenario: found in the store, or built, played and stored; a failure is recorded and never raised."""

from __future__ import annotations

import platform
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from command.terminal import Progress
from scenarios.identity import code_digest, identity, label, plain, status_quo
from scenarios.problems import InputError
from scenarios.schema import Scenario

if TYPE_CHECKING:
    from scenarios.build import Built

LIBRARIES = ("territory-sim", "mesa", "numpy", "pandas", "numba")
PLAYED, KEPT, FAILED, REFUSED = "played", "kept", "failed", "refused"


class Outcome(NamedTuple):
    """What became of one scenario: played now, kept from before, failed, or refused at the door."""

    key: str  # empty where the market itself was refused
    label: str
    state: str
    status_quo: bool
    problems: tuple[str, ...] = ()


def play(scenario: Scenario, words: Sequence[str], results: Path, progress: Progress | None) -> tuple[Outcome, ...]:
    """The status quo of the scenario's market, and the scenario; both stored, or their failures.

    ``words`` are the settings that make the scenario on the command line. A scenario that is refused at the door
    leaves nothing behind, not even its status quo.
    """
    refused = _refusal(scenario)
    if refused is not None:
        return (refused,)
    today = status_quo(scenario)
    today_words = [word for word in words if word.partition("=")[0].split(".")[0] not in ("territory", "goals", "pay")]
    first = _one(today, today_words, results, progress)
    if today == scenario:
        return (first,)
    return (first, _one(scenario, words, results, progress, against=first.key))


def _refusal(scenario: Scenario) -> Outcome | None:
    """The outcome of a scenario that can't be built from what was given; None where it can."""
    from scenarios.build import build

    try:
        build(scenario)
    except InputError as error:
        return Outcome("", label(scenario), REFUSED, False, error.problems)
    except Exception:  # recorded by the scenario's own turn
        return None
    return None


def _one(
    scenario: Scenario, words: Sequence[str], results: Path, progress: Progress | None, against: str = ""
) -> Outcome:
    from analysis.store import save_failure, stored

    name, is_today = label(scenario), scenario == status_quo(scenario)
    key = ""
    try:
        key = identity(scenario, _market_digest(scenario), code_digest())
        if stored(results, key):
            if progress and key not in _SEEN:
                progress.scenario_done(played=False)
            _SEEN.add(key)
            return Outcome(key, name, KEPT, is_today)
        _play_and_store(scenario, key, against or key, words, results, progress)
        if progress:
            progress.scenario_done(played=True)
        _SEEN.add(key)
        return Outcome(key, name, PLAYED, is_today)
    except Exception as error:  # whatever it is, the other scenarios go on
        problems = error.problems if isinstance(error, InputError) else (f"{type(error).__name__}: {error}",)
        if key:
            save_failure(
                results,
                key,
                {"key": key, "label": name, "problems": list(problems), "where": traceback.format_exc(),
                 "scenario": plain(scenario), "failed_at": _now()},
            )  # fmt: skip
        return Outcome(key, name, FAILED, is_today, tuple(problems))


_SEEN: set[str] = set()  # scenarios that this process has already counted


def _market_digest(scenario: Scenario) -> str:
    from scenarios.build import market_and_team

    return market_and_team(scenario)[0].digest


def _play_and_store(
    scenario: Scenario, key: str, against: str, words: Sequence[str], results: Path, progress: Progress | None
) -> None:
    from analysis.store import frames, save
    from scenarios.build import build
    from sim.run import run

    started = time.monotonic()
    built = build(scenario)
    tell: Callable[[int], None] | None = progress.playing if progress else None
    record = run(built.world, built.plan, range(scenario.replications), scenario.engine, progress=tell)
    info = {
        "key": key,
        "against": against,
        "label": label(scenario),
        "status_quo": scenario == status_quo(scenario),
        "replications": list(record.replications),
        "engine": record.engine,
        "command": " ".join(("territory simulate", *words)),
        "seconds": round(time.monotonic() - started, 3),
        **_about(scenario, built),
    }
    save(results, info, frames(record, _accounts(built), _reps(scenario, built)))


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
        "findings": [[finding.file, finding.what, int(finding.count), finding.done] for finding in market.findings],
        "versions": versions(),
        "played_at": _now(),
    }


def _accounts(built: Built) -> Any:
    """The market's accounts with who has them in this plan and the hours that each asks for."""
    from scenarios.workload import hours_needed

    accounts, reps = built.market.accounts, built.team.reps
    hours = hours_needed(accounts, reps, built.plan.owner, built.behaviour, built.market.has_places)
    return accounts.assign(
        rep=reps["id"].to_numpy()[built.plan.owner],
        hours_needed=hours,
        hours_a_call=hours / accounts["need"].to_numpy(),
    )


def _reps(scenario: Scenario, built: Built) -> Any:
    return built.team.reps.assign(
        ote=scenario.team.ote,
        overhead=scenario.team.overhead,
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
