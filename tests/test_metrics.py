"""The measures of a year, on years small enough to work out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.cuts import contribution_by_week, quarter_of_potential, segments
from analysis.metrics import METRICS, attainment_by_rep, gini, measures, variation, within_band
from analysis.played import Played
from tests.played import made_up, with_frames


def two_reps() -> Played:
    """One year of one week: rep R00 books 3,000 and 1,000, R01 books 2,000; margin 60 %; pay 500 each."""
    played = made_up(reps=2, accounts=4, years=1, weeks=1)
    weeks = played.frames["rep_weeks"].assign(
        order_revenue=[300_000, 200_000], won_revenue=[100_000, 0], margin=[240_000, 120_000], pay=[50_000, 50_000],
        travel_hours=[10.0, 5.0], calls=[6, 2], effort=[1.2, 0.8], new_customers=[1, 2],
    )  # fmt: skip
    years = played.frames["account_years"].assign(
        status_start=[1, 1, 0, 2], status=[1, 2, 1, 2], calls=[5, 0, 2, 1],
        order_revenue=[300_000, 200_000, 100_000, 0], open_value_start=[0, 0, 30_000, 10_000],
        end_value=[100, 200, 300, 400], sales_last_year=[100, 200, 400, 100], relationship_start=[0.2, 0.2, 0.5, 0.1],
    )  # fmt: skip
    accounts = played.accounts.assign(
        need=[4.0, 4.0, 4.0, 4.0], hours_needed=[8.0, 0.0, 6.0, 6.0], potential=[4.0, 3.0, 2.0, 1.0], margin=0.5,
        rep=["R00", "R00", "R01", "R01"], current_rep=["R00", "R00", "R00", "R01"],
    )  # fmt: skip
    reps = played.reps.assign(overhead=100.0, cost_per_km=0.4, road_speed=50.0)
    goals = played.frames["goals"].assign(quota=[5_000.0, 1_000.0])
    return with_frames(played, rep_weeks=weeks, account_years=years, accounts=accounts, reps=reps, goals=goals)


def test_money_is_added_up_by_hand() -> None:
    one = measures(two_reps()).iloc[0]
    assert one["revenue"] == 6_000
    assert one["margin"] == 3_600
    assert one["selling_cost"] == 1_000 + 200 + 15 * 50 * 0.4  # pay, overhead, travel
    assert one["contribution"] == 3_600 - 1_500
    assert one["roi"] == pytest.approx(2_100 / 1_500)
    assert one["end_value"] == 10


def test_coverage_customers_and_attainment() -> None:
    one = measures(two_reps()).iloc[0]
    assert one["coverage"] == 8 / 16
    assert one["touched"] == 3 / 4
    assert one["retention"] == 1 / 2
    assert one["new_customers"] == 3
    assert one["effort"] == pytest.approx(1.0)
    assert one["attainment"] == pytest.approx((0.8 + 2.0) / 2)
    assert one["at_quota"] == 0.5


def test_disruption_weighs_what_changes_rep() -> None:
    one = measures(two_reps()).iloc[0]
    assert one["moved_accounts"] == 0.25
    assert one["moved_revenue"] == 0.5
    assert one["moved_pipeline"] == 0.75
    assert one["moved_relationship"] == pytest.approx(0.5)
    assert one["workload_cv"] == 0.2  # 8 and 12 hours
    assert one["workload_in_band"] == 0.0


def test_balance_of_two_numbers() -> None:
    assert variation(np.array([8.0, 12.0])) == 0.2
    assert gini(np.array([8.0, 12.0])) == 0.1
    assert within_band(np.array([9.0, 11.0])) == 1.0
    assert np.isnan(variation(np.zeros(3)))


def test_a_rep_without_accounts_counts_as_an_empty_territory() -> None:
    played = two_reps()
    alone = with_frames(played, accounts=played.accounts.assign(rep="R00"))
    assert measures(alone)["workload_cv"].iloc[0] == 1.0


def test_without_a_quota_attainment_is_missing_not_zero() -> None:
    played = made_up(quota=False, years=2)
    assert measures(played)[["attainment", "at_quota"]].isna().all().all()
    assert attainment_by_rep(played).isna().all().all()


def test_every_metric_gives_one_number_a_year() -> None:
    played = made_up(years=3, moved=0.3)
    for name, metric in METRICS.items():
        values = metric.measure(played)
        assert list(values.index) == [0, 1, 2], name
        assert values.notna().all(), name
        assert metric.better in ("higher", "lower", "none"), name


def test_the_last_week_of_the_year_is_the_years_contribution() -> None:
    played = made_up(years=3)
    last = contribution_by_week(played).iloc[-1]
    assert last.to_numpy() == pytest.approx(measures(played)["contribution"].to_numpy())


def test_quarters_split_accounts_by_potential() -> None:
    accounts = pd.DataFrame({"key": [3, 1, 2, 0], "potential": [1.0, 9.0, 5.0, 7.0]})
    assert quarter_of_potential(accounts).to_list() == [
        "lowest quarter",
        "top quarter",
        "third quarter",
        "second quarter",
    ]


def test_effort_against_potential() -> None:
    played = two_reps()
    played = with_frames(played, account_years=played.frames["account_years"].assign(hours=[1.0, 1.0, 1.0, 1.0]))
    table = segments(played, "quarter")
    assert table["potential_share"].to_list() == [0.4, 0.3, 0.2, 0.1]
    assert table["hours_share"].to_list() == [0.25] * 4
    assert table["return_an_hour"].to_list() == [1_500.0, 1_000.0, 500.0, 0.0]
