"""Whole territories on a map that falls apart: what the parts that do not touch make impossible, and what would do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scenarios.design.borders import Links, pieces
from scenarios.design.limits import round_down, round_up
from scenarios.design.request import Request
from sim.world import Floats, Ints

HALVINGS = 50
WIDEST = 1e6
NAMED = 3  # territories in a sentence


def apart(request: Request, links: Links | None) -> list[str]:
    """Reasons why no territories in one piece can keep the rules, each with the amount that would do."""
    if links is None:
        return []
    part, count = pieces(np.zeros(request.units, dtype=np.int64), links)
    if count == 1:
        return []
    said = _locked_apart(request, part)
    units = np.bincount(part)
    where = f"the accounts lie in {count} parts that do not touch"
    if count > request.territories:
        alone = request.ids[int(np.flatnonzero(part == int(units.argmin()))[0])]
        said.append(
            f"territories in one piece are impossible: {where} (the smallest has {units.min()} accounts, {alone} among "
            f"them), and there are {request.territories} territories; contiguous=no would do, or territories={count}"
            " where the other rules allow it, or borders between the parts"
        )
        return said
    sizes: dict[str, Floats] = {
        name: np.bincount(part, weights=values).astype(np.float64)
        for name, values in request.measures.items()
        if name not in request.per_km and values.sum() > 0
    }
    mean = {name: float(size.sum()) / request.territories for name, size in sizes.items()}

    def fits(limits: dict[str, tuple[float, float]]) -> bool:
        return _fits([(sizes[name], *limit) for name, limit in limits.items()], units, request.territories)

    def band(tolerance: float) -> bool:
        wide = {name: tolerance / narrower for name, narrower in request.balance.items() if name in sizes}
        return fits({name: (max(1.0 - one, 0.0) * mean[name], (1.0 + one) * mean[name]) for name, one in wide.items()})

    rule = "is impossible with territories in one piece"
    if not band(request.tolerance):
        least = round_up(_least(band, request.tolerance))
        said.append(
            f"band {request.tolerance:.3g} {rule}: {where}, and they can't be shared out evenly; tolerance={least:g} "
            "would do for the parts, or contiguous=no"
        )
    for name, most in request.maximum.items():
        if name in sizes and mean[name] <= most and not fits({name: (0.0, most)}):
            least = round_up(_least(lambda more, name=name: fits({name: (0.0, more)}), most))  # type: ignore[misc]
            said.append(
                f"maximum {name}:{most:,g} {rule}: {where}; maximum {name}:{least:.6g} would do for the parts, or "
                "contiguous=no"
            )
    for name, fewest in request.minimum.items():
        if name in sizes and mean[name] >= fewest and not fits({name: (fewest, np.inf)}):
            less = _least(lambda less, name=name, fewest=fewest: fits({name: (fewest / less, np.inf)}), 1.0)  # type: ignore[misc]
            said.append(
                f"minimum {name}:{fewest:,g} {rule}: {where}; minimum {name}:{round_down(fewest / less):.6g} would do "
                "for the parts, or contiguous=no"
            )
    return said


def _fits(limits: list[tuple[Floats, float, float]], units: Ints, territories: int) -> bool:
    """Whether each part can have a number of territories so that their mean loads are within the limits.

    ``limits`` are the parts' sizes with the least and the most of a territory. Parts of 6 and 3, three territories,
    limits 2 to 4: two and one, 3 each, fit.
    """
    least, most = np.ones(len(units)), units.astype(np.float64)
    for size, under, over in limits:
        least = np.maximum(least, np.ceil(size / over - 1e-9)) if over > 0 else least
        most = np.minimum(most, np.floor(size / under + 1e-9)) if under > 0 else most
    return bool((least <= most).all() and least.sum() <= territories <= most.sum())


def _least(fits: Callable[[float], bool], tried: float) -> float:
    """The least amount above ``tried``, which does not fit, that does."""
    low, high = tried, max(2.0 * tried, 0.01)
    while not fits(high) and high < WIDEST * max(tried, 1.0):
        low, high = high, 2.0 * high
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if fits(middle) else (middle, high)
    return high


def _locked_apart(request: Request, part: Ints) -> list[str]:
    """Territories whose locked units lie in parts that do not touch."""
    if request.locked is None:
        return []
    kept = np.flatnonzero(request.locked & (request.today >= 0))
    held = np.unique(np.column_stack([request.today[kept], part[kept]]), axis=0)[:, 0]
    names = [request.names[j] for j in np.flatnonzero(np.bincount(held, minlength=request.territories) > 1)]
    if not names:
        return []
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    where = f"what is locked in {', '.join(names[:NAMED])}{more} lies in parts that do not touch"
    return [f"{where}: no territory in one piece can have it; unlock one of the parts, or contiguous=no"]
