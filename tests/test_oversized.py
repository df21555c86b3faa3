"""A unit that alone is more than a territory may have: who gets it, and what is left for the others."""

from __future__ import annotations

import numpy as np
import pytest

from scenarios.design.choosing import Ground
from scenarios.design.drawing import draw
from scenarios.design.limits import limits
from scenarios.design.oversized import with_room
from scenarios.design.request import Request


def line(values: list[float], **rules: object) -> Request:
    """Units at 0, 10, 20, … km along a road, three homes at 0, 30 and 60 km; work grows by a hundredth a km."""
    n = len(values)
    work = np.array(values)
    return Request(
        ids=[f"A{i}" for i in range(n)],
        measures={"work": work},
        balance={"work": 1.0},
        tolerance=0.05,
        names=["R1", "R2", "R3"],
        today=np.full(n, -1, dtype=np.int64),
        weight=work,
        places=np.column_stack([10.0 * np.arange(n), np.zeros(n)]),
        homes=np.array([[0.0, 0.0], [30.0, 0.0], [60.0, 0.0]]),
        per_km={"work": 0.01 * work},
        **rules,  # type: ignore[arg-type]
    )


def test_the_nearest_territory_has_room_for_it_and_the_others_may_have_what_is_left() -> None:
    asked = line([1.0, 1.0, 1.0, 6.0, 1.0, 1.0, 1.0])
    mean = {"work": 4.0}
    limit = with_room(Ground(asked, asked.homes, limits(asked, mean)))
    assert limit.high[:, 0] == pytest.approx([1.05, 1.5, 1.05])
    assert limit.low[:, 0] == pytest.approx([0.95 * 0.75] * 3)


def test_where_nothing_is_too_large_nothing_changes() -> None:
    asked = line([1.0] * 7)
    ground = Ground(asked, asked.homes, limits(asked, {"work": 7 / 3}))
    assert with_room(ground)._asdict().keys() == ground.limit._asdict().keys()
    assert (with_room(ground).high == ground.limit.high).all()
    assert (with_room(ground).low == ground.limit.low).all()


def test_nobody_drives_far_so_that_the_largest_looks_smaller() -> None:
    asked = line([1.0, 1.0, 1.0, 6.0, 1.0, 1.0, 1.0])
    owner = draw(asked, strict=False).owner
    assert owner.tolist() == [0, 0, 0, 1, 2, 2, 2]
