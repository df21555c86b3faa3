"""Replaces each rule of `sim.rules` by another one and plays a small year with every mechanism, and a review, in both
engines.

Run as a program, without compilation, because compiled code keeps the rules that it was compiled with. For every rule
it prints as JSON: where the two engines differ from each other, and where each differs from its year with all rules.
"""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import sim.mesa_engine
import sim.run
import sim.year
from sim.record import Record
from sim.world import Changes, Review, Seen
from tests.equality import first_difference
from tests.worlds import everything

LOOPS = ("selection",)  # pages of `sim.rules` that hold loops instead


def rules() -> dict[str, Callable[..., Any]]:
    """Every rule by its name."""
    found = {}
    for page in sorted((Path(sim.run.__file__).parent / "rules").glob("[!_]*.py")):
        if page.stem not in LOOPS:
            module = import_module(f"sim.rules.{page.stem}")
            found.update(inspect.getmembers(module, lambda one, m=module: inspect.getmodule(one) is m))
    return {name: one for name, one in found.items() if inspect.isfunction(one)}


def another(value: Any) -> Any:
    """Something like a rule's value, sometimes the same, never larger, that neither a scale nor an order survives."""
    if isinstance(value, tuple):
        return tuple(another(part) for part in value)
    if isinstance(value, int):
        return value - (value > 0)
    return value * (0.8 + 0.2 * (1000.0 * value % 1.0))


@contextmanager
def replaced(rule: Callable[..., Any]) -> Iterator[None]:
    """Gives every page of `sim` that knows the rule another one in its place."""

    def other(*given: Any) -> Any:
        return another(rule(*given))

    pages = [page for name, page in sys.modules.items() if name.startswith("sim.")]
    places = [(page, name) for page in pages for name, value in vars(page).items() if value is rule]
    for page, name in places:
        setattr(page, name, other)
    try:
        yield
    finally:
        for page, name in places:
            setattr(page, name, rule)


def swapped(seen: Seen) -> Changes:
    """Every account goes to the next rep."""
    return Changes((seen.owner + 1) % len(seen.quota), seen.quota)


def main() -> None:
    world, chosen = everything()
    chosen = replace(chosen, review=Review((26,), swapped, 0.5))

    sim.year.YEAR_OF_PLAN = 1  # a burn-in of one year is enough to be felt

    def year(engine: str) -> Record:
        sim.run._STARTS.clear()
        return sim.run.run(world, chosen, [0], engine, threads=1, inspected=True)

    usual = year("compiled")
    told = {}
    for name, rule in rules().items():
        with replaced(rule):
            compiled, agents = year("compiled"), year("mesa")
        pairs = ((compiled, agents), (usual, compiled), (usual, agents))
        told[name] = [first_difference(one, other, world) for one, other in pairs]
    print(json.dumps(told))


if __name__ == "__main__":
    main()
