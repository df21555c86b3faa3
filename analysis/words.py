"""Numbers as planners read them, and the sentences that rest on them."""

from __future__ import annotations

import math

from analysis.origin import shown

SOME_YEARS = 20  # chances are told in twentieths, so that nobody reads more into them than they hold


def number(value: float, digits: int = 0, sign: bool = False) -> str:
    """A number with thousands commas and a true minus; a dash where it is missing.

    >>> number(-1234.5), number(84.2, sign=True), number(float("nan"))
    ('−1,234', '+84', '–')
    """
    if not math.isfinite(value):
        return "–"
    text = f"{value:{'+' if sign else ''},.{digits}f}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("+-")
    return shown(value, text.replace("-", "−"))


def percent(value: float, digits: int = 0) -> str:
    """A share in percent. 0.094 → '9 %'."""
    text = number(100 * value, digits)
    return text if text == "–" else f"{text} %"


def money_unit(size: float, currency: str) -> tuple[float, str]:
    """What to divide money by, and what to call it, so that ``size`` has one to five digits.

    >>> money_unit(84_000, "$"), money_unit(900, "$")
    ((1000.0, 'k$'), (1.0, '$'))
    """
    if abs(size) >= 1e8:
        return 1e6, f"M{currency}"
    if abs(size) >= 5e3:
        return 1e3, f"k{currency}"
    return 1.0, currency


def digits_for(size: float) -> int:
    """Decimals so that a number of this size shows at least two figures."""
    return 1 if 0 < abs(size) < 10 else 0


def money(value: float, currency: str, sign: bool = False) -> str:
    """One amount with its unit. 84,200 → '84 k$'."""
    scale, unit = money_unit(value, currency)
    scaled = value / scale
    return f"{number(scaled, digits_for(scaled) if scale > 1 else 0, sign)} {unit}"


def money_alike(values: list[float], currency: str) -> list[str]:
    """Several amounts in one unit: that of the largest, or a smaller one where little would be left of another.

    >>> money_alike([320_000, 2_614], "$"), money_alike([320_000, 12], "$")
    (['320 k$', '2.6 k$'], ['320,000 $', '12 $'])
    """
    scale, unit = money_unit(max(map(abs, values)), currency)
    if any(0 < abs(value) / scale < 0.05 for value in values):  # less than a tenth would be written as nothing
        scale, unit = 1.0, currency
    return [f"{number(value / scale, digits_for(value / scale) if scale > 1 else 0)} {unit}" for value in values]


def money_range(low: float, high: float, currency: str) -> str:
    """Two amounts in one unit. '−40 and +210 k$'."""
    scale, unit = money_unit(max(abs(low), abs(high)), currency)
    digits = digits_for(max(abs(low), abs(high)) / scale) if scale > 1 else 0
    return f"{number(low / scale, digits, sign=True)} and {number(high / scale, digits, sign=True)} {unit}"


def twentieths(share: float) -> int:
    """A share in twentieths, halves up. 0.86 → 17."""
    return math.floor(share * SOME_YEARS + 0.5)


def years_of_20(share: float) -> str:
    """How often, in words; never a certainty.

    >>> years_of_20(0.85), years_of_20(0.0), years_of_20(1.0)
    ('17 of 20', 'fewer than 1 of 20', 'more than 19 of 20')
    """
    if not math.isfinite(share):
        return "–"
    k = twentieths(share)
    often = "fewer than 1 of 20" if k <= 0 else "more than 19 of 20" if k >= SOME_YEARS else f"{k} of 20"
    return shown(share, often)


def short_of_20(share: float) -> str:
    """The same for a narrow column. 1.0 → '>19/20'."""
    if not math.isfinite(share):
        return "–"
    k = twentieths(share)
    return shown(share, "<1/20" if k <= 0 else ">19/20" if k >= SOME_YEARS else f"{k}/20")


def listing(words: list[str], most: int = 4) -> str:
    """'A, B and C'; past ``most`` the rest is counted."""
    if len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
