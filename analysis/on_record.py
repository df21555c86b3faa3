"""Whether today's plan sells in play what is on record: the first thing that a planner holds a simulation against."""

from __future__ import annotations

from math import inf, isfinite
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.origin import Said, fact, shown
from analysis.played import Played
from analysis.precision import standard_error
from analysis.words import money_alike, percent

if TYPE_CHECKING:
    from analysis.compare import Comparison

ALIKE = 0.005  # parts by which two amounts may differ and need no word
FAR = 0.03  # from the record: what is nearer needs no word
LUCK = 2.0  # standard errors of the mean year, within which a difference may be the luck of the years played
LEVELS = (0.01, 100.0)  # that `market.level` may have

AS_GOOD, AS_ASKED, MAY_BE_LUCK, OFF = "as good", "as asked", "may be luck", "off"


class OnRecord(NamedTuple):
    """What is sold a year, money: on record, and in the mean of the years in which today's plan was played."""

    sold: float
    sold_in_play: float
    level: float  # `market.level` that would make them alike, sales rising about in proportion
    asked: float  # `market.level` that was played
    error: float  # standard error of the mean of the years played, money; infinite with one year

    @property
    def off(self) -> float:
        """By what part of the record more is sold in play. 890 of 1,000: -0.11."""
        return self.sold_in_play / self.sold - 1.0

    @property
    def verdict(self) -> str:
        """As good as on record, as `market.level` asks, maybe the luck of the years played, or off."""
        aim = self.asked * self.sold
        beyond, off_aim = abs(self.sold_in_play - self.sold), abs(self.sold_in_play - aim)
        if beyond < FAR * self.sold:
            return AS_GOOD
        if self.asked != 1.0 and off_aim <= beyond and (off_aim < FAR * aim or off_aim <= LUCK * self.error):
            return AS_ASKED
        return MAY_BE_LUCK if beyond <= LUCK * self.error else OFF

    @property
    def far(self) -> bool:
        """Whether it is worth a word at the terminal."""
        return abs(self.off) >= FAR

    def facts(self) -> dict[str, float]:
        """As they are stored."""
        return {name: value for name, value in {**self._asdict(), "off": self.off}.items() if isfinite(value)}


def held(sold: float, asked: float, revenue: NDArray[np.float64]) -> OnRecord | None:
    """Sales on record beside those of the years of today's plan, (R,), money; None where nothing is sold.

    ``asked`` is the `market.level` that was played.
    """
    in_play = float(revenue.mean())
    if sold <= 0.0 or in_play <= 0.0:
        return None
    level = float(np.clip(asked * sold / in_play, *LEVELS))
    error = standard_error(revenue) if revenue.size > 1 else inf
    return OnRecord(sold, in_play, float(f"{level:.3g}"), asked, error)


def on_record(today: Played, revenue: NDArray[np.float64]) -> OnRecord | None:
    """Sales on record beside those of ``today``'s years, (R,), money.

    None where nothing is on record, or the years are not meant to be like it (`command.play.like_last_year`).
    """
    return held(float(today.info.get("sold", 0.0)), float(today.info["scenario"]["market"]["level"]), revenue)


def beside(off: float) -> str:
    """By how much more or less than the record is sold in play, in words."""
    return f"{percent(abs(off))} {'more' if off > 0 else 'less'} than" if abs(off) >= ALIKE else "as good as"


def like_record(comparison: Comparison) -> Said:
    """The same as a sentence; empty where there is nothing to hold against each other."""
    record = comparison.record
    if record is None:
        return Said("")
    stored = {name: fact(value, name) for name, value in record.facts().items()}
    in_play, sold = money_alike([stored["sold_in_play"], stored["sold"]], comparison.currency)
    said = (
        f"Played as it is, today's plan sells {in_play} in the mean year, {beside(stored['off'])} the {sold} a year on "
        "record"
    )
    level, asked = (shown(stored[name], f"{stored[name]:g}") for name in ("level", "asked"))
    why = {
        AS_GOOD: "",
        AS_ASKED: f", as market.level={asked} asks",
        MAY_BE_LUCK: f", which may be the luck of the {comparison.played} played",
        OFF: f"; market.level={level} would bring it about there",
    }
    return Said(f"{said}{why[record.verdict]}.")
