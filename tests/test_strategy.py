"""`territory strategy`: the shipped map moves what it says and nothing else; what does not hang together is told."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from analysis.charts.strategy_layout import layout
from analysis.played import Played
from analysis.store import load
from analysis.strategy.measures import MEASURES
from analysis.strategy.page import Told
from command.main import main
from command.play import Turn
from command.settings import CONFIGS, about, options
from command.shelf import stored_scenarios
from command.strategy import MAPS, USUAL
from command.tactics import plans
from scenarios.problems import InputError
from scenarios.strategy.links import downstream
from scenarios.strategy.map import Known, StrategyMap
from scenarios.strategy.reading import read_map
from tests.test_report import Page

SMALL = ("market.accounts=300", "team.reps=6", "replications=10")
KNOWN = {name: Known(one.unit, one.better, one.when, one.segments) for name, one in MEASURES.items()}
APART = {  # objectives of the shipped map that a tactic must not move
    "even_territories": set(),
    "goals": {"even_work", "rep_kept"},
    "crm": {"even_work", "rep_kept"},
    "phone": {"even_work", "rep_kept"},
    "release": {"even_work", "rep_kept", "priority_calls", "conversations", "opportunities"},
}


def shipped(name: str = USUAL) -> Path:
    return CONFIGS / MAPS / f"{name}.yaml"


def usual() -> dict[str, Any]:
    """The shipped map, to be changed."""
    said = yaml.safe_load(shipped().read_text(encoding="utf-8"))
    assert isinstance(said, dict)
    return said


def written(said: dict[str, Any], folder: Path) -> Path:
    file = folder / "own.yaml"
    file.write_text(yaml.safe_dump(said, sort_keys=False), encoding="utf-8")
    return file


class Shown(NamedTuple):
    """The shipped map, played small."""

    results: Path
    page: Path
    out: str
    err: str


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    results = tmp_path_factory.mktemp("strategy") / "results"
    with pytest.MonkeyPatch.context() as patch:
        said: list[str] = []
        patch.setattr("command.strategy.say", said.append)
        assert main(["strategy", *SMALL, f"results={results}"]) == 0
    (page,) = results.glob("strategy/*/index.html")
    return Shown(results, page, "", "\n".join(said))


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def stored(shown: Shown, left_out: str) -> Played:
    """The stored plan without some setting; with all where none is named."""
    marks = {"crm": "crm=all", "phone": "channels=phone_small", "goals": "goals=activity", "release": "events.happen"}
    marks["even_territories"] = "territory=balanced"
    for info in stored_scenarios(shown.results):
        if [name for name, mark in marks.items() if mark not in info["command"]] == ([left_out] if left_out else []):
            return load(shown.results, info["key"])
    raise AssertionError(left_out)


class TestTheShippedMap:
    @pytest.mark.parametrize("tactic", APART)
    def test_taking_a_tactic_away_changes_what_is_downstream_and_not_a_bit_else(
        self, shown: Shown, tactic: str
    ) -> None:
        moved = {
            row["objective"]: row["moves"] for row in rows(shown.page.parent / "tactics.csv") if row["tactic"] == tactic
        }
        assert {name for name, moves in moved.items() if moves == "False"} == APART[tactic]
        of, _ = read_map(shipped(), KNOWN)
        assert set(of.objectives) - downstream(of)[tactic] == APART[tactic]

    def test_the_same_from_the_weeks_themselves(self, shown: Shown) -> None:
        plan = stored(shown, "")
        for tactic in APART:
            without = stored(shown, tactic)
            early = [
                (plan.weeks(name)[:, :13] == without.weeks(name)[:, :13]).all() for name in ("calls", "priority_calls")
            ]
            assert early == [tactic == "release"] * 2
            opened = [one.weeks("opened").sum(axis=2) for one in (plan, without)]
            assert (opened[0][:, :26] == opened[1][:, :26]).all() == (tactic == "release")
            assert (opened[0][:, 26:] != opened[1][:, 26:]).any()

    def test_it_says_so(self, shown: Shown) -> None:
        assert "Every tactic moves what is downstream of it in the map, and nothing else, to the last bit." in shown.err

    def test_a_second_run_plays_nothing_and_finds_the_same(self, shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
        found: list[str] = []

        def scored(told: Told, folder: Path) -> Path:
            found.append(told.found.objectives.to_csv(index=False))
            return folder

        monkeypatch.setattr("analysis.strategy.page.write_page", scored)
        monkeypatch.setattr(Turn, "_play", lambda *_: pytest.fail("played again"))
        assert main(["strategy", *SMALL, f"results={shown.results}"]) == 0
        assert found == [(shown.page.parent / "scorecard.csv").read_text(encoding="utf-8")]

    def test_the_page_opens_alone_and_tells_all(self, shown: Shown) -> None:
        page = Page(shown.page.read_text(encoding="utf-8"))
        assert page.asks == []
        assert len(page.ids) == len(set(page.ids))
        text = re.sub(r"\s+", " ", page.text)
        for heading in (
            "The scorecard",
            "What each tactic adds",
            "Does cause lead to effect?",
            "The value proposition",
        ):
            assert heading in text
        assert "territory strategy market.accounts=300 team.reps=6 replications=10" in text
        assert "use case" in text
        assert (shown.page.parent / "strategy_map.png").stat().st_size > 50_000
        assert "$ .. " not in (shown.page.parent / "strategy_map.svg").read_text(encoding="utf-8")

    def test_the_release_closes_the_gap_that_it_says(self, shown: Shown) -> None:
        leads = {row["criterion"]: row for row in rows(shown.page.parent / "value_proposition.csv")}
        gap = float(leads["use_case"]["lead_plan"]) - float(leads["use_case"]["lead_today"])
        assert gap == pytest.approx(-0.2)
        assert leads["price"]["lead_plan"] == leads["price"]["lead_today"]

    def test_a_map_of_ones_own_is_told_what_it_lacks_and_its_text_is_shown_as_it_is(
        self, shown: Shown, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        said = usual()
        said["objectives"]["even_work"]["leads_to"] = ["priority_calls"]
        said["tactics"]["goals"]["serves"] = ["priority_calls", "rep_kept"]
        said["title"] = "<script>alert(1)</script>"
        said["objectives"]["revenue"]["what"] = "$x_1$ <b>and</b> & more"
        said["tactics"]["crm"]["what"] = "../../etc/passwd {{ 7 * 7 }}"
        to = tmp_path / "to"
        line = ["strategy", str(written(said, tmp_path)), *SMALL, f"results={shown.results}", "--to", str(to)]
        assert main(line) == 0
        err = capsys.readouterr().err
        assert "0 played, 8 already played" in err
        assert "tactic 'even_territories' moves objective 'rep_kept' (by +14" in err
        assert "link tactic 'goals' → 'rep_kept': nothing that can be told comes along it" in err
        page = (to / "index.html").read_text(encoding="utf-8")
        assert "<script" not in page
        assert "<b>" not in page
        assert "{{ 7 * 7 }}" in page
        assert "$x_1$" in (to / "strategy_map.svg").read_text(encoding="utf-8")

    def test_what_fails_is_said_and_nothing_is_written(
        self, results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def fails(*_: object) -> None:
            raise RuntimeError("no room")

        monkeypatch.setattr(Turn, "_play", fails)
        assert main(["strategy", *SMALL, f"results={results}"]) == 1
        assert "RuntimeError: no room" in capsys.readouterr().err
        assert not list(results.glob("strategy/*"))


@pytest.mark.parametrize("name", options(MAPS))
def test_every_shipped_map_hangs_together_and_each_plan_lacks_one_tactic(name: str) -> None:
    of, problems = read_map(shipped(name), KNOWN)
    found = plans(of, SMALL, problems)
    assert problems == []
    assert found is not None
    assert len(about(MAPS, name).split()) > 3
    (plan, words), (today, _) = found.plan, found.today
    assert words[:3] == list(SMALL)
    for tactic, (without, _) in found.without.items():
        groups = {key.split(".")[0] for key in of.tactics[tactic].sets}
        assert without == replace(plan, **{group: getattr(today, group) for group in groups})


def problems_of(said: dict[str, Any], folder: Path, settings: bool) -> list[str]:
    """What the reader finds wrong, and whoever knows the ``settings``."""
    of, problems = read_map(written(said, folder), KNOWN)
    if settings:
        plans(of, SMALL, problems)
    return problems


WRONG: list[tuple[str, Any, str]] = [
    ("objectives.revenue.measure", "revenu", "measure: there is no 'revenu'; did you mean 'revenue'?"),
    ("objectives.revenue.by", "quarter 5", "by: 'quarter 5' is not in the year; it has quarters 1 to 4"),
    ("objectives.revenue.by", "week 53", "by: 'week 53' is not in the year; it has weeks 1 to 52"),
    ("objectives.retention.by", "week 30", "by: retention is known when the year is over; it goes: by: year"),
    ("objectives.revenue.target", "more", "target: 'more' is no number; it goes: 1200, 90 %, +5 %, +5 points, at"),
    ("objectives.revenue.target", True, "target: 'True' is no number"),
    ("objectives.revenue.target", "5 %", "target: '5 %': this is no share but money; to change today's say +5 %"),
    ("objectives.conversations.target", 9000, "target: more of this may be better or worse; say at least or at most"),
    ("objectives.revenue.colour", "red", "there is no 'colour'; choose from: by, in, leads_to, measure, perspective"),
    ("objectives.revenue.strategy", "tim", "strategy: there is no 'tim'; did you mean 'time'?"),
    ("objectives.revenue.leads_to", ["contributon"], "no objective 'contributon'; did you mean 'contribution'?"),
    ("objectives.revenue.leads_to", ["retention"], "'revenue' (financial) leads down to 'retention' (customer)"),
    ("objectives.contribution.leads_to", ["revenue"], "go in a circle: contribution → revenue → contribution"),
    ("objectives.even_work.by", "year", "leads to 'priority_calls', which is due before it (week 13)"),
    ("objectives.retention.leads_to", None, "'retention' is an orphan: it leads to no financial objective"),
    ("objectives.even_work.in", "industry=Retail", "in: workload_in_band is not known by segment; these are: rev"),
    ("tactics.even_territories.serves", ["priority_calls"], "'even_work' is an orphan: no tactic serves it or any"),
    ("tactics.crm.serves", [], "it serves nothing; name objectives, as in  serves: [even_work]"),
    ("tactics.crm.sets", {"crm": "al"}, "sets: no crm option 'al'.  did you mean 'all'?"),
    ("tactics.crm.sets", {"crm.follow_up_fresh": 99}, "sets: crm.follow_up_fresh: 99 is out of range; it must be"),
    ("tactics.crm.sets", {"market.seed": 2}, "sets: market.seed is no part of a plan; a tactic sets territory,"),
    ("tactics.crm.sets", {"replications": 2}, "sets: replications is for all plans alike; give it on the command"),
    ("tactics.crm.sets", {"goals": "hybrid"}, "clash: goals=activity_priority and goals=hybrid both set goals"),
    ("tactics.crm.sets", {"events": "product_launch"}, "'crm' and tactic 'release' clash: events=product_launch and"),
    ("tactics.crm.sets", ["crm"], "sets: 'crm' sets nothing; it goes: key=value"),
    ("tactics.crm.sets", {"crm": "none"}, "it changes nothing: without crm=none the plan is the same"),
    ("goals.more", "Another goal", "goal 'more' has no strategy"),
    ("goal", {}, "there is no 'goal'; did you mean 'goals'?"),
]


@pytest.mark.parametrize(("place", "value", "problem"), WRONG)
def test_what_is_wrong_is_told_with_its_place_and_the_nearest_right(
    place: str, value: Any, problem: str, tmp_path: Path
) -> None:
    said = usual()
    *way, last = place.split(".")
    inside = said
    for key in way:
        inside = inside[key]
    inside[last] = value
    (found,) = [found for found in problems_of(said, tmp_path, last == "sets") if problem in found]
    assert found.startswith("own.yaml")


def test_all_of_it_at_once_and_nothing_is_left_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = usual()
    said["objectives"]["revenue"]["in"] = "industry=Retial"
    said["objectives"]["contribution"]["target"] = "lots"
    said["objectives"]["retention"]["measure"] = "attainment"
    said["tactics"]["release"]["sets"] = {"events.happen": "week 99: launch +5%"}
    file = written(said, tmp_path)
    assert main(["strategy", str(file), *SMALL, f"results={tmp_path / 'results'}"]) == 2
    told = capsys.readouterr().err
    assert "own.yaml, objective 'revenue': in: no account has industry=Retial; did you mean 'Retail'?" in told
    assert "own.yaml, objective 'contribution': target: 'lots' is no number" in told
    assert (
        "objective 'retention': attainment can't be measured: the plan has no quotas (goals=activity_priority)" in told
    )
    assert (
        "own.yaml, tactic 'release': events.happen: 'week 99: launch +5%': week 99 is not in the year; 1 to 52" in told
    )
    assert told.count("error:") == len(told.splitlines())
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("title: [", "can't be read"),
        ("- a\n- b", "a map has title, goals, strategies, objectives, tactics"),
        ("title: a\ntitle: b", "'title' is there twice, the second time in line 2"),
        ("title: &a b\ngoals: *a", "a map has no references"),
        ("title: !!python/object/apply:os.system [ls]", "could not determine a constructor"),
        ("", "a map has title"),
    ],
)
def test_a_file_that_is_no_map(text: str, problem: str, tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(problem)):
        read_map(file, KNOWN)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["growht"], "there is no map 'growht'.  did you mean 'growth'?"),
        (["no.yaml"], "there is no file of a map 'no.yaml'"),
        (["goals=hybrid"], "the command line and tactic 'goals' clash: goals=hybrid and goals=activity_priority"),
        (["experiment=demo"], "experiment is for simulate"),
        (["replications=auto"], "replications=auto looks at contribution alone"),
        (["market.seed=1,2"], "market.seed=1,2 names 2 values; a map is played in one"),
        (["market.acounts=3"], "market has no 'acounts'.  did you mean 'accounts'?"),
    ],
)
def test_a_line_that_means_nothing(words: list[str], problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["strategy", *words, *SMALL[:2]]) == 2
    assert problem in capsys.readouterr().err


class TestTactics:
    def test_events_of_two_tactics_happen_both(self, tmp_path: Path) -> None:
        said = usual()
        said["tactics"]["crm"]["sets"] = ["events.happen=week 10: competitor price -0.1"]
        of, problems = read_map(written(said, tmp_path), KNOWN)
        found = plans(of, SMALL, problems)
        assert found is not None
        assert problems == []
        both = "week 10: competitor price -0.1; week 27: competitor use_case -0.2; week 27: launch +5%"
        assert found.plan[0].events.happen == both
        assert found.without["release"][0].events.happen == "week 10: competitor price -0.1"


def test_boxes_do_not_cover_each_other_and_crossed_links_are_laid_apart() -> None:
    found = layout([["t"], ["a", "b"], ["c", "d"]], [("t", "a"), ("a", "d"), ("b", "c"), ("t", "c")], 8.0, 2.0, 0.2)
    assert found.ways["t", "c"] == ["t", "t→c@1", "c"]
    for row in found.rows:
        edges = [(found.x[name] - found.wide[name] / 2, found.x[name] + found.wide[name] / 2) for name in row]
        assert edges[0][0] >= -1e-9
        assert edges[-1][1] <= 8.0 + 1e-9
        assert all(left[1] <= right[0] + 1e-9 for left, right in pairwise(edges))
    assert (found.x["a"] < found.x["b"]) == (found.x["d"] < found.x["c"])


def test_a_map_is_what_was_written() -> None:
    of, _ = read_map(shipped(), KNOWN)
    assert isinstance(of, StrategyMap)
    assert of.objectives["priority_calls"].target.number(100.0) == 200.0
    assert of.objectives["opportunities"].by == 26
    assert of.tactics["phone"].serves == ("priority_calls", "conversations")


def test_the_page_on_maps_names_every_measure_and_its_map_hangs_together(tmp_path: Path) -> None:
    page = (CONFIGS.parent / "docs" / "howto" / "strategy.md").read_text(encoding="utf-8")
    assert MEASURES.keys() <= set(re.findall(r"`(\w+)`", page))
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    file = tmp_path / "own.yaml"
    file.write_text(example, encoding="utf-8")
    assert read_map(file, KNOWN)[1] == []
