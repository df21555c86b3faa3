"""A rep's book of business: the accounts, the work in them, what came and went, and how likely the goals are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cuts import QUARTERS, names, quarter_of_potential
from analysis.explanation.moves import expected_margin, mean_over_years
from analysis.metrics import attainment_by_rep, first_team
from analysis.played import Played
from sim.world import WEEKS

NEGLECTED = 0.5  # of the calls that an account needs: who gets fewer is neglected
LEFT_ALONE = 0.75  # the same for accounts in the upper half of the market's estimated potential, whose price is told


class Goal(NamedTuple):
    """One goal of a rep: a yearly quota in money, or an activity goal in calls a week, and what came of it.

    ``goal`` is its mean over the years (it follows each year's past); ``typical``, ``low`` and ``high`` are what was
    reached as a share of it (median, P10, P90); ``reached`` is the share of years in which it was.
    """

    kind: str
    goal: float
    typical: float
    low: float
    high: float
    reached: float


@dataclass(frozen=True)
class Book:
    """One rep's book in a plan.

    ``accounts``, the largest potential first: id, name, city, industry, from_name (empty where it stays), potential
    (estimated), quarter (of the whole market's), priority, relationship (0 to 1, before week 1, with the rep who had
    it), revenue (last year's), open_pipeline, need and calls (a year; what it needs and what it is expected to get),
    call_worth, neglected, more_calls and more_hours that it lacks, and ``leaving``, ``leaving_low`` and
    ``leaving_high`` (mean, P10, P90): the margin a year that it brings less for lacking them.
    ``gave``: id, name, to_name, potential, revenue.
    """

    rep: str
    name: str
    accounts: pd.DataFrame
    gave: pd.DataFrame
    hours_needed: float  # a year, travel included
    hours_there: float
    goals: tuple[Goal, ...]

    @property
    def new(self) -> pd.DataFrame:
        """The accounts that come from others."""
        return self.accounts[self.accounts["from_name"] != ""]

    @property
    def left_alone(self) -> pd.DataFrame:
        """Those in the two quarters of most estimated potential that get fewer than LEFT_ALONE of their calls."""
        of = self.accounts
        short = of["more_calls"] * of["call_worth"] > (1 - LEFT_ALONE) * of["need"]
        return of[of["quarter"].isin(QUARTERS[:2]) & short]

    @property
    def neglected(self) -> pd.DataFrame:
        """Those that are expected to get fewer than half of the calls they need."""
        return self.accounts[self.accounts["neglected"]]


def books(plan: Played, today: Played, counts_priority_only: bool, covered: NDArray[np.float64]) -> list[Book]:
    """The book of everybody who is there when the plan begins, in the team's order.

    ``counts_priority_only`` says which calls an activity goal counts; ``covered`` (n,) is how much more each account is
    expected to buy, as a share, once it gets all the calls it needs.
    """
    table = _accounts(plan, today, covered)
    needed = plan.accounts["hours_needed"].to_numpy(float)
    goals = _goals(plan, counts_priority_only)
    made = []
    there = first_team(plan)
    for row, (rep, name, hours) in enumerate(plan.reps[["id", "name", "hours"]].itertuples(index=False, name=None)):
        if str(rep) not in there:
            continue
        mine = (table["rep"] == str(rep)).to_numpy()
        gone = table[(table["was"] == str(rep)) & ~mine]
        made.append(
            Book(
                rep=str(rep),
                name=str(name),
                accounts=table[mine].drop(columns=["rep", "was", "to_name", "key"]).reset_index(drop=True),
                gave=gone[["id", "name", "to_name", "potential", "revenue"]].reset_index(drop=True),
                hours_needed=float(needed[np.asarray(table.index)[mine]].sum()),
                hours_there=float(hours) * WEEKS,
                goals=tuple(goal[row] for goal in goals if goal[row].goal > 0),
            )
        )
    return made


def _accounts(plan: Played, today: Played, covered: NDArray[np.float64]) -> pd.DataFrame:
    """All accounts with both reps, the largest potential first; the index is their row in the plan."""
    accounts, called = plan.accounts, names(plan)
    rep, was = accounts["rep"].astype(str), today.accounts["rep"].astype(str)
    need, calls = accounts["need"].astype(float), mean_over_years(plan, "calls")
    worth = accounts["call_worth"].astype(float) if "call_worth" in accounts else 1.0  # of a call; a visit: 1
    neglected = calls * worth < NEGLECTED * need
    missing = ((need - calls * worth) / worth).clip(lower=0.0)
    left = expected_margin(plan) * covered
    low, high = np.quantile(left, (0.1, 0.9), axis=0)
    table = pd.DataFrame(
        {
            "id": accounts["id"].astype(str),
            "name": accounts["name"].astype(str),
            "city": accounts["city"].fillna("").astype(str),
            "industry": accounts["industry"].astype(str),
            "from_name": was.map(called).where(was != rep, ""),
            "to_name": rep.map(called),
            "potential": accounts["estimated_potential"].astype(float),
            "quarter": quarter_of_potential(accounts.assign(potential=accounts["estimated_potential"])),
            "priority": accounts["priority"].astype(bool),
            "relationship": mean_over_years(plan, "relationship_start"),
            "revenue": mean_over_years(plan, "sales_last_year") / 100,
            "open_pipeline": mean_over_years(plan, "open_value_start") / 100,
            "need": need,
            "calls": calls,
            "call_worth": worth,
            "neglected": neglected,
            "more_calls": missing,
            "more_hours": missing * accounts["hours_a_call"].astype(float),
            "leaving": left.mean(axis=0),
            "leaving_low": low,
            "leaving_high": high,
            "rep": rep,
            "was": was,
            "key": accounts["key"],
        }
    )
    return table.sort_values(["potential", "key"], ascending=[False, True])


def _goals(plan: Played, counts_priority_only: bool) -> list[list[Goal]]:
    """Quota and activity goal of every rep; one of 0 is none."""
    attained = attainment_by_rep(plan).to_numpy()
    calls = plan.sums("priority_calls" if counts_priority_only else "calls") / plan.weeks("calls").shape[1]
    activity = plan.goals("activity_goal")
    of = np.where(activity > 0, activity, np.nan)
    which = "calls on priority accounts a week" if counts_priority_only else "calls a week"
    return [_each("quota", plan.goals("quota"), attained), _each(which, activity, calls / of)]


def _each(kind: str, goals: NDArray[np.float64], shares: NDArray[np.float64]) -> list[Goal]:
    """One goal a rep, from (replications, m) goals and the shares of them that were reached."""
    made = []
    for goal, share in zip(goals.T, shares.T, strict=True):
        known = share[np.isfinite(share)]
        if known.size:
            low, typical, high = np.quantile(known, (0.1, 0.5, 0.9)).tolist()
            made.append(Goal(kind, float(goal.mean()), typical, low, high, float((known >= 1).mean())))
        else:
            made.append(Goal(kind, 0.0, 0.0, 0.0, 0.0, 0.0))
    return made
