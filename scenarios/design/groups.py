"""Groups of accounts that stay in one territory: a city, a postcode, a company with its subsidiaries.

The engine sees one unit a group; what it answers holds for all accounts of the group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from scenarios.design.borders import Links, links_of, neighbours
from scenarios.design.breaches import told
from scenarios.design.drawing import broken_by, draw
from scenarios.design.limits import round_down, round_up
from scenarios.design.request import Drawn, Request
from scenarios.problems import SHOWN, InputError
from sim.world import Floats, Ints

PARENTS = ("parent", "parent_id", "parentid", "parent_account", "parent_account_id", "parentaccountid")
NAMES = ("name", "account_name", "company")  # by which a parent may be called beside its id
NO_WEIGHT = 1e-12  # so that groups that weigh nothing have a middle, too


class Groups(NamedTuple):
    """Which accounts stay together; in the order of each group's first account."""

    of: Ints  # (n,) number of each account's group
    names: list[str]  # of the groups

    @property
    def sizes(self) -> Ints:
        """How many accounts each group has."""
        return np.bincount(self.of, minlength=len(self.names)).astype(np.int64)


def groups_by(column: str, words: dict[str, list[str]], ids: Sequence[str]) -> Groups:
    """The groups that a column makes: by its words, or as families where it names each account's parent.

    Capitals and spaces do not matter; an account without a word stands alone.
    """
    own = np.array(ids, dtype=object)
    if column in PARENTS:
        called = next((words[name] for name in NAMES if name in words), list(ids))
        label = related(own, np.array(words[column], dtype=object), np.array(called, dtype=object))
    else:
        tidy = (" ".join(word.split()).casefold() for word in words[column])
        label = np.array([word or f"\0{name}" for word, name in zip(tidy, ids, strict=True)], dtype=object)
    of = numbered(np.arange(len(own)), label)
    first, size = np.unique(of, return_index=True)[1], np.bincount(of)
    head = ids if column in PARENTS else words[column]
    return Groups(of, [f"{head[at]} ({n} accounts)" if n > 1 else ids[at] for at, n in zip(first, size, strict=True)])


def related(own: np.ndarray, parent: np.ndarray, name: np.ndarray) -> Ints:
    """A number for each account, (n,), the same for all that hang together by ``parent``.

    A parent is named by its account's id or name; whoever names a company that is no account belongs to the others
    that name it. A is parent of B, B of C: one family of three.

    >>> related(*np.array([["A", "B", "C", "D"], ["", "A", "B", ""], ["a", "b", "c", "d"]], dtype=object)).tolist()
    [0, 0, 0, 1]
    """
    by_name = set(parent) - set(own) - {""}
    child, called = parent != "", np.array([one in by_name for one in name], dtype=bool)
    ends = np.concatenate([own[child], own[called]]), np.concatenate([parent[child], name[called]])
    nodes, place = np.unique(np.concatenate([own, *ends]), return_inverse=True)
    one, other = place[len(own) : len(own) + len(ends[0])], place[len(own) + len(ends[0]) :]
    links = coo_array((np.ones(len(one)), (one, other)), shape=(len(nodes), len(nodes)))
    found: Ints = connected_components(links, directed=False)[1][place[: len(own)]].astype(np.int64)
    return found


def numbered(key: Ints, label: np.ndarray) -> Ints:
    """Labels as numbers in the order of the lowest key that has them, (n,).

    >>> numbered(np.array([3, 1, 2]), np.array(["a", "b", "a"])).tolist()
    [1, 0, 1]
    """
    order = np.argsort(key, kind="stable")
    _, first, place = np.unique(label[order], return_index=True, return_inverse=True)
    number = np.empty(len(key), dtype=np.int64)
    number[order] = first.argsort(kind="stable").argsort(kind="stable")[place]
    return number


def drawn_together(request: Request, groups: Groups) -> Drawn:
    """Territories of whole groups, as an answer for each account. Raises InputError where a rule can't be kept."""
    asked = gathered(request, groups)
    drawn = draw(asked)
    owner = drawn.owner[groups.of]
    free = request.homes is None and request.places is not None and request.longest_km > 0
    homes = _middles(request, owner, request.territories) if free else request.homes
    broken = tuple(told(broken_by(replace(request, homes=homes, contiguous=False), owner)))
    proven = f"{drawn.proven}, groups taken whole" if drawn.proven else ""
    binding = drawn.binding
    if asked.moved != request.moved:  # it would name what is left of the amount that was stated
        binding = tuple(one for one in binding if not one.startswith("most_moved "))
    return replace(drawn, owner=owner, proven=proven, binding=binding, broken=drawn.broken or broken)


def gathered(request: Request, groups: Groups) -> Request:
    """The request with one unit a group.

    Amounts are added up; a group stands in the weighted middle of its accounts and is today where most of it is, or
    where one of its accounts is locked. Somebody may have it who may have, and reaches, all of its accounts. What
    has to move so that it comes together is taken off what may be moved.

    Raises InputError where groups are fewer than territories, where accounts of one group are locked in two
    territories or fit nobody together, and where coming together alone moves more than may be.
    """
    of, count = groups.of, len(groups.names)
    problems = []
    if count < request.territories:
        few = f"{count} groups for {request.territories} territories: some would stay empty"
        problems.append(f"keep_together: {few}; take fewer territories, or keep smaller groups together")
    locked = None if request.locked is None else np.bincount(of, weights=request.locked, minlength=count) > 0
    today = _todays(request, groups, problems)
    fits = _fitting(request, groups, problems)
    astray = (request.today >= 0) & (request.today != today[of])
    moved = _what_is_left(request, astray, problems)
    if problems:
        raise InputError(problems)
    stays = request.weight * ~astray if request.aim == "change" else request.weight
    weight = _added(stays, groups)
    return replace(
        request,
        ids=groups.names,
        measures={name: _added(values, groups) for name, values in request.measures.items()},
        per_km={name: _added(values, groups) for name, values in request.per_km.items()},
        today=today,
        weight=weight if weight.any() else _added(request.weight, groups),
        places=None if request.places is None else _middles(request, of, count),
        neighbours=_links(request, groups) if request.contiguous else None,
        fits=fits,
        dearer=None if request.dearer is None else _mean(request, request.dearer, groups),
        locked=locked,
        moved=moved,
    )


def what_comes_together(request: Request, groups: Groups, column: str) -> str:
    """How many groups there are, the largest, and what has to move so that each is in one territory."""
    largest = groups.names[int(groups.sizes.argmax())]
    told = f"keep_together={column}: {request.units:,} accounts in {len(groups.names):,} groups, largest {largest}"
    astray = (request.today >= 0) & (request.today != _todays(request, groups, [])[groups.of])
    if not astray.any():
        return told
    split = np.unique(groups.of[astray]).size
    return f"{told}; split between territories today: {split:,}, accounts that move to mend that: {int(astray.sum()):,}"


def _added(values: Floats, groups: Groups) -> Floats:
    return np.bincount(groups.of, weights=values, minlength=len(groups.names)).astype(np.float64)


def _mean(request: Request, table: Floats, groups: Groups) -> Floats:
    """Each column's mean over a group, weighted, (groups, m)."""
    weight = np.maximum(request.weight, NO_WEIGHT)
    columns = [_added(weight * column, groups) for column in table.T]
    return np.stack(columns, axis=1) / _added(weight, groups)[:, None]


def _middles(request: Request, of: Ints, count: int) -> Floats:
    """The weighted middle of each of ``count`` sets of accounts, (count, 2) km."""
    assert request.places is not None
    weight = np.maximum(request.weight, NO_WEIGHT)
    total = np.bincount(of, weights=weight, minlength=count)
    sums = [np.bincount(of, weights=weight * axis, minlength=count) for axis in request.places.T]
    return np.stack([one / np.where(total > 0, total, 1.0) for one in sums], axis=1)


def _todays(request: Request, groups: Groups, problems: list[str]) -> Ints:
    """Where each group is today: with its locked accounts, else where most of its weight is; -1 where nowhere."""
    has, m = request.today >= 0, request.territories
    held = np.zeros((len(groups.names), m))
    weight = np.maximum(request.weight, NO_WEIGHT)
    np.add.at(held, (groups.of[has], request.today[has]), weight[has])
    today = np.where(held.any(axis=1), held.argmax(axis=1), -1).astype(np.int64)
    if request.locked is None:
        return today
    for group in np.unique(groups.of[request.locked]):
        rows = np.flatnonzero(request.locked & (groups.of == group))
        today[group] = request.today[rows[0]]
        other = rows[request.today[rows] != today[group]]
        if other.size:
            where = [f"{request.ids[row]} in {request.names[request.today[row]]}" for row in (rows[0], other[0])]
            problems.append(f"keep_together: {where[0]} and {where[1]} are locked, and belong to {groups.names[group]}")
    return today


def _fitting(request: Request, groups: Groups, problems: list[str]) -> NDArray[np.bool_] | None:
    """Who may have, and reaches from home, every account of a group, (groups, m); None where anybody may."""
    fits = request.fits
    rule = "matches"
    if request.longest_km > 0 and request.homes is not None and request.places is not None:
        away = np.sqrt(np.square(request.places[:, None] - request.homes[None]).sum(axis=2))
        near = away <= request.longest_km
        rule = "reaches" if fits is None else "matches and reaches"
        fits = near if fits is None else fits & near
    if fits is None:
        return None
    lost = np.ones((len(groups.names), request.territories), dtype=bool)
    np.logical_and.at(lost, groups.of, fits)
    nobody = np.flatnonzero(~lost.any(axis=1))
    problems += [f"keep_together: nobody {rule} all of {groups.names[one]}" for one in nobody[:SHOWN]]
    return lost


def _what_is_left(request: Request, astray: NDArray[np.bool_], problems: list[str]) -> dict[str, float]:
    """What may still be moved of each measure when the groups have come together."""
    left = {}
    for name, most in request.moved.items():
        values = request.values(name)
        mended = float(values[astray].sum()) / (float(values.sum()) or 1.0)
        if mended > most:
            told = f"most_moved {name}:{most:g} is impossible: keeping the groups together alone moves {mended:.1%}"
            problems.append(f"{told}; most_moved={name}:{round_up(mended):g} would allow that")
        left[name] = max(round_down(most - mended), 0.0) if mended else most
    return left


def _links(request: Request, groups: Groups) -> Links | None:
    """Groups border on each other where accounts of theirs do."""
    links = request.neighbours
    if links is None and request.places is not None:
        links = neighbours(request.places)
    if links is None:
        return None
    starts, ends = links
    pairs = np.column_stack([np.repeat(groups.of, np.diff(starts)), groups.of[ends]])
    return links_of(pairs, len(groups.names))
