"""How accounts and reps behave, as far as it shows: tried out, compared with the data by measures, and adjusted."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from analysis.calibration import Adjusted, adjusted
from command.fitting.measures import TELLS, Traces, measures
from scenarios.build import Built, make_world
from scenarios.crm.potential import Sales
from sim.draws import UNSURE, column, normals
from sim.run import cores
from sim.world import WEEKS, Floats, World
from sim.year import burn_in, play_year


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
# No play is the business: with the parameters of a known one, measures of its twin are off by one to two spreads of
# what all tries leave behind (`benchmarks.recovery`), as a twin knows neither ways nor who was a customer when.
BLUR = 1.5
KEPT = 0.3  # of the tries, that come nearest


def tried(number: int, seed: int) -> Floats:
    """Sets of parameters as parts of their ranges, (number, p): a uniform a parameter, keyed by the set."""
    keys = np.arange(number, dtype=np.int64)
    return np.column_stack([column(seed, UNSURE, 3, keys, index) for index in range(len(RANGES))])


def values_of(parts: Floats) -> dict[str, float]:
    """A set's parameters by name."""
    return {one.name: one.low + (one.high - one.low) * float(part) for one, part in zip(RANGES, parts, strict=True)}


def fit_behaviour(
    built: Built, sales: Sales, seen: Traces, first: int, weeks: int, tries: int, tell: Callable[[], None]
) -> tuple[Adjusted, Floats, Floats]:
    """Draws of the parameters, the measures of the data, and those of every try (N, s).

    Each set is played once, with luck of its own, under today's territories, in a market that it may as well be
    (`unsure`); the same weeks of the year are measured.
    """
    sets = tried(tries, built.world.seed)

    def one(number: int) -> Floats:
        behaviour = built.behaviour._replace(**values_of(sets[number]))  # type: ignore[arg-type]
        world = replace(make_world(built.market, built.team, behaviour, built.world.seed), drawn=())
        found = measures(played(unsure(world, sales, number), built, number, first, weeks, seen.counted))
        tell()
        return found

    with ThreadPoolExecutor(max_workers=cores()) as pool:
        left = np.array(list(pool.map(one, range(tries))))
    target, kept = measures(seen), max(len(RANGES) * 4, round(KEPT * tries))
    return adjusted(sets, blurred(left, built.world.seed), np.where(TELLS, target, np.nan), kept), target, left


def blurred(left: Floats, seed: int) -> Floats:
    """The measures of all tries (N, s), each off by as much as a twin may be."""
    keys = np.arange(left.size, dtype=np.int64)
    luck = normals(column(seed, UNSURE, 3, keys, 1_000_001)).reshape(left.shape)
    return np.asarray(left + BLUR * left.std(axis=0) * luck)


def unsure(world: World, sales: Sales, number: int) -> World:
    """The world as its accounts may as well be, given what they sold; what planners believe of them stays.

    What an account sold in a year is its potential times the year's luck and that of single opportunities: reps who go
    where the potential is go not quite where the sales were.
    """
    a = world.accounts
    drawn = sales.drawn(a.key, world.seed, number)
    wins, size = drawn.wins / sales.wins, drawn.size / sales.size
    money = sales.wins * sales.size
    more = (money * wins * size + sales.orders) / np.maximum(money + sales.orders, 1e-9)
    luck = np.exp(-world.behaviour.account_shock * normals(column(world.seed, UNSURE, 2, a.key, number)))
    accounts = a._replace(
        potential=a.potential * more * luck, opening_rate=a.opening_rate * wins, deal_size=a.deal_size * size
    )
    return replace(world, accounts=accounts)


def played(world: World, built: Built, replication: int, first: int, weeks: int, counted: bool) -> Traces:
    """A year as `measures` takes it, its weeks from ``first`` on."""
    plan = replace(built.plan, drawn=())
    out = play_year(world, plan, replication, burn_in(world, replication), inspected=True).out.account_week
    inside = slice(min(first, WEEKS - weeks), min(first, WEEKS - weeks) + weeks)
    sales = (out.order_revenue + out.won_revenue)[inside].astype(np.float64) / 100.0
    calls = out.called[inside].astype(np.float64)
    return Traces(sales, calls, plan.owner, world.accounts.belief, len(world.reps.key), counted)
