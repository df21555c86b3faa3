"""What would flip a comparison: flips worked out by hand, what is said of them, and the doors of the verb."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.charts import flip
from analysis.charts.style import new_figure
from analysis.compare import compare
from analysis.flip_said import in_short, nothing, range_of, regret_table, sentence, table
from analysis.flips import INSIDE, NONE, OUTSIDE, Tried, differences, figures, flips, leader
from analysis.metrics import changes_rep, contribution, measures
from analysis.store import load
from command.flipping.points import Points
from command.flipping.search import search
from command.flipping.unknowns import HANDED, Unknown, _handed_over, unknowns
from command.flipping.work import searched, searched_or_said
from command.main import main
from command.study import ASKED, asked_of
from tests.played import made_up, one_that_flips

WIDE = (0.0, float("inf"))


class Straight:
    """Plans that contribute 100 more for a unit of the input, or what is said of them, in each of 20 years."""

    def __init__(self, **a_unit: float) -> None:
        self.a_unit, self.played = a_unit, 0
        self.luck = np.linspace(-10.0, 10.0, 20)

    def contribution(self, key, unknown, value, years):
        self.played += years
        return (1000.0 + self.luck + self.a_unit[key] * value)[:years]


def between(low, default, high):
    return Unknown("an.input", "the input", "share", low, default, high, WIDE, change=lambda *given: given)


def found_with(points, unknown, usual):
    frame = flips(list(search(points, [unknown], "won", usual)), 1.0)
    return frame.iloc[0] if len(frame) else None


def test_what_a_moved_account_may_cost_is_the_lead_over_the_accounts_moved(tmp_path):
    now, better = made_up("now"), made_up("better", gain=20_000, spread=30_000, moved=0.3)
    found = compare([now, better])
    price = Unknown(HANDED, "the price", "$ an account", 0.0, 0.0, 80.0, WIDE, slope=_handed_over)
    points = Points({"now": now, "better": better}, tmp_path)
    (row,) = flips(list(search(points, [price], "better", differences(found))), found.matters).itertuples()
    by_hand = found.row("better")["typical"] / changes_rep(better).sum()
    assert row.flip == pytest.approx(by_hand, rel=1e-12)
    assert (row.where, row.leads) == (OUTSIDE, "now")
    assert row.flip_from < row.flip < row.flip_to
    assert row.typical_high == pytest.approx(row.typical_default - 80.0 * changes_rep(better).sum())


def test_a_straight_line_flips_where_it_crosses_and_not_all_of_it_is_played():
    usual = {"lost": np.full(20, 50.0)}  # at 1: the winner brings 100 a unit less, so 0.5 more brings 0

    class Crossing(Straight):
        def contribution(self, key, unknown, value, years):
            return super().contribution(key, unknown, value, years) + (150.0 if key == "won" else 0.0)

    points = Crossing(won=0.0, lost=100.0)
    row = found_with(points, between(0.5, 1.0, 2.0), usual)
    assert (row["where"], row["leads"]) == (INSIDE, "lost")
    assert row["flip"] == pytest.approx(1.5)
    assert row["far"] == pytest.approx(0.5)
    assert (row["years_low"], row["years_default"], row["years_high"]) == (5, 20, 20)
    assert row["typical_low"] == pytest.approx(100.0)
    assert row["flip_from"] == row["flip_to"] == pytest.approx(1.5)  # every year has the same difference
    assert points.played == 2 * (5 + 5 + 20 + 20)  # of both plans: both ends, all of the high one, where it flips


def test_no_flip_is_said_to_be_none_and_what_changes_nothing_is_left_out():
    usual = {"lost": np.full(20, 50.0)}
    points = Straight(won=150.0, lost=100.0)
    row = found_with(points, between(0.5, 1.0, 2.0), usual)
    assert (row["where"], row["leads"]) == (NONE, "")
    assert np.isnan(row["flip"])
    assert range_of(next(row.to_frame().T.itertuples())) == "–"
    same = Straight(won=0.0, lost=0.0)
    assert found_with(same, between(0.5, 1.0, 2.0), {"lost": np.zeros(20)}) is None


def test_luck_leaves_a_flip_in_a_range_and_an_open_end_is_said():
    luck = np.linspace(-90.0, 110.0, 20)
    points = {0.0: {"lost": luck + 100.0}, 1.0: {"lost": luck + 20.0}, 2.0: {"lost": luck - 60.0}}
    (row,) = flips([Tried("an.input", "the input", "share", 0.0, 1.0, 2.0, WIDE, points)], 1.0).itertuples()
    assert row.flip == pytest.approx(1.0 + (np.median(luck) + 20.0) / 80.0)
    assert row.flip_from <= row.flip
    assert np.isnan(row.flip_to) or row.flip_to >= row.flip
    assert range_of(row).startswith("on from") == bool(np.isnan(row.flip_to))


def test_who_could_take_the_lead_is_the_baseline_and_the_next_that_can_be_told_apart():
    now, best = made_up("now"), made_up("best", gain=30_000)
    twin, next_best = made_up("twin", gain=30_000), made_up("next", gain=20_000)
    assert leader(compare([now, best, twin, next_best])) == ("best", ("now", "next"))
    assert leader(compare([now, made_up("worse", gain=-20_000)])) == ("now", ("worse",))
    assert leader(compare([now, made_up("copy", status_quo=False)])) == ("copy", ())


def test_plans_that_are_the_same_or_cant_be_told_apart_flip_nothing():
    now = made_up("now")
    assert nothing(compare([now])) == "Only one plan was played: there is no winner that could change."
    assert "is the same plan as current × quota_potential" in nothing(compare([now, made_up("copy", status_quo=False)]))
    assert nothing(compare([now, made_up("other", spread=60_000)])).startswith("No plan can be told apart")
    assert nothing(compare([now, made_up("better", gain=20_000)])) == ""


@pytest.fixture
def said():
    """A comparison with one input that flips it at 1.5, and one that does not."""
    return one_that_flips(compare([made_up("now"), made_up("better", gain=20_000)]))


def test_sentences_say_what_the_rows_say(said):
    assert list(said.frame["input"]) == ["a.crosses", "b.stays"]
    flips_at = "what crosses is more than 50 % above assumed (1.5 $ a year, not 1)"
    assert in_short(said) == f"flips if {flips_at}: current × quota_potential then leads"
    assert sentence(said).startswith(
        f"better × quota_potential loses its lead to current × quota_potential if {flips_at}. 1 of 2 inputs flip it."
    )
    quiet = replace(said, frame=said.frame[said.frame["where"] == NONE].reset_index(drop=True))
    assert in_short(quiet).startswith("nothing flips it: 1 inputs that change anything were tried")
    assert "stays ahead in all that was tried" in sentence(quiet)


def test_title_and_chart_follow_the_rows(said):
    assert flip.title(said.frame, "better", "20 years", "a year").finding == "1 of 2 assumptions would flip it"
    none = said.frame[said.frame["where"] == NONE]
    assert flip.title(none, "better", "20 years", "a year").finding == "None of 1 assumptions would flip it"
    rows = flip.data(said.frame)
    marked = rows[rows["flip"].notna()]
    assert marked[["input", "end", "flip"]].values.tolist() == [["a.crosses", "high", pytest.approx(1.5)]]
    assert len(rows) == 4


def test_an_end_and_its_flip_are_told_apart(said):
    _, ax = new_figure(8.2, 4.0)
    flip.chart(flip.data(said.frame), ax, "$")
    assert [text.get_text() for text in ax.texts] == ["0.5", "2 · flips at 1.5", "0.5", "2", "at"]


def test_several_flips_are_counted_in_plain_words(said):
    both = said.frame.assign(where=INSIDE)
    assert in_short(replace(said, frame=both)).endswith(" then leads; 2 of 2 inputs flip it in all")


def test_tables_have_the_flip_and_what_each_plan_loses(said):
    first, second = table(said)["rows"]
    assert first[:3] == ["what crosses, $ a year", "1", "1.5"]
    assert first[4] == "current × quota_potential"
    assert second[2:5] == ["none in the range tried", "–", "–"]
    futures = regret_table(said)["rows"]
    assert [row[0] for row in futures] == [
        "as assumed", "what crosses 0.5", "what crosses 2", "what stays 0.5", "what stays 2"
    ]  # fmt: skip
    lost = said.regret.set_index(["input", "value", "plan"])["regret"]
    assert lost[("a.crosses", 2.0, "better")] > 0.0 == lost[("a.crosses", 2.0, "now")]
    assert figures(0.013421) == "0.0134"


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A small comparison that was really played, and its folder."""
    folder = tmp_path_factory.mktemp("flips")
    asked = ["territory=balanced", "goals=hybrid", "market.accounts=60", "team.reps=2", "replications=6", "flips=no"]
    assert main(["simulate", *asked, f"results={folder}"]) == 0
    plans = {file.parent.name: load(folder, file.parent.name) for file in folder.glob("[0-9a-f]*/info.json")}
    return folder, plans


def test_an_input_at_its_default_plays_the_stored_years_again_to_the_bit(stored):
    folder, plans = stored
    for unknown in unknowns(list(plans.values())):
        if unknown.change is None:
            continue
        points = Points(plans, folder / "elsewhere")
        for key, played in plans.items():
            again = points.contribution(key, unknown, unknown.default, 3)
            assert again.tolist() == measures(played)["contribution"].to_list()[:3], unknown.key


def test_lines_are_what_playing_at_another_price_gives(stored):
    """What the costs' slopes say is what the scenario itself contributes at the other price."""
    _, plans = stored
    key, played = next((key, one) for key, one in plans.items() if not one.info["status_quo"])
    by_key = {one.key: one for one in unknowns(list(plans.values()))}
    usual = measures(played)["contribution"].to_numpy()
    dearer = load(stored[0], key)
    dearer.reps["cost_per_km"] *= 2.0
    travel = by_key["team.cost_per_km"]
    moved = usual + (travel.high - travel.default) * travel.slope(played)
    assert moved == pytest.approx(contribution(dearer).to_numpy(), rel=1e-12)
    pay = by_key["team.ote"]
    assert pay.default * pay.slope(played) == pytest.approx(-played.total("pay").to_numpy() / 100.0)


def test_points_are_kept_and_not_played_twice(stored, tmp_path):
    _, plans = stored
    unknown = unknowns(list(plans.values()))[0]
    first = Points(plans, tmp_path)
    key = next(iter(plans))
    few = first.contribution(key, unknown, unknown.low, 2)
    second = Points(plans, tmp_path)
    more = second.contribution(key, unknown, unknown.low, 4)
    assert (first.played, second.played) == (2, 2)
    assert few.tolist() == more[:2].tolist()
    third = Points(plans, tmp_path)
    assert third.contribution(key, unknown, unknown.low, 4).tolist() == more.tolist()
    assert third.played == 0


def test_the_verb_finds_the_same_twice_and_writes_its_rows(stored, tmp_path, capsys):
    folder, plans = stored
    assert main(["flip", "balanced", "--results", str(folder), "--to", str(tmp_path / "a")]) == 0
    told = capsys.readouterr()
    assert main(["flip", "balanced", "--results", str(folder), "--to", str(tmp_path / "b")]) == 0
    assert capsys.readouterr().out == told.out
    comparison = compare(list(plans.values()))
    found = searched(comparison, plans, folder)
    if found.frame is None:
        assert found.why in told.err
    else:
        assert (tmp_path / "a" / "flips.csv").read_bytes() == (tmp_path / "b" / "flips.csv").read_bytes()
        assert sentence(found) in told.err


def test_the_page_of_a_comparison_says_it(stored, monkeypatch, capsys):
    monkeypatch.setattr("command.flipping.work.searched_or_said", searched_or_said)
    folder, plans = stored
    (page,) = folder.glob("studies/*/index.html")
    note = page.with_name(ASKED)
    note.write_text(note.read_text(encoding="utf-8").replace('"flips": false', '"flips": true'), encoding="utf-8")
    assert main(["compare", f"results={folder}"]) == 0
    found = searched(compare(list(plans.values())), plans, folder)
    text = page.read_text(encoding="utf-8")
    assert "What would flip it" in text
    again = asked_of(page.parent).again
    assert f"<code>{again}</code>" in text, "shown again, it still says the line that played it"
    assert (found.why or sentence(found)).split(":")[0] in text
    assert (page.with_name("flips.csv")).exists() == (found.frame is not None)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["balancd"], 2, "nothing stored is called 'balancd'.  did you mean 'balanced+hybrid'?"),
        (["current"], 2, "is what is compared with itself"),
        (["balanced", "balanced"], 2, "is what is compared with itself"),
        (["balanced", "nobody"], 2, "nothing stored is called 'nobody'"),
    ],
)
def test_the_doors_of_the_verb(stored, capsys, words, code, said):
    assert main(["flip", *words, "--results", str(stored[0])]) == code
    assert said in capsys.readouterr().err


def test_nothing_stored_is_said(tmp_path, capsys):
    assert main(["flip", "--results", str(tmp_path / "empty")]) == 3
    assert "nothing to compare" in capsys.readouterr().err
