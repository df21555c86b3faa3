"""Which realignment would pay: the simulated years most like this one, with a review in the week that is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.compare import sure
from analysis.tracking.measures import Values
from command.tracking.plays import pay_of
from scenarios.build import Built
from scenarios.review import Held
from scenarios.review.known import known
from scenarios.review.policies import POLICIES
from scenarios.schema import ReviewOptions, Scenario
from scenarios.territory import staying
from sim.world import DEMAND, LEAVES, Changes, Events, Plan, Review, Seen, no_events

EARLIEST, LATEST = 4, 48  # weeks after which a review can still be tried


@dataclass(frozen=True)
class OnceMore:
    """The plan's own reviews, with one more in a week of its own."""

    week: int
    then: Held
    own: Review | None

    def __call__(self, seen: Seen) -> Changes | None:
        """What is changed; None where all stays."""
        return self.then(seen) if seen.week == self.week or self.own is None else self.own.policy(seen)


def with_changes(plan: Plan, drops: Sequence[tuple[int, float, np.ndarray]], leaves: Sequence[tuple[int, int]]) -> Plan:
    """The plan in a year in which demand changed, and reps left.

    ``drops``: week (from 0), change as a share, accounts concerned (n,); ``leaves``: week, row of the rep.
    """
    count = len(plan.owner)
    own = plan.events or no_events(count)
    rows = [(week, DEMAND, share, -1, concerned) for week, share, concerned in drops]
    rows += [(week, LEAVES, 0.0, seat, np.zeros(count, dtype=np.bool_)) for week, seat in leaves]
    if not rows:
        return plan
    week = np.array([*own.week, *(row[0] for row in rows)], dtype=np.int64)
    order = np.argsort(week, kind="stable")
    return replace(
        plan,
        events=Events(
            week=week[order],
            what=np.array([*own.what, *(row[1] for row in rows)], dtype=np.int64)[order],
            criterion=np.array([*own.criterion, *(0 for _ in rows)], dtype=np.int64)[order],
            amount=np.array([*own.amount, *(row[2] for row in rows)], dtype=np.float64)[order],
            seat=np.array([*own.seat, *(row[3] for row in rows)], dtype=np.int64)[order],
            concerns=np.concatenate([own.concerns, np.stack([row[4] for row in rows])])[order],
        ),
    )


def realignments(scenario: Scenario, built: Built, plan: Plan, years: Sequence[int], week: int) -> pd.DataFrame:
    """One row a policy: what a review after ``week`` weeks brings over none, in ``years``, each with its own luck.

    Columns: policy, moved (accounts, mean), contribution, low, high (P10, P90), better (share of years), sure (that
    the mean is above 0), after, after_sure (end value: margin of the half-year after), cost (in the contribution), none
    (contribution without it).
    """
    options = scenario.review
    stays = staying(built.market, built.team, scenario.territory)
    goes_by = known(built.market, built.team, plan.owner, built.behaviour, stays)
    none = pay_of(scenario, built, plan, years)
    rows = []
    for policy in POLICIES:
        held = Held(goes_by, ReviewOptions(**{**vars(options), "name": "quarterly", "policy": policy}))
        weeks = tuple(sorted({week, *(plan.review.weeks if plan.review else ())}))
        review = Review(weeks, OnceMore(week, held, plan.review), options.holdover)
        made = pay_of(scenario, built, replace(plan, review=review), years)
        moved = made.moves - none.moves
        price = options.price * len(built.team.reps) + options.move_price * moved
        brings = made.whole - none.whole  # its price is in it
        rows.append(_row(policy, moved, brings, made.after - none.after, price, none.whole))
    return pd.DataFrame(rows)


def _row(policy: str, moved: Values, brings: Values, after: Values, price: Values, none: Values) -> dict[str, object]:
    low, high = np.quantile(brings, (0.1, 0.9))
    return {
        "policy": policy, "moved": float(moved.mean()), "contribution": float(brings.mean()), "low": float(low),
        "high": float(high), "better": float((brings > 0).mean()), "sure": sure(brings), "after": float(after.mean()),
        "after_sure": sure(after), "cost": float(price.mean()), "none": float(none.mean()),
    }  # fmt: skip
