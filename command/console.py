"""Where tables are printed: rich on stdout, wide and plain in a pipe."""

from __future__ import annotations

import sys

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
