"""Many charts of one shape, for pages of one kind: SVG alone, with room kept for titles and legends as given.

Laying a figure out by what is in it takes longer than drawing it, and so do its pixels; a page a territory needs neither.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from analysis.charts.style import STYLE, Title, head, inline, lighter


def draw_plainly(
    name: str, title: Title, size: tuple[float, float], room: tuple[float, float, float, float],
    paint: Callable[[Axes], None],
) -> str:  # fmt: skip
    """Draws one chart, ``size`` inches with ``room`` inches left, below, right and above it; the SVG for a page."""
    wide, high = size
    left, below, right, above = room
    text = io.StringIO()
    with mpl.rc_context({**STYLE, "svg.hashsalt": name}):
        figure = Figure(figsize=size)
        FigureCanvasSVG(figure)
        place = (left / wide, below / high, 1 - (left + right) / wide, 1 - (below + above) / high)
        paint(figure.add_axes(place))
        head(figure, title)
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    svg = lighter(text.getvalue().replace("'DejaVu Sans'", "'DejaVu Sans', Verdana, sans-serif"))
    return inline(svg, name, f"{title.finding}. {title.subtitle}.")
