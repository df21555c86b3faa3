"""The market in words: a page that says what the data can carry, each sentence with its numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from scenarios.insight.customers import concentration, customers
from scenarios.insight.effort import contacts, effort, potential, white_space
from scenarios.insight.facts import CUTS, Facts, each
from scenarios.insight.needs import EVERYBODY, Need, reasons_to_buy
from scenarios.insight.reasons import competitors, reasons, reasons_by_segment
from scenarios.insight.rivals import against
from scenarios.insight.segments import TOO_FEW, quarters, segments
from scenarios.insight.tree import told, tree
from scenarios.intake.data import Data
from scenarios.intake.markup import cell
from scenarios.intake.markup import table as as_table
from scenarios.intake.writing import publish
from sim.world import CRITERIA

PAGE = "market.md"
SHOWN = 8
Rows = Sequence[Sequence[str]]


def tables(facts: Facts, data: Data, needs: tuple[Need, ...] = ()) -> dict[str, pd.DataFrame]:
    """Everything that is told, as tables: one CSV file each; ``needs`` are what people state of segments."""
    beside, _ = effort(facts)
    made = {
        "segments": segments(facts),
        "quarters": quarters(facts),
        "customers": customers(facts),
        "effort": beside,
        "white_space": white_space(facts),
        "contacts": contacts(facts),
        "lost_reasons": reasons(facts),
        "won_reasons": reasons(facts, won=True),
        "reasons_by_segment": reasons_by_segment(facts),
        "reasons_to_buy": reasons_to_buy(facts, needs),
        "competitors": competitors(facts),
        "criteria": against(data, facts),
    }
    return {name: table for name, table in made.items() if len(table)}


def write(facts: Facts, data: Data, folder: Path, currency: str, needs: tuple[Need, ...] = ()) -> list[str]:
    """Writes the page and its tables; returns the files' names."""
    made = tables(facts, data, needs)
    files = {f"{name}.csv": table for name, table in made.items()}
    return publish(folder, PAGE, page(facts, data, made, currency), files)


def page(facts: Facts, data: Data, made: dict[str, pd.DataFrame], currency: str) -> list[str]:
    """The page as Markdown."""
    sold = f"{currency}{facts.sales['amount'].sum():,.0f}"
    covered = f"{_day(facts.covered.first)} to {_day(facts.covered.last)}"
    counted = (
        f"{len(facts.decided):,} opportunities were decided and {sold} sold from {covered}; revenue is scaled to a "
        "year, growth is the second half of these days over the first. Ranges hold 8 in 10: rates of small segments "
        "are drawn towards the usual one, as far as luck explains their distance, and *better* or *worse* is said "
        f"only where the range leaves the usual out.{_size_words(facts)}"
    )
    lines = [
        "# The market",
        "",
        counted,
        "",
        f"Data `{data.digest[:12]}`; again: `territory market FOLDER`.",
    ]
    lines += _best(made.get("segments"), currency)
    lines += ["", "## What wins and what loses have in common", "", "```", *told(tree(facts)), "```"]
    lines += _customers(made.get("customers"), currency)
    lines += _effort(facts, made, currency)
    lines += _reasons(made)
    lines += _to_buy(made.get("reasons_to_buy"))
    lines += _criteria(made.get("criteria"), made.get("competitors"))
    lines += _contacts(made.get("contacts"), currency)
    return lines


def _size_words(facts: Facts) -> str:
    if not facts.sized_by:
        return ""
    return f" Size goes by {facts.sized_by}: the largest tenth of the accounts, the next three tenths, the rest."


def _best(table: pd.DataFrame | None, currency: str) -> list[str]:
    if table is None:
        return ["", "## Segments", "", TOO_FEW]
    lines: list[str] = []
    for cut in CUTS:
        rows = table[table["cut"] == cut].head(SHOWN)
        if len(rows):
            head = (
                "segment",
                "accounts",
                "won of decided",
                "win rate",
                "",
                f"revenue {currency}",
                "deal",
                "days",
                "growth",
            )
            body = [_segment(row, currency) for _, row in rows.iterrows()]
            more = int((table["cut"] == cut).sum()) - len(rows)
            lines += ["", f"## By {cut}", "", *as_table(head, body)]
            lines += ["", f"{more} more in segments.csv."] if more > 0 else []
    pairs = table[table["cut"].str.contains(" × ", regex=False) & (table["win_says"] != "")]
    lines += ["", "## Pairs that stand out", ""]
    if pairs.empty:
        return [*lines, "No pair of segments wins more or less often than usual beyond luck."]
    best = pairs.reindex((pairs["win_known"] - pairs["win_known"].mean()).abs().sort_values(ascending=False).index)
    lines += [
        f"- {cell(row['segment'])}: {row['win_says']}, {row['win_low']:.0%} to {row['win_high']:.0%} "
        f"({int(row['won'])} of {int(row['decided'])} counted)"
        for _, row in best.head(SHOWN).iterrows()
    ]
    return lines


def _segment(row: pd.Series, currency: str) -> tuple[str, ...]:
    growth = "" if pd.isna(row["growth"]) else f"{row['growth']:+.0%}"
    days = "" if pd.isna(row["days"]) else f"{row['days']:.0f}"
    low, high = f"{row['win_low']:.0%}", f"{row['win_high']:.0%}"
    rate = f"{low} to {high}" if low != high else f"{low}, as all"
    deal = "" if pd.isna(row["deal"]) else f"{currency}{row['deal']:,.0f}"
    counts = f"{int(row['won']):,} of {int(row['decided']):,}"
    return (
        str(row["segment"]), f"{int(row['accounts']):,}", counts, rate, str(row["win_says"]), f"{row['revenue']:,.0f}",
        deal, days, growth,
    )  # fmt: skip


def _customers(table: pd.DataFrame | None, currency: str) -> list[str]:
    if table is None:
        return []
    held = concentration(table)
    hangs = (
        f"The first customer brings {held.first:.0%} of revenue, the first five {held.five:.0%}, the first ten "
        f"{held.ten:.0%}; {held.half} of {len(table):,} make up a half. {int(table['steady'].sum()):,} bought in at "
        "least two of three months."
    )
    lines = ["", "## Key customers", "", hangs, ""]
    head = ("customer", "industry", "region", f"revenue {currency}", "share", "sales", "months with a sale", "rep")
    body = [
        (row["name"], row["industry"], row["region"], f"{row['revenue']:,.0f}", f"{row['share']:.1%}",
         f"{int(row['sales']):,}", f"{row['months']:.0%}", row["rep"])
        for _, row in table.head(SHOWN).iterrows()
    ]  # fmt: skip
    return [*lines, *as_table(head, body)]


def _effort(facts: Facts, made: dict[str, pd.DataFrame], currency: str) -> list[str]:
    table = made.get("effort")
    if table is None:
        return []
    _, source = potential(facts)
    _, word = effort(facts)
    lines = ["", "## Effort beside potential", "", f"Potential is {source}; effort is {word}.", ""]
    moved = table[table["says"] != ""]
    if moved.empty:
        lines.append("In no segment do the two lie a quarter apart.")
    lines += [
        f"- {cell(row['segment'])} ({row['cut']}): **{row['says']}** effort; {row['effort_share']:.0%} of effort for "
        f"{row['potential_share']:.0%} of potential"
        for _, row in moved.iterrows()
    ]
    gaps = made.get("white_space")
    if gaps is not None:
        head = ("account", "industry", "region", f"could buy {currency}", f"buys {currency}", "gap")
        body = [
            (row["name"] or row["account"], row["industry"], row["region"], f"{row['potential']:,.0f}",
             f"{row['revenue']:,.0f}", f"{row['gap']:,.0f}")
            for _, row in gaps.head(SHOWN).iterrows()
        ]  # fmt: skip
        lines += ["", "Accounts with the largest gap:", "", *as_table(head, body)]
    return lines


def _reasons(made: dict[str, pd.DataFrame]) -> list[str]:
    lines = ["", "## Why customers say no", ""]
    table = made.get("lost_reasons")
    if table is None:
        return [*lines, "The data gives no reasons for lost opportunities, so nothing is said of them."]
    lines += [
        f"- {cell(row['reason'])}: {row['share']:.0%} ({row['low']:.0%} to {row['high']:.0%}), "
        f"{int(row['count']):,} lost"
        for _, row in table.head(SHOWN).iterrows()
    ]
    unsaid = float(table["unsaid"].iloc[0])
    lines += ["", f"{unsaid:.0%} of lost opportunities give no reason."] if unsaid > 0.005 else []
    where = made.get("reasons_by_segment")
    if where is not None:
        lines += ["", "Commoner than elsewhere, beyond luck:", ""]
        lines += [
            f"- {cell(row['reason'])} in {cell(row['segment'])} ({row['cut']}): {row['share']:.0%}, usually "
            f"{row['usual']:.0%}"
            for _, row in where.iterrows()
        ]
    return lines


def _to_buy(table: pd.DataFrame | None) -> list[str]:
    """The three most telling reasons of each segment."""
    if table is None:
        return []
    how = (
        "By the reasons of wins and of losses on record and by the needs that people state (marked *stated*), as "
        "shares within the segment; a loss for price says that price decides there."
    )
    lines = ["", "## Why customers decide as they do", "", how, ""]
    for (_, segment), rows in table.groupby(["cut", "segment"], sort=False):
        told = [
            f"{cell(row.reason)} ({row.won:.0f} won, {row.lost:.0f} lost{', *stated*' if row.stated else ''})"
            for row in each(rows.head(3))
        ]
        lines.append(f"- {cell('everybody' if segment == EVERYBODY else str(segment))}: {'; '.join(told)}")
    return lines


def _criteria(scores: pd.DataFrame | None, named: pd.DataFrame | None) -> list[str]:
    """Us against each competitor: scores as people judge them, and how often we win where it is named."""
    if scores is None and named is None:
        return []
    lines = ["", "## Us against competitors", ""]
    if scores is not None:
        head = ("competitor", "in", *(criterion.replace("_", " ") for criterion in CRITERIA), "won of decided")
        body = [
            (row["competitor"], row["industry"] or "all trades",
             *("" if pd.isna(row[one]) else f"{row[one]:+.1f}" for one in CRITERIA),
             f"{row['won']} of {row['decided']}")
            for _, row in scores.iterrows()
        ]  # fmt: skip
        lines += ["Scores are people's judgement, from -1 (we are far ahead) to 1 (it is).", "", *as_table(head, body)]
    if named is not None:
        rates = [
            (row["competitor"], f"{int(row['won'])} of {int(row['decided'])}", f"{row['low']:.0%} to {row['high']:.0%}")
            for _, row in named.iterrows()
        ]
        lines += ["", *as_table(("named in opportunities", "won", "8 in 10"), rates)]
    return lines


def _contacts(table: pd.DataFrame | None, currency: str) -> list[str]:
    lines = ["", "## Ways of contact", ""]
    if table is None:
        return [*lines, "The data holds no activities, so nothing is said of visits, calls and e-mails."]
    head = ("kind", "contacts", "hours", "trend", "sales within 90 days", f"revenue {currency}", "an hour")
    body = [
        (row["kind"], f"{int(row['contacts']):,}", f"{row['hours']:,.0f}",
         "" if pd.isna(row["trend"]) else f"{row['trend']:+.0%}", f"{int(row['won_after']):,}",
         f"{row['revenue_after']:,.0f}", "" if pd.isna(row["an_hour"]) else f"{row['an_hour']:,.0f}")
        for _, row in table.iterrows()
    ]  # fmt: skip
    return [
        *lines,
        *as_table(head, body),
        "",
        "What followed a contact was not all caused by it: reps call on whom they expect to buy.",
    ]


def _day(days: int) -> str:
    return str(dt.date(1970, 1, 1) + dt.timedelta(days=int(days)))
