"""Expertise: which rep's words match an account's, and what it costs where they do not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.problems import SHOWN, nearest
from sim.world import Floats, Ints

ANYBODY = {"*", "any"}  # in a rep's cell: every word of the column
KM, MOVES = 25.0, 0.5  # what a word that does not match costs, where nothing else is said


class Words(NamedTuple):
    """A column that accounts and reps both have, as it is written."""

    accounts: Sequence[str]  # n
    reps: Sequence[str]  # m


def listed(cell: str) -> tuple[str, ...]:
    """The words of a cell, apart at semicolons or upright strokes, without regard to capitals.

    >>> listed("French; German |english")
    ('french', 'german', 'english')
    """
    return tuple(word for word in (" ".join(part.split()).casefold() for part in re.split(r"[;|]", cell)) if word)


def matches(words: Words) -> NDArray[np.bool_]:
    """Whether each rep lists a word of each account, (n, m).

    An account without a word is for anybody. A rep without one has only those; one with ``*`` has all.

    >>> matches(Words(["French", "", "English"], ["french;german", "*", ""])).tolist()
    [[True, True, False], [True, True, True], [False, True, False]]
    """
    lists = [set(listed(cell)) for cell in words.reps]
    known = {cell: place for place, cell in enumerate(dict.fromkeys(words.accounts))}
    rows = [[not asked or bool(one & (set(asked) | ANYBODY)) for one in lists] for asked in map(listed, known)]
    table = np.array(rows, dtype=bool).reshape(len(known), len(lists))
    return table[[known[cell] for cell in words.accounts]]


def strangers(column: str, words: Words, ids: Sequence[str], whose: str) -> list[str]:
    """A sentence for each word of accounts that no rep lists, with the nearest that one does.

    ``whose`` says where the reps are listed.
    """
    offered = {word for cell in words.reps for word in listed(cell)}
    if offered & ANYBODY:
        return []
    of: dict[str, list[str]] = {}
    for name, cell in zip(ids, words.accounts, strict=True):
        asked = listed(cell)
        if asked and not offered & set(asked):
            of.setdefault(cell.strip(), []).append(name)
    shown = sorted(of, key=lambda cell: (-len(of[cell]), cell))[:SHOWN]
    return [
        f"{column} '{cell[:60]}' ({len(of[cell]):,} accounts, such as {min(of[cell])}): {whose} lists it; "
        f"{nearest(listed(cell)[0], offered) if offered else 'nobody lists a word in that column'}"
        for cell in shown
    ]


def must(columns: Mapping[str, Words], ids: Sequence[str], whose: str) -> tuple[NDArray[np.bool_], list[str]]:
    """Who may have each account by all columns together, (n, m), and everything that keeps an account from anybody."""
    problems = [f"must_match: {one}" for name, words in columns.items() for one in strangers(name, words, ids, whose)]
    fits = np.logical_and.reduce([matches(words) for words in columns.values()])
    lost = np.flatnonzero(~fits.any(axis=1))
    if lost.size and not problems:
        first = int(lost[0])
        cells = ", ".join(f"{name} '{words.accounts[first]}'" for name, words in columns.items())
        told = f"{lost.size:,} accounts, such as {ids[first]} with {cells}, need all of it in one rep"
        problems.append(f"must_match: {told}; no rep has it together: leave one column to should_match")
    return fits, problems


def should(columns: Mapping[str, Words], price: Mapping[str, float]) -> Floats:
    """What each account costs more with each rep, (n, m): the prices of the columns that do not match, added up.

    >>> should({"language": Words(["French"], ["French", "German"])}, {"language": 25.0}).tolist()
    [[0.0, 25.0]]
    """
    costs: Floats = np.sum([np.where(matches(words), 0.0, price[name]) for name, words in columns.items()], axis=0)
    return costs


def held_back(
    fits: NDArray[np.bool_], locked: NDArray[np.bool_] | None, today: Ints, ids: Sequence[str], names: Sequence[str]
) -> list[str]:
    """A sentence for locked accounts whose rep of today does not match."""
    if locked is None:
        return []
    rows = np.flatnonzero(locked & (today >= 0))
    torn = rows[~fits[rows, today[rows]]]
    return [
        f"locked: {ids[row]} stays with {names[today[row]]}, who does not match it: unlock it, or change must_match"
        for row in torn[:SHOWN]
    ]


def unmatched(columns: Mapping[str, Words], owner: Ints) -> Iterable[str]:
    """What did not match in the end, a sentence a column."""
    rows = np.arange(len(owner))
    for name, words in columns.items():
        count = int((~matches(words)[rows, owner]).sum())
        yield f"{name}: {len(owner) - count:,} of {len(owner):,} accounts have a rep who lists their word"
