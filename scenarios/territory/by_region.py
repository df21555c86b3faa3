"""Reps keep to their sales region or office and share its accounts evenly."""

from __future__ import annotations

import numpy as np

from scenarios.market import Market
from scenarios.neighbours import nearest_reps
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from scenarios.territory.by_group import share_groups
from sim.behaviour import Behaviour
from sim.world import Ints


def design(market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour, seed: int) -> Ints:
    """Row of the rep for each account, (n,), who is of the account's region."""
    return share_groups(market, team, options, behaviour, *staffed_regions(market, team))


def staffed_regions(market: Market, team: Team) -> tuple[Ints, Ints]:
    """Number of the region that each account (n,) and each rep (m,) counts to; every region has both.

    An account in a region without reps counts to the region of the rep who lives nearest; without places the whole
    region joins the one with the least work a rep. Reps of a region without accounts join the one with the most work
    a rep.
    """
    names = sorted(set(market.accounts["region"]) | set(team.reps["region"]))
    number = {name: place for place, name in enumerate(names)}
    account_region = market.accounts["region"].map(number).to_numpy(dtype=np.int64, copy=True)
    rep_region = team.reps["region"].map(number).to_numpy(dtype=np.int64, copy=True)
    need = market.accounts["need"].to_numpy()

    staffed = np.isin(account_region, rep_region)
    if market.has_places and not staffed.all():
        near = nearest_reps(market.accounts[~staffed], team.reps, 1)[0][:, 0]
        account_region[~staffed] = rep_region[near]
    for empty in np.unique(account_region[~np.isin(account_region, rep_region)]):
        reps = np.bincount(rep_region, minlength=len(names))
        work = np.bincount(account_region, weights=need, minlength=len(names))
        account_region[account_region == empty] = np.where(reps > 0, work / np.maximum(reps, 1), np.inf).argmin()
    for rep in np.flatnonzero(~np.isin(rep_region, account_region)):
        work = np.bincount(account_region, weights=need, minlength=len(names))
        reps = np.bincount(rep_region, minlength=len(names))
        rep_region[rep] = np.where(work > 0, work / np.maximum(reps, 1), -1.0).argmax()
    return account_region, rep_region
