"""Where tables are printed: rich on stdout, wide and plain in a pipe."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from rich.console import Console

from command.terminal import coloured, say

PIPE_WIDTH = 240
LEAST, BETWEEN = 10, 2  # signs that a broken column of words has, and blanks between columns


def results_console() -> Console:
    """A console on stdout; ``console.is_terminal`` tells a table from a pipe."""
    terminal = sys.stdout.isatty()
    return Console(
        file=sys.stdout,
        width=None if terminal else PIPE_WIDTH,
        no_color=not coloured(sys.stdout),
        force_terminal=terminal,
        highlight=False,
    )


def show(
    rows: Sequence[Sequence[str]], right: Collection[int], gives_way: Sequence[int] = (), folds: Collection[int] = ()
) -> None:
    """A head and its rows as results: a table at a terminal, ``right`` the columns of numbers; in a pipe with tabs.

    Where the terminal is too narrow the columns ``gives_way`` are left out one after the other, and that is said;
    not for the sake of those that ``folds``, sentences that may as well go over several lines.
    """
    if not sys.stdout.isatty():
        print("\n".join("\t".join(cells) for cells in rows))
        return
    from rich.table import Table
    from rich.text import Text

    console = results_console()
    numbers = {at for at in right if not any(_is_wordy(cells[at]) for cells in rows[1:])}
    if _whole(_widths(rows)) > console.width:  # before anything is left out
        rows = _with_high_heads(rows, numbers)
    wide = _widths(rows)
    least = [width if at in numbers else min(width, LEAST) for at, width in enumerate(wide)]
    kept = fitting([least[at] if at in folds else one for at, one in enumerate(wide)], least, console.width, gives_way)
    words = {at: _longest_word(row[at] for row in rows) for at in kept if at not in numbers}
    widths = _broken({at: wide[at] for at in kept}, words, console.width)
    table = Table(box=None, pad_edge=False)
    for at in kept:
        justify: Literal["left", "right"] = "right" if at in right else "left"
        table.add_column(Text(rows[0][at]), justify=justify, overflow="fold", width=widths[at])
    for cells in rows[1:]:
        table.add_row(*(Text(cells[at]) for at in kept))
    console.print(table)
    if len(kept) < len(rows[0]):
        left = ", ".join(" ".join(name.split()) or "words" for at, name in enumerate(rows[0]) if at not in kept)
        say(f"left out where the terminal is so narrow: {left}")


def fitting(wide: Sequence[int], least: Sequence[int], columns: int, gives_way: Sequence[int]) -> list[int]:
    """Which columns are shown: those of ``gives_way`` go, in that order, until the rest fits in its whole width.

    Where even the least that they need has no room the last ones go too: a number is never cut.

    >>> fitting([10, 5, 5], [10, 5, 5], 17, [2, 1]), fitting([10, 9, 5], [6, 6, 5], 24, [])
    ([0, 1], [0, 1, 2])
    """
    kept = list(range(len(wide)))
    for at in gives_way:
        if _whole([wide[one] for one in kept]) <= columns:
            return kept
        kept.remove(at)
    while len(kept) > 1 and _whole([least[one] for one in kept]) > columns:
        kept.pop()
    return kept


def _broken(wide: dict[int, int], words: Mapping[int, int], columns: int) -> dict[int, int]:
    """The widths with which all fits: columns of ``words``, with their longest word each, share what the others leave.

    A word is broken only where all together have no room for their longest ones, and of those the longest.

    >>> _broken({0: 40, 1: 12, 2: 6}, {0: 30, 1: 12}, 40)
    {0: 18, 1: 12, 2: 6}
    """
    left = columns - sum(width for at, width in wide.items() if at not in words) - BETWEEN * (len(wide) - 1)
    least = dict(words)
    while sum(least.values()) > left and max(least.values()) > 1:
        least[max(least, key=lambda one: least[one])] -= 1
    widths: dict[int, int] = {**wide, **least}
    left -= sum(least.values())
    for number, at in enumerate(sorted(words, key=lambda one: wide[one] - least[one])):
        more = max(0, min(wide[at] - least[at], left // (len(words) - number)))
        widths[at] += more
        left -= more
    return widths


def _longest_word(cells: Iterable[str]) -> int:
    from rich.cells import cell_len

    return max((cell_len(word) for cell in cells for word in cell.split()), default=0)


def _with_high_heads(rows: Sequence[Sequence[str]], numbers: Collection[int]) -> list[Sequence[str]]:
    """The rows with the heads of numbers in lines as wide as the numbers under them, as far as their words allow."""
    room = _widths(rows[1:]) if len(rows) > 1 else [0] * len(rows[0])
    head = []
    for at, name in enumerate(rows[0]):
        wide = max([room[at], 1, *map(len, name.split())])
        head.append("\n".join(textwrap.wrap(name, wide, break_long_words=False)) if at in numbers else name)
    return [head, *rows[1:]]


def _is_wordy(cell: str) -> bool:
    """Whether a cell is a sentence rather than a number with its unit."""
    return sum(word.isalpha() for word in cell.split()) > 2


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    from rich.cells import cell_len

    columns = zip(*rows, strict=True)
    return [max((cell_len(part) for cell in column for part in cell.split("\n")), default=0) for column in columns]


def _whole(wide: Sequence[int]) -> int:
    return sum(wide) + BETWEEN * (len(wide) - 1)
