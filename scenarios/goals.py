"""Goal policies: who gets which quota or activity goal, from what is known at the end of last year.

Each is one plain function ``policy(last, options) -> Goals``; adding one is a function here, a line in `POLICIES`
and a file in `configs/goals/`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scenarios.schema import GoalsOptions
from sim.world import Floats, GoalPolicy, Goals, Ints, LastYear

Policy = Callable[[LastYear, GoalsOptions], Goals]


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
    """The team's quota in equal parts."""
    share = np.full(last.reps, 1.0 / last.reps)
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
    calls = by_rep(last.calls, last.current, last.reps) / 52.0
    return Goals(_nothing(last), options.activity * calls, False, options.periods)


def activity_priority(last: LastYear, options: GoalsOptions) -> Goals:
    """A number of calls a week on priority accounts: last year's on the accounts it now has."""
    calls = by_rep(last.calls * (last.priority > 0), last.owner, last.reps) / 52.0
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


def goal_policy(options: GoalsOptions) -> GoalPolicy:
    """The policy that the options name, ready for the simulation to call with each replication's last year."""
    policy, ratchets = POLICIES[options.name], options.ratchet_up > 0.0
    return lambda last: policy(last, options)._replace(ratchets=ratchets)
