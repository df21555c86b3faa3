"""Pass, weak or fail: a result held against its band, with its Monte Carlo error."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from scipy.stats import t as student

from command.validation.lab import Readings, mean_and_error

BANDS = Path(__file__).resolve().parents[2] / "configs" / "validation" / "bands.yaml"
SURE = 0.95
WORST = ("fail", "weak", "pass", "shown")


class Band(NamedTuple):
    """Where a statistic must lie; infinite on an open side."""

    low: float
    high: float

    def __str__(self) -> str:
        if math.isinf(self.low) and math.isinf(self.high):
            return ""
        if math.isinf(self.low):
            return f"below {self.high:g}"
        return f"above {self.low:g}" if math.isinf(self.high) else f"{self.low:g} to {self.high:g}"


class Judgement(NamedTuple):
    """What was read of one statistic on each market, as mean and error, and the verdict on each."""

    read: list[tuple[float, float]]
    words: list[str]

    @property
    def worst(self) -> str:
        """The verdict on the market that suits it least."""
        return worst(self.words)


def bands() -> dict[int, dict[str, Any]]:
    """Pattern number -> its name, source, ``statistics`` (name -> Band) and, where it has one, ``explained``.

    ``explained`` is the one place where it stands why a pattern is weak or fails.
    """
    table = yaml.safe_load(BANDS.read_text())
    for entry in table.values():
        entry["statistics"] = {
            name: Band(-math.inf if low is None else low, math.inf if high is None else high)
            for name, (low, high) in entry["statistics"].items()
        }
    return table  # type: ignore[no-any-return]


def verdict(mean: float, error: float, replications: int, band: Band) -> str:
    """pass inside the band; weak within half its half-width outside it, or, on an open band, not sure; else fail.

    What nothing is asked of is shown. What lies on an open band's edge without any error is surely not beyond it.

    >>> [verdict(mean, 0.01, 24, Band(0.2, 0.45)) for mean in (0.3, 0.5, 0.6)]
    ['pass', 'weak', 'fail']
    """
    if math.isnan(mean):
        return "fail"
    inside = band.low <= mean <= band.high
    if math.isinf(band.low) and math.isinf(band.high):
        return "shown"
    if math.isinf(band.low) or math.isinf(band.high):
        distance = mean - band.low if math.isinf(band.high) else band.high - mean
        probability = 1.0 * (distance > 0) if error == 0.0 else float(student.cdf(distance / error, replications - 1))
        if probability >= SURE:
            return "pass"
        return "weak" if probability > 1.0 - SURE else "fail"
    if inside:
        return "pass"
    outside = max(band.low - mean, mean - band.high)
    return "weak" if outside <= 0.25 * (band.high - band.low) else "fail"


def judge(readings: Sequence[Readings], statistics: dict[str, Band]) -> dict[str, Judgement]:
    """A pattern's statistics by name, from its readings on each market."""
    judged = {}
    for name, band in statistics.items():
        read = [mean_and_error(reading[name]) for reading in readings]
        sizes = [reading[name].size for reading in readings]
        words = [verdict(mean, error, size, band) for (mean, error), size in zip(read, sizes, strict=True)]
        judged[name] = Judgement(read, words)
    return judged


def worst(words: Sequence[str]) -> str:
    """The worst of some verdicts.

    >>> worst(["shown", "pass", "weak"])
    'weak'
    """
    return min(words, key=WORST.index)
