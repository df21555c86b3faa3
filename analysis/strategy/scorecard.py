"""The scorecard of a strategy map: each objective's result and chance, what each tactic adds, whether links hold."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import betaincinv

from analysis.compare import CANT_TELL, sure, verdict
from analysis.cuts import each
from analysis.notes import FEWEST_YEARS
from analysis.played import Played
from analysis.precision import MATTERS
from analysis.strategy.measures import MEASURES, Mask, Values, measured

HELPS, HURTS, LITTLE = "helps", "hurts", " a little"
NOTHING, UNCLEAR, NOT_MEASURED = "nothing", "can't be told apart from nothing", "not measured without it"
SURE = 0.95  # probability that a mean difference is on this side of 0, from which on it is told


class Aim(NamedTuple):
    """One objective as it is scored.

    ``target`` makes the number to be reached of what today's typical year comes to; ``least`` is whether more is
    better; ``where`` (n,) are the accounts that count, None for all.
    """

    name: str
    what: str
    perspective: str
    measure: str
    by: int
    least: bool
    target: Callable[[float], float]
    said: str  # the target as a planner wrote it
    where: Mask | None
    segment: str
    leads_to: tuple[str, ...]


class Plays(NamedTuple):
    """What was played: the plan with all tactics, today's without any, and the plan without each of them."""

    plan: Played
    today: Played
    without: dict[str, Played]


class Scorecard(NamedTuple):
    """What came out.

    ``objectives`` has a row each: objective, what, perspective, measure, unit, segment, by, said, least, today (typical
    year), target, typical, low, high (8 in 10 of the years), chance (share of years in which it is met), chance_low and
    chance_high (8 in 10: how surely that share is known with so many years), chance_today; no chance (NaN) where
    nothing can be measured, or percent of nothing are asked for.

    ``tactics`` has a row for each tactic and objective: typical, low, high of what the tactic adds (the plan less the
    plan without it, paired by year), mean, sure (probability that the mean is above 0), says (HELPS or HURTS, perhaps
    LITTLE; UNCLEAR, NOTHING, NOT_MEASURED), chance (what it adds to the chance), moves (whether a single bit of a year
    differs), downstream (whether the map says so).

    ``missing`` are tactics and objectives that they move without a link; ``idle`` are links, and what a tactic serves,
    along which nothing that can be told comes. ``top`` is the objective to which all leads: the last financial one
    that leads nowhere further.
    """

    objectives: pd.DataFrame
    tactics: pd.DataFrame
    missing: list[tuple[str, str]]
    idle: list[tuple[str, str]]
    top: str
    years: int
    currency: str


def scorecard(
    aims: Sequence[Aim],
    serves: Mapping[str, tuple[str, ...]],
    downstream: Mapping[str, frozenset[str]],
    plays: Plays,
) -> Scorecard:
    """Holds every objective against the years played; all plays have the same years, on the same luck."""

    def values(played: Played) -> dict[str, Values]:
        return {aim.name: measured(played, aim.measure, aim.by, aim.where) for aim in aims}

    plan, today = values(plays.plan), values(plays.today)
    without = {tactic: values(played) for tactic, played in plays.without.items()}
    objectives = pd.DataFrame([_objective(aim, plan[aim.name], today[aim.name]) for aim in aims])
    targets = dict(zip(objectives["objective"], objectives["target"], strict=True))
    tactics = pd.DataFrame(
        [
            {
                "tactic": tactic,
                "objective": aim.name,
                **_added(aim, plan[aim.name], left[aim.name], today[aim.name], targets[aim.name]),
                "downstream": aim.name in downstream[tactic],
            }
            for tactic, left in without.items()
            for aim in aims
        ]
    )
    missing = tactics[tactics["moves"] & ~tactics["downstream"]]
    return Scorecard(
        objectives,
        tactics,
        list(zip(missing["tactic"], missing["objective"], strict=True)),
        _idle(aims, serves, downstream, tactics),
        [aim.name for aim in aims if aim.perspective == "financial" and not aim.leads_to][-1],
        len(plays.plan.replications),
        str(plays.plan.info["currency"]),
    )


def met(values: Values, target: float, least: bool) -> Values:
    """Whether each year reaches the target, 1 or 0; a year in which nothing can be measured does not.

    >>> met(np.array([0.8, 0.9, np.nan]), 0.9, True).tolist()
    [0.0, 1.0, 0.0]
    """
    return np.asarray(values >= target if least else values <= target, dtype=np.float64)


def share_known(reached: int, years: int) -> tuple[float, float]:
    """Between which shares the true one lies, 8 in 10, where so many of the years played did.

    Jeffreys' interval: the 10th and 90th of a hundred of Beta(k + 1/2, n − k + 1/2); 0 and 1 at the ends.

    >>> [round(end, 2) for end in share_known(17, 20)]
    [0.73, 0.93]
    >>> share_known(20, 20)[1], round(share_known(20, 20)[0], 2)
    (1.0, 0.94)
    """
    low, high = betaincinv(reached + 0.5, years - reached + 0.5, (0.1, 0.9))
    return (0.0 if reached == 0 else float(low)), (1.0 if reached == years else float(high))


def _objective(aim: Aim, plan: Values, today: Values) -> dict[str, object]:
    typical_today = _typical(today)
    target = aim.target(typical_today)
    reached = met(plan, target, aim.least)
    low, high = _eight_in_ten(plan)
    scored = math.isfinite(target) and bool(np.isfinite(plan).any())
    chance_low, chance_high = share_known(int(reached.sum()), plan.size) if scored else (math.nan, math.nan)
    return {
        "objective": aim.name,
        "what": aim.what,
        "perspective": aim.perspective,
        "measure": aim.measure,
        "unit": MEASURES[aim.measure].unit,
        "segment": aim.segment,
        "by": aim.by,
        "said": aim.said,
        "least": aim.least,
        "today": typical_today,
        "target": target,
        "typical": _typical(plan),
        "low": low,
        "high": high,
        "chance": float(reached.mean()) if scored else math.nan,
        "chance_low": chance_low,
        "chance_high": chance_high,
        "chance_today": float(met(today, target, aim.least).mean()) if scored else math.nan,
    }


def _added(aim: Aim, plan: Values, without: Values, today: Values, target: float) -> dict[str, object]:
    """What one tactic adds to one objective, year by year on the same luck."""
    moves = not np.array_equal(plan, without, equal_nan=True)
    added = (plan - without)[np.isfinite(plan - without)]
    low, high = _eight_in_ten(added)
    matters = MATTERS * abs(float(np.nan_to_num(_typical(today))))
    return {
        "typical": _typical(added),
        "low": low,
        "high": high,
        "mean": float(added.mean()) if added.size else float("nan"),
        "sure": sure(added),
        "says": says(added if aim.least else -added, matters) if added.size or not moves else NOT_MEASURED,
        "chance": float(met(plan, target, aim.least).mean() - met(without, target, aim.least).mean()),
        "moves": moves,
    }


def says(better: Values, matters: float) -> str:
    """What paired differences say, above 0 being better: HELPS or HURTS, UNCLEAR or NOTHING.

    Told is what is sure to 0.95 on average; it is only a little where the years alone would not tell it apart, or
    8 in 10 of them lie inside ± ``matters``.

    >>> says(np.array([2.0, 3.0, 2.0, 4.0, 3.0]), 1.0), says(np.array([-0.2, -0.3, -0.2, -0.4, -0.3]), 1.0)
    ('helps', 'hurts a little')
    >>> says(np.array([2.0, -3.0, 2.0, -4.0, 3.0]), 1.0), says(np.zeros(5), 1.0)
    ("can't be told apart from nothing", 'nothing')
    """
    if not better.any():
        return NOTHING
    probability = sure(better)
    if better.size < FEWEST_YEARS or not (probability >= SURE or probability <= 1 - SURE):
        return UNCLEAR
    return (HELPS if probability >= SURE else HURTS) + LITTLE * (verdict(better, matters) == CANT_TELL)


def told(word: str) -> bool:
    """Whether what is said of a tactic's part is that it does something."""
    return word not in (NOTHING, UNCLEAR)


def _typical(values: Values) -> float:
    there = values[np.isfinite(values)]
    return float(np.median(there)) if there.size else float("nan")


def _eight_in_ten(values: Values) -> tuple[float, float]:
    there = values[np.isfinite(values)]
    if not there.size:
        return float("nan"), float("nan")
    low, high = np.quantile(there, (0.1, 0.9))
    return float(low), float(high)


def _idle(
    aims: Sequence[Aim],
    serves: Mapping[str, tuple[str, ...]],
    downstream: Mapping[str, frozenset[str]],
    tactics: pd.DataFrame,
) -> list[tuple[str, str]]:
    """Links along which nothing comes that can be told, and objectives that a tactic serves for nothing.

    Along a link from cause to effect comes something where a tactic that can be told to move the cause can be told to
    move the effect too.
    """
    there = {(row.tactic, row.objective) for row in each(tactics) if told(row.says)}
    found = [(tactic, name) for tactic, names in serves.items() for name in names if (tactic, name) not in there]
    for aim in aims:
        movers = [tactic for tactic, names in downstream.items() if aim.name in names and (tactic, aim.name) in there]
        found += [
            (aim.name, effect) for effect in aim.leads_to if not any((tactic, effect) in there for tactic in movers)
        ]
    return found
