"""Patterns of hand-overs: what accounts buy in the year after their rep has left."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from command.validation.lab import Lab, Readings, ratio_of_means
from command.validation.territories import at_distance, kilometres
from sim.world import LEAVES, Events, Floats, Ints, World
from sim.year import Played

STAR = float(np.exp(0.25))  # ability of a rep one standard deviation above the average, as teams are generated


class Handover(NamedTuple):
    """What comes of the accounts of the reps who leave on the first day of one year."""

    leavers: Ints  # rows of reps
    world: World  # of that year
    owner: Ints  # (n,) who has what in it
    begun_in: World  # of the years before
    events: Events | None = None


class Bought(NamedTuple):
    """Expected sales of a year to each account, (replications, n), money."""

    orders: Floats
    won: Floats

    @property
    def sales(self) -> Floats:
        """Both together."""
        return self.orders + self.won


def change_of_rep(lab: Lab) -> Readings:
    """Pattern 9: accounts that change rep buy less in the first year (Shi et al. 2017).

    All reps have ability 1. Every rep in turn leaves on the first day and nobody is hired: each of its accounts goes to
    the nearest other rep, who has no more hours than before. Held against the same year in which everybody stays.
    """
    world = lab.of_equals()
    stayed, changed = handed_over(lab, world, to_the_nearest(world))
    return {"change of sales, per cent": change(stayed.sales, changed.sales)}


def who_inherits(lab: Lab) -> Readings:
    """Pattern 10: who takes a leaver's accounts decides how much of the loss is saved (Shi et al. 2017).

    Every rep in turn leaves on the first day, and one person gets all of its accounts and its hours. *Existing* is the
    rep who lives nearest. *Similar*, *dissimilar* and *star* are the same rep with one thing changed: as much like the
    leaver as the colleague who is most so, as the one who is least so, or with an ability one standard deviation
    higher, in the burn-in too. A *new hire* sits down in the leaver's place, has all to learn and is like nobody.
    People differ in nothing else: abilities and fits are 1, and whoever takes an account lives as far from it as the
    leaver did. Ten real colleagues would differ more by fit, way and workload than by background.

    The *loss* is that of pattern 9 (`to_the_nearest`): nobody hired, no hours given. That is what happens where nothing
    is done about it. *Saved* is the part of it that the best of existing, hired and similar does not lose; what a star
    would add is the third statistic.
    """
    world = of_equal_fit(lab.of_equals())
    alike, away = world.reps.alike, np.hypot(*(at[:, None] - at for at in (world.reps.x_km, world.reps.y_km)))
    nearest = _nearest(away)
    stayed, scattered = handed_over(lab, world, to_the_nearest(world))

    def changed(handovers: list[Handover]) -> Floats:
        return change(stayed.sales, inherited(lab, world, handovers).sales)

    others = ~np.eye(len(alike), dtype=bool)
    most, least = alike.max(axis=1, where=others, initial=0.0), alike.min(axis=1, where=others, initial=1.0)
    existing, hired = changed(to_one(world, nearest)), changed(to_a_new_hire(world))
    similar, dissimilar = (changed(to_one(world, nearest, likeness=likeness)) for likeness in (most, least))
    best = max(existing, hired, similar, key=lambda sales: float(sales.mean()))
    lost = change(stayed.sales, scattered.sales)
    return {
        "new hire less existing rep, points": hired - existing,
        "similar less dissimilar rep, points": similar - dissimilar,
        "star less average rep, points": changed(to_one(world, nearest, ability=STAR)) - existing,
        "part of the loss that the best choice saves, per cent": 100.0 * (1.0 - ratio_of_means(best, lost)),
    }


def not_every_account_loses(lab: Lab) -> Readings:
    """Pattern 11: some accounts gain by a new rep, and new business suffers less than repeat (Schmitz et al. 2020).

    The experiment of pattern 9, account by account: an account gains if it is expected to buy more than it would have
    with its old rep in the same luck. Repeat business is recurring orders, new business is what opportunities bring.
    """
    world = lab.of_equals()
    stayed, changed = handed_over(lab, world, to_the_nearest(world))
    return {
        "accounts that gain, per cent": 100.0 * (changed.sales > stayed.sales).mean(axis=1),
        "change of repeat business, per cent": change(stayed.orders, changed.orders),
        "change of new business, per cent": change(stayed.won, changed.won),
    }


def handed_over(lab: Lab, world: World, handovers: list[Handover]) -> tuple[Bought, Bought]:
    """What each account buys where everybody stays, and where its own rep leaves.

    Every rep leaves in one of the years, so each account changes rep in one of them, and that year is the one that
    counts for it.
    """
    return _bought(lab.year(world)), inherited(lab, world, handovers)


def inherited(lab: Lab, world: World, handovers: list[Handover]) -> Bought:
    """The second of these alone: what each account buys in the year in which its rep in ``world`` leaves."""
    size = (len(lab.replications), world.current.size)
    changed = Bought(np.empty(size), np.empty(size))
    for h in handovers:
        bought = _bought(lab.year(h.world, owner=h.owner, events=h.events, begun_in=h.begun_in))
        mine = np.isin(world.current, h.leavers)
        for column, seen in zip(changed, bought, strict=True):
            column[:, mine] = seen[:, mine]
    return changed


def to_the_nearest(world: World) -> list[Handover]:
    """Nobody is hired: each account of the leaver goes to the nearest of the others, all else stays as it is."""
    a, r = world.accounts, world.reps
    km = np.hypot(a.x_km[:, None] - r.x_km[None, :], a.y_km[:, None] - r.y_km[None, :])

    def without(leaver: int) -> Handover:
        others = km.copy()
        others[:, leaver] = np.inf
        owner = np.where(world.current == leaver, others.argmin(axis=1), world.current)
        return Handover(np.array([leaver]), world, owner, world)

    return [without(leaver) for leaver in range(r.key.size)]


def to_one(world: World, heir: Ints, ability: float = 1.0, likeness: Floats | None = None) -> list[Handover]:
    """All accounts of a leaver go to one other rep, ``heir`` (m,), who has its hours too and lives as far from them.

    ``ability`` is the heirs', in the burn-in as well, ``likeness`` (m,) how much each leaver and its heir are alike,
    where it is another than in the world. Territories have nothing to do with each other, so that as many reps leave
    in one year as neither follow nor inherit from one another (`apart`).
    """
    handovers = []
    for leavers in apart(heir):
        r, heirs, owner = world.reps, heir[leavers], world.current.copy()
        able, hours, alike = (column.copy() for column in (r.ability, r.hours, r.alike))
        able[heirs] = ability
        hours[heirs] += hours[leavers]
        if likeness is not None:
            alike[leavers, heirs] = likeness[leavers]
        for leaver in leavers:
            owner[world.current == leaver] = heir[leaver]
        before = replace(world, reps=r._replace(ability=able))
        year = replace(before, reps=before.reps._replace(hours=hours, alike=alike))
        year = at_distance(year, owner, kilometres(world, world.current))
        handovers.append(Handover(leavers, year, owner, before))
    return handovers


def to_a_new_hire(world: World) -> list[Handover]:
    """Somebody of ability 1 sits down in the leaver's place on the day it becomes empty; all of them in one year."""
    n, m = world.accounts.key.size, world.reps.key.size
    at_once = replace(world, behaviour=world.behaviour._replace(vacancy_weeks=0.0, hire_spread=0.0))
    nothing, seats = np.zeros(m, dtype=np.int64), np.arange(m)
    leave = Events(nothing, np.full(m, LEAVES), nothing, np.zeros(m), seats, np.zeros((m, n), dtype=np.bool_))
    return [Handover(seats, at_once, world.current, world, leave)]


def apart(heir: Ints) -> list[Ints]:
    """Leavers in groups: in none of them does a rep leave who inherits, or inherit twice.

    >>> [group.tolist() for group in apart(np.array([1, 0, 1, 4, 3]))]
    [[0, 3], [1, 4], [2]]
    """
    groups: list[list[int]] = []
    for leaver, to in enumerate(heir.tolist()):
        free = (g for g in groups if not {leaver, to} & {*g, *heir[g].tolist()})
        group = next(free, None)
        if group is None:
            groups.append([leaver])
        else:
            group.append(leaver)
    return [np.array(group) for group in groups]


def change(before: Floats, after: Floats) -> Floats:
    """Change of the sum over accounts in each replication, per cent: (replications, n) twice to (replications,).

    >>> change(np.array([[60.0, 40.0]]), np.array([[45.0, 42.0]])).tolist()
    [-13.0]
    """
    changed: Floats = 100.0 * (after.sum(axis=1) / before.sum(axis=1) - 1.0)
    return changed


def _bought(played: list[Played]) -> Bought:
    accounts = [p.out.account for p in played]
    return Bought(*(np.array([getattr(a, name) for a in accounts]) / 100.0 for name in ("fluid_orders", "fluid_won")))


def of_equal_fit(world: World) -> World:
    """The world with every rep's fit 1 for every industry, region and product."""
    fits = ("fit_industry", "fit_area", "fit_product")
    return replace(world, reps=world.reps._replace(**{name: np.ones_like(getattr(world.reps, name)) for name in fits}))


def _nearest(away: Floats) -> Ints:
    """The nearest other rep of each, from kilometres between homes (m, m)."""
    others = away + np.diag(np.full(len(away), np.inf))
    nearest: Ints = others.argmin(axis=1)
    return nearest
