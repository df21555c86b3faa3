"""Which units are neighbours, and whether territories hang together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay, QhullError, cKDTree

from sim.rule import loop
from sim.world import Floats, Ints

Links = tuple[Ints, Ints]  # (n + 1,) where each unit's neighbours start, and all of them, in rising order
APART = 1e-5  # of the land's width: how far units on one spot are set apart, so that they are neighbours


def links_of(pairs: Ints, n: int) -> Links:
    """Neighbours from pairs of rows (e, 2), in both directions, each once.

    >>> [part.tolist() for part in links_of(np.array([[0, 1], [2, 1]]), 3)]
    [[0, 1, 3, 4], [1, 0, 2, 1]]
    """
    both = np.concatenate([pairs, pairs[:, ::-1]])
    both = np.unique(both[both[:, 0] != both[:, 1]], axis=0)
    starts = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(both[:, 0], minlength=n), out=starts[1:])
    return starts, np.ascontiguousarray(both[:, 1], dtype=np.int64)


def neighbours(places: Floats) -> Links:
    """Neighbours on the map, (n, 2) km: pairs with no other unit in the circle between them (Gabriel's graph).

    Units on one spot are set apart by a hair, in the order of their rows. All units hang together.
    """
    n = len(places)
    if n < 2:
        return links_of(np.empty((0, 2), dtype=np.int64), n)
    where = _apart(places)
    edges = _edges(where)
    centre = where[edges].mean(axis=1)
    reach = np.square(where[edges[:, 0]] - centre).sum(axis=1)
    nearest = cKDTree(where).query(centre)[0]
    gabriel = edges[np.square(nearest) >= reach * (1.0 - 1e-9)]
    links = links_of(gabriel, n)
    return links if pieces(np.zeros(n, dtype=np.int64), links)[1] == 1 else links_of(edges, n)


def _apart(places: Floats) -> Floats:
    """The places, those that stand on one another a hair apart on a spiral."""
    _, spot, count = np.unique(places, axis=0, return_inverse=True, return_counts=True)
    spot = spot.ravel()
    order = np.argsort(spot, kind="stable")
    rank = np.empty(len(places), dtype=np.int64)
    rank[order] = np.arange(len(places)) - np.repeat(np.cumsum(count) - count, count)
    width = max(float(np.ptp(places, axis=0).max()), 1.0)
    turn = 2.399963229728653 * rank  # the golden angle, so that no three stand in a line
    away = APART * width * np.sqrt(rank)
    moved: Floats = places + np.column_stack([away * np.cos(turn), away * np.sin(turn)])
    return moved


def _edges(where: Floats) -> Ints:
    """Sides of the triangles between units, (e, 2); a chain along the land where all lie in a line."""
    try:
        triangles = Delaunay(where).simplices.astype(np.int64)
        found = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    except QhullError:
        order = np.lexsort(where.T)
        found = np.column_stack([order[:-1], order[1:]]).astype(np.int64)
    return np.unique(np.sort(found, axis=1), axis=0)


def pieces(owner: Ints, links: Links) -> tuple[Ints, int]:
    """The piece of connected units of one territory that each unit is in, (n,), and how many pieces there are.

    >>> pieces(np.array([0, 1, 0]), links_of(np.array([[0, 1], [1, 2]]), 3))[1]
    3
    """
    starts, ends = links
    n = len(owner)
    start = np.repeat(np.arange(n), np.diff(starts))
    inside = owner[start] == owner[ends]
    graph: csr_matrix = coo_matrix((np.ones(inside.sum()), (start[inside], ends[inside])), shape=(n, n)).tocsr()
    count, piece = connected_components(graph, directed=False)
    return piece.astype(np.int64), int(count)


def mended(owner: Ints, links: Links, price: Floats, near: Ints) -> Ints:
    """The same territories, each in one piece: units of smaller pieces go to the cheapest neighbouring territory.

    ``near`` and ``price`` (n, c) are the territories that a unit may go to and what that costs. A unit that touches
    none of them stays.
    """
    owner = owner.copy()
    starts, ends = links
    while True:
        loose = _loose(owner, links)
        moved = False
        for i in np.flatnonzero(loose):
            touching = ends[starts[i] : starts[i + 1]]
            around = set(owner[touching[~loose[touching]]].tolist()) - {int(owner[i])}
            fine = [place for place in range(near.shape[1]) if near[i, place] in around]
            if fine:
                owner[i] = near[i, min(fine, key=lambda place: (price[i, place], near[i, place]))]
                loose[i] = False
                moved = True
        if not moved:
            return owner


def _loose(owner: Ints, links: Links) -> NDArray[np.bool_]:
    """Units that are not in the largest piece of their territory, (n,); of equal pieces the first is the largest."""
    piece, count = pieces(owner, links)
    size = np.bincount(piece, minlength=count)
    of = np.zeros(count, dtype=np.int64)
    of[piece] = owner
    main = np.full(int(owner.max()) + 1, -1, dtype=np.int64)
    for one in np.lexsort((-np.arange(count), size)):  # the largest comes last, and stays
        main[of[one]] = one
    return np.asarray(main[owner] != piece)


@loop
def stays_whole(i: int, owner: Ints, starts: Ints, ends: Ints, seen: Ints, queue: Ints, mark: int) -> bool:
    """Whether the territory of unit ``i`` still hangs together without it; one that would be empty does not count.

    ``seen`` (n,) holds marks of earlier questions, all less than ``mark``; ``queue`` (n,) is scratch.
    """
    a = owner[i]
    wanted = 0
    first = -1
    for e in range(starts[i], starts[i + 1]):
        if owner[ends[e]] == a:
            wanted += 1
            first = ends[e]
    if wanted == 0:
        return False
    if wanted == 1:
        return True
    seen[i] = mark
    seen[first] = mark
    queue[0] = first
    head, tail, found = 0, 1, 1
    while head < tail:
        u = queue[head]
        head += 1
        for e in range(starts[u], starts[u + 1]):
            v = ends[e]
            if owner[v] == a and seen[v] != mark:
                seen[v] = mark
                queue[tail] = v
                tail += 1
                for back in range(starts[v], starts[v + 1]):
                    if ends[back] == i:
                        found += 1
                if found == wanted:
                    return True
    return False
