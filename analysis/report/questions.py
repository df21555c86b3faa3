"""The six questions of somebody who sees the page for the first time, each answered in a line or two."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from analysis.compare import BETTER, CANT_TELL, SAME, Comparison, verdict
from analysis.origin import Row, Said, count, together
from analysis.precision import MATTERS
from analysis.words import listing, number, percent, years_of_20

MOST = 3  # plans by name


class Ground(NamedTuple):
    """What a planner chooses by among plans that bring the same: the metric, its words alone and shared, its figure."""

    metric: str
    low: bool  # the less, the better
    alone: str
    shared: str
    what: str
    figure: Callable[[float], str]


CHOSEN_BY = (
    Ground("workload_cv", True, "is the most even", "is as even as any", "load CV ", lambda cv: number(cv, 2)),
    Ground("roi", False, "has the highest ROI", "has as high an ROI as any", "", lambda roi: number(roi, 2)),
    Ground("moved_accounts", True, "moves the fewest accounts", "moves as few accounts as any", "", percent),
)


class Question(NamedTuple):
    """A question, its answer, and the section that says more."""

    asked: str
    answer: Said
    section: str


def questions(comparison: Comparison, cost: Said, people: Said, flips: Said, again: str) -> list[Question]:
    """Which plan, how often, what it costs, who gains and loses, what would flip it, and the line ``again``."""
    if len(comparison.table) == 1:
        return [
            Question("Which plan?", Said("Only one was played, so there is nothing to choose."), "compared"),
            Question("How was it made?", _made(comparison, again), "made"),
        ]
    return [
        Question("Which plan?", which(comparison), "compared"),
        Question("How often is it better?", often(comparison), "compared"),
        Question("What does it cost?", cost, "map"),
        Question("Who gains, who loses?", people, "people"),
        Question("What would flip it?", flips or untried(comparison), "flips"),
        Question("How was it made?", _made(comparison, again), "made"),
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
        return together(f"{row['label']}; {listing(others)} can't be told apart from the best.", choice(comparison))
    many = number(count(len(near), "compare.csv", near_best=True))
    return together(f"{row['label']}, one of {many} plans that can't be told apart from the best.", choice(comparison))


def choice(comparison: Comparison) -> Said:
    """Which of the plans that can't be told apart from the best is best on what a planner would then choose by.

    Each figure stands beside that of the plan that the answer names or, where that is the best, beside the next.
    Nothing is said of what shows no difference, nor of an ROI that luck could have turned round.
    """
    near = [comparison.row(str(key)) for key in comparison.table.loc[comparison.table["near_best"], "key"]]
    first = {ground: _first(near, ground) for ground in CHOSEN_BY}
    often = [row["key"] for rows in first.values() for row in rows]
    told: dict[str, list[str]] = {}
    for ground, best in first.items():
        others = [row for row in near if row not in best]
        if not others:
            continue
        one = max(best, key=lambda row: often.count(row["key"]))
        other = next((row for row in others if row["key"] == comparison.focus), _first(others, ground)[0])
        if ground.metric == "roi" and not _clearly_more(comparison, one["key"], other["key"]):
            continue
        beside = f"({ground.what}{ground.figure(one[ground.metric])} against {ground.figure(other[ground.metric])})"
        words = ground.alone if len(best) == 1 else ground.shared
        told.setdefault(str(one["label"]), []).append(f"{words} {beside}")
    return Said(f"Of these, {'; '.join(f'{who} {listing(what)}' for who, what in told.items())}." if told else "")


def _first(rows: list[Row], ground: Ground) -> list[Row]:
    """The rows that show the best figure."""
    best = (min if ground.low else max)(rows, key=lambda row: float(row[ground.metric]))
    return [row for row in rows if Said(ground.figure(row[ground.metric])) == Said(ground.figure(best[ground.metric]))]


def _clearly_more(comparison: Comparison, one: str, other: str) -> bool:
    """Whether one plan has more ROI than another in the same years, beyond luck."""
    values = comparison.values[comparison.values["metric"] == "roi"]
    roi = values.pivot(index="replication", columns="plan", values="value")
    return verdict((roi[one] - roi[other]).to_numpy(), MATTERS * abs(float(roi[other].median()))) == BETTER


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


def _made(comparison: Comparison, again: str) -> Said:
    line = "this line:" if again else "a line of its own, which stands below."
    return Said(f"{comparison.played} of each plan, all on the same luck, {'' if again else 'each '}with {line}")
