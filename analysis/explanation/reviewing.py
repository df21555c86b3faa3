"""When a plan is looked at again, as days where its year has a first one, and what is looked at then."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from analysis.words import listing

WHEN = {
    "annual": "between two years",
    "quarterly": "at the end of three quarters",
    "monthly": "at the end of every month",
    "triggered": "looked at every month, held where a territory strays",
}
DONE = {
    "reactive": "territories behind on attainment get accounts from neighbours who are ahead",
    "proactive": "work goes to where there will be hours for it: hours that accounts need, by what their region buys "
    "by then, over hours there are",
    "rebalance": "workload is levelled: hours that accounts need over hours there are",
    "requota": "no account moves; what is left of each quota follows what its regions buy by then",
    "backfill": "the best fifth of the accounts of an empty place goes to neighbours",
}
MEASURED = {
    "attainment": "attainment: sales so far over the pace",
    "opportunity": "what accounts may still ask for over what is missing to the quota",
    "coverage": "calls made over calls needed",
    "workload": "hours needed over hours there are",
    "pipeline": "pipeline cover: what is open over what is missing to the quota",
    "trend": "sales of the last quarter over those before",
}
AT_QUARTERS = "territory track {plan} EXPORT holds the year so far against what stands here"


class Reviewing(NamedTuple):
    """The weeks after which the plan's own reviews are, and the first day of its year where there is one."""

    weeks: tuple[int, ...] = ()
    starts: dt.date | None = None

    def after(self, week: int) -> str:
        """The end of a week in words: 'week 13', or the day. The 1st of January begins a year: week 13 ends on 1 April.

        >>> Reviewing().after(13), Reviewing(starts=dt.date(2026, 1, 1)).after(13)
        ('week 13', '2026-04-01')
        """
        return f"week {week}" if self.starts is None else (self.starts + dt.timedelta(days=7 * week - 1)).isoformat()


def sentence(reviewing: Reviewing, options: dict[str, Any], plan: str) -> str:
    """When the plan is looked at, what for and what is done; for one without reviews, when it can be compared."""
    name = str(options.get("name", "none"))
    compared = AT_QUARTERS.format(plan=plan)
    if name not in WHEN or not reviewing.weeks:
        ends = listing([reviewing.after(week) for week in (13, 26, 39, 52)])
        return f"This plan has no reviews. At the ends of quarters, {ends}, {compared}."
    policy, after = str(options["policy"]), listing([reviewing.after(week) for week in reviewing.weeks], 12)
    strays = ""
    if name == "triggered":
        strays = f" by more than {100 * float(options['trigger']):.0f} % in {MEASURED[str(options['measure'])]}"
    return (
        f"Reviews are {WHEN[name]}{strays}: after {after}. What is done then: {DONE[policy]}. "
        f"At the ends of quarters {compared}."
    )
