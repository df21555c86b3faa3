"""The explanation as pages: one that explains the plan, one a territory to sign, one a rep to hand out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from analysis.explanation import balance, worth
from analysis.explanation.books import Book
from analysis.explanation.plan_tables import (
    balance_table,
    books_table,
    moves_table,
    placed_sentence,
    placements_table,
    worth_table,
)
from analysis.explanation.reviewing import Reviewing
from analysis.explanation.territory import Territory
from analysis.explanation.territory_page import BOOKS, PLANS, write_territories
from analysis.explanation.territory_words import index_table
from analysis.explanation.worth import Worth
from analysis.report import pages
from analysis.words import listing

HERE = Path(__file__).parent
SHOWN = 40  # moves in the page; all of them stand in moves.csv


class Explained(NamedTuple):
    """Everything that is known of a plan against today's territories."""

    plan: dict[str, Any]  # the `info` of the two
    today: dict[str, Any]
    moves: pd.DataFrame
    balance: pd.DataFrame
    worth: Worth
    books: list[Book]
    placements: pd.DataFrame  # a row a territory: who has it, who would earn most there, what that is worth
    territories: list[Territory]  # of the same people as the books, in the same order
    grounds: list[pd.DataFrame] | None  # where each one's accounts lie, `own_map.data`; None without places
    reviewing: Reviewing
    counts_priority_only: bool  # which calls an activity goal counts

    @property
    def currency(self) -> str:
        """The sign of the money."""
        return str(self.plan["currency"])


def write_pages(said: Explained, folder: Path) -> Path:
    """Writes index.html with its chart, a page a territory under ``plans`` and one a rep under ``books``.

    Returns the path of index.html.
    """
    from markupsafe import Markup

    from analysis.charts import draw, payback

    folder.mkdir(parents=True, exist_ok=True)
    net, gross = said.worth.weeks["net"], said.worth.weeks["gross"]
    title = payback.title(net, str(said.plan["label"]), str(said.today["label"]))
    drawn = draw("payback", title, net, 4.2, lambda ax: payback.chart(net, gross, ax, said.currency), folder)
    made, files = pages(HERE), file_names([book.name for book in said.books])
    write_territories(said, made, files, folder)
    page = made.get_template("explanation.jinja").render(
        answer=worth.headline(said.worth, str(said.plan["label"]), str(said.today["label"]), said.currency),
        paid=worth.paid_for(said.worth, said.currency),
        goals_too=goals_too(said),
        plan=said.plan,
        today=said.today,
        years=net.shape[1],
        worth=worth_table(said.worth, said.currency),
        chart=Markup(drawn.svg),
        bands=balance.sentences(said.balance),
        balance=balance_table(said.balance),
        moved=len(said.moves),
        moves=moves_table(said.moves, said.currency, SHOWN),
        placed=placed_sentence(said.placements, said.currency),
        placements=placements_table(said.placements, said.currency),
        territories=index_table(said.books, said.territories, said.currency),
        books=books_table(said.books, said.currency),
        files=files,
        folders={"plans": PLANS, "books": BOOKS},
    )
    path = folder / "index.html"
    path.write_text(page, encoding="utf-8")
    return path


def file_names(people: Sequence[str]) -> list[str]:
    """A file name for each rep's page that any system can hold: '001-anna-hajek.html'."""
    names = []
    for place, name in enumerate(people, 1):
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
        word = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]
        names.append(f"{place:03d}-{word}.html" if word else f"{place:03d}.html")
    return names


def goals_too(said: Explained) -> str:
    """Whether more than territories differs between the plan and today; empty where it does not."""
    kinds = ("goals", "pay", "channels", "crm", "process", "review")
    differ = [kind for kind in kinds if said.plan["scenario"].get(kind) != said.today["scenario"].get(kind)]
    if not differ:
        return ""
    verb = "differs" if differ in (["pay"], ["crm"], ["process"], ["review"]) else "differ"
    told = listing(differ, len(kinds))
    return f"Its {told} {verb} from today's too: what it brings is what all of that brings together."
