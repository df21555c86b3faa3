"""Builds the world: markets, teams, territories, goals, pay."""

import os

# Before numpy is there. Our vectors of linear algebra are short: two threads on two busy cores make each product ten
# times as slow, and add up in another order.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
