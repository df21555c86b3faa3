"""Where a number comes from: figures that know their row, and sentences that keep it until they stand in a page.

A `Figure` is a number with the stored row that it was read from; it survives × ÷ − and abs, the formatters of
`analysis.words` put it into the sentence between marks, and `Said` is that sentence: plain text at a terminal, in a
page with every number in a ``<data>`` element that names its row. So there is one copy of each sentence.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Self

import pandas as pd

OPEN, PART, TEXT, CLOSE = "\ue000", "\ue001", "\ue002", "\ue003"  # private characters: no name or note has them
MARKED = re.compile(f"{OPEN}([^{PART}]*){PART}([^{PART}]*){PART}([^{TEXT}]*){TEXT}([^{CLOSE}]*){CLOSE}")


class Figure(float):
    """A number and the row it is from: ``compare.csv#KEY/typical``, or ``gains.csv?verdict=gains``, a count of rows."""

    row: str
    stored: float

    def __new__(cls, value: float, row: str, stored: float | None = None) -> Self:
        """``stored`` is what stands in the row, where ``value`` is that in another unit."""
        made = super().__new__(cls, value)
        made.row, made.stored = row, float(value) if stored is None else stored
        return made

    def _now(self, value: float) -> Figure:
        return Figure(value, self.row, self.stored)

    def __mul__(self, other: float) -> Figure:
        return self._now(float(self) * other)

    __rmul__ = __mul__

    def __truediv__(self, other: float) -> Figure:
        return self._now(float(self) / other)

    def __neg__(self) -> Figure:
        return self._now(-float(self))

    def __abs__(self) -> Figure:
        return self._now(abs(float(self)))


class Shown(NamedTuple):
    """One number of a sentence, as its marks have it."""

    row: str
    stored: float
    scale: float  # stored / scale is what the text says
    text: str


class Said(str):
    """A sentence: a plain string to everybody but a page, which asks for its HTML."""

    marked: str

    def __new__(cls, marked: str) -> Self:
        """``marked`` is the sentence as the formatters made it, or one that was said already."""
        made = super().__new__(cls, MARKED.sub(r"\4", str(marked)))
        made.marked = marked.marked if isinstance(marked, Said) else str(marked)
        return made

    def __html__(self) -> str:
        """The sentence for a page, its numbers in elements that name their row."""
        parts, at = [], 0
        for found in MARKED.finditer(self.marked):
            parts += [html.escape(self.marked[at : found.start()]), _element(found)]
            at = found.end()
        return "".join([*parts, html.escape(self.marked[at:])])

    @property
    def plain(self) -> str:
        """The sentence as a string like any other, for attributes of a page."""
        return str(self)

    def figures(self) -> list[Shown]:
        """Its numbers, in their order."""
        return [Shown(f[1], float(f[2]), float(f[3]), f[4]) for f in MARKED.finditer(self.marked)]


def _element(found: re.Match[str]) -> str:
    scale = "" if found[3] == "1" else f' data-scale="{found[3]}"'
    return f'<data value="{found[2]}" data-row="{html.escape(found[1])}"{scale}>{html.escape(found[4])}</data>'


def shown(value: float, text: str) -> str:
    """``text``, which says ``value``; between marks where the value knows its row."""
    if not isinstance(value, Figure):
        return text
    scale = value.stored / float(value) if float(value) else 1.0
    return f"{OPEN}{value.row}{PART}{value.stored:.12g}{PART}{scale:.6g}{TEXT}{text}{CLOSE}"


def together(*sentences: str) -> Said:
    """Sentences one after the other, empty ones left out."""
    return Said(" ".join(one.marked if isinstance(one, Said) else one for one in sentences if one))


class Row(Mapping[str, Any]):
    """One row of a stored table; its numbers are figures."""

    def __init__(self, values: Mapping[str, Any] | pd.Series, place: str) -> None:
        self._values, self._place = dict(values.items()), place

    def __getitem__(self, name: str) -> Any:
        value = self._values[name]
        if isinstance(value, bool | str) or not isinstance(value, int | float):
            return value.item() if hasattr(value, "item") and not hasattr(value, "__len__") else value
        return Figure(float(value), f"{self._place}/{name}")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def rows_of(frame: pd.DataFrame, file: str, *keys: str) -> Iterator[Row]:
    """The rows of a frame as ``file`` has them, each under what stands in its columns ``keys``."""
    names = [str(name) for name in frame.columns]
    for values in frame.itertuples(index=False, name=None):
        row = dict(zip(names, (v.item() if hasattr(v, "item") else v for v in values), strict=True))
        yield Row(row, f"{file}#{'.'.join(str(row[key]) for key in keys)}")


def count(number: int, file: str, **where: object) -> Figure:
    """So many rows of ``file``, all or those that have these values."""
    asked = "&".join(f"{name}={value}" for name, value in where.items())
    return Figure(number, f"{file}?{asked}")


def fact(value: float, name: str) -> Figure:
    """A number of the comparison as a whole: a row of facts.csv."""
    return Figure(float(value), f"facts.csv#{name}/value")


def among(text: str, known: Iterable[tuple[str, Figure]]) -> Said:
    """A sentence whose numbers are not all marked, the others found among those that its maker read.

    ``known`` has how a figure is written, and the figure; the first that is written so is taken. A number that is
    not among them stays bare.
    """
    written: dict[str, Figure] = {}
    for words, figure in known:
        written.setdefault(words, figure)
    if not written:
        return Said(text)
    longest = sorted((re.escape(words) for words in written), key=len, reverse=True)
    whole = re.compile(rf"(?<![\w.,+−-])(?:{'|'.join(longest)})(?![\w%]|[.,]\d)")
    parts, at = [], 0
    for found in [*MARKED.finditer(text), None]:
        bare = text[at : found.start() if found else len(text)]
        parts.append(whole.sub(lambda number: shown(written[number[0]], number[0]), bare))
        if found:
            parts.append(found[0])
            at = found.end()
    return Said("".join(parts))
