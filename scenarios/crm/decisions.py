"""When opportunities are decided and which way: the funnel's pace, its calendar and its odds, by likelihood."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from scenarios.crm.course import QUARTER
from scenarios.crm.course import course as course
from scenarios.crm.posterior import covariance, sampled
from scenarios.crm.timing import Span
from scenarios.intake.schema import LOST, OPEN, WON
from sim.behaviour import Behaviour
from sim.draws import column
from sim.world import WEEKS, Floats, Ints

LONGEST = 156  # weeks; what took longer counts as so long
MOST_STAGES = 8
QUICK = (0.25, 0.5, 0.85)  # hazards of those that walk no stages, that are tried besides
CLOSE = 6.0  # the same for the top of a number of stages that may as well be
HOPELESS = 12.0  # below the highest log posterior: what lies so low is not looked at
EPOCH_YEAR = 1970


class Prior(NamedTuple):
    """What is held of a parameter before any data: normal on a scale on which it may be any number."""

    name: str
    scale: str  # "share": log-odds; "factor": log; "odds": itself
    middle: float  # of the parameter itself
    spread: float  # sd on the scale


PRIORS = (
    Prior("quick_share", "share", 0.1, 1.5),
    Prior("first_month_quick", "odds", 0.0, 0.5),
    Prior("quick_hazard", "share", 0.5, 1.0),
    Prior("stage_hazard", "share", 0.17, 1.0),
    Prior("closing_hazard", "share", 0.17, 1.0),
    Prior("stage_advance", "share", 0.9, 1.5),
    Prior("first_month_pace", "factor", 1.0, 0.7),
    Prior("last_month_pace", "factor", 1.0, 0.7),
    Prior("win_odds", "share", 0.25, 1.5),
    Prior("first_month_odds", "odds", 0.0, 0.5),
    Prior("last_month_odds", "odds", 0.0, 0.5),
    Prior("asleep", "share", 0.1, 1.5),
)
NAMES = tuple(prior.name for prior in PRIORS)
SHARES, FACTORS = (np.array([prior.scale == scale for prior in PRIORS]) for scale in ("share", "factor"))
WORSE = 2  # numbers of stages in a row that fit worse, after which no more are tried


class Waits(NamedTuple):
    """Opportunities alike in when they opened, how long they took and what became of them, with how many there are.

    ``phase`` is the week of its quarter in which it opened; ``weeks`` until it was decided, or so far; ``unseen`` the
    weeks before the data begins, in which it can't have been decided or it would not be there; ``outcome`` is 0 lost,
    1 won, 2 open.
    """

    phase: Ints
    weeks: Ints
    unseen: Ints
    outcome: Ints
    number: Floats


class Decisions(NamedTuple):
    """The course that was fitted: how many stages are likeliest, and the other parameters, with how uncertain they are.

    ``draws`` (N, p) are drawn from the posterior, on the scales of PRIORS, each with ``funnel`` (N,) stages; ``spread``
    (p, p) is their covariance. ``at`` is the mean of those with the likeliest number of stages, or the highest place
    of the posterior where that mean lies between tops; ``score`` is the log of the posterior at its highest.
    """

    stages: int
    at: Floats
    spread: Floats
    score: float
    opportunities: int
    draws: Floats
    funnel: Ints

    @property
    def values(self) -> dict[str, float]:
        """The most likely values, as the behaviour has them, and ``asleep``."""
        return dict(zip(NAMES, map(float, natural(self.at)), strict=True))

    @property
    def known(self) -> dict[str, float]:
        """How much less uncertain each is than before the data: 1 - spread after / spread before."""
        after = self.draws.std(axis=0)
        return {p.name: float(1.0 - after[place] / p.spread) for place, p in enumerate(PRIORS)}


def week_of(days: pd.Series) -> Ints:
    """Weeks since 1 January 1970, 52 a year: the 365th day still belongs to the 52nd."""
    dates = days.to_numpy(np.int64).astype("datetime64[D]")
    years = dates.astype("datetime64[Y]")
    day = (dates - years.astype("datetime64[D]")).astype(np.int64)
    return np.asarray(years.astype(np.int64) * WEEKS + np.minimum(day // 7, WEEKS - 1), dtype=np.int64)


def waits(deals: pd.DataFrame, covered: Span) -> Waits:
    """The opportunities whose beginning is known, counted; those still open as of the last day."""
    known = deals[deals["created"] >= 0]
    known = known[(known["outcome"] == OPEN) | covered.holds(known["closed"])]
    known = known[known["created"] <= covered.last]
    first, last = week_of(pd.Series([covered.first, covered.last]))
    opened = week_of(known["created"])
    still = (known["outcome"] == OPEN).to_numpy()
    ended = np.where(still, last, week_of(known["closed"].where(known["closed"] >= 0, covered.last)))
    frame = pd.DataFrame(
        {
            "phase": opened % QUARTER,
            "weeks": np.clip(np.where(still, ended - opened, np.maximum(ended - opened, 1)), 0, LONGEST),
            "unseen": np.clip(first - opened - 1, 0, LONGEST),
            "outcome": np.select([known["outcome"] == LOST, known["outcome"] == WON], [0, 1], 2),
        }
    )
    frame = frame[frame["unseen"] < np.where(frame["outcome"] == 2, frame["weeks"] + 1, frame["weeks"])]
    counts = frame.value_counts(sort=False).reset_index(name="count").sort_values(list(frame.columns))
    phase, weeks, unseen, outcome = (counts[name].to_numpy(np.int64) for name in frame.columns)
    return Waits(phase, weeks, unseen, outcome, counts["count"].to_numpy(np.float64))


def natural(x: Floats) -> Floats:
    """Parameters from their scales to what the behaviour has."""
    return np.where(SHARES, 1.0 / (1.0 + np.exp(-x)), np.where(FACTORS, np.exp(x), x))


def scaled(values: Floats) -> Floats:
    """The other way round."""
    inside = np.where(SHARES, np.clip(values, 1e-6, 1.0 - 1e-6), 0.5)
    above = np.maximum(values, 1e-6)
    return np.where(SHARES, np.log(inside / (1.0 - inside)), np.where(FACTORS, np.log(above), values))


def behaviour_of(values: dict[str, float], stages: int, b: Behaviour) -> Behaviour:
    """A behaviour with these parameters of the funnel."""
    own: dict[str, Any] = {name: value for name, value in values.items() if name != "asleep"}
    own["stage_advance"] = own["stage_advance"] if stages > 1 else 1.0
    return b._replace(stages=stages, **own)


def log_posterior(x: Floats, w: Waits, stages: int) -> float:
    """Log of likelihood times prior of parameters on their scales.

    An opportunity that was decided after n weeks counts ``(1 - asleep) * chance(n, outcome)``, one that is open after n
    ``asleep + (1 - asleep) * still(n)``: some are never closed by anybody. What opened before the data begins is known
    only if it was open then, so its chance is divided by that of being so.
    """
    values = dict(zip(NAMES, map(float, natural(x)), strict=True))
    won, lost, still = course(behaviour_of(values, stages, Behaviour()), int(w.weeks.max(initial=1)))
    asleep = values["asleep"]
    awake = np.where(w.outcome == 1, won[w.phase, w.weeks], lost[w.phase, w.weeks]) * (1.0 - asleep)
    chance = np.where(w.outcome == 2, asleep + (1.0 - asleep) * still[w.phase, w.weeks], awake)
    there = asleep + (1.0 - asleep) * still[w.phase, w.unseen]
    fit = float((w.number * (np.log(np.maximum(chance, 1e-300)) - np.log(np.maximum(there, 1e-300)))).sum())
    return fit - 0.5 * float((((x - MIDDLES) / SPREADS) ** 2).sum())


def _minus(x: Floats, w: Waits, stages: int) -> float:
    return -log_posterior(x, w, stages)


MIDDLES = scaled(np.array([p.middle for p in PRIORS]))
SPREADS = np.array([p.spread for p in PRIORS])


def fit_decisions(w: Waits, stages: int = 0) -> Decisions:
    """The most likely course of opportunities, of all numbers of stages, or of ``stages`` where that is given.

    Which stage is the slow one, and whether those that walk no stages are the quick ones or the slow ones, shows by
    the calendar alone: the posterior may have several tops. They are looked for from several places, and how uncertain
    the parameters are is told by draws that know all of them (`posterior.sampled`).
    """
    found: list[Top] = []
    best: Top | None = None
    last, worse = MIDDLES, 0
    for number in (stages,) if stages else range(1, MOST_STAGES + 1):
        here = [_climbed(start, w, number) for start in (MIDDLES, _as_long(last, number))]
        here.append(_climbed(_swapped(max(here, key=_score).at, "closing_hazard"), w, number))
        found += here
        best = max([best, *here] if best else here, key=_score)
        last = max(here, key=_score).at
        worse = worse + 1 if number > best.stages else 0
        if worse == WORSE:
            break
    assert best is not None
    close = sorted({top.stages for top in found if top.score > best.score - CLOSE})
    laws = [_explored(number, [top for top in found if top.stages == number], w) for number in close]
    share = np.exp(np.array([law.under for law in laws]) - max(law.under for law in laws))
    number = np.maximum(np.round(len(laws[0].draws) * share / share.sum()), 0.0).astype(np.int64)
    likeliest = laws[int(share.argmax())]
    draws = np.concatenate([_evenly(law.draws, many) for law, many in zip(laws, number, strict=True)])
    middle, top = likeliest.draws.mean(axis=0), likeliest.top
    at = middle if log_posterior(middle, w, top.stages) > top.score - 0.5 * len(middle) else top.at
    return Decisions(
        top.stages, at, np.cov(draws.T), top.score, int(w.number.sum()), draws, np.repeat(np.array(close), number)
    )


class Top(NamedTuple):
    """A place where the posterior is higher than anywhere about it."""

    stages: int
    at: Floats
    score: float


class Law(NamedTuple):
    """The posterior with some number of stages: its highest top, draws of it, and the log of what lies under it."""

    top: Top
    draws: Floats
    under: float


def _explored(stages: int, tops: list[Top], w: Waits) -> Law:
    best = max(tops, key=_score)
    starts = [_swapped(best.at, "quick_hazard"), *(_with(best.at, "quick_hazard", hazard) for hazard in QUICK)]
    tops = _apart([*tops, *(_climbed(start, w, stages) for start in starts)])
    tops = [top for top in tops if top.score > tops[0].score - HOPELESS]
    places = [top.at for top in tops]

    def density(x: Floats) -> float:
        return log_posterior(x, w, stages)

    # No direction is less certain than the prior has it.
    spreads = [covariance(density, place, 1.0 / SPREADS.max() ** 2) for place in places]
    draws, under = sampled(density, places, spreads)
    return Law(tops[0], draws, under)


def _evenly(draws: Floats, number: int) -> Floats:
    """So many of them, evenly from first to last."""
    return np.asarray(draws[(np.arange(number) * len(draws)) // max(number, 1)])


def _score(top: Top) -> float:
    return top.score


def _climbed(start: Floats, w: Waits, stages: int) -> Top:
    found = minimize(
        _minus, start, (w, stages), method="L-BFGS-B", bounds=[(-9.0, 9.0)] * len(start), options={"maxiter": 400}
    )
    return Top(stages, np.asarray(found.x), -float(found.fun))


def _apart(tops: list[Top]) -> list[Top]:
    """The highest of those that are the same."""
    kept: list[Top] = []
    for top in sorted(tops, key=_score, reverse=True):
        if all(np.abs((top.at - one.at) / SPREADS).max() > 0.05 for one in kept):
            kept.append(top)
    return kept


def _with(x: Floats, name: str, value: float) -> Floats:
    values = natural(x)
    values[NAMES.index(name)] = value
    return scaled(values)


def _swapped(x: Floats, what: str) -> Floats:
    """Parameters with which opportunities take about as long, another part of them being the slow one.

    The last stage changes places with those before it, or those that walk no stages with those that do.
    """
    values = natural(x)
    other, quick = NAMES.index("stage_hazard"), NAMES.index("quick_share")
    if what == "quick_hazard":
        other, values[quick] = NAMES.index("closing_hazard"), 1.0 - values[quick]
    place = NAMES.index(what)
    values[place], values[other] = values[other], values[place]
    return np.clip(scaled(values), -9.0, 9.0)


def _as_long(x: Floats, stages: int) -> Floats:
    """Parameters for one stage more than they were fitted to, in which opportunities take as long."""
    values = natural(x)
    place = NAMES.index("stage_hazard")
    values[place] = min(0.9, values[place] * stages / max(stages - 1, 1))
    return scaled(values)


def drawn(found: Decisions, seed: int, number: int) -> list[dict[str, float]]:
    """``number`` draws of the parameters from what is known of them, with the likeliest number of stages."""
    draws = found.draws[found.funnel == found.stages]
    place = (column(seed, 0, 0, np.arange(number, dtype=np.int64)) * len(draws)).astype(np.int64)
    return [dict(zip(NAMES, map(float, natural(draws[row])), strict=True)) for row in place]
