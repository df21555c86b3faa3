"""Goal policies: who gets which quota or activity goal, from what is known at the end of last year.

Each is one plain function ``policy(last, options) -> Goals``; adding one is a function here, a line in `POLICIES`
and a file in `configs/goals/`. Only `from_file` needs no last year: its goals are the planner's own.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scenarios.goal_file import Goal, read_goals, whose
from scenarios.problems import InputError
from scenarios.schema import GoalsOptions
from scenarios.team import Team
from sim.world import WEEKS, Floats, GoalPolicy, Goals, Ints, LastYear

Policy = Callable[[LastYear, GoalsOptions], Goals]
FROM_FILE = "from_file"
QUOTA = "revenue"
CALLS = ("calls", "priority_calls")


def by_rep(values: Floats | Ints, owner: Ints, reps: int) -> Floats:
    """Sums of an account column over each rep's accounts: (n,) to (m,).

    >>> by_rep(np.array([1.0, 2.0, 4.0]), np.array([1, 0, 1]), 3)
    array([2., 5., 0.])
    """
    return np.bincount(owner, weights=values, minlength=reps).astype(np.float64)


def total_quota(last: LastYear, options: GoalsOptions) -> float:
    """The team's quota: ``stretch`` times the sales that last year's state made one expect."""
    return options.stretch * float(last.fluid_sales.sum())


def _nothing(last: LastYear) -> Floats:
    return np.zeros(last.reps)


def _parts(values: Floats, last: LastYear) -> Floats:
    """Each rep's part in the total of an account column; equal parts where the total is nothing.

    The total is added up account by account: added up by rep, its last bit would depend on who has what.
    """
    sums = by_rep(values, last.owner, last.reps)
    total = float(values.sum())
    return sums / total if total > 0.0 else np.full(last.reps, 1.0 / last.reps)


def none(last: LastYear, options: GoalsOptions) -> Goals:
    """No goals: reps work for their commission and their own drive."""
    return Goals(_nothing(last), _nothing(last), False, options.periods)


def quota_equal(last: LastYear, options: GoalsOptions) -> Goals:
    """The team's quota in equal parts, for all who have accounts."""
    has = by_rep(np.ones(len(last.owner)), last.owner, last.reps) > 0.0
    share = has / max(int(has.sum()), 1)
    return Goals(total_quota(last, options) * share, _nothing(last), False, options.periods)


def quota_potential(last: LastYear, options: GoalsOptions) -> Goals:
    """The team's quota by the estimated potential of each territory, tempered by last year's sales there."""
    share = options.belief_weight * _parts(last.belief, last) + (1.0 - options.belief_weight) * _parts(last.sales, last)
    return Goals(total_quota(last, options) * share, _nothing(last), False, options.periods)


def quota_history(last: LastYear, options: GoalsOptions) -> Goals:
    """The team's quota by what the accounts of each territory bought last year."""
    return Goals(total_quota(last, options) * _parts(last.sales, last), _nothing(last), False, options.periods)


def activity_any(last: LastYear, options: GoalsOptions) -> Goals:
    """A number of calls a week, on any account: last year's own calls times ``activity``."""
    calls = by_rep(last.calls, last.current, last.reps) / WEEKS
    return Goals(_nothing(last), options.activity * calls, False, options.periods)


def activity_priority(last: LastYear, options: GoalsOptions) -> Goals:
    """A number of calls a week on priority accounts: last year's on the accounts it now has."""
    calls = by_rep(last.calls * (last.priority > 0), last.owner, last.reps) / WEEKS
    return Goals(_nothing(last), options.activity * calls, True, options.periods)


def hybrid(last: LastYear, options: GoalsOptions) -> Goals:
    """Both: a quota by potential and an activity goal on priority accounts."""
    quota = quota_potential(last, options).quota
    return Goals(quota, activity_priority(last, options).activity, True, options.periods)


def ratcheted(quota: Floats, attained: Floats, growth: float, up: float, down: float) -> Floats:
    """Next year's quotas from this year's, (m,): ``Q * (1 + growth + up * max(A - 1, 0) - down * max(1 - A, 0))``.

    A (``attained``) is what was sold over the quota. A quota reached by 20 % above raises the next one by ``up`` times
    that.

    >>> ratcheted(np.array([100.0, 100.0]), np.array([1.2, 0.8]), 0.0, 0.5, 0.25).round(6).tolist()
    [110.0, 95.0]
    """
    return quota * (1.0 + growth + up * np.maximum(attained - 1.0, 0.0) - down * np.maximum(1.0 - attained, 0.0))


POLICIES: dict[str, Policy] = {
    "none": none,
    "quota_equal": quota_equal,
    "quota_potential": quota_potential,
    "quota_history": quota_history,
    "activity_any": activity_any,
    "activity_priority": activity_priority,
    "hybrid": hybrid,
}


def from_file(options: GoalsOptions, team: Team) -> Goals:
    """The planner's own goals: each rep's revenue as a quota, its calls a week, on priority accounts or any.

    What else a file asks for (`scenarios.goal_file`) is counted, and moves no rep. Raises InputError with everything
    that keeps the goals from being played.
    """
    if not options.file:
        raise InputError(["goals=from_file needs goals.file: a table with columns rep, measure, target, every"])
    goals = read_goals(options.file)
    reps = whose(goals, list(team.reps["id"]), list(team.reps["name"]), options.file)
    problems = [f"{options.file}, line {goal.line}: {lack}" for goal in goals for _, lack in goal.lacks]
    if problems:
        raise InputError(problems)
    made = as_goals(list(zip(goals, reps, strict=True)), len(team.reps), options)
    if not made.quota.any() and not made.activity.any():
        raise InputError([f"{options.file}: no rep has a goal for revenue or calls; there is nothing to play"])
    return made


def as_goals(goals: list[tuple[Goal, int]], reps: int, options: GoalsOptions) -> Goals:
    """What reps work for, of goals each with the row of its rep (-1: nobody's alone).

    A goal that is not said in known words moves nobody. Raises InputError for goals that can't be at once in one team.
    """
    quota, calls = np.zeros(reps), np.zeros(reps)
    played, problems = [], []
    for goal, rep in goals:
        if rep < 0 or goal.unsaid or goal.measure not in (QUOTA, *CALLS):
            continue
        column, amount = (quota, goal.a_year) if goal.measure == QUOTA else (calls, goal.a_year / WEEKS)
        if column[rep]:
            words = f"'{goal.rep}' has a goal for {goal.measure} already; keep one of them"
            problems.append(f"{options.file}, line {goal.line}: {words}")
        column[rep] = amount
        played.append(goal)
    kinds = {goal.measure for goal in played} - {QUOTA}
    periods = {goal.periods for goal in played if goal.measure == QUOTA}
    problems += _at_odds(options.file, kinds, periods)
    if problems:
        raise InputError(problems)
    return Goals(quota, calls, CALLS[1] in kinds, max(periods, default=options.periods))


def _at_odds(file: str, kinds: set[str], periods: set[int]) -> list[str]:
    """What goals can't be at once in one team."""
    found = []
    if len(kinds) > 1:
        found.append(f"{file}: goals for {' and '.join(CALLS)} stand beside each other; a team has one of the two")
    if len(periods) > 1:
        words = " and ".join(str(one) for one in sorted(periods))
        found.append(f"{file}: quotas with {words} periods a year stand beside each other; a team has one rhythm")
    return found


def goal_policy(options: GoalsOptions, team: Team | None = None) -> GoalPolicy:
    """The policy that the options name, ready for the simulation to call with each replication's last year.

    Raises InputError where the goals of a file can't be used.
    """
    ratchets = options.ratchet_up > 0.0
    if options.name == FROM_FILE:
        assert team is not None, "a file names reps"
        own = from_file(options, team)._replace(ratchets=ratchets)
        return lambda last: own
    policy = POLICIES[options.name]
    return lambda last: policy(last, options)._replace(ratchets=ratchets)
