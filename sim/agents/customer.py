"""Customers: they order, open and move opportunities, are won, lost with a reason, and may leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import mesa

from sim.draws import DEAL, LEAVING, ORDER, QUICK, STAGE, four, gamma2, lognormal, poisson
from sim.elementary import as_whole
from sim.meeting import befall, hear, speak
from sim.rules.calling import felt
from sim.rules.fluid import falling_due, flow
from sim.rules.orders import cents, order_rate, rounded
from sim.rules.pipeline import loss_reason, opening_rate, win_chance
from sim.rules.relationship import faded
from sim.rules.response import fade, share_won
from sim.rules.status import churn_chance
from sim.world import CUSTOMER, LAPSED, REASONS

if TYPE_CHECKING:
    from sim.agents.rep import Rep
    from sim.mesa_engine import SalesYear

STATUS = ("prospect", "customer", "lapsed")


@dataclass
class Opportunity:
    """One open opportunity: the week and place it opened in, its stage and its size in cents.

    Stage 0 is the first; the number of stages stands for the lane of those that walk none.
    """

    opened: int
    ordinal: int
    stage: int
    cents: int


class Customer(mesa.Agent):  # type: ignore[misc]
    """An account: it orders, opens and moves opportunities, is won, lost with a reason, and may leave.

    ``row`` is its place in all columns, ``account`` its row in the world, ``key`` its permanent number;
    ``opportunities`` are open, oldest first.
    """

    model: SalesYear

    def __init__(self, model: SalesYear, row: int) -> None:
        super().__init__(model)
        self.row = row
        self.account = int(model.setting.rows[row])
        self.key = int(model.setting.accounts.key[row])
        self.opportunities: list[Opportunity] = []
        self.lost_reasons: list[str] = []

    @property
    def rep(self) -> Rep:
        """The rep who has this account."""
        rep: Rep = self.model.reps_by_row[self.model.state.owner[self.row]]
        return rep

    @property
    def potential(self) -> float:
        """What could be sold to it in a normal year, money."""
        return float(self.model.setting.accounts.potential[self.row])

    @property
    def goodwill(self) -> float:
        """Goodwill, 1 = well covered."""
        return float(self.model.state.goodwill[self.row])

    @property
    def relationship(self) -> float:
        """Relationship with its present rep, 0 to 1."""
        return float(self.model.state.relationship[self.row])

    @property
    def status(self) -> str:
        """prospect, customer or lapsed."""
        return STATUS[self.model.state.status[self.row]]

    @property
    def share(self) -> float:
        """Share of what is winnable that we win, from its goodwill now."""
        state, b, i = self.model.state, self.model.setting.behaviour, self.row
        return float(share_won(state.goodwill[i], b.share_floor, b.response_half, b.response_shape, state.pressure[i]))

    @property
    def called_lately(self) -> int:
        """1 where it was called lately, this week included: a call is fresh in mind for three weeks."""
        return 1 if self.model.state.since_call[self.row] < self.model.setting.behaviour.recent_weeks else 0

    @property
    def win_chance(self) -> float:
        """Chance of winning an opportunity that is decided now."""
        state, b, i = self.model.state, self.model.setting.behaviour, self.row
        from_effort = state.effort_odds[state.owner[i]]
        return float(
            win_chance(
                state.standing[i], from_effort, state.relationship[i], self.called_lately, state.pressure[i],
                b.win_relationship, b.win_recent_call,
            )
        )  # fmt: skip

    @property
    def openings(self) -> float:
        """Opportunities expected to open this week."""
        s, state, i = self.model.setting, self.model.state, self.row
        b = s.behaviour
        return float(
            opening_rate(
                state.opens[i], state.share[i], s.season[self.model.week],
                b.revival, state.before[i], state.fresh[i], b.repeat_share, state.relationship[i], b.order_loyalty,
            )
        )  # fmt: skip

    @property
    def deal_size(self) -> float:
        """Mean size of an opportunity that opens this year, money."""
        return float(self.model.state.mean_deal[self.row])

    def order(self) -> None:
        """Places this week's recurring orders, and writes down what was to be expected."""
        s, state, out, week, i = self.model.setting, self.model.state, self.model.out, self.model.week, self.row
        b, j = s.behaviour, state.owner[i]
        size = state.mean_order[i]
        state.share[i] = self.share
        state.success[i] = fade(state.success[i], b.success_memory)
        expected = 0.0
        if state.status[i] == CUSTOMER and size > 0.0:
            rate = order_rate(b.orders_a_year, s.season[week], state.share[i], state.relationship[i], b.order_loyalty)
            expected = rate * size
            count = poisson(self.model.luck[i, 1], rate)
            for ordinal in range(count):
                first, second, _, _ = four(s.seed, s.replication, ORDER, self.key, s.first_week + week, ordinal)
                value = as_whole(rounded(gamma2(first, second, size)))
                self.book(value)
                out.rep.order_revenue[week, j] += value
                out.account.order_revenue[i] += value
            out.rep.orders[week, j] += count
            out.account.orders[i] += count
        self.expect(expected)

    def expect(self, from_recurring: float) -> None:
        """Writes down the fluid shadow of the week: orders and wins expected, given the state."""
        s, state, out, week, i = self.model.setting, self.model.state, self.model.out, self.model.week, self.row
        j = state.owner[i]
        won = self.due(1.0 - state.discount[j]) * self.win_chance
        from_orders, from_wins = rounded(from_recurring), rounded(won)
        listed = self.due(1.0) * self.win_chance
        given = cents(listed * state.discount[j] * (1.0 - s.accounts.margin[i]))
        self.move_on(state.closing[j], self.openings * self.deal_size)
        out.account.fluid_orders[i] += as_whole(from_orders)
        out.account.fluid_won[i] += as_whole(from_wins)
        out.rep.fluid_sales[week, j] += as_whole(from_orders + from_wins)
        out.rep.fluid_margin[week, j] += cents(0.01 * (from_orders + from_wins) * s.accounts.margin[i]) - given

    def due(self, price: float) -> float:
        """Expected money that is decided this week, at ``price``, 1 as listed."""
        state, b = self.model.state, self.model.setting.behaviour
        money, closing = state.open_money[:, self.row], state.closing[state.owner[self.row]] * price
        quick = money[b.stages] if self.model.has_quick_lane else 0.0
        return float(falling_due(money[b.stages - 1], closing, quick, b.quick_hazard * price))

    def move_on(self, closing: float, opened: float) -> None:
        """Moves its expected open money a week on; ``opened`` is the money that opens."""
        s, money, ready = self.model.setting, self.model.state.open_money[:, self.row], self.model.ready
        b, last = s.behaviour, s.behaviour.stages - 1
        for stage in range(last, -1, -1):
            leaving = closing if stage == last else s.leaves[stage]
            arrives = s.leaves[stage - 1] * s.goes_on[stage - 1] if stage else 0.0
            entering = money[stage - 1] * arrives if stage else opened * (1.0 - ready)
            money[stage] = flow(money[stage], leaving, entering)
        if self.model.has_quick_lane:
            money[b.stages] = flow(money[b.stages], b.quick_hazard, opened * ready)

    def speak(self) -> None:
        """Says of us what it thinks, as of last week's end."""
        speak(self.model.state, self.row)

    def hear(self) -> None:
        """Hears what its neighbours said, and takes it in."""
        hear(self.model.setting, self.model.state, self.row)

    def meet_event(self, event: int) -> None:
        """An event of this week concerns it."""
        befall(self.model.setting, self.model.state, event, self.row)

    def book(self, value: int) -> None:
        """Books an order of ``value`` cents with its margin, and it is felt."""
        s, state, out, i = self.model.setting, self.model.state, self.model.out, self.row
        state.success[i] += felt(0.01 * value, self.potential, s.behaviour.success_memory)
        out.rep.margin[self.model.week, state.owner[i]] += cents(0.01 * value * s.accounts.margin[i])

    def decide(self) -> None:
        """Moves its open opportunities, oldest first: on, won or lost; then opens new ones."""
        s = self.model.setting
        for opportunity in list(self.opportunities):
            moves, outcome, why = self.luck_of(opportunity)
            if opportunity.stage < s.behaviour.stages - 1:
                if moves < s.leaves[opportunity.stage]:
                    if outcome < s.goes_on[opportunity.stage]:
                        opportunity.stage += 1
                        self.model.moved[self.row] += 1
                    else:
                        self.lose(opportunity, why)
            elif moves < self.closing(opportunity):
                if outcome < self.win_chance:
                    self.win(opportunity)
                else:
                    self.lose(opportunity, why)
        self.open_new()

    def closing(self, opportunity: Opportunity) -> float:
        """Chance that an opportunity that walks no more stages is decided this week."""
        b = self.model.setting.behaviour
        return b.quick_hazard if opportunity.stage >= b.stages else float(self.model.state.closing[self.rep.row])

    def luck_of(self, opportunity: Opportunity) -> tuple[float, float, float]:
        """This week's three uniforms of an opportunity: does it move, how does it end, why is it lost."""
        s = self.model.setting
        index = opportunity.opened * 4096 + opportunity.ordinal
        drawn = four(s.seed, s.replication, STAGE, self.key, s.first_week + self.model.week, index)
        return drawn[0], drawn[1], drawn[2]

    def win(self, opportunity: Opportunity) -> None:
        """Buys: the opportunity is booked at its price less the discount; the first one makes it a customer."""
        s, state, out, week, i = self.model.setting, self.model.state, self.model.out, self.model.week, self.row
        j = state.owner[i]
        self.opportunities.remove(opportunity)
        given = cents(0.01 * opportunity.cents * state.discount[j])
        value = opportunity.cents - given
        state.success[i] += felt(0.01 * value, self.potential, s.behaviour.success_memory)
        out.rep.discounts[week, j] += given
        out.rep.margin[week, j] += cents(0.01 * opportunity.cents * s.accounts.margin[i]) - given
        out.rep.won[week, j] += 1
        out.rep.won_revenue[week, j] += value
        out.account.won[i] += 1
        out.account.won_revenue[i] += value
        if state.status[i] != CUSTOMER:
            state.status[i] = CUSTOMER
            out.rep.new_customers[week, j] += 1
            out.account.became_customer[i] += 1

    def why(self, u: float) -> int:
        """Why it says no as things stand now, as a place in REASONS."""
        s, state, i = self.model.setting, self.model.state, self.row
        b, j, lead = s.behaviour, state.owner[i], state.lead[i]
        return int(
            loss_reason(
                u, state.relationship[i], self.called_lately, state.effort[j], state.ability[j], state.fit[i],
                lead[0], lead[1], lead[2], lead[3], lead[4],
                b.win_ability, b.win_fit, b.win_relationship, b.win_recent_call, b.win_effort,
            )
        )  # fmt: skip

    def lose(self, opportunity: Opportunity, u: float) -> None:
        """Says no, for a reason."""
        out, i = self.model.out, self.row
        reason = REASONS[self.why(u)]
        self.opportunities.remove(opportunity)
        self.lost_reasons.append(reason)
        out.rep.lost[self.model.week, self.model.state.owner[i]] += 1
        out.account.lost[i] += 1
        getattr(out.account, f"lost_{reason}")[i] += 1

    def open_new(self) -> None:
        """Opens this week's new opportunities; they move from next week on."""
        s, out, week, i = self.model.setting, self.model.out, self.model.week, self.row
        count = poisson(self.model.luck[i, 2], self.openings)
        now = s.first_week + week
        for ordinal in range(count):
            size = four(s.seed, s.replication, DEAL, self.key, now, ordinal)[0]
            value = cents(lognormal(size, self.deal_size, s.behaviour.deal_cv))
            self.opportunities.append(Opportunity(now, ordinal, self.first_stage(now, ordinal), value))
        out.rep.opened[week, self.model.state.owner[i]] += count
        out.account.opened[i] += count

    def first_stage(self, opened: int, ordinal: int) -> int:
        """The stage that an opportunity opens in: none of the funnel's where the buyer is ready to decide."""
        s, b = self.model.setting, self.model.setting.behaviour
        if b.quick_share <= 0.0:
            return 0
        drawn = four(s.seed, s.replication, QUICK, self.key, opened, ordinal)
        return b.stages if drawn[0] < self.model.ready else 0

    def leave(self) -> None:
        """A customer may lapse, for a reason: sooner when it is neglected."""
        s, state, out, i = self.model.setting, self.model.state, self.model.out, self.row
        if state.status[i] == CUSTOMER:
            chance = churn_chance(s.behaviour.churn_a_year, self.goodwill, state.relationship[i])
            if self.model.luck[i, 3] - chance < 0.0:
                state.status[i] = LAPSED
                out.rep.churned[self.model.week, state.owner[i]] += 1
                out.account.churned[i] += 1
                drawn = four(s.seed, s.replication, LEAVING, self.key, s.first_week + self.model.week, 0)
                out.account.left_for[i] = 1 + self.why(drawn[0])

    def forget(self) -> None:
        """The week ends: goodwill, relationship and freshness fade."""
        state, b, i = self.model.state, self.model.setting.behaviour, self.row
        state.goodwill[i] = fade(state.goodwill[i], b.carry_over)
        state.relationship[i] = faded(state.relationship[i], b.relationship_fade)
        state.fresh[i] = fade(state.fresh[i], b.freshness_left)
        state.since_call[i] += 1.0
