"""A year as single events, as a CRM would have them on record: calls, orders, opportunities with their stages."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from sim.agents import Customer, Opportunity, Rep
from sim.look import open_year
from sim.mesa_engine import SalesYear
from sim.world import WEEKS, World


class Call(NamedTuple):
    """A rep's call on an account: the week of the year (from 0), rows of the world, and hours without the way."""

    week: int
    account: int
    rep: int
    hours: float


class Order(NamedTuple):
    """A recurring order: the week of the year, rows of the world, which one of account and week it is, and cents."""

    week: int
    account: int
    rep: int
    ordinal: int
    cents: int


@dataclass
class Deal:
    """An opportunity: when it opened (week of the year, below 0 before it), whose it is, and what became of it.

    ``cents`` is what was paid for it where it was won, its listed value otherwise; ``moves`` are the stages that it
    came to this year, with the week; ``reason`` is why it was lost. ``stage`` counts
    from 0, and is the number of stages for one that walks none.
    """

    account: int
    rep: int
    opened: int
    ordinal: int
    stage: int
    cents: int
    closed: int = -1
    won: bool = False
    reason: str = ""
    moves: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class Ledger:
    """Everything that happened, in the order it did; ``year`` is the Mesa model, played to its end."""

    calls: list[Call] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    deals: dict[tuple[int, int, int], Deal] = field(default_factory=dict)  # by account, week and place of opening
    year: SalesYear | None = None


class _Booking(SalesYear):
    """The year's model with a ledger that its agents write into."""

    ledger: Ledger


class BookingCustomer(Customer):
    """A customer whose orders and opportunities go on record."""

    model: _Booking
    ordered = 0  # orders of this week so far

    def order(self) -> None:
        """Orders; each one is booked on its own."""
        self.ordered = 0
        super().order()

    def book(self, value: int) -> None:
        """Books an order, and records it."""
        super().book(value)
        entry = Order(self.model.week, self.account, self.rep.row, self.ordered, int(value))
        self.model.ledger.orders.append(entry)
        self.ordered += 1

    def decide(self) -> None:
        """Decides, and records what came to another stage."""
        before = [(opportunity, opportunity.stage) for opportunity in self.opportunities]
        for opportunity in self.opportunities:
            self.deal(opportunity)
        super().decide()
        for opportunity, stage in before:
            if opportunity.stage > stage:
                self.deal(opportunity).moves.append((opportunity.stage, self.model.week))
        for opportunity in self.opportunities:
            self.deal(opportunity).stage = opportunity.stage

    def deal(self, opportunity: Opportunity) -> Deal:
        """The record of an opportunity; a new one where there is none yet."""
        opened = opportunity.opened - self.model.setting.first_week
        key = (self.account, opened, opportunity.ordinal)
        made = Deal(self.account, self.rep.row, opened, opportunity.ordinal, opportunity.stage, opportunity.cents)
        return self.model.ledger.deals.setdefault(key, made)

    def win(self, opportunity: Opportunity) -> None:
        """Buys, and records what was paid."""
        deal, account = self.deal(opportunity), self.model.out.account
        before = account.won_revenue[self.row]
        super().win(opportunity)
        deal.cents = int(account.won_revenue[self.row] - before)
        deal.closed, deal.won, deal.rep = self.model.week, True, self.rep.row

    def lose(self, opportunity: Opportunity, u: float) -> None:
        """Says no, and records why."""
        super().lose(opportunity, u)
        deal = self.deal(opportunity)
        deal.closed, deal.reason, deal.rep = self.model.week, self.lost_reasons[-1], self.rep.row


class BookingRep(Rep):
    """A rep whose calls go on record."""

    model: _Booking

    def call(self, customer: Customer) -> None:
        """Calls, and records it."""
        super().call(customer)
        hours = float(self.model.setting.channels.hours[self.model.setting.channels.of[customer.row]])
        self.model.ledger.calls.append(Call(self.model.week, customer.account, self.row, hours))


def keep_books(world: World, plan: object, replication: int = 0, weeks: int = WEEKS) -> Ledger:
    """Plays the first ``weeks`` of a plan's year with agents that record; it is the very year that a sweep plays."""
    everybody = dict.fromkeys(range(world.reps.key.size), BookingRep)
    accounts = dict.fromkeys(range(world.accounts.key.size), BookingCustomer)
    for doublings in count():
        year = open_year(world, plan, replication, everybody, accounts, doublings)  # type: ignore[arg-type]
        ledger = Ledger()
        year.ledger = ledger
        try:
            while year.week < weeks:
                year.step()
            year.close_deals()
            break
        except MemoryError:
            continue
    for customer in year.customers_by_row:
        for opportunity in customer.opportunities:
            customer.deal(opportunity)
    ledger.year = year
    return ledger
