"""Memory that a year frees is used again by the next one, instead of going back to the system."""

from __future__ import annotations

import ctypes

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # malloc.h of the GNU C library
LARGE = 32 << 20  # bytes; the library takes no more for M_MMAP_THRESHOLD
FREE = 512 << 20


def keep() -> bool:
    """Tells the C library to take columns from memory that was freed before, where it can be told so; whether it can.

    A year makes some 300 columns and frees them. Of a large market they are so large that the library asks the
    system for each and gives each back, and the system hands out every page anew, cleared: a tenth of a year of
    20,000 accounts (docs/decisions/0041). From now on blocks up to LARGE come from the process's own memory, of which
    more than FREE bytes at its end must lie free before they go back; larger ones, of markets of half a million
    accounts, come and go as before. All threads share it: each thread's own would be given back piece by piece.
    """
    try:
        tell = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # another C library
        return False
    wanted = {M_MMAP_THRESHOLD: LARGE, M_TRIM_THRESHOLD: FREE, M_ARENA_MAX: 1}
    return bool(min(tell(what, size) for what, size in wanted.items()) == 1)
