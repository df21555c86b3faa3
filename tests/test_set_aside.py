"""What an import set aside, said where its market is compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from command.set_aside import write_data_report

HEAD = "file,line,reason,row\n"


def info(folder: str, rejects: int) -> dict[str, Any]:
    rows = [{"file": "a.csv", "line": 2, "reason": "no id", "row": ","}] * rejects
    return {
        "data_report": ["read"], "rejects": rows, "findings": ["one"], "scenario": {"market": {"folder": folder}},
    }  # fmt: skip


def test_rows_that_the_import_set_aside_count_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Six, one of which goes over two lines."""
    rows = "".join(f'deals.csv,{line},no Owner,"a\nb"\n' for line in range(2, 8))
    (tmp_path / "rejects.csv").write_text(HEAD + rows, encoding="utf-8")
    (tmp_path / "study").mkdir()
    write_data_report(info(str(tmp_path), 0), tmp_path / "study")
    assert "1 findings · 6 rows at the import, 0 more set aside" in capsys.readouterr().err


def test_without_an_import_it_is_the_rows_of_the_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_data_report(info(str(tmp_path / "nowhere"), 2), tmp_path)
    assert "1 findings · 2 rows set aside" in capsys.readouterr().err
    assert (tmp_path / "rejects.csv").read_text(encoding="utf-8").count("no id") == 2
