"""Hard rules that an assignment breaks: where, by how much, and the amount that would do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from scenarios.design.borders import Links, pieces
from scenarios.design.choosing import Ground
from scenarios.design.limits import KEPT, round_down, round_up, todays
from sim.world import Floats, Ints

SLIPS = 1e-6  # what sums in another order make


class Breach(NamedTuple):
    """A rule that one territory breaks, or all together."""

    rule: str  # with the amount that was stated
    territory: int  # its row; -1: all together
    told: str  # where, and how much it is
    cure: str  # with the amount that would do


Held = Callable[[Ints], list[Breach]]  # what an owner (n,) breaks


def breaches(ground: Ground, owner: Ints, total: Floats, links: Links | None) -> list[Breach]:
    """Every hard rule that ``owner`` (n,) breaks, the worst of each rule first; ``total`` (m, k) in the limits' order.

    The band is none of them: how far off it a design is stands in what is said of it. A maximum of 34 accounts and
    territories of 30, 36 and 35: T2 has 36, maximum=accounts:36 would do; then T3.
    """
    has = total * ground.limit.mean
    return [
        *_amounts(ground, has),
        *_left(ground, total),
        *_moved(ground, owner),
        *_unfit(ground, owner),
        *_far(ground, owner),
        *_torn(ground, owner, links if ground.request.contiguous else None),
    ]


def told(found: Sequence[Breach]) -> list[str]:
    """A sentence for each rule that a design did not keep, on the territory that breaks it most."""
    said = dict[str, str]()
    for one in found:
        sentence = f"{one.rule} was not kept beside the other rules: {one.told}; {one.cure} would do"
        said.setdefault(one.rule, sentence)
    return list(said.values())


def since_when(made: Sequence[tuple[str, Ints]], held: Held) -> list[str]:
    """A sentence for each rule that a plan breaks after all changes, with the change since which it does.

    ``made`` are the changes in words, each with the owner (n,) after it.
    """
    broken = {(one.rule, one.territory): one for _, owner in made[-1:] for one in held(owner)}
    if not broken:
        return []
    said = []
    before = [{(one.rule, one.territory) for one in held(owner)} for _, owner in made[:-1]]
    for key, one in broken.items():
        place = len(made) - 1
        while place > 0 and key in before[place - 1]:
            place -= 1
        said.append(f"'{made[place][0]}': it breaks {one.rule}: {one.told}; {one.cure} would allow it")
    return said


def _amounts(ground: Ground, has: Floats) -> Iterator[Breach]:
    """Minimum, maximum and capacity; ``has`` (m, k) is what territories have."""
    request, limit = ground.request, ground.limit
    for at, name in enumerate(limit.metrics):
        if limit.floats[at] or name.startswith(KEPT):
            continue
        here = has[:, at]
        most, least = request.maximum.get(name, np.inf), request.minimum.get(name, 0.0)
        for j in np.argsort(-here, kind="stable"):
            if here[j] > most * (1 + SLIPS):
                enough = f"maximum={name}:{round_up(float(here.max())):.6g}"
                yield Breach(f"maximum {name}:{most:,g}", int(j), f"{request.names[j]} has {here[j]:,.6g}", enough)
        for j in np.argsort(here, kind="stable"):
            if here[j] < least * (1 - SLIPS):
                enough = f"minimum={name}:{round_down(float(here.min())):.6g}"
                yield Breach(f"minimum {name}:{least:,g}", int(j), f"{request.names[j]} has {here[j]:,.6g}", enough)
        for j in np.flatnonzero(here > request.capacity.get(name, np.full(len(here), np.inf)) * (1 + SLIPS)):
            rule = f"capacity of {request.names[j]}, {request.capacity[name][j]:,.6g} of {name},"
            yield Breach(rule, int(j), f"it has {here[j]:,.6g}", f"{round_up(float(here[j])):g}")


def _left(ground: Ground, total: Floats) -> Iterator[Breach]:
    """Territories that keep less of today's than they must."""
    request, limit = ground.request, ground.limit
    for at, name in enumerate(limit.metrics):
        if name.startswith(KEPT):
            measure = name.removeprefix(KEPT)
            today = todays(request, measure) / limit.mean[at]
            for j in np.flatnonzero(total[:, at] < limit.low[:, at] - SLIPS):
                left = 1.0 - float(total[j, at] / today[j])
                rule = f"most_moved_per_rep {measure}:{request.leaves[measure]:g} in {request.names[j]}"
                cure = f"most_moved_per_rep={measure}:{round_up(left):g}"
                yield Breach(rule, int(j), f"{left:.1%} leaves it", cure)


def _moved(ground: Ground, owner: Ints) -> Iterator[Breach]:
    """What changes territory in all."""
    request = ground.request
    gone = (owner != request.today) & (request.today >= 0)
    for name, most in request.moved.items():
        values = request.values(name)
        share = float(values[gone].sum()) / (float(values.sum()) or 1.0)
        if share > most + 1e-9:
            yield Breach(f"most_moved {name}:{most:g}", -1, f"{share:.1%} is", f"most_moved={name}:{round_up(share):g}")


def _unfit(ground: Ground, owner: Ints) -> Iterator[Breach]:
    """Accounts of somebody who does not match them."""
    request = ground.request
    if request.fits is None:
        return
    lost = ~request.fits[np.arange(request.units), owner]
    for j in np.unique(owner[lost]):
        rows = np.flatnonzero(lost & (owner == j))
        what = f"{rows.size} accounts of {request.names[j]}, such as {request.ids[rows[0]]}, need somebody who matches"
        yield Breach("must_match", int(j), what, "should_match instead")


def _far(ground: Ground, owner: Ints) -> Iterator[Breach]:
    """Accounts that are farther than may be from where their territory is served."""
    request = ground.request
    if request.longest_km <= 0 or ground.centres is None:
        return
    km = ground.km(owner[:, None])[:, 0]
    rule, a_km = ("longest_minutes", request.minutes_a_km) if request.minutes_a_km else ("longest_km", 1.0)
    far = km > request.longest_km * (1 + SLIPS)
    for j in np.unique(owner[far]):
        rows = np.flatnonzero(far & (owner == j))
        worst = rows[int(km[rows].argmax())]
        what = f"{rows.size} accounts of {request.names[j]} are farther, {request.ids[worst]} {km[worst] * a_km:,.4g}"
        yield Breach(f"{rule}={request.longest_km * a_km:g}", int(j), what, f"{rule}={round_up(km.max() * a_km):g}")


def _torn(ground: Ground, owner: Ints, links: Links | None) -> Iterator[Breach]:
    """Territories in more than one piece."""
    if links is None:
        return
    piece = pieces(owner, links)[0]
    for j in np.unique(owner):
        count = np.unique(piece[owner == j]).size
        if count > 1:
            yield Breach("contiguous=yes", int(j), f"{ground.request.names[j]} is in {count} pieces", "contiguous=no")
