"""What a strategy map measures, and how its objectives, tactics and links are scored; worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.metrics import METRICS, measures
from analysis.played import Played
from analysis.strategy.journey import journey
from analysis.strategy.measures import FLOW, MEASURES, measured, so_far, within
from analysis.strategy.saying import headline, link_sentences, unscored
from analysis.strategy.scorecard import Aim, Plays, Scorecard, scorecard
from tests.played import made_up, with_frames


class TestMeasures:
    """Cut years are measured by the same equations as whole ones."""

    def test_up_to_a_week(self) -> None:
        played = made_up(years=3)
        money = played.weeks("order_revenue") + played.weeks("won_revenue")
        assert measured(played, "revenue", 13, None).tolist() == (money[:, :13].sum(axis=(1, 2)) / 100).tolist()
        cost = played.weeks("pay")[:, :13].sum(axis=(1, 2)) / 100 + 4 * 36_000 / 4 + 13 * 4 * 5.0 * 24.0
        assert measured(played, "selling_cost", 13, None) == pytest.approx(cost)
        for name in (name for name, one in MEASURES.items() if one.when == FLOW and name in METRICS):
            whole = measures(played)[name].to_numpy()
            assert METRICS[name].measure(so_far(played, 52)).to_numpy() == pytest.approx(whole, nan_ok=True)

    def test_reviews_are_paid_for_when_they_are_held(self) -> None:
        held = {"name": "quarterly", "price": 150.0, "move_price": 40.0}
        played = made_up(years=2)
        weeks = played.frames["rep_weeks"]
        reviewed = weeks.assign(reviewed=weeks["week"].isin([14, 27, 40]).astype(int))
        info = {**played.info, "scenario": {**played.info["scenario"], "review": held}}
        with_reviews = Played(info, with_frames(played, rep_weeks=reviewed).frames)
        extra = [
            measured(with_reviews, "selling_cost", week, None) - measured(played, "selling_cost", week, None)
            for week in (13, 14, 40, 52)
        ]
        # Before weeks 14, 27 and 40; 4 reps × 150 each.
        assert [one.tolist() for one in extra] == [pytest.approx([600.0 * k] * 2) for k in (0, 1, 3, 3)]

    def test_in_a_segment(self) -> None:
        played = made_up(years=3)
        everybody = np.ones(len(played.accounts), dtype=bool)
        retail = (played.accounts["industry"] == "retail").to_numpy()
        for name in ("revenue", "calls", "opened"):
            parts = [MEASURES[name].measure(within(played, where)) for where in (retail, ~retail)]
            assert sum(parts) == pytest.approx(MEASURES[name].measure(within(played, everybody)))
        kept = played.account_years("status_start")[:, retail] == 1
        still = (kept & (played.account_years("status")[:, retail] == 1)).sum(axis=1) / kept.sum(axis=1)
        assert measured(played, "retention", 52, retail) == pytest.approx(still)
        for one in MEASURES.values():
            if one.segments:
                assert one.measure(within(played, retail)).shape == (3,)

    def test_no_other_measure_is_said_to_have_segments(self) -> None:
        assert MEASURES.keys() > METRICS.keys()
        assert not MEASURES["contribution"].segments


def scored(leads_to: tuple[str, ...] = ()) -> Scorecard:
    """Two objectives, two tactics: one lifts revenue by 4 × 10,000 a year, the other does nothing."""
    plan, without = made_up("plan", gain=10_000.0), made_up("plan", gain=0.0)
    today = made_up("now", gain=-10_000.0)
    aims = [
        Aim("sales", "Sales", "financial", "revenue", 52, True, lambda now: 1.02 * now, "+2 %", None, "", ()),
        Aim("calls", "Calls", "internal", "calls", 13, True, lambda _: 780.0, "at least 780", None, "", leads_to),
    ]
    serves = {"lift": ("sales",), "idle": ("calls",)}
    reach = {"lift": frozenset({"sales"}), "idle": frozenset({"calls", *leads_to})}
    return scorecard(aims, serves, reach, Plays(plan, today, {"lift": without, "idle": plan}))


class TestScorecard:
    def test_an_objective_is_met_in_the_years_that_reach_the_target(self) -> None:
        found = scored()
        sales, calls = (row for _, row in found.objectives.iterrows())
        now = measures(made_up("now", gain=-10_000.0))["revenue"].to_numpy()
        then = measures(made_up("plan", gain=10_000.0))["revenue"].to_numpy()
        assert sales["target"] == pytest.approx(1.02 * np.median(now))
        assert sales["chance"] == np.mean(then >= 1.02 * np.median(now))
        assert calls["typical"] == 15 * 13 * 4  # a week, weeks, reps
        assert (calls["chance"], calls["chance_high"]) == (1.0, 1.0)
        assert calls["chance_low"] == pytest.approx(0.935, abs=0.001)  # Beta(20.5, 0.5)

    def test_what_a_tactic_adds_is_paired(self) -> None:
        lift, on_calls, idle, _ = (row for _, row in scored().tactics.iterrows())
        assert lift["mean"] == pytest.approx(40_000.0, abs=1.0)
        assert (lift["says"], lift["sure"], lift["moves"]) == ("helps", pytest.approx(1.0), True)
        assert (on_calls["says"], on_calls["moves"]) == ("nothing", False)
        assert (idle["says"], idle["mean"], idle["sure"], idle["chance"]) == ("nothing", 0.0, 0.5, 0.0)

    def test_links_are_held_against_the_years(self) -> None:
        found = scored(("sales",))
        assert found.missing == []
        assert found.idle == [("idle", "calls"), ("calls", "sales")]
        assert link_sentences(found)[0] == (
            "No tactic moves what is not downstream of it; of what is, these do not move: 'idle' → 'sales' and "
            "'idle' → 'calls'."
        )
        assert headline(found).startswith("1 of 2 objectives are met") or headline(found).startswith("2 of 2")

    def test_percent_of_nothing_is_no_target(self) -> None:
        now = made_up("now")
        aim = Aim("won", "Wins", "financial", "won", 52, True, lambda _: float("nan"), "+5 %", None, "", ())
        found = scorecard([aim], {"none": ("won",)}, {"none": frozenset({"won"})}, Plays(now, now, {"none": now}))
        assert pd.isna(found.objectives["chance"].iloc[0])
        assert unscored(found) == [
            "objective 'won' can't be scored: today's won is 0, and +5 % of nothing says nothing; give an amount"
        ]

    def test_the_journey_counts(self) -> None:
        now = made_up("now", years=2)
        table = journey(now, now).set_index("stage")
        kept = ((now.account_years("status_start") == 1) & (now.account_years("status") == 1)).sum(axis=1)
        assert table.loc["stayed", "plan"] == np.median(kept)
        assert list(table["says"].unique()) == ["same"]
