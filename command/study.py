"""A study: what one command line played, collected from the notes of its jobs, compared, and written as a page.

results/studies/2026-11-23-1/jobs/0/outcome.json   what became of each scenario
                             reached.json          the same after replications=auto, and the limit it had
                             asked.json            the line that plays it, and what its comparison was to hold
                             index.html            the page
"""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from command.play import FAILED, KEPT, PLAYED, REFUSED, Outcome
from command.set_aside import write_data_report
from command.settings import Settings
from command.terminal import DONE, NOTHING_TO_COMPARE, SOME_FAILED, say
from scenarios.identity import apart
from scenarios.problems import InputError

if TYPE_CHECKING:
    from analysis.compare import Comparison
    from analysis.played import Played

STUDIES = "studies"
REACHED = "reached.json"
ASKED = "asked.json"
IN_MARKET_LINE = ("market.seed", "team.reps", "events.name")


class Asked(NamedTuple):
    """The line that plays a study, and what its comparison was to hold."""

    again: str = ""
    confirm: int = 0  # further years of the best plan and the baseline
    flips: bool = True  # whether what would flip it is looked for


class Reached(NamedTuple):
    """What became of the scenarios of a study."""

    outcomes: list[Outcome]
    limit: int | None  # of years, where it was asked for as many as it takes


def open_study(results: Path) -> Path:
    """A new folder for today's next study. Raises InputError where nothing can be written."""
    try:
        for number in count(1):
            folder = results / STUDIES / f"{date.today().isoformat()}-{number}"
            folder.parent.mkdir(parents=True, exist_ok=True)
            if folder.exists():
                continue
            with suppress(FileExistsError, FileNotFoundError):  # another study took it, or was discarded just now
                folder.mkdir()
                return folder
    except OSError as error:
        raise InputError([f"results={results}: can't be written: {error.strerror or error}"]) from error
    raise AssertionError("unreachable")


def discard(folder: Path) -> None:
    """Takes a study away, and the folders above it that held nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    for parent in (folder.parent, folder.parent.parent):
        with suppress(OSError):  # it holds something, or another study took it away
            parent.rmdir()


def outcomes(folder: Path) -> list[Outcome]:
    """What became of each scenario of a study, the status quo too; each once, in the order of the jobs."""
    found: dict[tuple[str, str], Outcome] = {}
    for note in sorted(folder.glob("jobs/*/outcome.json"), key=lambda path: int(path.parent.name)):
        try:
            noted = json.loads(note.read_text(encoding="utf-8"))
        except ValueError as error:
            raise InputError([f"{note} is damaged; play the plans again"]) from error
        for said in noted:
            outcome = _outcome(said)
            found.setdefault((outcome.key, outcome.label), outcome)
    return list(found.values())


def _outcome(said: dict[str, Any]) -> Outcome:
    return Outcome(**{**said, "problems": tuple(said["problems"])})


def note_reached(folder: Path, became: Iterable[Outcome], limit: int) -> None:
    """Notes what became of each scenario where it was asked for as many years as it takes, up to ``limit``."""
    said = {"limit": limit, "outcomes": [outcome._asdict() for outcome in became]}
    (folder / REACHED).write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")


def reached(folder: Path) -> Reached:
    """What became of each scenario of a study, and how many years it was to stop at, if it was told to stop."""
    try:
        noted = json.loads((folder / REACHED).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Reached(outcomes(folder), None)
    except ValueError as error:
        raise InputError([f"{folder / REACHED} is damaged; play the plans again"]) from error
    return Reached([_outcome(said) for said in noted["outcomes"]], int(noted["limit"]))


def conclude(folder: Path, results: Path, again: str, seconds: float, confirm: int = 0, flips: bool = True) -> int:
    """Says what was played, prints and writes the comparison; returns the exit code.

    The plan that comes out best is played ``confirm`` years more, and today's.

    Raises InputError where every scenario was refused at the door: then nothing is left behind.
    """
    became, limit = reached(folder)
    plans = [outcome for outcome in became if not outcome.status_quo] or became
    if plans and all(outcome.state == REFUSED for outcome in plans):
        discard(folder)
        raise InputError(dict.fromkeys(problem for outcome in plans for problem in outcome.problems))
    failed = [outcome for outcome in became if outcome.state in (FAILED, REFUSED)]
    for outcome in failed:
        for problem in outcome.problems:
            say(f"failed: {outcome.label}: {problem}")
    there = [outcome for outcome in became if outcome.state in (PLAYED, KEPT)]
    if not there:
        say("nothing to compare")
        return NOTHING_TO_COMPARE
    say(_counts(became, seconds))
    asked = Asked(again, confirm, flips)
    (folder / ASKED).write_text(json.dumps(asked._asdict(), ensure_ascii=False, indent=1), encoding="utf-8")
    compare_and_write(results, Reached(there, limit), folder, asked)
    say("compare  territory compare PLAN …   (territory list shows them)")
    say(f"again    {again}")
    return SOME_FAILED if failed else DONE


def _counts(became: Iterable[Outcome], seconds: float) -> str:
    states = [outcome.state for outcome in became]
    failed = states.count(FAILED) + states.count(REFUSED)
    parts = [f"{states.count(PLAYED)} played"]
    if KEPT in states:
        parts.append(f"{states.count(KEPT)} already played")
    return ", ".join([*parts, f"{failed} failed"]) + f" · {seconds:.1f} s"


def compare_and_write(results: Path, found: Reached, folder: Path, asked: Asked) -> None:
    """One table and one page for every status quo that the stored scenarios are held against."""
    groups = by_status_quo(results, found.outcomes)
    for number, (against, plans) in enumerate(groups.items(), 1):
        if len(groups) > 1:
            say(market_line(plans[0].info, int((~plans[0].reps["planned"]).sum())))
        place = folder if len(groups) == 1 else folder / str(number)
        compare_plans(plans, against, results, place, asked, found.limit)
    say_apart(len(groups))


def say_apart(markets: int) -> None:
    """Says below the last of several tables that they have nothing to do with one another."""
    if markets > 1:
        say("each table has its own market: plans of different markets are not compared with each other")


def asked_of(folder: Path) -> Asked:
    """What was asked of a study; nothing beyond its plans where that is not on file, or can't be read."""
    try:
        return Asked(**json.loads((folder / ASKED).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Asked()


def by_status_quo(results: Path, outcomes: Iterable[Outcome]) -> dict[str, list[Played]]:
    """The stored scenarios to compare, by the status quo that each is held against.

    Where there are several, each plan's ``apart`` says what its market has that the others have not.
    """
    from analysis.played import Played

    groups: dict[str, list[Played]] = {}
    for one in outcomes:
        played = load_for_comparison(results, one.key, one.years)
        groups.setdefault(str(played.info["against"]), []).append(played)
    said = markets_apart([plans[0].info for plans in groups.values()])
    return {
        against: [Played({**one.info, "apart": own}, one.frames) for one in plans]
        for (against, plans), own in zip(groups.items(), said, strict=True)
    }


def markets_apart(infos: Sequence[dict[str, Any]]) -> list[str]:
    """What each of several markets has that the others have not, beside what `market_line` says anyway."""
    return apart([info["scenario"] for info in infos], IN_MARKET_LINE) if len(infos) > 1 else [""] * len(infos)


def nothing_stored(results: Path) -> int:
    """Says that there is nothing to compare, and what to do about it; returns the exit code."""
    say(f"nothing to compare in {results}.  play something first:  territory simulate experiment=demo")
    return NOTHING_TO_COMPARE


def market_line(info: dict[str, Any], reps: int) -> str:
    """Which of several markets is meant; ``apart`` of ``info`` is what it has that the others have not."""
    own = f" · {info['apart']}" if info.get("apart") else ""
    events = f" · {info['events']}" if info["events"] != "none" else ""
    years = int(info["scenario"].get("years", 1))
    row = f" · {years} years" if years > 1 else ""
    return f"{info['source']}{own} · seed {info['seed']} · {reps} reps{row}{events}"


def load_for_comparison(results: Path, key: str, years: int = 0) -> Played:
    """One stored scenario to compare, all its years or the first. Raises InputError where it is damaged or gone."""
    from analysis.store import load, years_stored

    if years_stored(results, key) < max(1, years):
        raise InputError([f"{results / key} is damaged or gone; play its plan again"])
    return load(results, key, range(years) if years else None)


def compare_plans(
    plans: list[Played], against: str, results: Path, folder: Path, asked: Asked, limit: int | None = None
) -> None:  # fmt: skip
    """One table on stdout and one page in ``folder``. Raises InputError for plans that can't be compared.

    Years that confirm the best plan, and those that look for what would flip it, are kept in the store ``results``.
    """
    from analysis.flip_said import in_short
    from analysis.on_record import like_record
    from analysis.report import write_report
    from analysis.table import print_comparison, print_years
    from analysis.years import BRIEFLY, by_year, years_table
    from command.console import results_console
    from command.flipping.work import searched_or_said
    from command.fresh import confirmed

    plans, comparison = compared(plans, against, limit)
    if not sys.stdout.isatty():
        for said in comparison.notes:
            say(said)
    print_comparison(comparison, results_console())
    if comparison.in_a_row > 1:
        print_years(years_table(by_year(plans), comparison.currency, BRIEFLY), results_console())
    sys.stdout.flush()
    if comparison.record and comparison.record.far:
        say(f"record   {like_record(comparison)}")
    fresh = confirmed(comparison, results, asked.confirm)
    if fresh:
        say(fresh)
    by_key = {played.key: played for played in plans}
    wrong = searched_or_said(comparison, by_key, results) if asked.flips else None
    if wrong:
        say(in_short(wrong))
    page = write_report(comparison, by_key, folder, asked.again, fresh, wrong)
    write_data_report(plans[0].info, folder)
    say(f"page     {page}")
    if comparison.focus != comparison.baseline:
        say(f"explain  {_explain_line(comparison.focus, folder)}   ({comparison.row(comparison.focus)['label']})")


def compared(plans: list[Played], against: str, limit: int | None = None) -> tuple[list[Played], Comparison]:
    """The plans under short labels, and their comparison. Raises InputError for plans that can't be compared."""
    from analysis.compare import compare

    plans, shared = shorter(plans)
    try:
        comparison = compare(plans, against if against in {played.key for played in plans} else None, limit)
    except ValueError as error:
        raise InputError(str(error).splitlines()) from error
    if shared:
        comparison = replace(comparison, notes=(f"In all plans: {', '.join(shared)}.", *comparison.notes))
    return plans, comparison


def shorter(plans: list[Played]) -> tuple[list[Played], list[str]]:
    """The same plans without what all their labels say after territories and goals, and what that is."""
    from analysis.played import Played

    parts = [str(played.info["label"]).split(" × ") for played in plans]
    shared = [word for word in parts[0][2:] if all(word in others[2:] for others in parts)]
    labels = [" × ".join([*each[:2], *(word for word in each[2:] if word not in shared)]) for each in parts]
    return [Played({**one.info, "label": label}, one.frames) for one, label in zip(plans, labels, strict=True)], shared


def _explain_line(key: str, folder: Path) -> str:
    """The line that explains a plan of the comparison in ``folder``."""
    results = next((place.parent for place in folder.parents if place.name == STUDIES), Path(Settings().results))
    elsewhere = [] if results == Path(Settings().results) else ["--results", str(results)]
    return shlex.join(["territory", "explain", key, *elsewhere])


def newest_plans(results: Path) -> tuple[list[Played], str]:
    """The plans of the newest study that share its first status quo, and the key of that; none where there are none."""
    newest = latest(results)
    there = [] if newest is None else [one for one in reached(newest).outcomes if one.state in (PLAYED, KEPT)]
    groups = by_status_quo(results, there)
    against = next(iter(groups), "")
    return groups.get(against, []), against


def latest(results: Path) -> Path | None:
    """The newest study; None where there is none."""
    notes = (results / STUDIES).glob("*/jobs/*/outcome.json")
    newest = max(notes, key=lambda note: note.stat().st_mtime, default=None)
    return newest.parents[2] if newest else None
