"""From a scenario to what the simulation plays, top to bottom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from scenarios.channels import channels
from scenarios.events import dated_events
from scenarios.goals import goal_policy
from scenarios.growth import entered, growth
from scenarios.hiring.places import filled_up, first_places, staffed, with_places
from scenarios.levers import call_length, levers
from scenarios.market import Drawn, Market
from scenarios.pay import pay_plan
from scenarios.problems import InputError
from scenarios.schema import HiringOptions, MarketOptions, Scenario, TeamOptions, TerritoryOptions
from scenarios.team import Team, alike, planned
from scenarios.territory import assign, staying
from scenarios.watch import watched
from scenarios.word import heard
from sim.behaviour import Behaviour
from sim.world import CRITERIA, Accounts, Floats, Ints, Plan, Reps, World


@dataclass(frozen=True)
class Built:
    """A scenario ready to play, with the market and team it was made from."""

    world: World
    plan: Plan
    market: Market
    team: Team
    behaviour: Behaviour


def build(scenario: Scenario, owner: Ints | None = None) -> Built:
    """Market and team, the world they make, and the plan on it.

    ``owner`` (n,), rows of the team, stands in for the design where it was drawn before: a stored plan is what it was,
    even if the file that it came from is another one now. Raises InputError with every problem of the planner's files.
    """
    if scenario.team.ote + scenario.team.overhead <= 0.0:
        raise InputError(["team.ote and team.overhead are both 0: what costs nothing has no ROI; set one of them"])
    market, team, behaviour = market_and_team(scenario)
    if scenario.hiring.most > len(market.accounts):
        raise InputError([f"hiring.most: {scenario.hiring.most} people for {len(market.accounts)} accounts"])
    reps, whole = len(team.reps), with_places(team, market, scenario.hiring)
    world = _world(scenario.market, scenario.team, scenario.behaviour, scenario.hiring.most)
    hired = first_places(scenario.hiring, reps)
    if owner is None:
        # A file may be another one next time; what is computed stays, for the goals and pay plans that share it.
        design = _design.__wrapped__ if scenario.territory.file or scenario.territory.adjacency else _design
        begins = HiringOptions(most=len(hired), first=len(hired))
        owner = design(scenario.market, scenario.team, scenario.behaviour, scenario.territory, begins)
    drawn, shorter = owner, call_length(scenario.crm)
    known = [behaviour, *(one.behaviour for one in market.drawn)]
    goals, events, changed, called, reviewed = _all(
        lambda: goal_policy(scenario.goals, whole),
        lambda: dated_events(scenario.events, market, team, scenario.years),
        lambda: [levers(scenario.crm, scenario.process, one) for one in known],
        lambda: channels(scenario.channels, market, whole, drawn, behaviour, shorter),
        lambda: watched(scenario, market, whole, drawn, behaviour),
    )
    plan = Plan(
        owner=drawn,
        goals=goals,
        pay=pay_plan(scenario.pay, scenario.team.ote),
        events=events,
        levers=changed[0],
        drawn=tuple(changed[1:]),
        channels=called,
        review=reviewed,
        hired=hired,
        years=scenario.years,
    )
    return Built(world, plan, market, whole, behaviour)


def _all(*steps: Callable[[], Any]) -> list[Any]:
    """What each step makes. Raises InputError with the problems of all of them."""
    made: list[Any] = []
    problems: list[str] = []
    for step in steps:
        try:
            made.append(step())
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return made


def market_and_team(scenario: Scenario) -> tuple[Market, Team, Behaviour]:
    """The market and its team, made or imported, and the behaviour with what the import refitted."""
    return _market_and_team(scenario.market, scenario.team, scenario.behaviour)


@lru_cache(maxsize=4)
def _market_and_team(market: MarketOptions, team: TeamOptions, behaviour: Behaviour) -> tuple[Market, Team, Behaviour]:
    if market.name == "crm":
        from scenarios.crm import load

        return load(market, team, behaviour)
    from scenarios.generator import generate

    return (*generate(market, team, behaviour), behaviour)


@lru_cache(maxsize=4)
def _world(market: MarketOptions, team: TeamOptions, behaviour: Behaviour, most_hired: int) -> World:
    made, people, resolved = _market_and_team(market, team, behaviour)
    people = with_places(people, made, HiringOptions(most=most_hired))
    grown = replace(
        make_world(made, people, resolved, market.seed),
        growth=growth(market.growth, made),
        entered=entered(market.entry, made),
    )
    return replace(grown, drawn=tuple(_as_drawn(grown, one) for one in made.drawn))


def _as_drawn(world: World, drawn: Drawn) -> World:
    """The world as one of the markets that it may as well be has it."""
    columns: dict[str, Any] = {str(name): _floats(drawn.accounts, str(name)) for name in drawn.accounts}
    accounts = world.accounts._replace(**columns)
    ability = world.reps.ability.copy()  # of those who may come nothing is known
    ability[: len(drawn.ability)] = drawn.ability
    reps = world.reps._replace(ability=ability)
    return replace(world, accounts=accounts, reps=reps, behaviour=drawn.behaviour)


@lru_cache(maxsize=16)
def _design(
    market: MarketOptions, team: TeamOptions, behaviour: Behaviour, territory: TerritoryOptions, hiring: HiringOptions
) -> Ints:
    """Drawn for the team and for those who begin with the plan."""
    made, people, resolved = _market_and_team(market, team, behaviour)
    begins = staffed(people, made, hiring)
    owner = assign(made, begins, territory, resolved, market.seed)
    if not hiring.first:
        return owner
    owner = filled_up(owner, made, begins, resolved, staying(made, begins, territory))
    without = int((np.bincount(owner, minlength=len(begins.reps))[len(people.reps) :] == 0).sum())
    if without:
        told = f"{without} of {hiring.first} new reps would get no accounts; hire fewer, or let more accounts move"
        raise InputError([f"hiring: {told}"])
    return owner


def make_world(market: Market, team: Team, behaviour: Behaviour, seed: int) -> World:
    """The frozen arrays of a market and its team; rows in rising order of key, words turned into numbers."""
    a, r = market.accounts, team.reps
    industries, regions, products = (
        list(table.columns) for table in (team.fit_industry, team.fit_region, team.fit_product)
    )
    accounts = Accounts(
        key=a["key"].to_numpy(np.int64, copy=True),
        potential=_floats(a, "potential"),
        belief=_floats(a, "estimated_potential"),
        need=_floats(a, "need"),
        order_size=_floats(a, "order_size"),
        opening_rate=_floats(a, "opening_rate"),
        deal_size=_floats(a, "deal_size"),
        win_logit=_floats(a, "win_logit"),
        margin=_floats(a, "margin"),
        x_km=_floats(a, "x_km"),
        y_km=_floats(a, "y_km"),
        region=a["cell"].to_numpy(np.int64, copy=True),
        industry=_codes(a["industry"], industries),
        area=_codes(a["region"], regions),
        product=_codes(a["product"], products),
        lead=np.ascontiguousarray(a[[f"lead_{criterion}" for criterion in CRITERIA]].to_numpy(np.float64)),
        priority=a["priority"].to_numpy().astype(np.int64),
    )
    reps = Reps(
        key=r["key"].to_numpy(np.int64, copy=True),
        x_km=_floats(r, "x_km"),
        y_km=_floats(r, "y_km"),
        ability=_floats(r, "ability"),
        hours=_floats(r, "hours"),
        fit_industry=_table(team.fit_industry, r["id"]),
        fit_area=_table(team.fit_region, r["id"]),
        fit_product=_table(team.fit_product, r["id"]),
        alike=alike(market, team),
        planned=planned(team),
    )
    current = _codes(a["current_rep"], list(r["id"]))
    season = np.array(market.season, dtype=np.float64)
    return World(accounts, reps, behaviour, season, current, seed, market.has_places, heard(market, behaviour))


def _floats(table: pd.DataFrame, column: str) -> Floats:
    return table[column].to_numpy(np.float64, copy=True)


def _codes(words: pd.Series, valid: list[str]) -> Ints:
    codes = pd.Index(valid).get_indexer(pd.Index(words))
    if (codes < 0).any():
        missing = sorted(set(words[codes < 0]))
        raise ValueError(
            f"{words.name}: {', '.join(map(str, missing[:5]))} not among {', '.join(map(str, valid[:10]))}"
        )
    return codes.astype(np.int64)


def _table(fit: pd.DataFrame, ids: pd.Series) -> Floats:
    return np.ascontiguousarray(fit.loc[list(ids)].to_numpy(np.float64))
