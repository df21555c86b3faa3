"""One page that opens anywhere: the answer first, then why, for whom, at what price, and how it was made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import years
from analysis.answer import answer, company, cost_of_selling, parts, people, price_of_change, wasted
from analysis.compare import CANT_TELL, SAME, Comparison
from analysis.cuts import names
from analysis.flip_said import Flips, first_flip, regret_table, sentence, table
from analysis.on_record import like_record
from analysis.origin import Said, count, rows_of, together
from analysis.pay_said import how_paid
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
    the best plan brought on luck that it was not chosen on, ``wrong`` what would make another plan win, where that
    was tried. Returns the path of index.html.
    """
    from analysis.charts import draw_all, drawn_flips
    from analysis.report.figures import data_link, place_figures
    from analysis.report.questions import questions

    folder.mkdir(parents=True, exist_ok=True)
    comparison.save(folder)
    drawn = draw_all(comparison, played, folder)
    if wrong is not None and wrong.frame is not None:
        wrong.save(folder)
        drawn["flips"] = drawn_flips(wrong, folder)
    plan, baseline = played[comparison.focus], played[comparison.baseline]
    in_turn = comparison.in_a_row > 1
    course = years.save([played[str(key)] for key in comparison.table["key"]], plan, folder) if in_turn else {}
    words = {
        "plan": str(plan.info["label"]), "baseline": str(baseline.info["label"]), "unit": comparison.unit,
        "currency": comparison.currency,
    }  # fmt: skip
    moved, notes, findings = moves(plan), _lacking(list(played.values())), _findings(list(played.values()))
    rows = {"moves.csv": moved, "notes.csv": notes, "findings.csv": findings}
    if isinstance(fresh, Said):
        shown = fresh.figures()
        rows["fresh.csv"] = pd.DataFrame({"plan": ["plan"], **{one.row.split("/")[-1]: [one.stored] for one in shown}})
    for name, frame in rows.items():
        frame.to_csv(folder / name, index=False)
    price = price_of_change(comparison.row(comparison.focus))
    cost = cost_of_selling(comparison)
    who = people(drawn["gains"].frame) if "gains" in drawn else Said("")
    files = ["compare.csv", "values.csv", "differences.csv", "facts.csv", *rows, *(f"{name}.csv" for name in course)]
    files += ["flips.csv", "regret.csv"] if "flips" in drawn else []
    page = (
        pages()
        .get_template("page.jinja")
        .render(
            figures=place_figures(drawn, comparison, words, folder),
            answer=answer(comparison),
            company=together(parts(comparison), company(comparison)),
            fresh=fresh,
            compared=len(comparison.table) > 1,
            same=comparison.row(comparison.focus)["verdict"] == SAME,
            unclear=comparison.row(comparison.focus)["verdict"] == CANT_TELL,
            questions=questions(
                comparison,
                together(cost, _first(price)),
                who,
                first_flip(wrong) if wrong is not None else Said(""),
                again,
            ),
            step=next_step(comparison),
            decision=decision(comparison),
            footnotes=footnotes(comparison),
            price=price,
            like_record=like_record(comparison),
            cost=cost,
            people=who,
            paid=how_paid(plan, baseline, drawn["gains"].frame, comparison.currency) if "gains" in drawn else Said(""),
            reps=reps_table(drawn["gains"].frame, comparison.currency) if "gains" in drawn else None,
            wasted=wasted(drawn["effort"].frame, comparison.currency),
            moves=moves_table(moved, comparison.currency),
            flips=_flips(wrong) if wrong is not None else None,
            plan=plan.info,
            baseline=baseline.info,
            played_often=Said(comparison.played),
            has_quota="attainment" in drawn,
            years=years.years_table(course["years"], comparison.currency) if course else None,
            growth=years.growth_table(course["growth"], comparison.currency) if course else None,
            notes=list(rows_of(notes, "notes.csv", "note_number")),
            findings=list(rows_of(findings, "findings.csv", "finding_number")),
            made=_made(comparison, played, again),
            files=[data_link(name, (folder / name).read_text(encoding="utf-8")) for name in files],
        )
    )
    path = folder / "index.html"
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(page, encoding="utf-8")
    draft.replace(path)
    return path


def _flips(wrong: Flips) -> Table:
    """What would flip the answer: the sentence, and where something was tried a row an input and a row a future."""
    tried = wrong.frame is not None
    tables = {"table": table(wrong), "regret": regret_table(wrong)} if tried else {"table": None, "regret": None}
    return {"said": sentence(wrong), **tables}


def _first(said: Said) -> Said:
    """The first sentence of several."""
    return Said(said.marked.split(". ")[0].rstrip(".") + ".")


def next_step(comparison: Comparison) -> str:
    """The command that a planner types next."""
    if comparison.focus == comparison.baseline:
        return "territory simulate -m territory=current,balanced"
    return f"territory explain {comparison.focus}"


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
    rows = [comparison.row(str(key)) for key in comparison.table["key"]]
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
                "cells": [Said(cell) for cell in shown],
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
    """Each rep today → in the plan; of what gains are counted in, today's and the change in the same years.

    Attainment only where somebody has a quota on either side.
    """
    scale, unit = money_unit(float(frame[["sales", "sales_before"]].to_numpy().max()), currency)
    measure = str(frame["measure"].iloc[0])
    other = "sales" if measure == "pay" else "pay"
    quotas = frame[["attainment", "attainment_before"]].notna().to_numpy().any()
    rows = [
        [
            row.name,
            row.verdict,
            *map(
                Said,
                (
                    short_of_20(row.better),
                    f"{number(row.accounts_before)} → {number(row.accounts)}",
                    f"{number(row.hours_needed_before)} → {number(row.hours_needed)}",
                    f"{number(row[f'{other}_before'] / scale, 1)} → {number(row[other] / scale, 1)}",
                    number(row[f"{measure}_before"] / scale, 1),
                    number(row.typical / scale, 1, sign=True),
                    *([f"{percent(row.attainment_before)} → {percent(row.attainment)}"] if quotas else []),
                ),
            ),
        ]
        for row in rows_of(frame.head(MOST_ROWS), "gains.rows.csv", "rep")
    ]
    heads = [
        "rep", "outcome", "better in", "accounts", "hours needed", f"{other} {unit}", f"{measure} today {unit}",
        f"change {unit}", *(["attainment"] if quotas else []),
    ]  # fmt: skip
    return {"heads": heads, "rows": rows}


def moves(played: Played) -> pd.DataFrame:
    """Every account that changes rep, by estimated potential: account, name, from, to, estimated_potential."""
    accounts = played.accounts
    moved = accounts[accounts["rep"].astype(str) != accounts["current_rep"].astype(str)]
    moved = moved.sort_values(["estimated_potential", "key"], ascending=[False, True])
    called = names(played)
    reps = {to: moved[column].astype(str).map(lambda rep: called.get(rep, rep))
            for to, column in (("from", "current_rep"), ("to", "rep"))}  # fmt: skip
    return pd.DataFrame(
        {
            "account": moved["id"].astype(str),
            "name": moved["name"].astype(str),
            **reps,
            "estimated_potential": moved["estimated_potential"].astype(float),
        }
    ).reset_index(drop=True)


def moves_table(moved: pd.DataFrame, currency: str, most: int = 20) -> Table:
    """The largest accounts that change rep, and how many do."""
    rows = [
        [row["name"], row["from"], row["to"], Said(number(row["estimated_potential"]))]
        for row in rows_of(moved.head(most), "moves.csv", "account")
    ]
    many = Said(f"The largest of {number(count(len(moved), 'moves.csv'))} accounts that change rep.")
    return {"heads": ["account", "from", "to", f"potential, {currency} a year"], "rows": rows, "caption": many}


def _lacking(played: list[Played]) -> pd.DataFrame:
    """Notes of all plans, each once, in their order."""
    found = dict.fromkeys(str(note) for one in played for note in one.info["notes"])
    return pd.DataFrame({"note_number": [str(at) for at in range(1, len(found) + 1)], "note": list(found)})


def _findings(played: list[Played]) -> pd.DataFrame:
    found = dict.fromkeys(tuple(str(part) for part in finding) for one in played for finding in one.info["findings"])
    frame = pd.DataFrame(list(found), columns=["file", "what", "count", "done"], dtype=str)
    frame.insert(0, "finding_number", [str(at) for at in range(1, len(frame) + 1)])
    return frame


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
            ("compared", f"{Said(comparison.played)} (replications {numbers[0]} to {numbers[-1]})"),
            ("engine", all_of("engine")),
            ("program", all_of("code")),
            ("versions", ", ".join(f"{name} {version}" for name, version in versions.items())),
            ("played", " to ".join(dict.fromkeys((min(times), max(times))))),
            ("scenarios", ", ".join(f"{info['label']} ({info['key']})" for info in infos)),
        ],
    }
