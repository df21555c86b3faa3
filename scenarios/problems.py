"""What is wrong with an input, in words: all problems of it at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

SHOWN = 30  # valid words are listed up to here
SOME = 8  # names in a sentence


class InputError(Exception):
    """An input that can't be used. ``problems`` are sentences that name the place, the value and the cure."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def some(names: Iterable[object]) -> str:
    """The first names of a list, for a sentence; a dash of dots where there are more.

    >>> some(["a", "b"]), some("abcdefghij")
    ('a, b', 'a, b, c, d, e, f, g, h …')
    """
    listed = [str(name) for name in names]
    return ", ".join(listed[:SOME]) + (" …" if len(listed) > SOME else "")


def nearest(word: str, words: Iterable[str]) -> str:
    """The valid word nearest to a misspelt one, as the end of a sentence; all of them where none is near.

    >>> nearest("balancd", ["balanced", "random"])
    "did you mean 'balanced'?"
    """
    choices = sorted(words)
    close = difflib.get_close_matches(word, choices, n=1, cutoff=0.55)
    if close:
        return f"did you mean '{close[0]}'?"
    if len(choices) > SHOWN:
        return f"choose from {len(choices):,}, such as: " + ", ".join(choices[:: len(choices) // 5][:5])
    return "choose from: " + ", ".join(choices)
