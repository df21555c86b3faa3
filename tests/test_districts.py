"""Districts with free centres: connected, within the band, as compact as known."""

import numpy as np
import pytest

from benchmarks.district_maps import TOLERANCE, district_map
from scenarios.design.districts import compactness, connected, districts, outside
from scenarios.problems import InputError


def neighbours(pairs: list[tuple[int, int]], n: int) -> tuple[np.ndarray, np.ndarray]:
    both = np.array(sorted(pairs + [(b, a) for a, b in pairs]), dtype=np.int64).reshape(-1, 2)
    return np.searchsorted(both[:, 0], np.arange(n + 1)).astype(np.int64), np.ascontiguousarray(both[:, 1])


def grid() -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """16 units on a grid of 4 x 4, km between them along the grid."""
    x, y = np.divmod(np.arange(16), 4)
    km = np.abs(np.subtract.outer(x, x)) + np.abs(np.subtract.outer(y, y)).astype(np.float64)
    return km, neighbours([(a, b) for a in range(16) for b in range(a + 1, 16) if km[a, b] == 1], 16)


def test_a_grid_falls_into_pieces_of_four() -> None:
    # Four units are at least 1 + 1 + 1 km from a medoid, in the shape of a T; four T tile 4 x 4.
    km, map_ = grid()
    owner = districts(np.ones((16, 1)), km, *map_, territories=4, tolerance=0.0 + 1e-6, seed=1, proposals=200_000)
    assert np.bincount(owner).tolist() == [4, 4, 4, 4]
    assert connected(owner, *map_)
    assert compactness(owner, km) == 12.0


def test_a_path_is_cut_where_the_loads_are_even() -> None:
    place = np.arange(6.0)
    km = np.abs(np.subtract.outer(place, place))
    map_ = neighbours([(i, i + 1) for i in range(5)], 6)
    size = np.array([[4.0], [1], [1], [1], [1], [4]])
    assert districts(size, km, *map_, 2, 0.05, 1, 20_000).tolist() == [0, 0, 0, 1, 1, 1]
    assert districts(size, km, *map_, 3, 0.05, 1, 20_000).tolist() == [0, 1, 1, 1, 1, 2]


def test_a_heavy_unit_draws_the_medoid() -> None:
    km = np.abs(np.subtract.outer([0.0, 1, 2], [0.0, 1, 2]))
    assert compactness(np.zeros(3, dtype=np.int64), km) == 2.0
    assert compactness(np.zeros(3, dtype=np.int64), km, np.array([9.0, 1, 1])) == 3.0


@pytest.mark.parametrize(("n", "territories", "seed"), [(60, 4, 11), (70, 5, 12), (80, 5, 13)])
def test_maps_that_can_be_divided_are(n: int, territories: int, seed: int) -> None:
    given = district_map(n, territories, seed)
    asked = given.size, given.distance, given.starts, given.ends, territories, TOLERANCE, 1, 4_500_000
    owner = districts(*asked)
    assert outside(owner, given.size, territories) <= TOLERANCE
    assert connected(owner, given.starts, given.ends)
    assert sorted(set(owner.tolist())) == list(range(territories))
    assert compactness(owner, given.distance) <= compactness(given.planted, given.distance)
    assert districts(*asked).tolist() == owner.tolist()


def test_a_metric_of_which_there_is_nothing_does_not_count() -> None:
    km, map_ = grid()
    size = np.column_stack([np.ones(16), np.zeros(16)])
    owner = districts(size, km, *map_, territories=4, tolerance=0.01, seed=1, proposals=100_000)
    assert outside(owner, size, 4) == 0.0


def test_what_no_plan_can_meet_is_refused_in_words() -> None:
    km = np.zeros((4, 4))
    map_ = neighbours([(0, 1), (2, 3)], 4)
    with pytest.raises(InputError, match="2 parts that do not touch, so 1 connected"):
        districts(np.ones((4, 1)), km, *map_, territories=1, tolerance=0.05, seed=1)
    with pytest.raises(InputError, match="5 territories of 4 units: choose 1 to 4"):
        districts(np.ones((4, 1)), km, *map_, territories=5, tolerance=0.05, seed=1)
