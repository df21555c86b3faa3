"""What a review looks at: one figure a territory, each a plain function ``measure(seen, known) -> (m,)``.

Missing (NaN) where a territory has nothing to measure it by.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scenarios.review.known import Flags, Known, by_rep, there
from sim.rule import loop
from sim.world import WEEKS, Floats, Ints, Seen

QUARTER = 13
WEIGHT = 0.1  # of a year's sales: what a region's own sales must be before they count half


def _over(one: Floats, other: Floats) -> Floats:
    return np.asarray(np.divide(one, other, out=np.full(len(one), np.nan), where=other > 0.0))


def aimed_at(seen: Seen, known: Known) -> Floats:
    """Sales of the year that each territory aims at, (m,): the quota, or what its accounts bought last year."""
    return np.where(seen.quota > 0.0, seen.quota, by_rep(seen.last_year, seen, known))


def missing(seen: Seen, known: Known) -> Floats:
    """Sales that are missing to what is aimed at, (m,); between two years all of the next one's aim."""
    aim = aimed_at(seen, known)
    return aim - seen.weekly.sum(axis=0) if seen.week < WEEKS else aim


def attainment(seen: Seen, known: Known) -> Floats:
    """Attainment pace: sales so far / what is aimed at by now. 240,000 of 1,000,000 after a quarter: 0.96."""
    return _over(seen.weekly.sum(axis=0), aimed_at(seen, known) * known.gone(seen.week))


def trend(seen: Seen, known: Known) -> Floats:
    """Sales of the last quarter over those of the weeks before, as the season would have them; mean of the team 1."""
    recent = max(seen.week - QUARTER, seen.week // 2)
    late, early = seen.weekly[recent:].sum(axis=0), seen.weekly[:recent].sum(axis=0)
    expected = (1.0 - known.gone(recent) / known.gone(seen.week)) * (late + early)
    return _over(late, expected)


def coverage(seen: Seen, known: Known) -> Floats:
    """Calls made / calls needed by now."""
    hours = known.hours_with(seen.owner)
    needs = by_rep(hours, seen, known)
    made = by_rep(seen.calls.astype(np.float64), seen, known)
    a_call = needs.sum() / max(float(seen.calls.sum()), 1.0) * seen.week / WEEKS
    return _over(made * a_call, needs * seen.week / WEEKS)


def workload(seen: Seen, known: Known) -> Floats:
    """Hours that the accounts need in the rest of the year / hours there are."""
    return _over(by_rep(known.hours_with(seen.owner), seen, known) * seen.ahead / WEEKS, there(seen, known))


def pipeline(seen: Seen, known: Known) -> Floats:
    """Pipeline cover: listed value of what is open / what is still missing, a quarter of the year's aim at least."""
    least = 0.25 * aimed_at(seen, known)
    return _over(by_rep(seen.open_value, seen, known), np.maximum(missing(seen, known), least))


def demand(seen: Seen, known: Known) -> Floats:
    """Factor on what each account will ask for, (n,), as sales of its region so far tell beside those before the plan.

    ``(sales + k) / (that year's by now + k)``, k being WEIGHT of the region's whole year: little sold says little. Of
    accounts that were sold to before; where there were none, 1.
    """
    return _factor(seen.sales, seen.before, known.gone(seen.week), known)


def settled(seen: Seen, known: Known) -> Floats:
    """The same where only what has been sold is believed, (n,): the rest of the year is expected as last year's was.

    ``(sales + part of the year that is left * last year's) / those of the year before the plan``. A quarter brought a
    third more than usual: 0.25 x 1.33 + 0.75 = 1.08.
    """
    expected = seen.sales + (1.0 - known.gone(seen.week)) * seen.last_year
    return _factor(expected, seen.before, 1.0, known)


def _factor(sales: Floats, usual: Floats, gone: float, known: Known) -> Floats:
    factor, (now, before) = np.empty(len(known.region)), np.zeros((2, known.regions))
    _ask(known.region, known.new, sales, usual, gone, now, before, factor)
    return factor


@loop
def _ask(
    region: Ints, new: Flags, sales: Floats, usual: Floats, gone: float, now: Floats, before: Floats, factor: Floats
) -> None:  # fmt: skip
    """`demand`; ``now`` and ``before`` are room for each region's sales, and end as its factor and its usual year."""
    for i in range(region.size):
        if not new[i]:
            now[region[i]] += sales[i]
            before[region[i]] += usual[i]
    for r in range(now.size):
        k = WEIGHT * before[r]
        now[r] = (now[r] + k) / (before[r] * gone + k) if k > 0.0 else 1.0
    for i in range(region.size):
        factor[i] = now[region[i]]


def outlook(seen: Seen, known: Known) -> Floats:
    """What each account may ask for in the rest of the year, money, (n,): believed potential, as its region does."""
    return known.belief * demand(seen, known) * known.left(seen)


def opportunity(seen: Seen, known: Known) -> Floats:
    """Opportunity to quota: what accounts may ask for in the rest of the year / what is still missing to the aim."""
    least = 0.05 * aimed_at(seen, known)
    return _over(by_rep(outlook(seen, known), seen, known), np.maximum(missing(seen, known), least))


MEASURES: dict[str, Callable[[Seen, Known], Floats]] = {
    "attainment": attainment,
    "opportunity": opportunity,
    "coverage": coverage,
    "workload": workload,
    "pipeline": pipeline,
    "trend": trend,
}
