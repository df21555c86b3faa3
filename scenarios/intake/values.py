"""Numbers, dates, words and marks as exports write them."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable

UNKNOWN = "unknown"
MOST = 1e12  # money or employees above this are a slip of the pen
EARLIEST, LATEST = dt.date(1970, 1, 1), dt.date(2100, 1, 1)
NUMBER = re.compile(r"[-+]?\d+(\.\d*)?([eE][-+]?\d{1,3})?|[-+]?\.\d+")
CODES = (
    "USD|EUR|GBP|CHF|JPY|CAD|AUD|NZD|SEK|NOK|DKK|ISK|PLN|CZK|HUF|RON|BGN|TRY|UAH|RUB|ILS|AED|SAR|EGP|ZAR|NGN|KES"
    "|INR|CNY|HKD|SGD|TWD|KRW|VND|THB|IDR|MYR|PHP|BRL|MXN|ARS|CLP|COP|PEN"
)
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "VND": "₫"}
SIGN = "$€£¥฿\u20a0-\u20cf"  # inside brackets; the last are all signs that Unicode has for currencies alone
_MONEY = f"[{SIGN}]|{CODES}"
CURRENCY = re.compile(rf"^(-?)(?:{_MONEY}) ?| ?(?:{_MONEY})$")  # as CRMs write it beside a value
SPACED = re.compile(r"-?\d{1,3}([ '\u2019]\d{3})+([.,]\d+)?")  # 1 234 567,50 and 1'234'567.50
GROUPED = re.compile(r"[$€£]?\s?-?\d{1,3}(,\d{3})*(\.\d+)?")
DECIMAL_COMMA = re.compile(r"-?\d+,\d{1,2}")
COMMA = re.compile(r"-?(\d+,(\d{1,2}|\d{4,})|\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,})")  # 12,5 and 1.234,567
POINT = re.compile(r"-?(\d+\.(\d{1,2}|\d{4,})|\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,})")  # 12.5 and 1,234.567
WITH_COMMA = re.compile(r"-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?")


def column_name(word: str) -> str:
    """A column's name as it is used here: small letters, anything else than letters and figures as one underscore.

    >>> column_name(" Annual Revenue ($)")
    'annual_revenue'
    """
    return re.sub(r"\W+", "_", word.strip().casefold()).strip("_")


def bare(text: str) -> str:
    """A number without its currency, and without the spaces or apostrophes between its thousands.

    >>> bare("USD 1,234.50"), bare("1 234,50 €"), bare("1.250.000 ₫"), bare("1'234"), bare("Dover, OH")
    ('1,234.50', '1234,50', '1.250.000', '1234', 'Dover, OH')
    """
    if NUMBER.fullmatch(text):
        return text
    plain = CURRENCY.sub(r"\1", text, count=1)
    return re.sub(r"[ '\u2019]", "", plain) if SPACED.fullmatch(plain) else plain


def currency(text: str) -> str:
    """The currency that stands beside a number, or alone, by its sign where it has one; empty where none does.

    >>> currency("EUR 1,234.50"), currency("1 234,50 €"), currency("CHF"), currency("1'234")
    ('€', '€', 'CHF', '')
    """
    beside = None if NUMBER.fullmatch(text) else CURRENCY.search(text)
    word = beside[0].strip(" -") if beside else ""
    return SIGNS.get(word, word)


def number(text: str) -> float | None:
    """A number as exports write it; NaN where the field is blank, None where it is no number, below 0 or beyond belief.

    >>> number("1100.04"), number("$1,054"), number("12,5"), number("-3"), number("n/a")
    (1100.04, 1054.0, 12.5, None, None)
    """
    if not text:
        return math.nan
    text = bare(text)
    if not text.isascii():
        return None
    if NUMBER.fullmatch(text):
        value = float(text)
    elif GROUPED.fullmatch(text):
        value = float(text.lstrip("$€£ ").replace(",", ""))
    elif DECIMAL_COMMA.fullmatch(text):
        value = float(text.replace(",", "."))
    else:
        return None
    return value if 0.0 <= value <= MOST else None


def styles(fields: Iterable[str]) -> tuple[bool, bool]:
    """Whether numbers with a decimal comma stand there, and whether such with a point; 1,234 and 1.234 tell nothing."""
    comma = point = False
    for text in fields:
        plain = bare(text)
        comma = comma or bool(COMMA.fullmatch(plain))
        point = point or bool(POINT.fullmatch(plain))
        if comma and point:
            break
    return comma, point


def pointed(text: str) -> str:
    """A number that is written with a decimal comma, with a point; other text as it is.

    >>> pointed("1.234,50 €"), pointed("-7,25"), pointed("1.234"), pointed("Dover, OH")
    ('1234.50', '-7.25', '1234', 'Dover, OH')
    """
    plain = bare(text)
    return plain.replace(".", "").replace(",", ".") if WITH_COMMA.fullmatch(plain) else text


YEAR_FIRST, DAY_FIRST, MONTH_FIRST = "year-month-day", "day-month-year", "month-day-year"
ORDERS = (YEAR_FIRST, DAY_FIRST, MONTH_FIRST)
BOTH = "both"
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})([T ].*)?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_PARTS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(,?[T ].*)?", re.ASCII)
_NAMED = re.compile(
    r"(?:(\d{1,2})[-. ]{1,2}([a-z]{3,9})|([a-z]{3,9})[-. ]{1,2}(\d{1,2}),?)[-. ]{1,2}(\d{4}|\d{2})(,?[T ].*)?", re.I
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def date(text: str, order: str = MONTH_FIRST) -> int | None:
    """Days since 1970 of a date (a time after it is ignored); -1 where blank, None where it is none.

    ``order`` says how 3/4/2017 is meant; where the year comes first, or the month has a name, there is no question.

    >>> date("1970-01-02"), date("2017-02-30"), date("2017-03-01 00:00"), date("1 Mar 2017")
    (1, None, 17226, 17226)
    >>> date("3/1/2017", MONTH_FIRST), date("1.3.17", DAY_FIRST), date("20170301"), date("soon")
    (17226, 17226, 17226, None)
    """
    if not text:
        return -1
    year, month, day = _split(text, order)
    if year < 100 and not re.search(r"\d{4}", text[:10]):  # 0001-01-01 is how some programs write that there is none
        year += 2000 if year < 70 else 1900
    try:
        found = dt.date(year, month, day)
    except ValueError:
        return None
    return (found - EARLIEST).days if EARLIEST <= found < LATEST else None


def _split(text: str, order: str) -> tuple[int, int, int]:
    """Year, month and day as they stand there; zeros where it is no date."""
    plain = _ISO.fullmatch(text) or _COMPACT.fullmatch(text)
    if plain:
        return int(plain[1]), int(plain[2]), int(plain[3])
    named = _NAMED.fullmatch(text)
    if named:
        word = (named[2] or named[3]).casefold()[:3]
        month = _MONTHS.index(word) + 1 if word in _MONTHS else 0
        return int(named[5]), month, int(named[1] or named[4])
    parts = _PARTS.fullmatch(text)
    if parts:
        first, second, year = int(parts[1]), int(parts[2]), int(parts[3])
        return (year, first, second) if order == MONTH_FIRST else (year, second, first)
    return 0, 0, 0


def order_of(texts: Iterable[str]) -> str:
    """How dates are written: year first, day first or month first; empty where days can't be told from months.

    Where some can only be meant one way and some only the other, it is BOTH.

    >>> order_of(["2017-03-01"]), order_of(["13/1/2017", "1/2/2017"]), order_of(["1/13/2017"]), order_of(["1/2/2017"])
    ('year-month-day', 'day-month-year', 'month-day-year', '')
    >>> order_of(["1.2.2017"])
    'day-month-year'
    """
    told: set[str] = set()
    dots = numbered = False
    for text in texts:
        parts = _PARTS.fullmatch(text)
        if not parts:
            continue
        numbered = True
        if int(parts[1]) > 12:
            told.add(DAY_FIRST)
        if int(parts[2]) > 12:
            told.add(MONTH_FIRST)
        dots = dots or "." in text
    if told:
        return BOTH if len(told) == 2 else told.pop()
    if numbered:
        return DAY_FIRST if dots else ""
    return YEAR_FIRST


def flag(text: str) -> bool | None:
    """A yes or no; False where blank, None where it is neither.

    >>> flag("TRUE"), flag("0"), flag(""), flag("maybe")
    (True, False, False, None)
    """
    word = text.casefold()
    if word in ("true", "yes", "1", "y", "t", "x"):
        return True
    return False if word in ("false", "no", "0", "n", "f", "") else None


def signed(text: str) -> float | None:
    """A number that may be below 0: a coordinate, a score. NaN where blank, None where it is no number.

    >>> signed("-33.9"), signed("12,5"), signed("n/a")
    (-33.9, 12.5, None)
    """
    size = text.removeprefix("-").removeprefix("\u2212")
    value = number(size) if size or not text else None
    return -value if value is not None and len(size) < len(text) else value
