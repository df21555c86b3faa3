"""Agents that tell what happens to them: the events of one account's or one rep's year, week by week."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.agents import Customer, Opportunity, Rep
from sim.rules.effort import bonus_pull, drive_left, gap, patience_left, spread_ahead, weigh_activity
from sim.rules.response import reach_gained
from sim.world import REASONS

if TYPE_CHECKING:
    from sim.mesa_engine import SalesYear


class Event(NamedTuple):
    """Something that happened: the week (from 1), what, and its numbers by name (money in cents)."""

    week: int
    what: str
    numbers: dict[str, float]


class TellingCustomer(Customer):
    """A customer that keeps its story: calls, orders, opportunities opened, moved, won and lost, and leaving."""

    def __init__(self, model: SalesYear, row: int) -> None:
        super().__init__(model, row)
        self.story: list[Event] = []

    def tell(self, what: str, **numbers: float) -> None:
        """Adds an event of this week."""
        self.story.append(Event(self.model.week + 1, what, numbers))

    def called_by(self, rep: Rep, before: float) -> None:
        """Is told of a call, and why the rep came: what the rep saw in it."""
        state, b, i = self.model.state, self.model.setting.behaviour, self.row
        gain = reach_gained(before, rep.adds(self), b.response_half, b.response_shape, state.pressure[i])
        self.tell(
            "called",
            weeks_since=state.since_call[i],
            value=100.0 * state.belief[i] * (1.0 - b.share_floor) * gain,
            comfort=b.comfort_base + state.relationship[i] * state.success[i],
            goodwill=self.goodwill,
        )

    def order(self) -> None:
        """Orders, and tells."""
        account, i = self.model.out.account, self.row
        before = account.orders[i], account.order_revenue[i]
        super().order()
        if account.orders[i] > before[0]:
            self.tell("ordered", orders=account.orders[i] - before[0], cents=account.order_revenue[i] - before[1])

    def decide(self) -> None:
        """Decides, and tells what moved."""
        before = [(opportunity, opportunity.stage) for opportunity in self.opportunities]
        super().decide()
        for opportunity, stage in before:
            if opportunity.stage > stage:
                self.tell("moved on", cents=opportunity.cents, stage=opportunity.stage + 1)

    def win(self, opportunity: Opportunity) -> None:
        """Buys, and tells."""
        self.tell("won", cents=opportunity.cents, chance=self.win_chance, weeks=self._age(opportunity))
        super().win(opportunity)

    def lose(self, opportunity: Opportunity, u: float) -> None:
        """Says no, and tells why."""
        super().lose(opportunity, u)
        self.tell(f"lost for {self.lost_reasons[-1]}", cents=opportunity.cents, weeks=self._age(opportunity))

    def open_new(self) -> None:
        """Opens opportunities, and tells."""
        known = len(self.opportunities)
        super().open_new()
        for opportunity in self.opportunities[known:]:
            self.tell("opened", cents=opportunity.cents)

    def leave(self) -> None:
        """May lapse, and tells."""
        before = self.status
        super().leave()
        if self.status != before:
            why = REASONS[int(self.model.out.account.left_for[self.row]) - 1]
            self.tell(f"lapsed for {why}", goodwill=self.goodwill, relationship=self.relationship)

    def _age(self, opportunity: Opportunity) -> int:
        return self.model.setting.first_week + self.model.week - opportunity.opened


class TellingRep(Rep):
    """A rep that keeps its story: each week's effort with what made it, and its calls."""

    def __init__(self, model: SalesYear, row: int) -> None:
        super().__init__(model, row)
        self.story: list[Event] = []

    def call(self, customer: Customer) -> None:
        """Calls; a customer that keeps its story is told why."""
        if isinstance(customer, TellingCustomer):
            before = float(self.model.state.goodwill[customer.row])
            customer.called_by(self, before)
        super().call(customer)

    def set_effort(self) -> None:
        """Chooses effort, and tells what made it."""
        super().set_effort()
        s, state, week, j = self.model.setting, self.model.state, self.model.week, self.row
        b = s.behaviour
        numbers = {
            "effort": self.effort,
            "quality": float(state.quality[j]),
            "chance": float(state.chance[j]),
            "drive": b.drive,
            "commission": s.pay.commission,
            "activity": float(weigh_activity(s.activity[j], state.goal_rate[j], b.activity_reward, b.luck_of_activity)),
        }
        quota = self.quota
        if quota > 0.0:
            left, ahead = float(s.period_end[week] - s.period_start[week]), float(s.period_end[week] - week)
            numbers["drive"] = float(drive_left(b.drive, b.discouragement, state.chance[j]))
            numbers["attainment"] = self.sold / quota
            if self.sold >= quota:
                numbers["commission"] = s.pay.over
            else:
                spread = spread_ahead(ahead, b.luck_of_week, b.luck_of_pace)
                pace = max(state.pace[j], 0.05 * quota / left)
                z = gap(quota, self.sold, pace, ahead, spread)
                numbers["bonus"] = float(bonus_pull(s.pay.bonus, left, z, spread) * patience_left(b.patience, ahead))
        self.story.append(Event(week + 1, "effort", numbers))
