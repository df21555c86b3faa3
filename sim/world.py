"""What a year needs, as frozen arrays: the contract between who builds worlds and who plays them.

Accounts are rows in rising order of ``key``, reps too; both keys are permanent and all luck hangs on them.
Everything was checked at the door: the engines trust it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.behaviour import Behaviour

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WEEKS = 52
YEAR_OF_PLAN = 2  # years 0 and 1 are the burn-in
BURN_IN = YEAR_OF_PLAN * WEEKS
PROSPECT, CUSTOMER, LAPSED = 0, 1, 2
REASONS = ("neglect", "price", "positioning", "reviews", "use_case", "quality", "fit", "timing")
NOBODY = 2**31  # weeks until somebody takes a place that is not there
NEIGHBOURS = 4  # accounts that each one hears from
CRITERIA = ("positioning", "price", "reviews", "use_case", "quality")


class Accounts(NamedTuple):
    """One row an account, n rows in rising order of key; money in the market's currency."""

    key: Ints  # permanent number, 0 <= key < 2**32
    potential: Floats  # what could be sold to it in a normal year, from us and competitors, money a year
    belief: Floats  # potential as planners estimate it, money a year
    need: Floats  # calls a year that cover it well
    order_size: Floats  # mean of one recurring order, money
    opening_rate: Floats  # opportunities a week at full share
    deal_size: Floats  # mean of one opportunity, money
    win_logit: Floats  # what industry and product add to the log-odds of winning
    margin: Floats  # gross margin, 0 to 1
    x_km: Floats  # place; zeros where the world has no places
    y_km: Floats
    region: Ints  # cell that shares a yearly shock
    industry: Ints
    area: Ints  # sales region, for fit
    product: Ints
    lead: Floats  # (n, 5) competitors' score minus ours on CRITERIA, -1 to 1
    priority: Ints  # 1 for the top fifth by planners' belief


class Reps(NamedTuple):
    """One row a rep, m rows in rising order of key."""

    key: Ints  # permanent number
    x_km: Floats  # home
    y_km: Floats
    ability: Floats  # 1 is average
    hours: Floats  # selling and travel hours a week at normal effort
    fit_industry: Floats  # (m, industries), 1 is average
    fit_area: Floats  # (m, areas)
    fit_product: Floats  # (m, products)
    alike: Floats  # (m, m) how much two reps' industries and regions are the same, 0 to 1
    planned: Ints  # 1 where the place is there only once a plan has hired somebody for it


@dataclass(frozen=True, eq=False)
class World:
    """A market, its team and how they behave; the same for every plan.

    ``season`` (52,) has mean 1. ``current`` (n,) gives today's rep of each account as a row of ``reps``; it
    is played through the burn-in. ``seed`` keys all luck, together with the replication. ``neighbours`` (n, 4) are
    the accounts that each one hears from, as rows; no rows where nobody listens. ``growth`` (n,) is what each account
    asks for in a year over the year before; no rows where nothing grows. ``entered`` (n,) is 1 for accounts that the
    firm has never sold to before the plan begins; no rows where there are none. ``drawn`` are worlds of the same
    accounts and reps that this one may as well be, for all that is known of it: what planners see is this one, what is
    played are those.
    """

    accounts: Accounts
    reps: Reps
    behaviour: Behaviour
    season: Floats
    current: Ints
    seed: int
    travel: bool = True
    neighbours: Ints = field(default_factory=lambda: np.zeros((0, NEIGHBOURS), dtype=np.int64))
    growth: Floats = field(default_factory=lambda: np.zeros(0))
    entered: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    drawn: tuple[World, ...] = ()

    def __post_init__(self) -> None:
        own = (self.season, self.current, self.neighbours, self.growth, self.entered)
        for array in (*self.accounts, *self.reps, *own):
            array.setflags(write=False)

    def of(self, replication: int) -> World:
        """The world that a replication is played in: itself, or in turn one of those that it may as well be."""
        return self.drawn[replication % len(self.drawn)] if self.drawn else self

    def each(self, change: Callable[[World], World]) -> World:
        """The same change to the world and to all that it may as well be."""
        return replace(change(self), drawn=tuple(change(one) for one in self.drawn))


class Pay(NamedTuple):
    """A pay plan in weeks of on-target earnings (OTE / 52); the salary makes up the rest of OTE.

    ``commission`` is what a week of expected sales earns, ``over`` the same after the quota is reached,
    ``bonus`` what reaching a whole year's quota earns, ``cap`` the attainment above which nothing is
    earned (infinity: none). ``authority`` is the largest part of a price that a rep may let go to win.
    """

    commission: float
    bonus: float
    over: float
    cap: float
    ote: float  # on-target earnings, money a year
    authority: float = 0.0


@dataclass(frozen=True)
class LastYear:
    """What is known when goals are set: the year before, for the first year of a plan the last one of the burn-in.

    All (n,), money and calls a year; ``owner`` is the rep each account will have in the plan. ``quota`` and
    ``attained`` (m,) are that year's quotas, money, and what was sold over them; 0 where there was none.
    """

    owner: Ints
    current: Ints
    fluid_sales: Floats
    sales: Floats
    calls: Ints
    belief: Floats
    priority: Ints
    reps: int
    quota: Floats
    attained: Floats


class Goals(NamedTuple):
    """Goals of one year. ``quota`` (m,) money a year, 0 = none; ``activity`` (m,) calls a week, 0 = none.

    ``ratchets`` where reps know that a quota reached is a higher one next time.
    """

    quota: Floats
    activity: Floats
    counts_priority_only: bool
    periods: int  # quota periods a year
    ratchets: bool = False


GoalPolicy = Callable[[LastYear], Goals]


DEMAND, LEAD, LAUNCH, LEAVES = 0, 1, 2, 3


class Events(NamedTuple):
    """What happens on a date and nobody foresees; one row an event, E rows.

    ``what``: DEMAND of the accounts concerned changes by the share ``amount``; the competitor's LEAD on ``criterion``
    changes by ``amount``; a LAUNCH brings them ``amount`` more opportunities; the rep in row ``seat`` LEAVES.
    """

    week: Ints  # from 0
    what: Ints
    criterion: Ints  # place in CRITERIA
    amount: Floats
    seat: Ints
    concerns: NDArray[np.bool_]  # (E, n)


def no_events(accounts: int) -> Events:
    """A year as planners expect it."""
    none = np.zeros(0, dtype=np.int64)
    return Events(none, none, none, np.zeros(0), none, np.zeros((0, accounts), dtype=np.bool_))


class Channels(NamedTuple):
    """Ways to call an account, C of them, and which one each account is called by."""

    hours: Floats  # (C,) of one call, without travel
    bond: Floats  # (C,) what it does for the relationship; a visit: 1
    counts: Ints  # (C,) 1 where it counts for an activity goal
    travels: Ints  # (C,) 1 where the rep goes there
    effect: Floats  # (C, industries) what it does for goodwill; a visit: 1
    of: Ints  # (n,)


def visits(hours: float, industries: int, accounts: int) -> Channels:
    """Every account is visited, ``hours`` each time."""
    one, yes = np.ones(1), np.ones(1, dtype=np.int64)
    return Channels(hours * one, one, yes, yes, np.ones((1, industries)), np.zeros(accounts, dtype=np.int64))


class Levers(NamedTuple):
    """What a plan changes in how the firm works, from week 1 on; nothing by default.

    ``behaviour`` stands for the world's, with as many stages of the funnel, K; ``hours`` are added to every rep's week;
    ``belief`` is the part of reps' errors about potential that is left; ``leaves`` and ``goes_on`` (K - 1,) are the
    weekly chance to leave each stage before the last and the part that goes on, empty: as in the behaviour.
    """

    behaviour: Behaviour | None = None
    hours: float = 0.0
    belief: float = 1.0
    leaves: tuple[float, ...] = ()
    goes_on: tuple[float, ...] = ()


class Seen(NamedTuple):
    """What is known when a review is held, after ``week`` weeks of the year; (n,) over accounts, (m,) over reps.

    All but ``owner`` and ``vacant`` is what a CRM has on record, money; potential is known by planners' belief alone.
    """

    week: int
    since: int  # weeks since accounts last changed rep, or since the year began
    ahead: int  # weeks until the end of the year, or between two years of the one that comes
    owner: Ints  # (n,) rows of reps
    sales: Floats  # (n,) booked this year
    last_year: Floats  # (n,) booked in the year before
    before: Floats  # (n,) booked in the year before the plan began, by which planners know what accounts ask for
    calls: Ints  # (n,) this year
    open_value: Floats  # (n,) listed value of what is open
    weekly: Floats  # (week, m) booked
    quota: Floats  # (m,) of the year, 0 = none
    vacant: Ints  # (m,) weeks until somebody takes the place; 0 = somebody has it, NOBODY = it is not there yet


class Changes(NamedTuple):
    """What a review changes from the next week on: whose each account is, (n,), and the quotas of the year, (m,).

    Between two years the quotas are not read: the next year's are set on what this one brought.
    """

    owner: Ints
    quota: Floats
    seek: Ints | None = None  # (m,) weeks until somebody comes to each place that is to be filled now; 0: not sought
    held: bool = True  # whether a review was held, which has its price; else people alone were looked at


ReviewPolicy = Callable[[Seen], Changes | None]


class Review(NamedTuple):
    """When the plan is looked at again, and what is done then.

    ``weeks`` are those of a year before which it is, from 1 to 51, and 52 between two years; ``policy`` returns None
    where none is held after all. Of the opportunities that are open at an account which changes rep, the part
    ``holdover`` of what is expected counts for the rep who gives it away.
    """

    weeks: tuple[int, ...]
    policy: ReviewPolicy
    holdover: float = 0.0


@dataclass(frozen=True, eq=False)
class Plan:
    """One plan to play, and what happens in its year that nobody foresees.

    ``owner`` (n,) rows of ``reps``; ``goals`` is called once per replication and year with what was before;
    ``channels``: None = every account is visited; ``review``: None = it is never looked at again. ``hired`` are places
    of the team, rows of ``reps``, that somebody new takes when the plan begins. ``years`` are played
    one after the other, and ``events`` count their weeks through. ``drawn`` are the levers in each of the world's
    ``drawn``.
    """

    owner: Ints
    goals: GoalPolicy
    pay: Pay
    events: Events | None = None
    levers: Levers = Levers()
    channels: Channels | None = None
    drawn: tuple[Levers, ...] = ()
    review: Review | None = None
    hired: tuple[int, ...] = ()
    years: int = 1

    def __post_init__(self) -> None:
        self.owner.setflags(write=False)

    def of(self, replication: int) -> Plan:
        """The plan in the world that a replication is played in."""
        return replace(self, levers=self.drawn[replication % len(self.drawn)], drawn=()) if self.drawn else self

    def in_year(self, year: int, owner: Ints) -> Plan:
        """The plan in one of its years, from 0, as it stands then: ``owner`` (n,) has the accounts."""
        if self.years == 1:
            return self
        events = self.events
        if events is not None:
            now = events.week // WEEKS == year
            events = Events(*(column[now] for column in events))
            events = events._replace(week=events.week - year * WEEKS)
        return replace(self, owner=owner, events=events)
