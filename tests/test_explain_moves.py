"""Who moves and why, who serves which territory, and what that does to the balance, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.explanation.balance import balance, sentences, standing
from analysis.explanation.moves import Match, moves, reason
from analysis.explanation.plan_tables import placed_sentence
from tests.explained import PLACED
from tests.played import made_up, with_frames


def test_other_placements_are_said_with_what_they_bring_or_that_none_brings_more() -> None:
    assert placed_sentence(PLACED, "$").startswith(
        "The same territories with other reps are expected to earn +6.0 k$ a year: Ann's to Ben and Ben's to Ann."
    )
    kept = PLACED.assign(best=PLACED["rep"], expected_with_best=PLACED["expected"])
    assert placed_sentence(kept, "$") == "No other placement of the reps in these territories is expected to earn more."


def test_what_a_move_brings_is_its_own_expected_margin_paired() -> None:
    today, after = made_up("now", accounts=3, reps=2, years=2), made_up("b", accounts=3, reps=2, years=2)
    book = after.accounts.assign(rep=["R01", "R01", "R01"])
    was = today.accounts.assign(rep=["R00", "R01", "R01"])
    years = after.frames["account_years"].assign(fluid_orders=[30_000, 0, 0, 50_000, 0, 0])
    match = Match(None, np.ones(3))
    table = moves(
        with_frames(after, accounts=book, account_years=years), with_frames(today, accounts=was), match, match
    )
    assert list(table["account"]) == ["A00000"]
    assert table["brings"][0] == pytest.approx(0.6 * 400)  # margin 0.6 of 300 and 500
    assert (table["brings_low"][0], table["brings_high"][0]) == pytest.approx((0.6 * 320, 0.6 * 480))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"left": {"B"}}, "Ann has no accounts in this plan"),
        ({"index": (1.31, 1.0), "side": ("over", "")}, "Ann had 131 % of the mean hours"),
        ({"index": (1.31, 1.4), "side": ("over", "over"), "km": (9.0, 2.0)}, "7 km nearer"),  # to an even fuller one
        ({"index": (1.0, 0.68), "side": ("", "under")}, "Bob had 68 % of the mean hours"),
        ({"km": (30.0, 12.4), "fit": (0.9, 1.2)}, "18 km nearer"),
        ({"km": (12.0, 30.0), "fit": (0.9, 1.2)}, "fits better: 1.20 instead of 0.90"),
        ({"km": (float("nan"),) * 2, "ability": (0.8, 1.1)}, "a stronger rep: ability 1.10 instead of 0.80"),
        ({"ability": (1.1, 0.8), "fit": (1.2, 0.9)}, "makes room for others"),
    ],
)
def test_the_reason_is_the_first_that_the_rows_give(changed: dict[str, tuple[float, float]], why: str) -> None:
    def both(name: str, usual: object) -> dict[str, object]:
        return dict(zip("AB", changed.get(name, (usual, usual)), strict=True))

    km, fit = both("km", 10.0), both("fit", 1.0)
    row = {"from": "A", "to": "B", "from_name": "Ann", "to_name": "Bob"}
    row |= {"km_before": km["A"], "km_after": km["B"], "fit_before": fit["A"], "fit_after": fit["B"]}
    index, side, ability = (pd.Series(both(*one)) for one in (("index", 1.0), ("side", ""), ("ability", 1.0)))
    assert reason(row, index, side, ability, set(changed.get("left", {"A", "B"}))) == why


def test_over_and_under_are_outside_15_percent_of_the_mean() -> None:
    assert standing(np.array([0.84, 0.85, 1.0, 1.15, 1.16])) == ["under", "", "", "", "over"]


def test_balance_names_who_has_too_much_before_and_after() -> None:
    today, after = (made_up(key, accounts=4, reps=2) for key in ("now", "b"))
    hours = {"hours_needed": [10.0, 10.0, 10.0, 10.0], "estimated_potential": [1.0, 1.0, 1.0, 1.0]}
    today = with_frames(today, accounts=today.accounts.assign(rep=["R00", "R00", "R00", "R01"], **hours))
    after = with_frames(after, accounts=after.accounts.assign(rep=["R00", "R00", "R01", "R01"], **hours))
    table = balance(after, today)
    assert list(table["accounts_before"]) == [3, 1]
    assert list(table["hours_needed_after"]) == [20.0, 20.0]
    assert list(table["hours_needed_index_before"]) == [1.5, 0.5]
    assert sentences(table)[0] == (
        "Hours needed before: over Rep 1 (150 %); under Rep 2 (50 %). After: all within ±15 % of the mean."
    )
