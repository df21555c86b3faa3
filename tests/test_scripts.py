"""`territory compare` for scripts: conditions with their exit code, JSON, Markdown."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from analysis.compare import Comparison, compare
from analysis.table import COLUMNS, markdown
from command.condition import held, read_condition, told
from command.main import main
from scenarios.problems import InputError
from tests.played import made_up, three_compared, three_stored

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "howto" / "terminal.md").read_text(encoding="utf-8")
KINDS: dict[str, type] = COLUMNS


def problems_of(written: str) -> tuple[str, ...]:
    with pytest.raises(InputError) as refused:
        read_condition(written, KINDS)
    return refused.value.problems


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return three_stored(tmp_path_factory.mktemp("stored"))


@pytest.fixture(scope="module")
def found() -> Comparison:
    return three_compared()


class TestConditions:
    """What a script asks of a comparison."""

    @pytest.mark.parametrize(
        ("value", "meant"), [("18/20", 0.9), (".95", 0.95), ("10%", 0.1), ("50k", 50_000.0), ("-1.2M", -1_200_000.0)]
    )
    def test_a_value_is_written_as_people_write_it(self, value: str, meant: float) -> None:
        measure = "retention" if value.endswith("%") else "typical"
        assert read_condition(f"{measure} >= {value}", KINDS)[0].value == pytest.approx(meant, abs=0)

    def test_all_mistakes_are_named_at_once(self) -> None:
        assert problems_of("beter>1, roi>x and near_best>yes, typical, outdone=perhaps") == (
            "--fail-unless: there is no measure 'beter'.  did you mean 'better'?",
            "--fail-unless: roi: 'x' is no number; write it as 0.9, 18/20, 90%, 50k or 1.2M",
            "--fail-unless: near_best>: near_best is no number; write = or !=",
            "--fail-unless: 'typical' is no condition; write measure, sign and value, as in better>=18/20",
            "--fail-unless: outdone: 'perhaps' is neither yes nor no",
        )

    def test_per_cent_is_for_shares_and_a_share_of_years_says_how_well_it_is_known(self, found: Comparison) -> None:
        assert problems_of("typical>=5%, group<=10%") == (
            "--fail-unless: typical: '5%' is for shares; write a number, as 0.9, 50k or 1.2M",
            "--fail-unless: group: '10%' is for shares; write a number, as 0.9, 50k or 1.2M",
        )
        row = {**found.row("better"), "retention": 0.99996}
        better, kept = held(read_condition("better>=90%, retention>=100%", KINDS), row)
        assert told(better, 20).startswith("better is 20/20 (20 years know it to ")
        assert told(kept, 20) == "retention is 99.996%, asked: retention>=100%"
        assert not kept.holds

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
