"""Patterns of territories: what redrawing them is worth, and how little of that is balance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from command.validation.lab import Lab, Readings, fluid, no_goals
from scenarios.build import make_world
from scenarios.earning.known import known
from scenarios.earning.outlook import outlook
from scenarios.generator.reps import team as team_of
from scenarios.neighbours import nearest_reps
from scenarios.schema import TerritoryOptions
from scenarios.territory import assign
from scenarios.territory.asking import request
from scenarios.territory.optimised import climbed
from scenarios.territory.together import grouped, kept_together
from sim.world import WEEKS, Floats, Ints, Plan, World
from sim.year import Played, burn_in, play_year

UNITS, WITHIN = "city", 0.30  # what the best map is made of, and how far a workload may be from the mean
CVS = (0.25, 0.5)  # of workload, at which theory is held against play
TEAMS = (0.6, 0.8, 1.0, 1.2, 1.4)  # sizes of the team over today's: 6 to 14 reps where there are 10
GOLDEN_ANGLE = np.pi * (3.0 - np.sqrt(5.0))  # however many turns by it there are, they spread over the circle


def redesign(lab: Lab) -> Readings:
    """Pattern 6: what the step from today's map to a balanced one brings in the long run (Zoltners & Sinha 2005).

    All reps have ability 1, and every map has a burn-in of its own: nobody changes rep. The gain has two parts, each
    played alone: *balance* is the new ownership with every account as far from its rep as today, *travel* is today's
    ownership with every account as far from its rep as in the new map.
    """
    world = lab.of_equals()
    new = lab.drawn("balanced")
    today = lab.long_run(world, world.current)
    km_today, km_new = kilometres(world, world.current), kilometres(world, new)
    balanced = {
        "total gain, per cent": lab.long_run(world, new),
        "balance alone, per cent": lab.long_run(at_distance(world, new, km_today), new),
        "travel alone, per cent": lab.long_run(at_distance(world, world.current, km_new), world.current),
    }
    return {name: 100.0 * (sales / today - 1.0) for name, sales in balanced.items()}


def balance_is_second_order(lab: Lab) -> Readings:
    """Pattern 7: unequal territories lose about ``e * (1 - e) * CV**2 / 2`` of sales, e the selling elasticity.

    Computed, not published. Where sales of an account grow with the hours it gets to the power of e, a rep with n like
    accounts and the same hours as every other sells ``n * (1 / n)**e = n**(1 - e)``. The mean of that falls short of
    equal territories by the formula, to second order in the spread of n; worked: e = 0.34 and a CV of 0.5 cost
    0.34 * 0.66 * 0.25 / 2 = 2.8 %. So the world is made to fit the question (`alike`), territories differ in how many
    accounts they have, and e is that of the same world with equal territories and hours 10 % up and down, over the
    hours used: calls are whole.
    """
    world = alike(lab)
    n, m = world.current.size, world.reps.key.size
    even = replace(world, current=shared(n, m, 0.0))
    equal = fluid(lab.year(even))
    more, less = (lab.year(lab.with_hours(factor, even)) for factor in (1.1, 0.9))
    e = np.log(fluid(more).mean() / fluid(less).mean()) / np.log(_hours_used(more) / _hours_used(less))
    readings = {}
    for cv in CVS:
        owner = shared(n, m, cv)
        accounts = np.bincount(owner, minlength=m)
        theory = 0.5 * e * (1.0 - e) * (accounts.std() / accounts.mean()) ** 2
        readings[f"loss over theory at a workload CV of {cv}"] = (1.0 - lab.long_run(world, owner) / equal) / theory
    return readings


def best_map(lab: Lab) -> Readings:
    """Pattern 8: the map that earns most is not the balanced one (Skiera & Albers 1998).

    Both maps are of whole cities, as theirs are of sales coverage units: what is sought is a map, not the best rep for
    each single account. From the balanced one a local search climbs on contribution in the long run, with abilities and
    potentials known and workloads within 30 % of the mean, or no farther off than they are. Both are played, each with
    a burn-in of its own.
    """
    balanced = lab.drawn("balanced", keep_together=UNITS)
    options = TerritoryOptions(tolerance=WITHIN, keep_together=UNITS)
    unit = kept_together(lab.market, lab.team, options)
    sure = lab.market.accounts.assign(estimated_potential=lab.market.accounts["potential"])
    market = replace(lab.market, accounts=sure)
    units = grouped(market, unit)
    asked = request(units, lab.team, options, lab.behaviour, "distance", lab.scenario.market.seed)
    ahead = outlook(known(market, lab.team, lab.behaviour), lab.base.current, settled=True, unit=unit)
    best = climbed(ahead, asked, balanced[np.unique(unit, return_index=True)[1]]).owner[unit]
    gain = lab.contribution(lab.base, best) / lab.contribution(lab.base, balanced) - 1.0
    potential = np.bincount(best, weights=lab.base.accounts.potential, minlength=lab.base.reps.key.size)
    return {
        "contribution over the balanced map, per cent": 100.0 * gain,
        "variation of potential": np.full(gain.size, potential.std() / potential.mean()),
    }


def flat_optimum(lab: Lab) -> Readings:
    """Pattern 21: a quarter more or fewer reps than the best number costs little (Sinha & Zoltners 2001).

    One market, with the needs it was made with, and teams of 0.6 to 1.4 times today's number. Each has homes placed as
    the generator places them, ability and fit 1, a balanced map and a burn-in of its own: what differs is how many they
    are and how far they drive. Expected margin over ln n is fitted by a parabola M(n). A rep costs what makes today's
    number N the best, M'(N); so n reps contribute ``M(n) - n * M'(N)``, and the loss is what that falls short of N
    reps' contribution. All of it in each replication, which has luck and homes of its own: some numbers of reps happen
    to be placed well and others badly, and on one placement alone that bends the curve as much as response does.
    """
    today = lab.base.reps.key.size
    sizes = np.unique(np.rint(np.array(TEAMS) * today).astype(np.int64))
    margins = np.array(lab.each(lambda replication: [_margin(lab, int(size), replication) for size in sizes]))
    curve = np.polynomial.polynomial.polyfit(np.log(sizes / today), margins.T, 2)  # (3, replications)
    return {
        "contribution lost with 25 % fewer reps, per cent": loss(curve, 0.75),
        "contribution lost with 25 % more reps, per cent": loss(curve, 1.25),
    }


def loss(curve: Floats, part: float) -> Floats:
    """Per cent of contribution lost with ``part`` of the best number of reps, where M = a + b ln part + c ln**2 part.

    ``curve`` is (a, b, c), each a number or one a replication. The best number together costs its slope b, so it
    contributes a - b. Worked: M = 100 + 30 ln part, half of them: 100 - 30 * 0.6931 - 15 = 64.21 of 70 are left.

    >>> round(float(loss(np.array([100.0, 30.0, 0.0]), 0.5)), 2)
    8.28
    """
    a, b, c = curve
    made = a + b * np.log(part) + c * np.log(part) ** 2 - part * b
    lost: Floats = 100.0 * (1.0 - made / (a - b))
    return lost


def with_team(lab: Lab, reps: int, turn: float = 0.0) -> World:
    """The market with a team of so many equals, who live where the generator has them live, under a balanced map.

    The land is turned by ``turn``, radians, which changes no distance, but where the generator begins to place homes.
    """
    seed, today = lab.scenario.market.seed, lab.market.accounts
    x, y = today["x_km"], today["y_km"]
    turned = today.assign(x_km=x * np.cos(turn) - y * np.sin(turn), y_km=x * np.sin(turn) + y * np.cos(turn))
    options = replace(lab.scenario.team, reps=reps, ability_spread=0.0, fit_spread=0.0)
    team = team_of(options, seed, turned)
    nearest = nearest_reps(turned, team.reps, 1)[0][:, 0]  # whoever had the accounts before is not in this team
    market = replace(lab.market, accounts=turned.assign(current_rep=team.reps["id"].to_numpy()[nearest]))
    owner = assign(market, team, TerritoryOptions("balanced"), lab.behaviour, seed)
    return replace(make_world(market, team, lab.behaviour, seed), current=owner)


def kilometres(world: World, owner: Ints) -> Floats:
    """Distance of each account from its rep's home, km: (n,)."""
    a, r = world.accounts, world.reps
    km: Floats = np.hypot(a.x_km - r.x_km[owner], a.y_km - r.y_km[owner])
    return km


def at_distance(world: World, owner: Ints, km: Floats) -> World:
    """The world with every account ``km`` (n,) east of the home of its rep: of a place a year asks nothing but that.

    The yearly shock of its cell, its sales region and industry stay what they are.
    """
    a, r = world.accounts, world.reps
    return replace(world, accounts=a._replace(x_km=r.x_km[owner] + km, y_km=r.y_km[owner].copy()))


def alike(lab: Lab) -> World:
    """A world in which territories can differ in nothing but the number of their accounts.

    Every account is the market's mean account, every rep has ability and fit 1, no call takes a journey and no year
    strays from what is normal. Reps have the hours that an even share of the calls needed takes: without journeys
    their hours of before would cover everything to excess, where another call brings little.
    """
    base = lab.of_equals()
    a, r, b = base.accounts, base.reps, base.behaviour
    means = {
        name: np.full_like(getattr(a, name), getattr(a, name).mean())
        for name in ("potential", "belief", "need", "order_size", "opening_rate", "deal_size", "win_logit", "margin")
    }
    ones = {name: np.ones_like(getattr(r, name)) for name in ("fit_industry", "fit_area", "fit_product")}
    hours = a.need.sum() * b.call_hours / WEEKS / r.key.size
    return replace(
        base,
        accounts=a._replace(**means, lead=np.zeros_like(a.lead)),
        reps=r._replace(**ones, hours=np.full_like(r.hours, hours)),
        behaviour=b._replace(account_shock=0.0, region_shock=0.0),
        travel=False,
    )


def shared(accounts: int, reps: int, cv: float) -> Ints:
    """Owner of each account, (n,): half of the reps have ``cv`` more than their even share of accounts, half less.

    A rep too many for halves has an even share. So the coefficient of variation is ``cv`` but for whole accounts.

    >>> np.bincount(shared(40, 4, 0.5)).tolist(), np.bincount(shared(40, 4, 0.0)).tolist()
    ([5, 15, 5, 15], [10, 10, 10, 10])
    """
    weight = np.ones(reps)
    even = reps // 2 * 2
    weight[:even:2] -= cv * np.sqrt(reps / even)
    weight[1:even:2] += cv * np.sqrt(reps / even)
    ends = np.rint(np.cumsum(weight) / reps * accounts)
    return np.searchsorted(ends, np.arange(accounts), side="right").astype(np.int64)


def _margin(lab: Lab, reps: int, replication: int) -> float:
    """Expected margin of a year with a team of so many in the long run, money; homes are the replication's own."""
    world = with_team(lab, reps, replication * GOLDEN_ANGLE)
    plan = Plan(np.array(world.current), no_goals, lab.pay)
    played = play_year(world, plan, replication, burn_in(world, replication))
    return float(played.out.rep.fluid_margin.sum()) / 100.0


def _hours_used(played: list[Played]) -> float:
    """Hours of all reps that calls were made in, over all replications."""
    return sum(float(p.out.rep.hours.sum()) for p in played)
