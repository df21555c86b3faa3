"""One page that opens anywhere: the answer first, then why, for whom, at what price, and how it was made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import years
from analysis.answer import answer, company, parts, people, price_of_change, wasted
from analysis.compare import Comparison
from analysis.cuts import each, names
from analysis.flip_said import Flips, in_short, regret_table, sentence, table
from analysis.played import Played
from analysis.table import cells, footnotes, mark, scale_of
from analysis.words import digits_for, money_unit, number, percent, short_of_20

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).parent
MOST_ROWS = 60  # of a table in the page; all rows are in the files beside it

Table = dict[str, Any]


def write_report(
    comparison: Comparison, played: dict[str, Played], folder: Path, again: str = "", fresh: str = "",
    wrong: Flips | None = None,
) -> Path:  # fmt: skip
    """Writes index.html with all charts inside, the charts as SVG and PNG, and the rows as CSV and Parquet.

    ``played`` holds the scenarios of the comparison by key, ``again`` is the line that made it all, ``fresh`` what
    the best plan brought on luck that it was not chosen on, ``wrong`` what would flip the answer. Returns the path of
    index.html.
    """
    from markupsafe import Markup

    from analysis.charts import draw_all

    folder.mkdir(parents=True, exist_ok=True)
    comparison.save(folder)
    drawn = draw_all(comparison, played, folder)
    plan = played[comparison.focus]
    in_turn = comparison.in_a_row > 1
    course = years.save([played[str(key)] for key in comparison.table["key"]], plan, folder) if in_turn else {}
    page = (
        pages()
        .get_template("page.jinja")
        .render(
            charts={name: {"svg": Markup(chart.svg), "title": chart.title} for name, chart in drawn.items()},
            answer=answer(comparison),
            company=" ".join(filter(None, (parts(comparison), company(comparison)))),
            fresh=fresh,
            compared=len(comparison.table) > 1,
            decision=decision(comparison),
            footnotes=footnotes(comparison),
            price=price_of_change(comparison.row(comparison.focus)),
            people=people(drawn["gains"].frame) if "gains" in drawn else "",
            reps=reps_table(drawn["gains"].frame, comparison.currency) if "gains" in drawn else None,
            wasted=wasted(drawn["effort"].frame, comparison.currency),
            segments=segments_table(drawn["effort"].frame, comparison.currency),
            moves=moves_table(plan, comparison.currency),
            plan=plan.info,
            baseline=played[comparison.baseline].info,
            played_often=comparison.played,
            unit=comparison.unit,
            has_quota="attainment" in drawn,
            flips=_flips(wrong, folder),
            years=years.years_table(course["years"], comparison.currency) if course else None,
            growth=years.growth_table(course["growth"], comparison.currency) if course else None,
            notes=_lacking(list(played.values())),
            findings=_findings(list(played.values())),
            made=_made(comparison, played, again),
        )
    )
    path = folder / "index.html"
    path.write_text(page, encoding="utf-8")
    return path


def _flips(wrong: Flips | None, folder: Path) -> Table | None:
    """What would flip the answer: its sentence, and where something was tried the chart and both tables."""
    from markupsafe import Markup

    from analysis.charts import drawn_flips

    if wrong is None:
        return None
    if wrong.frame is None:
        return {"line": wrong.why, "sentence": wrong.why, "chart": None}
    wrong.save(folder)
    drawn = drawn_flips(wrong, folder)
    chart = {"svg": Markup(drawn.svg), "title": drawn.title}
    said = in_short(wrong)
    told = {"line": f"{said[0].upper()}{said[1:]}.", "sentence": sentence(wrong)}
    return {**told, "chart": chart, "table": table(wrong), "regret": regret_table(wrong)}


def pages(*folders: Path) -> Environment:
    """Where pages are made, from the templates of ``folders`` and of this one; ``look`` is how all of them look."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    from analysis.charts.style import DARK, css_name

    made = Environment(
        loader=FileSystemLoader([*folders, HERE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["look"] = {
        "style": Markup((HERE / "page.css").read_text(encoding="utf-8")),
        "light": {css_name(color): color for color in DARK},
        "dark": {css_name(color): dark for color, dark in DARK.items()},
    }
    return made


def decision(comparison: Comparison) -> Table:
    """Plans as rows, best first, those that can't be told apart from one another bracketed."""
    rows = [row for _, row in comparison.table.iterrows()]
    heads = [head.replace("-\n", "").replace("\n", " ") for head in cells(comparison, rows[0])]
    scale, unit = scale_of(comparison)
    body: list[Table] = []
    for row in rows:
        shown = list(cells(comparison, row).values())
        if len(rows) > 1:
            regret = [row[name] / scale for name in ("regret", "regret_bad_year")]
            shown += [short_of_20(row["best"]), *(number(value, digits_for(value)) for value in regret)]
        body.append(
            {
                "label": row["label"],
                "mark": mark(row),
                "group": row["group"],
                "baseline": row["is_baseline"],
                "cells": shown,
            }
        )
    if len(rows) > 1:
        heads += ["best in", f"regret {unit}", f"bad year {unit}"]
    first: set[int] = set()
    for line in body:
        line["span"] = 0 if line["group"] in first else sum(other["group"] == line["group"] for other in body)
        first.add(line["group"])
    return {"heads": heads, "rows": body}


def reps_table(frame: pd.DataFrame, currency: str) -> Table:
    """Each rep today → in the plan."""
    scale, unit = money_unit(float(frame[["sales", "sales_before"]].to_numpy().max()), currency)
    rows = [
        [
            row.name,
            row.verdict,
            short_of_20(row.better),
            f"{number(row.accounts_before)} → {number(row.accounts)}",
            f"{number(row.hours_needed_before)} → {number(row.hours_needed)}",
            f"{number(row.sales_before / scale, 1)} → {number(row.sales / scale, 1)}",
            f"{number(row.pay_before / scale, 1)} → {number(row.pay / scale, 1)}",
            f"{percent(row.attainment_before)} → {percent(row.attainment)}",
        ]
        for row in each(frame.head(MOST_ROWS))
    ]
    heads = ["rep", "", "better in", "accounts", "hours needed", f"sales {unit}", f"pay {unit}", "attainment"]
    return {"heads": heads, "rows": rows}


def segments_table(frame: pd.DataFrame, currency: str) -> Table:
    """Effort against potential, segment by segment."""
    rows = [
        [
            f"{row.segment}", number(row.accounts), percent(row.potential_share), percent(row.hours_share),
            f"{number(100 * row.gap, 0, sign=True)}", percent(row.revenue_share), number(row.return_an_hour),
        ]
        for row in each(frame)
    ]  # fmt: skip
    heads = ["segment", "accounts", "potential", "hours", "gap, points", "revenue", f"margin an hour, {currency}"]
    return {"heads": heads, "rows": rows}


def moves_table(played: Played, currency: str, most: int = 20) -> Table:
    """The largest accounts that change rep, by estimated potential."""
    accounts = played.accounts
    moved = accounts[accounts["rep"].astype(str) != accounts["current_rep"].astype(str)]
    called = names(played)
    largest = moved.sort_values(["estimated_potential", "key"], ascending=[False, True]).head(most)
    rows = [
        [str(row.name_), called.get(str(row.current_rep), str(row.current_rep)), called.get(str(row.rep), str(row.rep)),
         number(row.estimated_potential)]
        for row in each(largest.rename(columns={"name": "name_"}))
    ]  # fmt: skip
    return {"heads": ["account", "from", "to", f"potential, {currency} a year"], "rows": rows, "all": len(moved)}


def _lacking(played: list[Played]) -> list[str]:
    """Notes of all plans, each once, in their order."""
    return list(dict.fromkeys(str(note) for one in played for note in one.info["notes"]))


def _findings(played: list[Played]) -> list[list[str]]:
    found = dict.fromkeys(tuple(str(part) for part in finding) for one in played for finding in one.info["findings"])
    return [list(finding) for finding in found]


def _made(comparison: Comparison, played: dict[str, Played], again: str) -> Table:
    """How to make the page again, and from what it was made."""
    infos = [played[str(key)].info for key in comparison.table["key"]]

    def all_of(name: str) -> str:
        return ", ".join(dict.fromkeys(str(info[name]) for info in infos))

    versions = infos[0]["versions"]
    numbers = sorted(infos[0]["replications"])
    times = [str(info["played_at"]) for info in infos]
    return {
        "again": again,
        "commands": list(dict.fromkeys(str(info["command"]) for info in infos)),
        "facts": [
            ("market", all_of("source")),
            ("data digest", all_of("market_digest")),
            ("seed", all_of("seed")),
            (f"{comparison.units} compared", f"{comparison.years} (replications {numbers[0]} to {numbers[-1]})"),
            ("engine", all_of("engine")),
            ("program", all_of("code")),
            ("versions", ", ".join(f"{name} {version}" for name, version in versions.items())),
            ("played", " to ".join(dict.fromkeys((min(times), max(times))))),
            ("scenarios", ", ".join(f"{info['label']} ({info['key']})" for info in infos)),
        ],
    }
