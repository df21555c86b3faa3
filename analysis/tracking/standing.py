"""Where a year stands after some weeks: each group's place in the plan's fan, and what drifts there, since when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.tracking.drift import KINDS, Detector, columns_of
from analysis.tracking.measures import AT, MEASURES, Group, Values, sales, so_far
from analysis.tracking.outlook import change, known

TOLD = 1.28  # spreads by luck from which a measure is named among those that a drift shows in: 8 in 10 lie inside
MOST_TOLD = 3
BANDS = (0.1, 0.25, 0.5, 0.75, 0.9)


class Change(NamedTuple):
    """What a measure brought since a week, beside what the weeks before it let expect of it."""

    measure: str
    share: float  # 0.2: a fifth more than expected
    off: float  # the same as a logarithm
    by_luck: float  # and its sd by luck alone


class Flag(NamedTuple):
    """One group that drifts: which kind of drift it is most like, when it was first told, since when it goes on."""

    group: int
    kind: str
    found: int  # week after which it was first above its limit
    since: int  # first week (from 0) of the block it began in
    times: float  # how many times its limit the score is
    changes: tuple[Change, ...]  # the measures it shows in, the clearest first


def place(values: Values, now: Values, first: int, week: int) -> pd.DataFrame:
    """Each group's sales so far in the fan: sold, low, middle, high (P10, P50, P90 of the plan), place (share below).

    ``values`` (R, weeks, g, K) are the plan's years, ``now`` (weeks, g, K) is this one.
    """
    sold, years = sales(now, first, week), sales(values, first, week)
    low, middle, high = np.quantile(years, (0.1, 0.5, 0.9), axis=0)
    below = (years < sold).mean(axis=0) + 0.5 * (years == sold).mean(axis=0)
    return pd.DataFrame({"sold": sold, "low": low, "middle": middle, "high": high, "place": below})


def fan(values: Values, now: Values, groups: Sequence[Group], first: int, week: int) -> pd.DataFrame:
    """One row a group and week: sales since the first week, p10 to p90 of the plan's years, and ``sold`` up to now."""
    money = (values[..., AT["won_revenue"]] + values[..., AT["order_revenue"]])[:, first:].cumsum(axis=1)
    own = (now[..., AT["won_revenue"]] + now[..., AT["order_revenue"]])[first:].cumsum(axis=0)
    spread = np.quantile(money, BANDS, axis=0)  # (bands, weeks, g)
    rows = []
    for g, group in enumerate(groups):
        table = pd.DataFrame({f"p{round(100 * share)}": spread[at, :, g] for at, share in enumerate(BANDS)})
        table.insert(0, "week", np.arange(first + 1, first + 1 + len(table)))
        table.insert(0, "kind", group.kind)
        table.insert(0, "group", group.name)
        rows.append(table.assign(sold=np.where(table["week"] <= week, own[:, g], np.nan)))
    return pd.concat(rows, ignore_index=True)


def flags(
    detector: Detector, limits: Values, values: Values, now: Values, recorded: Sequence[str], week: int
) -> list[Flag]:
    """What drifts, by group, after ``week`` weeks; a flag once raised is not taken back before the year ends.

    ``limits`` (2, kinds) as `limits.limits` makes them.
    """
    mine = columns_of(now, detector.columns)[None]
    limit = limits[detector.wide.astype(int)]  # (g, kinds)
    looks = [look for look in detector.looks if look <= week]
    scores = {look: np.abs(detector.scores(mine, look)[0]) for look in looks}
    times = np.stack([scores[look].max(axis=1) / limit for look in looks])  # (looks, g, kinds)
    found = []
    for g in np.flatnonzero((times >= 1.0).any(axis=(0, 2))):
        raised = looks[int(np.argmax((times[:, g] >= 1.0).any(axis=1)))]
        at, kind = np.unravel_index(int(np.argmax(times[:, g])), times[:, g].shape)
        begun = int(np.argmax(scores[looks[at]][g, :, kind]))
        since = detector.looks[looks[at]].edges[begun]
        told = changes(values, now, int(g), recorded, detector.first, since, week, detector.kinds[kind])
        found.append(Flag(int(g), detector.kinds[kind], raised, since, float(times[at, g, kind]), told))
    return found


def changes(
    values: Values, now: Values, group: int, recorded: Sequence[str], first: int, since: int, week: int, kind: str
) -> tuple[Change, ...]:
    """The measures that are off since a week, the clearest first; at least the clearest of the drift's own kind."""
    found = [changed(values, now, group, recorded, first, since, week, (name,)) for name in recorded if name in TELLING]
    found.sort(key=lambda one: -abs(one.off) / one.by_luck)
    clear = [one for one in found if abs(one.off) >= TOLD * one.by_luck][:MOST_TOLD]
    own = [one for one in found if one.measure in KINDS.get(kind, ())][:1]
    return tuple(clear if any(one in clear for one in own) else [*own, *clear][:MOST_TOLD])


TELLING = [name for name in MEASURES if name not in ("counted", "open", "won_revenue", "order_revenue")]


def changed(
    values: Values, now: Values, group: int, recorded: Sequence[str], first: int, since: int, week: int,
    names: tuple[str, ...],
) -> Change:  # fmt: skip
    """What the sum of measures brought from ``since`` to ``week``, beside what was expected of it by ``since``."""
    before, mine = (known(one, first, since, recorded)[..., group, :] for one in (values, now[None]))
    if since <= first:
        before, mine = before[:, :0], mine[:, :0]
    after, brought = (so_far(one, names, since, week)[..., group] for one in (values, now))
    off, by_luck = change(before, after, mine[0], float(brought))
    return Change(names[0], float(np.expm1(off)), off, by_luck)
