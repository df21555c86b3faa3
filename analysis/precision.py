"""How well a plan's mean difference to the status quo is known, and whether that is well enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from analysis.words import money_unit, number, percent

CONFIDENCE = 0.95  # of the interval of a mean
SHARE = 0.25  # of a difference: known to this is known well enough
MATTERS = 0.005  # smallest difference that matters, as a share of the status quo's contribution

Years = NDArray[np.float64]  # one value a simulated year


class Precision(NamedTuple):
    """What the years played say about one plan's mean difference to the status quo, a year."""

    label: str
    mean: float  # money
    known_to: float  # half of the 95 % interval of the mean, in money; infinite with fewer than two years
    wanted: float  # money
    correlation: float  # of the plan's contribution with the status quo's, year by year; missing where one is constant
    same: bool  # the plan contributes exactly what the status quo does, in every year

    @property
    def well(self) -> bool:
        """Whether the difference is known well enough; that of a plan that is the same is known exactly."""
        return self.same or self.known_to <= self.wanted


def standard_error(differences: Years) -> float:
    """Standard error of a mean: s / √n, s with n − 1. Differences 1 and 3: s = 1.414, s / √2 = 1."""
    return float(differences.std(ddof=1)) / float(np.sqrt(differences.size))


def half_width(differences: Years) -> float:
    """Half of the 95 % interval of the mean by Student: t(0.975, n − 1) · s / √n.

    Money as the differences are; infinite with fewer than two years. Differences 1, 2 and 3: t(0.975, 2) = 4.303,
    s = 1, so 4.303 · 1 / √3 = 2.484: the mean of 2 is known to ± 2.484.
    """
    if differences.size < 2:
        return float("inf")
    return float(stdtrit(differences.size - 1, (1 + CONFIDENCE) / 2)) * standard_error(differences)


def wanted(differences: Years, today: Years) -> float:
    """What a mean difference is to be known to: max(|mean difference| / 4, 0.5 % of |mean contribution today|).

    A mean difference of 80,000 on a contribution of 2,600,000: max(20,000, 13,000) = 20,000.
    """
    return max(SHARE * abs(float(differences.mean())), MATTERS * abs(float(today.mean())))


def correlation(plan: Years, today: Years) -> float:
    """Pearson's correlation of two plans over the same years; missing (NaN) where one of them is constant.

    The variance of the difference is s₁² + s₂² − 2·r·s₁·s₂: with equal spreads and r = 0.9 a tenth of what separate
    luck would give, so a tenth of the years do.
    """
    if plan.size < 2 or not plan.std() or not today.std():
        return float("nan")
    return float(np.corrcoef(plan, today)[0, 1])


def precision(label: str, plan: Years, today: Years) -> Precision:
    """How well the plan's mean difference to the status quo is known from the same years of both."""
    differences = plan - today
    return Precision(
        label=label,
        mean=float(differences.mean()),
        known_to=half_width(differences),
        wanted=wanted(differences, today),
        correlation=correlation(plan, today),
        same=not differences.any(),
    )


def enough(known: Sequence[Precision]) -> bool:
    """Whether the mean difference of every plan is known well enough; without a plan there is none to know."""
    return all(one.well for one in known)


def how_well(known: Sequence[Precision], years: float, currency: str, limit: int | None = None) -> str:
    """The same in words: what is known after so many years, or which plan is not; ``limit`` is where playing stops."""
    if years < 2:
        return "1 year: a mean difference is known from two years on"
    if not known:
        return f"{_years(years)}: only the status quo was played, there is no difference to know"
    vague = _vaguest_first(known)
    if not vague:
        told = f"{_years(years)}: every mean difference is known to {_rule()}"
    else:
        at_limit = "stopped at the limit of " if limit is not None and years >= limit else ""
        others = f", and {len(vague) - 1} more not well enough either" if len(vague) > 1 else ""
        told = f"{at_limit}{_years(years)}: {_told(vague[0], currency)}{others}"
    return " · ".join(filter(None, (told, common_seeds(known))))


def round_line(known: Sequence[Precision], years: int, currency: str, further: int) -> str:
    """Where it stands between two blocks of years, in one line."""
    vague = _vaguest_first(known)
    well = f"{len(known) - len(vague)} of {len(known)} mean differences known well enough"
    return f"{_years(years)}: {well} · {_told(vague[0], currency)} · on to {years + further:,}"


def common_seeds(known: Sequence[Precision]) -> str:
    """The correlation that the same luck gave, over the plans that differ from the status quo; empty where none does.

    >>> common_seeds([Precision("balanced", 1.0, 1.0, 1.0, 0.974, False)])
    'common seeds: correlation 0.97'
    """
    found = [one.correlation for one in known if not one.same and np.isfinite(one.correlation)]
    ends = dict.fromkeys(number(end, 2) for end in (min(found), max(found))) if found else {}
    return f"common seeds: correlation {' to '.join(ends)}" if ends else ""


def _rule() -> str:
    return f"a quarter of itself or {percent(MATTERS, 1)} of contribution"


def _years(years: float) -> str:
    return f"{number(years)} {'year' if years == 1 else 'years'}"


def _vaguest_first(known: Sequence[Precision]) -> list[Precision]:
    """The plans that are not known well enough, the one that is farthest from it first."""
    return sorted((one for one in known if not one.well), key=lambda one: (-_excess(one), one.label))


def _excess(one: Precision) -> float:
    return one.known_to / one.wanted if one.wanted else float("inf")


def _told(one: Precision, currency: str) -> str:
    """What one plan is known to, beside what was wanted, in one unit."""
    scale, unit = money_unit(one.known_to, currency)
    digits = 1 if scale > 1 else 0
    known_to, aim = (number(size / scale, digits) for size in (one.known_to, one.wanted))
    return f"{one.label} is known to ± {known_to}, wanted ± {aim} {unit}"
