"""A rule stands in one place: whoever replaces it changes both engines, and no compiled copy of the old one stays."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np

from sim.run import ENGINES, run
from tests.worlds import plan, tiny_world

ROOT = Path(__file__).resolve().parents[1]
# No year calls these: what an import estimates, and what a formula is checked against.
OUTSIDE_A_YEAR = {"steady", "elasticity", "drive_minutes"}


def fresh(root: Path, *arguments: str, **environment: str) -> str:
    """What a fresh interpreter prints that finds all packages in ``root``."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("NUMBA_")}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=root, env={**inherited, "PYTHONPATH": str(root), **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_replacing_any_rule_changes_both_engines_and_leaves_them_equal():
    told = json.loads(fresh(ROOT, "-m", "tests.replaced_rules", NUMBA_DISABLE_JIT="1"))
    assert len(told) > 40
    assert {rule: between for rule, (between, *_) in told.items() if between} == {}
    for engine, place in zip(ENGINES, (1, 2), strict=True):
        assert {rule for rule, differences in told.items() if not differences[place]} == OUTSIDE_A_YEAR, engine


def copied(folder: Path) -> Path:
    """A copy of `sim`; returns the page with the rule that is edited below."""
    shutil.copytree(ROOT / "sim", folder / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    return folder / "sim" / "rules" / "relationship.py"


def edit(page: Path) -> None:
    """Halves what a call does for the relationship."""
    text, told = page.read_text(), "return relationship + gain * (1.0 - relationship)"
    assert text.count(told) == 1
    page.write_text(text.replace(told, told.replace("gain", "0.5 * gain")))


GAIN = """
from sim.rule import loop
from sim.rules.relationship import deepened

@loop
def gained():
    return deepened(0.0, 0.125)
"""
TELL = "from sim.gain import gained; print(gained(), sum(gained.stats.cache_hits.values()))"


def test_an_edited_rule_reaches_compiled_code_that_was_cached_before(tmp_path):
    """numba does not see an edit in a module that a cached function calls; the name of the cache's folder does."""
    page = copied(tmp_path)
    (tmp_path / "sim" / "gain.py").write_text(GAIN)
    home = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    assert fresh(tmp_path, "-c", TELL, **home) == "0.125 0"
    assert fresh(tmp_path, "-c", TELL, **home) == "0.125 1"  # from the cache
    edit(page)
    assert fresh(tmp_path, "-c", TELL, **home) == "0.0625 0"


SHARE = """
from sim.rule import step

@step
def share():
    return 0.125
"""
HALF = """
from scenarios.share import share
from sim.rule import loop

@loop
def half():
    return 0.5 * share()
"""
HALF_TOLD = "from scenarios.half import half; print(half(), sum(half.stats.cache_hits.values()))"


def test_an_edit_beside_a_compiled_loop_of_another_package_reaches_it_and_leaves_the_engine_compiled(tmp_path):
    copied(tmp_path)
    room = tmp_path / "scenarios"
    room.mkdir()
    for name, text in (("__init__", ""), ("share", SHARE), ("half", HALF)):
        (room / f"{name}.py").write_text(text)
    (tmp_path / "sim" / "gain.py").write_text(GAIN)
    home = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    assert fresh(tmp_path, "-c", HALF_TOLD, **home) == "0.0625 0"
    assert fresh(tmp_path, "-c", TELL, **home) == "0.125 0"
    (room / "share.py").write_text(SHARE.replace("0.125", "0.25"))
    assert fresh(tmp_path, "-c", HALF_TOLD, **home) == "0.125 0"
    assert fresh(tmp_path, "-c", TELL, **home) == "0.125 1"


YEAR = """
from sim.run import ENGINES, run
from tests.worlds import plan, tiny_world
world = tiny_world()
for engine in ENGINES:
    print(run(world, plan(world), [0], engine, threads=1).account_year["relationship"].tolist())
"""


def test_a_rule_edited_in_its_file_changes_both_engines_when_all_is_compiled_anew(tmp_path):
    """With little optimising, which is quicker to compile and changes no bit."""
    edit(copied(tmp_path))
    (tmp_path / "tests").mkdir()
    shutil.copy(ROOT / "tests" / "worlds.py", tmp_path / "tests")
    told = fresh(tmp_path, "-c", YEAR, XDG_CACHE_HOME=str(tmp_path / "cache"), NUMBA_OPT="0")
    compiled, agents = (np.array(json.loads(line)) for line in told.splitlines())
    world = tiny_world()
    usual = run(world, plan(world), [0]).account_year["relationship"]
    assert np.array_equal(compiled, agents)
    assert (compiled < usual).all()
