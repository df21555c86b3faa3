"""`python -m benchmarks.districts [--anneal SECONDS]`: districts on maps that are known to be feasible.

Prints a table for `docs/territory-designs.md`. Without ``--anneal`` only ours are drawn.
"""

from __future__ import annotations

import argparse
import time
from math import isfinite

from benchmarks.annealing import annealed
from benchmarks.district_maps import TOLERANCE, district_map
from scenarios.design.districts import compactness, connected, districts, outside

MAPS = ((60, 5, 1), (60, 6, 2), (100, 6, 3), (100, 8, 4), (150, 8, 5), (150, 10, 6), (200, 8, 7), (200, 10, 8))
SEED = 1


def main() -> None:
    """Draws every map, ours and, if asked for, annealed for so many seconds; one row each."""
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("--anneal", type=float, default=0.0, metavar="SECONDS")
    wall = reading.parse_args().anneal
    warm = district_map(*MAPS[0])
    districts(warm.size, warm.distance, warm.starts, warm.ends, warm.territories, TOLERANCE, SEED, proposals=9_000)
    print("| map | allowed | largest deviation | planted, km | ours, km | seconds | annealing, km | ours / annealing |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for one in MAPS:
        given = district_map(*one)
        begun = time.perf_counter()
        owner = districts(
            given.size, given.distance, given.starts, given.ends, given.territories, TOLERANCE, SEED
        )  # fmt: skip
        took = time.perf_counter() - begun
        worst = outside(owner, given.size, given.territories)
        allowed = worst <= TOLERANCE and connected(owner, given.starts, given.ends)
        ours = compactness(owner, given.distance)
        theirs = annealed(given, TOLERANCE, wall, SEED)[0] if wall else float("nan")
        nothing = "none allowed" if wall else ""
        planted = compactness(given.planted, given.distance)
        print(
            f"| {given.name} | {'yes' if allowed else 'no'} | {worst:.2%} | {planted:.1f} | {ours:.1f} | {took:.1f} "
            + (f"| {theirs:.1f} | {ours / theirs:.4f} |" if isfinite(theirs) else f"| {nothing} |  |"),
            flush=True,
        )


if __name__ == "__main__":
    main()
