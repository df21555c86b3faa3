"""Every number of the page is in a stored row, and says no more than that row."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.charts import attainment, differences, effort, gains, roi_balance, year
from analysis.compare import UNCLEAR, Comparison, compare
from analysis.origin import Said, among, fact
from analysis.played import Played
from analysis.report import write_report
from analysis.report.figures import attained, dots, weeks
from analysis.words import short_of_20, years_of_20
from tests.played import made_up, one_that_flips

CONSTANTS = (  # of definitions: they hold for every page
    rf"{UNCLEAR[0]} to {UNCLEAR[1]} of 20", rf"at least {UNCLEAR[1] + 1} of 20", "8 [io][nf] 10", "out of 20", "0.5 %",
    "exactly 0", "100 %", "0 is even", "95 of 100", r"\bdot \d+", r"P\d+(\.5)?", r"\byear \d", "one of 20",
)  # fmt: skip
VERBATIM = {"made", "rows"}  # sections of commands, digests, versions and dates, as they are stored
VOID = {"meta", "link", "br", "img", "input", "hr"}
UNITS = {"%": 0.01, "k$": 1e3, "M$": 1e6}


class Numbers(HTMLParser):
    """All ``data`` elements of a page with what follows them, the text outside of them, and every group of marks."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.section = ""
        self.numbers: list[dict[str, str]] = []
        self.verbatim: list[tuple[str, str]] = []
        self.bare: list[str] = []
        self.marks: list[str | None] = []
        self.unmarked: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "h2":
            self.section = str(said.get("id"))
        if tag not in VOID:
            self.open.append((tag, said))
        if tag == "data":
            self.numbers.append({k: str(v) for k, v in said.items()} | {"text": "", "after": "", "in": self.section})
        if tag == "g" and "data-row" in said:
            self.marks.append(said["data-row"])
        if (
            tag in ("use", "path")
            and not any(
                "data-row" in one or re.search(r"tick|axis|patch|text|grid|legend|defs|line2d", str(one.get("id", "")))
                for _, one in self.open
            )
            and "defs" not in [name for name, _ in self.open]
            and self._inside("svg")
        ):
            self.unmarked.append(str(self.open[-2]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def _inside(self, *tags: str) -> bool:
        return any(tag in tags for tag, _ in self.open)

    def handle_data(self, data: str) -> None:
        if self._inside("style", "code", "pre", "svg", "title"):
            return
        if self._inside("data"):
            self.numbers[-1]["text"] += data
            self.bare.append("#")
            return
        rows = [str(said["data-row"]) for _, said in self.open if "data-row" in said]
        if rows:
            self.verbatim.append((rows[-1], data))
        elif self.section not in VERBATIM:
            self.bare.append(data)
            if self.numbers:
                self.numbers[-1]["after"] += data


def page(plans: list[Played], folder: Path) -> tuple[Comparison, Numbers]:
    found = compare(plans)
    played = {p.key: p for p in plans}
    write_report(found, played, folder, wrong=one_that_flips(found) if len(plans) == len(PLANS) else None)
    return found, Numbers((folder / "index.html").read_text(encoding="utf-8"))


PLANS = [
    made_up("now"),
    made_up("balanced", gain=20_000, moved=0.3, spread=15_000),
    made_up("other", gain=15_000, moved=0.1, spread=30_000),
    made_up("worse", gain=-20_000),
    made_up("gamble", gain=1_000, spread=200_000),
]
PAGES = {
    "five plans": PLANS,
    "the same": [made_up("now"), made_up("twin", status_quo=False)],
    "not told apart": [made_up("now", places=False), made_up("other", spread=60_000, moved=0.2, places=False)],
}


def test_the_line_above_the_title_says_what_sets_the_market_apart(tmp_path: Path) -> None:
    plans = [made_up("now"), made_up("balanced", gain=20_000)]
    for plan in plans:
        plan.info["apart"] = "market.level=1.2"
    _, numbers = page(plans, tmp_path)
    assert "a generated market · <code>market.level=1.2</code> · " in (tmp_path / "index.html").read_text("utf-8")
    assert not any("1.2" in text for text in numbers.bare)


@pytest.fixture(scope="module", params=list(PAGES))
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Comparison, Numbers, Path]:
    """A page, what it was made from, and its folder."""
    folder = tmp_path_factory.mktemp("page")
    return *page(PAGES[request.param], folder), folder


def stored(folder: Path, row: str) -> float:
    """What stands in ``FILE#KEY/COLUMN``, or how many rows ``FILE?NAME=VALUE&…`` are."""
    if "?" in row:
        file, asked = row.split("?")
        frame = table(folder / file)[0].astype(str)
        for pair in filter(None, asked.split("&")):
            name, value = pair.split("=")
            frame = frame[frame[name].str.lower() == value.lower()]
        return float(len(frame))
    file, rest = row.split("#")
    key, column = rest.rsplit("/", 1)
    frame, places = table(folder / file)
    assert key in places or key.isdigit(), f"{row} names no row"
    return float(frame[column].iloc[places.get(key, int(key) if key.isdigit() else 0)])


@cache
def table(path: Path) -> tuple[pd.DataFrame, dict[str, int]]:
    """A file of rows, and where each key stands that one row alone has: a word or two of it, joined by a dot."""
    frame = pd.read_csv(path)
    words = frame[[name for name in frame.columns if frame[name].dtype != float]].astype(str)
    alone = [words[name] for name in words]
    places: dict[str, int] = {}
    for names in [*alone, *(one + "." + other for one in alone for other in alone)]:
        for at, key in names[~names.duplicated(keep=False)].items():
            places.setdefault(key, int(str(at)))
    return frame, places


def test_every_number_says_what_its_row_holds(made: tuple[Comparison, Numbers, Path]) -> None:
    _, numbers, folder = made
    assert len(numbers.numbers) > 50
    for one in numbers.numbers:
        value, text = stored(folder, one["data-row"]), one["text"]
        assert float(one["value"]) == pytest.approx(value, rel=1e-9, abs=1e-9), one
        if text in (years_of_20(value), short_of_20(value)):
            continue
        plain = text.removesuffix(" %").replace(",", "").replace("−", "-")
        scale, digits = float(one.get("data-scale", 1)), len(plain.partition(".")[2])
        if one["in"] == "flips" and float(plain) == float(f"{value / scale:.3g}"):  # inputs have three figures
            continue
        assert abs(value / scale - float(plain)) <= 0.5001 * 10**-digits, one
        unit = re.match(r"\s(%|[kM]\$)", text[len(plain) :] + one["after"])
        if unit and value:  # nothing is nothing in every unit
            assert scale == pytest.approx(UNITS[unit[1]]), one


def test_no_number_of_the_page_stands_without_its_row(made: tuple[Comparison, Numbers, Path]) -> None:
    found, numbers, folder = made
    names = {*found.table["label"], *found.table["territory"], *pd.read_csv(folder / "moves.csv")["name"]}
    names |= set(pd.read_csv(folder / "gains.rows.csv")["name"])
    for text in numbers.bare:
        left = text
        for name in sorted(names, key=len, reverse=True):
            left = left.replace(name, "")
        for constant in CONSTANTS:
            left = re.sub(constant, "", left)
        left = re.sub(r"\bA\d{5}\b", "", left)  # accounts' ids
        assert not re.search(r"\d", left), text
    for row, text in numbers.verbatim:
        file, key = row.split("#")
        said = pd.read_csv(folder / file, dtype=str).set_index(file.removesuffix("s.csv") + "_number").loc[key]
        assert not text.strip() or text in said.to_list()


def test_every_group_of_marks_names_the_rows_that_it_was_drawn_from(made: tuple[Comparison, Numbers, Path]) -> None:
    _, numbers, folder = made
    assert numbers.marks
    assert numbers.unmarked == []
    for file in numbers.marks:
        assert len(pd.read_csv(folder / str(file)))


def test_the_rows_behind_each_chart_are_those_of_the_plans(tmp_path: Path) -> None:
    found, _ = page(PLANS, tmp_path)
    played = {p.key: p for p in PLANS}
    plan, baseline = played[found.focus], played[found.baseline]
    for name, frame in {
        "differences": dots(differences.data(found)),
        "roi_balance": roi_balance.data(found),
        "gains": gains.data(plan, baseline),
        "year": weeks(year.data(plan, baseline)),
        "effort": effort.data(plan),
        "attainment": attained(attainment.data(plan)),
    }.items():
        read = pd.read_csv(tmp_path / f"{name}.rows.csv")
        pd.testing.assert_frame_equal(read, frame.reset_index(drop=True), check_dtype=False, check_names=False)


def test_the_dots_lie_where_their_rows_say(tmp_path: Path) -> None:
    """Places in the drawing are the rows' values up to where the axis begins and how wide it is."""
    page(PLANS, tmp_path)
    rows = pd.read_csv(tmp_path / "gains.rows.csv")
    svg = (tmp_path / "gains.svg").read_text(encoding="utf-8")
    groups = re.findall(r'<g id="marks-\d+">(.*?)\n   ?</g>', svg, flags=re.S)
    places = [np.array(re.findall(r'<use [^>]*x="([\d.]+)"', group), dtype=float) for group in groups]
    drawn = next(one for one in places if len(one) == len(rows))
    line = np.polyfit(rows["typical"].iloc[::-1], drawn, 1)
    assert np.abs(np.polyval(line, rows["typical"].iloc[::-1]) - drawn).max() < 0.05
    assert line[0] > 0


def test_a_number_that_no_row_holds_stays_bare() -> None:
    said = among("3 of 20 plans, 4 reps", [("20", fact(20, "plans"))])
    assert said == "3 of 20 plans, 4 reps"
    assert said.__html__() == '3 of <data value="20" data-row="facts.csv#plans/value">20</data> plans, 4 reps'
    assert Said("a < b").__html__() == "a &lt; b"
