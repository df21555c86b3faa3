"""The base model as a modeller would write it in Mesa: the yardstick that the engines are measured against.

Same equations and week as `sim`, in plain Python: agents with attributes, `shuffle_do`, a DataCollector, draws from
numpy's generator, no columns, no compiled rules, no keyed luck. Its means must agree with the engines' within Monte
Carlo error.
"""

from __future__ import annotations

import math
from typing import Any

import mesa
import numpy as np

from sim.world import BURN_IN, WEEKS, World


class Deal:
    """An open opportunity."""

    __slots__ = ("size", "stage")

    def __init__(self, size: float) -> None:
        self.size, self.stage = size, 0


class Account(mesa.Agent):
    """An account with everything it remembers."""

    def __init__(self, model: PlainYear, row: int) -> None:
        super().__init__(model)
        a, b, rng = model.world.accounts, model.b, model.rng
        self.potential = float(a.potential[row])
        self.order_size, self.deal_size = float(a.order_size[row]), float(a.deal_size[row])
        self.opening_rate, self.margin = float(a.opening_rate[row]), float(a.margin[row])
        self.full = float(a.need[row]) / 52.0 / (1.0 - b.carry_over)
        self.goodwill, self.relationship = self.full, 0.38 + 0.46 * rng.random()
        self.customer = rng.random() < 0.87
        self.belief = self.potential * math.exp(b.belief_error * rng.normal())
        self.success, self.since_call, self.shock = 0.6, 4.0, 1.0
        self.region = int(a.region[row])
        self.deals: list[Deal] = []
        self.open_money = [0.0] * b.stages
        self.rep: SalesRep
        self.hours = self.km = self.fit = self.booked = 0.0

    @property
    def share(self) -> float:
        b = self.model.b
        raised = (self.goodwill / self.full) ** b.response_shape
        return b.share_floor + (1.0 - b.share_floor) * raised / (b.response_half + raised)

    def win_chance(self) -> float:
        b, rep = self.model.b, self.rep
        logit = (
            math.log(b.win_odds / (1.0 - b.win_odds))
            + b.win_ability * math.log(rep.ability)
            + b.win_fit * math.log(self.fit)
            + b.win_relationship * (self.relationship - 0.5)
            + b.win_recent_call * (self.since_call < 3)
            + b.win_effort * math.log(rep.effort)
        )
        return 1.0 / (1.0 + math.exp(-logit))

    def respond(self) -> None:
        b, rng, rep = self.model.b, self.model.rng, self.rep
        share, demand, chance = self.share, self.model.demand, self.win_chance()
        self.booked = 0.0
        expected = 0.0
        if self.customer:
            rate = (
                b.orders_a_year / 52.0 * demand * min(1.0, share * (1.0 + b.order_loyalty * (self.relationship - 0.5)))
            )
            size = self.order_size * self.shock
            expected = rate * size
            for _ in range(rng.poisson(rate)):
                self.booked += rng.gamma(2.0, size / 2.0)
        closing = min(1.0, b.closing_hazard * rep.effort**b.closing_effort)
        for deal in list(self.deals):
            if deal.stage < b.stages - 1:
                if rng.random() < b.stage_hazard:
                    deal.stage += 1
            elif rng.random() < closing:
                self.deals.remove(deal)
                if rng.random() < chance:
                    self.booked += deal.size
                    rep.wins += 1
                    self.customer = True
        root = math.sqrt(self.shock)
        openings = self.opening_rate * root * share * demand
        for _ in range(rng.poisson(openings)):
            spread = math.log(1.0 + b.deal_cv**2)
            self.deals.append(Deal(self.deal_size * root * rng.lognormal(-spread / 2.0, math.sqrt(spread))))
        decided = self.open_money[-1] * closing
        self.open_money[-1] -= decided
        for stage in range(b.stages - 2, -1, -1):
            moving = self.open_money[stage] * b.stage_hazard
            self.open_money[stage] -= moving
            self.open_money[stage + 1] += moving
        self.open_money[0] += openings * self.deal_size * root
        rep.fluid += expected + decided * chance
        rep.sales += self.booked
        rep.margin += self.booked * self.margin
        if self.customer:
            lapse = b.churn_a_year / 52.0 * (0.5 + 0.5 / (self.goodwill / self.full + 0.5)) * (1.5 - self.relationship)
            self.customer = rng.random() >= lapse
        self.goodwill *= b.carry_over
        self.relationship -= b.relationship_fade * self.relationship
        self.success = b.success_memory * self.success + (1 - b.success_memory) * self.booked * 52 / self.potential
        self.since_call += 1.0


class SalesRep(mesa.Agent):
    """A rep that works for commission, as in the status quo."""

    def __init__(self, model: PlainYear, row: int) -> None:
        super().__init__(model)
        reps = model.world.reps
        self.ability, self.week_hours = float(reps.ability[row]), float(reps.hours[row])
        self.accounts: list[Account] = []
        self.effort = 1.0
        self.calls = self.wins = 0
        self.sales = self.margin = self.fluid = self.pace = 0.0

    def work(self) -> None:
        b, rng = self.model.b, self.model.rng
        benefit = b.drive + 0.5
        self.effort = min(b.effort_high, max(b.effort_low, max(benefit, 0.01) ** b.effort_response))
        quality = self.ability**b.quality_ability * self.effort**b.quality_effort
        ranked = []
        for account in self.accounts:
            before, after = account.goodwill / account.full, (account.goodwill + quality * account.fit) / account.full
            raised, more = before**b.response_shape, after**b.response_shape
            gain = more / (b.response_half + more) - raised / (b.response_half + raised)
            value = account.belief * (1.0 - b.share_floor) * gain
            comfort = b.comfort_base + account.relationship * account.success
            weight = (
                (value / account.hours) ** (1.0 - b.comfort_pull)
                * comfort**b.comfort_pull
                * math.exp(-b.distance_pull * account.km)
                * (1.0 + account.since_call) ** b.turn_pull
            )
            ranked.append((math.log(weight) / b.taste + rng.gumbel(), account))
        ranked.sort(key=lambda entry: entry[0], reverse=True)
        left = self.week_hours * self.effort
        for _, account in ranked:
            if account.hours > left:
                break
            left -= account.hours
            account.goodwill += quality * account.fit
            account.relationship += b.relationship_gain * (1.0 - account.relationship)
            account.belief = account.potential * (account.belief / account.potential) ** b.belief_left
            account.since_call = 0.0
            self.calls += 1
        self.pace = b.pace_memory * self.pace + (1.0 - b.pace_memory) * self.fluid
        self.fluid = 0.0


class PlainYear(mesa.Model):
    """The status quo of a world, played by plain agents."""

    def __init__(self, world: World, seed: int) -> None:
        super().__init__(rng=np.random.default_rng(seed))
        self.world, self.b = world, world.behaviour
        self.demand = 1.0
        self.week = 0
        reps = [SalesRep(self, row) for row in range(world.reps.key.size)]
        for row in range(world.accounts.key.size):
            account = Account(self, row)
            self._hand_over(account, row, reps)
        self.datacollector = mesa.DataCollector(
            model_reporters={"sales": lambda model: sum(rep.sales for rep in model.agents_by_type[SalesRep])},
            agenttype_reporters={
                SalesRep: {"sales": "sales", "margin": "margin", "calls": "calls", "wins": "wins", "effort": "effort"}
            },
        )

    def _hand_over(self, account: Account, row: int, reps: list[SalesRep]) -> None:
        w, b = self.world, self.b
        j = int(w.current[row])
        account.rep = reps[j]
        reps[j].accounts.append(account)
        if w.travel:
            account.km = math.hypot(w.accounts.x_km[row] - w.reps.x_km[j], w.accounts.y_km[row] - w.reps.y_km[j])
        account.hours = b.call_hours + 2.0 * b.road_factor * account.km / (b.road_speed * b.stops_a_trip)
        fits = (
            w.reps.fit_industry[j, w.accounts.industry[row]]
            * w.reps.fit_area[j, w.accounts.area[row]]
            * w.reps.fit_product[j, w.accounts.product[row]]
        )
        account.fit = min(1.3, max(0.7, float(fits)))

    def draw_year(self) -> None:
        """The yearly shocks of accounts and regions, each with mean 1."""
        b = self.b
        regions = self.rng.normal(size=int(self.world.accounts.region.max()) + 1)
        for account in self.agents_by_type[Account]:
            own, shared = b.account_shock * self.rng.normal(), b.region_shock * regions[account.region]
            account.shock = math.exp(own + shared - 0.5 * (b.account_shock**2 + b.region_shock**2))

    def step(self) -> None:
        """One week."""
        self.demand = float(self.world.season[self.week % WEEKS])
        self.agents_by_type[SalesRep].shuffle_do("work")
        self.agents_by_type[Account].shuffle_do("respond")
        self.datacollector.collect(self)
        self.week += 1


def year(world: World, seed: int, burn_in: int = BURN_IN) -> dict[str, float]:
    """Burn-in and one year; sales, calls and wins of that year."""
    model = PlainYear(world, seed)
    for _ in range(burn_in):
        model.step()
    before = _totals(model)
    model.draw_year()
    for _ in range(WEEKS):
        model.step()
    return {name: value - before[name] for name, value in _totals(model).items()}


def _totals(model: Any) -> dict[str, float]:
    reps = model.agents_by_type[SalesRep]
    return {name: float(sum(getattr(rep, name) for rep in reps)) for name in ("sales", "margin", "calls", "wins")}
