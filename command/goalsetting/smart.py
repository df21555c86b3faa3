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
    [(0, 1), (1, 2), (2, 3)]
    """
    first, end = 0, WEEKS
    if goal.since and goal.until and goal.since.year != goal.until.year:
        return [], "it goes over the end of a year; a played year begins on 1 January"
    if goal.since:
        first = _week(goal.since)
    if goal.until:
        end = _week(goal.until) + 1
    if not goal.every:
        return [(first, end)], ""
    periods = PERIODS[goal.every]
    starts = sorted({period_of(week, periods) for week in range(WEEKS)})
    inside = [(begins, ends) for begins, ends in starts if begins >= first and ends <= end]
    return inside, "" if inside else f"no whole {goal.every} lies between its days"


def _week(day: dt.date) -> int:
    return min(WEEKS - 1, (day.timetuple().tm_yday - 1) * WEEKS // 365)


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
        first, end = runs[0]
        own = in_own_hands([level[:, first:end].sum(axis=1) for level in by_level])
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
