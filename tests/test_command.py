"""The command: what it understands, what it answers to mistakes, what it leaves behind."""

from __future__ import annotations

import errno
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from command import shelf, study
from command.main import VERBS, main
from command.terminal import complain
from scenarios.problems import InputError

ROOT = Path(__file__).resolve().parents[1]
SMALL = ("market.accounts=60", "team=pair", "replications=2")


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page takes seconds to draw and has its own tests; here a line stands for it."""

    def write_report(comparison: Any, played: dict[str, Any], folder: Path, *said: object) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "index.html").write_text(" ".join(sorted(one.info["label"] for one in played.values())))
        return folder / "index.html"

    monkeypatch.setattr("analysis.report.write_report", write_report, raising=False)


class TestAnswers:
    """What is answered before anything heavy is imported."""

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [([], 0), (["--help"], 0), (["simulate", "--help"], 0), (["simulat"], 2), (["simulate", "gaols=none"], 2)],
    )
    def test_help_and_mistakes_need_no_heavy_import(self, arguments: list[str], code: int, tmp_path: Path) -> None:
        program = (
            "import sys; from command.main import main; code = main(sys.argv[1:]); "
            "heavy = {'hydra', 'omegaconf', 'numba', 'pandas', 'matplotlib', 'mesa', 'numpy'} & set(sys.modules); "
            "sys.exit(f'imported {heavy}' if heavy else code)"
        )
        told = subprocess.run(
            [sys.executable, "-c", program, *arguments], cwd=tmp_path, env={"PYTHONPATH": str(ROOT), "PATH": ""},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert told.returncode == code, told.stderr
        assert "Traceback" not in told.stderr
        assert bool(told.stdout) == (code == 0)
        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize("verb", sorted(VERBS))
    def test_every_verb_explains_itself(self, verb: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert main([verb, "--help"]) == 0
        assert capsys.readouterr().out.startswith(f"usage: territory {verb}")

    def test_a_misspelt_verb(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["comparre"]) == 2
        assert capsys.readouterr().err == "error: there is no verb 'comparre'.  did you mean 'compare'?\n"


@pytest.mark.usefixtures("page")
class TestPlayed:
    """What a played line leaves behind."""

    def simulate(self, results: Path, *words: str) -> int:
        return main(["simulate", f"results={results}", *SMALL, *words])

    def test_a_plan_is_played_beside_the_status_quo_and_only_once(
        self, results: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.simulate(results, "goals=quota_equal") == 0
        told = capsys.readouterr()
        assert "2 played, 0 failed" in told.err
        assert "current × quota_equal" in told.out
        assert [info["label"] for info in shelf.stored_scenarios(results)].count("current × none") == 1
        assert self.simulate(results, "goals=quota_equal") == 0
        assert "0 played, 2 already played, 0 failed" in capsys.readouterr().err

    @pytest.mark.parametrize(("file", "kept"), [("rep_weeks.parquet", 100), ("info.json", 1), ("goals.parquet", 0)])
    def test_what_is_damaged_in_the_store_is_played_again(
        self, results: Path, file: str, kept: int, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.simulate(results, "goals=quota_equal") == 0
        key = shelf.find(results, ["current+quota_equal"])[0]["key"]
        path = results / key / file
        path.write_bytes(path.read_bytes()[:kept])
        assert main(["list", f"results={results}"]) == 0
        assert ("is damaged" in capsys.readouterr().err) == (file == "info.json")
        assert main(["compare", f"results={results}"]) == 2
        assert "is damaged or gone" in capsys.readouterr().err
        assert self.simulate(results, "goals=quota_equal") == 0
        assert "1 played, 1 already played, 0 failed" in capsys.readouterr().err

    def test_a_sweep_plays_what_is_missing(self, results: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.simulate(results, "goals=quota_equal") == 0
        assert self.simulate(results, "-m", "goals=none,quota_equal,hybrid") == 0
        assert "1 played, 2 already played, 0 failed" in capsys.readouterr().err
        pages = sorted(results.glob("studies/*/index.html"))
        assert pages[-1].read_text() == "current × hybrid current × none current × quota_equal"

    def test_each_scenario_of_a_sweep_is_composed_once(self, results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from hydra._internal.config_loader_impl import ConfigLoaderImpl

        real, composed = ConfigLoaderImpl.load_sweep_config, []

        def load(loader: Any, master_config: Any, sweep_overrides: list[str]) -> Any:
            composed.append(sweep_overrides[-1])
            return real(loader, master_config, sweep_overrides)

        monkeypatch.setattr(ConfigLoaderImpl, "load_sweep_config", load)
        assert self.simulate(results, "-m", "goals=none,quota_equal,hybrid") == 0
        assert composed == ["goals='none'", "goals='quota_equal'", "goals='hybrid'"]

    def test_an_experiment_whose_lists_the_line_sets_plays_one_plan(self, results: Path) -> None:
        line = ("experiment=pair", "goals=quota_equal", "territory=nearest", "replications=2", f"results={results}")
        assert main(["simulate", *line]) == 0
        labels = {info["label"] for info in shelf.stored_scenarios(results)}
        assert labels == {"current × none", "nearest × quota_equal"}

    def test_a_failed_scenario_is_recorded_and_the_others_go_on(
        self, results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        from scenarios.goals import POLICIES

        def broken(last: object, options: object) -> None:
            raise ZeroDivisionError("no reps")

        monkeypatch.setitem(POLICIES, "hybrid", broken)
        assert self.simulate(results, "-m", "goals=hybrid,quota_equal") == 1
        told = capsys.readouterr().err
        assert "failed: current × hybrid: ZeroDivisionError: no reps" in told
        assert "2 played, 1 failed" in told
        (note,) = shelf.failures(results)
        assert note["problems"] == ["ZeroDivisionError: no reps"]
        monkeypatch.undo()

    def test_what_is_refused_at_the_door_leaves_nothing(
        self, results: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.simulate(results, "territory=from_file", "territory.file=nowhere.csv") == 2
        told = capsys.readouterr()
        assert "nowhere.csv" in told.err
        assert "Traceback" not in told.err
        assert told.out == ""
        assert not results.exists()

    def test_selling_that_costs_nothing_is_refused(self, results: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.simulate(results, "team.ote=0", "team.overhead=0") == 2
        assert "has no ROI" in capsys.readouterr().err
        assert not results.exists()

    def test_ctrl_c_says_what_is_kept_and_how_to_go_on(
        self, results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        import sim.run

        real, calls = sim.run.run, []

        def run(*arguments: Any, **more: Any) -> Any:
            calls.append(1)
            if len(calls) == 3:
                raise KeyboardInterrupt
            return real(*arguments, **more)

        monkeypatch.setattr("sim.run.run", run)
        assert self.simulate(results, "-m", "goals=quota_equal,hybrid") == 130
        told = capsys.readouterr().err
        assert "stopped.  2 of 3 scenarios are kept." in told
        assert f"territory simulate results={results}" in told
        assert len(shelf.stored_scenarios(results)) == 2

    def test_stored_plans_are_found_by_label_key_and_design(self, results: Path) -> None:
        assert self.simulate(results, "-m", "goals=quota_equal,hybrid") == 0
        by_label = shelf.find(results, ["current+hybrid"])
        assert [info["goals"] for info in by_label] == ["hybrid"]
        assert shelf.find(results, [by_label[0]["key"][:6]]) == by_label
        assert len(shelf.find(results, ["current"])) == 3
        with pytest.raises(InputError, match=r"called 'current\+hybird'.  did you mean 'current\+hybrid'"):
            shelf.find(results, ["current+hybird"])
        assert main(["compare", f"results={results}", "current+hybrid"]) == 0

    def test_a_comparison_shown_again_holds_what_was_asked_of_it(
        self, results: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pages: list[tuple[object, ...]] = []

        def write_report(comparison: Any, played: dict[str, Any], folder: Path, *said: object) -> Path:
            pages.append(said)
            return folder / "index.html"

        monkeypatch.setattr("analysis.report.write_report", write_report)
        assert self.simulate(results, "-m", "goals=quota_equal", "confirm=2", "flips=no") == 0
        monkeypatch.setattr("command.flipping.work.searched_or_said", lambda *given: pytest.fail("not asked for"))
        assert main(["compare", f"results={results}"]) == 0
        played, shown_again = pages
        assert shown_again == played
        assert "2 further years" in re.sub(r"<[^>]*>", "", str(played[1]))

    def test_plans_of_two_markets_are_not_compared(self, results: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.simulate(results, "-m", "goals=hybrid", "market.seed=1,2") == 0
        assert len(list(results.glob("studies/*/[12]/index.html"))) == 2  # each held against its own status quo
        first, second = (info["key"] for info in shelf.stored_scenarios(results) if info["goals"] == "hybrid")
        capsys.readouterr()
        assert main(["compare", f"results={results}", first, second]) == 2
        assert "different markets" in capsys.readouterr().err

    def test_what_sets_markets_apart_stands_above_each_table(
        self, results: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.simulate(results, "-m", "goals=hybrid", "team.hours=30,40.5", "flips=no") == 0
        heads = [f"generated around Columbus, OH, seed 1 · team.hours={hours} · seed 1" for hours in ("30", "40.5")]
        never = "plans of different markets are not compared with each other"
        for again in ([], ["--md"]):
            if again:
                assert main(["compare", f"results={results}", *again]) == 0
            told = capsys.readouterr().err
            assert re.findall(r"^.* · .* · seed 1", told, re.MULTILINE) == heads
            assert told.count(never) == 1
            assert told.index(heads[1]) < told.index(never)

    def test_one_market_needs_no_heading(self, results: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.simulate(results, "-m", "goals=hybrid,quota_equal", "flips=no") == 0
        told = capsys.readouterr().err
        assert "seed 1" not in told
        assert "different markets" not in told

    def test_a_folder_may_be_called_as_it_likes(self, results: Path) -> None:
        folder = results / "it's, {y} \\'"
        assert main(["simulate", f"results={folder}", *SMALL]) == 0
        assert len(shelf.stored_scenarios(folder)) == 1

    def test_what_was_played_is_told_whole(self, results: Path) -> None:
        assert self.simulate(results, "goals=hybrid", "goals.stretch=1.1") == 0
        info = next(info for info in shelf.stored_scenarios(results) if info["goals"] == "hybrid")
        assert info["scenario"]["goals"]["stretch"] == 1.1
        assert info["command"] == (
            "territory simulate market.accounts=60 team=pair replications=2 goals=hybrid goals.stretch=1.1"
        )
        assert not info["status_quo"]
        assert info["against"] != info["key"]
        assert json.loads((results / info["key"] / "info.json").read_text()) == info


def test_nothing_to_compare(results: Path) -> None:
    assert main(["compare", f"results={results}"]) == 3
    assert main(["list", f"results={results}"]) == 0


def test_where_nothing_can_be_written_one_sentence_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    assert main(["simulate", f"results={tmp_path / 'file'}", *SMALL]) == 2
    assert "can't be written" in capsys.readouterr().err


def test_two_studies_that_start_together_get_a_folder_each(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one makes the folder after this one has seen that it is free."""
    first = study.open_study(results)
    monkeypatch.setattr(Path, "exists", lambda path: False)
    second = study.open_study(results)
    assert [folder.name.rpartition("-")[2] for folder in (first, second)] == ["1", "2"]
    assert second.is_dir()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.EROFS, "Read-only file system", "results/a"), "results/a: can't be written: Read-only"),
        (OSError(errno.EROFS, "Failed to open local file 'results/b'. Detail: …"), "results/b: can't be written: Rea"),
        (OSError(errno.ENOSPC, "No space left on device"), "a file: can't be written: No space left on device; give"),
        (PermissionError(errno.EACCES, "Permission denied", "results/c"), "results/c: Permission denied"),
    ],
)
def test_a_disk_that_takes_nothing_is_no_fault(monkeypatch, capsys, error: OSError, said: str) -> None:
    def full(arguments: object) -> int:
        raise error

    monkeypatch.setattr("command.list.main", full)
    assert main(["list"]) == 2
    assert capsys.readouterr().err.startswith(f"error: {said}")


def test_a_line_that_no_one_can_read_is_no_line(tmp_path: Path) -> None:
    for damaged in (b"territory \xff\xfe", b"[]", b'{"wrong": 1}'):
        (tmp_path / study.ASKED).write_bytes(damaged)
        assert study.asked_of(tmp_path) == study.Asked()


def test_a_fault_of_the_program_is_said_in_words(monkeypatch, tmp_path, capsys):
    """What nobody foresaw is no traceback either: one sentence, where it happened, and exit code 70."""
    monkeypatch.setattr("command.list.main", lambda arguments: {}["nothing"])
    monkeypatch.delenv("TERRITORY_TRACE", raising=False)
    assert main(["list"]) == 70
    said = capsys.readouterr().err
    assert "a fault of the program: KeyError: 'nothing' (test_command.py, line" in said
    assert "Traceback" not in said


def test_many_problems_are_counted(capsys):
    assert complain(f"problem {number}" for number in range(1_000)) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 41
    assert said[-1] == "error: and 960 more"
