"""Freed columns are used again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sim.memory import keep

FAULTS = """
import resource
from concurrent.futures import ThreadPoolExecutor
import scenarios
import numpy as np
{first}
def touched():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    columns = [np.ones(1_000_000) for _ in range(20)]
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
with ThreadPoolExecutor(1) as pool:  # as a sweep plays
    pool.submit(touched).result()
    print(pool.submit(touched).result())
"""


def pages(first: str) -> int:
    """Pages that the system hands out where 20 columns of 8 MB are made for the second time, in a thread."""
    told = subprocess.run(
        [sys.executable, "-c", FAULTS.format(first=first)], cwd=Path(__file__).resolve().parents[1],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return int(told.stdout)


@pytest.mark.skipif(not keep(), reason="this C library can't be told so")
def test_columns_of_a_year_before_are_used_again():
    assert pages("import sim.columns") < 100
    assert pages("") > 1_000, "else this test says nothing"
