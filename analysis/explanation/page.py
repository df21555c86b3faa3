"""The explanation as pages: one that explains the plan, and one for each rep to print and hand out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from analysis.explanation import balance, worth
from analysis.explanation.books import Book, Goal
from analysis.explanation.worth import MEASURES, PARTS, Worth
from analysis.report import pages
from analysis.words import digits_for, listing, money, money_unit, number, percent, short_of_20, years_of_20

HERE = Path(__file__).parent
BOOKS = "books"
SHOWN = 40  # moves in the page; all of them stand in moves.csv
NAMED = 5  # neglected accounts in a sentence

Table = dict[str, Any]


class Explained(NamedTuple):
    """Everything that is known of a plan against today's territories."""

    plan: dict[str, Any]  # the `info` of the two
    today: dict[str, Any]
    moves: pd.DataFrame
    balance: pd.DataFrame
    worth: Worth
    books: list[Book]
    placements: pd.DataFrame  # a row a territory: who has it, who would earn most there, what that is worth

    @property
    def currency(self) -> str:
        """The sign of the money."""
        return str(self.plan["currency"])


def write_pages(said: Explained, folder: Path) -> Path:
    """Writes index.html with its chart, and one page a rep under ``books``; returns the path of index.html."""
    from markupsafe import Markup

    from analysis.charts import draw, payback

    (folder / BOOKS).mkdir(parents=True, exist_ok=True)
    net, gross = said.worth.weeks["net"], said.worth.weeks["gross"]
    title = payback.title(net, str(said.plan["label"]), str(said.today["label"]))
    drawn = draw("payback", title, net, 4.2, lambda ax: payback.chart(net, gross, ax, said.currency), folder)
    made, files = pages(HERE), file_names([book.name for book in said.books])
    for book, file in zip(said.books, files, strict=True):
        page = made.get_template("book.jinja").render(
            book=book,
            plan=said.plan,
            headline=book_headline(book, said.currency),
            facts=book_facts(book, said.currency),
            accounts=accounts_table(book, said.currency),
            gave=gave_table(book, said.currency),
        )
        (folder / BOOKS / file).write_text(page, encoding="utf-8")
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
        books=books_table(said.books, said.currency),
        files=files,
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


def worth_table(found: Worth, currency: str) -> Table:
    """Gross gain, price and net, of the year and of what comes after."""
    scale, unit = money_unit(float(found.table[["low", "high", "mean"]].abs().to_numpy().max()), currency)
    rows = []
    for measure, words in MEASURES.items():
        for part, name in PARTS.items():
            row = found.row(measure, part)
            mean, typical, low, high = (
                number(row[one] / scale, digits_for(row[one] / scale) if scale > 1 else 0, sign=True)
                for one in ("mean", "typical", "low", "high")
            )
            often = short_of_20(float(row["above"]))
            rows.append([words if part == "gross" else "", name, mean, typical, f"{low} .. {high}", often])
    heads = ["", "", f"mean {unit}", "typical", "8 in 10", "above 0 in"]
    return {"heads": heads, "rows": rows, "words": [0, 1]}


def placed_sentence(table: pd.DataFrame, currency: str) -> str:
    """Whether every territory has the rep who is expected to earn most there, and what the best placement would add."""
    others = table[table["best"] != table["rep"]]
    if others.empty:
        return "No other placement of the reps in these territories is expected to earn more."
    more = money(float(table["expected_with_best"].sum() - table["expected"].sum()), currency, sign=True)
    told = [f"{row['rep_name']}'s to {row['best_name']}" for row in others.to_dict("records")]
    return (
        f"The same territories with other reps are expected to earn {more} a year: {listing(told)}. "
        "territory.people=best plays that."
    )


def placements_table(table: pd.DataFrame, currency: str) -> Table:
    """Each territory, who has it, who would be best, and what that placement is worth to all territories together."""
    scale, unit = money_unit(float(table[["expected", "expected_with_best"]].abs().to_numpy().max(initial=0)), currency)
    rows = [
        [
            row["rep_name"],
            number(row["expected"] / scale, 1),
            "" if row["best"] == row["rep"] else row["best_name"],
            number(row["expected_with_best"] / scale, 1),
            number(row["worth"] / scale, 1),
        ]
        for row in table.to_dict("records")
    ]
    heads = ["territory of", f"earns {unit}", "better with", f"then {unit}", f"best placement worth {unit}"]
    return {"heads": heads, "rows": rows, "words": [0, 2]}


def balance_table(table: pd.DataFrame) -> Table:
    """Each territory before → after; those outside the band are marked."""
    heads = ["territory", "accounts", "hours needed", "hours index", "potential index", "revenue index"]
    rows = []
    for row in table.to_dict("records"):
        indices = [
            " → ".join(
                f"{100 * row[f'{column}_index_{when}']:.0f}{mark(row.get(f'{column}_band_{when}', ''))}"
                for when in ("before", "after")
            )
            for column in ("hours_needed", "potential", "revenue")
        ]
        counts = [
            f"{number(row[f'{column}_before'])} → {number(row[f'{column}_after'])}"
            for column in ("accounts", "hours_needed")
        ]
        rows.append([row["name"], *counts, *indices])
    return {"heads": heads, "rows": rows, "words": [0]}


def mark(band: str) -> str:
    """A sign behind a figure outside the band: ▲ over, ▼ under."""
    return {"over": " ▲", "under": " ▼"}.get(band, "")


def moves_table(table: pd.DataFrame, currency: str, most: int, narrow: bool = False) -> Table:
    """The moves that carry most revenue, with what they carry and why; ``narrow`` leaves out what can be spared."""
    far = bool(len(table)) and table["km_before"].notna().any()
    heads = ["account", "from → to", f"revenue {currency}", "open pipeline", "relationship", "potential"]
    heads += [*(["km"] if far else []), *([] if narrow else ["fit"]), f"brings {currency}", "why"]
    rows = [
        [
            row["name"],
            f"{row['from_name']} → {row['to_name']}",
            number(row["revenue"]),
            number(row["open_pipeline"]),
            number(row["relationship"], 2),
            number(row["potential"]),
            *([f"{number(row['km_before'])} → {number(row['km_after'])}"] if far else []),
            *([] if narrow else [f"{number(row['fit_before'], 2)} → {number(row['fit_after'], 2)}"]),
            number(row["brings"], sign=True) if narrow else _with_span(row),
            row["why"],
        ]
        for row in table.head(most).to_dict("records")
    ]
    return {"heads": heads, "rows": rows, "words": [0, 1, len(heads) - 1]}


def _with_span(row: dict[Any, Any]) -> str:
    """What a move brings: the mean, and 8 in 10 years."""
    mean, low, high = (number(row[one], sign=True) for one in ("brings", "brings_low", "brings_high"))
    return f"{mean} ({low} .. {high})"


def books_table(books: Sequence[Book], currency: str) -> Table:
    """The list of books: how much is in each, what came and went."""
    heads = ["rep", "accounts", "new", "gave", f"potential {currency}", "hours needed", "of hours there", "neglected"]
    rows = [
        [
            book.name,
            number(len(book.accounts)),
            number(len(book.new)),
            number(len(book.gave)),
            number(float(book.accounts["potential"].sum())),
            number(book.hours_needed),
            percent(book.hours_needed / book.hours_there) if book.hours_there else "–",
            number(len(book.neglected)),
        ]
        for book in books
    ]
    return {"heads": heads, "rows": rows}


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
    facts.append(("gained", _exchanged(book.new, "from_name", "from", currency)))
    facts.append(("gave", _exchanged(book.gave, "to_name", "to", currency)))
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
