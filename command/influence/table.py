"""The tables of `territory sensitivity`, for the terminal, the page and the list of parameters."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from command.influence.headline import Span
from command.influence.screening import Screened, Share, Swing

FIRST = 20  # parameters that are shown; the others move less


def text(usual: float, screening: Sequence[Screened], found: Sequence[Share], ends: Sequence[Swing]) -> str:
    """The tables at the terminal."""
    parts = [f"the plan's margin over today's, all parameters as usual: {usual:+.2f} %", ""]
    for title, head, rows in _tables(screening, found, ends):
        widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
        parts.append(title)
        for row in [head, *rows]:
            first, *others = (
                cell.ljust(w) if n == 0 else cell.rjust(w) for n, (cell, w) in enumerate(zip(row, widths, strict=True))
            )
            parts.append("  ".join(["", first, *others]))
        parts.append("")
    return "\n".join(parts)


def markdown(
    question: str, command: str, usual: float, screening: Sequence[Screened], found: Sequence[Share],
    ends: Sequence[Swing], options: argparse.Namespace,
) -> str:  # fmt: skip
    """The same as a page, with the command that makes it."""
    lines = [
        "# What decides the difference between two plans",
        "",
        f"Made by `{command.strip()}`: {question}.",
        "The headline is how much more margin the plan is expected to bring, per cent of today's:",
        f"**{usual:+.2f} %** with all parameters as usual. Every parameter that is not the planner's to choose is",
        "tried from half to double its default, inside its range; what is off (0) up to a quarter of its range.",
        f"Screening: Morris, {options.trajectories} trajectories over all {len(ends)} parameters. Shares: Sobol,",
        f"{options.samples} samples a parameter over the {len(found)} with the largest effect. Intervals are 95 %.",
        "Where a share alone is above the share in all, the samples are too few to tell the two apart.",
    ]
    for title, head, rows in _tables(screening, found, ends):
        lines += ["", f"## {title}", "", "| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
        lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def rows_of(spans: Sequence[Span], screening: Sequence[Screened], ends: Sequence[Swing]) -> list[list[str]]:
    """A row a parameter: how far half and double move the headline, and the size of its elementary effects, points."""
    effect = {row.name: row.effect for row in screening}
    rows = [["parameter", "low", "high", "at low", "at high", "effect"]]
    for span, end in zip(spans, ends, strict=True):
        numbers = (
            f"{span.low:.6g}",
            f"{span.high:.6g}",
            f"{end.low:+.2f}",
            f"{end.high:+.2f}",
            f"{effect[span.name]:.2f}",
        )
        rows.append([span.name, *numbers])
    return rows


def _tables(
    screening: Sequence[Screened], found: Sequence[Share], ends: Sequence[Swing]
) -> list[tuple[str, list[str], list[list[str]]]]:
    swing = {row.name: row for row in ends}
    first = [
        [row.name, f"{row.effect:.2f} ± {row.error:.2f}", f"{row.spread:.2f}",
         f"{swing[row.name].low:+.2f}", f"{swing[row.name].high:+.2f}"]
        for row in screening[:FIRST]
    ]  # fmt: skip
    second = [
        [row.name, f"{row.alone:.2f} ± {row.alone_error:.2f}", f"{row.total:.2f} ± {row.total_error:.2f}"]
        for row in found
    ]
    return [
        (
            f"Elementary effects, points of margin ({min(FIRST, len(screening))} of {len(screening)} parameters)",
            ["parameter", "effect", "spread", "at half", "at double"],
            first,
        ),
        ("Shares of the variance", ["parameter", "alone", "in all"], second),
    ]
