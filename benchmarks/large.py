"""`python -m benchmarks.large ACCOUNTS REPS`: a large market beside a small one, and the memory it takes, as JSON."""

from __future__ import annotations

import json
import resource
import sys
from statistics import median

from benchmarks.measure import made, seconds
from sim import year as a_year
from sim.world import WEEKS

SMALL = (2_000, 20)
TURNS = 5
LEAST = 0.5  # seconds that the small market is played for in each turn


def main(accounts: int, reps: int) -> dict[str, float]:
    """Nanoseconds an account-week of both, medians of turns that alternate, one thread; peak memory in GiB."""
    small, large = made(*SMALL), made(accounts, reps)
    starts = a_year.burn_in(small.world, 0), a_year.burn_in(large.world, 0)

    def year_of_small() -> None:
        a_year.play_year(small.world, small.plan, 0, starts[0])

    year_of_small()
    years = max(1, round(LEAST / seconds(year_of_small)))
    times: dict[str, list[float]] = {"small": [], "large": []}
    for _ in range(TURNS):
        spent = seconds(lambda: [year_of_small() for _ in range(years)])
        times["small"].append(1e9 * spent / (years * SMALL[0] * WEEKS))
        spent = seconds(lambda: a_year.play_year(large.world, large.plan, 0, starts[1]))
        times["large"].append(1e9 * spent / (accounts * WEEKS))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return {**{name: median(values) for name, values in times.items()}, "gib": peak}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
