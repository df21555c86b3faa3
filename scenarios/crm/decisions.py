"""When opportunities are decided and which way: the funnel's pace, its calendar and its odds, by likelihood."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from scenarios.crm.timing import Span
from scenarios.intake.schema import LOST, OPEN, WON
from sim.behaviour import Behaviour
from sim.draws import column, normals
from sim.elementary import exp
from sim.rule import loop
from sim.rules.rhythm import in_month, month_of_quarter, paced, ready_share
from sim.world import WEEKS, Floats, Ints

QUARTER = 13  # weeks
LONGEST = 156  # weeks; what took longer counts as so long
MOST_STAGES = 8
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
    """The most likely parameters by name, how uncertain they are, and the number of stages that fits best.

    ``at`` and ``spread`` (p, p) are mean and covariance on the scales of PRIORS; ``score`` the log of the posterior.
    """

    stages: int
    at: Floats
    spread: Floats
    score: float
    opportunities: int

    @property
    def values(self) -> dict[str, float]:
        """The most likely values, as the behaviour has them, and ``asleep``."""
        return dict(zip(NAMES, map(float, natural(self.at)), strict=True))

    @property
    def known(self) -> dict[str, float]:
        """How much less uncertain each is than before the data: 1 - spread after / spread before."""
        after = np.sqrt(np.diag(self.spread))
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


def course(b: Behaviour, weeks: int) -> tuple[Floats, Floats, Floats]:
    """What becomes of an opportunity week by week, by the week of the quarter it opened in: three (13, weeks + 1).

    Chance to be won in the n-th week after it opened, to be lost in it, and to be still open after it.

    >>> won, lost, still = course(Behaviour(), 200)
    >>> bool(np.allclose(won.sum(axis=1) + lost.sum(axis=1), 1.0)), round(float(won.sum(axis=1)[0]), 6)
    (True, 0.25)
    """
    won, lost, still = np.zeros((3, QUARTER, weeks + 1))
    _go(b, np.zeros(b.stages), won, lost, still)
    return won, lost, still


@loop
def _go(b: Behaviour, at: Floats, won: Floats, lost: Floats, still: Floats) -> None:
    """`course`, into three tables (13, weeks + 1); ``at`` (stages,) is room."""
    for opened in range(QUARTER):
        quick = ready_share(b.quick_share, b.first_month_quick, month_of_quarter(opened))
        for stage in range(b.stages):
            at[stage] = 0.0
        at[0] = 1.0 - quick
        still[opened, 0] = 1.0
        for week in range(1, won.shape[1]):
            month = month_of_quarter(opened + week)
            closes = paced(b.closing_hazard, in_month(month, b.first_month_pace, 1.0, b.last_month_pace))
            more = in_month(month, b.first_month_odds, 0.0, b.last_month_odds)
            wins = 1.0 / (1.0 + (1.0 - b.win_odds) / b.win_odds * exp(-more))
            decided = at[b.stages - 1] * closes + quick * b.quick_hazard
            dropped = 0.0
            at[b.stages - 1] -= at[b.stages - 1] * closes
            for stage in range(b.stages - 2, -1, -1):
                moved = at[stage] * b.stage_hazard
                at[stage] -= moved
                at[stage + 1] += moved * b.stage_advance
                dropped += moved * (1.0 - b.stage_advance)
            quick -= quick * b.quick_hazard
            won[opened, week] = wins * decided
            lost[opened, week] = (1.0 - wins) * decided + dropped
            open_yet = quick
            for stage in range(b.stages):
                open_yet += at[stage]
            still[opened, week] = open_yet


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

    How uncertain it is: the inverse of the curvature of the log posterior at its top (Laplace's approximation).
    """
    best: Decisions | None = None
    last, worse = MIDDLES, 0
    for number in (stages,) if stages else range(1, MOST_STAGES + 1):
        before = best
        for start in (MIDDLES, _as_long(last, number)):
            found = minimize(
                _minus,
                start,
                (w, number),
                method="L-BFGS-B",
                bounds=[(-9.0, 9.0)] * len(start),
                options={"maxiter": 400},
            )
            if best is None or -found.fun > best.score:
                best = Decisions(number, found.x, np.eye(len(start)), -float(found.fun), int(w.number.sum()))
                last = found.x
        worse = worse + 1 if best is before else 0
        if worse == WORSE:
            break
    assert best is not None
    return best._replace(spread=_spread(best.at, w, best.stages))


def _as_long(x: Floats, stages: int) -> Floats:
    """Parameters for one stage more than they were fitted to, in which opportunities take as long."""
    values = natural(x)
    place = NAMES.index("stage_hazard")
    values[place] = min(0.9, values[place] * stages / max(stages - 1, 1))
    return scaled(values)


def _spread(x: Floats, w: Waits, stages: int) -> Floats:
    """Covariance at the top, from second differences; no direction is less certain than the prior has it."""
    step = 1e-3
    n = len(x)
    eye = np.eye(n) * step
    here = log_posterior(x, w, stages)
    up = [log_posterior(x + eye[i], w, stages) for i in range(n)]
    down = [log_posterior(x - eye[i], w, stages) for i in range(n)]
    curve = np.zeros((n, n))
    for i in range(n):
        curve[i, i] = (2.0 * here - up[i] - down[i]) / step**2
        for j in range(i):
            both = log_posterior(x + eye[i] + eye[j], w, stages)
            curve[i, j] = curve[j, i] = (up[i] + up[j] - both - here) / step**2
    values, vectors = np.linalg.eigh((curve + curve.T) / 2.0)
    least = 1.0 / SPREADS.max() ** 2
    return np.asarray((vectors / np.maximum(values, least)) @ vectors.T)


def drawn(found: Decisions, seed: int, number: int) -> list[dict[str, float]]:
    """``number`` draws of the parameters from what is known of them: normal on their scales."""
    n = len(NAMES)
    keys = np.arange(number * n, dtype=np.int64)
    luck = normals(column(seed, 0, 0, keys)).reshape(number, n)
    values, vectors = np.linalg.eigh(found.spread)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return [dict(zip(NAMES, map(float, natural(found.at + root @ row)), strict=True)) for row in luck]
