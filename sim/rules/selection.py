"""Taking accounts from the top of a ranking, exactly and without sorting all of it."""

from __future__ import annotations

import numpy as np

from sim.rule import loop


@loop
def _sift(keys: np.ndarray, heap: np.ndarray, first: int, place: int, size: int) -> None:
    """Lets one entry of the heap sink to where no child ranks above it; equal keys: the lower entry ranks higher."""
    entry = heap[first + place]
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size:
            left, right = heap[first + child], heap[first + child + 1]
            if keys[right] > keys[left] or (keys[right] == keys[left] and right < left):
                child += 1
        other = heap[first + child]
        if keys[other] > keys[entry] or (keys[other] == keys[entry] and other < entry):
            heap[first + place] = other
            place = child
        else:
            break
    heap[first + place] = entry


@loop
def take_while_fits(keys: np.ndarray, hours: np.ndarray, first: int, end: int, budget: float, taken: np.ndarray) -> int:
    """Takes places ``first`` to ``end - 1`` by falling key until the next one does not fit into ``budget`` hours.

    ``keys``, ``hours`` and ``taken`` (n,) belong to all territories, one after the other; ``taken[first:end]`` ends up
    with the places taken, last one first from its end. Returns how many were taken. Equal keys: the lower place first.

    >>> taken = np.zeros(3, dtype=np.int64)
    >>> count = take_while_fits(np.array([0.5, 2.0, 1.0]), np.array([1.0, 1.0, 1.0]), 0, 3, 2.5, taken)
    >>> [int(place) for place in taken[3 - count:][::-1]]
    [1, 2]
    """
    size = end - first
    for place in range(size):
        taken[first + place] = first + place
    for place in range(size // 2 - 1, -1, -1):
        _sift(keys, taken, first, place, size)
    count = 0
    left = budget
    while size > 0:
        top = taken[first]
        if hours[top] > left:
            break
        left -= hours[top]
        size -= 1
        taken[first] = taken[first + size]
        taken[first + size] = top
        count += 1
        _sift(keys, taken, first, 0, size)
    return count
