"""A territory's plan as numbers: what is in it by segment, what work that is, and how its year may go, date by date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cuts import QUARTERS, names, quarter_of_potential
from analysis.explanation.balance import index_of
from analysis.metrics import first_team
from analysis.played import Played
from sim.world import WEEKS

Values = NDArray[np.float64]

KINDS = ("quarter", "industry", "region")  # of segments; a quarter is one of the whole market's estimated potential
MOST_SEGMENTS = 6  # of one kind in one territory; the smaller ones are joined
QUARTER_ENDS = (13, 26, 39, 52)
BANDS = (0.1, 0.25, 0.5, 0.75, 0.9)
SEGMENT_COLUMNS = (
    "kind", "segment", "accounts", "potential", "need", "calls", "priority_calls", "hours", "revenue",
    "potential_share", "hours_share", "revenue_share", "revenue_low", "revenue_high",
)  # fmt: skip
FEW = 5  # years; of fewer no chance is told


class Spread(NamedTuple):
    """P10, median and P90 of the years played."""

    low: float
    typical: float
    high: float


def spread(years: Values) -> Spread:
    """Of one value a year; of none that is known, missing. [1, 2, 3, 4, 5] → 1.4, 3, 4.6."""
    known = years[np.isfinite(years)]
    return Spread(*np.quantile(known, (0.1, 0.5, 0.9)).tolist()) if known.size else Spread(*3 * (float("nan"),))


class Effort(NamedTuple):
    """The work in a territory, a year: what accounts need, what there is, what the years played used."""

    hours_needed: float
    hours_there: float
    load: float  # hours needed over those of the mean territory
    hours: Spread  # used
    travel: Spread  # of these on the road, share
    need: float  # calls that accounts need
    calls: Spread  # that they get
    coverage: Spread  # calls, each worth what it does, over calls needed
    priority: int  # priority accounts
    priority_calls: Spread
    vacant: Spread  # weeks in which nobody holds the place


@dataclass(frozen=True)
class Territory:
    """One territory's plan.

    ``segments``, a row a kind and segment: accounts, potential (estimated), need, calls and priority_calls (mean a
    year), hours (mean a year), hours_share, potential_share and revenue_share (of the territory), revenue
    (mean), revenue_low, revenue_high (P10, P90).

    ``weeks``, a row a week: p10 to p90 of sales so far, and on_pace: what has to be sold by then to reach the mean
    quota, as the sales of the mean year come in; missing without a quota.

    ``dates``, a row a week after which the plan is looked at or a quarter ends: week, look, on_pace, low, typical, high
    (of sales so far), ahead (the number of years that were on pace or ahead of it), reached_ahead and reached_behind
    (how often the quota was reached in these, and in the others; missing of fewer than FEW years), calls_low, calls,
    calls_high (so far), coverage (typical, of what is needed by then), held (share of years in which a review was).
    """

    rep: str
    name: str
    years: int
    segments: pd.DataFrame
    effort: Effort
    weeks: pd.DataFrame
    dates: pd.DataFrame
    sales: Spread
    quotas: float  # all quotas of the plan together, money a year
    open_start: Spread  # listed value of open opportunities before week 1, money
    open_end: Spread  # after the last week
    cover_start: Spread  # the same over the quota
    cover_end: Spread


def territories(plan: Played, looks: Sequence[int]) -> list[Territory]:
    """The plan of everybody who is there when it begins, in the team's order; ``looks`` are its review weeks."""
    of = _Years(plan)
    called, there = names(plan), first_team(plan)
    index = dict(zip(there, index_of(plan, "hours_needed").tolist(), strict=True))
    ids = plan.reps["id"].astype(str).tolist()
    made = []
    for row, rep in enumerate(ids):
        if rep not in index:
            continue
        mine = (of.rep == rep).nonzero()[0]
        cents_start, cents_end = of.open_start[:, mine].sum(axis=1), of.open_end[:, mine].sum(axis=1)
        quota = np.where(of.quota[:, row] > 0, of.quota[:, row], np.nan)
        made.append(
            Territory(
                rep=rep,
                name=called[rep],
                years=len(plan.replications),
                segments=of.segments(mine),
                effort=of.effort(row, mine, index[rep]),
                weeks=of.by_week(row),
                dates=of.dates(row, mine, looks),
                sales=spread(of.so_far[:, -1, row]),
                quotas=float(of.quota.mean(axis=0).sum()),
                open_start=spread(cents_start / 100),
                open_end=spread(cents_end / 100),
                cover_start=spread(cents_start / 100 / quota),
                cover_end=spread(cents_end / 100 / quota),
            )
        )
    return made


class _Years:
    """What all territories are cut from, read and added up once."""

    def __init__(self, plan: Played) -> None:
        accounts = plan.accounts
        self.plan, self.reps = plan, plan.reps
        self.rep = accounts["rep"].astype(str).to_numpy()
        estimated = accounts.assign(potential=accounts["estimated_potential"])
        self.labels = {
            "quarter": quarter_of_potential(estimated).to_numpy(dtype=object),
            **{kind: accounts[kind].fillna("").astype(str).to_numpy(dtype=object) for kind in KINDS[1:]},
        }
        self.worth = accounts["call_worth"].to_numpy(float) if "call_worth" in accounts else np.ones(len(accounts))
        self.need = accounts["need"].to_numpy(float)
        self.hours_needed = accounts["hours_needed"].to_numpy(float)
        self.priority = accounts["priority"].to_numpy(bool)
        self.potential = accounts["estimated_potential"].to_numpy(float)
        self.calls, self.hours = plan.account_years("calls").astype(float), plan.account_years("hours")
        self.revenue = (plan.account_years("order_revenue") + plan.account_years("won_revenue")) / 100
        self.open_start, self.open_end = plan.account_years("open_value_start"), plan.account_years("open_value")
        self.quota = plan.goals("quota").astype(float)
        self.so_far = (plan.weeks("order_revenue") + plan.weeks("won_revenue")).cumsum(axis=1) / 100
        self.calls_so_far = plan.weeks("calls").cumsum(axis=1)
        self.bands = np.quantile(self.so_far, BANDS, axis=0)  # (bands, weeks, m)
        mean = self.so_far.mean(axis=0)
        self.gone = np.divide(mean, mean[-1], out=np.full_like(mean, np.nan), where=mean[-1] > 0)  # (weeks, m)
        self.reviews: NDArray[Any] = plan.weeks("reviewed").max(axis=2) > 0  # (R, weeks)

    def segments(self, mine: NDArray[np.intp]) -> pd.DataFrame:
        """Of the accounts ``mine``."""
        rows = []
        whole = {name: float(values.sum()) for name, values in self._of(mine).items()}
        for kind in KINDS:
            label, order = _joined(self.labels[kind][mine], self.potential[mine])
            for segment in [one for one in QUARTERS if one in order] if kind == "quarter" else order:
                some = mine[label == segment]
                values = {name: float(one.sum()) for name, one in self._of(some).items()}
                low, _, high = spread(self.revenue[:, some].sum(axis=1))
                shares = {
                    f"{name}_share": values[name] / whole[name] if whole[name] else float("nan")
                    for name in ("potential", "hours", "revenue")
                }
                rows.append(
                    {"kind": kind, "segment": segment, "accounts": len(some), **values, **shares}
                    | {"revenue_low": low, "revenue_high": high}
                )
        return pd.DataFrame(rows, columns=SEGMENT_COLUMNS)

    def _of(self, some: NDArray[np.intp]) -> dict[str, Values]:
        calls = self.calls[:, some].mean(axis=0)
        return {
            "potential": self.potential[some],
            "need": self.need[some],
            "calls": calls,
            "priority_calls": calls * self.priority[some],
            "hours": self.hours[:, some].mean(axis=0),
            "revenue": self.revenue[:, some].mean(axis=0),
        }

    def effort(self, row: int, mine: NDArray[np.intp], load: float) -> Effort:
        """Of the rep in ``row`` with the accounts ``mine``."""
        used, road = (self.plan.sums(column)[:, row].astype(float) for column in ("hours", "travel_hours"))
        need = float(self.need[mine].sum())
        worth = self.calls[:, mine] @ self.worth[mine]
        priority = mine[self.priority[mine]]
        return Effort(
            hours_needed=float(self.hours_needed[mine].sum()),
            hours_there=float(self.reps["hours"].iloc[row]) * WEEKS,
            load=load,
            hours=spread(used),
            travel=spread(np.divide(road, used, out=np.full_like(used, np.nan), where=used > 0)),
            need=need,
            calls=spread(self.calls[:, mine].sum(axis=1)),
            coverage=spread(worth / need if need else np.full(len(worth), np.nan)),
            priority=len(priority),
            priority_calls=spread(self.calls[:, priority].sum(axis=1)),
            vacant=spread(self.plan.sums("vacant")[:, row].astype(float)),
        )

    def by_week(self, row: int) -> pd.DataFrame:
        """Sales so far, and the pace."""
        table = pd.DataFrame({f"p{100 * share:.0f}": self.bands[at, :, row] for at, share in enumerate(BANDS)})
        table.insert(0, "week", np.arange(1, len(table) + 1))
        quota = float(self.quota[:, row].mean())
        return table.assign(on_pace=quota * self.gone[:, row] if quota > 0 else np.nan)

    def dates(self, row: int, mine: NDArray[np.intp], looks: Sequence[int]) -> pd.DataFrame:
        """After each week in ``looks`` and each quarter."""
        weeks = self.by_week(row).set_index("week")
        quota, gone = self.quota[:, row], self.gone[:, row]
        reached = np.asarray(self.so_far[:, -1, row] >= quota)
        visits = bool((self.worth[mine] == 1.0).all())  # coverage by week needs calls that are worth the same
        need = float(self.need[mine].sum())
        rows = []
        for week in sorted({*looks, *QUARTER_ENDS}):
            at = week - 1
            ahead = np.asarray(self.so_far[:, at, row] >= quota * gone[at])
            has_quota = bool((quota > 0).any())
            low, typical, high = spread(self.calls_so_far[:, at, row].astype(float))
            rows.append(
                {
                    "week": week,
                    "look": week in looks,
                    "on_pace": weeks["on_pace"][week],
                    "low": weeks["p10"][week],
                    "typical": weeks["p50"][week],
                    "high": weeks["p90"][week],
                    "ahead": int(ahead.sum()) if has_quota else 0,
                    "reached_ahead": _share_of(reached, ahead) if has_quota else np.nan,
                    "reached_behind": _share_of(reached, ~ahead) if has_quota else np.nan,
                    "calls_low": low,
                    "calls": typical,
                    "calls_high": high,
                    "coverage": typical / (need * week / WEEKS) if need and visits else np.nan,
                    "held": float(self.reviews[:, week].mean()) if week < self.reviews.shape[1] else np.nan,
                }
            )
        return pd.DataFrame(rows)


def _share_of(reached: NDArray[Any], some: NDArray[Any]) -> float:
    """How often it was reached in some of the years; missing of fewer than FEW."""
    return float(reached[some].mean()) if some.sum() >= FEW else float("nan")


def _joined(labels: NDArray[np.object_], potential: Values) -> tuple[NDArray[np.object_], list[str]]:
    """The segments of least potential under one name, where there are more than MOST_SEGMENTS; and the order of all."""
    sums = pd.Series(potential).groupby(labels).sum().sort_index().sort_values(ascending=False, kind="stable")
    order = [str(one) for one in sums.index]
    if len(order) <= MOST_SEGMENTS:
        return labels, order
    kept = order[: MOST_SEGMENTS - 1]
    others = f"{len(order) - len(kept)} others"
    return np.array([one if one in kept else others for one in labels], dtype=object), [*kept, others]
