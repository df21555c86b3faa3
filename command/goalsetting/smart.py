"""Whether goals are specific, measurable, achievable, relevant and time-bound, and in the rep's own hands."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import NamedTuple

from analysis.goals import VERDICTS, in_own_hands, met, verdict, weekly
from scenarios.goal_file import PERIODS, TEAM, Goal
from sim.record import Record
from sim.week import period_of
from sim.world import WEEKS, Floats

LETTERS = ("specific", "measurable", "achievable", "relevant", "time-bound")
HARDLY = 0.01  # change of revenue or of what is counted, from least to most effort, below which it hardly moves


class Checked(NamedTuple):
    """One goal, judged: its chance and the share of its variance that effort explains, NaN where it can't be played.

    ``chance`` is how often it is met, ``years`` in how many played years; ``part`` what the rep brings of the firm's
    goal; ``counted_moves`` and ``revenue_moves`` are what most effort adds to least. ``says`` has a sentence for each
    of LETTERS; it begins with *yes* or *no*.
    """

    goal: Goal
    name: str
    chance: float
    years: int
    own_hands: float
    part: float
    counted_moves: float
    revenue_moves: float
    says: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """Out of reach, achievable, a matter of course; or that it can't be told."""
        return "not told" if math.isnan(self.chance) else verdict(self.chance)


def windows(goal: Goal) -> tuple[list[tuple[int, int]], str]:
    """The weeks of a year in which a goal runs, from week and to before week; or why it can't be played.

    >>> windows(Goal(2, "R1", "won", 50.0, "", None, dt.date(2026, 6, 30)))
    ([(0, 26)], '')
    >>> windows(Goal(2, "R1", "calls", 10.0, "week", dt.date(2026, 1, 5), dt.date(2026, 1, 18)))[0]
    [(1, 2), (2, 3)]
    """
    if goal.unsaid:
        return [], "not all it says is known"
    if goal.since and goal.until and goal.since.year != goal.until.year:
        return [], "it goes over the end of a year; a played year begins on 1 January"
    if not goal.every:
        first, end = _days(goal, WEEKS)
        first = min(first, WEEKS - 1)
        return [(first, max(end, first + 1))], ""
    periods = PERIODS[goal.every]
    first, end = _days(goal, WEEKS) if goal.every == "week" else _months(goal, periods)
    starts = sorted({period_of(week, periods) for week in range(WEEKS)})
    inside = starts[first:end]
    return inside, "" if inside else f"no whole {goal.every} lies between its days"


def _days(goal: Goal, parts: int) -> tuple[int, int]:
    """Where a goal's days begin and end in a year of so many parts: a part belongs to it that is mostly inside."""
    first = round((goal.since.timetuple().tm_yday - 1) * parts / 365) if goal.since else 0
    return first, min(parts, round(goal.until.timetuple().tm_yday * parts / 365)) if goal.until else parts


def _months(goal: Goal, periods: int) -> tuple[int, int]:
    """The first whole period and the one after the last that lie between a goal's days."""
    length = 12 // periods
    first = goal.since.month - (goal.since.day == 1) if goal.since else 0
    end = goal.until.month - ((goal.until + dt.timedelta(days=1)).day != 1) if goal.until else 12
    return -(-first // length), end // length


def check(
    goals: Sequence[tuple[Goal, int]], names: Sequence[str], record: Record, levels: Sequence[Record], firm: float
) -> list[Checked]:
    """Every goal, with the row of its rep (-1: the team), judged by the years of ``record``.

    ``levels`` are years with effort held low, usual and high; ``firm`` is the firm's goal, money a year.
    """
    counted: dict[str, tuple[Floats, list[Floats]]] = {}
    for measure in {"revenue", *(goal.measure for goal, _ in goals if goal.measure)}:
        counted[measure] = weekly(record, measure), [weekly(level, measure) for level in levels]
    return [_checked(goal, rep, names, counted, firm) for goal, rep in goals]


def _checked(
    goal: Goal, rep: int, names: Sequence[str], counted: dict[str, tuple[Floats, list[Floats]]], firm: float
) -> Checked:
    lacks = dict(goal.lacks)
    runs, cannot = windows(goal) if goal.measure and math.isfinite(goal.target) else ([], "")
    chance = own = moves = earns = float("nan")
    revenue, revenue_by_level = _of(rep, *counted["revenue"])
    part = float(revenue.sum(axis=1).mean()) / firm if firm > 0.0 else float("nan")
    if runs:
        values, by_level = _of(rep, *counted[goal.measure])
        chance = float(met(values, goal.target, runs).mean())
        each = [in_own_hands([level[:, first:end].sum(axis=1) for level in by_level]) for first, end in runs]
        own = sum(each) / len(each)  # the first weeks of more effort close what the old effort opened
        moves, earns = _more(by_level), _more(revenue_by_level)
    years = len(revenue)
    says = (
        f"no: {lacks['specific']}" if "specific" in lacks else "yes",
        f"no: {lacks['measurable']}" if "measurable" in lacks else "yes",
        _achievable(chance, years, len(runs), cannot),
        _relevant(goal, firm, part, moves, earns),
        f"no: {lacks['time-bound']}" if "time-bound" in lacks else "yes",
    )
    return Checked(goal, names[rep] if rep >= 0 else goal.rep and TEAM, chance, years, own, part, moves, earns, says)


def _of(rep: int, table: Floats, levels: Sequence[Floats]) -> tuple[Floats, list[Floats]]:
    """One rep's weeks, or the team's, (R, weeks), as played and at each level of effort."""
    mine = [one[:, :, rep] if rep >= 0 else one.sum(axis=2) for one in (table, *levels)]
    return mine[0], mine[1:]


def _more(levels: Sequence[Floats]) -> float:
    """What most effort adds to least, as a share; NaN where there is nothing at least."""
    low, high = float(levels[0].sum()), float(levels[-1].sum())
    return high / low - 1.0 if low > 0.0 else float("nan")


def _achievable(chance: float, years: int, runs: int, cannot: str) -> str:
    if math.isnan(chance):
        return f"no: {cannot or 'nothing to play'}"
    said = verdict(chance)
    when = f"in {chance:.0%} of {years} years" if runs == 1 else f"{chance:.0%} of the times"
    return f"yes, {when}" if said == VERDICTS[1] else f"no: {said}, {when}"


def _relevant(goal: Goal, firm: float, part: float, moves: float, earns: float) -> str:
    """A quota is its part in the firm's goal; anything else has to go with revenue where effort is more."""
    if not goal.measure or not math.isfinite(goal.target):
        return "no: what it asks for is not known"
    if goal.measure == "revenue":
        return f"yes, {goal.a_year / firm:.1%} of the firm's goal"
    brings = f"its rep brings {part:.1%} of the firm's goal"
    if math.isnan(moves) or abs(moves) < HARDLY:
        return f"no: more effort does not move it; {brings}"
    both = f"more effort: {moves:+.0%} of it, {earns:+.0%} revenue; {brings}"
    return f"no: {both}" if earns < HARDLY else f"yes, {both}"
