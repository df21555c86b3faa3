"""What a reader of the page chooses by: plans that bring the same, brackets that break, no empty columns."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.answer import on_fresh_luck
from analysis.charts import gains
from analysis.compare import BETTER, Comparison, compare
from analysis.report import reps_table, write_report
from analysis.report.figures import MOST_PRINTED
from analysis.report.questions import choice, which
from tests.played import made_up


def tied(even: dict[str, float], moved: dict[str, float], roi: dict[str, float]) -> Comparison:
    """Plans near, also and third that can't be told apart from the best, near being the one named; and today's."""
    found = compare([made_up("now"), *(made_up(key, gain=20_000 - at) for at, key in enumerate(even))])
    table, values = found.table.copy(), found.values.copy()
    table["near_best"] = table["key"] != "now"
    table.loc[table["key"] != "now", "verdict"] = BETTER
    for column, told in (("workload_cv", even), ("moved_accounts", moved), ("roi", roi)):
        table[column] = table["key"].map(told).fillna(0.0)
    at = values["metric"] == "roi"
    values.loc[at, "value"] = values.loc[at, "plan"].map(roi).fillna(0.8)
    return replace(found, table=table, values=values, leader="near")


def test_of_plans_that_bring_the_same_it_is_said_which_is_best_on_what_else_counts() -> None:
    found = tied(
        {"near": 0.51, "also": 0.046, "third": 0.046},
        {"near": 0.22, "also": 0.34, "third": 0.34},
        {"near": 0.93, "also": 0.91, "third": 0.96},
    )
    said = (
        "Of these, third × quota_potential is as even as any (load CV 0.05 against 0.51) and has the highest ROI "
        "(0.96 against 0.93); near × quota_potential moves the fewest accounts (22 % against 34 %)."
    )
    assert choice(found) == said
    assert which(found).endswith(f"can't be told apart from the best. {said}")
    assert [one.row for one in choice(found).figures()] == [
        "compare.csv#third/workload_cv", "compare.csv#near/workload_cv", "compare.csv#third/roi",
        "compare.csv#near/roi", "compare.csv#near/moved_accounts", "compare.csv#also/moved_accounts",
    ]  # fmt: skip


def test_what_shows_no_difference_is_not_chosen_by() -> None:
    found = tied({"near": 0.1, "also": 0.1}, {"near": 0.2, "also": 0.2}, {"near": 0.9, "also": 0.9})
    assert choice(found) == ""
    assert which(found).endswith("can't be told apart from the best.")
    even = tied({"near": 0.3, "also": 0.1}, {"near": 0.2, "also": 0.2}, {"near": 0.9, "also": 0.9})
    assert choice(even) == "Of these, also × quota_potential is the most even (load CV 0.10 against 0.30)."


def test_an_roi_that_luck_could_turn_round_is_not_chosen_by() -> None:
    found = tied({"near": 0.1, "also": 0.1}, {"near": 0.2, "also": 0.2}, {"near": 0.9, "also": 1.0})
    assert "has the highest ROI (1.00 against 0.90)" in choice(found)
    values = found.values.copy()
    unsure = (values["metric"] == "roi") & (values["plan"] == "also") & (values["replication"] % 2 == 0)
    values.loc[unsure, "value"] = 0.7
    assert choice(replace(found, values=values)) == ""


@pytest.mark.parametrize("quota", [True, False])
def test_attainment_stands_only_where_somebody_has_a_quota(quota: bool) -> None:
    table = reps_table(gains.data(made_up("b", gain=9_000, quota=quota), made_up("now", quota=quota)), "$")
    assert ("attainment" in table["heads"]) == quota
    assert {len(row) for row in table["rows"]} == {len(table["heads"])}


def test_a_quota_on_one_side_keeps_the_column() -> None:
    table = reps_table(gains.data(made_up("b", gain=9_000), made_up("now", quota=False)), "$")
    assert table["rows"][0][-1].startswith("– → 1")


def page(folder: Path, *more: str, reps: int = 4) -> str:
    plans = [made_up("now", reps=reps), *(made_up(key, gain=20_000, reps=reps) for key in more)]
    found = compare(plans)
    return write_report(found, {one.key: one for one in plans}, folder).read_text(encoding="utf-8")


def test_a_bracket_spans_a_group_and_a_plan_alone_has_none(tmp_path: Path) -> None:
    text = page(tmp_path, "b", "c")
    first_cells = re.findall(r'<td( class="bracket")? rowspan="(\d)">', text)
    assert first_cells == [(' class="bracket"', "2"), ("", "1")]
    rule = re.search(r"td\.bracket::before\{([^}]*)\}", text)
    assert rule is not None
    top, _, bottom, _ = re.search(r"inset:(\S+) (\S+) (\S+) ([^;]+)", rule[1]).groups()  # type: ignore[union-attr]
    assert min(float(end.removesuffix("rem")) for end in (top, bottom)) > 0.2  # a gap between one and the next
    assert not re.search(r"td\.bracket\{[^}]*border-left", text)


def test_only_short_tables_of_rows_are_printed(tmp_path: Path) -> None:
    text = page(tmp_path, "b", reps=MOST_PRINTED + 1)
    figures = dict(re.findall(r'<figure id="figure-([a-z-]+)">(.*?)</figure>', text, flags=re.S))
    assert '<details class="long">' in figures["gains"]
    assert '<p class="note paper">Rows: see the page, or gains.rows.csv.</p>' in figures["gains"]
    assert (tmp_path / "gains.rows.csv").is_file()
    assert "<details><summary>The rows" in figures["decision"]
    assert "Rows: see the page" not in figures["decision"]
    printed = text[text.index("@media print{data") :]
    assert "details.long{display:none}" in printed[: printed.index("/* Pages of a territory")]
    assert "details.long" not in text[: text.index("@media print{data")]


@pytest.mark.parametrize(
    ("differences", "said"),
    [
        ([1e4, 2e4, -1e4], "3 further years that nothing was chosen on: too few to tell b from now; better in 2 of 3"),
        ([1e4], "1 further year that nothing was chosen on: too few to tell b from now; better in 1 of 1 year, typ"),
        ([1e4] * 6 + [-1e4], "In 7 {}, b stays better than now: better in 6 of 7"),
        ([1e4] * 15 + [-1e4] * 5, "In 20 {}, b stays better than now: better in 15"),
        ([1e4] * 30 + [-1e4] * 10, "In 40 {}, b stays better than now: better in 15"),
    ],
)  # fmt: skip
def test_of_few_further_years_it_is_said_what_was_counted(differences: list[float], said: str) -> None:
    told = on_fresh_luck("b", "now", np.array(differences), "$", 100.0)
    assert told.startswith(said.format("further years that nothing was chosen on"))
    assert ("in 8 of 10" in told) == (len(differences) >= 5)
    assert all(one.row.startswith("fresh.csv#plan/") for one in told.figures())
