"""From a stored plan and this year's records to where the year stands, how it may end and what would help."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.played import Played
from analysis.tracking.drift import KINDS
from analysis.tracking.likeness import most_alike
from analysis.tracking.measures import Group, Values, sales
from analysis.tracking.outlook import staying
from analysis.tracking.paying import Paying, paying
from analysis.tracking.standing import Flag, changed, fan, flags, place
from command.tracking.goals import with_goals
from command.tracking.plays import Tell, pay_of, watch
from command.tracking.realign import EARLIEST, LATEST, realignments, with_changes
from command.tracking.year import Year, side_by_side
from command.twin import owner_of
from scenarios.actual import Actual
from scenarios.build import build
from scenarios.identity import status_quo
from scenarios.schema import Scenario
from sim.world import Plan

FIRMLY = 0.05  # less change of demand is not carried into the years that realignments are tried in


@dataclass(frozen=True)
class Tracked:
    """Where the year stands.

    ``standing`` has one row a group: name, kind, sold, low, middle, high, place, and the columns of
    `command.tracking.goals.with_goals`. ``realign`` is None where no review can be tried, ``paying`` where the plan is
    today's; ``carried`` says what the years it was tried in have of this one beside being like it.
    """

    plan: Played
    actual: Actual
    groups: list[Group]
    standing: pd.DataFrame
    fans: pd.DataFrame
    flags: list[Flag]
    called: Values  # (n,) calls that the plan's mean year has made on each account by now
    paying: Paying | None
    realign: pd.DataFrame | None
    carried: tuple[str, ...]
    notes: tuple[str, ...]
    years: int

    @property
    def span(self) -> str:
        """Which weeks and days are on record."""
        first, week, begins = self.actual.first, self.actual.week, self.actual.begins
        day = begins + dt.timedelta(days=7 * week - 1)
        return f"weeks {first + 1} to {week} of the year from {begins}, up to {day}"


def track(scenario: Scenario, plan: Played, actual: Actual, years: int, tell: Tell) -> Tracked:
    """All of it, by so many simulated years of the plan; ``tell`` hears how many are played."""
    built = build(scenario, owner_of(plan))
    year = side_by_side(scenario, built, plan, actual, years, tell)
    values, now = year.watched.values, year.now
    found = flags(year.detector, year.limits, values, now, year.recorded, actual.week)
    standing = place(values, now, *year.span)
    standing.insert(0, "name", [group.name for group in year.groups])
    standing.insert(1, "kind", [group.kind for group in year.groups])
    alike = most_alike(values, now, year.detector.columns, *year.span)
    changed_plan, carried = _as_it_went(year, found)
    notes = [*actual.notes, *year.notes]
    if actual.others >= 0.005:
        notes.append(f"{100 * actual.others:.0f} % of the sales were made by others than the account's rep in the plan")
    return Tracked(
        plan=plan,
        actual=actual,
        groups=year.groups,
        standing=with_goals(year, standing, found),
        fans=fan(values, now, year.groups, *year.span),
        flags=found,
        called=year.watched.called,
        paying=_paying(year, years, alike, tell),
        realign=_realign(year, changed_plan, years, alike, tell),
        carried=carried,
        notes=tuple(notes),
        years=years,
    )


def _as_it_went(year: Year, found: Sequence[Flag]) -> tuple[Plan, tuple[str, ...]]:
    """The plan in years in which what is known to have happened happens too, and that in words."""
    drops, told = [], []
    for flag in found:
        names = [name for name in ("ordered", "opened") if name in year.recorded and name in KINDS[flag.kind]]
        group = year.groups[flag.group]
        if flag.kind not in ("demand", "orders") or not names:
            told.append(f"what has changed in {group.name} ({flag.kind}) is not in them")
            continue
        offs = [
            changed(year.watched.values, year.now, flag.group, year.recorded, year.actual.first, flag.since,
                    year.actual.week, (name,))
            for name in names
        ]  # fmt: skip
        clearest = min(offs, key=lambda one: one.by_luck)
        share = float(np.clip(np.expm1(staying(clearest.off, clearest.by_luck)), -0.9, 2.0))
        if abs(share) >= FIRMLY:
            drops.append((flag.since, share, year.members[:, flag.group] > 0.0))
            told.append(f"demand in {group.name} changes by {100 * share:+.0f} % from week {flag.since + 1} on")
    ids = list(year.built.team.reps["id"].astype(str))
    leaves = [(int(week), ids.index(str(rep))) for rep, week in year.actual.left.items()]
    told += [f"{year.groups[seat].name} leaves in week {week + 1}" for week, seat in leaves]
    return with_changes(year.built.plan, drops, leaves), tuple(told)


def _realign(year: Year, plan: Plan, years: int, alike: NDArray[np.int64], tell: Tell) -> pd.DataFrame | None:
    """What each policy of review would bring, in the years most like this one; None at either end of the year."""
    week = year.actual.week
    if not EARLIEST <= week <= LATEST or len(year.territories) < 2:
        return None
    if plan is not year.built.plan:
        again = watch(year.scenario, year.built, range(years), year.counts, year.usual, year.members, week, tell, plan)
        alike = most_alike(again.values, year.now, year.detector.columns, *year.span)
    return realignments(year.scenario, year.built, plan, [int(one) for one in alike], week)


def _paying(year: Year, years: int, alike: NDArray[np.int64], tell: Tell) -> Paying | None:
    """The plan's promise against today's territories, and the firm's sales beside both; None for today's plan."""
    today = status_quo(year.scenario)
    if today == year.scenario or year.missing_sales:
        return None
    first, week = year.span
    mine = year.watched.paid
    other = build(today)
    theirs = pay_of(today, other, other.plan, range(years), tell)

    def between(sold: Values) -> Values:
        return sold[:, week - 1] - (sold[:, first - 1] if first else 0.0)

    return paying(
        float(sales(year.now, first, week)[-1]),
        between(mine.sales),
        between(theirs.sales),
        mine.contribution[:, week - 1] - theirs.contribution[:, week - 1],
        mine.whole - theirs.whole,
        alike,
    )
