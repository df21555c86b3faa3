"""What the people there are allow: their expertise, their hours, and how many of them it takes."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.design import headcount, matching
from scenarios.design.beside import HOURS, Reps
from scenarios.design.matching import Words
from scenarios.design.table import Table
from scenarios.design.wishes import MOST_TERRITORIES, USUAL, Wishes
from scenarios.intake.values import number
from scenarios.problems import InputError, nearest
from sim.world import Floats, Ints


class Expertise(NamedTuple):
    """Who may have which account, and what an account costs more where its words do not match; None: no such rule."""

    fits: NDArray[np.bool_] | None  # (n, m)
    dearer: Floats | None  # (n, m)
    wanted: dict[str, Words]  # the columns that should match


def expertise(
    wishes: Wishes,
    table: Table,
    reps: Reps | None,
    today: Ints,
    locked: NDArray[np.bool_] | None,
    aim: str,
    notes: list[str],
) -> Expertise:
    """What `must_match` and `should_match` ask. Raises InputError with everything that can't be met."""
    said = {**dict.fromkeys(wishes.must_match, "must_match"), **dict.fromkeys(wishes.should_match, "should_match")}
    if not said:
        return Expertise(None, None, {})
    if reps is None:
        raise InputError(
            f"{key} needs the words that each rep knows: reps=FILE with a column for each of them"
            for key in dict.fromkeys(said.values())
        )
    problems = [
        f"{key}: '{name}' stands in must_match, too; keep one of the two"
        for name, key in said.items()
        if key == "should_match" and name in wishes.must_match
    ]
    for name, key in said.items():
        for file, columns in ((table.file, table.words), (reps.file, reps.words)):
            if name not in columns:
                problems.append(f"{key}: {file} has no column '{name}'; {nearest(name, columns)}")
    if problems:
        raise InputError(problems)
    both = {name: Words(table.words[name], reps.words[name]) for name in said}
    hard = {name: both[name] for name in wishes.must_match}
    soft = {name: both[name] for name in wishes.should_match}
    fits = None
    nobody = f"no rep in {reps.file}"
    if hard:
        fits, problems = matching.must(hard, table.ids, nobody)
        problems += matching.held_back(fits, locked, today, table.ids, reps.ids)
    if problems:
        raise InputError(problems)
    usual = matching.MOVES if aim == "change" else matching.KM
    price = {name: usual if math.isnan(one) else one for name, one in wishes.should_match.items()}
    for name, words in soft.items():
        notes += [f"should_match: {one}" for one in matching.strangers(name, words, table.ids, nobody)]
        what = "so many moves of the account" if aim == "change" else "so many km farther"
        notes.append(f"should_match: a {name} that does not match counts as {price[name]:g}, {what}")
    return Expertise(fits, matching.should(soft, price) if soft else None, soft)


def capacity(wishes: Wishes, table: Table, reps: Reps | None, count: int, notes: list[str]) -> Floats | None:
    """Hours a year that each territory has for the accounts' workload, (m,); None where nothing limits it.

    Raises InputError where all of them together are too few, with how many reps or hours would do.
    """
    if not wishes.workload or wishes.found_by == "profit":
        return None
    hours = np.full(count, wishes.capacity_hours) if wishes.capacity_hours else _own_hours(wishes, reps)
    if wishes.capacity_hours and reps is not None and HOURS in reps.words:
        notes.append(f"capacity_hours={wishes.capacity_hours:g} holds for all; column hours of {reps.file} is not used")
    needed = table.measures[wishes.workload]
    total, there = float(needed.sum()), float(hours.sum())
    problems = []
    if total > there * (1 + 1e-9):
        mean = there / count
        people = f"the {count} {'reps' if reps else 'territories'} have {there:,.0f}"
        cure = f"it takes {headcount.by_workload(total, mean)} of {mean:,.0f} hours, or {np.ceil(total / count):,.0f}"
        problems.append(
            f"capacity: the accounts need {total:,.0f} hours a year by {wishes.workload}, {people}; {cure} each"
        )
    largest = int(np.argmax(needed))
    if needed[largest] > hours.max() * (1 + 1e-9):
        alone = f"account {table.ids[largest]} alone needs {needed[largest]:,.6g} hours"
        problems.append(f"capacity: {alone}, nobody has more than {hours.max():,.6g}; split it, or give somebody more")
    if problems:
        raise InputError(problems)
    return np.asarray(hours, dtype=np.float64)


def _own_hours(wishes: Wishes, reps: Reps | None) -> Floats:
    """Each rep's hours by the reps file, (m,). Raises InputError with every one that is no number above 0."""
    if reps is None or HOURS not in reps.words:
        where = f"column hours in {reps.file}" if reps else "reps=FILE with a column hours"
        raise InputError(
            [f"workload={wishes.workload}: how many hours a year has a rep? capacity_hours=1200, or {where}"]
        )
    found = [number(text) for text in reps.words[HOURS]]
    problems = [
        f"{reps.file}, line {line}: column hours: '{text[:40]}' is no number above 0"
        for line, text, value in zip(reps.lines, reps.words[HOURS], found, strict=True)
        if value is None or math.isnan(value) or value <= 0.0
    ]
    if problems:
        raise InputError(problems)
    return np.array(found, dtype=np.float64)


def territories(wishes: Wishes, table: Table, notes: list[str]) -> int | None:
    """How many territories are asked for, or found; None where nothing says so."""
    if not wishes.found_by:
        return wishes.territories
    profit = wishes.found_by == "profit"
    wanted = {"workload": wishes.workload, "capacity_hours": wishes.capacity_hours}
    wanted |= {"margin": wishes.margin, "territory_cost": wishes.territory_cost} if profit else {}
    rule = f"territories={wishes.found_by}"
    problems = [
        f"{rule} needs {key}=; territory design --help says what it is" for key, one in wanted.items() if not one
    ]
    if wishes.reps:
        problems.append(f"{rule}: the reps file says already who there is; leave one of the two out")
    if problems:
        raise InputError(problems)
    hours = float(table.measures[wishes.workload].sum())
    if hours <= 0.0:
        raise InputError([f"{rule}: {wishes.workload} is 0 for all accounts, so no number can be found by it"])
    most = min(len(table.ids), MOST_TERRITORIES)
    if not profit:
        count = headcount.by_workload(hours, wishes.capacity_hours)
        each = f"{hours:,.0f} hours of {wishes.workload} / {wishes.capacity_hours:,.0f} a territory"
        notes.append(f"{count} territories by workload: {each}")
        return count
    potential = float(table.measures[wishes.potential].sum())
    given = (wishes.capacity_hours, wishes.margin, wishes.territory_cost)
    candidates = headcount.by_profit(potential, hours, *given, most, USUAL)
    best = headcount.best_of(candidates)
    notes.extend(headcount.told(candidates, best, USUAL))
    if best.left <= 0.0:
        notes.append("no number of territories pays for itself; this one loses least")
    return best.territories
