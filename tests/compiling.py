"""Compiles the engine for the tests, once, while style and types are checked: else each worker does it for itself."""

from __future__ import annotations

from sim.run import run
from tests.worlds import everything, plan, tiny_world

if __name__ == "__main__":
    world = tiny_world()
    for one, planned in ((world, plan(world)), everything()):
        run(one, planned, [0], threads=1)
