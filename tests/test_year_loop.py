"""A loop over a year's columns asks for their types once, and then goes straight to what was compiled."""

from __future__ import annotations

import numba
import numpy as np
import pytest

import sim.rule
from sim.behaviour import Behaviour
from sim.rule import year_loop
from sim.run import run
from tests.equality import first_difference
from tests.worlds import plan, tiny_world

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="numba compiles nothing here")


def made():
    """A new loop, which nobody has called yet."""

    @year_loop
    def total(columns, factor):
        """Their sum, times the factor."""
        summed = 0.0
        for k in range(len(columns)):
            for i in range(columns[k].size):
                summed += columns[k][i] * factor
        return summed

    return total


@pytest.mark.parametrize("ask", [False, True])
def test_every_call_gives_what_the_first_one_would(ask, monkeypatch):
    monkeypatch.setattr(sim.rule, "ALWAYS_ASK", ask)
    total = made()
    for size in (3, 0, 5):
        assert total((np.ones(size), np.full(size, 2.0)), 10.0) == 30.0 * size
    if not ask:
        assert total((np.ones(1), np.ones(1)), 10) == 20.0  # a whole number is made a float
    assert total.__name__ == "total"


def test_who_asks_is_told_of_another_type(monkeypatch):
    monkeypatch.setattr(sim.rule, "ALWAYS_ASK", True)
    total, frozen = made(), (np.ones(2), np.ones(2))
    assert total(frozen, 1.0) == 4.0
    for column in frozen:
        column.setflags(write=False)
    with pytest.raises(TypeError, match="total was called with columns of other types than before"):
        total(frozen, 1.0)


def test_who_does_not_ask_takes_no_numbers_of_another_size(monkeypatch):
    monkeypatch.setattr(sim.rule, "ALWAYS_ASK", False)
    total = made()
    assert total((np.ones(2), np.ones(2)), 1.0) == 4.0
    with pytest.raises(TypeError):
        total((np.ones(2), np.ones(2, dtype=np.float32)), 1.0)


def test_a_whole_number_for_a_parameter_is_the_same_year():
    """Else the first year would be compiled for whole numbers, and the next one's 0.95 be read as 0."""
    whole = Behaviour()._replace(patience=1, quit_a_year=0)
    exact = Behaviour()._replace(patience=1.0, quit_a_year=0.0)
    one, other = (run(world, plan(world), [0], threads=1) for world in map(tiny_world, (whole, exact)))
    assert first_difference(one, other, tiny_world()) == ""
