"""A fit on disk: the twin's most likely parameters, and draws of what they may as well be."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import yaml

from scenarios.intake.sheet import meant
from scenarios.intake.writing import harmless_column
from scenarios.problems import InputError, nearest
from sim.behaviour import Behaviour
from sim.parameter import declared

TWIN, DRAWS, UNITS = "twin.yaml", "draws.csv", "units.csv"
FITS = "market"  # where territory fit writes a folder for each export, unless it is told another
LEVEL = "level"
ABOUT = {one.name: one for one in declared(Behaviour)}


class Fit(NamedTuple):
    """What was fitted to data.

    ``behaviour`` has values by the names of `sim.behaviour`, ``level`` is the factor on what accounts ask for; each of
    ``draws`` is such a set, ``level`` among them. ``data`` is the digest of the data. ``asks`` is a factor a unit, by
    its id, on what it asks for: with it, played as today, each unit sells what was learnt of it. ``rankings_only``
    where the twin forecast no better than a guess: its amounts say nothing.
    """

    data: str
    level: float
    behaviour: dict[str, float]
    draws: tuple[dict[str, float], ...]
    asks: dict[str, float]
    rankings_only: bool = False


def write_fit(fit: Fit, folder: Path) -> list[str]:
    """Writes the fit into a folder; returns the files' names, the one to give to ``market.fit`` first."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [LEVEL, *fit.behaviour]
    with (folder / DRAWS).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([f"{draw[name]:.6g}" for name in names] for draw in fit.draws)
    units = pd.DataFrame({"id": pd.Series(list(fit.asks), dtype="str"), "asks": list(fit.asks.values())})
    units = units.assign(id=harmless_column(units["id"]))
    units.to_csv(folder / UNITS, index=False, lineterminator="\n", float_format="%.6g")
    told = {
        "data": fit.data,
        LEVEL: float(f"{fit.level:.6g}"),
        "behaviour": {name: _plain(name, value) for name, value in fit.behaviour.items()},
        "draws": DRAWS,
        "units": UNITS,
        "rankings_only": fit.rankings_only,
    }
    head = "# Made by territory fit; play it with  market=crm market.folder=FOLDER market.fit=THIS FILE\n"
    (folder / TWIN).write_text(head + yaml.safe_dump(told, sort_keys=False), encoding="utf-8")
    return [TWIN, DRAWS, UNITS]


def as_learnt(folder: Path) -> str:
    """Writes a fit that adds nothing to what an export teaches, for ``market.fit``; returns its path.

    What is fitted begins there: with a fit, even this one, no level is found while the export is read.
    """
    return str(folder / write_fit(Fit("", 1.0, {}, (), {}), folder)[0])


def _plain(name: str, value: float) -> float | int:
    return round(value) if ABOUT[name].type is int else float(f"{value:.6g}")


def read_fit(path: str) -> Fit:
    """A fit as `write_fit` wrote it, or as a planner changed it. Raises InputError with everything wrong with it."""
    file = Path(path)
    said = _yaml(file)
    problems: list[str] = []
    behaviour = said.get("behaviour", {})
    if not isinstance(behaviour, dict):
        problems.append(f"{file.name}: behaviour is no list of names with values")
        behaviour = {}
    values = {LEVEL: said.get(LEVEL, 1.0), **behaviour}
    problems += _wrong(file.name, values)
    draws: list[dict[str, float]] = []
    if said.get("draws"):
        draws, found = _draws(file.parent, str(said["draws"]), list(values))
        problems += found
    asks: dict[str, float] = {}
    if said.get("units"):
        asks, found = _asks(file.parent, str(said["units"]))
        problems += found
    if problems:
        raise InputError(problems)
    own = {str(name): float(value) for name, value in behaviour.items()}
    return Fit(
        str(said.get("data", "")), float(values[LEVEL]), own, tuple(draws), asks, said.get("rankings_only") is True
    )


def _yaml(file: Path) -> dict[str, Any]:
    if not file.exists():
        there = sorted({str(one) for one in (*file.parent.glob("*.yaml"), *Path(FITS).glob(f"*/{TWIN}"))})
        way_out = nearest(str(file), there) if there else f"territory fit FOLDER writes one, {TWIN}"
        raise InputError([f"market.fit: there is no file '{file}'; {way_out}"])
    try:
        said = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError([f"market.fit: '{file}' can't be read: {error.strerror or error}"]) from None
    except (ValueError, yaml.YAMLError) as error:
        raise InputError([f"market.fit: '{file}' can't be read: {' '.join(str(error).split())[:160]}"]) from None
    if not isinstance(said, dict) or "behaviour" not in said:
        raise InputError([f"market.fit: '{file}' is no fit; territory fit FOLDER writes one, {TWIN}"])
    return said


def _rows(folder: Path, name: str) -> tuple[list[dict[str, str]], list[str]]:
    """The rows of a file that lies beside the fit, and nowhere else."""
    file = folder / name
    if Path(name).name != name or not file.is_file():
        return [], [f"market.fit: there is no file '{name}' beside the fit"]
    with file.open(newline="", encoding="utf-8") as opened:
        return list(csv.DictReader(opened)), []


def _asks(folder: Path, file: str) -> tuple[dict[str, float], list[str]]:
    rows, problems = _rows(folder, file)
    asks = {}
    for line, row in enumerate(rows, 2):
        try:
            factor = float(row.get("asks") or "")
        except ValueError:
            factor = math.nan
        if not row.get("id") or not 0.0 < factor < 1e6:
            problems.append(f"{file}, line {line}: asks: '{row.get('asks')}' is no factor above 0")
            continue
        asks[meant(row["id"])] = factor
    return asks, problems[:20]


def _draws(folder: Path, file: str, names: list[str]) -> tuple[list[dict[str, float]], list[str]]:
    rows, found = _rows(folder, file)
    if found:
        return [], found
    draws, problems = [], []
    for line, row in enumerate(rows, 2):
        wrong = _wrong(f"{file}, line {line}", row)
        problems += wrong
        if not wrong:
            draws.append({str(name): float(value) for name, value in row.items()})
    missing = [name for name in names if rows and name not in rows[0]]
    problems += [f"{file}, line 1: column {name} is missing" for name in missing]
    return draws, problems[:20]


def _wrong(where: str, values: dict[Any, Any]) -> list[str]:
    """What is wrong with values by name."""
    found = []
    for name, value in values.items():
        if name != LEVEL and name not in ABOUT:
            found.append(f"{where}: nothing is called '{name}'; {nearest(str(name), [*ABOUT, LEVEL])}")
            continue
        low, high = (0.01, 100.0) if name == LEVEL else (ABOUT[name].about.low, ABOUT[name].about.high)
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = math.nan
        if not (low if low is not None else -math.inf) <= number <= (high if high is not None else math.inf):
            found.append(f"{where}: {name}: '{value}' is no number from {low:g} to {high:g}")
    return found


def taken(behaviour: Behaviour, asked: Behaviour, values: dict[str, float]) -> Behaviour:
    """A behaviour with fitted values, where the planner (``asked``) set none of their own."""
    usual = Behaviour()
    free: dict[str, Any] = {
        name: round(value) if ABOUT[name].type is int else value
        for name, value in values.items()
        if name != LEVEL and getattr(asked, name) == getattr(usual, name)
    }
    return behaviour._replace(**free)
