"""`replications=auto`: how far it goes, what it never does twice, and what is left when it is stopped."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.store import BY_YEAR, FRAMES, extend, load, years_stored
from command import shelf
from command.main import main
from command.overrides import read
from command.terminal import Progress
from scenarios.problems import InputError

SMALL = ("market.accounts=60", "team=pair")
TWO = ("-m", "goals=quota_equal,hybrid")  # after 20 years the first is known well enough, the second after 40
Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def page(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page takes seconds to draw; what it says of this is in the footnotes, which stand for it."""

    def write_report(comparison: Any, played: dict[str, Any], folder: Path, *said: object) -> Path:
        from analysis.table import footnotes

        folder.mkdir(parents=True, exist_ok=True)
        (folder / "index.html").write_text("\n".join(footnotes(comparison)))
        return folder / "index.html"

    monkeypatch.setattr("analysis.report.write_report", write_report)


@pytest.fixture
def years(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The replications of every run, in the order of the runs."""
    import sim.run

    real, played = sim.run.run, []

    def run(world: Any, plan: Any, replications: Any, *others: Any, **more: Any) -> Any:
        played.append(list(replications))
        return real(world, plan, replications, *others, **more)

    monkeypatch.setattr("sim.run.run", run)
    return played


def stopping(monkeypatch: pytest.MonkeyPatch, when: Callable[[int, Any], bool], error: type[BaseException]) -> None:
    """Lets a run fail: ``when`` is asked with its number, from 1, and its replications."""
    import sim.run

    real, calls = sim.run.run, []

    def run(world: Any, plan: Any, replications: Any, *others: Any, **more: Any) -> Any:
        calls.append(1)
        if when(len(calls), replications):
            raise error("so it is")
        return real(world, plan, replications, *others, **more)

    monkeypatch.setattr("sim.run.run", run)


def simulate(results: Path, *words: str) -> int:
    return main(["simulate", f"results={results}", *SMALL, *words])


def rows(results: Path) -> dict[str, dict[str, pd.DataFrame]]:
    found = {}
    for info in shelf.stored_scenarios(results):
        played = load(results, str(info["key"]))
        found[str(info["label"])] = {name: played.frames[name] for name in FRAMES}
    return found


def assert_same_bits(one: Path, other: Path) -> None:
    here, there = rows(one), rows(other)
    assert sorted(here) == sorted(there)
    for label, frames in here.items():
        for name, frame in frames.items():
            pd.testing.assert_frame_equal(frame, there[label][name], check_exact=True, obj=f"{label} {name}")


def rounds_told(said: str) -> list[str]:
    return [line for line in said.splitlines() if " years: " in line]


def test_it_goes_on_until_the_vaguest_plan_is_known(
    results: Path, years: list[list[int]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert simulate(results, *TWO, "replications=auto") == 0
    told = capsys.readouterr().err
    assert "2 scenarios and the status quo × 20 years at first, up to 400" in told
    first, last = rounds_told(told)
    assert first.startswith("20 years: 1 of 2 mean differences known well enough · current × hybrid is known to ± ")
    assert first.endswith(" · on to 40")
    assert last.startswith("40 years: every mean difference is known to a quarter of itself or 0.5 % of contribution")
    assert "3 played, 0 failed" in told
    assert years == [list(range(20))] * 3 + [list(range(20, 40))] * 3
    assert {len(info["replications"]) for info in shelf.stored_scenarios(results)} == {40}
    (page,) = results.glob("studies/*/index.html")
    assert f"{last}." in page.read_text().splitlines()
    page.unlink()
    assert main(["compare", f"results={results}"]) == 0
    assert f"{last}." in page.read_text().splitlines()


def test_two_blocks_are_one_go_bit_for_bit(results: Path, tmp_path: Path, years: list[list[int]]) -> None:
    other = tmp_path / "other"
    assert simulate(results, *TWO, "replications=auto") == 0
    assert simulate(other, *TWO, "replications=40") == 0
    assert years[-3:] == [list(range(40))] * 3
    assert_same_bits(results, other)
    assert len(list(results.glob("*/goals.20.parquet"))) == 3
    assert not list(other.glob("*/goals.20.parquet"))


def test_the_fixed_number_that_it_reached_is_found_in_the_store(
    results: Path, years: list[list[int]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert simulate(results, *TWO, "replications=auto") == 0
    table = capsys.readouterr().out
    played = len(years)
    assert simulate(results, *TWO, "replications=40") == 0
    told = capsys.readouterr()
    assert "0 played, 3 already played, 0 failed" in told.err
    assert told.out == table
    assert len(years) == played
    commands = [str(info["command"]).split() for info in shelf.stored_scenarios(results)]
    assert all("replications=40" in words and "replications=auto" not in words for words in commands)


def test_a_smaller_number_shows_the_first_years_of_those_stored(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert simulate(results, "goals=hybrid", "replications=30") == 0
    capsys.readouterr()
    assert simulate(results, "goals=hybrid", "replications=10") == 0
    shown = capsys.readouterr().out
    assert simulate(tmp_path / "other", "goals=hybrid", "replications=10") == 0
    assert capsys.readouterr().out == shown
    assert main(["compare", f"results={results}"]) == 0
    assert capsys.readouterr().out == shown


def test_what_is_stored_changes_nothing_about_how_far_it_goes(
    results: Path, tmp_path: Path, years: list[list[int]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert simulate(tmp_path / "other", *TWO, "replications=auto") == 0
    empty = capsys.readouterr()
    assert simulate(results, "-m", "goals=hybrid", "replications=33") == 0
    assert simulate(results, "-m", "goals=hybrid,quota_equal", "replications=65") == 0
    years.clear()
    capsys.readouterr()
    assert simulate(results, "-m", "goals=hybrid,quota_equal", "replications=auto") == 0
    full = capsys.readouterr()
    assert rounds_told(full.err) == rounds_told(empty.err)
    assert full.out == empty.out
    assert years == []


def test_a_store_of_odd_numbers_is_filled_up(results: Path, tmp_path: Path, years: list[list[int]]) -> None:
    assert simulate(results, "goals=hybrid", "replications=27") == 0
    years.clear()
    assert simulate(results, *TWO, "replications=auto") == 0
    assert years == [list(range(20)), list(range(27, 40)), list(range(20, 40)), list(range(27, 40))]
    assert simulate(tmp_path / "other", *TWO, "replications=40") == 0
    assert_same_bits(results, tmp_path / "other")


@pytest.mark.parametrize("stopped_at", [2, 4, 5, 6])
def test_after_an_interruption_the_same_line_plays_only_what_is_missing(
    stopped_at: int, results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    with monkeypatch.context() as patched:
        stopping(patched, lambda number, replications: number == stopped_at, KeyboardInterrupt)
        assert simulate(results, *TWO, "replications=auto") == 130
    told = capsys.readouterr().err
    assert "go on with the same line:\n  territory simulate" in told
    if stopped_at > 3:
        assert "stopped.  3 of 3 scenarios are kept, with every block of years that was finished." in told
    kept = [years_stored(results, str(info["key"])) for info in shelf.stored_scenarios(results)]
    assert sum(kept) == 20 * (stopped_at - 1)
    years = request.getfixturevalue("years")
    assert simulate(results, *TWO, "replications=auto") == 0
    assert sum(len(block) for block in years) == 120 - sum(kept)
    assert simulate(tmp_path / "other", *TWO, "replications=auto") == 0
    assert_same_bits(results, tmp_path / "other")


def test_what_stops_while_years_are_added_leaves_those_that_were_there(results: Path) -> None:
    assert simulate(results, "goals=hybrid", "replications=5") == 0
    key = str(shelf.find(results, ["current+hybrid"])[0]["key"])
    before, info = load(results, key), json.loads((results / key / "info.json").read_text())
    longer = {**info, "replications": list(range(10))}
    tables = {name: before.frames[name].copy() for name in BY_YEAR}
    for table in tables.values():
        table["replication"] += 5
    with pytest.raises(TypeError, match="not JSON serializable"):  # stops after the rows, before they are named
        extend(results, {**longer, "notes": object()}, tables)
    assert years_stored(results, key) == 5
    for name in FRAMES:
        pd.testing.assert_frame_equal(load(results, key).frames[name], before.frames[name], check_exact=True)
    assert not list((results / key).glob(".*"))
    extend(results, longer, tables)
    assert years_stored(results, key) == 10
    assert load(results, key, range(4, 6)).frames["goals"]["replication"].unique().tolist() == [4, 5]


@pytest.mark.parametrize("file", ["rep_weeks.20.parquet", "goals.parquet"])
def test_damaged_years_are_played_again(
    file: str, results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert simulate(results, *TWO, "replications=auto") == 0
    path = results / str(shelf.find(results, ["current+hybrid"])[0]["key"]) / file
    path.write_bytes(path.read_bytes()[:50])
    assert simulate(results, *TWO, "replications=auto") == 0
    assert "1 played, 2 already played, 0 failed" in capsys.readouterr().err
    assert simulate(tmp_path / "other", *TWO, "replications=40") == 0
    assert_same_bits(results, tmp_path / "other")


def test_the_limit_is_the_end(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert simulate(results, *TWO, "replications=auto", "replications_limit=22") == 0
    first, last = rounds_told(capsys.readouterr().err)
    assert first.endswith(" · on to 22")
    assert last.startswith("stopped at the limit of 22 years: current × hybrid is known to ± ")
    assert {len(info["replications"]) for info in shelf.stored_scenarios(results)} == {22}
    (page,) = results.glob("studies/*/index.html")
    assert f"S{last[1:]}." in page.read_text().splitlines()


def test_a_limit_below_a_block_is_one_short_block(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert simulate(results, *TWO, "replications=auto", "replications_limit=4") == 0
    told = capsys.readouterr().err
    assert "× 4 years at first, up to 4\n" in told
    (only,) = rounds_told(told)
    assert only.startswith("stopped at the limit of 4 years: ")


def test_the_status_quo_alone_has_nothing_to_wait_for(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert simulate(results, "replications=auto") == 0
    assert rounds_told(capsys.readouterr().err) == [
        "20 years: only the status quo was played, there is no difference to know"
    ]
    assert [len(info["replications"]) for info in shelf.stored_scenarios(results)] == [20]


def test_every_market_goes_as_far_as_it_must(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert simulate(results, "-m", "goals=hybrid", "market.seed=1,2", "replications=auto") == 0
    told = [line[:9] for line in rounds_told(capsys.readouterr().err)]
    assert told == ["20 years:", "40 years:", "20 years:"]
    found = {(info["seed"], len(info["replications"])) for info in shelf.stored_scenarios(results)}
    assert found == {(1, 40), (2, 20)}


def test_a_plan_that_fails_on_the_way_does_not_hold_the_others_up(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patched:
        stopping(patched, lambda number, replications: number == 5, ZeroDivisionError)  # quota_equal, second block
        assert simulate(results, *TWO, "replications=auto") == 1
    told = capsys.readouterr()
    assert "failed: current × quota_equal: ZeroDivisionError: so it is" in told.err
    assert "2 played, 1 failed" in told.err
    assert rounds_told(told.err)[-1].startswith("40 years: every mean difference is known")
    assert "quota_equal" not in told.out
    years = {info["goals"]: len(info["replications"]) for info in shelf.stored_scenarios(results)}
    assert years == {"none": 40, "hybrid": 40, "quota_equal": 20}
    assert [note["label"] for note in shelf.failures(results)] == ["current × quota_equal"]
    assert simulate(results, *TWO, "replications=auto") == 0
    assert shelf.failures(results) == []


def test_where_the_status_quo_fails_on_the_way_the_years_before_are_compared(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stopping(monkeypatch, lambda number, replications: number == 4, ZeroDivisionError)
    assert simulate(results, *TWO, "replications=auto") == 1
    told = capsys.readouterr()
    assert "failed: current × none: ZeroDivisionError: so it is" in told.err
    assert [line.split("\t")[1] for line in told.out.splitlines()[1:]].count("current × none") == 1
    assert {len(info["replications"]) for info in shelf.stored_scenarios(results)} == {20}


def test_the_years_that_are_open_are_those_of_the_round() -> None:
    progress = Progress(4, 20)  # two plans and the status quo of each, which is the same
    for key in ("today", "hybrid", "today", "equal"):
        progress.scenario_done(key, kept=5 if key == "today" else 0)
    progress.further(3, 20)
    progress.playing(7)
    assert progress.line().startswith("3/3 scenarios · 62/115 years")  # 60 years behind it, 5 of them from the store
    for _ in range(3):
        progress.block_done(20)
    assert progress.line() == "3/3 scenarios · 115/115 years"


def test_a_named_experiment_may_ask_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"replications": "auto", "replications_limit": 60}
    monkeypatch.setattr("command.overrides.option", lambda group, name: said)
    asked = read(["experiment=pair"])
    assert (asked.replications, asked.limit) == (20, 60)
    assert read(["experiment=pair", "replications=30"]).limit is None
    said["replications"] = "atuo"
    with pytest.raises(InputError, match=r"pair\.yaml: replications: 'atuo' is neither a whole number nor auto"):
        read(["experiment=pair"])
