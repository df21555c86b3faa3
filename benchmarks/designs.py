"""`python -m benchmarks.designs`: how long the engine takes for a market, and how near its bound it ends."""

from __future__ import annotations

import time

import numpy as np

from scenarios.design.borders import neighbours, pieces
from scenarios.design.drawing import draw
from scenarios.design.request import Request
from scenarios.generator import generate
from scenarios.problems import InputError
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
REFUSED = ((1_000, 20, 0.05, 115.0), (20_000, 100, 0.02, 47.0))  # accounts, reps, tolerance, longest km
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
    print(
        "\n| accounts × reps | band | longest km | seconds until refused | refusal |\n| --- | --- | --- | --- | --- |"
    )
    for accounts, reps, tolerance, longest_km in REFUSED:
        asked = out_of_the_way(accounts, reps, tolerance, longest_km)
        started = time.perf_counter()
        try:
            draw(asked)
            said = "none"
        except InputError as error:
            said = "; ".join(error.problems)
        spent = time.perf_counter() - started
        print(f"| {accounts:,} × {reps} | ±{tolerance:.0%} | {longest_km:g} | {spent:.1f} | {said} |")


def out_of_the_way(accounts: int, reps: int, tolerance: float, longest_km: float) -> Request:
    """Accounts and homes strewn over 300 by 300 km, so that many accounts are in reach of few reps."""
    luck = np.random.default_rng(3)
    potential, places = luck.lognormal(0.0, 1.0, accounts), luck.uniform(0.0, 300.0, (accounts, 2))
    return Request(
        ids=[f"N{i:05}" for i in range(accounts)],
        measures={"potential": potential},
        balance={"potential": 1.0},
        tolerance=tolerance,
        names=[f"T{j:03}" for j in range(reps)],
        today=np.full(accounts, -1),
        weight=potential,
        places=places,
        homes=luck.uniform(0.0, 300.0, (reps, 2)),
        longest_km=longest_km,
    )


if __name__ == "__main__":
    main()
