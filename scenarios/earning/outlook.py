"""What plans are expected to earn in one market: years of territories, and what an account would bring elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenarios.earning.known import Known
from scenarios.earning.year import Accounts, Book, blank_book, fresh_accounts, keep, play
from sim.behaviour import lanes
from sim.world import BURN_IN, WEEKS, Floats, Ints

ROOM = 2  # times all accounts: those that may come to a territory are asked about together with its own
AN_HOUR = 0.5  # hours a week by which the worth of an hour is measured


@dataclass(frozen=True)
class Outlook:
    """A market at the beginning of the plan's year, as it is expected to be.

    ``settled``: nothing is handed over and every territory is played until it is at rest before its year is counted
    (the long run). Else accounts start as today's territories leave them, and a change of rep costs what it costs.
    """

    known: Known
    today: Ints  # (n,) row of today's rep
    start: Accounts
    ahead: int  # weeks played before the year that counts
    book: Book
    unit: Ints | None = None  # (n,) which accounts stay together; who is asked about then are units, not accounts

    def accounts(self, units: Ints) -> Ints:
        """Rows of the accounts of these units, rising."""
        return units if self.unit is None else np.flatnonzero(np.isin(self.unit, units))

    @property
    def weeks(self) -> int:
        """Weeks played for a territory's year."""
        return self.ahead + WEEKS


@dataclass(frozen=True)
class Territory:
    """One rep's accounts and the year expected of them."""

    rep: int
    members: Ints  # units, rising
    earned: float  # margin less travel, money
    bar: Floats  # (weeks,)


def outlook(known: Known, today: Ints, settled: bool = False, unit: Ints | None = None) -> Outlook:
    """Plays two years of ``today``'s territories in means, as the burn-in does.

    ``settled`` and ``unit`` as in `Outlook`.
    """
    n, rows = len(known.accounts), lanes(known.behaviour)
    guess = fresh_accounts(n, rows)
    nobody = np.full(n, -1, dtype=np.int64)
    if settled:
        return Outlook(known, nobody, guess, BURN_IN, blank_book(ROOM * n, rows), unit)
    begins, book = fresh_accounts(n, rows), blank_book(ROOM * n, rows)
    for j in range(len(known.hours)):
        members = np.flatnonzero(today == j)
        play(known, guess, nobody, members, j, 0.0, 0, np.zeros(BURN_IN), False, book)
        keep(members, book, begins)
    return Outlook(known, today, begins, 0, book, unit)


def territory(market: Outlook, rep: int, members: Ints, more: float = 0.0) -> Territory:
    """The year of ``rep`` with the units ``members`` (rising), with ``more`` hours a week."""
    bar, rows = np.zeros(market.weeks), market.accounts(members)
    earned = play(market.known, market.start, market.today, rows, rep, more, market.ahead, bar, False, market.book)
    return Territory(rep, members, earned, bar)


def territories(market: Outlook, owner: Ints) -> list[Territory]:
    """The years of all territories."""
    return [territory(market, j, np.flatnonzero(owner == j)) for j in range(len(market.known.hours))]


def hour_worth(market: Outlook, one: Territory) -> float:
    """What one more hour of a rep would earn, money: by how much more half an hour a week brings."""
    more = territory(market, one.rep, one.members, AN_HOUR)
    return (more.earned - one.earned) / (AN_HOUR * WEEKS)


def each_worth(market: Outlook, one: Territory, an_hour: float, asked: Ints) -> Floats:
    """What each of the units ``asked`` would bring in a territory, money, less the worth of the hours it would take.

    As if the territory's bar stayed: nearly right for one account among many, and cheap for all of them at once.
    """
    bar, rows = one.bar.copy(), market.accounts(asked)
    play(market.known, market.start, market.today, rows, one.rep, 0.0, market.ahead, bar, True, market.book)
    places = slice(0, len(rows))
    worth: Floats = market.book.earned[places] - an_hour * market.book.spent[places]
    if market.unit is not None:
        summed = np.bincount(market.unit[rows], weights=worth, minlength=int(market.unit.max()) + 1)
        return np.asarray(summed[asked])
    return worth
