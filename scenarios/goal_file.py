"""Goals as planners write them down: a table with whose, what, how much and by when, one goal a row."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import NamedTuple

from scenarios.intake.sheet import Sheet, read_sheet
from scenarios.intake.values import DAY_FIRST, MONTH_FIRST, date, number, order_of
from scenarios.problems import InputError, nearest

TEAM = "team"
MEASURES = {
    "revenue": "money from orders and won opportunities",
    "won": "opportunities won",
    "opened": "opportunities opened",
    "new_customers": "accounts that buy for the first time, or again after they lapsed",
    "calls": "calls made",
    "priority_calls": "calls made on priority accounts",
}
ALSO = {
    "sales": "revenue", "turnover": "revenue", "quota": "revenue", "deals": "won", "wins": "won", "deals_won": "won",
    "opportunities": "opened", "new_accounts": "new_customers", "customers": "new_customers", "visits": "calls",
    "contacts": "calls",
}  # what planners call them
PERIODS = {"week": 52, "month": 12, "quarter": 4, "year": 1}
COLUMNS = {
    "rep": "whose goal it is: a rep's id or name, or team",
    "measure": "what is counted: " + ", ".join(MEASURES),
    "target": "how much of it is to be reached",
    "every": "how often it is to be reached anew: " + ", ".join(PERIODS),
    "since": "first day, where it is to be reached once",
    "until": "last day",
}
OTHER_NAMES = {
    "rep": ("rep", "owner", "who", "sales_agent", "name"),
    "measure": ("measure", "metric", "what"),
    "target": ("target", "amount", "value", "goal", "quota"),
    "every": ("every", "period", "per"),
    "since": ("since", "from", "start", "first_day"),
    "until": ("until", "to", "end", "by", "deadline", "last_day"),
}
EPOCH = dt.date(1970, 1, 1)
NO_END = "it has no end; give until, or every"


class Goal(NamedTuple):
    """One goal: ``target`` of ``measure`` by ``rep``, in every period, or once between two days.

    What the row does not say, or says in no known word, is empty (``rep``, ``measure``, ``every``), NaN (``target``) or
    None (days); ``lacks`` says what that is, by the letter of SMART that it breaks.
    """

    line: int
    rep: str
    measure: str
    target: float
    every: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    lacks: tuple[tuple[str, str], ...] = ()

    @property
    def unsaid(self) -> bool:
        """Whether what, how much or when is said in words that mean nothing here; without an end it runs for a year."""
        return any(letter == "measurable" or (letter == "time-bound" and lack != NO_END) for letter, lack in self.lacks)

    @property
    def periods(self) -> int:
        """How often in a year it begins anew; 1 where it is to be reached once."""
        return PERIODS.get(self.every, 1)

    @property
    def a_year(self) -> float:
        """What it comes to in a year: the target times the periods, or, where it is to be reached once, at that pace.

        >>> Goal(2, "R1", "revenue", 30.0, "quarter").a_year
        120.0
        >>> Goal(2, "R1", "revenue", 30.0, "", None, dt.date(2026, 3, 31)).a_year.__round__(1)
        121.7
        """
        if self.every or self.until is None:
            return self.target * self.periods
        since = self.since or dt.date(self.until.year, 1, 1)
        return self.target * 365.0 / ((self.until - since).days + 1)


def read_goals(file: str) -> list[Goal]:
    """The goals of a CSV or XLSX file, each with what it lacks.

    Raises InputError where the file can't be read, has no column of that name, or no row.
    """
    path = Path(file)
    if not path.is_file():
        raise InputError([f"there is no file of goals '{file}'"])
    sheet = read_sheet(path)
    at = {name: _at(sheet, choices) for name, choices in OTHER_NAMES.items()}
    problems = [
        f"{sheet.file}, line {sheet.head_line}: column {name} is missing; found: {', '.join(sheet.names)}"
        for name in ("rep", "measure", "target")
        if at[name] < 0
    ]
    problems += [f"{one.file}, line {one.line}: {one.reason}" for one in sheet.rejects]
    if not problems and not sheet.rows:
        problems.append(f"{sheet.file}: there is no goal in it")
    if problems:
        raise InputError(problems)
    target = sheet.numbers(sheet.names[at["target"]])
    days = [row[at[name]] for name in ("since", "until") if at[name] >= 0 for row in sheet.rows]
    order = DAY_FIRST if order_of(days) == DAY_FIRST else MONTH_FIRST
    made = []
    for place, row in enumerate(sheet.rows):
        said = {name: row[column].strip() if column >= 0 else "" for name, column in at.items()}
        said["target"] = target[place].strip()
        if any(said.values()):
            made.append(_goal(sheet.lines[place], said, order))
    return made


def whose(goals: list[Goal], ids: list[str], names: list[str], file: str) -> list[int]:
    """The rep that each goal is for, as a place in ``ids``; -1 for the team or nobody.

    Raises InputError with every goal for somebody who is not there.
    """
    by_id = {name: place for place, name in enumerate(ids)}
    by_name: dict[str, int] = {}
    for place, name in enumerate(names):
        by_name[name] = -2 if name in by_name else place  # two of one name
    problems, found = [], []
    for goal in goals:
        place = by_id.get(goal.rep, by_name.get(goal.rep, -1))
        if place == -2 or (place == -1 and goal.rep and goal.rep.casefold() != TEAM):
            which = "two reps are called" if place == -2 else "there is no rep"
            problems.append(f"{file}, line {goal.line}: {which} '{goal.rep}'; {nearest(goal.rep, [*ids, TEAM])}")
        found.append(place)
    if problems:
        raise InputError(problems)
    return found


def _at(sheet: Sheet, choices: tuple[str, ...]) -> int:
    return next((sheet.names.index(name) for name in choices if name in sheet.names), -1)


def _goal(line: int, said: dict[str, str], order: str) -> Goal:
    lacks: list[tuple[str, str]] = []
    if not said["rep"]:
        lacks.append(("specific", f"it names nobody; give a rep, or {TEAM}"))
    measure = said["measure"].casefold().replace(" ", "_").replace("-", "_")
    measure = ALSO.get(measure, measure)
    if measure not in MEASURES:
        shown = f"nothing is counted as '{said['measure']}'" if said["measure"] else "it does not say what is counted"
        lacks.append(("measurable", f"{shown}; {nearest(measure, MEASURES)}"))
        measure = ""
    target = number(said["target"]) if said["target"] else None
    if target is None or not math.isfinite(target) or target <= 0.0:
        lacks.append(("measurable", f"target: '{said['target']}' is no amount above 0"))
        target = math.nan
    every = _period(said["every"])
    if said["every"] and not every:
        lacks.append(("time-bound", f"every: there is no '{said['every']}'; {nearest(said['every'], PERIODS)}"))
    days = {}
    for name in ("since", "until"):
        day = date(said[name], order)
        days[name] = EPOCH + dt.timedelta(days=day) if day is not None and day >= 0 else None
        if day is None:
            lacks.append(("time-bound", f"{name}: '{said[name]}' is no day"))
    since, until = days["since"], days["until"]
    if not said["every"] and not said["until"]:
        lacks.append(("time-bound", NO_END))
    if since and until and until < since:
        lacks.append(("time-bound", f"until {until} lies before since {since}"))
        since = until = None
    return Goal(line, said["rep"], measure, target, every, since, until, tuple(lacks))


def _period(word: str) -> str:
    """The period that a word means.

    >>> _period("weekly"), _period("Quarter"), _period("Annual"), _period("now and then")
    ('week', 'quarter', 'year', '')
    """
    plain = word.casefold().strip()
    usual = {"annual": "year", "annually": "year", "yearly": "year", "per annum": "year"}
    plain = usual.get(plain, plain)
    return next((name for name in PERIODS if plain in (name, f"{name}s", f"{name}ly", f"a {name}")), "")
