"""The level of an export's market: such that today's plan sells in the mean year what is on record."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenarios.earning.known import known
from scenarios.earning.outlook import outlook, territories
from scenarios.market import Market
from scenarios.team import Team
from scenarios.territory.current import todays_rows
from sim.behaviour import Behaviour

ASKED_FOR = ("potential", "estimated_potential", "order_size", "opening_rate")  # what rises with the level
ROUNDS = 2  # sales rise nearly in proportion: after one they are within 1 %, after two within 0.1 %
FIGURES = 4  # that the level has


def as_on_record(market: Market, people: Team, behaviour: Behaviour) -> float:
    """The factor on what all accounts ask for with which today's plan sells ``market.sold``; 1 where that is nothing.

    What was learnt takes each unit as just covered. In play calls fall unevenly and bring ever less, so all together
    sell less.
    """
    level = 1.0
    for _ in range(ROUNDS):
        sells = year_in_means(times(market, level), people, behaviour)
        if min(sells, market.sold) <= 0.0:
            return 1.0
        level *= market.sold / sells
    return float(f"{level:.{FIGURES}g}")


def times(market: Market, level: float) -> Market:
    """The market in which all accounts ask for so many times as much."""
    a = market.accounts
    return replace(market, accounts=a.assign(**{column: a[column] * level for column in ASKED_FOR}))


def year_in_means(market: Market, people: Team, behaviour: Behaviour) -> float:
    """What today's territories sell in a year at rest, money: `scenarios.earning`, where a margin of 1 earns sales."""
    owner = todays_rows(market, people)
    seen = known(market, people, behaviour)._replace(margin=np.ones(len(owner)), cost_an_hour=0.0)
    return sum(one.earned for one in territories(outlook(seen, owner, settled=True), owner))
