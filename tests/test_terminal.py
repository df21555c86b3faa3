"""The terminal: exit codes, conditions for scripts, forms for programs, narrow screens, Ctrl-C, the tab key."""

from __future__ import annotations

import doctest
import importlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from analysis.compare import Comparison, compare
from analysis.metrics import Measured
from analysis.store import save
from analysis.table import COLUMNS, markdown, print_comparison
from command import completion
from command.candidates import candidates
from command.condition import held, read_condition, told
from command.console import show
from command.main import VERBS, main
from command.terminal import EXIT_CODES, Progress, broken
from scenarios.problems import InputError
from tests.played import made_up

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "howto" / "terminal.md").read_text(encoding="utf-8")
KINDS: dict[str, type] = COLUMNS


def problems_of(written: str) -> tuple[str, ...]:
    with pytest.raises(InputError) as refused:
        read_condition(written, KINDS)
    return refused.value.problems


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with today's (0dea), a plan that is better (beef), and one of another market (cafe)."""
    results = tmp_path_factory.mktemp("stored")
    more: dict[str, Any] = {"against": "0dea00000000", "played_at": "2026-01-01T00:00:00"}
    plans = [
        made_up("0dea00000000", **{**more, "label": "current × none", "status_quo": True}),
        made_up("beef00000000", gain=20_000, **{**more, "label": "balanced × hybrid", "territory": "balanced"}),
        made_up("cafe00000000", **{**more, "label": "odd × none", "territory": "odd", "market_digest": "0ther"}),
    ]
    for plan in plans:
        save(results, plan.info, Measured(plan))
    return results


@pytest.fixture(scope="module")
def found() -> Comparison:
    return compare([made_up("now"), made_up("better", gain=20_000), made_up("close", spread=30_000)])


class TestExitCodes:
    """One table, wherever it is read."""

    def test_the_page_has_the_table_of_the_program(self) -> None:
        rows = {int(code): meaning for code, meaning in re.findall(r"^\| (\d+) \| (.+) \|$", PAGE, re.MULTILINE)}
        assert rows == EXIT_CODES

    def test_help_has_it_too(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["--help"]) == 0
        shown = capsys.readouterr().out
        assert all(f"{code:>3}  {meaning}" in shown for code, meaning in EXIT_CODES.items())


class TestHelp:
    """The same shape for every verb."""

    @pytest.mark.parametrize("verb", sorted(VERBS))
    def test_it_ends_with_lines_to_copy_and_where_to_read(self, verb: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert main([verb, "--help"]) == 0
        shown = capsys.readouterr().out
        examples, page = shown.split("examples:\n")[1].split("\nmore: ")
        assert all(line.startswith((f"  territory {verb}", "   ")) for line in examples.strip("\n").splitlines())
        assert all((ROOT / one).is_file() for one in page.strip().split(", "))
        assert max(len(line) for line in shown.splitlines()) <= 100

    def test_alone_it_says_five_things_to_do_in_their_order(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main([]) == 0
        verbs = re.findall(r"^  territory (\w+)", capsys.readouterr().out, re.MULTILINE)
        assert verbs == ["simulate", "compare", "explain", "import", "list"]

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("compare --fail-unles x", "there is no option '--fail-unles'.  did you mean '--fail-unless'?"),
            ("export --as salesfroce", "--as: there is no 'salesfroce'.  did you mean 'salesforce'?"),
            ("goals FOLDER --years x", "--years: 'x' is not a whole number"),
            ("import", "folder is missing, as in: territory import FOLDER"),
            ("list plans", "'plans' is one word too many; see territory list --help"),
        ],
    )
    def test_a_typo_is_answered_in_one_line(self, line: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(line.split()) == 2
        assert capsys.readouterr().err == f"error: {said}\n"


class TestConditions:
    """What a script asks of a comparison."""

    @pytest.mark.parametrize(
        ("value", "meant"), [("18/20", 0.9), (".95", 0.95), ("10%", 0.1), ("50k", 50_000.0), ("-1.2M", -1_200_000.0)]
    )
    def test_a_value_is_written_as_people_write_it(self, value: str, meant: float) -> None:
        assert read_condition(f"typical >= {value}", KINDS)[0].value == pytest.approx(meant, abs=0)

    def test_all_mistakes_are_named_at_once(self) -> None:
        assert problems_of("beter>1, roi>x and near_best>yes, typical, outdone=perhaps") == (
            "--fail-unless: there is no measure 'beter'.  did you mean 'better'?",
            "--fail-unless: roi: 'x' is no number; write it as 0.9, 18/20, 90%, 50k or 1.2M",
            "--fail-unless: near_best>: near_best is no number; write = or !=",
            "--fail-unless: 'typical' is no condition; write measure, sign and value, as in better>=18/20",
            "--fail-unless: outdone: 'perhaps' is neither yes nor no",
        )

    def test_every_term_is_held_against_the_row(self, found: Comparison) -> None:
        row = found.row("better")
        terms = read_condition("better>19/20 and near_best=yes, verdict=better, typical<0", KINDS)
        assert [one.holds for one in held(terms, row)] == [True, True, True, False]

    def test_what_is_not_known_does_not_hold(self, found: Comparison) -> None:
        row = {**found.row("better"), "attainment": float("nan")}
        (one,) = held(read_condition("attainment!=2", KINDS), row)
        assert not one.holds
        assert told(one, 20) == "attainment is not known, asked: attainment!=2"


class TestForScripts:
    """The flags of `territory compare`."""

    def test_a_condition_that_does_not_hold_is_exit_code_4(
        self, stored: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        line = ["compare", "balanced", f"results={stored}", "--fail-unless"]
        assert main([*line, "better>=18/20"]) == 0
        said = capsys.readouterr()
        assert said.err.startswith("holds    balanced × hybrid (the plan named): better is 20/20 (20 years know it to")
        assert said.out.splitlines()[0].split("\t") == list(COLUMNS)
        assert main([*line, "better>=18/20, roi>=1000"]) == 4
        assert "fails    balanced × hybrid (the plan named): roi is " in capsys.readouterr().err
        assert main([*line, "beter>=18/20"]) == 2
        assert not (stored / "studies").exists(), "no page is drawn"

    def test_json_has_the_keys_that_the_page_names(self, stored: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["compare", "balanced", f"results={stored}", "--json", "--fail-unless", "typical<0"]) == 4
        said = json.loads(capsys.readouterr().out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
        tables = [re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE) for part in PAGE.split("Of each comparison:")]
        named = tables[1][: tables[1].index("plans") + 1]
        assert [key for key in tables[0] if key in said] == list(said)
        (one,) = said["comparisons"]
        assert list(one) == named
        assert [list(plan) for plan in one["plans"]] == [[*COLUMNS, "is_baseline", "command"]] * 2
        assert one["condition"]["terms"][0]["measure"] == "typical"
        assert (one["condition"]["chosen"], one["condition"]["holds"]) == ("named", False)
        assert (one["seed"], one["data_digest"], one["years"]) == (1, "f00d", 20)
        assert one["plans"][0]["near_best"] is True
        assert isinstance(one["plans"][0]["typical"], float)
        assert said["command"].startswith("territory compare balanced")

    def test_the_page_says_what_every_column_is(self) -> None:
        table = PAGE.split("| column | what it is |")[1].split("\n\n")[0]
        first = re.findall(r"^\| (`.+?`) \|", table, re.MULTILINE)
        assert sorted(re.findall(r"`(\w+)`", " ".join(first))) == sorted(COLUMNS)

    def test_what_is_missing_is_null(self) -> None:
        from analysis.table import as_plans

        plans = as_plans(compare([made_up("now", quota=False), made_up("other", quota=False)]))
        assert plans[0]["attainment"] is None
        json.dumps(plans, allow_nan=False)

    def test_markdown_pastes_into_a_ticket(self, found: Comparison) -> None:
        lines = markdown(found).splitlines()
        table = [line for line in lines if line.startswith("|")]
        assert len(table) == 2 + 3
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table}) == 1
        assert "contribution k$" in table[0]
        assert any("(today's)" in line for line in table)
        assert "same luck, 20 years" in markdown(found)

    def test_plans_of_two_markets_are_refused_in_words(self, stored: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["compare", "beef", "cafe", f"results={stored}", "--json"]) == 2
        said = capsys.readouterr()
        assert "were played in different markets" in said.err
        assert said.out == ""


class TestScreens:
    """As wide as the terminal, and nothing lost without a word."""

    @pytest.mark.parametrize("columns", [60, 80, 100])
    def test_a_narrow_terminal_gets_fewer_columns_and_is_told_so(self, found: Comparison, columns: int) -> None:
        screen = io.StringIO()
        print_comparison(found, Console(file=screen, force_terminal=True, width=columns, no_color=True))
        lines = re.sub(r"\x1b\[[0-9;]*m", "", screen.getvalue()).splitlines()
        assert max(map(len, lines)) <= columns
        assert "…" not in "".join(lines)
        assert ("Left out where the terminal is so narrow" in " ".join(lines)) == (columns < 90)
        (row,) = (line for line in lines if line.startswith(" better "))
        assert ">19/20" in row

    def test_talk_is_broken_between_words_under_its_label(self) -> None:
        assert broken("to do    see the three largest customers", 26) == (
            "to do    see the three\n         largest customers"
        )
        assert broken("it brings 1,200 k$ more", 16) == "it brings\n  1,200 k$ more"
        command = "again    territory simulate -m territory=nearest,balanced"
        assert broken(command, 20) == command


PROGRESS = """
from command.terminal import Progress
progress = Progress(2, 10)
progress.follow = lambda today, plan: "balanced +84 k$, 17/20"
for year in range(1, 11):
    progress.told = 0.0 if progress.live else progress.told
    progress.playing(year)
progress.scenario_done("one")
progress.compared(None, None)
for year in range(1, 10):
    progress.told = 0.0 if progress.live else progress.told
    progress.playing(year)
progress.clear()
"""


class TestProgress:
    """One line, rewritten only where a person looks at it."""

    def on_a_terminal(self, **variables: str) -> str:
        import pty

        ours, theirs = pty.openpty()
        environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "TERM": "xterm", **variables}
        subprocess.run([sys.executable, "-c", PROGRESS], stderr=theirs, env=environment, check=True)
        os.close(theirs)
        said = b""
        try:
            while part := os.read(ours, 65536):
                said += part
        except OSError:  # the end of a terminal on Linux
            pass
        os.close(ours)
        return said.decode()

    def test_a_terminal_gets_one_line_with_the_answer_so_far(self) -> None:
        said = self.on_a_terminal()
        assert "\n" not in said
        assert said.endswith("\r\x1b[K"), "it is taken away again"
        last = said.split("\r\x1b[K")[-2]
        assert "1/2 scenarios · 19/20 years" in last
        assert "so far: balanced +84 k$, 17/20" in last
        assert max(len(line) for line in said.split("\r\x1b[K")) < 80

    def test_a_build_server_gets_a_line_a_tenth(self) -> None:
        said = self.on_a_terminal(CI="true")
        assert "\r\x1b[K" not in said
        assert said.count("\n") == 9, "one for each tenth that was reached"

    def test_a_pipe_too(self, capsys: pytest.CaptureFixture[str]) -> None:
        progress = Progress(1, 10)
        for year in range(1, 11):
            progress.playing(year)
        said = capsys.readouterr().err
        assert said.splitlines()[0].startswith("1/10 years")
        assert "\r" not in said


KEEPING = 'keep(lambda: print("two kept", file=sys.stderr) or 130)'


class TestCtrlC:
    """Within two seconds at any moment, with what is kept and how to go on."""

    BUSY = """
import hashlib, sys, threading
import command.list
from command.main import main
from command.stopping import keep
def busy(arguments):
    {keep}
    threading.Timer(0.3, lambda: print("ready", flush=True)).start()  # when the next line has begun
    hashlib.pbkdf2_hmac("sha256", b"", b"", 2**31 - 1)  # compiled code that no handler of Python's gets into
command.list.main = busy
sys.exit(main(["list", "results=a b"]))
"""

    @pytest.mark.parametrize(
        ("keeping", "said"),
        [("", "stopped.  nothing new is kept"), (KEEPING, "")],
    )
    def test_compiled_code_does_not_hold_it_up(self, keeping: str, said: str) -> None:
        with subprocess.Popen(
            [sys.executable, "-c", self.BUSY.format(keep=keeping)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={"PYTHONPATH": str(ROOT), "PATH": ""}, text=True,
        ) as running:  # fmt: skip
            assert running.stdout is not None
            assert running.stdout.readline() == "ready\n"
            running.send_signal(signal.SIGINT)
            _, err = running.communicate(timeout=10)  # two seconds, on a machine that is not busy
        assert running.returncode == 130
        assert "stopping …" in err
        assert said in err
        assert ("territory list 'results=a b'" in err) == (not keeping)
        assert ("two kept" in err) == bool(keeping)
        assert "Traceback" not in err


class TestTabKey:
    """What may come next."""

    @pytest.mark.parametrize(
        ("line", "offered"),
        [
            ("territory comp", ["compare ", "completion "]),
            ("territory simulate territory=balan", ["territory=balanced "]),
            ("territory simulate -m goals=none,act", ["goals=none,activity_any", "goals=none,activity_priority"]),
            ("territory simulate experiment=dem", ["experiment=demo "]),
            ("territory simulate territory.tol", ["territory.tolerance="]),
            ("territory simulate engine=", ["engine=compiled ", "engine=mesa "]),
            ("territory design aim=c", ["aim=change "]),
            ("territory export --as h", ["hubspot "]),
            ("territory inspect r", ["rep "]),
            ("territory track p", []),
            ("territory import ", []),
            ("territory completion z", ["zsh "]),
            ("territory compare --fail", ["--fail-unless "]),
        ],
    )
    def test_words_are_completed(self, line: str, offered: list[str]) -> None:
        assert candidates(line) == offered

    def test_stored_plans_are_offered_by_name(self, stored: Path) -> None:
        assert candidates(f"territory compare results={stored} bal") == ["balanced+hybrid "]
        assert candidates(f"territory explain --results {stored} o") == ["odd+none "]
        assert candidates(f"territory inspect rep R01 --results {stored} curr") == ["current+none "]

    def test_nothing_heavy_is_imported(self, stored: Path) -> None:
        program = (
            "import sys; from command.main import main; "
            f"[main(['--complete', line]) for line in ('territory compare results={stored} ', 'territory track ', "
            "'territory simulate territory=', 'territory design ')]; "
            "heavy = {'hydra', 'numba', 'pandas', 'matplotlib', 'mesa', 'numpy', 'rich'} & set(sys.modules); "
            "sys.exit(str(heavy) if heavy else 0)"
        )
        told = subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONPATH": str(ROOT), "PATH": ""}, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert told.returncode == 0, told.stderr
        assert "balanced+hybrid \n" in told.stdout

    @pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
    def test_bash_completes_behind_the_equals_sign(self, tmp_path: Path) -> None:
        here = tmp_path / "territory"
        here.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m command "$@"\n')
        here.chmod(0o755)
        script = completion.BASH + r"""
COMP_LINE="territory simulate -m territory=current,bal" COMP_POINT=43
COMP_WORDS=(territory simulate -m territory = current,bal) COMP_CWORD=5
_territory
printf '<%s>\n' "${COMPREPLY[@]}"
complete -p territory
"""
        told = subprocess.run(
            ["bash", "--norc", "-c", script], env={"PATH": f"{tmp_path}:{os.environ['PATH']}"}, capture_output=True,
            text=True, check=True,
        )  # fmt: skip
        assert told.stdout.splitlines() == [
            "<current,balanced>",
            "complete -o default -o nospace -F _territory territory",
        ]
        assert told.stderr == ""


class TestTables:
    """`command.console.show` at a terminal: numbers are whole, what has no room is named."""

    ROWS = (
        ("hire", "adds k$", "8 in 10 k$", "", "coverage"),
        ("1", "−177", "−182 .. −16", "costs more than it brings", "119 %"),
    )

    def shown(self, monkeypatch: pytest.MonkeyPatch, columns: int, gives_way: tuple[int, ...] = ()) -> tuple[str, str]:
        class Screen(io.StringIO):
            def isatty(self) -> bool:
                return True

        out, err = Screen(), io.StringIO()
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("TERM", "xterm")
        show(self.ROWS, right=range(5), gives_way=gives_way)
        return re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue()), err.getvalue()

    def test_sentences_are_broken_before_numbers_are_left_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        table, said = self.shown(monkeypatch, 50)
        assert max(map(len, table.splitlines())) <= 50
        assert "119 %" in table
        assert "costs more\n" in table or "costs more " in table
        assert said == ""

    def test_a_number_is_never_cut(self, monkeypatch: pytest.MonkeyPatch) -> None:
        table, said = self.shown(monkeypatch, 36)
        assert "−182 .. −16" in table
        assert "119" not in table
        assert said == "left out where the terminal is so narrow: coverage\n"

    def test_what_tells_least_gives_way_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        table, said = self.shown(monkeypatch, 40, gives_way=(3,))
        assert "costs" not in table
        assert "119 %" in table
        assert said == "left out where the terminal is so narrow: words\n"


@pytest.mark.parametrize("module", ["candidates", "condition", "console", "terminal"])
def test_what_a_docstring_shows_is_what_one_gets(module: str) -> None:
    result = doctest.testmod(importlib.import_module(f"command.{module}"))
    assert result.attempted > 0
    assert result.failed == 0
