"""Builds the world: markets, teams, territories, goals, pay."""

import os
import platform

# Before numpy is there. Our vectors of linear algebra are short: two threads on two busy cores make each product ten
# times as slow, and add up in another order.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# And every processor computes alike: numpy's own logarithms for the newest ones differ in the last bit
# (docs/decisions/0039).
if platform.machine().lower() in ("x86_64", "amd64"):
    os.environ.setdefault("NPY_DISABLE_CPU_FEATURES", "X86_V4 AVX512_ICL AVX512_SPR")
    os.environ.setdefault("OPENBLAS_CORETYPE", "Nehalem")
