"""What is watched each week, and of whom: territories, sales regions, the firm; the same for played and real years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Values = NDArray[np.float64]

MEASURES = {
    "calls": "calls made",
    "counted": "calls that count for the activity goal",
    "opened": "opportunities opened",
    "decided": "opportunities won or lost",
    "won": "opportunities won",
    "won_revenue": "money of these",
    "order_revenue": "money of recurring orders",
    "ordered": "recurring orders, each as many as it is of the account's usual ones",
    "open": "opportunities open after the week",
}
AT = {name: place for place, name in enumerate(MEASURES)}
TERRITORY, REGION, FIRM = "territory", "region", "firm"
MOST_REGIONS = 12  # more of them are small, and are watched as territories are


class Group(NamedTuple):
    """Accounts that are watched together."""

    name: str
    kind: str  # TERRITORY, REGION or FIRM


def groups(accounts: pd.DataFrame, reps: pd.DataFrame) -> tuple[list[Group], Values]:
    """Who is watched, and whose account each is, (n, g) of 0 and 1: territories as the plan drew them, then the rest.

    ``accounts`` has ``rep`` and ``region``. Regions are left out where there is one, or more than MOST_REGIONS.
    """
    rep, region = accounts["rep"].astype(str).to_numpy(), accounts["region"].astype(str).to_numpy()
    named = [(Group(str(name), TERRITORY), rep == str(one)) for one, name in zip(reps["id"], reps["name"], strict=True)]
    regions = sorted(set(region))
    if 1 < len(regions) <= MOST_REGIONS:
        named += [(Group(one, REGION), region == one) for one in regions]
    named.append((Group("the firm", FIRM), np.ones(len(accounts), dtype=np.bool_)))
    return [group for group, _ in named], np.column_stack([own for _, own in named]).astype(np.float64)


def watched(weeks: Mapping[str, NDArray[Any]], counts: Values, usual: Values, members: Values) -> Values:
    """Each measure of each group week by week, (…, weeks, g, K).

    ``weeks`` has the columns of `sim.record.ACCOUNT_WEEK` that are used here, (…, weeks, n), money in cents; ``counts``
    (n,) is 1 where a call counts for the activity goal, ``usual`` (n,) money of an account's usual order; ``members``
    (n, g) as `groups` makes them.

    Money of orders is that of a few large accounts; ``ordered`` counts an order of half the usual size as half an
    order, whoever's it is, so that many small changes the same way are seen.
    """
    each = np.where(usual > 0.0, usual, np.inf) * 100.0
    columns = {
        "calls": weeks["called"],
        "counted": weeks["called"] * counts,
        "opened": weeks["opened"],
        "decided": weeks["won"] + weeks["lost"],
        "won": weeks["won"],
        "won_revenue": weeks["won_revenue"] / 100.0,
        "order_revenue": weeks["order_revenue"] / 100.0,
        "ordered": weeks["order_revenue"] / each,
        "open": weeks["open"],
    }
    return np.stack([columns[name].astype(np.float64) @ members for name in MEASURES], axis=-1)


def so_far(values: Values, names: Sequence[str], first: int, week: int) -> Values:
    """Measures added up from week ``first`` (from 0) to before ``week``: (…, weeks, g, K) to (…, g).

    >>> weeks = np.ones((2, 52, 3, len(MEASURES)))
    >>> so_far(weeks, ["won_revenue", "order_revenue"], 9, 39)[0].tolist()
    [60.0, 60.0, 60.0]
    """
    picked = values[..., first:week, :, :][..., [AT[name] for name in names]]
    return np.asarray(picked.sum(axis=-1).sum(axis=-2))


def sales(values: Values, first: int, week: int) -> Values:
    """Money won and ordered in those weeks, (…, g)."""
    return so_far(values, ("won_revenue", "order_revenue"), first, week)
