"""Where tables are printed: rich on stdout, wide and plain in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from command.terminal import coloured, say

if TYPE_CHECKING:
    from rich.table import Table

PIPE_WIDTH = 240
LEAST, BETWEEN = 6, 2  # signs that a broken column of words has, and blanks between columns


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


def show(rows: Sequence[Sequence[str]], right: Collection[int], gives_way: Sequence[int] = ()) -> None:
    """A head and its rows as results: a table at a terminal, ``right`` the columns of numbers; in a pipe with tabs.

    Where the terminal is too narrow the columns ``gives_way`` are left out one after the other, and that is said.
    """
    if not sys.stdout.isatty():
        print("\n".join("\t".join(cells) for cells in rows))
        return
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    console = results_console()
    wide = [max(cell_len(part) for cells in rows for part in cells[at].split("\n")) for at in range(len(rows[0]))]
    kept = fitting(wide, console.width, gives_way)
    words = [at for at in kept if at not in right]
    table = Table(box=None, pad_edge=False)
    for at in kept:
        number = at in right
        # Of columns that have to be broken those of words are, each word whole as long as that is possible.
        table.add_column(Text(rows[0][at]), justify="right" if number else "left", overflow="fold", no_wrap=number)
    if words and sum(wide[at] + BETWEEN for at in kept) - BETWEEN > console.width:
        _break(table, words, kept, wide, console.width)
    for cells in rows[1:]:
        table.add_row(*(Text(cells[at]) for at in kept))
    console.print(table)
    if len(kept) < len(rows[0]):
        left = ", ".join(" ".join(name.split()) for at, name in enumerate(rows[0]) if at not in kept)
        say(f"left out where the terminal is so narrow: {left}")


def fitting(wide: Sequence[int], columns: int, gives_way: Sequence[int], between: int = BETWEEN) -> list[int]:
    """Which columns of these widths are shown: those of ``gives_way`` go, in that order, until the rest fits.

    >>> fitting([10, 5, 5], 17, [2, 1]), fitting([10, 5, 5], 12, [2, 1]), fitting([10, 5, 5], 24, [2])
    ([0, 1], [0], [0, 1, 2])
    """
    kept = list(range(len(wide)))
    for at in gives_way:
        if sum(wide[one] + between for one in kept) - between <= columns:
            break
        kept.remove(at)
    return kept


def _break(table: Table, words: Sequence[int], kept: Sequence[int], wide: Sequence[int], columns: int) -> None:
    """Gives the widest columns of words what is left, the narrow ones as much as they need."""
    left = columns - sum(wide[at] + BETWEEN for at in kept if at not in words) + BETWEEN
    for number, at in enumerate(sorted(words, key=lambda one: wide[one])):
        share = max(LEAST, left // (len(words) - number) - BETWEEN)
        mine = min(wide[at], share)
        table.columns[kept.index(at)].width = mine
        left -= mine + BETWEEN
