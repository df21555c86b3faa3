"""One look for every chart: colours, type, titles, and how a figure is rendered.

Colours are Paul Tol's muted set, two of them darker so that they stand out from paper; each has a lighter partner for
dark pages, which the report swaps by CSS, because the drawn colours stand in the SVG as they are written here. Any two
of either set are told apart in every kind of colour blindness: `tests/test_charts_colours.py`.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Sequence
from typing import Any, NamedTuple, Self

import matplotlib as mpl
import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text
from numpy.typing import ArrayLike
from PIL.Image import Image, frombytes

from analysis.origin import Said

INK, QUIET, RULE, PAPER = "#1a1c20", "#5c6068", "#d5d7db", "#fffffe"
GOOD, BAD, NEUTRAL = "#1b6ca8", "#b5541c", "#8b9097"
MUTED = ("#332288", "#cc6677", "#117733", "#afbd13", "#8fb3c8", "#882255", "#44aa99", "#999933", "#aa4499")
MUTED_DARK = ("#8e83e6", "#f18495", "#42a364", "#e3d17e", "#a4deff", "#c5658c", "#61c3ad", "#b1b13e", "#d693cc")
DARK = {
    INK: "#eceef1", QUIET: "#a9aeb7", RULE: "#41454d", PAPER: "#17191d",
    GOOD: "#74b3e8", BAD: "#f0975c", NEUTRAL: "#8a9099", **dict(zip(MUTED, MUTED_DARK, strict=True)),
}  # fmt: skip

DOTS = 160  # an inch, in pixels
HALO = "halo"  # how the names begin that have one
LONGEST = 26  # letters of a name beside a row
BOLD, PLAIN, LEAST = 0.66, 0.56, 7.5  # mean width of a letter in sizes of the type, and the smallest type of a head
HEAD = 0.62  # inches above a chart, for its title

STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "text.color": INK,
    "text.parse_math": False,  # a $ is money
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
    """Writes the title and the line below it, flush left; long ones smaller, and cut where that does not help."""
    wide, height = figure.get_size_inches()
    for name, text, down, size, weight, color, letter in (
        ("title", title.finding, 0.10, 13.0, "bold", INK, BOLD),
        ("subtitle", title.subtitle, 0.36, 9.5, "normal", QUIET, PLAIN),
    ):
        room = 72 * (wide - 0.2) / letter  # in letters of one point
        fits = max(min(size, room / max(len(text), 1)), LEAST)
        said = short(text, int(room / fits))
        at = 1 - down / height
        figure.text(0.012, at, said, fontsize=fits, fontweight=weight, color=color, va="top", gid=name)


def short(text: str, most: int) -> str:
    """A text in at most ``most`` letters, cut in the middle, because names differ at their ends.

    >>> short("Rep 1", 8), short("Bartholomew", 8)
    ('Rep 1', 'Barth…ew')
    """
    tail = (most - 1) // 3
    return text if len(text) <= most else f"{text[: most - 1 - tail].rstrip()}…{text[-tail:].lstrip()}"


def in_two_lines(label: str) -> str:
    """A plan's name beside its row: the territory above, goals and the rest below."""
    return "\n".join(short(part, LONGEST) for part in label.split(" × ", 1))


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
    text = io.StringIO()
    with mpl.rc_context({**STYLE, "svg.hashsalt": name}):
        _lay_out(figure)
        haloed = figure.findobj(lambda part: isinstance(part, Text) and (part.get_gid() or "").startswith(HALO))
        effects = [part.get_path_effects() for part in haloed]
        for part in haloed:  # an SVG has halos of its own, and letters that can be read and searched
            part.set_path_effects([])
        _name_marks(figure)
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
        for part, effect in zip(haloed, effects, strict=True):
            part.set_path_effects(effect)
        image = painted(figure)
    return lighter(text.getvalue().replace("'DejaVu Sans'", "'DejaVu Sans', Verdana, sans-serif")), image


def painted(figure: Figure) -> Image:
    """A figure that is laid out, as pixels."""
    pixels = io.BytesIO()
    figure.savefig(pixels, format="rgba", dpi=DOTS)
    size = (int(figure.get_figwidth() * DOTS), int(figure.get_figheight() * DOTS))
    return frombytes("RGBA", size, pixels.getvalue())


def haloed(ax: Axes, x: float, y: float, name: str, size: float) -> None:
    """A name on a map, bold, with a halo of paper around it."""
    text = ax.text(x, y, name, ha="center", va="center", fontsize=size, fontweight="bold", color=INK, zorder=5)
    text.set_path_effects([patheffects.withStroke(linewidth=3, foreground=PAPER)])
    text.set_gid(f"{HALO}{len(ax.texts)}")


def cell(
    ax: Axes, y: float, said: str, right: float, color: str = INK, size: float = 9.5, weight: str = "normal",
    head: bool = False, up: float = 0.0,
) -> None:  # fmt: skip
    """A word in a column beside the rows that ends ``right`` points from them; the heads make room for all below."""
    ax.annotate(
        said, (1, y), xycoords=("axes fraction", "data"), xytext=(right, up), textcoords="offset points", ha="right",
        va="bottom" if up else "center", color=color, fontsize=size, fontweight=weight,
    ).set_in_layout(head)  # fmt: skip
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

    def dotted(stroke: re.Match[str]) -> str:
        short = abs(float(stroke[3]) - float(stroke[1])) < 0.05
        return f"M{stroke[1]} {stroke[2]}h.01" if short else stroke[0]

    halo = f"paint-order: stroke; stroke: {PAPER}; stroke-width: 3; stroke-linejoin: round; "
    svg = re.sub(rf'(<g id="{HALO}\d+">\s*<text style=")', rf"\1{halo}", svg)

    def gathered(run: re.Match[str]) -> str:
        style = run[1]
        return f'<g style="{style}">' + run[0].replace(f' style="{style}"', "") + "</g>"

    svg = re.sub(r' (?:d|x|y|transform)="[^"]*"', rounded, svg)
    svg = re.sub(r"M (\S+) (\S+) \nL (\S+) \2 \n", dotted, svg)
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
