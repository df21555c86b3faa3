"""Builds the world: markets, teams, territories, goals, pay."""

import os
import platform
import sys
import warnings

# Before numpy is there, and whatever the shell says. Our vectors of linear algebra are short: two threads on two busy
# cores make each product ten times as slow, and add up in another order.
_WANTED = {"OPENBLAS_NUM_THREADS": "1"}
# And every processor computes alike: numpy's own logarithms for the newest ones differ in the last bit, and so do
# products made with other instructions (docs/decisions/0039).
if platform.machine().lower() in ("x86_64", "amd64"):
    _NEWEST = {"X86_V4", "AVX512_ICL", "AVX512_SPR"}  # what numpy calls the newest sets of instructions
    _OFF = _NEWEST | set(os.environ.get("NPY_DISABLE_CPU_FEATURES", "").replace(",", " ").split())
    _WANTED |= {"NPY_DISABLE_CPU_FEATURES": " ".join(sorted(_OFF)), "OPENBLAS_CORETYPE": "Nehalem"}

_LATE = "numpy" in sys.modules and any(os.environ.get(name) != said for name, said in _WANTED.items())
os.environ.update(_WANTED)
if _LATE:
    warnings.warn(
        "numpy was imported before scenarios: a market made now may differ in its last bits from the same market "
        "elsewhere; import scenarios first",
        stacklevel=2,
    )
