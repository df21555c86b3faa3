"""A plan's contribution with one input at another value, played on the years of its comparison; each kept in the store.

results/flips/<key of the plan>.json
    {"<what measured it>": {"<input>=<value>, assumed <value>": [contribution of year 0, …]}}
"""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.compare import HEADLINE
from analysis.metrics import METRICS, version
from analysis.played import Played
from scenarios.problems import InputError

if TYPE_CHECKING:
    from command.flipping.unknowns import Unknown
    from scenarios.build import Built
    from scenarios.schema import Scenario
    from sim.world import Floats

FLIPS = "flips"


@cache
def digest() -> str:
    """What a stored point rests on beside the plan's key: how contribution is measured, and what an input changes."""
    source = Path(__file__).with_name("unknowns.py").read_bytes()
    return hashlib.sha256(version().encode() + source).hexdigest()[:12]


class Points:
    """The plans of a comparison, by key, and what each contributes elsewhere."""

    def __init__(self, plans: dict[str, Played], results: Path) -> None:
        self.plans, self.results = plans, results
        self.built: dict[str, tuple[Built, Scenario, Any]] = {}
        self.known = {key: self._read(key) for key in plans}
        self.played = 0  # years, by this object

    def _file(self, key: str) -> Path:
        return self.results / FLIPS / f"{key}.json"

    def _read(self, key: str) -> dict[str, list[float]]:
        try:
            said = json.loads(self._file(key).read_text(encoding="utf-8"))[digest()]
            return {str(name): [float(value) for value in years] for name, years in said.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}  # whatever is missing or damaged is played again

    def _write(self, key: str) -> None:
        file = self._file(key)
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        try:
            draft.write_text(json.dumps({digest(): self.known[key]}), encoding="utf-8")
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)

    def contribution(self, key: str, unknown: Unknown, value: float, years: int) -> Floats:
        """Contribution of the plan's first ``years`` with the input at ``value``; what is not stored yet is played.

        Raises InputError where the plan's data or the program is not the one that played it.
        """
        name = f"{unknown.key}={value!r}, assumed {unknown.default!r}"  # a plan may itself assume something else
        there = self.known[key].get(name, [])
        if len(there) < years:
            further = self._play(key, unknown, value, range(len(there), years))
            there = self.known[key][name] = [*there, *(float(one) for one in further)]
            self._write(key)
        return np.array(there[:years])

    def _play(self, key: str, unknown: Unknown, value: float, years: range) -> Floats:
        from analysis.store import frames
        from sim.run import run

        assert unknown.change is not None
        built, scenario, tables = self.build(key)
        world, plan = unknown.change(built, scenario, unknown.default, value)
        record = run(world, plan, years, begun_in=built.world)
        info = {**self.plans[key].info, "replications": list(years)}
        self.played += len(years)
        return METRICS[HEADLINE].measure(Played(info, frames(record, *tables))).to_numpy(np.float64)

    def build(self, key: str) -> tuple[Built, Scenario, Any]:
        """The plan as it was drawn, ready to play, and its tables. Raises InputError where it is another by now."""
        from command.job import scenario_of
        from command.play import tables_of
        from command.twin import owner_of
        from scenarios.build import build, market_and_team
        from scenarios.identity import code_digest

        if key not in self.built:
            played = self.plans[key]
            info, scenario = played.info, scenario_of(played.info["scenario"])[0]
            again = f"play it again:  {info['command']}"
            if info["code"] != code_digest():
                raise InputError([f"{info['label']} was played by another version of the program; {again}"])
            if info["market_digest"] != market_and_team(scenario)[0].digest:
                raise InputError([f"{info['label']} was played on other data than are there now; {again}"])
            built = build(scenario, owner_of(played))
            self.built[key] = built, scenario, tables_of(scenario, built)
        return self.built[key]
