"""What decides a comparison and is not known: each with the ends between which it is tried, and what it changes.

The past stays what it was: today's territories, the estimates that maps and quotas were made on, relationships and open
opportunities on the first day. What is otherwise is the world from week 1 on, and it is for every plan alike. So a map
drawn on wrong estimates stays the map that was drawn, and an input at its default plays the stored years again, to the
bit.

Costs that no rep sees enter contribution linearly: nothing is played for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.metrics import changes_rep
from command.influence.headline import ends
from command.settings import parameters
from scenarios.levers import levers
from sim.behaviour import Behaviour
from sim.draws import WORTH, column, normals
from sim.parameter import declared
from sim.world import Floats, Plan, World

if TYPE_CHECKING:
    from analysis.played import Played
    from scenarios.build import Built
    from scenarios.schema import Scenario

Change = Callable[["Built", "Scenario", float, float], tuple[World, Plan]]
Slope = Callable[["Played"], Floats]

HANDED = "review.move_price"
ABOUT = {one.name: one.about for one in declared(Behaviour)}
PRIORITY = ("activity_priority", "hybrid", "from_file")  # goal policies that may count calls on priority accounts


@dataclass(frozen=True)
class Unknown:
    """One input: the key that declares it, its name in a sentence, its unit, its default and ends, its limits."""

    key: str
    words: str
    unit: str
    low: float
    default: float
    high: float
    limits: tuple[float, float]
    change: Change | None = None  # what is played
    slope: Slope | None = None  # of contribution, money a unit of the input, one value a year: nothing is played

    @property
    def ends(self) -> tuple[float, ...]:
        """The values at which it is tried first."""
        return tuple(value for value in (self.low, self.high) if value != self.default)


def unknowns(plans: Sequence[Played]) -> list[Unknown]:
    """The inputs that the plans of one comparison use; the first of ``plans`` says what is assumed of each."""
    scenario = plans[0].info["scenario"]
    behaviour, market, team = plans[0].info["behaviour"], scenario["market"], scenario["team"]
    each = [played.info["scenario"] for played in plans]
    moves = any(changes_rep(played).any() for played in plans)
    reviewed = any(one["review"]["name"] != "none" for one in each)
    hires = any(one["hiring"]["most"] for one in each)
    found = [
        _set("market.level", "what accounts ask for", 1.0, _asked_for),
        _set("market.estimate_error", "the error of potential estimates", _error(market), _estimates),
        _set("team.selling_share", "the selling part of hours", float(team["selling_share"]), _hours),
        _told("effort_response", "how effort answers to pay", behaviour),
        _told("carry_over", "goodwill left after a week", behaviour),
        _told("relationship_fade", "relationship lost in a week", behaviour),
    ]
    if market["name"] == "generated":
        part = float(behaviour["recurring_share"])
        if 0.0 < part < 1.0:
            found.append(_set("behaviour.recurring_share", "the recurring part of sales", part, _recurring))
    if any(one["goals"]["name"] in PRIORITY for one in each):
        found.append(_told("priority_pull", "the pull of a priority goal", behaviour))
    if "competitor" in str(scenario["events"]["happen"]):  # an unchanged lead counts nothing
        found.append(_told("rival_weight", "the weight of what competitors gain", behaviour))
    if moves or reviewed or hires:
        found.append(_told("relationship_kept", "relationship that survives a change of rep", behaviour))
    found += _costs(plans, moves, reviewed, hires)
    currency = str(plans[0].info["currency"])
    return [replace(one, unit=one.unit.replace("money", currency)) for one in found]


def _costs(plans: Sequence[Played], moves: bool, reviewed: bool, hires: bool) -> list[Unknown]:
    """What is paid, as it enters contribution: a slope a year."""
    each, team = [played.info["scenario"] for played in plans], plans[0].info["scenario"]["team"]
    found = []
    if team["ote"]:
        found.append(_cost("team.ote", "on-target pay of a rep", team["ote"], lambda p: _pay(p) / -team["ote"]))
    if plans[0].info["has_places"]:
        found.append(_cost("team.cost_per_km", "the cost of travel", team["cost_per_km"], _kilometres))
    if hires:
        found.append(_cost("team.overhead", "what else a rep costs", team["overhead"], lambda p: -_places(p)))
        price = max(one["hiring"]["price"] for one in each if one["hiring"]["most"])
        found.append(_cost("hiring.price", "the price of a hire", price, lambda p: -_count(p, "hired")))
    if reviewed:
        price = max(one["review"]["price"] for one in each if one["review"]["name"] != "none")
        found.append(_cost("review.price", "the price of a review", price, lambda p: -_count(p, "reviewed")))
    if moves:
        words, most = "the price of handing over an account", 2.0 * float(parameters()[HANDED].default)
        limits = (0.0, float("inf"))
        found.append(Unknown(HANDED, words, "money an account", 0.0, 0.0, most, limits, slope=_handed_over))
    return found


def _set(key: str, words: str, default: float, change: Change) -> Unknown:
    """An input that is declared under ``key``: from half to double its value here, inside its range."""
    about = parameters()[key].about
    low, high = ends(about, default)
    limits = float(about.low or 0.0), float("inf") if about.high is None else float(about.high)
    return Unknown(key, words, about.unit, low, default, high, limits, change)


def _told(name: str, words: str, behaviour: Mapping[str, Any]) -> Unknown:
    """A parameter of the behaviour that the years read."""
    return _set(f"behaviour.{name}", words, float(behaviour[name]), _behaves(name))


def _cost(key: str, words: str, default: float, slope: Slope) -> Unknown:
    about = parameters()[key].about
    usual, limits = float(default), (float(about.low or 0.0), float("inf"))
    low, high = ends(about, usual)
    return Unknown(key, words, about.unit, low, usual, high, limits, slope=slope)


def _error(market: Mapping[str, Any]) -> float:
    """How wrong estimates are taken to be; those of an export are the best that its sales allow, and off by nothing."""
    return float(market["estimate_error"]) if market["name"] == "generated" else 0.0


# What costs a unit more, in one year


def _pay(played: Played) -> Floats:
    """Money paid to reps."""
    return played.total("pay").to_numpy(np.float64) / 100.0


def _count(played: Played, column: str) -> Floats:
    """How often something happened, over weeks and reps."""
    often: Floats = played.weeks(column).sum(axis=(1, 2)).astype(np.float64)
    return often


def _places(played: Played) -> Floats:
    """Places of the team, each for as much of a year as it is there, added up over years in a row."""
    there: Floats = played.weeks("place").sum(axis=2).mean(axis=1) * float(played.years)
    return there


def _kilometres(played: Played) -> Floats:
    speed = played.reps["road_speed"].to_numpy(np.float64)
    way: Floats = -(played.sums("travel_hours") * speed).sum(axis=1)
    return way


def _handed_over(played: Played) -> Floats:
    return np.full(len(played.replications), -float(changes_rep(played).sum()))


# What is otherwise from week 1 on


def _asked_for(built: Built, scenario: Scenario, default: float, value: float) -> tuple[World, Plan]:
    """All accounts ask for so many times what was estimated."""
    factor = np.full(built.world.accounts.key.size, value / default)
    return built.world.each(lambda world: _worth(world, factor)), built.plan


def _estimates(built: Built, scenario: Scenario, default: float, value: float) -> tuple[World, Plan]:
    """The truth lies elsewhere around the same estimates: ``P' = E * exp(-error * z)`` with each account's own z, by
    which a generated market's estimates were drawn. All accounts together ask for what they did.
    """
    accounts = built.world.accounts
    z = normals(column(scenario.market.seed, WORTH, 1, accounts.key))
    factor = np.exp((default - value) * z)
    factor *= accounts.potential.sum() / (factor * accounts.potential).sum()
    return built.world.each(lambda world: _worth(world, factor, scenario.market.need_exponent)), built.plan


def _worth(world: World, factor: Floats, need: float = 0.0) -> World:
    """Accounts that ask for ``factor`` (n,) times as much: half of it in the number of opportunities, half in their
    size, as everywhere. Calls that cover them follow by the exponent ``need``; all together stay as many.
    """
    a, root = world.accounts, np.sqrt(factor)
    calls = a.need * factor**need
    more = a._replace(
        potential=a.potential * factor,
        order_size=a.order_size * factor,
        opening_rate=a.opening_rate * root,
        deal_size=a.deal_size * root,
        need=calls * (a.need.sum() / calls.sum()),
    )
    return replace(world, accounts=more)


def _hours(built: Built, scenario: Scenario, default: float, value: float) -> tuple[World, Plan]:
    def longer(world: World) -> World:
        return replace(world, reps=world.reps._replace(hours=world.reps.hours * (value / default)))

    return built.world.each(longer), built.plan


def _recurring(built: Built, scenario: Scenario, default: float, value: float) -> tuple[World, Plan]:
    """As much is asked for, more of it as orders and less as opportunities, or the other way round."""
    orders, deals = value / default, (1.0 - value) / (1.0 - default)

    def mixed(world: World) -> World:
        a = world.accounts
        mix = a._replace(order_size=a.order_size * orders, deal_size=a.deal_size * deals)
        return replace(world, accounts=mix, behaviour=world.behaviour._replace(recurring_share=value))

    return built.world.each(mixed), built.plan


def _behaves(name: str) -> Change:
    """A parameter at another value; where a fit leaves it open, each of its draws moves by as much."""

    def change(built: Built, scenario: Scenario, default: float, value: float) -> tuple[World, Plan]:
        low, high = float(ABOUT[name].low or 0.0), float(ABOUT[name].high or np.inf)

        def other(behaviour: Behaviour) -> Behaviour:
            before = float(getattr(behaviour, name))
            after = before * (value / default) if default else before + value
            return behaviour._replace(**{name: min(max(after, low), high)})  # type: ignore[arg-type]

        world = built.world.each(lambda one: replace(one, behaviour=other(one.behaviour)))
        plan, known = built.plan, [world.behaviour, *(one.behaviour for one in world.drawn)]
        if plan.levers.behaviour is not None:
            changed = [levers(scenario.crm, scenario.process, one) for one in known]
            plan = replace(plan, levers=changed[0], drawn=tuple(changed[1:]))
        return world, plan

    return change
