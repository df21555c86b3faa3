"""`python -m benchmarks.designs`: how long the engine takes for a market, and how near its bound it ends."""

from __future__ import annotations

import time

from scenarios.design.borders import neighbours, pieces
from scenarios.design.drawing import draw
from scenarios.generator import generate
from scenarios.schema import MarketOptions, TeamOptions, TerritoryOptions
from scenarios.territory.asking import request
from sim.behaviour import Behaviour

CASES = (  # accounts, reps, balanced, aim, tolerance, contiguous
    (2_000, 10, "potential", "distance", 0.02, "yes"),
    (20_000, 100, "potential", "distance", 0.02, "yes"),
    (2_000, 20, "workload", "distance", 0.05, "no"),
    (2_000, 20, "potential", "change", 0.15, "no"),
    (20_000, 100, "potential", "change", 0.15, "no"),
    (2_000, 20, "workload", "change", 0.15, "no"),
    (20_000, 100, "workload", "change", 0.15, "no"),
)
COMPILED = 10_000  # accounts: by then all is compiled


def main() -> None:
    """Draws each case, small ones twice, the first time to compile, and prints a row."""
    print("| accounts × reps | balanced | aim | band | in one piece | seconds | above the bound | farthest off |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for accounts, reps, balance, aim, tolerance, contiguous in CASES:
        market, team = generate(MarketOptions(accounts=accounts), TeamOptions(reps=reps), Behaviour())
        options = TerritoryOptions("balanced", balance=balance, tolerance=tolerance, contiguous=contiguous)
        asked = request(market, team, options, Behaviour(), aim, 1)
        if accounts < COMPILED:
            draw(asked)
        started = time.perf_counter()
        drawn = draw(asked)
        spent = time.perf_counter() - started
        assert asked.places is not None
        whole = pieces(drawn.owner, neighbours(asked.places))[1] == reps if contiguous == "yes" else "not asked"
        print(
            f"| {accounts:,} × {reps} | {balance} | {aim} | ±{tolerance:.0%} | {whole} | {spent:.1f} | {drawn.gap:.2%} "
            f"| {drawn.off[balance]:.2%} |"
        )


if __name__ == "__main__":
    main()
