"""Taking accounts from the top of a ranking, exactly and without sorting all of it."""

from __future__ import annotations

import numpy as np

from sim.rule import loop


@loop
def _sift(keys: np.ndarray, heap: np.ndarray, place: int, size: int) -> None:
    """Lets one entry sink to where no child ranks above it; equal keys: the lower place ranks higher."""
    entry = heap[place]
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size:
            left, right = heap[child], heap[child + 1]
            if keys[right] > keys[left] or (keys[right] == keys[left] and right < left):
                child += 1
        other = heap[child]
        if keys[other] > keys[entry] or (keys[other] == keys[entry] and other < entry):
            heap[place] = other
            place = child
        else:
            break
    heap[place] = entry


@loop
def take_while_fits(keys: np.ndarray, hours: np.ndarray, budget: float, taken: np.ndarray) -> int:
    """Takes places 0 to n - 1 by falling key until the next one does not fit into ``budget`` hours.

    ``keys``, ``hours`` (n,); ``taken`` (n,) int64 receives the places in the order taken (what follows them is
    scratch). Returns how many were taken. Equal keys: the lower place first.

    >>> taken = np.zeros(3, dtype=np.int64)
    >>> count = take_while_fits(np.array([0.5, 2.0, 1.0]), np.array([1.0, 1.0, 1.0]), 2.5, taken)
    >>> [int(place) for place in taken[:count]]
    [1, 2]
    """
    size = keys.size
    heap = np.arange(size)
    for place in range(size // 2 - 1, -1, -1):
        _sift(keys, heap, place, size)
    count = 0
    left = budget
    while size > 0:
        top = heap[0]
        if hours[top] > left:
            break
        left -= hours[top]
        taken[count] = top
        count += 1
        size -= 1
        heap[0] = heap[size]
        _sift(keys, heap, 0, size)
    return count
