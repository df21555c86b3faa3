"""What every test starts from: no terminal, no colours, a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

import scenarios  # noqa: F401  # before numpy: it says how many threads linear algebra has


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts draw into files and tables come plain, whatever the machine."""
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("FORCE_COLOR", raising=False)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A folder for results that is not there yet."""
    return tmp_path / "results"
