"""The six questions of somebody who sees the page for the first time, each answered in a line or two."""

from __future__ import annotations

from typing import NamedTuple

from analysis.compare import BETTER, CANT_TELL, SAME, Comparison
from analysis.origin import Said, count
from analysis.words import listing, number, years_of_20

MOST = 3  # plans by name


class Question(NamedTuple):
    """A question, its answer, and the section that says more."""

    asked: str
    answer: Said
    section: str


def questions(comparison: Comparison, cost: Said, people: Said, flips: Said) -> list[Question]:
    """Which plan, how often, what it costs, who gains and loses, what would flip it, how it was made."""
    if len(comparison.table) == 1:
        return [
            Question("Which plan?", Said("Only one was played, so there is nothing to choose."), "compared"),
            Question("How was it made?", _made(comparison), "made"),
        ]
    return [
        Question("Which plan?", which(comparison), "compared"),
        Question("How often is it better?", often(comparison), "compared"),
        Question("What does it cost?", cost, "map"),
        Question("Who gains, who loses?", people, "people"),
        Question("What would flip it?", flips or untried(comparison), "flips"),
        Question("How was it made?", _made(comparison), "made"),
    ]


def which(comparison: Comparison) -> Said:
    """The plan that the answer names, and those that can't be told apart from the one on top."""
    row, baseline = comparison.row(comparison.focus), comparison.row(comparison.baseline)
    if row["verdict"] == SAME:
        return Said(f"Any: they differ from {baseline['label']} in nothing.")
    if row["verdict"] == CANT_TELL:
        return Said(f"None is ahead: what was played can't tell them apart from {baseline['label']}.")
    if row["verdict"] != BETTER:
        return Said(f"{baseline['label']}, as it is.")
    near = comparison.table[comparison.table["near_best"]]
    others = near.loc[near["key"] != row["key"], "label"].to_list()
    if not others:
        return Said(f"{row['label']}, ahead of all others.")
    if len(others) <= MOST:
        return Said(f"{row['label']}; {listing(others)} can't be told apart from the best.")
    many = number(count(len(near), "compare.csv", near_best=True))
    return Said(f"{row['label']}, one of {many} plans that can't be told apart from the best.")


def often(comparison: Comparison) -> Said:
    """In how many of 20 it contributes more than the baseline, out of how many played."""
    row, baseline = comparison.row(comparison.focus), comparison.row(comparison.baseline)
    if row["verdict"] == SAME:
        return Said("Never better and never worse: the difference is exactly 0.")
    return Said(
        f"{row['label']} in {years_of_20(row['better'])} simulated {comparison.units}, against {baseline['label']} on "
        f"the same luck ({comparison.played} played)."
    )


def untried(comparison: Comparison) -> Said:
    """What can be said of a flip where no assumption was tried: how often luck alone puts another plan first."""
    row = comparison.row(comparison.focus)
    if row["verdict"] == SAME:
        return Said("Nothing that was played: the plans are the same.")
    return Said(
        f"Luck alone: {row['label']} is best of all in {years_of_20(row['best'])} simulated {comparison.units}. Which "
        "wrong assumption would make another plan win was not tried here."
    )


def _made(comparison: Comparison) -> Said:
    return Said(f"{comparison.played} of each plan, all on the same luck, with this line:")
