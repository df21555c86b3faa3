"""A rep's book in sentences and tables: what came and went, whom to meet first, who is left alone at what price."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.explanation.books import Book, Goal
from analysis.words import listing, money, number, percent, years_of_20

NAMED = 5  # neglected accounts in a sentence
FIRST = 8  # accounts to meet first
MOST_LEFT = 12  # neglected accounts in a table
PRINTED, PRINTED_GAVE = 30, 12  # accounts on paper, as page.css has it; all of them stand on the screen

Table = dict[str, Any]


def book_headline(book: Book, currency: str) -> str:
    """What a rep has, in one sentence."""
    count = len(book.accounts)
    if not count:
        return f"{book.name} has no accounts in this plan"
    potential = money(float(book.accounts["potential"].sum()), currency)
    return f"{book.name}: {count:,} {'account' if count == 1 else 'accounts'} with {potential} of potential"


def book_facts(book: Book, currency: str) -> list[tuple[str, str]]:
    """What a rep should know first: work, what came and went, goals, who is neglected."""
    if book.accounts.empty:
        return [("gave", _exchanged(book.gave, "to_name", "to", currency))]
    share = f", {percent(book.hours_needed / book.hours_there)} of" if book.hours_there else " of"
    work = f"{number(book.hours_needed)} hours needed a year{share} the {number(book.hours_there)} there are"
    facts = [("work", work)]
    facts += exchanged_facts(book, currency)
    facts += [("goal", _goal(goal, currency)) for goal in book.goals] or [("goal", "none in this plan")]
    short = book.neglected
    if len(short):
        told = listing([str(name) for name in short["name"].head(NAMED)], NAMED)
        more = "the largest are " if len(short) > NAMED else ""
        count = f"{len(short):,} {'account gets' if len(short) == 1 else 'accounts get'}"
        facts.append(("neglected", f"{count} fewer than half of the calls needed: {more}{told}"))
    else:
        facts.append(("neglected", "no account gets fewer than half of the calls it needs"))
    return facts


def exchanged_facts(book: Book, currency: str) -> list[tuple[str, str]]:
    """What came and went, and from whom to whom."""
    return [
        ("gained", _exchanged(book.new, "from_name", "from", currency)),
        ("gave", _exchanged(book.gave, "to_name", "to", currency)),
    ]


def _exchanged(table: pd.DataFrame, column: str, preposition: str, currency: str) -> str:
    if table.empty:
        return "nothing"
    who = table[column].value_counts().sort_index(kind="stable").sort_values(ascending=False, kind="stable")
    told = listing([f"{name} ({count})" for name, count in who.items()])
    revenue = money(float(table["revenue"].sum()), currency)
    count = f"{len(table):,} {'account' if len(table) == 1 else 'accounts'}"
    return f"{count} with {revenue} of last year's revenue, {preposition} {told}"


def _goal(goal: Goal, currency: str) -> str:
    if goal.kind == "quota":
        said = f"a quota of {money(goal.goal, currency)} a year"
    else:
        said = f"{number(goal.goal, 1)} {goal.kind}"
    span = f"typically {percent(goal.typical)} of it, {percent(goal.low)} to {percent(goal.high)} in 8 of 10 years"
    return f"{said}, reached in {years_of_20(goal.reached)} simulated years; {span}"


def accounts_table(book: Book, currency: str) -> Table:
    """The book itself."""
    heads = ["account", "id", "place", "industry", "came from", f"potential {currency}", "revenue last year"]
    heads += ["open pipeline", "calls needed", "calls expected", ""]
    rows = [
        [
            row["name"],
            row["id"] if row["id"] != row["name"] else "",
            row["city"],
            row["industry"],
            row["from_name"] or "kept",
            number(row["potential"]),
            number(row["revenue"]),
            number(row["open_pipeline"]),
            number(row["need"]),
            number(row["calls"], 1),
            "neglected" if row["neglected"] else "",
        ]
        for row in book.accounts.to_dict("records")
    ]
    return _without_blank_columns({"heads": heads, "rows": rows, "words": [0, 1, 2, 3, 4, len(heads) - 1]})


def _without_blank_columns(table: Table) -> Table:
    """The same without columns in which nothing stands: data without places has no place to show."""
    if not table["rows"]:
        return table
    kept = [at for at in range(len(table["heads"])) if any(row[at] for row in table["rows"])]
    rows = [[row[at] for at in kept] for row in table["rows"]]
    words = [place for place, at in enumerate(kept) if at in table["words"]]
    return {"heads": [table["heads"][at] for at in kept], "rows": rows, "words": words}


def gave_table(book: Book, currency: str) -> Table:
    """The accounts that go to others."""
    rows = [
        [
            row["name"],
            row["id"] if row["id"] != row["name"] else "",
            row["to_name"],
            number(row["potential"]),
            number(row["revenue"]),
        ]
        for row in book.gave.to_dict("records")
    ]
    heads = ["account", "id", "goes to", f"potential {currency}", "revenue last year"]
    return _without_blank_columns({"heads": heads, "rows": rows, "words": [0, 1, 2]})


def to_meet(book: Book) -> tuple[str, pd.DataFrame]:
    """Whom to meet first, and by which rule: who is new and brings most, else who is left alone, else the largest."""
    if len(book.new):
        worth = book.new["open_pipeline"] + book.new["revenue"]
        order = worth.sort_values(ascending=False, kind="stable").index[:FIRST]
        return "New accounts with most open pipeline and last year's revenue; speak with who had them first.", (
            book.new.loc[order]
        )
    if len(book.left_alone):
        return "No account is new: those with much potential and few calls, the largest first.", (
            book.left_alone.head(FIRST)
        )
    return "No account is new or left alone: those with the most potential.", book.accounts.head(FIRST)


def to_meet_table(shown: pd.DataFrame, currency: str) -> Table:
    """The accounts of `to_meet`."""
    heads = ["account", "place", "speak with", f"open pipeline {currency}", "revenue last year", "relationship"]
    heads += [f"potential {currency}"]
    rows = [
        [
            row["name"], row["city"], row["from_name"], number(row["open_pipeline"]), number(row["revenue"]),
            number(row["relationship"], 2), number(row["potential"]),
        ]
        for row in shown.to_dict("records")
    ]  # fmt: skip
    return _without_blank_columns({"heads": heads, "rows": rows, "words": [0, 1, 2]})


def left_alone_sentence(book: Book, currency: str) -> str:
    """What it costs to leave them, and what it takes not to."""
    table = book.left_alone
    if table.empty:
        return "No account in the upper half of the market's estimated potential lacks a quarter of its calls or more."
    count = f"{len(table):,} {'account' if len(table) == 1 else 'accounts'}"
    cost, hours = float(table["leaving"].sum()), float(table["more_hours"].sum())
    verb = "lacks" if len(table) == 1 else "lack"
    return (
        f"{count} in the upper half of the market's estimated potential {verb} a quarter or more of the calls "
        f"needed. Leaving them so costs {money(cost, currency)} of margin a year in the long run; all their calls take "
        f"{number(hours)} hours."
    )


def left_alone_table(book: Book, currency: str) -> Table:
    """The neglected accounts of high potential, with what leaving each costs."""
    heads = ["account", "place", f"potential {currency}", "calls needed", "calls expected", "relationship"]
    heads += [f"leaving costs {currency}", "8 in 10", "more hours"]
    rows = [
        [
            row["name"], row["city"], number(row["potential"]), number(row["need"]), number(row["calls"], 1),
            number(row["relationship"], 2), number(row["leaving"]),
            f"{number(row['leaving_low'])} to {number(row['leaving_high'])}", number(row["more_hours"]),
        ]
        for row in book.left_alone.head(MOST_LEFT).to_dict("records")
    ]  # fmt: skip
    return _without_blank_columns({"heads": heads, "rows": rows, "words": [0, 1]})
