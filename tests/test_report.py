"""The page: who reads nothing else must find which plan wins, how often, at what price, and for whom."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from analysis.compare import compare
from analysis.played import Played
from analysis.report import write_report
from tests.played import made_up, one_that_flips

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """The text of a page, its ids and what it asks for; complains about tags that do not close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.asks: list[str] = []
        self.text = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(str(value))
            if name == "src" or (name in ("href", "xlink:href") and tag in ("link", "image")):
                self.asks.append(str(value))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open = self.open if tag in VOID else self.open[:-1]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


def page_of(plans: list[Played], folder: Path) -> Page:
    path = write_report(compare(plans), {p.key: p for p in plans}, folder)
    assert path == folder / "index.html"
    page = Page(path.read_text(encoding="utf-8"))
    page.text = re.sub(r"\s+", " ", page.text)
    return page


def test_the_answer_stands_first_and_every_question_is_answered(tmp_path: Path) -> None:
    page = page_of([made_up("now"), made_up("balanced", gain=20_000, moved=0.3)], tmp_path)
    head = page.text.index("balanced × quota_potential beats current × quota_potential in more than 19 of 20")
    for later in (
        "of accounts another rep",  # the price of change
        "In pay, Rep 1, Rep 2, Rep 3 and Rep 4 gain",
        "The plans compared",
        "Why: where effort goes",
        "Who gains, who loses",
        "What the data lacked",
        "Potential is estimated, not measured.",
        "placed in the centre of their region",
        "How it was made",
        "territory simulate -m territory=current,balanced",
    ):
        assert page.text.index(later) > head, later


def test_the_page_asks_nobody_for_anything_and_ids_are_unique(tmp_path: Path) -> None:
    page = page_of([made_up("now"), made_up("balanced", gain=20_000, moved=0.3)], tmp_path)
    assert page.asks == []
    assert len(page.ids) == len(set(page.ids))
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "<script" not in text
    assert 'lang="en"' in text
    assert text.count('role="img"') == text.count("<figure ") == 11


def test_links_of_the_page_lead_somewhere(tmp_path: Path) -> None:
    page_of([made_up("now"), made_up("balanced", gain=20_000)], tmp_path)
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    for target in re.findall(r'<a href="([^"#]+)"', text):
        assert (tmp_path / target).is_file(), target
    assert (tmp_path / "compare.parquet").is_file()


def test_six_questions_come_first_and_lead_to_sections_in_the_order_of_the_page(tmp_path: Path) -> None:
    page = page_of([made_up("now"), made_up("balanced", gain=20_000, moved=0.3)], tmp_path)
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    block = text[text.index('<section class="six"') : text.index("</section>")]
    asked = re.findall(r'<dt><a href="#(\w+)">([^<]+)\?</a></dt>', block)
    assert [question for _, question in asked] == [
        "Which plan", "How often is it better", "What does it cost", "Who gains, who loses", "What would flip it",
        "How was it made",
    ]  # fmt: skip
    assert {section for section, _ in asked} <= set(page.ids)
    assert "<figure" not in text[: text.index(block)]
    sections = re.findall(r'<h2 id="(\w+)">', text)
    assert sections == ["six", "compared", "why", "people", "map", "year", "flips", "limits", "made", "rows"]
    levels = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_what_would_flip_it_stands_in_its_place_where_it_was_tried(tmp_path: Path) -> None:
    plans = [made_up("now"), made_up("b", gain=9_000)]
    found = compare(plans)
    path = write_report(found, {p.key: p for p in plans}, tmp_path, wrong=one_that_flips(found))
    text = Page(path.read_text(encoding="utf-8")).text
    assert "Flips if what crosses is more than 50 % above" in text[: text.index("The plans compared")]
    section = text[text.index("The year, week by week") : text.index("What the data lacked")]
    assert "b × quota_potential loses its lead to current × quota_potential if what crosses" in section
    assert "1 of 2 assumptions would flip it" in section
    assert "what stays, share" in section


@pytest.mark.parametrize(
    ("plans", "sentence"),
    [
        ([made_up("now")], "Only one plan was played"),
        ([made_up("now"), made_up("twin", status_quo=False)], "The plans are the same, so none is ranked."),
        ([made_up("now"), made_up("other", spread=60_000)], "None is ahead: what was played can't tell them apart"),
        ([made_up("now", reps=2), made_up("b", reps=2, gain=20_000)], "beats current × quota_potential"),
        (
            [made_up("now", places=False), made_up("b", places=False, gain=9_000)],
            "there is no map, and travel is left out",
        ),
        ([made_up("now", quota=False), made_up("b", quota=False, gain=9_000)], "so there is no attainment to show"),
        ([made_up("now", years=1), made_up("b", years=1, gain=9_000)], "too few to say how often"),
    ],
)
def test_the_page_says_what_it_cannot_show(plans: list[Played], sentence: str, tmp_path: Path) -> None:
    assert sentence in page_of(plans, tmp_path).text


def test_names_from_data_cannot_break_the_page(tmp_path: Path) -> None:
    plans = [made_up("now", notes=["<b>5 & 6</b>"]), made_up("b", gain=9_000, label='b < c & "d"')]
    page = page_of(plans, tmp_path)
    assert "<b>5 & 6</b>" in page.text
    assert 'b < c & "d" beats' in page.text


def test_a_page_of_nine_plans_stays_small(tmp_path: Path) -> None:
    plans = [made_up("now", reps=20, accounts=2_000)]
    plans += [made_up(f"plan{i}", reps=20, accounts=2_000, gain=1_000.0 * i, spread=9_000, moved=0.1) for i in range(8)]
    page_of(plans, tmp_path)
    assert (tmp_path / "index.html").stat().st_size < 2_000_000


def test_a_comparison_whose_line_is_not_on_file_says_so(tmp_path: Path) -> None:
    plans = [made_up("now"), made_up("better", gain=20_000)]
    said = {}
    for again in ("territory simulate -m territory=current,balanced", ""):
        page = write_report(compare(plans), {p.key: p for p in plans}, tmp_path / (again or "none"), again)
        text = re.sub(r"<[^>]*>", "", page.read_text(encoding="utf-8"))
        said[again] = next(line for line in text.splitlines() if "How was it made?" in line)
    with_line, without = said.values()
    assert with_line.endswith("with this line: territory simulate -m territory=current,balanced")
    assert without.endswith("each with a line of its own, which stands below.")
