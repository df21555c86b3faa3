"""What every test starts from: no terminal, no colours, a folder of its own."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

import scenarios  # noqa: F401  # before numpy: it says how that is to add and multiply
import sim.rule


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts draw into files and tables come plain, whatever the machine."""
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("FORCE_COLOR", raising=False)


@pytest.fixture(autouse=True, scope="session")
def asked() -> None:
    """The types of a year's columns are asked for in every call, and must be the same in every test."""
    sim.rule.ALWAYS_ASK = True


@pytest.fixture(autouse=True, scope="session")
def seldom_searched() -> None:
    """Python looks for garbage as seldom as under `territory` (command/main.py): agents make many objects."""
    gc.set_threshold(200_000)


@pytest.fixture(autouse=True, scope="session")
def unsearched() -> Iterator[None]:
    """No comparison looks for what would flip it, which would play every plan again; tests/test_flips.py does."""
    patch = pytest.MonkeyPatch()
    patch.setattr("command.flipping.work.searched_or_said", lambda *given: None)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def unpainted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts become drawings but no pixels, which take as long; tests of charts and pages paint them."""
    if not request.path.stem.startswith(("test_charts", "test_report")):
        blank = Image.new("RGBA", (1, 1))
        monkeypatch.setattr("analysis.charts.style.painted", lambda figure: blank)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A folder for results that is not there yet."""
    return tmp_path / "results"
