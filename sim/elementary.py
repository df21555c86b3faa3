"""Logarithm, exponential and power from + - * / and moved bits.

The functions of C libraries differ in the last bit from one to the next, and are computed one by one. These give the
same bits everywhere, compiled or plain, and a compiled loop takes eight accounts in one go: a quarter of the time.

The methods are those of fdlibm (Sun Microsystems, 1993): reduce the argument to a small interval, take a short
polynomial there.
"""

from __future__ import annotations

import math

import numpy as np

from sim.rule import rule

# ln 2 in two parts: an exponent times the first is exact.
LN2_HIGH = 6.93147180369123816490e-01
LN2_LOW = 1.90821492927058770002e-10


@rule
def as_float(whole: int) -> float:
    """A whole number from 0 to 2**52 - 1 as a float, exactly: it is put into the mantissa of 2**52, which is taken off.

    Most processors convert 64-bit whole numbers one by one; bits and a subtraction they take several at once.

    >>> as_float(0), as_float(4294967295)
    (0.0, 4294967295.0)
    """
    return np.int64(whole | 0x4330000000000000).view(np.float64) - 4503599627370496.0


@rule
def as_whole(x: float) -> int:
    """A float from 0 to 2**52 - 1 without a fraction as a whole number, exactly: the mantissa of 2**52 plus it.

    >>> as_whole(0.0), as_whole(1234567.0)
    (0, 1234567)
    """
    return int(np.float64(x + 4503599627370496.0).view(np.int64) - 0x4330000000000000)


@rule
def unsigned(place: int) -> int:
    """A place in a column as a number without a sign: a compiled loop need not ask whether it counts from the end.

    >>> int(unsigned(3))
    3
    """
    return np.uint64(place)  # type: ignore[return-value]


@rule
def log(x: float) -> float:
    """The natural logarithm of a normal positive number, within 1 unit in the last place.

    ``x = 2**k * (1 + f)`` with ``1 + f`` between sqrt(1/2) and sqrt(2), then ``k ln 2 + ln(1 + f)``. Zero counts
    as the smallest normal number.

    >>> log(1.0), round(log(10.0), 12)
    (0.0, 2.302585092994)
    """
    bits = np.float64(max(x, 2.2250738585072014e-308)).view(np.int64)
    moved = bits + 0x95F6200000000  # the bits of 1 less those of sqrt(1/2)
    k = as_float(int(moved >> 52)) - 1023.0
    f = np.int64((moved & 0xFFFFFFFFFFFFF) + 0x3FE6A09E00000000).view(np.float64) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (0.3999999999940941908 + w * (0.2222219843214978396 + w * 0.1531383769920937332))
    odd = z * (
        0.6666666666666735130
        + w * (0.2857142874366239149 + w * (0.1818357216161805012 + w * 0.1479819860511658591))
    )  # fmt: skip
    half = 0.5 * f * f
    return k * LN2_HIGH - ((half - (s * (half + (odd + even)) + k * LN2_LOW)) - f)


@rule
def exp(x: float) -> float:
    """e to the power of x, within 1 unit in the last place; x is taken as -708 to 709 at most.

    ``x = k ln 2 + r`` with r between -ln(2)/2 and ln(2)/2, then ``2**k * exp(r)``.

    >>> exp(0.0), round(exp(1.0), 12)
    (1.0, 2.718281828459)
    """
    inside = min(709.0, max(-708.0, x))
    k = math.floor(inside * 1.4426950408889634 + 0.5)
    high = inside - k * LN2_HIGH
    low = k * LN2_LOW
    r = high - low
    t = r * r
    c = r - t * (
        1.66666666666666019037e-01
        + t * (-2.77777777770155933842e-03
        + t * (6.61375632143793436117e-05 + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08)))
    )  # fmt: skip
    scale = np.int64(np.float64(k + 4503599627371519.0).view(np.int64) << 52).view(np.float64)  # k + 1023 + 2**52
    return scale * (1.0 - ((low - r * c / (2.0 - c)) - high))


@rule
def power(x: float, exponent: float) -> float:
    """``x**exponent`` for x of 0 or more: ``exp(exponent * ln x)``; 0 for 0.

    >>> round(power(2.0, 0.5), 12), power(0.0, 0.5), power(1.0, 3.0)
    (1.414213562373, 0.0, 1.0)
    """
    return exp(exponent * log(x)) if x > 0.0 else 0.0
