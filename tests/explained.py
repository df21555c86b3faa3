"""An explanation of made-up years, and what is read out of its pages."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.charts import own_map
from analysis.explanation.balance import balance
from analysis.explanation.books import books
from analysis.explanation.moves import Match, moves
from analysis.explanation.page import Explained
from analysis.explanation.reviewing import Reviewing
from analysis.explanation.territory import territories
from analysis.explanation.worth import worth
from analysis.metrics import first_team
from analysis.played import Played

PLACED = pd.DataFrame(
    {
        "rep": ["R1", "R2"], "rep_name": ["Ann", "Ben"], "expected": [50_000.0, 40_000.0],
        "best": ["R2", "R1"], "best_name": ["Ben", "Ann"], "expected_with_best": [55_000.0, 41_000.0],
        "worth": [6_000.0, 6_000.0], "next_best": ["R1", "R2"],
    }
)  # fmt: skip

NONE = Reviewing()


def explained(
    plan: Played, today: Played, undisturbed: Played, reviewing: Reviewing = NONE, locked: tuple[str, ...] = ()
) -> Explained:
    """All parts of an explanation, of made-up years, in which everybody buys a tenth more once covered."""
    match = Match(None, np.ones(len(plan.accounts)))
    there = first_team(plan) if plan.info["has_places"] else []
    return Explained(
        plan.info, today.info, moves(plan, today, match, match), balance(plan, today),
        worth(today, plan, undisturbed), books(plan, today, True, tenth_more(plan)), PLACED,
        territories(plan, reviewing.weeks),
        [own_map.data(plan, today, rep, locked) for rep in there] or None, reviewing, True,
    )  # fmt: skip


def tenth_more(plan: Played) -> np.ndarray:
    """What `command.neglect.covered` says, a tenth of everybody."""
    return np.full(len(plan.accounts), 0.1)


class Sheet(HTMLParser):
    """A page's headings with their levels, its tables by caption, its links, its language, what has no scope."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.heads: list[str] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.links: list[str] = []
        self.lang, self.unscoped, self.tables_begun = "", 0, 0
        self._rows: list[list[str]] = []
        self._caption, self._into = "", ""
        self.feed(path.read_text(encoding="utf-8"))

    def table(self, begins: str) -> pd.DataFrame:
        """The one table whose caption begins so, or has it, as text."""
        (rows,) = [rows for caption, rows in self.tables.items() if begins in caption]
        return pd.DataFrame(rows[1:], columns=rows[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.lang = str(given.get("lang"))
        elif tag == "a":
            self.links.append(str(given["href"]))
        elif re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
            self.heads.append("")
            self._into = "head"
        elif tag == "table":
            self.tables_begun += 1
            self._rows, self._caption = [], ""
        elif tag == "caption":
            self._into = "caption"
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("th", "td"):
            self.unscoped += tag == "th" and "scope" not in given
            self._rows[-1].append("")
            self._into = "cell"

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.tables[self._caption] = self._rows
        if tag in ("caption", "th", "td") or re.fullmatch("h[1-6]", tag):
            self._into = ""

    def handle_data(self, data: str) -> None:
        if self._into == "head":
            self.heads[-1] += data
        elif self._into == "caption":
            self._caption += data
        elif self._into == "cell":
            self._rows[-1][-1] += data


def figure(text: str) -> float:
    """A number as a page shows it: '1,013', '−4', '37 %'."""
    return float(text.replace(",", "").replace("−", "-").removesuffix(" %"))
