"""What must hold between rules; each rule's own numbers stand in its docstring."""

from __future__ import annotations

import math

import pytest

from sim.rules.response import elasticity, reach, share, share_won

A_LITTLE = 1e-6


@pytest.mark.parametrize("floor", [0.0, 0.4])
@pytest.mark.parametrize("shape", [0.7, 1.0, 2.0])
@pytest.mark.parametrize("x", [0.2, 1.0, 3.0])
def test_the_elasticity_is_what_a_little_more_goodwill_brings(x: float, shape: float, floor: float) -> None:
    now, then = (share_won(goodwill, floor, 1.0, shape, 0.0) for goodwill in (x, x * (1.0 + A_LITTLE)))
    brought = math.log(then / now) / math.log(1.0 + A_LITTLE)
    reached = reach(x, 1.0, shape, 0.0)
    assert share(reached, floor) == now
    assert elasticity(reached, floor, shape) == pytest.approx(brought, rel=1e-5)
