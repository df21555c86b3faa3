"""The tables of `docs/`, made from the declarations: `make docs` writes them, a test holds them equal."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from analysis.metrics import METRICS
from command.settings import Settings
from scenarios.intake.mapping import OWN, USUAL, systems
from scenarios.intake.schema import TABLES
from scenarios.schema import GROUPS, Scenario
from sim.parameter import Declared, declared
from sim.record import ACCOUNT_WEEK, ACCOUNT_YEAR, GOAL_COLUMNS, REP_WEEK, Column

DOCS = Path(__file__).resolve().parents[1] / "docs"
SENSITIVITY = DOCS / "sensitivity.csv"
HEAD = "<!-- Made by `make docs` from the declarations; change those, not this page. -->"


def parameters() -> str:
    """Every parameter that can be set, by group."""
    parts = [HEAD, "", "# Parameters", ""]
    parts += [
        "Set them on the command line, `group.name=value`, or in a YAML file of `configs/`. A default is *measured* (a",
        "published figure), a *convention* of planners, an *assumption* of ours, or a *choice* that is the planner's.",
        "",
        "*At half, at double*: by how many points that moves the headline of [sensitivity.md](sensitivity.md), how",
        "much more margin a plan brings than today's; at the end of the range where that is nearer. What is off (0) is",
        "tried at a quarter of its range. Empty where the planner chooses, or where that plan does not use it.",
    ]
    moves = headline_moves()
    parts += ["", "## At the top", "", *_rows("", declared(Scenario) + declared(Settings), moves)]
    for group, table in GROUPS.items():
        parts += ["", f"## {group}", "", *_rows(f"{group}.", declared(table), moves)]
    return "\n".join(parts) + "\n"


def headline_moves() -> dict[str, tuple[str, str]]:
    """By how many points each parameter moves the headline at half and at double, from the last measurement."""
    with SENSITIVITY.open(encoding="utf-8", newline="") as file:
        return {row["parameter"]: (row["at low"], row["at high"]) for row in csv.DictReader(file)}


def _rows(prefix: str, table: Iterable[Declared], moves: Mapping[str, tuple[str, str]]) -> list[str]:
    rows = [
        "| parameter | default | range | unit | meaning | kind | source | at half | at double |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for entry in table:
        about = entry.about
        low, high = ("" if bound is None else f"{bound:,}" for bound in (about.low, about.high))
        bounds = f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}" if high else ""
        default = f"{entry.default:,.6g}" if isinstance(entry.default, float) else str(entry.default)
        name = f"{prefix}{entry.name}"
        cells = (
            f"`{name}`", default, bounds, about.unit, about.meaning, about.kind, about.source,
            *moves.get(name, ("", "")),
        )  # fmt: skip
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return rows


def columns() -> str:
    """Every output column of a played year."""
    parts = [HEAD, "", "# What a played year puts out", ""]
    parts += [
        "Each scenario lies in `results/<key>/` as Parquet files. Money is in whole cents, unless a unit says",
        "otherwise, so that sums never depend on an order. Rows are in the order of replication, week, and rep or",
        "account. More than 100 years, and years that were added later, lie in further files that name the year they",
        "begin with (`rep_weeks.100.parquet`); `analysis.store.load` puts them together.",
    ]
    tables: tuple[tuple[str, str, tuple[Column, ...]], ...] = (
        ("rep_weeks.parquet", "one row a replication, week and rep", REP_WEEK),
        ("account_years.parquet", "one row a replication and account", ACCOUNT_YEAR),
        ("goals.parquet", "one row a replication and rep", GOAL_COLUMNS),
        ("when a year is looked into", "one value a week and account, see `docs/howto/inspect.md`", ACCOUNT_WEEK),
    )
    for name, rows, table in tables:
        parts += [
            "",
            f"## {name}",
            "",
            f"{rows[0].upper()}{rows[1:]}.",
            "",
            "| column | unit | meaning |",
            "| --- | --- | --- |",
        ]
        parts += [f"| `{column.name}` | {column.unit} | {column.meaning} |" for column in table]
    parts += [
        "",
        "## measures.parquet",
        "",
        "One row a replication: the measures made of the above as it was played, in the market's money. `measured_by`",
        "is the version of `analysis/metrics.py` that did it: another one measures again.",
        "",
        "| column | unit | better | meaning |",
        "| --- | --- | --- | --- |",
    ]
    parts += [f"| `{name}` | {metric.unit} | {metric.better} | {metric.meaning} |" for name, metric in METRICS.items()]
    return "\n".join(parts) + "\n"


def data() -> str:
    """Every table and column that a business's own data may have, and what the systems in use call it."""
    vendors = [system for name, system in systems().items() if name not in (OWN, USUAL)]
    parts = [HEAD, "", "# The form of imported data", ""]
    parts += [
        "`territory import` brings any export into these tables ([crm.md](crm.md)). Only accounts are needed. The",
        "headers are those that each system's own export is expected to have; others that are understood stand in",
        "`configs/mapping/`. They are the vendors' field names as far as we know them, tried on exports that this",
        "program writes, not on one of every vendor's.",
    ]
    for table in TABLES.values():
        titles = [system.title for system in vendors]
        parts += ["", f"## {table.name}", "", f"A row is {table.row}.", ""]
        parts += [f"| column | kind | meaning | {' | '.join(titles)} |", "| --- " * (3 + len(titles)) + "|"]
        for field in table.fields:
            headers = [system.headers.get(table.name, {}).get(field.name, ("",))[0] for system in vendors]
            needed = "**" if field.needed else ""
            cells = (f"{needed}`{field.name}`{needed}", field.kind, field.meaning, *headers)
            parts.append("| " + " | ".join(cells) + " |")
    parts += [
        "",
        "Bold columns are needed: a row without them is set aside. Words are spelt one way, days are YYYY-MM-DD,",
        "numbers have a point and nothing else, blanks are unknown.",
    ]
    return "\n".join(parts) + "\n"


PAGES = {"parameters.md": parameters, "columns.md": columns, "data.md": data}


def main() -> None:
    """Writes the pages."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
