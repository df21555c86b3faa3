"""Hunters and farmers: reps specialise in prospects, customers or whatever stages the accounts are in."""

from __future__ import annotations

import numpy as np

from scenarios.market import Market
from scenarios.problems import InputError
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from scenarios.territory.by_industry import shared_by
from scenarios.territory.current import todays_rows
from sim.behaviour import Behaviour
from sim.world import Floats, Ints


def design(market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour, seed: int) -> Ints:
    """Row of the rep for each account, (n,): each stage has its reps, those who work most in it today.

    Refuses a market whose accounts have no column ``stage``: a generated one knows its customers only after its first
    year is played, which is after territories are drawn.
    """
    if "stage" not in market.accounts:
        told = "territory=by_stage needs a column 'stage' in the accounts: customer, prospect, lapsed or your own words"
        raise InputError([f"{told}; this market has none; choose by_size, by_industry or by_product"])
    names = sorted(market.accounts["stage"].unique())
    return shared_by(market, team, options, behaviour, "stage", names, todays_work(market, team, names))


def todays_work(market: Market, team: Team, names: list[str]) -> Floats:
    """Part of each rep's calls needed today that is in each stage, (m, stages); 0 for a rep without accounts.

    A rep with 30 calls for customers and 10 for prospects has 0.75 and 0.25.
    """
    stage = np.searchsorted(names, market.accounts["stage"].to_numpy(dtype=object))
    need = market.accounts["need"].to_numpy(dtype=np.float64)
    calls = np.zeros((len(team.reps), len(names)))
    np.add.at(calls, (todays_rows(market, team), stage), need)
    parts: Floats = calls / np.maximum(calls.sum(axis=1, keepdims=True), 1e-12)
    return parts
