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
def _take(keys: np.ndarray, hours: np.ndarray, first: int, size: int, budget: float, listed: np.ndarray) -> int:
    """Takes from the ``size`` places listed from ``first`` on; those taken end up behind the others, last one first."""
    for place in range(size // 2 - 1, -1, -1):
        _sift(keys, listed, first, place, size)
    count = 0
    left = budget
    while size > 0:
        top = listed[first]
        if hours[top] > left:
            break
        left -= hours[top]
        size -= 1
        listed[first] = listed[first + size]
        listed[first + size] = top
        count += 1
        _sift(keys, listed, first, 0, size)
    return count


@loop
def take_while_fits(
    keys: np.ndarray, hours: np.ndarray, first: int, end: int, budget: float, above: float, listed: np.ndarray
) -> tuple[int, int]:
    """Takes places ``first`` to ``end - 1`` by falling key until the next one does not fit into ``budget`` hours.

    ``keys`` and ``hours`` (n,) belong to all territories, one after the other, and so does ``listed`` (n,), where the
    places taken are written. Returns from where, the last one taken first, and how many. Equal keys: the lower place
    first. ``above`` is a guess of a key that all of them reach, and changes nothing but the time it takes: only if the
    budget goes further than the places above it are all of them looked at.

    >>> listed = np.zeros(3, dtype=np.int64)
    >>> keys, hours = np.array([0.5, 2.0, 1.0]), np.array([1.0, 1.0, 1.0])
    >>> start, count = take_while_fits(keys, hours, 0, 3, 2.5, 1.5, listed)
    >>> [int(place) for place in listed[start:start + count][::-1]]
    [1, 2]
    """
    size = 0
    for place in range(first, end):
        listed[first + size] = place
        size += keys[place] > above
    count = _take(keys, hours, first, size, budget, listed)
    if count == size and size < end - first:
        size = end - first
        for place in range(size):
            listed[first + place] = first + place
        count = _take(keys, hours, first, size, budget, listed)
    return first + size - count, count
