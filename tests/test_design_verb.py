"""`territory design`: any table of accounts in, territories out, and in again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from command.main import main


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """120 accounts on a square of 100 km."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "id": [f"A{i:03d}" for i in range(120)],
            "potential": rng.lognormal(3.0, 0.6, 120).round(2),
            "x_km": rng.uniform(0, 100, 120).round(2),
            "y_km": rng.uniform(0, 100, 120).round(2),
        }
    )
    frame.to_csv(tmp_path / "accounts.csv", index=False)
    return tmp_path / "accounts.csv"


def design(table: Path, *words: str) -> tuple[int, Path]:
    out = table.parent / "drawn"
    return main(["design", f"accounts={table}", "territories=4", f"out={out}", *words]), out


def test_territories_are_inside_the_band_and_read_back_as_they_are(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = design(table, "balance=[potential]", "tolerance=0.05", "contiguous=yes")
    assert code == 0
    drawn = pd.read_csv(out / "assignments.csv")
    assert sorted(drawn.iloc[:, 0]) == sorted(pd.read_csv(table)["id"])
    owner = drawn.set_index(drawn.columns[0]).iloc[:, 0]
    load = pd.read_csv(table).set_index("id")["potential"].groupby(owner).sum()
    assert len(load) == 4
    assert (load / load.mean() - 1).abs().max() <= 0.05
    sales = pd.read_csv(out / "salesforce_ObjectTerritory2Association.csv")
    assert list(sales.columns) == ["ObjectId", "Territory2Id", "AssociationCause"]
    assert (sales.set_index("ObjectId")["Territory2Id"] == owner).all()


def test_an_account_that_is_too_large_is_named_with_the_tolerance_that_would_do(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frame = pd.read_csv(table)
    frame.loc[7, "potential"] = frame["potential"].sum()
    frame.to_csv(table, index=False)
    assert design(table, "balance=[potential]", "tolerance=0.05")[0] == 2
    said = capsys.readouterr().err
    assert "account A007 alone is" in said
    named = float(said.split("tolerance=")[1].split()[0])
    assert design(table, "balance=[potential]", f"tolerance={named}")[0] == 0


def test_a_misspelt_word_is_answered(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert design(table, "balanse=[potential]")[0] == 2
    assert "balance" in capsys.readouterr().err


def test_a_hard_rule_that_was_not_kept_is_refused_with_the_amount_that_would_do(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    total = float(pd.read_csv(table)["potential"].sum())
    code, out = design(table, "balance=[potential]", f"maximum=potential:{total / 5:.0f}")
    assert code == 2
    assert not out.exists()
    named = capsys.readouterr().err.split("maximum=potential:")[1].split()[0]
    assert design(table, "balance=[potential]", f"maximum=potential:{named}")[0] == 0
    owner = pd.read_csv(out / "assignments.csv").iloc[:, :2].set_axis(["id", "to"], axis=1).set_index("id")["to"]
    load = pd.read_csv(table).set_index("id")["potential"].groupby(owner).sum()
    assert load.max() <= float(named) * (1 + 1e-6)
