"""The course of opportunities: played as on paper, found again in records."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scenarios.crm.decisions import NAMES, Waits, behaviour_of, course, drawn, fit_decisions, natural, scaled, waits
from scenarios.crm.timing import Span
from sim.behaviour import Behaviour
from sim.run import run

TRUTH = {
    "quick_share": 0.35, "first_month_quick": 0.8, "quick_hazard": 0.6, "stage_hazard": 0.4, "closing_hazard": 0.25,
    "stage_advance": 0.85, "first_month_pace": 0.5, "last_month_pace": 1.5, "win_odds": 0.5, "first_month_odds": -0.4,
    "last_month_odds": 0.8, "asleep": 0.15,
}  # fmt: skip


def lived(values: dict[str, float], stages: int, number: int, seed: int, weeks: int = 78) -> Waits:
    """Opportunities that go the course, opened evenly over ``weeks`` weeks, seen in the last 52 of them."""
    rng = np.random.default_rng(seed)
    won, lost, _ = course(behaviour_of(values, stages, Behaviour()), weeks)
    opened = rng.integers(0, weeks, number)
    chances = np.concatenate([won, lost], axis=1)[opened % 13] * (1.0 - values["asleep"])
    place = (np.cumsum(chances, axis=1) < rng.random(number)[:, None]).sum(axis=1)
    took = place % (weeks + 1)
    end, start = weeks - 1, weeks - 52
    decided = (place < 2 * (weeks + 1)) & (opened + took <= end)
    outcome = np.where(decided, (place < weeks + 1).astype(int), 2)
    waited = np.where(decided, took, end - opened)
    unseen = np.clip(start - opened - 1, 0, None)
    there = unseen < np.where(decided, waited, waited + 1)
    columns = [column[there].astype(np.int64) for column in (opened % 13, waited, unseen, outcome)]
    return Waits(*columns, np.ones(int(there.sum())))


@pytest.mark.parametrize("stages", [1, 3])
def test_all_that_opens_is_won_lost_or_open(stages):
    won, lost, still = course(behaviour_of(TRUTH, stages, Behaviour()), 60)
    assert np.cumsum(won + lost, axis=1) + still == pytest.approx(1.0)
    assert (won >= 0.0).all()
    assert (lost >= 0.0).all()


def test_the_course_on_paper_is_the_course_that_is_played():
    """Wins and losses by month of the quarter, in a world of equal accounts, as the course has them."""
    from tests.test_rhythm import CALLED, MONTH, called_weekly, won_at
    from tests.worlds import plan

    b = CALLED._replace(
        quick_share=0.35, first_month_quick=0.8, quick_hazard=0.6, stage_hazard=0.4, closing_hazard=0.25,
        first_month_pace=0.5, last_month_pace=1.5, first_month_odds=-0.4, last_month_odds=0.8,
    )  # fmt: skip
    world = called_weekly(60, **{name: value for name, value in b._asdict().items() if value != getattr(CALLED, name)})
    year = run(world, plan(world), range(20)).rep_week
    won, lost, _ = course(b._replace(win_odds=won_at(0.0, b)), 104)
    counts = {"won": won, "lost": lost}
    for name, table in counts.items():
        expected = np.zeros(13)  # by the week of the quarter in which it is decided
        for opened in range(13):
            for weeks in range(1, 105):
                expected[(opened + weeks) % 13] += table[opened, weeks]
        played = year[name].sum(axis=(0, 2)).reshape(4, 13).sum(axis=0).astype(float)
        by_month = [np.bincount(MONTH[:13], weights=one, minlength=3) for one in (played, expected)]
        share = [one / one.sum() for one in by_month]
        assert share[0] == pytest.approx(share[1], abs=0.02), name
    rate = year["won"].sum() / (year["won"].sum() + year["lost"].sum())
    assert rate == pytest.approx(won.sum() / (won.sum() + lost.sum()), abs=0.015)


def test_a_known_course_is_found_again_with_its_stages():
    found = fit_decisions(lived(TRUTH, 3, 6000, 1))
    off = (found.at - scaled(np.array([TRUTH[name] for name in NAMES]))) / np.sqrt(np.diag(found.spread))
    assert found.stages == 3
    assert np.abs(off).max() < 3.5, dict(zip(NAMES, off.round(1), strict=True))
    assert min(found.known.values()) > 0.3


def test_little_data_leaves_the_prior():
    few = fit_decisions(lived(TRUTH, 2, 30, 2), 2)
    many = fit_decisions(lived(TRUTH, 2, 3000, 2), 2)
    assert all(few.known[name] < many.known[name] for name in NAMES)
    assert few.known["first_month_odds"] < 0.5


def test_draws_of_a_course_lie_as_its_spread_says():
    found = fit_decisions(lived(TRUTH, 2, 2000, 3), 2)
    rows = np.array([[one[name] for name in NAMES] for one in drawn(found, 1, 2000)])
    scales = np.array([scaled(row) for row in rows])
    assert scales.mean(axis=0) == pytest.approx(found.at, abs=0.15)
    assert scales.std(axis=0) == pytest.approx(np.sqrt(np.diag(found.spread)), rel=0.1)
    assert natural(found.at)[0] == found.values["quick_share"]


def test_what_opened_before_the_data_counts_only_as_far_as_it_was_seen():
    days = pd.DataFrame(
        {
            "created": [0, 0, 7 * 60, -1],
            "closed": [7 * 55, -1, 7 * 61, 7 * 60],
            "outcome": ["won", "open", "lost", "won"],
        }
    )
    made = waits(days, Span(7 * 52, 7 * 103))
    rows = sorted(zip(made.phase, made.weeks, made.unseen, made.outcome, made.number, strict=True))
    # Opened in week 0, seen from week 51 of 52-week years on; the one without a beginning takes no part.
    assert [row[3] for row in rows] == [1, 2, 0]
    assert {row[2] for row in rows} == {0, 50}
    assert sum(row[4] for row in rows) == 3
