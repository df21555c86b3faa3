"""Ways to call: a visit, a phone call, an e-mail; and which of them each account gets.

Each policy is one plain function ``policy(seen, options) -> way (n,)``; adding one is a function here, a line in
`POLICIES` and a file in `configs/channels/`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from scenarios.market import Market
from scenarios.problems import InputError, nearest
from scenarios.schema import ChannelsOptions
from scenarios.team import Team
from scenarios.workload import hours_at, kilometres
from sim.behaviour import Behaviour
from sim.world import Channels, Floats, Ints

WAYS = ("visit", "phone", "email")
VISIT, PHONE, EMAIL = range(3)
COUNTS = (1, 1, 0)  # towards an activity goal: an e-mail is no call
TRAVELS = (1, 0, 0)
MOST = 10.0  # of a factor on an effect


class Seen(NamedTuple):
    """What a policy sees of n accounts."""

    small: np.ndarray  # (n,) whether planners think it small
    km: Floats  # (n,) from its rep's home
    hours: Floats  # (n, ways) of one call, the way included
    effect: Floats  # (n, ways) what a call adds to goodwill; a visit: 1


Policy = Callable[[Seen, ChannelsOptions], Ints]


def _visit_but(where: np.ndarray, way: int) -> Ints:
    return np.where(where, way, VISIT).astype(np.int64)


def visits(seen: Seen, options: ChannelsOptions) -> Ints:
    """Everybody is visited, as today."""
    return np.full(seen.km.size, VISIT, dtype=np.int64)


def phone(seen: Seen, options: ChannelsOptions) -> Ints:
    """Everybody is phoned."""
    return np.full(seen.km.size, PHONE, dtype=np.int64)


def phone_small(seen: Seen, options: ChannelsOptions) -> Ints:
    """Small accounts are phoned, the others visited."""
    return _visit_but(seen.small, PHONE)


def phone_far(seen: Seen, options: ChannelsOptions) -> Ints:
    """Accounts farther than ``far_km`` from their rep's home are phoned, the others visited."""
    return _visit_but(seen.km > options.far_km, PHONE)


def best(seen: Seen, options: ChannelsOptions) -> Ints:
    """Each account gets what adds most goodwill an hour, the way included; of equal ways the one that is nearer to a
    visit. 60 km from home a visit takes 1.65 hours, so 1 / 1.65 = 0.61; a phone call 0.5 / 0.4 = 1.25.
    """
    way: Ints = np.argmax(seen.effect / seen.hours, axis=1).astype(np.int64)
    return way


POLICIES: dict[str, Policy] = {
    "visits": visits,
    "phone": phone,
    "phone_small": phone_small,
    "phone_far": phone_far,
    "best": best,
}


def channels(
    options: ChannelsOptions, market: Market, team: Team, owner: Ints, behaviour: Behaviour, shorter: float = 1.0
) -> Channels | None:
    """The ways to call and which one each account gets from ``owner`` (n,), its rep's row; None: all are visited.

    ``shorter`` is a factor on the length of every call, as templates bring it. Raises InputError for an industry, way
    or factor that is none, and for distances in a market without places.
    """
    industries = list(team.fit_industry.columns)
    effect = np.array([1.0, options.phone_effect, options.email_effect])[:, np.newaxis] * factors(options, industries)
    talk = np.array([behaviour.call_hours, options.phone_hours, options.email_hours]) * shorter
    if options.name == "phone_far" and not market.has_places:
        raise InputError(["channels=phone_far: this market has no places, so nothing is far; try channels=phone_small"])
    if options.name == "visits" and (effect[VISIT] == 1.0).all():
        return None
    of_industry = pd.Index(industries).get_indexer(pd.Index(market.accounts["industry"]))
    km = kilometres(market.accounts, team.reps, owner) if market.has_places else np.zeros(owner.size)
    one = np.ones(owner.size)
    hours = [
        hours_at(km * goes, one, behaviour._replace(call_hours=float(length)))
        for goes, length in zip(TRAVELS, talk, strict=True)
    ]
    small = (market.accounts["size"] == "small").to_numpy(np.bool_)
    seen = Seen(small, km, np.stack(hours, axis=1), effect[:, of_industry].T)
    return Channels(
        hours=talk,
        bond=np.array([1.0, options.phone_bond, options.email_bond]),
        counts=np.array(COUNTS, dtype=np.int64),
        travels=np.array(TRAVELS, dtype=np.int64),
        effect=np.ascontiguousarray(effect),
        of=POLICIES[options.name](seen, options),
    )


def worth(channels: Channels | None, industry: Ints) -> Floats:
    """What one call of each account adds to goodwill, in visits: (n,); ``industry`` (n,) are columns of the effect."""
    if channels is None:
        return np.ones(industry.size)
    effect: Floats = channels.effect[channels.of, industry]
    return effect


def factors(options: ChannelsOptions, industries: list[str]) -> Floats:
    """What ``by_industry`` says, (ways, industries); 1 where it says nothing.

    >>> factors(ChannelsOptions(by_industry="phone: Retail 1.3, Food 0.8"), ["Food", "Retail"]).tolist()
    [[1.0, 1.0], [0.8, 1.3], [1.0, 1.0]]

    Raises InputError with everything that can't be understood.
    """
    table, problems = np.ones((len(WAYS), len(industries))), []
    names = {name.casefold(): place for place, name in enumerate(industries)}
    for sentence in (" ".join(part.split()) for part in re.split(r"[;\n]", options.by_industry)):
        if not sentence:
            continue
        way, colon, said = (part.strip() for part in sentence.partition(":"))
        way = way.casefold().replace("e-mail", "email")
        if not colon:
            problems.append(f"'{sentence}': it goes WAY: INDUSTRY FACTOR, as in 'phone: Retail 1.3, Food 0.8'")
            continue
        if way not in WAYS:
            problems.append(f"'{sentence}': there is no way to call '{way}'; {nearest(way, WAYS)}")
            continue
        for part in said.split(","):
            found = re.fullmatch(r"(.+) (\d+(?:\.\d+)?)", part.strip())
            if not found:
                problems.append(f"'{sentence}': '{part.strip()}' is not an industry and a factor, as in 'Retail 1.3'")
            elif found[1].casefold() not in names:
                problems.append(f"'{sentence}': no industry '{found[1]}'; {nearest(found[1], industries)}")
            elif float(found[2]) > MOST:
                problems.append(f"'{sentence}': {found[2]} is not a factor from 0 to {MOST:g}")
            else:
                table[WAYS.index(way), names[found[1].casefold()]] = float(found[2])
    if problems:
        raise InputError([f"channels.by_industry: {problem}" for problem in problems])
    return table
