"""Where each chart stands in the page, what is said below it, and which of its rows stand beside it."""

from __future__ import annotations

import gzip
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import numpy as np
import pandas as pd
from markupsafe import Markup

from analysis.charts import Drawn
from analysis.charts.gains import WORDS
from analysis.charts.style import Title, untitled
from analysis.compare import Comparison
from analysis.origin import Figure, Row, Said, among, count, rows_of
from analysis.words import digits_for, money_unit, number, percent, short_of_20

MOST_PRINTED = 15  # rows of a chart in print; of a longer table it is said where its rows are
MOST_ROWS = 60  # of a table in the page; all rows are behind the link below it
PACKED = 20_000  # letters; a longer file stands in the page compressed
MOST_SEARCHED = 400  # rows in which a title's numbers are looked for

Table = dict[str, Any]


class Place(NamedTuple):
    """One chart's place: a section of the page, a caption, what tells its rows apart, and the columns of its table.

    ``columns`` gives each column's head and kind (text, number, ratio, percent, money, often); without any all columns
    are shown. ``rows`` makes the rows that were drawn from the chart's frame, where that holds what they are made of.
    """

    section: str
    caption: str = ""
    keys: tuple[str, ...] = ()
    columns: dict[str, tuple[str, str]] | None = None
    rows: Callable[[pd.DataFrame], pd.DataFrame] = lambda frame: frame


def weeks(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a week: the typical year and the ends of the bands."""
    quantiles = frame.quantile([0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975], axis=1).T
    quantiles.columns = ["p2_5", "p10", "p25", "typical", "p75", "p90", "p97_5"]
    return quantiles.rename_axis("week").reset_index()


def attained(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a rep: the typical year, 8 in 10, the middle half, how often the quota is reached, and each year."""
    table = frame.pivot(index="rep", columns="replication", values="attainment")
    called = frame.drop_duplicates("rep").set_index("rep")["name"]
    ends = table.quantile([0.1, 0.25, 0.5, 0.75, 0.9], axis=1).T
    ends.columns = ["low", "p25", "typical", "p75", "high"]
    ends.insert(0, "name", called)
    ends["reaches"] = ends["typical"] >= 1
    ends["reached"] = (table >= 1).sum(axis=1) / table.notna().sum(axis=1)
    years = table.add_prefix("year_")
    return ends.join(years).loc[list(dict.fromkeys(frame["rep"]))].reset_index()


def dots(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a plan: its 20 dots, lowest first."""
    table = frame.pivot(index="plan", columns="quantile", values="difference").add_prefix("dot_")
    about = frame.drop_duplicates("plan").set_index("plan")[["label", "better"]]
    return about.join(table).loc[list(dict.fromkeys(frame["plan"]))].reset_index()


def plans(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a plan: what stands beside its dots, and the dots."""
    told = frame.drop_duplicates("plan").drop(columns=["label", "better", "quantile", "difference"])
    return dots(frame).merge(told, on="plan", validate="one_to_one")


def territories(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a rep, its accounts by region or industry, and whether it works in one of them only."""
    alone = (frame > 0).sum(axis=1) == 1
    return frame.assign(alone=alone).rename_axis("rep").rename_axis(None, axis=1).reset_index()


DOTS = {f"dot_{n}": (f"dot {n}", "money") for n in range(1, 21)}
MAP = {
    "name": ("rep", "text"), "id": ("account", "text"), "x_km": ("km east", "number"), "y_km": ("km north", "number"),
}  # fmt: skip
PLACES: dict[str, Place] = {
    "differences": Place(
        "answer",
        "Each dot is one simulated {unit} out of 20: how much more (filled) or less (hollow) a plan contributes than "
        "{baseline} in the same {unit}.",
        ("plan",), {"label": ("plan", "text"), "better": ("better in", "often"), **DOTS}, dots,
    ),
    "decision": Place(
        "compared",
        "The same dots for every plan, beside how often it is better and best, what it loses against the best plan of "
        "the same {unit}, what it moves and how uneven its work is. Plans in a bracket can't be told apart from the "
        "first of them.",
        ("plan",),
        {"label": ("plan", "text"), "better": ("better in", "often"), "typical": ("typical", "money"),
         "best": ("best in", "often"), "regret": ("regret", "money"), "regret_bad_year": ("bad year", "money"),
         "moved": ("moved", "percent"), "load_cv": ("load CV", "ratio"), **DOTS},
        plans,
    ),
    "roi_balance": Place(
        "compared",
        "Dots: typical ROI; dark strip: the middle half of the years, light strip: 8 in 10.",
        ("key",),
        {"label": ("plan", "text"), "balance": ("load CV", "ratio"), "roi": ("ROI", "ratio"), "p10": ("P10", "ratio"),
         "p25": ("P25", "ratio"), "p75": ("P75", "ratio"), "p90": ("P90", "ratio")},
    ),
    "effort": Place(
        "why",
        "Hours of calls and travel under {plan}, beside the potential that they were spent on. Shares are means; the "
        "margin an hour is that of a typical {unit}, as in the next chart.",
        ("kind", "segment"),
        {"segment": ("segment", "text"), "accounts": ("accounts", "number"),
         "potential_share": ("potential", "percent"), "hours_share": ("hours", "percent"),
         "gap": ("gap", "percent"), "revenue_share": ("revenue", "percent"),
         "return_an_hour": ("typical margin an hour, {currency}", "number")},
    ),
    "return_an_hour": Place(
        "why", "Gross margin an hour of calls and travel under {plan}, against all accounts together.",
        ("kind", "segment"),
        {"segment": ("segment", "text"), "hours": ("hours", "number"), "hours_share": ("of all hours", "percent"),
         "typical": ("margin an hour, {currency}", "number"), "low": ("P10", "number"), "p25": ("P25", "number"),
         "p75": ("P75", "number"), "high": ("P90", "number"), "company": ("company", "number"),
         "above": ("above it in", "often")},
    ),
    "gains": Place(
        "people", "Each rep's {unit} under {plan} against the same {unit} under {baseline}; hollow dots lose.",
        ("rep",),
        {"name": ("rep", "text"), "verdict": ("outcome", "text"), "better": ("better in", "often"),
         "typical": ("typical change", "money"), "low": ("P10", "money"), "p25": ("P25", "money"),
         "p75": ("P75", "money"), "high": ("P90", "money"), "luck": ("luck alone", "money")},
    ),
    "attainment": Place(
        "people", "Attainment under {plan}. A rep whose strip crosses 100 % can miss or make the quota by luck alone.",
        ("rep",),
        {"name": ("rep", "text"), "reached": ("reached in", "often"), "typical": ("typical", "percent"),
         "low": ("P10", "percent"), "p25": ("P25", "percent"), "p75": ("P75", "percent"), "high": ("P90", "percent")},
        attained,
    ),
    "map_change": Place(
        "map",
        "What is given away and what is gained; lines are borders of territories, as far as accounts reach.",
        ("id", "map"), {**MAP, "state": ("change", "text"), "map": ("map", "text")},
    ),
    "map_today": Place("map", "Today. Reps far apart may share a colour; neighbours don't.", ("id",), MAP),
    "map_plan": Place("map", "Under {plan}: ringed accounts change rep.", ("id",), MAP),
    "territories": Place("map", "Accounts of each rep under {plan}.", ("rep",), None, territories),
    "year": Place(
        "year", "Contribution so far under {plan} less that under {baseline}.", ("week",),
        {"week": ("week", "number"), "typical": ("typical", "money"), "p2_5": ("P2.5", "money"),
         "p10": ("P10", "money"), "p25": ("P25", "money"), "p75": ("P75", "money"), "p90": ("P90", "money"),
         "p97_5": ("P97.5", "money")},
        weeks,
    ),
    "flips": Place(
        "flips",
        "One input at a time at the end of its range from the first week on, for all plans alike; maps, quotas and "
        "estimates stay as they were made.",
        ("input", "end"),
        {"words": ("input", "text"), "unit": ("unit", "text"), "end": ("end", "text"), "value": ("at", "ratio"),
         "default": ("assumed", "ratio"), "usual": ("lead as assumed", "money"), "typical": ("lead there", "money"),
         "p10": ("P10", "money"), "p90": ("P90", "money"), "flip": ("flips at", "ratio")},
    ),
    "funnel": Place(
        "funnel",
        "From opening to win under {plan}, and what opportunities are lost for. The bottleneck is the step at which "
        "one percentage point more would win most.",
        ("kind", "name"),
        {"kind": ("kind", "text"), "name": ("name", "text"), "typical": ("opportunities", "number"),
         "low": ("P10", "number"), "p25": ("P25", "number"), "p75": ("P75", "number"), "high": ("P90", "number"),
         "rate": ("of the step before, or of losses", "percent"), "brings": ("would bring", "money")},
    ),
}  # fmt: skip
SECTIONS = ("answer", "compared", "why", "people", "map", "year", "flips", "funnel", "more")


class Shown(NamedTuple):
    """One figure as the page has it."""

    name: str
    finding: Said
    subtitle: Said
    svg: Markup
    caption: Said
    table: Table
    rows: int
    link: tuple[str, str]  # all rows, in the page itself: a file name and an address

    @property
    def long(self) -> bool:
        """Whether it has too many rows for paper."""
        return self.rows > MOST_PRINTED


def place_figures(
    drawn: dict[str, Drawn], comparison: Comparison, words: dict[str, str], folder: Path
) -> dict[str, list[Shown]]:  # fmt: skip
    """Every chart in its section, in the order of `PLACES`, those without a place in "more"; writes their rows.

    ``words`` are what captions name: plan, baseline, unit, currency.
    """
    order = [*(name for name in PLACES if name in drawn), *(name for name in drawn if name not in PLACES)]
    placed: dict[str, list[Shown]] = {section: [] for section in SECTIONS}
    for name in order:
        place = PLACES.get(name, Place("more"))
        rows = place.rows(drawn[name].frame).reset_index(drop=True)
        csv = rows.to_csv(index=False)
        (folder / f"{name}.rows.csv").write_text(csv, encoding="utf-8")
        title = traced_title(drawn[name].title, comparison, rows, name)
        link = data_link(f"{name}.rows.csv", csv)
        svg = Markup(untitled(drawn[name].svg))
        caption, table = Said(_filled(place.caption, words)), rows_table(name, rows, words)
        placed[place.section].append(Shown(name, title.finding, title.subtitle, svg, caption, table, len(rows), link))
    return placed


def _filled(text: str, words: dict[str, str]) -> str:
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return text


def data_link(name: str, csv: str) -> tuple[str, str]:
    """A CSV file that is in the page itself: its name and its address, packed where it is long."""
    if len(csv) < PACKED:
        return name, "data:text/csv;charset=utf-8," + quote(csv, safe=",;:/()+-*=. ")
    packed = b64encode(gzip.compress(csv.encode(), mtime=0)).decode()
    return f"{name}.gz", f"data:application/gzip;base64,{packed}"


def rows_table(name: str, rows: pd.DataFrame, words: dict[str, str]) -> Table:
    """The rows behind a chart as a table, the first 60 of them; every number knows its row."""
    place = PLACES.get(name, Place("more"))
    columns = place.columns or {str(column): (str(column).replace("_", " "), _kind(rows[column])) for column in rows}
    columns = {column: told for column, told in columns.items() if column in rows}
    money = [column for column, (_, kind) in columns.items() if kind == "money"]
    scale, unit = 1.0, words["currency"]
    if money and len(rows):
        scale, unit = money_unit(float(np.nanmax(np.abs(rows[money].to_numpy(float)), initial=0.0)), unit)
    heads = [_filled(head, words) + (f" {unit}" if kind == "money" else "") for head, kind in columns.values()]
    keyed = rows.head(MOST_ROWS).reset_index(names="line")
    body = [
        [Said(_cell(row, column, kind, scale)) for column, (_, kind) in columns.items()]
        for row in rows_of(keyed, f"{name}.rows.csv", *(place.keys or ("line",)))
    ]
    words_at = [at for at, (_, kind) in enumerate(columns.values()) if kind == "text"]
    return {"heads": heads, "rows": body, "words": words_at}


def _kind(column: pd.Series) -> str:
    if column.dtype == bool or not pd.api.types.is_numeric_dtype(column):
        return "text"
    return "number" if pd.api.types.is_integer_dtype(column) or column.abs().max() >= 100 else "ratio"


def _cell(row: Row, column: str, kind: str, scale: float) -> str:
    value = row[column]
    if kind == "text" or not isinstance(value, float):
        return "" if value is None or value != value else str(value)
    if kind == "money":
        return number(value / scale, digits_for(value / scale) if scale > 1 else 0)
    if kind == "percent":
        return percent(value)
    return short_of_20(value) if kind == "often" else number(value, 2 if kind == "ratio" else 0)


def traced_title(title: Title, comparison: Comparison, rows: pd.DataFrame, name: str) -> Title:
    """A title whose numbers name their rows: those that are not marked yet are found among what it was made from."""
    known = [*_counts(rows, f"{name}.rows.csv"), *_of_all(comparison), *_values(rows, name)]
    finding, subtitle = (among(sentence.marked, known) for sentence in title)
    return Title(finding.marked, subtitle.marked)


def _counts(rows: pd.DataFrame, file: str) -> Iterator[tuple[str, Figure]]:
    """How many rows there are, and how many of each kind, of verdicts first."""
    kinds = [column for column in rows if _kind(rows[column]) == "text" and rows[column].nunique() < len(rows)]
    for column in sorted(kinds, key=lambda column: (column != "verdict", str(column))):
        many = dict(rows[column].value_counts())
        all_kinds = (True, False) if rows[column].dtype == bool else WORDS.values() if column == "verdict" else many
        for value in sorted({*all_kinds, *many}, key=str):
            yield number(many.get(value, 0)), count(int(many.get(value, 0)), file, **{str(column): value})
    yield number(len(rows)), count(len(rows), file)


def _of_all(comparison: Comparison) -> Iterator[tuple[str, Figure]]:
    """What is true of all plans, what the plan looked at closely moves, and how many plans there are of each kind."""
    moved = comparison.row(comparison.focus)["moved_accounts"]
    for digits in (0, 1):
        yield percent(float(moved), digits), moved * 100
    for row in rows_of(comparison.facts, "facts.csv", "fact"):
        yield number(float(row["value"])), row["value"]
    yield from _counts(comparison.table[["key", "near_best", "outdone", "is_baseline"]], "compare.csv")


def _values(rows: pd.DataFrame, name: str) -> Iterator[tuple[str, Figure]]:
    """What stands in the rows, as a title would write it."""
    keys = PLACES.get(name, Place("more")).keys or ("line",)
    for row in rows_of(rows.head(MOST_SEARCHED).reset_index(names="line"), f"{name}.rows.csv", *keys):
        for column, value in row.items():
            if column != "line" and isinstance(value, Figure) and np.isfinite(value):
                plain = float(value)
                yield percent(plain), value * 100
                yield number(plain), value
                yield number(plain, 1), value
