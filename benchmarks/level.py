"""`python -m benchmarks.level YEARS [EXPORT]`: what imports sell in play, over what is on record (docs/decisions/0042).

Made-up firms play a year and are exported, with places and without; then today's plan is played for so many years, once
as the export teaches it and once at the level that reading finds. EXPORT is the folder of a real one.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np

from analysis.precision import standard_error
from command.records import tables
from scenarios.build import build
from scenarios.crm.fitted import as_learnt
from scenarios.intake.vendor import write_as
from scenarios.schema import MarketOptions, Scenario, TeamOptions
from sim.ledger import keep_books
from sim.run import run

FIRMS = ((5, 400, 1), (5, 400, 2), (5, 400, 3), (2, 160, 4), (20, 2_000, 5), (1, 60, 6))  # reps, accounts, seed


def main(years: int, real: str = "") -> None:
    """Prints a row an export."""
    print("| firm | as learnt | at the level found | level |\n| --- | --- | --- | --- |")
    for reps, accounts, seed in FIRMS:
        for places in (False, True):
            with tempfile.TemporaryDirectory() as place:
                exported(Path(place), reps, accounts, seed, places)
                name = f"{reps} reps, {accounts:,} accounts, seed {seed}, {'places' if places else 'no places'}"
                print(row(name, place, years), flush=True)
    if real:
        print(row(Path(real).name, real, years))


def exported(folder: Path, reps: int, accounts: int, seed: int, places: bool) -> None:
    """A year of a made-up firm, as Salesforce would export it."""
    made = build(Scenario(market=MarketOptions(accounts=accounts, seed=seed), team=TeamOptions(reps=reps)))
    year = tables(made, keep_books(made.world, made.plan, 0), 2026)
    if not places:
        blank = {"latitude": np.nan, "longitude": np.nan}
        year |= {name: year[name].assign(**blank) for name in ("accounts", "reps")}
    write_as(year, "salesforce", folder)


def row(name: str, folder: str, years: int) -> str:
    """Sales over record as learnt and at the level found, each with its standard error, and the level."""
    with tempfile.TemporaryDirectory() as place:
        markets = [MarketOptions(name="crm", folder=folder, fit=fit) for fit in (as_learnt(Path(place)), "")]
        said, potential = [], []
        for market in markets:
            built = build(Scenario(market=market))
            week = run(built.world, built.plan, range(years)).rep_week
            sold = (week["won_revenue"].astype(float) + week["order_revenue"]).sum(axis=(1, 2)) / 100.0
            said.append(f"{sold.mean() / built.market.sold:.3f} ± {standard_error(sold) / built.market.sold:.3f}")
            potential.append(float(built.market.accounts["potential"].sum()))
    return f"| {name} | {' | '.join(said)} | {potential[1] / potential[0]:.4g} |"


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:3])
