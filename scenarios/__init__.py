"""Builds the world: markets, teams, territories, goals, pay."""

import os
import platform
import sys
import warnings

NEWEST = ("X86_V4", "AVX512_ICL", "AVX512_SPR")  # what numpy calls the newest sets of instructions

# Before numpy is there. Our vectors of linear algebra are short: two threads on two busy cores make each product ten
# times as slow, and add up in another order.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# And every processor computes alike: numpy's own logarithms for the newest ones differ in the last bit
# (docs/decisions/0039).
if platform.machine().lower() in ("x86_64", "amd64"):
    os.environ.setdefault("NPY_DISABLE_CPU_FEATURES", " ".join(NEWEST))
    os.environ.setdefault("OPENBLAS_CORETYPE", "Nehalem")

if "numpy" in sys.modules:
    from numpy._core._multiarray_umath import __cpu_features__  # type: ignore[import-not-found]

    if any(__cpu_features__.get(name) for name in NEWEST):
        warnings.warn(
            "numpy was imported before scenarios: on this processor a market made now differs in its last bits from "
            "the same market elsewhere; import scenarios first",
            stacklevel=2,
        )
