"""Whether today's plan sells in play what is on record: the first thing that a planner holds a simulation against."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.origin import Said, fact
from analysis.played import Played
from analysis.words import money, number, percent

if TYPE_CHECKING:
    from analysis.compare import Comparison

ALIKE = 0.005
FAR = 0.03  # from the record: nearer than that, it may be the luck of the years played


class OnRecord(NamedTuple):
    """What is sold a year, money: on record, and in the mean of the years in which today's plan was played."""

    sold: float
    sold_in_play: float
    level: float  # `market.level` that would make them alike, sales rising about in proportion

    @property
    def off(self) -> float:
        """By what part of the record more is sold in play. 890 of 1,000: -0.11."""
        return self.sold_in_play / self.sold - 1.0

    @property
    def far(self) -> bool:
        """Whether that is worth a word at the terminal."""
        return abs(self.off) > FAR

    def facts(self) -> dict[str, float]:
        """As they are stored."""
        return {**self._asdict(), "off": self.off}


def on_record(today: Played, revenue: NDArray[np.float64]) -> OnRecord | None:
    """Sales on record beside those of ``today``'s years, (R,), money.

    None where nothing is on record, or the years are not meant to be like it (`command.play.like_last_year`).
    """
    sold, in_play = float(today.info.get("sold", 0.0)), float(revenue.mean())
    if sold <= 0.0 or in_play <= 0.0:
        return None
    level = float(today.info["scenario"]["market"]["level"])
    return OnRecord(sold, in_play, round(level * sold / in_play, 2))


def like_record(comparison: Comparison) -> Said:
    """The same as a sentence; empty where there is nothing to hold against each other."""
    if comparison.record is None:
        return Said("")
    stored = {name: fact(value, name) for name, value in comparison.record.facts().items()}
    off = percent(abs(stored["off"]))
    beside = f"{off} {'more' if stored['off'] > 0 else 'less'} than" if abs(stored["off"]) >= ALIKE else "as good as"
    said = (
        f"Played as it is, today's plan sells {money(stored['sold_in_play'], comparison.currency)} in a mean year, "
        f"{beside} the {money(stored['sold'], comparison.currency)} a year on record"
    )
    if not comparison.record.far:
        return Said(f"{said}.")
    return Said(f"{said}; market.level={number(stored['level'], 2)} would bring it about there.")
