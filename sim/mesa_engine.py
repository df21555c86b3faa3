"""The year as a Mesa model: the same week, played by agents one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import mesa
import numpy as np

from sim.agents import Customer, Opportunity, Rep
from sim.agents.planner import Planner
from sim.draws import WEEKLY, four
from sim.meeting import lend_hours
from sim.rule import loop
from sim.rules.rhythm import in_month, month_of_quarter, ready_share
from sim.setting import Out, Setting
from sim.state import State
from sim.watch import watch, watched
from sim.week import ACCOUNT_STEPS, LAST_STEPS, NEWS_STEPS, REP_STEPS
from sim.world import LEAVES, Ints


@loop
def _weekly_luck(seed: int, replication: int, week: int, key: np.ndarray, luck: np.ndarray) -> None:
    """The four uniforms of every account for one week, into ``luck`` (n, 4)."""
    for i in range(key.size):
        luck[i, 0], luck[i, 1], luck[i, 2], luck[i, 3] = four(seed, replication, WEEKLY, key[i], week, 0)


class SalesYear(mesa.Model):  # type: ignore[misc]
    """One replication of one plan's year: reps and customers over the columns of a state.

    ``week`` counts from 0. ``reps`` and ``customers`` are Mesa AgentSets; ``step`` plays one week in the order of
    `sim.week`. ``rep_types`` and ``customer_types`` give single agents, by row of the world, a class of their own.
    Mesa's random numbers are never used: all luck is keyed.
    """

    def __init__(
        self,
        setting: Setting,
        state: State,
        out: Out,
        rep_types: Mapping[int, type[Rep]] | None = None,
        customer_types: Mapping[int, type[Customer]] | None = None,
    ) -> None:
        super().__init__(rng=np.random.default_rng(0))
        self.setting, self.state, self.out = setting, state, out
        self.week = setting.begin
        self.planner: Planner | None = None  # who holds reviews, where a year is looked at from its beginning
        self.luck = np.empty((setting.accounts.key.size, 4))
        self.moved = np.zeros(setting.accounts.key.size, dtype=np.int64)
        self.reps_by_row = [(rep_types or {}).get(row, Rep)(self, row) for row in range(setting.reps.key.size)]
        self.customers_by_row = [
            (customer_types or {}).get(int(setting.rows[row]), Customer)(self, row)
            for row in range(setting.accounts.key.size)
        ]
        for customer in self.customers_by_row:
            self.reps_by_row[state.owner[customer.row]].customers.append(customer)
        self._open_deals()

    @property
    def reps(self) -> Any:
        """All reps."""
        return self.agents.select(agent_type=Rep)

    @property
    def customers(self) -> Any:
        """All customers."""
        return self.agents.select(agent_type=Customer)

    def customer(self, account: int) -> Customer:
        """The customer in that row of the world."""
        return next(customer for customer in self.customers_by_row if customer.account == account)

    @property
    def weeks(self) -> int:
        """The week after the last that is played."""
        return self.setting.weeks

    @property
    def pace(self) -> float:
        """What this week's month makes of the chance that an opportunity in the last stage is decided."""
        b = self.setting.behaviour
        return float(in_month(month_of_quarter(self.week), b.first_month_pace, 1.0, b.last_month_pace))

    @property
    def ready(self) -> float:
        """Part of what opens this week that the buyer is ready to decide."""
        b = self.setting.behaviour
        return float(ready_share(b.quick_share, b.first_month_quick, month_of_quarter(self.week)))

    @property
    def odds(self) -> float:
        """What this week's month adds to the log-odds of winning."""
        b = self.setting.behaviour
        return float(in_month(month_of_quarter(self.week), b.first_month_odds, 0.0, b.last_month_odds))

    @property
    def has_quick_lane(self) -> bool:
        """Whether some opportunities walk no stages: their expected money stands after the last stage's."""
        return len(self.state.open_money) > self.setting.behaviour.stages

    def step(self) -> None:
        """Plays one week."""
        if self.planner is not None:
            self.planner.hold_review()
        s = self.setting
        _weekly_luck(s.seed, s.replication, s.first_week + self.week, s.accounts.key, self.luck)
        self.moved[:] = 0
        self.meet()
        for name in REP_STEPS:
            self._do(self.reps_by_row, name)
        self._look(before=True)
        for name in ACCOUNT_STEPS:
            self._do(self.customers_by_row, name)
        self._look(before=False)
        for name in LAST_STEPS:
            self._do(self.reps_by_row, name)
        self.week += 1

    def meet(self) -> None:
        """What comes before a week: reps who leave or come, news from neighbours, events of this date."""
        s, state = self.setting, self.state
        if len(s.colleagues):
            gone = int(state.gone.sum()) / int(state.seat.sum())
            for rep in self.reps_by_row:
                rep.stay_or_go(gone)
            lend_hours(s, state)
        if len(s.neighbours):
            for name in NEWS_STEPS:
                self._do(self.customers_by_row, name)
        for event in np.flatnonzero((s.events.week == self.week) & (s.events.what != LEAVES)):
            for row in np.flatnonzero(s.events.concerns[event]):
                self.customers_by_row[row].meet_event(int(event))

    def play(self) -> None:
        """Plays all weeks that are left, and writes open opportunities back into the columns."""
        while self.week < self.weeks:
            self.step()
        self.close_deals()

    def rearrange(self, setting: Setting, state: State, out: Out, came_from: Ints) -> None:
        """Goes on with accounts that lie anew, (n,) by where each one lay: with their reps of now."""
        self.setting, self.state, self.out = setting, state, out
        self.customers_by_row = [self.customers_by_row[place] for place in came_from]
        for rep in self.reps_by_row:
            rep.customers = []
        for row, customer in enumerate(self.customers_by_row):
            customer.row, customer.opportunities = row, []
            customer.rep.customers.append(customer)
        self._open_deals()

    @staticmethod
    def _do(agents: Sequence[Rep] | Sequence[Customer], name: str) -> None:
        for agent in agents:
            getattr(agent, name)()

    def _look(self, before: bool) -> None:
        seen = self.out.account_week
        if not seen.called.shape[0]:
            return
        for i, customer in enumerate(self.customers_by_row):
            if before:
                watch(self.setting, self.state, self.out, self.week, i)
            else:
                watched(self.state, self.out, self.week, i, self.moved[i])
                seen.open[self.week, i] = len(customer.opportunities)

    def _open_deals(self) -> None:
        state = self.state
        columns = (state.deal_opened, state.deal_ordinal, state.deal_stage, state.deal_cents)
        for first, count in zip(state.deals_from, state.deals, strict=False):
            for d in range(first, first + count):
                self.customers_by_row[state.deal_row[d]].opportunities.append(
                    Opportunity(*(int(c[d]) for c in columns))
                )

    def close_deals(self) -> None:
        """Writes open opportunities into the columns; MemoryError where these have no room for all."""
        state = self.state
        for rep in self.reps_by_row:
            rows = [(o.opened, c.row, o.ordinal, o.stage, o.cents) for c in rep.customers for o in c.opportunities]
            first, end = state.deals_from[rep.row], state.deals_from[rep.row + 1]
            if len(rows) > end - first:
                raise MemoryError("more open opportunities than the columns hold")
            for d, (opened, row, ordinal, stage, cents) in enumerate(sorted(rows), first):
                state.deal_row[d], state.deal_opened[d], state.deal_ordinal[d] = row, opened, ordinal
                state.deal_key[d] = self.customers_by_row[row].key
                state.deal_stage[d], state.deal_cents[d] = stage, cents
            state.deals[rep.row] = len(rows)


def play_weeks(setting: Setting, state: State, out: Out) -> bool:
    """Plays all weeks with agents; False where the columns of open opportunities have no room for what is left."""
    model = SalesYear(setting, state, out)
    try:
        model.play()
    except MemoryError:
        return False
    finally:
        model.remove_all_agents()
    return True
