"""From data to a twin: decisions by likelihood, behaviour by trial, level by play, draws of all, and how good it is."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.calibration import Adjusted, reached
from command.fitting.behaviour import RANGES, fit_behaviour, tried, values_of
from command.fitting.measures import NAMES, call_length, traced
from scenarios.build import Built, build
from scenarios.crm.decisions import PRIORS, Decisions, drawn, fit_decisions, natural, waits
from scenarios.crm.export import Export
from scenarios.crm.fitted import ABOUT, LEVEL, Fit, as_learnt, taken
from scenarios.crm.learn import Learnt, learn
from scenarios.problems import InputError
from scenarios.schema import Scenario
from sim.behaviour import Behaviour
from sim.draws import UNSURE, column, normals
from sim.run import run
from sim.world import Floats

LEVEL_YEARS, ROUNDS = 40, 3  # played to bring each unit to what it sold
FEWEST = 60  # decided opportunities below which nothing is fitted
PRIOR_DRIVEN, KNOWN = 0.2, 0.5  # parts of the prior's spread that the data takes away


class Parameter(NamedTuple):
    """A fitted parameter: its best guess, 8 in 10, where it lay before the data, and how much of that is taken away."""

    name: str
    how: str  # likelihood or trial
    best: float
    low: float
    high: float
    before: str
    known: float

    @property
    def says(self) -> str:
        """Identified, partly, or prior-driven: it is where the literature has it, not the data."""
        return "prior-driven" if self.known < PRIOR_DRIVEN else "partly" if self.known < KNOWN else "identified"


@dataclass(frozen=True)
class Fitted:
    """A twin: what to write, what was found of each parameter, and the measures it was made by."""

    fit: Fit
    learnt: Learnt
    decisions: Decisions
    parameters: tuple[Parameter, ...]
    measures: tuple[tuple[str, float, float, float, bool], ...]  # name, data, lowest and highest of the tries, reached
    level_error: float


def fit_twin(
    export: Export, scenario: Scenario, tries: int, number: int, tell: Callable[[], None], stages: int = 0
) -> Fitted:
    """Everything fitted to an export that lies in ``scenario.market.folder``; ``number`` draws of it.

    ``stages`` of the funnel where they are known already. Raises InputError where too little was decided.
    """
    decided = export.decided
    known = int((decided["created"] >= 0).sum())
    if known < FEWEST:
        file = export.data.file("opportunities")
        raise InputError(
            [f"{file}: {known} won or lost opportunities with a day they began; a fit needs {FEWEST} or more"]
        )
    with tempfile.TemporaryDirectory() as place:
        market = replace(scenario.market, level=1.0, fit=as_learnt(Path(place)))
        return _fitted(export, replace(scenario, market=market), tries, number, tell, stages)


def _fitted(
    export: Export, scenario: Scenario, tries: int, number: int, tell: Callable[[], None], stages: int
) -> Fitted:
    """The same in a market just as it was learnt."""
    learnt = learn(export, scenario.market.unit, scenario.behaviour)
    found = fit_decisions(waits(export.deals, learnt.covered), stages)
    course = _course(found.values, found.stages)
    start = Scenario(market=scenario.market, team=scenario.team, behaviour=_with(scenario.behaviour, course))
    built = build(start)
    rows = built.plan.owner, built.world.accounts.belief, len(built.team.reps)
    seen, first, weeks = traced(export, learnt, *rows)
    course = {**course, **_as_many_calls(call_length(seen, scenario.team.hours * scenario.team.selling_share))}
    start = replace(start, behaviour=_with(scenario.behaviour, course))
    built = build(start)
    shown, target, left = fit_behaviour(built, learnt.sales, seen, first, weeks, tries, tell)
    shown = _left_to_the_literature(shown, tries, built.world.seed)
    best = {
        name: value if part >= PRIOR_DRIVEN else getattr(scenario.behaviour, name)
        for (name, value), part in zip(values_of(np.median(shown.draws, axis=0)).items(), shown.known, strict=True)
    }
    asks = _asks(build(replace(start, behaviour=_with(start.behaviour, best))), learnt, tell)
    error = level_error(learnt, built)
    fit = Fit(
        data=export.data.digest,
        level=1.0,
        behaviour={**course, **best},
        draws=tuple({**course, **one} for one in _draws(found, shown, error, built.world.seed, number)),
        asks=dict(zip(learnt.table["id"], asks, strict=True)),
    )
    measured = tuple(
        (name, float(target[place]), float(left[:, place].min()), float(left[:, place].max()), bool(near))
        for place, (name, near) in enumerate(zip(NAMES, reached(left, target), strict=True))
        if np.isfinite(target[place])
    )
    return Fitted(fit, learnt, found, _parameters(found, shown, fit), measured, error)


def _left_to_the_literature(shown: Adjusted, tries: int, seed: int) -> Adjusted:
    """Draws of what the data can't tell, as wide as before it; what it can tell keeps its own."""
    before = tried(tries, seed)[: len(shown.draws)]
    told = shown.known >= PRIOR_DRIVEN
    return shown._replace(draws=np.where(told, shown.draws, np.resize(before, shown.draws.shape)))


def _with(behaviour: Behaviour, values: dict[str, float]) -> Behaviour:
    return taken(behaviour, behaviour, values)


def _course(values: dict[str, float], stages: int) -> dict[str, float]:
    """The course of opportunities as the behaviour has it, inside what it allows."""
    own = {name: value for name, value in values.items() if name != "asleep"}
    own["stage_advance"] = own["stage_advance"] if stages > 1 else 1.0
    return {"stages": float(stages), **{name: _inside(name, value) for name, value in own.items()}}


def _as_many_calls(hours: float) -> dict[str, float]:
    """The length of a call, where as many are on record as reps can make; fewer are no full record."""
    about = ABOUT["call_hours"].about
    return {"call_hours": hours} if (about.low or 0.0) <= hours <= (about.high or 0.0) else {}


def _inside(name: str, value: float) -> float:
    low, high = ABOUT[name].about.low, ABOUT[name].about.high
    return float(np.clip(value, low, high))


def _asks(built: Built, learnt: Learnt, tell: Callable[[], None]) -> Floats:
    """A factor on what each unit asks for, (n,), with which it sells what was learnt of it, played as today.

    What was learnt counts each unit as just covered. Simulated reps cover some better and some worse, and so did the
    real ones: what a unit that is called on a lot has sold says less of what it could buy. Expected sales are taken,
    free of the luck of single opportunities, and a few rounds, as reps go where they believe the potential is.
    """
    target = learnt.sales.wins * learnt.sales.size + learnt.sales.orders
    world, asks = built.world, np.ones(len(target))
    for _ in range(ROUNDS):
        a = world.accounts
        columns = {name: getattr(a, name) * asks for name in ("potential", "belief", "opening_rate", "order_size")}
        scaled = replace(world, accounts=a._replace(**columns))
        year = run(scaled, built.plan, range(LEVEL_YEARS), progress=lambda _: tell()).account_year
        won, ordered = (year[name].astype(np.float64).mean(axis=0) for name in ("fluid_won", "fluid_orders"))
        sells = (won + ordered) / 100.0
        asks = asks * np.clip(target / np.maximum(sells, 1e-9), 0.5, 2.0)
    return asks


def level_error(learnt: Learnt, built: Built) -> float:
    """How far off the level may be (sd of log), by the luck of what was on record.

    Sales of T years are uncertain by the luck of their number and sizes, ``(1 + CV²) / wins``, by good and bad years of
    accounts, ``sd² · sum share² / T``, and of regions, likewise over the cells that share them.
    """
    b, sales = built.behaviour, learnt.sales
    worth = sales.wins * sales.size + sales.orders
    share = worth / worth.sum()
    cells = np.bincount(built.world.accounts.region, weights=share)
    counted = (1.0 + sales.deal_cv**2) / max(float(sales.counts.sum()), 1.0)
    years = max(learnt.covered.years, 1.0)
    good = b.account_shock**2 * float((share**2).sum()) + b.region_shock**2 * float((cells**2).sum())
    return float(np.sqrt(counted + good / years))


def _draws(found: Decisions, shown: Adjusted, error: float, seed: int, number: int) -> list[dict[str, float]]:
    course = drawn(found, seed, number)
    luck = normals(column(seed, UNSURE, 3, np.arange(number, dtype=np.int64), 1_000_000))
    made = []
    for place in range(number):
        behaviour = values_of(shown.draws[place % len(shown.draws)])
        once = {LEVEL: float(np.exp(error * luck[place]))}
        made.append({**once, **_course(course[place], found.stages), **behaviour})
    return made


def _parameters(found: Decisions, shown: Adjusted, fit: Fit) -> tuple[Parameter, ...]:
    """What is known of each, the course first."""
    made = []
    low, high = (natural(bound) for bound in np.quantile(found.draws, (0.1, 0.9), axis=0))
    for place, prior in enumerate(PRIORS):
        if prior.name in ("stage_hazard", "stage_advance") and found.stages == 1:
            continue
        before = f"about {prior.middle:g}"
        values = found.values[prior.name], float(low[place]), float(high[place])
        made.append(Parameter(prior.name, "likelihood", *values, before, found.known[prior.name]))
    for place, one in enumerate(RANGES):
        draws = one.low + (one.high - one.low) * shown.draws[:, place]
        low_, high_ = np.quantile(draws, (0.1, 0.9))
        values = fit.behaviour[one.name], float(low_), float(high_)
        made.append(Parameter(one.name, "trial", *values, f"{one.low:g} to {one.high:g}", float(shown.known[place])))
    return tuple(made)
