"""Charts: what their titles may say, and that drawing them twice gives the same bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.charts import (
    attainment,
    differences,
    draw_all,
    effort,
    gains,
    return_an_hour,
    roi_balance,
    territory_grid,
    territory_map,
    year,
)
from analysis.charts.colours import colours_of_reps, neighbours, spread
from analysis.charts.style import lighter, new_figure
from analysis.compare import compare
from analysis.explanation.worth import month_of
from tests.played import made_up


def words(text: str) -> int:
    return len(text.replace(" × ", "×").split())


def test_title_of_differences_follows_the_row() -> None:
    now = made_up("now")
    won = compare([now, made_up("better", gain=20_000)])
    unclear = compare([now, made_up("other", spread=60_000)])
    same = compare([now, made_up("twin", status_quo=False)])
    lost = compare([now, made_up("worse", gain=-20_000)])
    assert differences.title(won).finding == "better × quota_potential: better in more than 19 of 20 years"
    assert differences.title(unclear).finding == "No clear difference from current × quota_potential"
    assert differences.title(same).finding == "twin is the same as current × quota_potential"
    assert differences.title(lost).finding == "No plan beats current × quota_potential"


def test_zero_is_an_edge_of_the_bins_and_no_stack_is_too_tall() -> None:
    values = np.linspace(-50_000, 70_000, 20)
    width = differences.bin_width(values, 1)
    assert np.unique(np.floor(values / width), return_counts=True)[1].max() <= differences.TALLEST
    assert width == 25_000.0


def test_dots_are_the_years_themselves_where_there_are_twenty() -> None:
    found = compare([made_up("now"), made_up("other", spread=60_000)])
    frame = differences.data(found)
    assert sorted(frame["difference"]) == sorted(found.paired()["other"])
    assert (frame["difference"] > 0).mean() == found.row("other")["better"]


def test_pareto_keeps_what_nothing_outdoes() -> None:
    assert roi_balance.pareto(np.array([0.1, 0.2, 0.3, 0.3]), np.array([1.0, 2.0, 2.0, 3.0])).tolist() == [
        True,
        True,
        False,
        True,
    ]


@pytest.mark.parametrize("same", [True, False])
def test_plans_that_are_set_apart_sideways_are_said_to_be(same: bool) -> None:
    frame = roi_balance.data(compare([made_up("now"), made_up("b", gain=20_000), made_up("c", gain=10_000)]))
    frame["balance"] = 0.2 if same else [0.1, 0.2, 0.3]
    _, ax = new_figure(8.2, 5.0)
    roi_balance.chart(frame, ax)
    places = [x for x, _ in ax.collections[-1].get_offsets()]
    assert (places != sorted(frame["balance"])) == same
    assert ("plans with the same CV stand side by side" in ax.get_xlabel()) == same


def test_the_typical_hour_of_a_segment_is_the_same_in_both_charts() -> None:
    played = made_up("now", years=5)
    rows = return_an_hour.data(played).set_index("segment")["typical"]
    for row in effort.data(played).itertuples():
        assert row.return_an_hour == pytest.approx(rows[row.segment])


def test_break_even_is_the_first_week_after_which_the_typical_year_stays_ahead() -> None:
    def frame(*values: float) -> pd.DataFrame:
        return pd.DataFrame({0: values}, index=range(1, len(values) + 1))

    assert year.break_even(frame(-5, 2, -1, 4)) == 4
    assert year.break_even(frame(1, 2, 3)) == 1
    assert year.break_even(frame(1, 2, -3)) is None


def test_a_plan_that_starts_behind_pays_back_late() -> None:
    now, later = made_up("now"), made_up("later", gain=20_000, moved=0.3)
    found = compare([now, later])
    week = year.break_even(year.data(later, now))
    assert week is not None
    assert week > 30
    assert year.title(year.data(later, now), later, now, found).finding == (
        f"Typically ahead for good from week {week} (month {month_of(week)})"
    )


def test_effort_title_names_the_widest_gap() -> None:
    played = made_up("now")
    title = effort.title(effort.data(played), played, compare([played]))
    assert title.finding.startswith("Top quarter: ")
    even = made_up("now")
    even.frames["account_years"]["hours"] = (
        even.frames["account_years"]["account"].astype(str).map(even.accounts.set_index("id")["potential"]).astype(float)
    )
    assert effort.title(effort.data(even), even, compare([even])).finding == "Hours follow potential"


def test_gains_are_counted_by_clear_changes_only() -> None:
    now, better = made_up("now"), made_up("better", gain=20_000)
    assert gains.title(gains.data(better, now), better, now, "20 years").finding == "4 of 4 reps gain, none lose"
    other = made_up("other", spread=500.0)
    assert gains.title(gains.data(other, now), other, now, "20 years").finding == "No rep clearly gains or loses"


def test_neighbours_on_a_map_get_different_colours() -> None:
    x, y = np.meshgrid(np.arange(30.0), np.arange(10.0))
    y += 0.01 * x  # no four places on one circle
    accounts = pd.DataFrame({"x_km": x.ravel(), "y_km": y.ravel(), "rep": [f"R{int(v) // 5}" for v in x.ravel()]})
    reps = [f"R{j}" for j in range(6)]
    owner = accounts["rep"].map({rep: j for j, rep in enumerate(reps)}).to_numpy()
    touches = neighbours(accounts[["x_km", "y_km"]].to_numpy(), owner, 6)
    assert [int(row.sum()) for row in touches] == [1, 2, 2, 2, 2, 1]
    colour = colours_of_reps([accounts], reps, 9)
    assert all(colour[f"R{j}"] != colour[f"R{j + 1}"] for j in range(5))
    assert all(colour[f"R{j}"] != colour[f"R{j + 2}"] for j in range(4))


def test_with_more_reps_than_colours_every_colour_is_used() -> None:
    assert set(spread(~np.eye(12, dtype=bool), 9).tolist()) == set(range(9))


def test_map_of_a_large_market_is_thinned_by_key() -> None:
    played = made_up("now", accounts=6_000, years=1)
    frame = territory_map.data(played)
    assert len(frame) == 2_000
    assert territory_map.title(played).subtitle.startswith("current: 2,000 of 6,000 accounts drawn")


def test_without_places_a_grid_counts_accounts() -> None:
    played = made_up("now", places=False)
    frame = territory_grid.data(played)
    assert int(frame.to_numpy().sum()) == 60
    assert list(frame.index) == ["Rep 1", "Rep 2", "Rep 3", "Rep 4"]


def test_without_quotas_there_is_no_attainment_to_draw() -> None:
    played = made_up("now", quota=False)
    assert attainment.data(played).empty
    assert attainment.title(attainment.data(played), played, compare([played])).finding == "No quota, so no attainment"


@pytest.mark.parametrize("places", [True, False])
def test_the_same_comparison_draws_the_same_bytes(tmp_path: Path, places: bool) -> None:
    plans = [made_up("now", places=places, years=6), made_up("better", gain=20_000, moved=0.2, places=places, years=6)]
    found = compare(plans)
    for folder in ("one", "two"):
        drawn = draw_all(found, {p.key: p for p in plans}, tmp_path / folder)
    expected = {"differences", "decision", "roi_balance", "gains", "year", "effort", "return_an_hour", "attainment"}
    assert set(drawn) == expected | ({"map_change", "map_today", "map_plan"} if places else {"territories"})
    for name, chart in drawn.items():
        assert (tmp_path / "one" / f"{name}.svg").read_bytes() == (tmp_path / "two" / f"{name}.svg").read_bytes()
        assert (tmp_path / "one" / f"{name}.png").stat().st_size > 5_000
        assert words(chart.title.finding) <= 10, chart.title.finding


def test_where_nothing_changes_hands_there_is_one_map(tmp_path: Path) -> None:
    plans = [made_up("now"), made_up("better", gain=20_000)]
    drawn = draw_all(compare(plans), {p.key: p for p in plans}, tmp_path)
    assert [name for name in drawn if name.startswith("map")] == ["map_today"]
    findings = [chart.title.finding for chart in drawn.values()]
    assert len(set(findings)) == len(findings), "each region of a page has a name of its own"


def test_a_lighter_drawing_keeps_its_words() -> None:
    one, two = '<use x="1.23456" y="2" style="fill: #332288"/>', '<use x="3" y="4.5678" style="fill: #332288"/>'
    dots = f"{one}\n{two}<text>0.12345</text>"
    assert lighter(dots) == (
        '<g style="fill: #332288"><use x="1.23" y="2"/>\n<use x="3" y="4.56"/></g><text>0.12345</text>'
    )


def test_a_difference_of_exactly_nothing_lies_on_the_line() -> None:
    places = differences.stack(np.array([-5.0, 0.0, 0.0, 3.0]), 0.0, 10.0, 1.0)
    assert places[:, 0].tolist() == [-5.0, 0.0, 0.0, 5.0]
    assert places[1, 1] < places[2, 1]
