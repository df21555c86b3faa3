"""The store: what it reads and when, and the measures that it keeps beside the rows they are made of."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet

from analysis.metrics import METRICS, measured, measures
from analysis.played import Played
from analysis.store import BY_YEAR, FRAMES, load
from command import shelf
from command.main import main
from tests.played import with_frames

YEARS = 7


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A plan with quotas in territories that changed; its last year came later, alone."""
    results = tmp_path_factory.mktemp("results")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("command.study.compare_and_write", lambda *given: None)
        for years in (YEARS - 1, YEARS):
            line = ["market.accounts=60", "team.reps=5", "territory=balanced", "goals=quota_potential"]
            assert main(["simulate", f"results={results}", *line, f"replications={years}"]) == 0
    (info,) = shelf.find(results, ["balanced+quota_potential"])
    return results, str(info["key"])


def test_years_measured_as_they_came_are_those_measured_from_all_rows(stored: tuple[Path, str]) -> None:
    kept = load(*stored).frames["measures"]
    pd.testing.assert_frame_equal(kept, measured(load(*stored)), check_exact=True)
    one_by_one = [measured(load(*stored, range(year, year + 1))) for year in range(YEARS)]
    pd.testing.assert_frame_equal(kept, pd.concat(one_by_one, ignore_index=True), check_exact=True)
    assert kept[["attainment", "moved_revenue", "retention"]].notna().all().all()


def test_what_another_version_measured_is_measured_again(stored: tuple[Path, str]) -> None:
    played = load(*stored)
    said = played.frames["measures"].assign(contribution=0.0)
    assert (measures(with_frames(played, measures=said))["contribution"] == 0).all()
    said.loc[3, "measured_by"] = "another"
    again = measures(with_frames(played, measures=said))
    pd.testing.assert_frame_equal(again, measured(played).set_index("replication")[list(METRICS)], check_exact=True)


def test_a_frame_is_read_when_it_is_asked_for(stored: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    real, read = parquet.read_table, []

    def read_table(path: Path, **more: Any) -> Any:
        read.append(path.name)
        return real(path, **more)

    monkeypatch.setattr(parquet, "read_table", read_table)
    played = load(*stored)
    assert read == []
    measures(played)
    measures(played)
    assert read == ["measures.parquet", f"measures.{YEARS - 1}.parquet"]
    assert set(played.frames) == set(FRAMES)
    with pytest.raises(KeyError):
        played.frames["weeks"]


def test_only_some_years(stored: tuple[Path, str]) -> None:
    whole, some = load(*stored), load(*stored, range(4, 6))
    assert list(some.replications) == [4, 5]
    for name in BY_YEAR:
        frame = whole.frames[name]
        wanted = frame[frame["replication"].isin([4, 5])].reset_index(drop=True)
        pd.testing.assert_frame_equal(some.frames[name], wanted, check_exact=True)
    assert list(load(*stored, range(YEARS - 1, YEARS)).frames["goals"]["replication"].unique()) == [YEARS - 1]


def test_rows_are_in_the_order_of_years_weeks_and_the_market(stored: tuple[Path, str]) -> None:
    played = load(*stored)
    accounts, reps = list(played.accounts["id"]), list(played.reps["id"])
    rows = {
        "rep_weeks": product(range(YEARS), range(1, 53), reps),
        "account_years": product(range(YEARS), accounts),
        "goals": product(range(YEARS), reps),
    }
    for name, expected in rows.items():
        frame = played.frames[name]
        found = zip(
            *(frame[column] for column in ("replication", "week", "rep", "account") if column in frame), strict=True
        )
        assert list(found) == list(expected), name
    assert played.weeks("calls")[3, 11, 2] == wanted(played, "rep_weeks", replication=3, week=12, rep=reps[2])["calls"]
    assert (
        played.account_years("hours")[5, 7]
        == wanted(played, "account_years", replication=5, account=accounts[7])["hours"]
    )


def wanted(played: Played, frame: str, **row: Any) -> pd.Series:
    rows = played.frames[frame]
    return rows[np.logical_and.reduce([rows[name] == value for name, value in row.items()])].iloc[0]


def test_a_column_is_that_of_its_frame(stored: tuple[Path, str]) -> None:
    for years in (None, range(2, 5), range(YEARS - 1, YEARS)):
        for frame, name in (("rep_weeks", "pay"), ("account_years", "status"), ("goals", "quota")):
            np.testing.assert_array_equal(
                load(*stored, years).frames.column(frame, name), load(*stored, years).frames[frame][name].to_numpy()
            )
