"""A market and its team made from a seed: real cities, made-up accounts, any size."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict

import numpy as np
import pandas as pd

from scenarios.generator.accounts import accounts
from scenarios.generator.land import land
from scenarios.generator.reps import team as make_team
from scenarios.generator.status_quo import status_quo
from scenarios.generator.trade import PRODUCTS
from scenarios.market import ACCOUNT_COLUMNS, Market
from scenarios.places import CITIES_FILE, find
from scenarios.schema import MarketOptions, TeamOptions
from scenarios.team import Team
from sim.behaviour import Behaviour
from sim.world import WEEKS, Floats

YEARLY_WAVE = 0.12
HALF_YEARLY_WAVE = 0.07
NOTE = "The market is generated: its cities are real, its accounts, products and reps are made up."


def generate(market: MarketOptions, team: TeamOptions, behaviour: Behaviour) -> tuple[Market, Team]:
    """The market and the team that these options describe; the same options give the same bits.

    Raises InputError where ``market.centre`` is not a city of the table in `scenarios/places`.
    """
    cities = land(market.centre, team.reps)
    table = accounts(market, cities, find(market.centre), team.reps, behaviour)
    people = make_team(team, market.seed, table)
    owner = status_quo(table, people.reps, market.seed, behaviour)
    table["current_rep"] = pd.Series(people.reps["id"].to_numpy(dtype=object)[owner], dtype="str")
    made = Market(
        accounts=table[list(ACCOUNT_COLUMNS)],
        products=PRODUCTS.copy(),
        season=season(),
        has_places=True,
        currency=market.currency,
        source=f"generated around {market.centre}, seed {market.seed}",
        digest=_digest(market, team, behaviour),
        notes=(NOTE,),
    )
    return made, people


def season() -> Floats:
    """Demand week by week, (52,), mean 1, coefficient of variation about 0.1: busiest in autumn, quiet in summer."""
    turn = math.tau / WEEKS
    wave = [
        1.0 + YEARLY_WAVE * math.cos(turn * (week - 45)) + HALF_YEARLY_WAVE * math.cos(2 * turn * (week - 19))
        for week in range(WEEKS)
    ]
    season: Floats = np.array(wave) * (WEEKS / math.fsum(wave))
    return season


def _digest(market: MarketOptions, team: TeamOptions, behaviour: Behaviour) -> str:
    """A hash of everything that the market is made from."""
    made_from = json.dumps([asdict(market), asdict(team), behaviour._asdict()], sort_keys=True)
    return hashlib.sha256(made_from.encode() + CITIES_FILE.read_bytes()).hexdigest()
