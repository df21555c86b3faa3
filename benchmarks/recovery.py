"""`python -m benchmarks.recovery`: whether `territory fit`, `swot` and `market` find again what is known of a business.

Known businesses (`benchmarks.known`) are played a year, written as a CRM's export, read back and fitted; then it is
counted how often the fit's 90 % interval covers what is known, and how far off its best guess is, in spreads of what
was held before any data. What is known is the parameter that the year was played with, but for these:

- ``win_odds`` of a twin are those of the team at hand, with its relationships, calls and fit: the mean chance of what
  was decided, the quarter's calendar apart (`odds_at_hand`), not the chance of an average rep at an average account.
- ``stage_hazard`` and ``stage_advance`` are not compared where the funnel has a single stage: there is none to leave.
- ``asleep`` is not compared: no simulated buyer leaves an opportunity open for ever.

Where the number of stages is missed, the hazards of what was fitted are those of another funnel; they count as they
are. Intervals of the course are those of its draws, as its posterior is skewed and may have several tops.

The second part is `benchmarks.planted`.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks import planted
from benchmarks.known import Known, business, played
from command.fitting.behaviour import RANGES
from command.fitting.work import Fitted, fit_twin
from scenarios.crm import inspect_export
from scenarios.crm.decisions import PRIORS, scaled
from scenarios.schema import MarketOptions, Scenario

TRIES, DRAWS = 300, 400
OF_STAGES = ("stage_hazard", "stage_advance")
NOT_KNOWN = ("asleep",)
EVEN = 1.0 / np.sqrt(12.0)  # sd of what lies evenly between 0 and 1


class Case(NamedTuple):
    """One parameter of one business: whether it is covered, what the fit says of it, and its error in prior spreads."""

    name: str
    known: float
    best: float
    covered: bool
    says: str
    error: float


def main() -> None:
    """Plays the businesses and prints what was found of them."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.recovery")
    asked.add_argument("--worlds", type=int, default=24)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--part", choices=("fit", "planted", "both"), default="both")
    said = asked.parse_args()
    seeds = range(said.seed, said.seed + said.worlds)
    if said.part != "planted":
        _fits(seeds)
    if said.part != "fit":
        with tempfile.TemporaryDirectory() as place:
            print("\n".join(planted.report(seeds, Path(place))))


def _fits(seeds: range) -> None:
    begun, cases, hits = time.monotonic(), [], 0
    for seed in seeds:
        with tempfile.TemporaryDirectory() as place:
            known, fitted = recovered(seed, Path(place) / "crm")
        found = compared(known, fitted)
        hits += fitted.decisions.stages == known.scenario.behaviour.stages
        cases += found
        missed = ", ".join(f"{one.name} {one.known:.3g} → {one.best:.3g}" for one in found if not one.covered)
        stages = f"{known.scenario.behaviour.stages} stages, {fitted.decisions.stages} found"
        print(f"{seed}: {len(known.ledger.deals):,} opportunities, {stages}; missed: {missed or 'none'}", flush=True)
    table = summed(cases)
    print(f"\n{table.to_string(index=False, float_format=lambda value: f'{value:.2f}')}\n")
    print(f"number of stages found: {hits} of {len(seeds)}")
    for says in ("identified", "partly", "prior-driven", ""):
        held = [one for one in cases if says in one.says]
        if held:
            share, error = np.mean([one.covered for one in held]), np.mean([one.error for one in held])
            print(f"{says or 'all'}: {len(held)}, intervals cover {share:.1%}, mean error {error:.2f} of the prior")
    print(f"{time.monotonic() - begun:.0f} s")


def recovered(seed: int, folder: Path, tries: int = TRIES) -> tuple[Known, Fitted]:
    """A known business and the twin that was fitted to its export."""
    known = played(business(seed), folder)
    scenario = Scenario(market=MarketOptions(name="crm", folder=str(folder)))
    return known, fit_twin(inspect_export(folder), scenario, tries, DRAWS, lambda: None)


def compared(known: Known, fitted: Fitted) -> list[Case]:
    """Each fitted parameter beside what is known of it."""
    b = known.scenario.behaviour
    says = {one.name: one.says for one in fitted.parameters}
    truth = {**b._asdict(), "win_odds": odds_at_hand(known), "asleep": 0.5}
    at = scaled(np.array([truth[prior.name] for prior in PRIORS]))
    low, high = np.quantile(fitted.decisions.draws, (0.05, 0.95), axis=0)
    cases = []
    for place, prior in enumerate(PRIORS):
        if prior.name in NOT_KNOWN or (b.stages == 1 and prior.name in OF_STAGES):
            continue
        inside = bool(low[place] <= at[place] <= high[place])
        error = abs(float(fitted.decisions.at[place] - at[place])) / prior.spread
        best = fitted.decisions.values[prior.name]
        cases.append(Case(prior.name, truth[prior.name], best, inside, says.get(prior.name, "prior-driven"), error))
    for one in RANGES:
        draws = np.array([draw[one.name] for draw in fitted.fit.draws])
        value, best = truth[one.name], float(np.median(draws))
        inside = bool(np.quantile(draws, 0.05) <= value <= np.quantile(draws, 0.95))
        error = abs(best - value) / ((one.high - one.low) * EVEN)
        cases.append(Case(one.name, value, best, inside, says[one.name], error))
    return cases


def odds_at_hand(known: Known) -> float:
    """Chance that what was decided in the year is won, the calendar of quarters apart: the parameter of a twin.

    Reps' ability and fit, relationships (as they are at the year's end; they move little) and calls within some weeks
    (by the calls of the year) are in it.
    """
    b, year = known.scenario.behaviour, known.ledger.year
    assert year is not None
    place = np.argsort(year.setting.rows)
    n = len(place)
    calls = np.minimum(np.bincount([call.account for call in known.ledger.calls], minlength=n) / 52.0, 1.0)
    recent = 1.0 - (1.0 - calls) ** b.recent_weeks
    odds = year.state.standing[place] + b.win_relationship * (year.state.relationship[place] - 0.5)
    chance = 1.0 / (1.0 + np.exp(-(odds + b.win_recent_call * recent)))
    decided = np.bincount([deal.account for deal in known.ledger.deals.values() if deal.closed >= 0], minlength=n)
    return float((chance * decided).sum() / decided.sum())


def summed(cases: list[Case]) -> pd.DataFrame:
    """One row a parameter: how often covered (and where it is called identified), what it is called, its mean error."""
    frame = pd.DataFrame(cases)
    rows = []
    for name, own in frame.groupby("name", sort=False):
        told = own[own["says"] == "identified"]
        rows.append(
            {
                "parameter": name,
                "worlds": len(own),
                "covers": own["covered"].mean(),
                "identified": len(told),
                "partly": int((own["says"] == "partly").sum()),
                "prior-driven": int((own["says"] == "prior-driven").sum()),
                "covers where identified": told["covered"].mean() if len(told) else np.nan,
                "error": own["error"].mean(),
                "error where identified": told["error"].mean() if len(told) else np.nan,
            }
        )
    return pd.DataFrame(rows)


if __name__ == "__main__":
    main()
