"""Work beside the hours there are for it, by territory and by segment, and how many people it asks for."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from scenarios.market import Market
from scenarios.team import Team, planned
from scenarios.workload import hours_needed
from sim.behaviour import Behaviour
from sim.world import WEEKS, Floats, Ints

SEGMENTS = ("region", "industry", "product")
GOOD_FIT = 1.0  # from here on a rep is at home in an industry or product


class Work(NamedTuple):
    """Hours a year, as planners see them: what accounts need to be covered well, and what reps have for it.

    ``territories``: rep, name, accounts, needed, there, part (there / needed). ``segments``: cut, segment, accounts,
    needed, met, part (met / needed), at_home (part of the hours needed that lies with reps of `GOOD_FIT` for it;
    missing for regions without a fit). ``people`` is what all the work asks for, ``team`` who is there.
    """

    territories: pd.DataFrame
    segments: pd.DataFrame
    people: float
    team: int


def met(needed: Floats, owner: Ints, there: Floats) -> Floats:
    """Hours that each account gets where its rep shares them by need, (n,): ``needed * min(1, there / all needed)``.

    Two accounts need 600 and 300 hours of a rep who has 600: they get 400 and 200.
    """
    total = np.bincount(owner, needed, len(there))
    part = np.minimum(1.0, np.divide(there, total, out=np.ones(len(there)), where=total > 0.0))
    return np.asarray(needed * part[owner])


def work(market: Market, team: Team, owner: Ints, behaviour: Behaviour) -> Work:
    """What the accounts need of those who have them, ``owner`` (n,), beside what these have."""
    accounts, reps = market.accounts, team.reps
    needed = hours_needed(accounts, reps, owner, behaviour, market.has_places)
    there = reps["hours"].to_numpy(np.float64) * WEEKS
    here = (planned(team) == 0) | (np.bincount(owner, minlength=len(reps)) > 0)
    territories = pd.DataFrame(
        {
            "rep": reps["id"].astype(str),
            "name": reps["name"].astype(str),
            "accounts": np.bincount(owner, minlength=len(reps)),
            "needed": np.bincount(owner, needed, len(reps)),
            "there": there,
        }
    )[here].reset_index(drop=True)
    territories["part"] = territories["there"] / territories["needed"].where(territories["needed"] > 0)
    table = pd.DataFrame({"needed": needed, "met": met(needed, owner, there), "accounts": 1})
    segments = [
        _segments(table, accounts[cut].astype(str), _at_home(team, accounts, owner, cut), cut) for cut in SEGMENTS
    ]
    people = float(needed.sum() / np.median(there[here]))
    return Work(territories, pd.concat(segments, ignore_index=True), people, int(here.sum()))


def _at_home(team: Team, accounts: pd.DataFrame, owner: Ints, cut: str) -> np.ndarray:
    """Whether the rep of each account fits its segment, (n,)."""
    fit = {"region": team.fit_region, "industry": team.fit_industry, "product": team.fit_product}[cut]
    rows = fit.index.get_indexer(pd.Index(team.reps["id"]))[owner]
    columns = fit.columns.get_indexer(pd.Index(accounts[cut].astype(str)))
    return np.asarray(fit.to_numpy(np.float64)[rows, columns] >= GOOD_FIT)


def _segments(table: pd.DataFrame, segment: pd.Series, at_home: np.ndarray, cut: str) -> pd.DataFrame:
    """One row a segment, the one that lacks most hours first."""
    found = table.assign(home=table["needed"] * at_home).groupby(segment.to_numpy()).sum()
    found = found.assign(part=found["met"] / found["needed"], at_home=found["home"] / found["needed"])
    order = (found["met"] - found["needed"]).sort_values(kind="stable").index
    shown = found.loc[order].rename_axis("segment").reset_index()
    return shown.assign(cut=cut)[["cut", "segment", "accounts", "needed", "met", "part", "at_home"]]
