"""One look for every chart: colours, type, titles, and how a figure is rendered.

Colours are Paul Tol's muted set: told apart in every kind of colour blindness. Each has a lighter partner for dark
pages; the report swaps them by CSS, because the drawn colours stand in the SVG as they are written here.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Sequence
from typing import Any, NamedTuple, Self

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from PIL.Image import Image, frombytes

from analysis.origin import Said

INK, QUIET, RULE, PAPER = "#1a1c20", "#5c6068", "#d5d7db", "#fffffe"
GOOD, BAD, NEUTRAL = "#1b6ca8", "#b5541c", "#8b9097"
MUTED = ("#332288", "#cc6677", "#117733", "#b5a642", "#56a5c9", "#882255", "#44aa99", "#767612", "#aa4499")
MUTED_DARK = ("#8f86e0", "#ee8894", "#5fbf7c", "#ddcc77", "#88ccee", "#d9709a", "#66ccbb", "#bbbb55", "#d98ccb")
DARK = {
    INK: "#eceef1", QUIET: "#a9aeb7", RULE: "#41454d", PAPER: "#17191d",
    GOOD: "#74b3e8", BAD: "#f0975c", NEUTRAL: "#8a9099", **dict(zip(MUTED, MUTED_DARK, strict=True)),
}  # fmt: skip

DOTS = 160  # an inch, in pixels
HEAD = 0.62  # inches above a chart, for its title

STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "text.color": INK,
    "axes.labelcolor": QUIET,
    "axes.edgecolor": RULE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.grid": False,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": QUIET,
    "ytick.labelcolor": INK,
    "xtick.major.size": 3,
    "ytick.major.size": 0,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "svg.fonttype": "none",
}


class _Title(NamedTuple):
    finding: Said
    subtitle: Said


class Title(_Title):
    """What a chart shows: the finding in at most ten words, and the measure, place and period."""

    __slots__ = ()

    def __new__(cls, finding: str, subtitle: str) -> Self:
        """Of sentences, marked by the formatters or not."""
        return super().__new__(cls, Said(finding), Said(subtitle))


def new_figure(width: float, height: float) -> tuple[Figure, Axes]:
    """An empty figure (inches) with room for the title; no window, no state shared with other figures."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        engine = figure.get_layout_engine()
        assert engine is not None
        engine.set(rect=(0.0, 0.0, 1.0, 1.0 - HEAD / height))  # type: ignore[call-arg]
        return figure, figure.add_subplot()


def head(figure: Figure, title: Title) -> None:
    """Writes the title and the line below it, flush left."""
    height = figure.get_figheight()
    high = 1 - 0.10 / height
    figure.text(0.012, high, title.finding, fontsize=13, fontweight="bold", color=INK, va="top", gid="title")
    figure.text(0.012, 1 - 0.36 / height, title.subtitle, fontsize=9.5, color=QUIET, va="top", gid="subtitle")


def strips(
    ax: Axes, at: ArrayLike, spans: Sequence[tuple[ArrayLike, ArrayLike]], color: Any, width: float,
    upright: bool = False,
) -> None:  # fmt: skip
    """Graded strips without caps at the places ``at``, widest spans first: the darker, the more years lie there."""
    for low, high in spans:
        long = np.subtract(high, low)
        if upright:
            ax.bar(at, long, width, low, color=color, alpha=0.22, linewidth=0, zorder=1)
        else:
            ax.barh(at, long, width, low, color=color, alpha=0.22, linewidth=0, zorder=1)


def rendered(figure: Figure, name: str) -> tuple[str, Image]:
    """The figure as SVG text and as pixels. The same figure gives the same bytes."""
    text, pixels = io.StringIO(), io.BytesIO()
    with mpl.rc_context({**STYLE, "svg.hashsalt": name}):
        _lay_out(figure)
        _name_marks(figure)
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
        figure.savefig(pixels, format="rgba", dpi=DOTS)
    svg = lighter(text.getvalue().replace("'DejaVu Sans'", "'DejaVu Sans', Verdana, sans-serif"))
    size = (int(figure.get_figwidth() * DOTS), int(figure.get_figheight() * DOTS))
    return svg, frombytes("RGBA", size, pixels.getvalue())


def _name_marks(figure: Figure) -> None:
    """Gives every group of marks a name by which `inline` finds it: what is drawn from rows, not axes and their lines.

    A chart that draws a row by itself may name it: ``gid="row R01"``.
    """
    for axes in figure.axes:
        drawn = [*axes.collections, *axes.lines, *axes.patches]
        for at, mark in enumerate(mark for mark in drawn if mark.get_transform() != axes.get_yaxis_transform()):
            if mark.get_gid() is None and mark.get_transform() != axes.get_xaxis_transform():
                mark.set_gid(f"marks-{at}")


def _lay_out(figure: Figure) -> None:
    """Gives everything its place, once for both files; left to savefig it costs two more drawings of each."""
    FigureCanvasSVG(figure)  # measures text as the SVG has it
    engine = figure.get_layout_engine()
    assert engine is not None
    engine.execute(figure)
    figure.set_layout_engine(None)


def lighter(svg: str) -> str:
    """The same drawing in fewer bytes: hundredths of a point, and one style for a run of equal dots."""

    def rounded(attribute: re.Match[str]) -> str:
        return re.sub(r"(\.\d\d)\d+", r"\1", attribute[0])

    def gathered(run: re.Match[str]) -> str:
        style = run[1]
        return f'<g style="{style}">' + run[0].replace(f' style="{style}"', "") + "</g>"

    svg = re.sub(r' (?:d|x|y|transform)="[^"]*"', rounded, svg)
    return re.sub(r'<use [^>]*? style="([^"]*)"/>(?:\s*<use [^>]*? style="\1"/>)+', gathered, svg)


def inline(svg: str, name: str, alt: str, rows: str = "") -> str:
    """An SVG to stand inside a page: no prologue, ids of its own, colours that follow the page, and words for it.

    ``rows`` is the file of the rows that its marks were drawn from; each group of marks then names it.
    """
    text = svg[svg.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    if rows:
        text = re.sub(r'(<g id="marks-\d+")', rf'\1 data-row="{html.escape(rows)}"', text)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', text)
    text = re.sub(r'(href="#|url\(#)', rf"\g<1>{name}-", text)
    for color in DARK:
        text = text.replace(color, f"var(--{css_name(color)})")
    text = re.sub(r'(<svg[^>]*?) (?:width|height)="[^"]*pt"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?) (?:width|height)="[^"]*pt"', r"\1", text, count=1)
    said, _, more = alt.partition(". ")
    words = f'<title id="{name}-said">{html.escape(said)}</title>'
    words += f'<desc id="{name}-about">{html.escape(more or said)}</desc>'
    head = f'<svg role="img" aria-labelledby="{name}-said" aria-describedby="{name}-about"'
    return re.sub(r"<svg([^>]*)>", lambda found: f"{head}{found[1]}>{words}", text, count=1)


def untitled(svg: str) -> str:
    """The same without its title and the room for it, where the page has that as a heading."""
    text = re.sub(r'<g id="[^"]*-(?:sub)?title">.*?</g>', "", svg, flags=re.S)

    def lower(box: re.Match[str]) -> str:
        wide, high = float(box[1]), float(box[2])
        return f'viewBox="0 {HEAD * 72:.2f} {wide:g} {high - HEAD * 72:.2f}"'

    return re.sub(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', lower, text, count=1)


def css_name(color: str) -> str:
    """The name of a colour in the page."""
    names = {INK: "ink", QUIET: "quiet", RULE: "rule", PAPER: "paper", GOOD: "good", BAD: "bad", NEUTRAL: "neutral"}
    return names.get(color) or f"rep{MUTED.index(color)}"
