"""Reps: they choose effort and calls, make them, and are paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from sim.meeting import stay_or_go
from sim.rules.calling import believed, call_key, call_value, comfort, goal_bend, log_weight
from sim.rules.effort import effort, held_back, quality, smoothed, weigh_activity, weigh_quota
from sim.rules.orders import cents
from sim.rules.pay import week_pay
from sim.rules.pipeline import closing_chance, effort_odds
from sim.rules.relationship import deepened
from sim.rules.response import fade, reach_gained
from sim.rules.timing import discount, next_period, timed

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.mesa_engine import SalesYear

STATUS = ("prospect", "customer", "lapsed")


class Rep(mesa.Agent):  # type: ignore[misc]
    """A sales rep: chooses effort, then calls, makes them, and is paid.

    ``row`` is its place in all columns, ``key`` its permanent number; ``customers`` are its accounts by key.
    """

    model: SalesYear

    def __init__(self, model: SalesYear, row: int) -> None:
        super().__init__(model)
        self.row = row
        self.key = int(model.setting.reps.key[row])
        self.customers: list[Customer] = []
        self.calls: list[Customer] = []  # of this week, in the order made

    @property
    def effort(self) -> float:
        """Effort of this week, 1 = normal."""
        return float(self.model.state.effort[self.row])

    @property
    def quota(self) -> float:
        """Quota of the present goal period, money; 0 = none."""
        s = self.model.setting
        return float(s.quota[self.row] * s.period_share[self.model.week])

    @property
    def sold(self) -> float:
        """Sales so far in the goal period, money."""
        return float(self.model.state.sold[self.row] / 100.0)

    @property
    def hours(self) -> float:
        """Hours for calls and travel this week."""
        return float(self.model.state.time[self.row] * self.model.state.effort[self.row])

    def stay_or_go(self, gone: float) -> None:
        """Leaves or stays; an empty place may be taken. ``gone`` is the part of the team that left this year."""
        stay_or_go(self.model.setting, self.model.state, self.model.out, self.model.week, self.row, gone)

    def set_effort(self) -> None:
        """Chooses effort for the week from what it brings (commission, bonus, activity goal), and how it closes."""
        s, state, out, week, j = self.model.setting, self.model.state, self.model.out, self.model.week, self.row
        b = s.behaviour
        left = float(s.period_end[week] - s.period_start[week])
        ahead = float(s.period_end[week] - week)
        drive, paid, chance, lost_to_rush = weigh_quota(
            self.quota, self.sold, state.pace[j], left, ahead,
            s.pay.commission, s.pay.over, s.pay.bonus, s.pay.cap, b.patience,
            b.drive, b.discouragement, b.luck_of_week, b.luck_of_pace, b.rush,
        )  # fmt: skip
        benefit = drive + paid - held_back(s.ratchet, chance)
        benefit += weigh_activity(s.activity[j], state.goal_rate[j], b.activity_reward, b.luck_of_activity)
        state.effort[j] = effort(benefit, b.effort_response, b.effort_low, b.effort_high)
        if self.away:  # who helps out works as usual
            state.effort[j] = 1.0
            lost_to_rush = 0.0
        state.quality[j] = quality(
            state.ability[j], b.quality_ability, state.effort[j], b.quality_effort, state.ramp[j], lost_to_rush
        )
        state.chance[j] = chance
        state.discount[j] = discount(paid, s.pay.commission, s.pay.authority)
        state.effort_odds[j] = effort_odds(state.effort[j], b.win_effort) + b.win_discount * state.discount[j]
        state.effort_odds[j] += self.model.odds
        hazard = self.hazard(paid, left, ahead) * self.model.pace
        state.closing[j] = closing_chance(hazard, state.effort[j], b.closing_effort)
        out.rep.effort[week, j] = state.effort[j]
        out.rep.quality[week, j] = state.quality[j]
        out.rep.chance[week, j] = chance
        out.rep.pace[week, j] = 100.0 * state.pace[j]

    @property
    def away(self) -> bool:
        """Whether nobody holds the place."""
        return bool(self.model.state.vacancy[self.row] > 0)

    def hazard(self, paid: float, left: float, ahead: float) -> float:
        """Chance that a deal in the last stage is decided at effort 1; near a period's end moved by what it pays.

        ``paid`` is what a sale adds to pay now, ``left`` and ``ahead`` are weeks of the period and to its end.
        """
        s = self.model.setting
        b = s.behaviour
        if b.timing <= 0.0 or self.quota <= 0.0 or ahead > b.timing_weeks:
            return b.closing_hazard
        later = next_period(
            self.quota, self.model.state.pace[self.row], s.pay.commission, s.pay.bonus, left,
            b.luck_of_week, b.luck_of_pace, b.patience,
        )  # fmt: skip
        return float(b.closing_hazard * timed(paid, later, b.timing))

    def adds(self, customer: Customer) -> float:
        """What one call of this week adds to a customer's goodwill."""
        state, i = self.model.state, customer.row
        return float(state.quality[self.row] * state.fit[i] * state.a_call[i])

    def pull(self, customer: Customer) -> float:
        """How strongly a customer draws this week's next call."""
        s, state, j, i = self.model.setting, self.model.state, self.row, customer.row
        b = s.behaviour
        goal = 1 if s.activity[j] > 0.0 else 0
        bend = goal_bend(
            state.hours[i],
            s.accounts.priority[i],
            goal * s.counts_any,
            goal * (1 - s.counts_any),
            b.cheap_pull,
            b.priority_pull,
        )
        adds = self.adds(customer)
        gained = reach_gained(state.goodwill[i], adds, b.response_half, b.response_shape, state.pressure[i])
        value = call_value(state.belief[i], b.share_floor, gained)
        pleasant = comfort(b.comfort_base, state.relationship[i], state.success[i])
        draw = log_weight(
            value, state.hours[i], pleasant, state.km[i], state.since_call[i],
            b.comfort_pull, b.distance_pull, b.turn_pull,
        )  # fmt: skip
        return float(call_key(draw + bend, b.taste, self.model.luck[i, 0]))

    def choose_calls(self) -> list[Customer]:
        """Ranks its customers by their pull and takes them until the next call does not fit the week's hours."""
        ranked = sorted(self.customers, key=lambda customer: (-self.pull(customer), customer.row))
        left = self.hours
        chosen = []
        for customer in ranked:
            hours = self.model.state.hours[customer.row]
            if hours > left:
                break
            left -= hours
            chosen.append(customer)
        return chosen

    def make_calls(self) -> None:
        """Makes the calls it has chosen."""
        self.calls = self.choose_calls()
        for customer in self.calls:
            self.call(customer)

    def call(self, customer: Customer) -> None:
        """Calls one customer: goodwill and relationship rise, and it learns about the customer's potential."""
        s, state, out, week, j, i = (
            self.model.setting, self.model.state, self.model.out, self.model.week, self.row, customer.row,
        )  # fmt: skip
        b, channel = s.behaviour, s.channels.of[i]
        state.goodwill[i] += self.adds(customer)
        state.relationship[i] = deepened(state.relationship[i], b.relationship_gain * s.channels.bond[channel])
        state.belief_error[i] = fade(state.belief_error[i], b.belief_left)
        state.belief[i] = believed(s.accounts.potential[i], state.belief_error[i])
        state.since_call[i] = 0.0
        out.rep.calls[week, j] += 1
        out.rep.priority_calls[week, j] += s.accounts.priority[i]
        out.rep.hours[week, j] += state.hours[i]
        out.rep.travel_hours[week, j] += state.hours[i] - s.channels.hours[channel]
        if s.counts_any or s.accounts.priority[i]:
            state.counted[j] += s.channels.counts[channel]
        out.account.calls[i] += 1
        out.account.hours[i] += state.hours[i]

    def close_week(self) -> None:
        """Books the week: pay, pace and rates."""
        s, state, out, week, j = self.model.setting, self.model.state, self.model.out, self.model.week, self.row
        b, quota = s.behaviour, self.quota
        ends = 1 if week + 1 == s.period_end[week] else 0
        booked = out.rep.order_revenue[week, j] + out.rep.won_revenue[week, j]
        counted = state.counted[j]
        earned = week_pay(
            booked / 100.0, self.sold, quota, state.first_pace[j], ends, s.period_share[week],
            s.activity[j], float(counted), s.pay.commission, s.pay.over, s.pay.bonus, s.pay.cap,
            b.activity_reward, s.pay.ote,
        )  # fmt: skip
        state.sold[j] += booked
        if quota > 0.0:
            out.rep.attainment[week, j] = state.sold[j] / 100.0 / quota
        if ends:
            state.missed[j] = state.missed[j] + 1 if self.sold < quota else 0
            state.sold[j] = 0
        out.rep.pay[week, j] = 0 if self.away else cents(earned)
        state.paid[j] += out.rep.pay[week, j]
        out.rep.place[week, j] = state.seat[j]
        state.pace[j] = smoothed(state.pace[j], out.rep.fluid_sales[week, j] / 100.0 / s.usual[week], b.pace_memory)
        state.call_rate[j] = smoothed(state.call_rate[j], out.rep.calls[week, j] / state.effort[j], b.pace_memory)
        state.goal_rate[j] = smoothed(state.goal_rate[j], counted / state.effort[j], b.pace_memory)
        state.counted[j] = 0
