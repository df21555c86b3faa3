"""`python -m benchmarks.sweep YEARS FOLDER`: plays 24 plans of the standard market from command to page.

Prints the seconds that were spent playing; who calls it takes the time of the whole process.
"""

from __future__ import annotations

import contextlib
import io
import sys
import time
from typing import Any

SWEEP = (
    "territory=current,balanced,nearest,by_region",
    "goals=none,quota_potential,activity_any",
    "pay=bonus,commission",
)
PLANS = 24


def main(years: int, folder: str) -> float:
    """Seconds of play in a sweep that is written into ``folder``."""
    import sim.run
    from command.main import main as territory

    playing = sim.run.run
    spent = [0.0]

    def timed(*given: Any, **named: Any) -> Any:
        started = time.perf_counter()
        try:
            return playing(*given, **named)
        finally:
            spent[0] += time.perf_counter() - started

    sim.run.run = timed
    with contextlib.redirect_stdout(io.StringIO()):
        code = territory(["simulate", "-m", *SWEEP, f"replications={years}", f"results={folder}"])
    if code:
        raise RuntimeError(f"territory simulate ended with {code}")
    return spent[0]


if __name__ == "__main__":
    print(main(int(sys.argv[1]), sys.argv[2]))
