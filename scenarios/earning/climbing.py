"""Climbs on what a plan is expected to earn: accounts go where they bring more, as far as the planner's rules let them.

What every account would bring with every rep it may go to is estimated at the present worth of hours (`each_worth`).
First many of the most promising changes are made at once and kept if all territories together earn more: large steps,
smaller ones where they overshoot. Then changes are tried one by one, both territories' years played in full, and two
accounts are traded where a rule forbids one alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from scenarios.design.prices import Choices, dual
from scenarios.earning.outlook import Outlook, Territory, each_worth, hour_worth, territories, territory
from scenarios.earning.rules import Rules
from sim.world import Floats, Ints

FIRST_STEP = 0.5  # of the hopeful changes that are made at once
LAST_STEP = 0.02
PASSES = 4  # through changes that wait until another account makes room
LARGER, SMALLER = 1.25, 0.5  # the next step after a good and after a bad one
ROUNDS = 6  # of single changes; before each all is estimated anew
FAILURES = 100  # in a row, after which a round is over
PARTNERS = 5  # accounts looked at for a trade
LEAST = 1e-6  # of what a territory earns: less is no gain
MOST = 1_500_000_000  # account-weeks that may be played; a market of 2,000 accounts and 20 reps ends by itself


@dataclass
class Climb:
    """How far a climb has come."""

    market: Outlook
    choices: Choices  # where accounts may go and what they load there
    rules: Rules
    owner: Ints  # (n,)
    held: list[Territory] = field(default_factory=list)
    price: Floats | None = None  # (m, k) of room in each territory, found last
    played: int = 0  # account-weeks
    changes: int = 0  # accounts that went elsewhere, all steps together

    def __post_init__(self) -> None:
        self.held = territories(self.market, self.owner)

    @property
    def near(self) -> Ints:
        """Reps that an account may go to, (n, c); -1 fills up."""
        return self.choices.near

    @property
    def earned(self) -> float:
        """Margin less travel of all territories, money a year, expected."""
        return sum(one.earned for one in self.held)

    @property
    def least(self) -> float:
        """What counts as a gain, money."""
        return LEAST * max(1.0, float(np.mean([abs(one.earned) for one in self.held])))

    def spend(self, accounts: int) -> bool:
        """Counts the play of so many accounts' years; False when that was the last."""
        self.played += accounts * self.market.weeks
        return self.played < MOST


def climb(market: Outlook, owner: Ints, choices: Choices, rules: Rules) -> Climb:
    """From ``owner`` (n,) as far up as steps lead; what is expected never falls, and no rule is broken further."""
    here = Climb(market, choices, rules, owner.copy())
    _stride(here)
    for _ in range(ROUNDS):
        if not _try_singly(here):
            break
    return here


def _stride(here: Climb) -> None:
    """Many changes at once, until even small steps bring nothing."""
    step = FIRST_STEP
    priced = _priced(here, _gains(here))
    while step >= LAST_STEP and here.spend(len(here.owner)):
        owner, rules, moved = _many(here, priced, step)
        if not moved:
            return
        touched = np.unique(np.concatenate([here.owner[moved], owner[moved]])).tolist()
        held = list(here.held)
        for j in touched:
            held[j] = territory(here.market, j, np.flatnonzero(owner == j))
        if sum(one.earned for one in held) > here.earned + here.least:
            here.owner, here.held, here.rules, here.changes = owner, held, rules, here.changes + len(moved)
            step = min(1.0, LARGER * step)
            priced = _priced(here, _gains(here))
        else:
            step *= SMALLER


def _many(here: Climb, gains: Floats, step: float) -> tuple[Ints, Rules, list[int]]:
    """The most promising part of the hopeful changes, made as far as the rules allow: owner, rules, who went."""
    owner, rules = here.owner.copy(), here.rules.copy()
    moved: list[int] = []
    hopeful = _by_hope(here, gains)
    waiting = hopeful[: int(np.ceil(step * len(hopeful)))]
    for _ in range(PASSES):
        blocked = []
        for i, b in waiting:
            if rules.allow(owner, [(i, b)]):
                rules.take(owner, [(i, b)])
                moved.append(i)
            else:
                blocked.append((i, b))
        if len(blocked) == len(waiting):
            break
        waiting = blocked
    return owner, rules, moved


def _priced(here: Climb, gains: Floats) -> Floats:
    """``gains`` less what room costs: at the prices of `scenarios.design.prices` limits are kept and most is earned."""
    cost = np.where(np.isfinite(gains), -gains, 0.0)
    here.price = dual(here.choices._replace(cost=cost, blur=np.ones(len(gains))), here.price)
    room = (here.price[here.near] * here.choices.load).sum(axis=2)
    now = here.near == here.owner[:, None]
    priced: Floats = gains - room + np.where(now, room, 0.0).sum(axis=1)[:, None]
    return priced


def _by_hope(here: Climb, gains: Floats) -> list[tuple[int, int]]:
    """Accounts that would bring more with another rep, and the best rep for each, the most promising first."""
    rows = np.arange(len(here.owner))
    best = gains.argmax(axis=1)
    hope, rep = gains[rows, best], here.near[rows, best]
    order = np.lexsort((rows, -hope))
    chosen = order[(hope[order] > here.least) & (rep[order] != here.owner[order])]
    return list(zip(chosen.tolist(), rep[chosen].tolist(), strict=True))


def _gains(here: Climb) -> Floats:
    """What each account would bring more with each rep of ``near`` than where it is, (n, c); -inf where it can't go."""
    owner, near = here.owner, here.near
    worth, at_home = np.full(near.shape, -np.inf), np.zeros(len(owner))
    here.spend(near.size + 2 * len(owner))
    for one in here.held:
        rows, places = np.nonzero(near == one.rep)
        asked = np.concatenate([rows, one.members]).astype(np.int64)
        found = each_worth(here.market, one, hour_worth(here.market, one), asked)
        worth[rows, places] = found[: len(rows)]
        at_home[one.members] = found[len(rows) :]
    gains: Floats = worth - at_home[:, None]
    return gains


def _try_singly(here: Climb) -> int:
    """Tries the most promising changes in turn; how many were made."""
    gains = _gains(here)
    accepted = failures = 0
    for i, b in _by_hope(here, gains):
        if failures > FAILURES:
            break
        if here.owner[i] == b:
            continue
        done = any(_tried(here, change) for change in _candidates(here, i, b, gains))
        accepted, failures = accepted + done, 0 if done else failures + 1
        if here.played >= MOST:
            break
    return accepted


def _candidates(here: Climb, i: int, b: int, gains: Floats) -> list[list[tuple[int, int]]]:
    """What may be tried so that account i comes to b: alone, or for one of b's that would like to go the other way."""
    a, owner = int(here.owner[i]), here.owner
    if here.rules.allow(owner, [(i, b)]):
        return [[(i, b)]]
    theirs = here.held[b].members
    wish = np.where(here.near[theirs] == a, gains[theirs], -np.inf).max(axis=1, initial=-np.inf)
    order = np.lexsort((theirs, -wish))[:PARTNERS]
    hope = gains[i].max()
    trades = [[(i, b), (int(theirs[at]), a)] for at in order if wish[at] + hope > here.least]
    return [trade for trade in trades if here.rules.allow(owner, trade)]


def _tried(here: Climb, change: list[tuple[int, int]]) -> bool:
    """Makes the change, of one account or two, if the two territories earn more together."""
    owner = here.owner.copy()
    for i, b in change:
        owner[i] = b
    pair = (int(here.owner[change[0][0]]), change[0][1])
    new = [territory(here.market, j, np.flatnonzero(owner == j)) for j in pair]
    here.spend(sum(len(one.members) for one in new))
    if sum(one.earned for one in new) <= sum(here.held[j].earned for j in pair) + here.least:
        return False
    here.rules.take(here.owner, change)
    for one in new:
        here.held[one.rep] = one
    here.changes += len(change)
    return True
