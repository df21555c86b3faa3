"""Sales in play beside sales on record."""

from __future__ import annotations

import re

import numpy as np
import pytest

from analysis.compare import compare
from analysis.on_record import like_record, on_record
from tests.played import made_up


def sold(part: float, **more: object) -> dict[str, object]:
    """What a plan is stored with, of a market that sold ``part`` of what is played."""
    played = compare([made_up("now")]).values
    revenue = played[played["metric"] == "revenue"]["value"].mean()
    return {"sold": part * float(revenue), **more}


@pytest.mark.parametrize(
    ("part", "said", "far"),
    [
        (1.0, "as good as the", False),
        (1.02, "2 % less than the", False),
        (1.25, "20 % less than the", True),
        (0.5, "100 % more than the", True),
    ],
)
def test_what_is_played_is_held_against_the_record(part: float, said: str, far: bool) -> None:
    found = compare([made_up("now", **sold(part)), made_up("better", gain=20_000, **sold(part))])
    assert found.record is not None
    assert found.record.far == far
    sentence = like_record(found).plain
    assert said in sentence
    assert (re.search(r"market\.level=([\d.]+)", sentence) is not None) == far
    if far:
        assert f"market.level={part:.2f}" in sentence
    assert found.facts.set_index("fact")["value"]["off"] == pytest.approx(1 / part - 1)


def test_nothing_is_said_where_nothing_is_on_record_or_the_years_are_not_to_be_like_it() -> None:
    assert like_record(compare([made_up("now"), made_up("other")])).plain == ""
    revenue = np.ones(3)
    for more in ({"sold": 0.0}, {"sold": 5.0, "events": "market_fall"}):
        assert on_record(made_up("now", **more), revenue) is None
    grown = made_up("now", **sold(1.0))
    grown.info["scenario"]["market"]["growth"] = "+5%"
    assert on_record(grown, revenue) is None
