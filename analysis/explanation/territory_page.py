"""A page for each territory, which a manager signs and reviews, and one for each rep, which the rep gets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.explanation import book_words, territory_words
from analysis.explanation.books import Book
from analysis.explanation.territory import Territory

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from analysis.explanation.page import Explained

BOOKS, PLANS = "books", "plans"
NO_MAP = "The data says nowhere that accounts lie, so there is no map."


def write_territories(said: Explained, made: Environment, files: Sequence[str], folder: Path) -> None:
    """Writes both pages of everybody; ``files`` are their names, the same in both folders."""
    (folder / PLANS).mkdir(parents=True, exist_ok=True)
    (folder / BOOKS).mkdir(parents=True, exist_ok=True)
    templates = {PLANS: made.get_template("plan.jinja"), BOOKS: made.get_template("book.jinja")}
    notes, drawings = not_shown(said.plan), Drawings(said)
    for place, (book, plan) in enumerate(zip(said.books, said.territories, strict=True)):
        shared = {
            "plan": said.plan,
            "book": book,
            "notes": notes,
            "file": files[place],
            "before": _neighbour(said, files, place - 1),
            "after": _neighbour(said, files, place + 1),
            "pace": drawings.pace(book, plan),
        }
        own_plan = {**_of_plan(said, book, plan), "map": drawings.ground(place)}
        sides = {PLANS: own_plan, BOOKS: _of_book(said, book, plan)}
        for side, own in sides.items():
            (folder / side / files[place]).write_text(templates[side].render(**shared, **own), encoding="utf-8")


def _neighbour(said: Explained, files: Sequence[str], place: int) -> tuple[str, str] | None:
    """File and name of who stands before or after somebody in the team's order."""
    return (files[place], said.books[place].name) if 0 <= place < len(files) else None


def _of_plan(said: Explained, book: Book, plan: Territory) -> dict[str, Any]:
    """What the page of a territory says beside what both say."""
    from analysis.explanation import reviewing

    currency, scenario = said.currency, said.plan["scenario"]
    options = scenario.get("review", {})
    return {
        "headline": territory_words.headline(book, plan, currency),
        "exchanged": book_words.exchanged_facts(book, currency),
        "effort": territory_words.effort_facts(plan, currency),
        "uneven": territory_words.segments_sentence(plan),
        "segments": territory_words.segments_table(plan, currency),
        "goals": territory_words.goal_facts(book, plan, int(scenario.get("goals", {}).get("periods", 1)), currency),
        "smart": territory_words.smart_table(book, plan, said.reviewing),
        "missing": territory_words.missing_sentence(book),
        "luck": territory_words.luck_sentence(book, is_drawn(scenario)),
        "dates": territory_words.dates_table(plan, said.reviewing, currency),
        "dates_caption": territory_words.dates_caption(plan),
        "reviews": reviewing.sentence(said.reviewing, options, str(said.plan["key"])),
        "no_map": NO_MAP,
    }


def _of_book(said: Explained, book: Book, plan: Territory) -> dict[str, Any]:
    """What the page of a rep says beside what both say."""
    currency, scenario = said.currency, said.plan["scenario"]
    rule, first = book_words.to_meet(book)
    return {
        "headline": book_words.book_headline(book, currency),
        "facts": book_words.book_facts(book, currency),
        "luck": territory_words.luck_sentence(book, is_drawn(scenario)),
        "parts": territory_words.goal_parts_table(book, plan, said.counts_priority_only, currency),
        "has_goals": bool(book.goals),
        "dates": territory_words.dates_table(plan, said.reviewing, currency, own=True),
        "dates_caption": territory_words.dates_caption(plan),
        "left_alone": book_words.left_alone_sentence(book, currency),
        "left": book_words.left_alone_table(book, currency),
        "meet_rule": rule,
        "meet": book_words.to_meet_table(first, currency),
        "accounts": book_words.accounts_table(book, currency),
        "printed": book_words.PRINTED,
        "printed_gave": book_words.PRINTED_GAVE,
        "gave": book_words.gave_table(book, currency),
    }


def is_drawn(scenario: dict[str, Any]) -> bool:
    """Whether the years were played in draws of a fit, which differ in what is not known of the business too."""
    market = scenario.get("market", {})
    return bool(market.get("fit")) and int(market.get("draws", 0)) > 0


def not_shown(info: dict[str, Any]) -> list[str]:
    """What a plan has and its pages do not show, in words."""
    scenario, notes = info["scenario"], []
    if int(info.get("year", 0)) == 1:
        notes.append("This plan goes on for several years; what stands here is its first one.")
    hires = int(scenario.get("hiring", {}).get("most", 0))
    if hires:
        notes.append(
            f"This plan may hire up to {hires} {'person' if hires == 1 else 'people'}: who begins later has no page, "
            "and what they take over stands here with whom it begins."
        )
    review = scenario.get("review", {})
    if review.get("name", "none") not in ("none", "annual") and review.get("policy") != "requota":
        notes.append(
            "Reviews may move accounts during the year: calls and revenue of an account are counted where it begins, "
            "sales so far and hours used where they are made."
        )
    return notes


class Drawings:
    """The charts of all territories, drawn on the same two figures one after the other."""

    def __init__(self, said: Explained) -> None:
        from analysis.charts import own_map, pace
        from analysis.charts.plain_svg import Sheet

        self.said = said
        self.maps = Sheet("map", (own_map.WIDE, own_map.HIGH), own_map.ROOM)
        self.paces = Sheet("pace", (pace.WIDE, pace.HIGH), pace.ROOM)

    def pace(self, book: Book, plan: Territory) -> Markup | None:
        """The year by week; None for who has no accounts."""
        from markupsafe import Markup

        from analysis.charts import pace

        if book.accounts.empty:
            return None
        quota = territory_words.quota_of(book)
        title = pace.title(plan.weeks, quota.reached if quota else float("nan"), plan.years)
        return Markup(self.paces.draw(title, lambda ax: pace.chart(plan.weeks, ax, self.said.currency)))

    def ground(self, place: int) -> dict[str, Any] | None:
        """Where a territory's accounts lie, and how many of each state there are; None without places or accounts."""
        from markupsafe import Markup

        from analysis.charts import own_map

        if self.said.grounds is None or self.said.grounds[place].empty:
            return None
        frame = self.said.grounds[place]
        drawn = self.maps.draw(own_map.title(frame), lambda ax: own_map.chart(frame, ax))
        return {"svg": Markup(drawn), "counts": frame["state"].value_counts().to_dict()}
