"""Small worlds that tests can work out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.behaviour import Behaviour
from sim.world import (
    DEMAND,
    LAUNCH,
    LEAD,
    LEAVES,
    WEEKS,
    Accounts,
    Channels,
    Events,
    Goals,
    LastYear,
    Levers,
    Pay,
    Plan,
    Reps,
    World,
)

PAY = Pay(commission=0.5, bonus=5.0, over=0.875, cap=1.2, ote=120_000.0)


def tiny_world(behaviour: Behaviour | None = None, seed: int = 7) -> World:
    """Three reps and nine accounts on a line, 10 km apart; each rep lives at the middle one of its three.

        accounts   1   2   3   4   5   6   7   8   9
        km         0  10  20  30  40  50  60  70  80
        reps       A  (A)  A   B  (B)  B   C  (C)  C
        potential 12k 6k  3k  12k 6k  3k  12k 6k  3k

    Accounts 1, 4 and 7 have priority. Two products: margin 0.5 for odd accounts, 0.7 for even ones.
    """
    b = behaviour or Behaviour()
    n = 9
    potential = np.tile([12_000.0, 6_000.0, 3_000.0], 3)
    key = np.arange(1, n + 1)
    mean = potential.mean()
    lead = np.zeros((n, 5))
    lead[:, 1] = 0.2
    accounts = Accounts(
        key=key,
        potential=potential,
        belief=potential * 1.1,
        need=9.0 * (potential / mean) ** 0.4,
        order_size=0.5 * potential / 12.0,
        opening_rate=0.15 * np.sqrt(potential / mean),
        deal_size=0.5 * np.sqrt(mean * potential) / (52 * 0.15 * 0.25),
        win_logit=np.zeros(n),
        margin=np.where(key % 2 == 1, 0.5, 0.7),
        x_km=10.0 * (key - 1),
        y_km=np.zeros(n),
        region=(key - 1) // 3,
        industry=(key - 1) % 2,
        area=np.zeros(n, dtype=np.int64),
        product=(key - 1) % 2,
        lead=lead,
        priority=((key - 1) % 3 == 0).astype(np.int64),
    )
    reps = Reps(
        key=np.array([101, 102, 103]),
        x_km=np.array([10.0, 40.0, 70.0]),
        y_km=np.zeros(3),
        ability=np.array([1.2, 1.0, 0.8]),
        hours=np.full(3, 2.5),
        fit_industry=np.array([[1.1, 0.9], [1.0, 1.0], [0.9, 1.1]]),
        fit_area=np.ones((3, 1)),
        fit_product=np.ones((3, 2)),
        alike=np.full((3, 3), 0.5),
        planned=np.zeros(3, dtype=np.int64),
    )
    season = 1.0 + 0.2 * np.sin(2 * np.pi * np.arange(WEEKS) / WEEKS)
    return World(accounts, reps, b, season / season.mean(), (key - 1) // 3, seed)


def no_goals(last: LastYear) -> Goals:
    """No quota and no activity goal."""
    return Goals(np.zeros(last.reps), np.zeros(last.reps), False, 1)


def both_goals(last: LastYear) -> Goals:
    """A quarterly quota of last year's sales, in whole money, and two priority calls a month."""
    quota = np.rint(np.bincount(last.owner, weights=last.fluid_sales, minlength=last.reps))
    return Goals(quota, np.full(last.reps, 0.5), True, 4)


def plan(world: World, owner: np.ndarray | None = None, goals=no_goals, pay: Pay = PAY, demand: float = 1.0) -> Plan:
    """A plan on a world; today's territories unless ``owner`` says otherwise."""
    n = world.accounts.key.size
    events = None
    if demand != 1.0:
        zero, all_of_them = np.zeros(1, dtype=np.int64), np.ones((1, n), dtype=np.bool_)
        events = Events(zero, np.array([DEMAND]), zero, np.array([demand - 1.0]), zero, all_of_them)
    return Plan(np.array(world.current if owner is None else owner), goals, pay, events)


# Four of nine accounts, none of them the account itself.
NEIGHBOURS = np.array([[(i + d) % 9 for d in (1, 2, 4, 8)] for i in range(9)])
MOVED = np.array([0, 0, 1, 1, 1, 2, 2, 2, 0])  # accounts 3, 6 and 9 change rep


def listening(world: World) -> World:
    """The same world where accounts hear from each other."""
    return replace(world, neighbours=NEIGHBOURS)


def happening(*rows: tuple[int, int, int, float, int], concerns: list[int] | None = None) -> Events:
    """Dated events: week, what, criterion, amount and seat of each; all accounts, or the rows named, are concerned."""
    week, what, criterion, amount, seat = zip(*rows, strict=True)
    whom = np.isin(np.arange(9), np.arange(9) if concerns is None else concerns)
    whole = [np.array(column, dtype=np.int64) for column in (week, what, criterion, seat)]
    return Events(whole[0], whole[1], whole[2], np.array(amount), whole[3], np.tile(whom, (len(rows), 1)))


def three_ways(world: World) -> Channels:
    """Accounts are visited, called by video or by phone, in turn; a phone call counts for no goal."""
    return Channels(
        hours=np.array([1.0, 0.8, 0.5]),
        bond=np.array([1.0, 0.6, 0.1]),
        counts=np.array([1, 1, 0]),
        travels=np.array([1, 0, 0]),
        effect=np.array([[1.0, 1.0], [0.5, 0.7], [0.2, 0.1]]),
        of=np.arange(world.accounts.key.size) % 3,
    )


def ratcheting(last: LastYear) -> Goals:
    """`both_goals`, and reps know that a quota reached is a higher one next time."""
    return both_goals(last)._replace(ratchets=True)


HAPPENS = (
    *((5, LEAD, criterion, 0.3 + 0.1 * criterion, 0) for criterion in range(5)),
    (3, DEMAND, 0, -0.3, 0), (7, LAUNCH, 0, 0.5, 0), (9, LEAVES, 0, 0.0, 1), (20, LEAD, 4, -0.2, 0),
)  # fmt: skip
# All that is off by default, a funnel in which a part is lost on the way, and reps who look at what a call is worth.
ALL_ON = {
    "quit_a_year": 2.0, "vacancy_weeks": 3.0, "referral": 0.6, "review": 0.3, "patience": 0.95, "timing": 1.5,
    "win_discount": 4.0, "rival_weight": 1.5, "recent_weeks": 5.0, "stages": 3, "stage_advance": 0.8,
    "comfort_pull": 0.3, "taste": 0.3, "quick_share": 0.4, "quick_hazard": 0.6, "first_month_quick": 0.7,
    "first_month_pace": 0.2, "last_month_pace": 1.8, "first_month_odds": -0.3, "last_month_odds": 0.8,
}  # fmt: skip


def everything(seed: int = 7) -> tuple[World, Plan]:
    """A world and a plan in which every mechanism of the model is at work."""
    world = listening(tiny_world(Behaviour(**ALL_ON), seed))
    levers = Levers(
        world.behaviour._replace(belief_left=0.9), hours=-0.8, belief=0.5, leaves=(0.2, 0.3), goes_on=(0.9, 0.7)
    )
    events = happening(*HAPPENS, concerns=[0, 2, 3, 5, 6, 8])
    pay = PAY._replace(authority=0.3)
    return world, Plan(np.array(MOVED), ratcheting, pay, events, levers, three_ways(world))
