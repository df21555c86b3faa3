"""What a script asks of a comparison: 'better>=18/20, roi>2'; read, and held against one plan's row."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from scenarios.problems import InputError, nearest

if TYPE_CHECKING:
    import pandas as pd

SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge, "<=": operator.le, "!=": operator.ne, "==": operator.eq,
    ">": operator.gt, "<": operator.lt, "=": operator.eq,
}  # fmt: skip
SHARES_OF_YEARS = ("better", "best")
SHARES = (*SHARES_OF_YEARS, "sure", "workload_cv", "coverage", "attainment", "moved_accounts", "retention")
SPOKEN = {"yes": True, "true": True, "no": False, "false": False}
TIMES = {"k": 1e3, "M": 1e6, "%": 1e-2}
Z = 1.96  # of a 95 % interval


class Term(NamedTuple):
    """One measure, sign and value, as it was written."""

    measure: str
    sign: str
    value: float | bool | str
    written: str


class Found(NamedTuple):
    """A term, what the plan has, and whether that holds; what is missing does not."""

    term: Term
    value: float | bool | str | None
    holds: bool


def read_condition(written: str, kinds: dict[str, type]) -> tuple[Term, ...]:
    """The terms of a condition; ``kinds`` are the measures there are. Raises InputError with all that is wrong.

    >>> [term.value for term in read_condition("better>=18/20 and moved_accounts<=10%, near_best=yes",
    ...  {"better": float, "moved_accounts": float, "near_best": bool})]
    [0.9, 0.1, True]
    """
    terms, problems = [], []
    for part in re.split(r",|\band\b", written):
        found = re.fullmatch(r"\s*([A-Za-z_]\w*)\s*(>=|<=|!=|==|=|>|<)\s*(.*?)\s*", part)
        if not found:
            problems.append(f"'{part.strip()}' is no condition; write measure, sign and value, as in better>=18/20")
            continue
        measure, sign, value = found.groups()
        if measure not in kinds:
            problems.append(f"there is no measure '{measure}'.  {nearest(measure, kinds)}")
            continue
        try:
            if value.endswith("%") and measure not in SHARES:
                raise ValueError(f"'{value}' is for shares; write a number, as 0.9, 50k or 1.2M")
            terms.append(Term(measure, sign, _value(value, kinds[measure]), part.strip()))
        except ValueError as error:
            problems.append(f"{measure}: {error}")
            continue
        if measure == "verdict" and terms[-1].value not in verdicts():
            problems.append(f"verdict: there is no '{terms[-1].value}'.  {nearest(str(terms[-1].value), verdicts())}")
        if kinds[measure] is not float and sign not in ("=", "==", "!="):
            problems.append(f"{measure}{sign}: {measure} is no number; write = or !=")
    if problems:
        raise InputError([f"--fail-unless: {problem}" for problem in problems])
    return tuple(terms)


def verdicts() -> tuple[str, ...]:
    """What a comparison may say of a plan."""
    from analysis.compare import BETTER, CANT_TELL, SAME, WORSE

    return BETTER, WORSE, CANT_TELL, SAME


def _value(written: str, kind: type) -> float | bool | str:
    """A value as it is written: a number, 18/20, 10%, 50k, 1.2M; yes or no; or a word. Raises ValueError."""
    if kind is str:
        return written.strip("'\"")
    if kind is bool:
        if written.casefold() not in SPOKEN:
            raise ValueError(f"'{written}' is neither yes nor no")
        return SPOKEN[written.casefold()]
    top, slash, bottom = written.partition("/")
    times = TIMES.get(written[-1:], 1.0)
    try:
        value = float(top) / float(bottom) if slash else float(written[:-1] if times != 1.0 else written) * times
    except (ValueError, ZeroDivisionError):
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"'{written}' is no number; write it as 0.9, 18/20, 90%, 50k or 1.2M")
    return value


def held(terms: Sequence[Term], row: Mapping[str, Any] | pd.Series) -> list[Found]:
    """Each term held against a plan's row."""
    found = []
    for term in terms:
        value = row[term.measure]
        value = value.item() if hasattr(value, "item") else value
        missing = value is None or (isinstance(value, float) and math.isnan(value))
        found.append(Found(term, None if missing else value, not missing and SIGNS[term.sign](value, term.value)))
    return found


def told(found: Found, years: int) -> str:
    """What it was and what was asked; of a share of years also how well so many years know it.

    >>> told(Found(Term("better", ">=", 0.9, "better>=18/20"), 0.75, False), 20)
    'better is 15/20 (20 years know it to 11/20 to 18/20), asked: better>=18/20'
    >>> told(Found(Term("moved_accounts", "<=", 0.1, "moved_accounts<=10%"), 0.0965, True), 20)
    'moved_accounts is 9.65%, asked: moved_accounts<=10%'
    """
    value = found.value
    if value is None:
        said = "not known"
    elif isinstance(value, bool):
        said = "yes" if value else "no"
    elif isinstance(value, str):
        said = f"'{value}'"
    elif found.term.measure in SHARES_OF_YEARS:
        low, high = likely(value, years)
        said = f"{20 * value:.3g}/20 ({years} years know it to {20 * low:.0f}/20 to {20 * high:.0f}/20)"
    elif found.term.written.endswith("%"):  # as it was asked
        said = f"{100 * value:.2f}%"
        if SIGNS[found.term.sign](_value(said, float), found.term.value) != found.holds:
            said = f"{100 * value:.8g}%"  # rounded it would say otherwise
    else:
        said = f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    return f"{found.term.measure} is {said}, asked: {found.term.written}"


def likely(share: float, years: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a chance that so many years showed as ``share``.

    >>> [round(side, 2) for side in likely(0.75, 20)]
    [0.53, 0.89]
    """
    spread = Z * math.sqrt(share * (1 - share) / years + Z**2 / (4 * years**2))
    middle, scale = share + Z**2 / (2 * years), 1 + Z**2 / years
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
