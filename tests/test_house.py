"""The rules of the house that a machine can hold: who imports whom, what is declared, what no file may contain."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
from pathlib import Path

import pytest

from command.settings import parameters
from sim.record import ACCOUNT_WEEK, ACCOUNT_YEAR, GOAL_COLUMNS, REP_WEEK

ROOT = Path(__file__).resolve().parents[1]
OURS = ("sim", "scenarios", "analysis", "command")
ALLOWED = {
    "sim": ("sim",),
    "scenarios": (
        "scenarios", "sim.world", "sim.draws", "sim.rules", "sim.rule", "sim.behaviour", "sim.elementary",
        "sim.parameter",
    ),
    "analysis": ("analysis", "sim.record", "sim.world"),
    "command": OURS,
}  # fmt: skip
KEPT_IN = {
    "hydra": ("command/job.py",),
    "omegaconf": ("command/job.py",),
    "mesa": ("sim/agents/customer.py", "sim/agents/planner.py", "sim/agents/rep.py", "sim/mesa_engine.py"),
    "matplotlib": ("analysis/charts/",),
}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "base", "misc", "manager"}


def python_files() -> list[Path]:
    return sorted(file for package in OURS for file in (ROOT / package).rglob("*.py"))


def imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{name.name}" for name in node.names)
    return found


def within(name: str, rooms: tuple[str, ...]) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


@pytest.mark.parametrize("package", OURS)
def test_nothing_flows_back(package: str) -> None:
    for file in (ROOT / package).rglob("*.py"):
        ours = {name for name in imports(file) if name.split(".")[0] in OURS}
        # `from sim import draws` reads as "sim" and "sim.draws": the longer one counts
        named = {name for name in ours if not any(other.startswith(f"{name}.") for other in ours)}
        strangers = {name for name in named if not within(name, ALLOWED[package])}
        assert not strangers, f"{file.relative_to(ROOT)} imports {strangers}"


@pytest.mark.parametrize("library", sorted(KEPT_IN))
def test_a_library_stays_in_its_room(library: str) -> None:
    for file in python_files():
        place = file.relative_to(ROOT).as_posix()
        if not place.startswith(KEPT_IN[library]):
            assert not {name for name in imports(file) if within(name, (library,))}, place


@pytest.mark.parametrize("file", sorted((ROOT / "benchmarks").glob("*.py")), ids=lambda file: file.stem)
def test_a_benchmark_asks_modules_for_what_they_have(file: Path) -> None:
    if file.stem != "__main__":  # that one is read below, as all are; it measures only when it is run
        importlib.import_module(f"benchmarks.{file.stem}")
    tree = ast.parse(file.read_text(encoding="utf-8"))
    modules = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in (*OURS, "benchmarks"):
            room = importlib.import_module(str(node.module))
            for name in node.names:
                try:
                    modules[name.asname or name.name] = importlib.import_module(f"{node.module}.{name.name}")
                except ModuleNotFoundError:
                    assert hasattr(room, name.name), f"{file.name}: {node.module} has no {name.name}"
    asked = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)]
    for node in asked:
        if isinstance(node.value, ast.Name) and node.value.id in modules:
            assert hasattr(modules[node.value.id], node.attr), f"{file.name}, line {node.lineno}: {node.attr}"


def test_names_are_the_fields_nouns() -> None:
    assert not [file for file in python_files() if file.stem in FORBIDDEN_NAMES]


def test_every_parameter_says_what_it_is() -> None:
    for key, one in parameters().items():
        assert len(one.about.meaning) > 5, key
        assert one.about.unit or one.type is str or key.endswith("seed"), key
        assert one.about.kind in ("measured", "convention", "assumption", "choice"), key
        if one.type is not str and one.about.low is not None:
            assert one.about.low <= one.default <= (one.about.high or one.default), key


def test_every_output_column_says_what_it_is() -> None:
    for table in (REP_WEEK, ACCOUNT_YEAR, ACCOUNT_WEEK, GOAL_COLUMNS):
        assert len({column.name for column in table}) == len(table)
        assert all(column.unit and len(column.meaning) > 4 for column in table)


def tracked() -> list[Path]:
    told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if told.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in told.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def test_no_file_knows_a_package_index_or_a_machine() -> None:
    # Written apart, so that this file does not find itself.
    words = ("index" + "-url", "find" + "-links", "/ho" + "me/[a-z]+/", "/ro" + "ot/", r"https?://[^\s\"'<>]*/simple\b")
    addresses = re.compile("|".join(words))
    for file in tracked():
        if file.suffix in {".png", ".parquet", ".xlsx", ".csv"}:
            continue
        found = addresses.search(file.read_text(encoding="utf-8", errors="replace"))
        assert not found, f"{file.relative_to(ROOT)}: {found and found[0]}"


def test_the_lock_names_one_version_of_everything_needed() -> None:
    lines = [line for line in (ROOT / "requirements.lock").read_text().splitlines() if line and line[0] != "#"]
    assert all(re.match(r"^[a-z0-9._-]+==[^ ]+( ; .+)?$", line) for line in lines)
    needed = re.findall(r'^    "([a-z0-9-]+)[><=]', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert set(needed) <= {line.split("==")[0] for line in lines}
