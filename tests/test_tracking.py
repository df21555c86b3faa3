"""A plan during its year: its fan, what drifts beyond luck, how the year may end, worked on small made-up years."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.tracking import drift, limits, outlook, said, standing
from analysis.tracking.likeness import most_alike
from analysis.tracking.measures import AT, FIRM, MEASURES, REGION, TERRITORY, Group, groups, sales, watched
from analysis.tracking.paying import paying

YEARS, WEEKS = 300, 52
GROUPS = [Group("Ann", TERRITORY), Group("Bo", TERRITORY), Group("the firm", FIRM)]
WIDE = np.array([False, False, True])
RECORDED = tuple(MEASURES)
LOOKS = tuple(range(4, WEEKS + 1, 2))


def years(count: int, seed: int, calls: float = 20.0) -> np.ndarray:
    """Years of two territories and the firm; each territory has good and bad years that last."""
    rng = np.random.default_rng(seed)
    level = np.exp(0.2 * rng.normal(size=(count, 1, 2)))
    made = np.zeros((count, WEEKS, 2, len(MEASURES)))
    made[..., AT["calls"]] = made[..., AT["counted"]] = rng.poisson(calls, (count, WEEKS, 2))
    made[..., AT["opened"]] = rng.poisson(4.0 * level, (count, WEEKS, 2))
    made[..., AT["decided"]] = rng.poisson(4.0 * level, (count, WEEKS, 2))
    made[..., AT["won"]] = rng.binomial(made[..., AT["decided"]].astype(int), 0.3)
    made[..., AT["won_revenue"]] = 1_000.0 * made[..., AT["won"]]
    made[..., AT["ordered"]] = rng.poisson(10.0 * level, (count, WEEKS, 2))
    made[..., AT["order_revenue"]] = 100.0 * made[..., AT["ordered"]]
    made[..., AT["open"]] = 30.0
    return np.concatenate([made, made.sum(axis=2, keepdims=True)], axis=2)


def make(values: np.ndarray, beside: bool = False) -> drift.Detector:
    return drift.fit(values, drift.WATCHED, drift.KINDS, WIDE, 0, LOOKS, beside)


@pytest.fixture(scope="module")
def plan() -> np.ndarray:
    return years(YEARS, 1)


@pytest.fixture(scope="module")
def fitted(plan: np.ndarray) -> tuple[drift.Detector, np.ndarray]:
    held = drift.columns_of(plan, drift.WATCHED)
    return make(held), limits.limits(held, make)


def test_accounts_are_watched_by_territory_region_and_firm() -> None:
    accounts = pd.DataFrame({"rep": ["R1", "R1", "R2"], "region": ["N", "S", "S"]})
    named, members = groups(accounts, pd.DataFrame({"id": ["R1", "R2"], "name": ["Ann", "Bo"]}))
    assert [(one.name, one.kind) for one in named] == [
        ("Ann", TERRITORY), ("Bo", TERRITORY), ("N", REGION), ("S", REGION), ("the firm", FIRM),
    ]  # fmt: skip
    zero = np.zeros((1, 3))
    weeks = dict.fromkeys(("called", "opened", "won", "lost", "won_revenue", "order_revenue", "open"), zero)
    weeks |= {"called": np.array([[1, 1, 0]]), "order_revenue": np.array([[5_000, 0, 30_000]])}
    made = watched(weeks, np.array([1.0, 0.0, 1.0]), np.array([100.0, 100.0, 0.0]), members)
    assert made[0, :, AT["calls"]].tolist() == [2.0, 0.0, 1.0, 1.0, 2.0]
    assert made[0, :, AT["counted"]].tolist() == [1.0, 0.0, 1.0, 0.0, 1.0]
    assert made[0, :, AT["ordered"]].tolist() == [0.5, 0.0, 0.5, 0.0, 0.5]  # half an order; who orders nothing has none
    assert sales(made, 0, 1).tolist() == [50.0, 300.0, 50.0, 300.0, 350.0]


def test_one_region_or_very_many_are_not_watched() -> None:
    reps = pd.DataFrame({"id": ["R1"], "name": ["Ann"]})
    for regions in (["N"] * 13, [f"region {number}" for number in range(13)]):
        named, _ = groups(pd.DataFrame({"rep": "R1", "region": regions}), reps)
        assert [one.kind for one in named] == [TERRITORY, FIRM]


def test_a_year_as_planned_is_flagged_one_time_in_ten(fitted: tuple[drift.Detector, np.ndarray]) -> None:
    detector, limit = fitted
    fresh = detector.highest(drift.columns_of(years(200, 2), drift.WATCHED))
    share = (fresh >= limit[detector.wide.astype(int)]).any(axis=(1, 2, 3)).mean()
    assert share == pytest.approx(0.10, abs=0.055)  # two of its own sd and of the limits' own


def test_whoever_works_less_is_told_within_weeks_by_name_and_since_when(
    plan: np.ndarray, fitted: tuple[drift.Detector, np.ndarray]
) -> None:
    now = years(1, 3)[0]
    now[20:, 0, AT["calls"]] = np.round(0.5 * now[20:, 0, AT["calls"]])
    now[:, 2] = now[:, :2].sum(axis=1)
    found = standing.flags(*fitted, plan, now, RECORDED, 30)
    mine = next(flag for flag in found if flag.group == 0)
    assert mine.kind == "work"
    assert 20 < mine.found <= 24
    assert 17 <= mine.since <= 22
    assert mine.changes[0].measure == "calls"
    assert mine.changes[0].share == pytest.approx(-0.5, abs=0.1)
    assert all(flag.group != 1 for flag in found)
    assert "calls −" in said.flag_words(mine)
    assert "Ann drifts (calls)" in said.flag_sentence(mine, GROUPS)


def test_a_year_that_is_low_from_its_first_week_on_is_luck_here(
    plan: np.ndarray, fitted: tuple[drift.Detector, np.ndarray]
) -> None:
    low = plan[np.argmin(plan[:, :, 0, AT["order_revenue"]].sum(axis=1))]
    assert standing.place(plan, low, 0, 52)["place"].iloc[0] < 0.02
    assert not [flag for flag in standing.flags(*fitted, plan, low, RECORDED, 52) if flag.group == 0]


def test_what_all_share_is_no_drift_where_they_are_held_against_one_another(plan: np.ndarray) -> None:
    held = drift.columns_of(plan, drift.WATCHED)
    now = years(1, 3)[0]
    now[20:] *= 0.5
    alone, beside = make(held), make(held, beside=True)
    mine = drift.columns_of(now, drift.WATCHED)[None]
    assert np.abs(alone.scores(mine, 40)).max() > 10.0
    assert np.abs(beside.scores(mine, 40)).max() < 6.0
    assert not beside.scores(mine, 40)[0, 2].any()  # the firm against itself


def test_limits_of_heavy_and_light_tails_are_passed_by_as_many_years() -> None:
    rng = np.random.default_rng(1)
    top = np.column_stack([rng.normal(size=1_000), np.exp(2.0 * rng.normal(size=1_000))])
    limit = limits.equally_rare(top, 0.10)
    passed = top >= limit
    assert passed[:, 0].sum() == passed[:, 1].sum()
    assert 0.09 < passed.any(axis=1).mean() <= 0.10


def test_the_possible_ends_hold_what_comes_as_often_as_they_say() -> None:
    simulated, fresh, inside = years(400, 11), years(200, 6), []
    rest, end = sales(simulated, 26, 52), sales(fresh, 0, 52)
    before, mine = (outlook.known(one, 0, 26, RECORDED) for one in (simulated, fresh))
    for g in (0, 1):
        for year in range(200):
            made = outlook.ends(before[:, g], rest[:, g], mine[year, g], float(sales(fresh[year], 0, 26)[g]))
            low, high = np.quantile(made, (0.1, 0.9))
            inside.append(low <= end[year, g] <= high)
    assert np.mean(inside) == pytest.approx(0.8, abs=0.05)


def test_a_year_that_is_over_has_one_end() -> None:
    made = outlook.ends(np.ones((4, 1)), np.zeros(4), np.ones(1), 500.0)
    assert made.tolist() == [500.0] * 4
    rng = np.random.default_rng(0)
    assert outlook.chance(made, 500.0, rng) == (1.0, 0.0)
    assert outlook.chance(made, 501.0, rng) == (0.0, 0.0)


def test_the_year_itself_is_most_like_itself(plan: np.ndarray) -> None:
    assert most_alike(plan, plan[17], drift.WATCHED, 0, 30)[0] == 17


def test_whether_the_plan_pays_is_said_no_surer_than_it_is() -> None:
    rng = np.random.default_rng(4)
    today = 100.0 * np.exp(0.1 * rng.normal(size=200))
    gain = rng.normal(1.0, 2.0, 200)
    found = paying(101.0, today + 1.0, today, gain, gain, np.arange(40))
    assert 0.4 < found.rather_plan < 0.6
    assert found.row("so far", "all")["sure"] > 0.99
    assert "can't tell the two apart" in said.paying_sentences(found, "$", 20)[1]


def test_no_realignment_is_told_to_pay_that_can_not_be() -> None:
    table = pd.DataFrame(
        {
            "policy": ["reactive", "proactive"], "moved": [5.0, 8.0], "contribution": [900.0, -400.0],
            "low": [-5e3, -2e3], "high": [6e3, 1e3], "better": [0.5, 0.4], "sure": [0.6, 0.2],
            "after": [10.0, 2_000.0], "after_sure": [0.6, 0.99], "cost": [1e3, 1e3], "none": [1e5, 1e5],
        }
    )  # fmt: skip
    assert "a proactive one leaves more behind (+2,000 $, sure 0.99) for −400 $ this year" in said.realign_sentence(
        table, "$"
    )
    assert "no realignment surely pays" in said.realign_sentence(table.assign(after_sure=0.6), "$")
    assert said.realign_sentence(table.assign(sure=0.97), "$").startswith("a reactive review now would pay: +900 $")
    dear = table.assign(sure=0.97, none=1e6)  # half a percent of which is more than any brings
    assert said.realign_sentence(dear, "$").startswith("no realignment surely pays now by 0.5 % of contribution")
