"""What is given back to the system while years are played: nothing."""

from __future__ import annotations

import ctypes

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # malloc.h of the GNU C library
LARGE = 32 << 20  # bytes; the library takes no more for M_MMAP_THRESHOLD
KEPT = 512 << 20


def keep() -> bool:
    """Lets freed columns be used again instead of given back, where the C library can be told so; whether it can.

    A year makes some 300 columns and frees them. Of a large market they are so large that the C library asks the
    system for each and gives each back, and the system hands out every page anew, cleared: a seventh of a year of
    20,000 accounts (docs/decisions/0041). Blocks above 32 MiB, of markets of half a million accounts, still go back.
    """
    try:
        tell = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # another C library
        return False
    return bool(tell(M_MMAP_THRESHOLD, LARGE)) and bool(tell(M_TRIM_THRESHOLD, KEPT))
