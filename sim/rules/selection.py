"""Taking accounts from the top of a ranking, exactly and without sorting all of it."""

from __future__ import annotations

import numpy as np

from sim.rule import loop

FEW = 128  # up to so many places counting is quicker than a heap


@loop
def sift(keys: np.ndarray, heap: np.ndarray, first: int, place: int, size: int) -> None:
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
def _by_heap(keys: np.ndarray, hours: np.ndarray, first: int, size: int, budget: float, listed: np.ndarray) -> int:
    """Takes from the ``size`` places listed; those taken end up behind the others, last one first."""
    for place in range(size // 2 - 1, -1, -1):
        sift(keys, listed, 0, place, size)
    count = 0
    left = budget
    while size > 0:
        top = listed[0]
        if hours[first + top] > left:
            break
        left -= hours[first + top]
        size -= 1
        listed[0] = listed[size]
        listed[size] = top
        count += 1
        sift(keys, listed, 0, 0, size)
    return count


@loop
def _by_rank(
    keys: np.ndarray, hours: np.ndarray, first: int, size: int, budget: float,
    listed: np.ndarray, near: np.ndarray, places: np.ndarray,
) -> int:  # fmt: skip
    """The same for at most ``FEW`` places, by counting how many rank above each: no branch to guess, eight at once."""
    few, counted = np.uint64(size), 0
    for a in range(few):
        places[a] = listed[a]
        near[a] = keys[np.uint64(places[a])]
    for a in range(few):
        above = 0
        for b in range(few):
            above += near[b] > near[a]
        counted += above
        listed[size - 1 - above] = places[a]
    if counted < size * (size - 1) // 2:  # some are equal
        for a in range(few):
            above = 0
            for b in range(few):
                above += near[b] > near[a] or (near[b] == near[a] and b < a)
            listed[size - 1 - above] = places[a]
    count = 0
    left = budget
    while count < size:
        top = listed[size - 1 - count]
        if hours[first + top] > left:
            break
        left -= hours[first + top]
        count += 1
    return count


@loop
def take_while_fits(
    keys: np.ndarray, hours: np.ndarray, first: int, size: int, budget: float, above: float, lower: float,
    listed: np.ndarray, near: np.ndarray, places: np.ndarray,
) -> tuple[int, int]:  # fmt: skip
    """Takes places 0 to ``size - 1`` of a territory by falling key until the next does not fit into ``budget`` hours.

    ``keys`` and ``listed``, where the places taken are written, are the territory's own, (size,) at least; ``hours``
    (n,) are those of all territories, this one's from ``first`` on. Returns from where in ``listed``, the last one
    taken first, and how many. Equal keys: the lower place first. ``near`` and ``places`` (FEW,) are scratch.

    ``above`` is a guess of a key that all of them reach, and changes nothing but the time it takes: only if the
    budget goes further than the places above it, those above a key that is ``lower`` by so much are looked at, and
    then all.

    >>> listed, near, places = np.zeros(3, dtype=np.int64), np.zeros(FEW), np.zeros(FEW, dtype=np.int64)
    >>> keys, hours = np.array([0.5, 2.0, 1.0]), np.array([1.0, 1.0, 1.0])
    >>> start, count = take_while_fits(keys, hours, 0, 3, 2.5, 1.5, 0.5, listed, near, places)
    >>> [int(place) for place in listed[start:start + count][::-1]]
    [1, 2]
    """
    for bar in (above, above - lower):
        looked_at = 0
        for place in range(np.uint64(size)):
            listed[looked_at] = place
            looked_at += keys[place] > bar
        if looked_at <= FEW:
            count = _by_rank(keys, hours, first, looked_at, budget, listed, near, places)
        else:
            count = _by_heap(keys, hours, first, looked_at, budget, listed)
        if count < looked_at or looked_at == size:
            return looked_at - count, count
    for place in range(size):
        listed[place] = place
    count = _by_heap(keys, hours, first, size, budget, listed)
    return size - count, count
