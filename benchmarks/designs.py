"""`python -m benchmarks.designs`: how long the engine takes for a market, and how near its bound it ends."""

from __future__ import annotations

import time

from scenarios.design.borders import neighbours, pieces
from scenarios.design.drawing import draw
from scenarios.generator import generate
from scenarios.schema import MarketOptions, TeamOptions, TerritoryOptions
from scenarios.territory.asking import request
from sim.behaviour import Behaviour

CASES = (  # accounts, reps, aim, tolerance, contiguous
    (2_000, 10, "distance", 0.02, "yes"),
    (20_000, 100, "distance", 0.02, "yes"),
    (2_000, 20, "change", 0.15, "no"),
    (20_000, 100, "change", 0.15, "no"),
)


def main() -> None:
    """Draws each case twice, the first time to compile, and prints a row of the second."""
    print("| accounts × reps | aim | band | in one piece | seconds | above the bound | farthest off |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for accounts, reps, aim, tolerance, contiguous in CASES:
        market, team = generate(MarketOptions(accounts=accounts), TeamOptions(reps=reps), Behaviour())
        options = TerritoryOptions("balanced", balance="potential", tolerance=tolerance, contiguous=contiguous)
        asked = request(market, team, options, Behaviour(), aim, 1)
        draw(asked)
        started = time.perf_counter()
        drawn = draw(asked)
        spent = time.perf_counter() - started
        assert asked.places is not None
        whole = pieces(drawn.owner, neighbours(asked.places))[1] == reps if contiguous == "yes" else "not asked"
        print(
            f"| {accounts:,} × {reps} | {aim} | ±{tolerance:.0%} | {whole} | {spent:.1f} | {drawn.gap:.2%} "
            f"| {drawn.off['potential']:.2%} |"
        )


if __name__ == "__main__":
    main()
