"""The same bits on every processor: what is built and learnt hangs neither on its instructions nor on the shell."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lookalike import lookalike

pytestmark = pytest.mark.skipif(
    platform.machine().lower() not in ("x86_64", "amd64"), reason="other processors have no such sets of instructions"
)
ROOT = Path(__file__).resolve().parents[1]
NEWEST = ("X86_V4", "AVX512_ICL", "AVX512_SPR")
OURS = ("NPY_DISABLE_CPU_FEATURES", "OPENBLAS_CORETYPE", "OPENBLAS_NUM_THREADS")
BUILT = """
import hashlib, sys
import scenarios
import numpy as np
from scenarios.crm import load
from scenarios.generator import generate
from scenarios.schema import MarketOptions, TeamOptions
from sim.behaviour import Behaviour

made, team = generate(MarketOptions(accounts=3000), TeamOptions(reps=12), Behaviour())
learnt, people, behaviour = load(MarketOptions(name="crm", folder=sys.argv[1]), TeamOptions(), Behaviour())
for table in (made.accounts, team.reps, learnt.accounts, people.reps):
    print(hashlib.sha256(table.to_csv(float_format="%.17g").encode()).hexdigest())
curve = np.random.default_rng(1).normal(size=(40, 40))
print(hashlib.sha256(np.linalg.inv(curve @ curve.T).tobytes()).hexdigest())
"""
LEFT_ON = f"""
import {{package}}
from numpy._core._multiarray_umath import __cpu_features__ as there
print([name for name in {NEWEST} if there.get(name)])
"""


def fresh(program: str, *arguments: str, **environment: str) -> str:
    """What a fresh interpreter prints, with nothing said of processors but ``environment``."""
    inherited = {key: value for key, value in os.environ.items() if key not in OURS}
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], env={**inherited, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_processor_of_2009_builds_and_learns_the_same(tmp_path: Path) -> None:
    folder = str(lookalike().write(tmp_path))
    assert fresh(BUILT, folder) == fresh(BUILT, folder, NPY_DISABLE_CPU_FEATURES="X86_V3")


def test_what_the_shell_says_of_linear_algebra_does_not_count(tmp_path: Path) -> None:
    folder = str(lookalike().write(tmp_path))
    said = {"OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_NUM_THREADS": "2"}
    assert fresh(BUILT, folder) == fresh(BUILT, folder, **said)


@pytest.mark.parametrize("package", ["scenarios.build", "command.main, command.play", "benchmarks.measure"])
def test_the_newest_instructions_are_off_before_numpy_is_there(package: str) -> None:
    assert fresh(LEFT_ON.format(package=package)) == "[]\n"


def test_numpy_imported_first_is_said() -> None:
    program = "import numpy, warnings; warnings.simplefilter('error'); import scenarios"
    with pytest.raises(AssertionError, match="numpy was imported before scenarios"):
        fresh(program)
    fresh(program, **dict(zip(OURS, (" ".join(sorted(NEWEST)), "Nehalem", "1"), strict=True)))
