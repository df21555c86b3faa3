"""How likely each goal still is: the possible ends of the year, and the calls a week that a quota still asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.tracking.measures import FIRM, Values, so_far
from analysis.tracking.outlook import Chance, chance, ends, known, staying
from analysis.tracking.standing import Flag, changed
from command.tracking.year import Year
from scenarios.insight.conversion import calls_for
from sim.world import WEEKS

LUCK = 32  # with seed and week: what samples are drawn with
SALES = ("won_revenue", "order_revenue")
NOT_ASKED = Chance(float("nan"), float("nan"))


class _Goal(NamedTuple):
    """A goal of each group for the year, NaN where there is none, and the measures that are counted for it."""

    name: str
    target: Values  # (g,)
    counted: tuple[str, ...]


def with_goals(year: Year, table: pd.DataFrame, flags: Sequence[Flag]) -> pd.DataFrame:
    """The standing with columns for both goals.

    ``quota``, ``activity`` (calls a week); for each ``_likely`` (middle of the possible ends), ``_chance``, ``_give``
    (half of 8 in 10 of what the chance may be), ``_stays`` (the chance if what drifts stays so); ``calls`` and
    ``calls_needed``, both a week, for the quota, and what is left ``to_sell``; neither where weeks are not on record.
    """
    rng = np.random.default_rng([year.built.world.seed, LUCK, year.actual.week])
    table = table.assign(calls=_calls_a_week(year))
    for goal in (_Goal("quota", _quotas(year), SALES), _Goal("activity", _activity(year), ("counted",))):
        possible = [_possible(year, goal, g) if np.isfinite(goal.target[g]) else None for g in range(len(year.groups))]
        later = _later(year, goal, flags)
        told = [
            (float("nan"), NOT_ASKED, float("nan"))
            if made is None
            else (
                float(np.median(made)),
                chance(made, goal.target[g], rng),
                float((_sold(year, goal)[g] + (made - _sold(year, goal)[g]) * later[g] >= goal.target[g]).mean()),
            )
            for g, made in enumerate(possible)
        ]
        a_week = WEEKS if goal.name == "activity" else 1
        table[goal.name] = goal.target / a_week
        table[f"{goal.name}_likely"] = [likely / a_week for likely, _, _ in told]
        table[f"{goal.name}_chance"] = [one.share for _, one, _ in told]
        table[f"{goal.name}_give"] = [one.give for _, one, _ in told]
        table[f"{goal.name}_stays"] = [stays for _, _, stays in told]
    left = table["quota"] - table["sold"] if not year.actual.first else _none(year)
    return table.assign(to_sell=left, calls_needed=_calls_needed(year, table))


def _quotas(year: Year) -> Values:
    """Each group's quota: the records', else the mean of the plan's simulated years; the firm's is the sum."""
    return _goals(year, year.actual.quota, year.watched.quota) if not year.missing_sales else _none(year)


def _activity(year: Year) -> Values:
    """Calls a year that each group's activity goal asks for; the firm has none."""
    if "counted" not in year.recorded:
        return _none(year)
    goals = _goals(year, year.actual.activity, year.watched.activity) * WEEKS
    goals[[group.kind == FIRM for group in year.groups]] = np.nan
    return goals


def _none(year: Year) -> Values:
    return np.full(len(year.groups), np.nan)


def _goals(year: Year, recorded: pd.Series, simulated: Values) -> Values:
    ids = year.built.team.reps["id"].astype(str)
    own = ids.map(recorded).to_numpy(np.float64) if len(recorded) else np.full(len(ids), np.nan)
    own = np.where(np.isfinite(own), own, simulated.mean(axis=0))
    goals = _none(year)
    goals[: len(own)] = np.where(own > 0.0, own, np.nan)
    if (own > 0.0).any():
        goals[-1] = own.sum()
    return goals


def _sold(year: Year, goal: _Goal) -> Values:
    return so_far(year.now, goal.counted, *year.span)


def _possible(year: Year, goal: _Goal, group: int) -> Values:
    """The possible ends of the year for one group, (R,)."""
    first, week = year.span
    values = year.watched.values
    rest = so_far(values, goal.counted, 0, WEEKS) - so_far(values, goal.counted, first, week)
    before, mine = (known(one, first, week, year.recorded)[:, group] for one in (values, year.now[None]))
    return ends(before, rest[:, group], mine[0], float(_sold(year, goal)[group]))


def _later(year: Year, goal: _Goal, flags: Sequence[Flag]) -> Values:
    """What becomes of the rest of the year if what drifts stays so, as a factor for each group (g,).

    What drifts in a region, or the firm, goes on in the territories that lie in it by half or more, each by as much as
    its own sales say.
    """
    factor = np.ones(len(year.groups))
    first, week = year.span
    if goal.counted[0] not in year.recorded:
        return factor
    for flag in sorted(flags, key=lambda flag: flag.group in year.territories):  # a territory's own flag counts last
        for g in (flag.group, *_inside(year, flag.group)):
            off = changed(year.watched.values, year.now, g, year.recorded, first, flag.since, week, goal.counted)
            factor[g] = float(np.exp(staying(off.off, off.by_luck)))
    if factor[-1] == 1.0:  # the firm is what its territories are
        own = list(year.territories)
        left = so_far(year.watched.values, goal.counted, week, WEEKS).mean(axis=0)[own]
        if left.sum() > 0.0:
            factor[-1] = float((left * factor[own]).sum() / left.sum())
    return factor


def _inside(year: Year, group: int) -> list[int]:
    """The territories of which half the accounts or more are in a region or the firm; none of a territory's."""
    if group in year.territories:
        return []
    own = year.members[:, list(year.territories)]
    share = year.members[:, group] @ own / np.maximum(own.sum(axis=0), 1.0)
    return [int(g) for g in np.flatnonzero(share >= 0.5)]


def _calls_a_week(year: Year) -> Values:
    first, week = year.span
    calls = so_far(year.now, ("calls",), first, week) / (week - first)
    return calls if "calls" in year.recorded else _none(year)


def _calls_needed(year: Year, table: pd.DataFrame) -> Values:
    """Calls a week from now on with which each territory is as likely as not to reach its quota; NaN where none asks.

    Infinite where no number of calls brings it: the first calls bring most (`scenarios.insight.conversion.calls_for`).
    """
    needed, week = _none(year), year.actual.week
    if week >= WEEKS or year.actual.first:  # of a part of the year that is not on record nobody knows what it left
        return needed
    calls = so_far(year.watched.values, ("calls",), week, WEEKS).mean(axis=0) / (WEEKS - week)
    need = year.built.world.accounts.need @ year.members / WEEKS
    for g in year.territories:
        sold, likely, quota = (float(table[name].iloc[g]) for name in ("sold", "quota_likely", "quota"))
        if np.isfinite(quota) and likely > sold and need[g] > 0.0 and calls[g] > 0.0:
            times = max(0.0, quota - sold) / (likely - sold)
            needed[g] = calls_for(times, float(calls[g]), float(need[g]), year.built.behaviour)
    return needed
