"""Where tables are printed: rich on stdout, wide and plain in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence

from rich.console import Console

from command.terminal import coloured

PIPE_WIDTH = 240


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


def show(rows: Sequence[Sequence[str]], right: Collection[int]) -> None:
    """A head and its rows as results: a table at a terminal, ``right`` the columns of numbers; in a pipe with tabs."""
    if not sys.stdout.isatty():
        print("\n".join("\t".join(cells) for cells in rows))
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for at, name in enumerate(rows[0]):
        table.add_column(name, justify="right" if at in right else "left", overflow="fold")
    for cells in rows[1:]:
        table.add_row(*(Text(cell) for cell in cells))
    results_console().print(table)
