"""How accounts and reps behave, as far as it shows: tried out, compared with the data by measures, and adjusted."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from analysis.calibration import Adjusted, adjusted
from command.fitting.measures import Traces, measures
from scenarios.build import Built, make_world
from sim.draws import UNSURE, column
from sim.run import burn_in, cores, play_year
from sim.world import WEEKS, Floats, World


class Range(NamedTuple):
    """Where a parameter may lie before any data, evenly: what the literature and `docs/parameters.md` leave open."""

    name: str
    low: float
    high: float


RANGES = (
    Range("share_floor", 0.25, 0.50),
    Range("carry_over", 0.92, 0.98),
    Range("comfort_pull", 0.30, 1.00),
    Range("turn_pull", 0.0, 0.9),
    Range("taste", 0.5, 2.5),
    Range("effort_response", 0.25, 0.60),
    Range("order_loyalty", 0.3, 1.5),
    Range("relationship_kept", 0.05, 0.45),
    Range("account_shock", 0.1, 0.6),
    Range("region_shock", 0.0, 0.5),
)
KEPT = 0.3  # of the tries, that come nearest


def tried(number: int, seed: int) -> Floats:
    """Sets of parameters as parts of their ranges, (number, p): a uniform a parameter, keyed by the set."""
    keys = np.arange(number, dtype=np.int64)
    return np.column_stack([column(seed, UNSURE, 3, keys, index) for index in range(len(RANGES))])


def values_of(parts: Floats) -> dict[str, float]:
    """A set's parameters by name."""
    return {one.name: one.low + (one.high - one.low) * float(part) for one, part in zip(RANGES, parts, strict=True)}


def fit_behaviour(
    built: Built, seen: Traces, first: int, weeks: int, tries: int, tell: Callable[[], None]
) -> tuple[Adjusted, Floats, Floats]:
    """Draws of the parameters, the measures of the data, and those of every try (N, s).

    Each set is played once, with luck of its own, under today's territories; the same weeks of the year are measured.
    """
    sets = tried(tries, built.world.seed)

    def one(number: int) -> Floats:
        behaviour = built.behaviour._replace(**values_of(sets[number]))  # type: ignore[arg-type]
        world = replace(make_world(built.market, built.team, behaviour, built.world.seed), drawn=())
        found = measures(played(world, built, number, first, weeks, seen.counted))
        tell()
        return found

    with ThreadPoolExecutor(max_workers=cores()) as pool:
        left = np.array(list(pool.map(one, range(tries))))
    target = measures(seen)
    return adjusted(sets, left, target, max(len(RANGES) * 4, round(KEPT * tries))), target, left


def played(world: World, built: Built, replication: int, first: int, weeks: int, counted: bool) -> Traces:
    """A year as `measures` takes it, its weeks from ``first`` on."""
    plan = replace(built.plan, drawn=())
    out = play_year(world, plan, replication, burn_in(world, replication), inspected=True).out.account_week
    inside = slice(min(first, WEEKS - weeks), min(first, WEEKS - weeks) + weeks)
    sales = (out.order_revenue + out.won_revenue)[inside].astype(np.float64) / 100.0
    calls = out.called[inside].astype(np.float64)
    return Traces(sales, calls, plan.owner, world.accounts.belief, len(world.reps.key), counted)
