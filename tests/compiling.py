"""Compiles the engine for the tests, once, while style and types are checked: else each worker does it for itself."""

from __future__ import annotations

import sys
from multiprocessing import get_context

import scenarios  # noqa: F401  # before numpy: it says how that is to add and multiply

# isort: split
import numpy as np

from sim.layout import lay_out
from sim.review import realigned, seen
from sim.run import run
from sim.state import before_burn_in
from sim.year import Prepared, Start, closed, known_sales, prepare
from tests.replaced_rules import swapped
from tests.worlds import everything, plan, tiny_world


def weeks() -> None:
    """A year with every mechanism: most of the time goes into the one loop that plays its weeks."""
    run(*everything(), [0], threads=1)


def around() -> None:
    """What surrounds the weeks: laying out, handing over, a review, what a year leaves."""
    world = tiny_world()
    layout, nothing = lay_out(world, None), np.zeros(world.accounts.key.size, dtype=np.int64)
    start = Start(before_burn_in(world, layout, 0), nothing, nothing, nothing)
    usual = plan(world)
    year, layout = prepare(world, usual, 0, start), lay_out(world, usual)
    changes = swapped(seen(*year, layout, *known_sales(start), 13, 13))
    s, state, out, lies = realigned(world, *year, layout, changes, 13, 0.5, 0)
    closed(Prepared(s, state, out), lies, False)
    run(*everything(), [0], "mesa", threads=1)  # agents call some of it one by one


if __name__ == "__main__":
    both = [get_context("spawn").Process(target=one) for one in (weeks, around)]  # they share little
    for one in both:
        one.start()
    for one in both:
        one.join()
    sys.exit(max(one.exitcode or 0 for one in both))
