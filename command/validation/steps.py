"""Lines on stderr that say what is being played, and about how long the rest takes."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence

from command.terminal import lively, say, spell

QUIET = 10.0  # seconds between two lines where nobody watches them come


def timed(steps: Sequence[tuple[int, str]], seconds: dict[int, float]) -> Iterator[int]:
    """Yields the place of each step once it is told, and writes into ``seconds`` how long the last of its key took.

    A step is its key and what is played; steps of one key take about equally long. What is left is the sum of what
    steps of the same key took before; a key not seen yet counts as the mean of those that were.
    """
    live, told = lively(sys.stderr), -QUIET
    for place, (key, what) in enumerate(steps):
        begun = time.monotonic()
        if live or begun - told >= QUIET:
            told = begun
            line = f"{place + 1}/{len(steps)}  {what}{_left((key for key, _ in steps[place:]), seconds)}"
            if live:
                sys.stderr.write(f"\r\x1b[K{line}")
                sys.stderr.flush()
            else:
                say(line)
        yield place
        seconds[key] = time.monotonic() - begun
    if live:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _left(keys: Iterable[int], seconds: dict[int, float]) -> str:
    """How long steps of these keys take, in words; nothing where none was timed.

    >>> _left([1, 2, 3], {1: 10.0, 2: 20.0}), _left([1], {})
    (' · about 45 s left', '')
    """
    if not seconds:
        return ""
    mean = sum(seconds.values()) / len(seconds)
    return f" · about {spell(sum(seconds.get(key, mean) for key in keys))} left"
