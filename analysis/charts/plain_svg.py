"""Many charts of one shape, for pages of one kind: one figure, its room given, its axes kept from page to page.

Laying a figure out by what is in it takes longer than drawing it, and so do its pixels and new axes; a page a territory
needs none of them.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from analysis.charts.style import STYLE, Title, head, inline, lighter


class Sheet:
    """A figure of ``size`` inches, with ``room`` left, below, right and above its axes, drawn on again and again."""

    def __init__(self, name: str, size: tuple[float, float], room: tuple[float, float, float, float]) -> None:
        (wide, high), (left, below, right, above) = size, room
        self.name = name
        with mpl.rc_context(STYLE):
            self.figure = Figure(figsize=size)
            FigureCanvasSVG(self.figure)
            place = (left / wide, below / high, 1 - (left + right) / wide, 1 - (below + above) / high)
            self.ax = self.figure.add_axes(place)

    def draw(self, title: Title, paint: Callable[[Axes], None]) -> str:
        """One chart, as SVG to stand in a page; what was drawn before is gone. ``paint`` sets the limits of both axes.

        Letters stay letters: a reader's own fonts have those that ours lacks.
        """
        text = io.StringIO()
        with warnings.catch_warnings(), mpl.rc_context({**STYLE, "svg.hashsalt": self.name}):
            warnings.filterwarnings("ignore", message="Glyph .* missing")
            for part in (*self.ax.collections, *self.ax.lines, *self.ax.patches, *self.ax.texts, *self.figure.texts):
                part.remove()
            paint(self.ax)
            head(self.figure, title)
            self.figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
        svg = lighter(text.getvalue().replace("'DejaVu Sans'", "'DejaVu Sans', Verdana, sans-serif"))
        return inline(svg, self.name, f"{title.finding}. {title.subtitle}.")
