"""Outlines of territories on a map: each account's ground (Voronoi cells), joined and cut at the market's edge."""

from __future__ import annotations

import numpy as np
import shapely

from scenarios.design.places import Centre
from scenarios.places import degrees
from sim.world import Floats, Ints

MARGIN = 0.02  # of the market's width: how far the edge is outside the outermost accounts
LEAST_MARGIN_KM = 1.0


def outlines(places: Floats, owner: Ints, weight: Floats, count: int) -> list[shapely.Geometry]:
    """The ground of each of ``count`` territories, in km; empty where one has no account.

    On a spot with accounts of several territories, the ground is the one's with most weight there (ties: first row).
    """
    spots, at = np.unique(places, axis=0, return_inverse=True)
    at = at.reshape(-1)
    best = np.full(len(spots), -1, dtype=np.int64)
    most = np.full(len(spots), -1.0)
    pairs, pair_of = np.unique(at * count + owner, return_inverse=True)
    sums = np.bincount(pair_of.reshape(-1), weights=weight)
    for pair, total in zip(pairs.tolist(), sums.tolist(), strict=True):
        if total > most[pair // count]:
            most[pair // count], best[pair // count] = total, pair % count
    points = shapely.multipoints(spots)
    wide = max(LEAST_MARGIN_KM, MARGIN * float(np.ptp(spots, axis=0).max()))
    edge = shapely.convex_hull(points).buffer(wide, quad_segs=4)
    if len(spots) == 1:
        cells = np.array([edge])
    else:
        cells = np.array(shapely.voronoi_polygons(points, extend_to=edge.envelope, ordered=True).geoms)
    empty = shapely.Polygon()
    return [
        shapely.intersection(shapely.union_all(cells[best == row]), edge) if (best == row).any() else empty
        for row in range(count)
    ]


def on_earth(shape: shapely.Geometry, centre: Centre) -> shapely.Geometry:
    """The same shape in degrees east and north, six decimals (0.1 m)."""

    def turned(points: Floats) -> Floats:
        north, east = degrees(points[:, 0], points[:, 1], centre.row())
        rounded: Floats = np.asarray(np.round(np.stack([east, north], axis=1), 6), dtype=np.float64)
        return rounded

    return shapely.transform(shape, turned)
