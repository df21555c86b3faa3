"""The rules as limits of each territory, and what can be said of them before anything is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.design.request import Request
from sim.world import Floats

ROUNDING = 1e-9
KEPT = "kept "  # before a measure: how much of today's each territory keeps


class Limits(NamedTuple):
    """What a territory may have of each limited metric, in shares of the mean territory."""

    metrics: list[str]  # one may stand here twice, with limits that float and with others
    low: Floats  # (m, k)
    high: Floats  # (m, k)
    mean: Floats  # (k,) of a territory, in the metric's unit
    floats: NDArray[np.bool_]  # (k,) whether the limits are shares of the mean that territories get, whatever it is


def limits(request: Request, mean: dict[str, float]) -> Limits:
    """The limits that the rules make; ``mean`` is what a territory has on average of each metric.

    A mean of 100 hours, a tolerance of 0.05 and a maximum of 103 hours leave 0.95 to 1.03. The mean of what grows with
    the distance is known only afterwards: its band floats, and a maximum in hours stands apart. A territory that has 50
    accounts today, of which a tenth may leave, keeps 45 at least.
    """
    m = request.territories
    apart = [name for name in request.balance if name in request.per_km]
    fixed = [name for name in request.balance if name not in request.per_km]
    fixed = list(dict.fromkeys([*fixed, *request.minimum, *request.maximum, *request.capacity]))
    metrics = [*apart, *fixed]
    floats = np.arange(len(metrics)) < len(apart)
    low, high = np.zeros((m, len(metrics))), np.full((m, len(metrics)), np.inf)
    for at, name in enumerate(metrics):
        if name in request.balance and (floats[at] or name not in apart):
            band = request.tolerance / request.balance[name]
            low[:, at], high[:, at] = 1.0 - band, 1.0 + band
        if not floats[at]:
            middle = mean[name] or 1.0
            low[:, at] = np.maximum(low[:, at], request.minimum.get(name, 0.0) / middle)
            high[:, at] = np.minimum(high[:, at], request.maximum.get(name, np.inf) / middle)
            high[:, at] = np.minimum(high[:, at], request.capacity.get(name, np.full(m, np.inf)) / middle)
    middles = [mean[name] or 1.0 for name in metrics]
    for name, most in request.leaves.items():
        today = todays(request, name)
        middle = float(request.values(name).sum()) / m or 1.0
        metrics.append(KEPT + name)
        middles.append(middle)
        floats = np.append(floats, False)
        low = np.column_stack([low, today * (1.0 - most) / middle - ROUNDING])
        high = np.column_stack([high, today / middle + ROUNDING])
    high = np.where(np.isfinite(high), high, 2.0 * m)  # more than all that there is
    return Limits(metrics, np.maximum(low, 0.0), high, np.array(middles), floats)


def todays(request: Request, name: str) -> Floats:
    """What each territory has of a measure today, (m,)."""
    has = request.today >= 0
    values = request.values(name)[has]
    return np.bincount(request.today[has], weights=values, minlength=request.territories).astype(np.float64)


def off_band(request: Request, limit: Limits, total: Floats) -> list[str]:
    """Which bands were not reached though nothing shows that they can't be, and what was.

    ``total`` (m, k) is what territories have, in shares of the mean territory.
    """
    said = []
    off = deviation(total)
    for at, name in enumerate(limit.metrics):
        narrower = request.balance.get(name, 0.0)
        if narrower and off[at] * narrower > request.tolerance + 1e-6:
            said.append(
                f"band {request.tolerance / narrower:.3g} on {name} was not reached: the farthest territory is "
                f"{off[at]:.1%} off the mean; tolerance={round_up(off[at] * narrower):g} can be met"
            )
    return said


def deviation(total: Floats) -> Floats:
    """How far the farthest territory is from the mean of each metric, (k,), as a share of it. 80, 100, 120: 0.2."""
    mean = total.mean(axis=0)
    off: Floats = np.abs(total / np.where(mean > 0, mean, 1.0) - 1.0).max(axis=0, initial=0.0)
    return off


def impossible(request: Request, mean: dict[str, float], workable: Sequence[str] = ()) -> list[str]:
    """Reasons why no design can keep the rules, each with the amount that would do; empty where none is known.

    ``workable`` are amounts that a design was drawn with, as in ``maximum=potential:31``; without one, it is the least
    that may do: accounts are whole.
    """
    m = request.territories

    def would(rule: str, least: str) -> str:
        return next((one for one in workable if one.startswith(rule)), rule + least)

    said = []
    if m > request.units:
        said.append(f"{m} territories for {request.units} accounts: at most {request.units} territories can be drawn")
    for name, most in request.maximum.items():
        if mean[name] > most * (1 + 1e-9):
            need = int(np.ceil(mean[name] * m / most)) if most > 0 else request.units + 1
            more = f"it takes {need} territories or " if need <= request.units else "at least "
            least_of = max(mean[name], float(request.measures[name].max()))
            said.append(
                f"maximum {name}:{most:,g} is impossible: {m} territories of it are {most * m:,.0f}, the accounts have "
                f"{mean[name] * m:,.0f}; {more}" + would(f"maximum={name}:", f"{round_up(least_of):.6g}")
            )
    for name, least in request.minimum.items():
        if mean[name] < least * (1 - 1e-9) and name not in request.per_km:
            fits = int(mean[name] * m / least)
            fewer = f"it takes {fits} {'territories' if fits > 1 else 'territory'} or " if fits else "at most "
            said.append(
                f"minimum {name}:{least:,g} is impossible: {m} territories of it are {least * m:,.0f}, the accounts "
                f"have {mean[name] * m:,.0f}; {fewer}" + would(f"minimum={name}:", f"{round_down(mean[name]):.6g}")
            )
        if name in request.maximum and least > request.maximum[name]:
            said.append(f"minimum {name}:{least:,g} is more than maximum {name}:{request.maximum[name]:,g}")
    return said + _too_large(request, mean) + _locked_too_much(request, mean) + _kept_too_much(request, mean)


def _too_large(request: Request, mean: dict[str, float]) -> list[str]:
    """Single units that no territory can hold."""
    said = []
    for name, narrower in request.balance.items():
        values, band = request.measures[name], request.tolerance / narrower
        if not mean[name] or request.territories < 2 or name in request.per_km:
            continue  # what grows with distance has a mean that nobody knows yet
        worst = int(np.argmax(values))
        share = float(values[worst]) / mean[name]
        if share > 1.0 + band + 1e-9:
            said.append(
                f"band {band:.3g} on {name} is impossible: account {request.ids[worst]} alone is {share:.0%} of a "
                f"territory; tolerance={round_up((share - 1.0) * narrower):g} would hold it"
            )
    for name, most in request.maximum.items():
        worst = int(np.argmax(request.measures[name]))
        if request.measures[name][worst] > most * (1 + 1e-9) and mean[name] <= most * (1 + 1e-9):
            value = float(request.measures[name][worst])
            said.append(
                f"maximum {name}:{most:,g} is impossible: account {request.ids[worst]} alone has {value:,.4g}; "
                f"maximum={name}:{round_up(value):.6g} would hold it"
            )
    return said


def _locked_too_much(request: Request, mean: dict[str, float]) -> list[str]:
    """Territories whose locked units alone are more than they may have."""
    if request.locked is None or not request.locked.any():
        return []
    said = []
    for name, most in request.maximum.items():
        load = _locked_load(request, name)
        said += [
            f"what is locked in {request.names[j]} has {load[j]:,.4g} {name}, more than maximum {name}:{most:,g}: "
            f"unlock some of it, or maximum={name}:{round_up(float(load[j])):.6g}"
            for j in np.flatnonzero(load > most * (1 + 1e-9))
        ]
    for name, narrower in request.balance.items():
        if name in request.per_km:
            continue
        load = _locked_load(request, name)
        band = request.tolerance / narrower
        for j in np.flatnonzero(load > mean[name] * (1.0 + band) * (1 + 1e-9)):
            share = load[j] / mean[name]
            said.append(
                f"what is locked in {request.names[j]} is {share:.0%} of a territory in {name}: unlock some of it, or "
                f"tolerance={round_up((share - 1.0) * narrower):g}"
            )
    return said


def _locked_load(request: Request, name: str) -> Floats:
    """What each territory has of a measure that is locked in it, (m,)."""
    assert request.locked is not None
    kept = np.where(request.locked & (request.today >= 0), request.measures[name], 0.0)
    load = np.bincount(np.maximum(request.today, 0), weights=kept, minlength=request.territories)
    return load.astype(np.float64)


def _kept_too_much(request: Request, mean: dict[str, float]) -> list[str]:
    """Territories that may not give enough of what they have today to come into their limits."""
    limit, said = limits(request, mean), []
    for at, name in enumerate(limit.metrics):
        if name not in request.leaves or limit.floats[at]:
            continue
        today, most = todays(request, name), limit.high[:, at] * limit.mean[at]
        for j in np.flatnonzero(today * (1.0 - request.leaves[name]) > most * (1 + 1e-9)):
            told = f"most_moved_per_rep {name}:{request.leaves[name]:g} is impossible: {request.names[j]} has"
            has = f"{today[j] / limit.mean[at]:.0%} of a mean territory today"
            most_said = f"{limit.high[j, at]:.0%} is the most it may"
            cure = round_up(1.0 - float(most[j] / today[j]))
            said.append(f"{told} {has}, {most_said}; {name}:{cure:g} would do")
    return said


def round_up(value: float) -> float:
    """A little more, in three figures."""
    return _round(value, np.ceil)


def round_down(value: float) -> float:
    """A little less, in three figures."""
    return _round(value, np.floor)


def _round(value: float, way: np.ufunc) -> float:
    if value <= 0:
        return 0.0
    if abs(value - round(value)) < 1e-9 * value and 1.0 <= value < 1e6:
        return float(round(value))  # 34 accounts
    scale = 10.0 ** (np.floor(np.log10(value)) - 2)
    return float(f"{float(way(value / scale * (1 + 1e-9 if way is np.ceil else 1 - 1e-9))) * scale:.6g}")
