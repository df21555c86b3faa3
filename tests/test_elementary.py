"""Logarithm, exponential and power: as near to the truth as they say, and the same bits compiled and plain."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from decimal import Context, Decimal

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from sim.elementary import exp, log, power
from sim.rule import loop

SMALLEST, LARGEST = sys.float_info.min, sys.float_info.max
LN2 = math.log(2.0)
FORTY = Context(prec=40)  # digits: what is computed with these counts as the truth
# All floats of a range of bits are as likely: all sizes from the smallest to the largest.
POSITIVE = st.integers(int(np.float64(SMALLEST).view(np.int64)), int(np.float64(LARGEST).view(np.int64))).map(
    lambda bits: float(np.int64(bits).view(np.float64))
)
NEAR_ONE = st.floats(0.7, 1.42)
EXPONENTS = st.floats(-708.0, 709.0)
MANY = settings(max_examples=400, deadline=None, derandomize=True)


def plain(rule: Callable[..., float]) -> Callable[..., float]:
    """The Python text of a rule, without compilation; itself where compilation is off."""
    return getattr(rule, "py_func", rule)


def around(x: float, floats: int = 4) -> list[float]:
    """x and its nearest neighbours on both sides, rising."""
    bits = int(np.float64(x).view(np.int64)) + np.arange(-floats, floats + 1)
    return sorted(bits.view(np.float64).tolist())


def units_off(value: float, truth: Decimal) -> float:
    """How far a value is from the truth, in units of its last place."""
    return float(abs(Decimal(value) - truth) / Decimal(math.ulp(value)))


@MANY
@given(POSITIVE | NEAR_ONE)
@example(SMALLEST)
@example(LARGEST)
@example(1.0)
@example(math.nextafter(1.0, 0.0))
@example(math.nextafter(1.0, 2.0))
def test_the_logarithm_is_right_within_a_unit_in_the_last_place(x):
    assert log(x) == plain(log)(x)
    assert units_off(log(x), FORTY.ln(Decimal(x))) < 1.0


@MANY
@given(EXPONENTS | st.floats(-1.0, 1.0))
@example(-708.0)
@example(709.0)
@example(5e-324)
@example(-1e-17)
def test_the_exponential_is_right_within_a_unit_in_the_last_place(x):
    assert exp(x) == plain(exp)(x)
    assert units_off(exp(x), FORTY.exp(Decimal(x))) < 1.0


@MANY
@given(POSITIVE | NEAR_ONE, EXPONENTS | st.floats(-10.0, 10.0))
@example(SMALLEST, 1.0)
@example(LARGEST, 1.0)
def test_a_power_is_as_right_as_the_logarithm_it_goes_through(x, wanted):
    """``wanted`` is about the power's own logarithm; by as much it multiplies the error of the last place."""
    exponent = wanted / log(x) if x != 1.0 else wanted
    grown = FORTY.multiply(Decimal(exponent), FORTY.ln(Decimal(x)))
    assume(-708 <= grown <= 709)
    assert power(x, exponent) == plain(power)(x, exponent)
    off = abs(Decimal(power(x, exponent)) / FORTY.exp(grown) - 1)
    assert off < (1 + abs(grown)) * Decimal(sys.float_info.epsilon)


@MANY
@given(st.floats(1e-6, 100.0), st.floats(0.2, 3.0))
def test_the_powers_of_a_model_are_right_in_fourteen_digits(x, exponent):
    assert power(x, exponent) == pytest.approx(x**exponent, rel=1e-14, abs=0.0)


@pytest.mark.parametrize("own", [lambda rule: rule, plain], ids=["compiled", "plain"])
def test_beyond_the_ends_stands_the_end(own):
    assert own(log)(0.0) == own(log)(5e-324) == own(log)(SMALLEST)
    assert own(exp)(-math.inf) == own(exp)(-709.0) == own(exp)(-708.0) == pytest.approx(math.exp(-708.0), rel=1e-15)
    assert own(exp)(math.inf) == own(exp)(710.0) == own(exp)(709.0) == pytest.approx(math.exp(709.0), rel=1e-15)
    assert own(power)(10.0, -400.0) == own(exp)(-708.0)
    assert own(power)(10.0, 400.0) == own(exp)(709.0)


@pytest.mark.parametrize("own", [lambda rule: rule, plain], ids=["compiled", "plain"])
def test_what_has_an_exact_value_has_it(own):
    assert own(log)(1.0) == 0.0
    assert own(exp)(0.0) == own(exp)(-0.0) == 1.0
    for exponent in (0.0, 0.5, 1.0, 3.0, 40.0):
        assert own(power)(0.0, exponent) == 0.0
        assert own(power)(1.0, exponent) == 1.0
    assert own(power)(2.5, 0.0) == 1.0


def test_the_logarithm_falls_at_no_join_of_its_intervals():
    """They join near sqrt(1/2) times every power of 2."""
    first = float(np.int64(0x3FE6A09E00000000).view(np.float64))
    assert first == pytest.approx(math.sqrt(0.5), rel=1e-6)
    for k in range(-1021, 1025):
        values = [log(x) for x in around(math.ldexp(first, k))]
        assert values == sorted(values), k


def test_the_exponential_falls_at_no_join_of_its_intervals():
    """They join near every odd multiple of ln(2) / 2."""
    for k in range(-1021, 1022):
        near = around((k + 0.5) * LN2)
        assert math.floor(near[0] / LN2 + 0.5) == k  # the join is among them
        assert math.floor(near[-1] / LN2 + 0.5) == k + 1
        values = [exp(x) for x in near]
        assert values == sorted(values), k


@loop
def _side_by_side(x: np.ndarray, logs: np.ndarray, exps: np.ndarray, powers: np.ndarray) -> None:
    for i in range(x.size):
        logs[i] = log(x[i])
        exps[i] = exp(x[i])
        powers[i] = power(x[i], 0.7)


def test_eight_computed_at_once_have_the_bits_of_one():
    x = np.linspace(0.01, 30.0, 1_003)
    logs, exps, powers = np.empty((3, x.size))
    _side_by_side(x, logs, exps, powers)
    assert logs.tolist() == [plain(log)(one) for one in x]
    assert exps.tolist() == [plain(exp)(one) for one in x]
    assert powers.tolist() == [plain(power)(one, 0.7) for one in x]
