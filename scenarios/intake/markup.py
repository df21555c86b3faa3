"""Words that come from a planner's files, written into a page."""

from __future__ import annotations


def cell(text: str) -> str:
    """Text that stays in its cell of a Markdown table and is no markup.

    >>> cell("<b>Elm & Oak</b>")
    '&lt;b>Elm &amp; Oak&lt;/b>'
    """
    for sign, written in (("&", "&amp;"), ("<", "&lt;"), ("|", "\\|"), ("\n", " ")):
        text = text.replace(sign, written)
    return text
