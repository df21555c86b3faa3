"""Region first, industry inside it: reps keep to their region, and its reps divide its industries among them."""

from __future__ import annotations

import dataclasses

import numpy as np

from scenarios.market import Market
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from scenarios.territory.by_group import share_groups
from scenarios.territory.by_industry import bundles, known_fit, specialists
from scenarios.territory.by_region import staffed_regions
from sim.behaviour import Behaviour
from sim.world import Ints


def design(market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour, seed: int) -> Ints:
    """Row of the rep for each account, (n,): of its region, and there a specialist for its industry.

    Regions are those of `by_region`; inside one, reps and industries are dealt as in `by_industry`. The only rep of a
    region takes all of it.
    """
    account_region, rep_region = staffed_regions(market, team)
    account_group, rep_group = np.zeros_like(account_region), np.zeros_like(rep_region)
    groups = 0
    for region in np.unique(rep_region):
        rows, among = np.flatnonzero(account_region == region), np.flatnonzero(rep_region == region)
        here = dataclasses.replace(market, accounts=market.accounts.iloc[rows])
        people = dataclasses.replace(team, reps=team.reps.iloc[among])
        names, fit = known_fit(here, people, "industry", team.fit_industry)
        word = np.searchsorted(names, here.accounts["industry"].to_numpy(dtype=object)).astype(np.int64)
        need = here.accounts["need"].to_numpy(dtype=np.float64)
        work = np.bincount(word, weights=need, minlength=len(names)).astype(np.float64)
        bundle = bundles(work, min(len(names), len(among)))
        account_group[rows] = groups + bundle[word]
        rep_group[among] = groups + specialists(fit, work, bundle)
        groups += int(bundle.max()) + 1
    return share_groups(market, team, options, behaviour, account_group, rep_group)
