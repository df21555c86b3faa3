"""Words that come from a planner's files, written into a page."""

from __future__ import annotations

from collections.abc import Sequence


def cell(text: str) -> str:
    """Text that stays in its cell of a Markdown table and is no markup.

    >>> cell("<b>Elm & Oak</b>")
    '&lt;b>Elm &amp; Oak&lt;/b>'
    """
    for sign, written in (("&", "&amp;"), ("<", "&lt;"), ("|", "\\|"), ("\n", " ")):
        text = text.replace(sign, written)
    return text


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """A Markdown table, line by line.

    >>> table(["a", "b"], [["<x>", 1]])
    ['| a | b |', '| --- | --- |', '| &lt;x> | 1 |']
    """
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    return lines + ["| " + " | ".join(cell(str(one)) for one in row) + " |" for row in rows]
