"""What the data shows beside what its twin shows: rhythm, cycle, spread over reps, concentration."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.goals import weekly
from command.fitting.measures import top_share
from command.goalsetting.plays import Years
from scenarios.build import Built
from scenarios.crm.course import QUARTER, course
from scenarios.crm.decisions import behaviour_of, week_of
from scenarios.crm.export import Export
from scenarios.crm.learn import Learnt
from scenarios.crm.unit import history
from scenarios.intake.schema import LOST, OPEN, WON
from sim.behaviour import Behaviour
from sim.rules.rhythm import month_of_quarter
from sim.world import WEEKS, Floats, Ints

MONTHS = ("first", "middle", "last")
SOON = 3  # weeks
RUNS = 40


class Shown(NamedTuple):
    """One figure of the data, and of the twin: its mean year and 8 in 10 of its years, where it is played."""

    what: str
    unit: str
    data: float
    twin: float
    low: float
    high: float

    @property
    def inside(self) -> bool:
        """Whether the data lies in the twin's range."""
        return self.low <= self.data <= self.high


def shows(
    export: Export, learnt: Learnt, built: Built, values: dict[str, float], stages: int, years: int,
    tell: Callable[[], None],
) -> list[Shown]:  # fmt: skip
    """The figures, of ``years`` years of the twin; ``values`` are the fitted course of opportunities, with `asleep`."""
    playing = Years(built, years, tell)
    record = playing.play()
    weeks = np.array([month_of_quarter(week) for week in range(WEEKS)])
    month = np.array([month_of_quarter(week) for week in week_of(export.decided["closed"]) % WEEKS])
    is_won = (export.decided["outcome"] == WON).to_numpy()
    inside = learnt.covered.holds(export.decided["closed"]).to_numpy()
    won, lost = (record.rep_week[name].astype(np.float64).sum(axis=2) for name in ("won", "lost"))
    made = []
    for place, name in enumerate(MONTHS):
        rate = won[:, weeks == place].sum(axis=1) / (won + lost)[:, weeks == place].sum(axis=1)
        seen = is_won[inside & (month == place)]
        made.append(_of(f"won, {name} months of quarters", "%", 100.0 * float(seen.mean()), 100.0 * rate))
    made += _cycle(export, learnt, values, stages)
    sales = playing.sales(record)
    deals = history(export)
    sold = deals[(deals["outcome"] == WON) & learnt.covered.holds(deals["closed"])]
    by_rep = sold.groupby("rep")["amount"].sum().reindex(list(built.team.reps["id"])).fillna(0.0).to_numpy(float)
    spread = sales.std(axis=1) / sales.mean(axis=1)
    made.append(_of("sales over reps, CV", "", float(by_rep.std() / by_rep.mean()), spread))
    year = {name: record.account_year[name].astype(np.float64) for name in ("order_revenue", "won_revenue")}
    of_unit = year["order_revenue"] + year["won_revenue"]
    made.append(_of("best fifth of units, part of sales", "%", 100.0 * top_share(learnt.table["won"].to_numpy(float)),
                    np.array([100.0 * top_share(row) for row in of_unit])))  # fmt: skip
    per_year = float((learnt.sales.wins * learnt.sales.size).sum() + learnt.sales.orders.sum())
    made.append(_of("sales a year", built.market.currency, per_year, weekly(record, "revenue").sum(axis=(1, 2))))
    made.append(_of("won a year", "", float(learnt.sales.wins.sum()), won.sum(axis=1)))
    return made


def _of(what: str, unit: str, data: float, twin: Floats) -> Shown:
    low, high = np.quantile(twin, (0.1, 0.9))
    return Shown(what, unit, data, float(twin.mean()), float(low), float(high))


def _cycle(export: Export, learnt: Learnt, values: dict[str, float], stages: int) -> list[Shown]:
    """Days that won and lost ones took, and how many were decided soon, as the fitted course has it for the same ones.

    The opportunities on record, with the days they began, are run through it as long as the data goes on: what it
    decides is drawn, so that ranges hold the luck of as many.
    """
    took, lost_not = _taken(export, learnt)
    drawn = _run(export, learnt, values, stages)
    made = []
    for name, seen, draws in (("won", took, drawn[0]), ("lost", lost_not, drawn[1])):
        days = np.array([7.0 * np.median(one) for one in draws])
        soon = np.array([100.0 * (one <= SOON).mean() for one in draws])
        made.append(_of(f"days until {name}, median", "", 7.0 * float(np.median(seen)), days))
        made.append(_of(f"{name} within {SOON} weeks", "%", 100.0 * float((seen <= SOON).mean()), soon))
    return made


def _taken(export: Export, learnt: Learnt) -> tuple[Ints, Ints]:
    decided = export.decided[(export.decided["created"] >= 0) & learnt.covered.holds(export.decided["closed"])]
    weeks = np.maximum(week_of(decided["closed"]) - week_of(decided["created"]), 1)
    return weeks[(decided["outcome"] == WON).to_numpy()], weeks[(decided["outcome"] == LOST).to_numpy()]


def _run(export: Export, learnt: Learnt, values: dict[str, float], stages: int) -> tuple[list[Ints], list[Ints]]:
    """Weeks until won and until lost of what is drawn to be decided, in each of RUNS rounds."""
    deals = export.deals[(export.deals["created"] >= 0) & (export.deals["created"] <= learnt.covered.last)]
    deals = deals[(deals["outcome"] == OPEN) | learnt.covered.holds(deals["closed"])]
    first, last = week_of(pd.Series([learnt.covered.first, learnt.covered.last]))
    opened = week_of(deals["created"])
    won, lost, still = course(behaviour_of(values, stages, Behaviour()), int(last - opened.min()) + 1)
    rng = np.random.default_rng(1)
    wins: list[Ints] = []
    losses: list[Ints] = []
    chances = np.concatenate([won, lost], axis=1)
    width = won.shape[1]
    for _ in range(RUNS):
        phase, unseen = opened % QUARTER, np.clip(first - opened - 1, 0, None)
        there = values["asleep"] + (1.0 - values["asleep"]) * still[phase, unseen]
        pick = rng.random(len(opened)) * there
        rows = chances[phase] * (1.0 - values["asleep"])
        number = np.arange(width)
        after = np.concatenate([number, number])[None, :] > unseen[:, None]
        total = np.cumsum(np.where(after, rows, 0.0), axis=1)
        place = (total < pick[:, None]).sum(axis=1)
        known = place < 2 * width
        took = place % width
        known &= took <= last - opened
        wins.append(took[known & (place < width)])
        losses.append(took[known & (place >= width)])
    return wins, losses
