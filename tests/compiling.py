"""Compiles the engine for the tests, once, while style and types are checked: else each worker does it for itself."""

from __future__ import annotations

import sys
from dataclasses import replace
from multiprocessing import get_context

from sim.run import run
from sim.world import Review
from tests.replaced_rules import swapped
from tests.worlds import everything, plan, tiny_world


def plain() -> None:
    """A year in which territories have nothing to do with each other, and one that is reviewed."""
    world = tiny_world()
    usual = plan(world)
    run(world, usual, [0], threads=1)
    run(world, replace(usual, review=Review((13,), swapped)), [0], threads=1)


def whole() -> None:
    """A year with every mechanism, played week by week."""
    run(*everything(), [0], threads=1)


if __name__ == "__main__":
    both = [get_context("spawn").Process(target=one) for one in (plain, whole)]  # they share little
    for one in both:
        one.start()
    for one in both:
        one.join()
    sys.exit(max(one.exitcode or 0 for one in both))
