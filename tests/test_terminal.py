"""The terminal: exit codes, help, narrow screens, tables."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest
from rich.console import Console

from analysis.table import print_comparison, print_years
from command.console import show
from command.main import VERBS, main
from command.terminal import EXIT_CODES, broken
from command.terminal import columns as columns_of
from tests.played import three_compared

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "howto" / "terminal.md").read_text(encoding="utf-8")


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


class TestScreens:
    """As wide as the terminal, and nothing lost without a word."""

    @pytest.mark.parametrize("columns", [60, 80, 100])
    def test_a_narrow_terminal_gets_fewer_columns_and_is_told_so(self, columns: int) -> None:
        screen = io.StringIO()
        print_comparison(three_compared(), Console(file=screen, force_terminal=True, width=columns, no_color=True))
        lines = re.sub(r"\x1b\[[0-9;]*m", "", screen.getvalue()).splitlines()
        assert max(map(len, lines)) <= columns
        assert "…" not in "".join(lines)
        assert ("Left out where the terminal is so narrow" in " ".join(lines)) == (columns < 90)
        (row,) = (line for line in lines if line.startswith(" better "))
        assert ">19/20" in row

    @pytest.mark.parametrize(("columns", "interval"), [(40, True), (30, False), (24, False)])
    def test_where_there_is_hardly_room_columns_go_and_no_number_is_cut(self, columns: int, interval: bool) -> None:
        screen = io.StringIO()
        print_comparison(three_compared(), Console(file=screen, force_terminal=True, width=columns, no_color=True))
        text = re.sub(r"\x1b\[[0-9;]*m", "", screen.getvalue())
        table, _, left_out = text.partition("Left out")
        assert max(map(len, text.splitlines())) <= columns
        assert "…" not in table
        shown = re.search(r"^ better .*", table, re.MULTILINE)
        assert shown is not None
        assert bool(re.search(r" \+\d+ \.\. \+\d+ ", shown[0])) == interval
        assert ".." in shown[0] or "8 in 10" in " ".join(left_out.split())

    def test_years_that_have_no_room_are_named(self) -> None:
        heads = ["plan", "measure", *(f"year {year}" for year in range(1, 6))]
        rows = [["balanced × hybrid", "contribution, k$", *(f"{year},234,567" for year in range(1, 6))]]
        screen = io.StringIO()
        print_years({"heads": heads, "rows": rows}, Console(file=screen, force_terminal=True, width=60, no_color=True))
        text = re.sub(r"\x1b\[[0-9;]*m", "", screen.getvalue())
        assert re.findall(r"\d,234,567", text) == ["1,234,567", "2,234,567", "3,234,567"]
        assert "Left out where the terminal is so narrow: year 4 and year 5." in text

    def test_stderr_is_as_wide_as_one_says(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", "33")
        assert columns_of(io.StringIO()) == 33
        monkeypatch.setenv("COLUMNS", "wide")
        assert columns_of(io.StringIO()) == 80

    def test_talk_is_broken_between_words_under_its_label(self) -> None:
        assert broken("to do    see the three largest customers", 26) == (
            "to do    see the three\n         largest customers"
        )
        assert broken("it brings 1,200 k$ more", 16) == "it brings\n  1,200 k$ more"
        command = "again    territory simulate -m territory=nearest,balanced"
        assert broken(command, 20) == command


class TestTables:
    """`command.console.show` at a terminal: numbers are whole, what has no room is named."""

    ROWS = (
        ("hire", "adds k$", "8 in 10 k$", "", "coverage"),
        ("1", "−177", "−182 .. −16", "costs more than it brings", "119 %"),
    )

    def shown(
        self, monkeypatch: pytest.MonkeyPatch, columns: int, gives_way: tuple[int, ...] = (),
        folds: tuple[int, ...] = (),
    ) -> tuple[str, str]:  # fmt: skip
        class Screen(io.StringIO):
            def isatty(self) -> bool:
                return True

        out, err = Screen(), io.StringIO()
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("TERM", "xterm")
        show(self.ROWS, right=[at for at in range(1, 5) if at < len(self.ROWS[0])], gives_way=gives_way, folds=folds)
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

    def test_one_long_name_costs_the_others_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Only the column with the longest word is broken inside it."""
        rows = (("plan", "goals", "k$"), ("x" * 60, "quota_equal", "1,234"))
        monkeypatch.setattr(TestTables, "ROWS", rows)
        table, said = self.shown(monkeypatch, 40)
        assert max(map(len, table.splitlines())) <= 40
        assert "quota_equal  1,234" in table
        assert table.count("x") == 60
        assert said == ""

    def test_sentences_that_fold_take_no_column_away(self, monkeypatch: pytest.MonkeyPatch) -> None:
        rows = (("rep", "was", "why"), ("Ann", "12", "has half as many hours as are needed"))
        monkeypatch.setattr(TestTables, "ROWS", rows)
        table, said = self.shown(monkeypatch, 30, gives_way=(1,))
        assert "12" not in table
        assert said.endswith(": was\n")
        table, said = self.shown(monkeypatch, 30, gives_way=(1,), folds=(2,))
        assert "12" in table
        assert said == ""

    def test_what_tells_least_gives_way_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        table, said = self.shown(monkeypatch, 40, gives_way=(3,))
        assert "costs" not in table
        assert "119 %" in table
        assert said == "left out where the terminal is so narrow: words\n"
