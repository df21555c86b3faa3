"""Titles say what their rows say, in the clear case, where it can't be told, and where nothing differs."""

from __future__ import annotations

from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from analysis.charts import decision, funnel, gains, return_an_hour, territory_map
from analysis.charts.style import STYLE, new_figure, rendered
from analysis.compare import BETTER, compare
from analysis.played import Played
from sim.world import REASONS
from tests.played import made_up, waves, with_frames


def words(text: str) -> int:
    return len(text.replace(" × ", "×").split())


def with_accounts(played: Played, **columns: np.ndarray) -> Played:
    """The same year with other columns of account_years, each (years, accounts)."""
    frame = played.frames["account_years"].assign(**{name: values.ravel() for name, values in columns.items()})
    return with_frames(played, account_years=frame)


def with_funnel(opened: int, won: int, lost: dict[str, int], value: int = 1_000, luck: float = 0.0) -> Played:
    """A year in which each of 60 accounts has as many opportunities; ``luck`` shuffles the reasons of loss."""
    played = made_up("now", years=20)
    shape = (20, 60)
    counts = {f"lost_{name}": np.full(shape, lost.get(name, 0)) for name in REASONS}
    if luck:
        for at, name in enumerate(lost):
            counts[f"lost_{name}"] = counts[f"lost_{name}"] + np.rint(luck * waves(20, 1, salt=at)).astype(int)
    columns = {"opened": np.full(shape, opened), "won": np.full(shape, won), "lost": sum(counts.values())}
    return with_accounts(played, **columns, **counts, won_revenue=np.full(shape, 100 * value * won))


# The decision


def test_a_plan_alone_at_the_top_is_named_and_company_is_counted() -> None:
    now = made_up("now")
    clear = compare([now, made_up("better", gain=20_000)])
    assert clear.row("better")["verdict"] == BETTER
    assert decision.title(clear).finding == "better × quota_potential is ahead of all others"
    unclear = compare([now, made_up("other", spread=60_000)])
    assert decision.title(unclear).finding == "All plans share the top"
    pair = compare([now, made_up("one", gain=20_000, spread=900), made_up("two", gain=20_000, spread=900)])
    assert decision.title(pair).finding == "2 of 3 plans share the top"
    mixed = compare([now, made_up("other", spread=60_000), made_up("worse", gain=-20_000)])
    assert decision.title(mixed).finding == "2 of 3 plans share the top, today's plan among them"
    assert decision.title(compare([now, made_up("twin", status_quo=False)])).finding == "All plans come to the same"


def test_the_table_is_the_comparison_row_by_row() -> None:
    found = compare([made_up("now"), made_up("b", gain=9_000, spread=8_000, moved=0.2), made_up("c", spread=50_000)])
    frame = decision.data(found)
    assert list(dict.fromkeys(frame["plan"])) == list(found.table["key"])
    assert frame.groupby("plan").size().tolist() == [20, 20, 20]
    for plan, part in frame.groupby("plan"):
        row = found.row(str(plan))
        assert (part["difference"] > 0).mean() == row["better"]
        for column, source in (("best", "best"), ("regret_bad_year", "regret_bad_year"), ("load_cv", "workload_cv")):
            assert set(part[column]) == {row[source]}


def test_of_many_plans_the_best_are_shown_and_the_baseline_with_them() -> None:
    plans = [made_up("now", years=5)] + [made_up(f"p{i}", gain=500.0 * (i + 1), years=5) for i in range(30)]
    found = compare(plans)
    shown = decision.data(found)["plan"].unique()
    assert len(shown) == decision.MOST
    assert shown[-1] == "now"
    assert decision.title(found).subtitle.endswith("24 of 31 plans")


# Who gains


def test_labels_of_a_wide_axis_stand_apart() -> None:
    found = compare([made_up("now"), made_up("b", gain=20_000), made_up("c", gain=-20_000)])
    frame = decision.data(found)
    for key, low, high in (("b", 200_000.0, 700_000.0), ("c", -1_900_000.0, -900_000.0)):
        frame.loc[frame["plan"] == key, "difference"] = np.linspace(low, high, 20)
    with mpl.rc_context(STYLE):
        figure, ax = new_figure(8.2, decision.height(frame))
        decision.chart(frame, ax, "$")
        rendered(figure, "decision")
        figure.canvas.draw()  # as laid out, every label in its place
        left, right = ax.get_xlim()
        boxes = [
            label.get_window_extent() for at, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True)
            if left <= at <= right
        ]  # fmt: skip
    assert len(boxes) >= 3
    gaps = [after.x0 - before.x1 for before, after in pairwise(boxes)]
    assert min(gaps) > 4, gaps


def test_luck_is_how_far_years_of_one_plan_lie_apart() -> None:
    assert gains.luck(pd.DataFrame({"R": [10.0, 20.0, 40.0]}))["R"] == pytest.approx(26.0)
    assert gains.luck(pd.DataFrame({"R": [10.0]})).isna().all()
    assert gains.luck(pd.DataFrame({"R": [5.0] * 9}))["R"] == 0.0


def test_a_gain_smaller_than_luck_is_said_to_be() -> None:
    now, small, large = made_up("now"), made_up("small", gain=20_000), made_up("large", gain=900_000)
    for plan, said in ((small, "none beyond a year's luck"), (large, "4 beyond a year's luck")):
        frame = gains.data(plan, now)
        title = gains.title(frame, plan, now, "20 years")
        assert title.finding == "4 of 4 reps gain, none lose"
        assert said in title.subtitle
    frame = gains.data(small, now)
    assert frame["typical"].to_numpy() == pytest.approx(3_000.0, rel=1e-3)
    assert not frame["beyond_luck"].any()


def test_where_nobody_clearly_gains_luck_is_not_spoken_of() -> None:
    now, other = made_up("now"), made_up("other", spread=500.0)
    title = gains.title(gains.data(other, now), other, now, "20 years")
    assert title.finding == "No rep clearly gains or loses"
    assert "luck" not in title.subtitle


# Return of an hour


def test_the_hour_farthest_from_the_company_is_named_only_where_clear() -> None:
    played = made_up("now")
    frame = return_an_hour.data(played)
    found = compare([played])
    segments = frame[frame["kind"] != "rep"]
    clear = segments[segments["verdict"] != "no clear difference"]
    row = clear.loc[(clear["typical"] - clear["company"]).abs().idxmax()]
    title = return_an_hour.title(frame, played, found, "$")
    said = f"{row['segment']}: {row['typical']:,.0f} $ an hour, company {row['company']:.0f}"
    assert title.finding.lower() == said.lower()
    hours = np.broadcast_to(played.accounts["potential"].to_numpy() / 100, (20, 60))
    even = with_accounts(played, hours=hours)
    flat = return_an_hour.data(even)
    assert return_an_hour.title(flat, even, found, "$").finding == "No segment clearly returns more an hour"
    assert flat.loc[flat["kind"] != "rep", "typical"].to_numpy() == pytest.approx(float(flat["company"].iloc[0]))


def test_an_hour_is_margin_over_hours() -> None:
    played = made_up("now", years=5)
    frame = return_an_hour.data(played).set_index("segment")
    hours, sold = played.account_years("hours"), played.account_years("order_revenue") / 100
    health = (played.accounts["industry"] == "health").to_numpy()
    expected = np.median(0.6 * sold[:, health].sum(axis=1) / hours[:, health].sum(axis=1))
    assert frame.loc["health", "typical"] == pytest.approx(expected)
    assert frame.loc["health", "hours_share"] == pytest.approx(hours[:, health].sum() / hours.sum())


def test_no_hours_no_return() -> None:
    played = made_up("now", years=5)
    idle = with_accounts(played, hours=np.zeros((5, 60)))
    weeks = idle.frames["rep_weeks"].assign(hours=0.0)
    idle = with_frames(idle, rep_weeks=weeks)
    frame = return_an_hour.data(idle)
    assert frame.empty
    assert return_an_hour.title(frame, idle, compare([played]), "$").finding == "No hour was spent selling"


# The funnel


def test_the_bottleneck_is_where_a_point_more_wins_most() -> None:
    """60,000 opened, 30,000 decided, 6,000 won for 1,000 each: 600 × 1/5 × 1,000 against 300 × 1,000."""
    played = with_funnel(opened=1_000, won=100, lost={"neglect": 300, "price": 100})
    frame = funnel.data(played).set_index("name")
    assert frame.loc["decided", "rate"] == pytest.approx(0.5)
    assert frame.loc["won", "rate"] == pytest.approx(0.2)
    assert frame.loc["decided", "brings"] == pytest.approx(120_000)
    assert frame.loc["won", "brings"] == pytest.approx(300_000)
    assert frame.loc["neglect", "brings"] == pytest.approx(18_000 * 0.2 * 1_000)
    assert frame.index[frame["clear"]].tolist() == ["won", "neglect"]
    title = funnel.title(frame.reset_index(), played, compare([played]))
    assert title.finding == "Winning is the bottleneck; neglect loses most"
    stuck = with_funnel(opened=1_000, won=90, lost={"fit": 10})
    assert funnel.title(funnel.data(stuck), stuck, compare([stuck])).finding == (
        "Deciding is the bottleneck; poor fit loses most"
    )


def test_reasons_that_take_turns_are_not_named() -> None:
    played = with_funnel(opened=1_000, won=100, lost={"neglect": 200, "price": 200}, luck=90)
    assert funnel.title(funnel.data(played), played, compare([played])).finding.endswith("no one reason loses most")
    equal = with_funnel(opened=1_000, won=100, lost={"neglect": 200, "price": 200})
    assert funnel.title(funnel.data(equal), equal, compare([equal])).finding.endswith("no one reason loses most")


def test_a_year_without_opportunities_has_no_bottleneck() -> None:
    played = with_funnel(opened=0, won=0, lost={})
    frame = funnel.data(played)
    assert not frame["clear"].any()
    assert funnel.title(frame, played, compare([played])).finding == "No opportunity typically opens"


# What changes hands


def test_states_of_accounts_are_counted_before_and_after() -> None:
    played = made_up("plan", moved=0.3)
    moved = int((played.accounts["rep"] != played.accounts["current_rep"]).sum())
    both = territory_map.change_data(played)
    assert both.groupby(["map", "state"]).size().to_dict() == {
        ("plan", "gained"): moved, ("plan", "stays"): 60 - moved,
        ("today", "given"): moved, ("today", "stays"): 60 - moved,
    }  # fmt: skip
    title = territory_map.change_title(played)
    assert title.finding.startswith(f"{moved} accounts change rep: ")
    assert "locked" not in title.subtitle
    assert territory_map.change_title(made_up("now")).finding == "No account changes rep"


def test_what_the_planner_locked_is_marked_unless_it_moved_all_the_same() -> None:
    played = made_up("plan", moved=0.3)
    stays = played.accounts.loc[played.accounts["rep"] == played.accounts["current_rep"], "id"].iloc[0]
    scenario = {**played.info["scenario"], "territory": {"locked": f"[{stays}, R03]"}}
    locked = Played({**played.info, "scenario": scenario}, played.frames)
    frame = territory_map.data(locked).set_index("id")
    assert frame.loc[stays, "state"] == "locked"
    of_r03 = locked.accounts.loc[locked.accounts["current_rep"] == "R03", "id"]
    assert set(frame.loc[of_r03, "state"]) == {"locked", "gained"}
    assert "locked" in territory_map.change_title(locked).subtitle


@pytest.mark.parametrize(
    ("played", "other"),
    [
        (made_up("now", years=6), made_up("a_plan", gain=20_000, moved=0.2, years=6)),
        (made_up("now", years=6), made_up("other", spread=60_000, years=6)),
        (made_up("now", years=6), made_up("twin", status_quo=False, years=6)),
        (made_up("now", years=2), made_up("short", gain=20_000, years=2)),
    ],
    ids=["clear", "can't tell", "identical", "too few"],
)
def test_no_title_is_longer_than_ten_words(played: Played, other: Played) -> None:
    found = compare([played, other])
    frame = gains.data(other, played)
    hours = return_an_hour.data(other)
    said = [
        decision.title(found), gains.title(frame, other, played, found.played), territory_map.change_title(other),
        return_an_hour.title(hours, other, found, "$"), territory_map.title(other),
    ]  # fmt: skip
    for title in said:
        assert words(title.finding) <= 10, title.finding
