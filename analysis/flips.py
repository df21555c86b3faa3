"""How wrong an assumption may be before another plan leads: from paired differences to a tidy frame.

Differences are the leading plan's contribution less another plan's, year by year on the same luck, with one input at
another value than is assumed and all others as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.compare import BETTER, WORSE, Comparison, verdict
from analysis.origin import shown

Years = NDArray[np.float64]

RESAMPLES, CONFIDENCE = 200, 0.95  # of the years, for the range that luck leaves a flip in
STEPS = 50  # along the way from what is assumed, on which resampled years are looked at
HALVINGS = 60
OUTSIDE, INSIDE, NONE = "outside", "inside", "none"
BEYOND = 4.0  # times as far as a flip its range is looked for, where a line may be followed


@dataclass(frozen=True)
class Tried:
    """One input and what was found with it at several values.

    ``points`` gives at each value, and for each other plan by key, the differences of the years that were played there,
    from year 0 on. Where the input enters linearly, ``slopes`` has what a unit of it adds to each of these differences.
    """

    key: str
    words: str
    unit: str
    low: float
    default: float
    high: float
    limits: tuple[float, float]
    points: Mapping[float, Mapping[str, Years]]
    slopes: Mapping[str, Years] | None = None

    def lead(self, value: float) -> tuple[str, Years]:
        """The plan that comes nearest to the leading one at a value that was tried, and the differences to it."""
        return nearest(self.at(value))

    def at(self, value: float) -> dict[str, Years]:
        """The differences to each plan at a value that was tried, of all years.

        Where only the first few were played, all years as assumed, each moved by what those few moved on average.
        """
        usual = self.points[self.default]
        return {
            key: years if years.size == usual[key].size else usual[key] + (years - usual[key][: years.size]).mean()
            for key, years in self.points[value].items()
        }

    @property
    def used(self) -> bool:
        """Whether it changes anything: some difference of some year at one of its ends."""
        usual = self.points[self.default]
        return any(
            not np.array_equal(years, usual[key][: years.size])
            for rivals in self.points.values()
            for key, years in rivals.items()
        )


def nearest(rivals: Mapping[str, Years]) -> tuple[str, Years]:
    """Of several plans the one that typically loses least, and its differences; of equal ones the first."""
    key = min(rivals, key=lambda one: float(np.median(rivals[one])))
    return key, rivals[key]


def leader(comparison: Comparison) -> tuple[str, tuple[str, ...]]:
    """The plan that wins the comparison, and those that could take the lead from it: by key.

    These are the baseline and the best plan that can be told apart from the winner. Where no plan beats the baseline it
    is the one that wins. No others where nothing can be told apart.
    """
    table, focus = comparison.table, comparison.focus
    said = str(comparison.row(focus)["verdict"])
    if said not in (BETTER, WORSE):
        return focus, ()
    if said == WORSE:
        return comparison.baseline, (focus,)
    money = comparison.paired()
    other = [str(key) for key in table["key"] if key not in (focus, comparison.baseline)]
    apart = [key for key in other if verdict((money[focus] - money[key]).to_numpy(), comparison.matters) == BETTER]
    return focus, (comparison.baseline, *apart[:1])


def differences(comparison: Comparison) -> dict[str, Years]:
    """The winner's paired differences to each plan that could take its lead, as things are assumed."""
    key, rivals = leader(comparison)
    money = comparison.paired()
    return {rival: (money[key] - money[rival]).to_numpy(np.float64) for rival in rivals}


def flips(tried: Sequence[Tried], matters: float) -> pd.DataFrame:
    """One row an input that changes anything, the one that flips soonest first.

    input, words, unit, low, default, high; at each of the three ``typical_*`` (median difference to the plan that comes
    nearest there), ``p10_*``, ``p90_*``, ``better_*`` (share of years), ``verdict_*``, ``against_*`` (that plan's key)
    and ``years_*`` (played there; where these are not all, see `Tried.at`); ``flip``, the value at which another plan
    leads, ``off``, how far that is from what is assumed as a part of it, ``flip_from`` and ``flip_to``, in which 95 of
    100 resamplings of the same years have it (missing: not between what is assumed and the end tried), ``leads`` (key
    of who then leads), ``where`` (inside what was tried, outside it, none) and ``far``: how far off it is, 1 being the
    end that was tried; ``other_flip`` where it flips on the other side too.
    """
    rows = [_row(one, matters) for one in tried if one.used]
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    swing = frame["typical_high"].sub(frame["typical_low"]).abs()
    frame = frame.assign(_none=frame["where"] == NONE, _swing=-swing)
    return frame.sort_values(["_none", "far", "_swing", "input"])[list(_COLUMNS)].reset_index(drop=True)


_SIDES = ("low", "default", "high")
_COLUMNS = (
    "input", "words", "unit", *_SIDES,
    *(f"{name}_{side}" for side in _SIDES
      for name in ("typical", "p10", "p90", "better", "verdict", "against", "years")),
    "flip", "off", "flip_from", "flip_to", "leads", "where", "far", "other_flip",
)  # fmt: skip


def _row(one: Tried, matters: float) -> dict[str, object]:
    row: dict[str, object] = {"input": one.key, "words": one.words, "unit": one.unit}
    for side, value in zip(_SIDES, (one.low, one.default, one.high), strict=True):
        against, years = one.lead(value)
        row |= {
            side: value,
            f"typical_{side}": float(np.median(years)),
            f"p10_{side}": float(np.quantile(years, 0.1)),
            f"p90_{side}": float(np.quantile(years, 0.9)),
            f"better_{side}": float((years > 0).mean()),
            f"verdict_{side}": verdict(years, matters),
            f"against_{side}": against,
            f"years_{side}": one.points[value][against].size,
        }
    found = sorted((f for f in (_flip(one, one.low), _flip(one, one.high)) if f), key=lambda flip: flip["far"])
    nothing: dict[str, Any] = dict.fromkeys(("flip", "flip_from", "flip_to", "far"), np.nan)
    nothing |= {"leads": "", "where": NONE}
    first = found[0] if found else nothing
    off = abs(float(first["flip"]) / one.default - 1.0) if one.default else np.nan
    return row | first | {"off": off, "other_flip": found[1]["flip"] if len(found) > 1 else np.nan}


def _flip(one: Tried, end: float) -> dict[str, Any]:
    """Where another plan takes the lead between what is assumed and an end; empty where none does."""
    reach = end - one.default
    if reach == 0.0 and one.slopes is None:
        return {}
    if one.slopes is None:
        value = _first(one, end)
        last = end
    else:
        last = _as_far_as(one, -1.0 if end == one.low else 1.0)
        value = None if last == one.default else _on_a_line(one, last)
    if value is None:
        return {}
    inside = min(one.low, one.high) <= value <= max(one.low, one.high)
    if one.slopes is not None:
        last = one.default + BEYOND * (value - one.default)
        last = min(max(last, one.limits[0]), one.limits[1])
    low, high = _range(one, last)
    step = 1e-9 * (abs(value - one.default) or 1.0) * np.sign(last - one.default)
    leads = min(one.points[one.default], key=lambda key: float(np.median(_at(one, key, value + step))))
    span = abs(reach) or max(abs(one.high - one.default), abs(one.low - one.default)) or 1.0
    where = INSIDE if inside else OUTSIDE
    far = abs(value - one.default) / span
    return {"flip": value, "flip_from": low, "flip_to": high, "leads": leads, "where": where, "far": far}


def _at(one: Tried, key: str, value: float) -> Years:
    """Each year's difference to one plan at any value: on the line, or between the two points that lie around it."""
    if one.slopes is not None:
        return one.points[one.default][key] + (value - one.default) * one.slopes[key]
    known = [at for at in sorted(one.points) if key in one.points[at]]
    place = int(np.clip(np.searchsorted(known, value), 1, len(known) - 1))
    before, after = known[place - 1], known[place]
    part = np.clip((value - before) / (after - before), 0.0, 1.0)
    found: Years = (1.0 - part) * one.at(before)[key] + part * one.at(after)[key]
    return found


def _ahead(one: Tried, value: float) -> float:
    """The typical difference to the plan that comes nearest."""
    return min(float(np.median(_at(one, key, value))) for key in one.points[one.default])


def _between(one: Tried, ahead: float, behind: float) -> float:
    """The value between one at which the plan leads and one at which it does not, by halving."""
    for _ in range(HALVINGS):
        middle = 0.5 * (ahead + behind)
        ahead, behind = (middle, behind) if _ahead(one, middle) > 0.0 else (ahead, middle)
    return behind


def _first(one: Tried, end: float) -> float | None:
    """The first crossing on the way to an end, between points that were played."""
    inside = [at for at in one.points if min(one.default, end) <= at <= max(one.default, end)]
    for ahead, behind in pairwise(sorted(inside, key=lambda at: abs(at - one.default))):
        if _ahead(one, behind) <= 0.0:
            return _between(one, ahead, behind)
    return None


def _as_far_as(one: Tried, direction: float) -> float:
    """A value in a direction at which the plan leads no more, on a line; what is assumed where there is none."""
    step = max(abs(one.high - one.default), abs(one.low - one.default)) or 1.0
    for _ in range(HALVINGS):
        value = min(max(one.default + direction * step, one.limits[0]), one.limits[1])
        if _ahead(one, value) <= 0.0:
            return value
        if value in one.limits:
            break
        step *= 2.0
    return one.default


def _on_a_line(one: Tried, last: float) -> float:
    return _between(one, one.default, last)


def _range(one: Tried, last: float) -> tuple[float, float]:
    """The range in which resampled years have the flip, nearest to what is assumed first; missing beyond ``last``."""
    usual = next(iter(one.points[one.default].values()))
    draws = np.random.default_rng(1).integers(0, usual.size, (RESAMPLES, usual.size))
    way = np.linspace(one.default, last, STEPS + 1)
    flips = np.full(RESAMPLES, np.inf)
    before = np.full(RESAMPLES, np.inf)
    for place, value in enumerate(way):
        ahead = np.min([np.median(_at(one, key, value)[draws], axis=1) for key in one.points[one.default]], axis=0)
        now = (ahead <= 0.0) & np.isinf(flips)
        if place == 0:
            flips[now] = 0.0
        else:
            part = before[now] / (before[now] - ahead[now])
            flips[now] = place - 1 + part
        before = ahead
    tail = (1.0 - CONFIDENCE) / 2.0
    places = np.sort(flips)
    ends = [float(places[int(np.floor(q * (RESAMPLES - 1)))]) for q in (tail, 1.0 - tail)]
    found = [one.default + end / STEPS * (last - one.default) if np.isfinite(end) else np.nan for end in ends]
    return found[0], found[1]


def regret(tried: Sequence[Tried], lead: str, told: pd.DataFrame) -> pd.DataFrame:
    """What each plan loses against the best of these plans in the same year, in each future: as assumed, and with the
    inputs of ``told`` at their ends. One row a future and plan: input, value, plan, ``regret`` (median),
    ``regret_bad_year`` (P95), ``years``.
    """
    by_key = {one.key: one for one in tried}
    rows: list[dict[str, object]] = []

    def add(name: str, value: float, rivals: Mapping[str, Years]) -> None:
        money = {lead: np.zeros(next(iter(rivals.values())).size), **{key: -years for key, years in rivals.items()}}
        best = np.max(list(money.values()), axis=0)
        for plan, years in money.items():
            lost = best - years
            rows.append(
                {"input": name, "value": value, "plan": plan, "regret": float(np.median(lost)),
                 "regret_bad_year": float(np.quantile(lost, 0.95)), "years": lost.size}
            )  # fmt: skip

    for place, name in enumerate(told["input"]):
        one = by_key[str(name)]
        if place == 0:
            add("", np.nan, one.at(one.default))
        for value in (one.low, one.high):
            if value != one.default:
                add(str(name), value, one.at(value))
    return pd.DataFrame(rows, columns=["input", "value", "plan", "regret", "regret_bad_year", "years"])


def figures(value: float) -> str:
    """A value of an input in three figures.

    >>> figures(0.013421), figures(1_372_400.0), figures(-0.25)
    ('0.0134', '1,370,000', '−0.25')
    """
    return shown(value, f"{float(f'{value:.3g}'):,.10g}".replace("-", "−"))
