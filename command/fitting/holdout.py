"""Held out: a quarter predicted from those before it, and reps' sales from others', beside what anybody would guess."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.goals import weekly
from analysis.scoring import covered, crps
from command.fitting.work import fit_twin
from command.goalsetting.plays import Years
from scenarios.build import build
from scenarios.crm.export import Export, exported, inspect_export
from scenarios.crm.fitted import write_fit
from scenarios.crm.timing import first_day, months
from scenarios.intake.data import Data
from scenarios.intake.schema import OPEN, WON
from scenarios.intake.writing import write
from scenarios.schema import Scenario
from sim.draws import UNSURE, column, normals
from sim.world import WEEKS, Floats

QUARTER = WEEKS // 4
DRAWS = 40  # of each fit
LEAST_MONTHS = 4  # of data before a quarter that is forecast
MOST_QUARTERS = 4  # the last ones
LEAST_SPREAD = 0.1  # sd of log that a guess is given at least
USUAL_SPREAD = 0.3  # where no earlier quarter tells


@dataclass(frozen=True)
class Forecast:
    """One quarter, forecast at its beginning: what each way of guessing scored.

    ``scores`` has a row a way: mean CRPS over reps as a part of a rep's mean sales, the team's CRPS as a part of its
    sales, share of reps inside 8 in 10, and the team's forecast, money. ``reps`` has what each rep sold and the twin's
    P10, P50 and P90.
    """

    quarter: str
    happened: float
    scores: pd.DataFrame
    reps: pd.DataFrame


def as_known(data: Data, day: int) -> Data:
    """The data as it was on the evening of a day: what came later is not there, what closed later is open."""
    deals = data.table("opportunities")
    begun = deals["created"].where(deals["created"] >= 0, deals["closed"])
    deals = deals[(begun >= 0) & (begun <= day)]
    still = (deals["closed"] > day) & (deals["outcome"] != OPEN)
    deals = deals.assign(
        outcome=deals["outcome"].where(~still, OPEN),
        closed=deals["closed"].where(~still, -1),
        amount=deals["amount"].where(~still, np.nan),
    )
    tables = {**data.tables, "opportunities": deals.reset_index(drop=True)}
    for name, when in (("activities", "date"), ("orders", "date"), ("stages", "entered")):
        if name in tables:
            tables[name] = tables[name][tables[name][when] <= day].reset_index(drop=True)
    return replace(data, tables=tables, digest=f"{data.digest} until {day}")


def quarters_of(export: Export, least: int) -> list[int]:
    """Whole quarters (since 1970) with a sale, that at least ``least`` months of the data come before."""
    decided = export.decided["closed"]
    numbers = np.unique(months(decided))
    first, last = int(numbers[0]), int(numbers[-1])
    end = int(decided.max())
    return [
        quarter
        for quarter in range(first // 3, last // 3 + 1)
        if 3 * quarter - first >= least and first_day(3 * quarter + 3) - 1 <= end + 3
    ]


def sold(export: Export, reps: list[str], quarter: int) -> Floats:
    """Money that each rep sold in a quarter: won opportunities and orders, (m,)."""
    deals = export.deals
    won = deals[(deals["outcome"] == WON) & (months(deals["closed"].clip(lower=0)) // 3 == quarter)]
    total = won.groupby("rep")["amount"].sum()
    orders = export.data.table("orders")
    if len(orders):
        inside = orders[months(orders["date"].astype("int64")) // 3 == quarter]
        total = total.add(inside.groupby("rep")["amount"].sum(), fill_value=0.0)
    return np.asarray(total.reindex(reps).fillna(0.0), dtype=np.float64)


def held_out(export: Export) -> list[int]:
    """The quarters that are forecast: the last ones with some months of data before them."""
    return quarters_of(export, LEAST_MONTHS)[-MOST_QUARTERS:]


def hold_out(
    data: Data, scenario: Scenario, stages: int, tries: int, years: int, tell: Callable[[], None]
) -> list[Forecast]:
    """Each quarter with some months of data before it, forecast from what was known when it began (rolling origin)."""
    export = exported(data)
    made = []
    for quarter in held_out(export):
        with tempfile.TemporaryDirectory() as place:
            made.append(_forecast(export, quarter, scenario, stages, tries, years, tell, Path(place)))
    return made


def _forecast(
    export: Export, quarter: int, scenario: Scenario, stages: int, tries: int, years: int,
    tell: Callable[[], None], place: Path,
) -> Forecast:  # fmt: skip
    """The data as it was goes to ``place``, is fitted as any other, and its twin plays on."""
    write(as_known(export.data, first_day(3 * quarter) - 1), place / "data")
    then = replace(scenario, market=replace(scenario.market, folder=str(place / "data"), level=1.0))
    before = inspect_export(place / "data")
    fitted = fit_twin(before, then, tries, min(years, DRAWS), tell, stages)
    file = place / "fit" / write_fit(fitted.fit, place / "fit")[0]
    built = build(replace(then, market=replace(then.market, fit=str(file))))
    reps = list(built.team.reps["id"])
    playing, week = Years(built, years, tell), QUARTER * (quarter % 4)
    twin = weekly(playing.play(), "revenue")[:, week : week + QUARTER].sum(axis=1)
    happened = sold(export, reps, quarter)
    ways = {"the twin": twin, **guesses(before, reps, quarter, built.market.accounts, years)}
    rows = []
    for name, draws in ways.items():
        total = draws.sum(axis=1)
        rows.append(
            {
                "way": name,
                "score": float(crps(draws, happened).mean() / max(happened.mean(), 1e-9)),
                "team_score": float(crps(total[:, None], happened.sum(keepdims=True))[0] / max(happened.sum(), 1e-9)),
                "inside": covered(draws, happened),
                "team": float(np.median(total)),
                "team_low": float(np.quantile(total, 0.1)),
                "team_high": float(np.quantile(total, 0.9)),
            }
        )
    low, middle, high = np.quantile(twin, (0.1, 0.5, 0.9), axis=0)
    table = pd.DataFrame({"rep": reps, "sold": happened, "low": low, "middle": middle, "high": high})
    return Forecast(f"{1970 + quarter // 4}-Q{quarter % 4 + 1}", float(happened.sum()), pd.DataFrame(rows), table)


def guesses(before: Export, reps: list[str], quarter: int, accounts: pd.DataFrame, years: int) -> dict[str, Floats]:
    """What anybody would guess, each as draws (years, m).

    Last quarter's sales; those of the same quarter a year before, where they are on record; the team's last quarter
    shared by the potential of each rep's accounts. Draws lie about them as far as sales of reps moved from the quarter
    before to the last (sd of log over reps), log-normal.
    """
    last, earlier = sold(before, reps, quarter - 1), sold(before, reps, quarter - 2)
    both = (last > 0.0) & (earlier > 0.0)
    spread = float(np.log(last[both] / earlier[both]).std()) if both.sum() > 2 else USUAL_SPREAD
    spread = max(spread, LEAST_SPREAD)
    could = accounts.groupby("current_rep")["potential"].sum().reindex(reps).fillna(0.0).to_numpy(np.float64)
    found = {"last quarter": last, "share of potential": last.sum() * could / max(could.sum(), 1e-9)}
    year_before = sold(before, reps, quarter - 4)
    if year_before.sum() > 0.0:
        found["the same quarter last year"] = year_before
    keys = np.arange(years * len(reps), dtype=np.int64)
    luck = normals(column(quarter, UNSURE, 0, keys)).reshape(years, len(reps))
    return {name: guess * np.exp(spread * luck) for name, guess in found.items()}
