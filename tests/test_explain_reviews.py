"""When a plan is looked at again, as its pages say it."""

from __future__ import annotations

import datetime as dt

import pytest

from analysis.explanation.reviewing import DONE, Reviewing, sentence
from scenarios.review import WEEKS
from scenarios.review.measures import MEASURES
from scenarios.review.policies import POLICIES


def test_a_plan_without_reviews_is_compared_at_the_ends_of_quarters() -> None:
    said = sentence(Reviewing(starts=dt.date(2026, 1, 1)), {"name": "none"}, "b")
    assert "2026-04-01, 2026-07-01, 2026-09-30 and 2026-12-30" in said
    assert "territory track b EXPORT" in said
    assert "week 13, week 26, week 39 and week 52" in sentence(Reviewing(), {"name": "none"}, "b")


@pytest.mark.parametrize("policy", ["reactive", "proactive", "rebalance", "requota", "backfill"])
@pytest.mark.parametrize("name", ["annual", "quarterly", "monthly", "triggered"])
@pytest.mark.parametrize("measure", ["attainment", "trend"])
def test_every_review_is_told_with_its_weeks_and_what_is_done(name: str, policy: str, measure: str) -> None:
    assert policy in POLICIES
    assert measure in MEASURES
    options = {"name": name, "policy": policy, "measure": measure, "trigger": 0.3}
    said = sentence(Reviewing(WEEKS[name]), options, "b")
    assert all(f"week {week}" in said for week in WEEKS[name])
    assert ("by more than 30 %" in said) == (name == "triggered")
    assert DONE[policy] in said
