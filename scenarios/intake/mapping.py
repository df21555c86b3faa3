"""How each file of an export is read: guessed from what the systems in use call their columns, or given by the planner.

What the systems call them stands in `configs/mapping/`, one file a system.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from scenarios.intake.degrees import PLACE
from scenarios.intake.schema import AIDS, CALL, DATE, EMAIL, KINDS, NUMBER, OUTCOMES, SIGNED, TABLES, VISIT, Field
from scenarios.intake.sheet import Sheet
from scenarios.intake.values import BOTH, ORDERS, order_of, styles
from scenarios.intake.words import squeezed
from scenarios.problems import InputError, nearest

SYSTEMS = Path(__file__).resolve().parents[2] / "configs" / "mapping"
OWN, USUAL = "territory", "spreadsheet"  # the form that an import writes; names that anybody may use
FILE_SAYS = 5  # a file's name counts as much as so many columns
ENOUGH = 4  # columns that make a table without its name
POINT, COMMA = "point", "comma"
MEANINGS = {"outcome": OUTCOMES, "kind": KINDS}  # columns whose words have a set meaning
# Files of an export that look like accounts and are none.
NO_TABLES = ("lead", "leads", "contact", "contacts", "persons", "campaign", "campaigns", "case", "cases", "tickets")
SAYS_KIND = {  # the first of these that a kind of contact holds
    EMAIL: ("mail",),
    CALL: ("call", "phone", "anruf", "telefon"),
    VISIT: ("visit", "meeting", "appointment", "besuch"),
}
MOST_WORDS = 1000
# The first of these in a stage's name counts: "Lost - sold by a rival", "Won (was lost)"; to close is neither.
SAYS_WON = r"won\b(?!['\u2019]t)|^win|\bsold|gewonnen|gagn"
SAYS_LOST = (
    r"lost|\bloses?\b|cancel|abandon|unsold|declin|reject|\bdead\b|no sale|no decision"
    r"|verloren|abgelehnt|storniert|perdu"
)


@dataclass(frozen=True)
class System:
    """A system that exports come from: each table's files' names and, for each column, the headers it may have."""

    name: str
    title: str
    files: dict[str, tuple[str, ...]]
    headers: dict[str, dict[str, tuple[str, ...]]]
    words: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """How one file, or one sheet of a workbook, is read.

    ``table`` is empty where it is not used; ``columns`` gives the header of each column; ``words`` what the words of a
    column mean, empty where they mean nothing here.
    """

    file: str
    table: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    dates: str = ORDERS[0]
    decimal: str = POINT
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    doubt: str = ""  # what the guess could not tell


@dataclass(frozen=True)
class Mapping:
    """How all files of an export are read; ``source`` names the system that they look like."""

    source: str
    readings: tuple[Reading, ...]


@cache
def systems() -> dict[str, System]:
    """The systems whose exports are known, the form of an import first and spreadsheets last."""
    found = {}
    for path in sorted(SYSTEMS.glob("*.yaml")):
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        tables = said["tables"] or {name: {"files": [name], "columns": {}} for name in TABLES}
        found[said["name"]] = System(
            said["name"],
            said["title"],
            {name: tuple(table["files"]) for name, table in tables.items()},
            {name: {key: tuple(words) for key, words in table["columns"].items()} for name, table in tables.items()},
            {key: {to: tuple(words) for to, words in of.items()} for key, of in said.get("words", {}).items()},
        )
    names = [OWN, *sorted(set(found) - {OWN, USUAL}), USUAL]
    return {name: found[name] for name in names}


def guess(sheets: Sequence[Sheet], wanted: str = "") -> Mapping:
    """What the sheets of an export most likely are: the system under which most columns have a name.

    Headers that this system does not have are looked for among the usual ones. ``wanted`` names the system, where the
    planner knows it.
    """
    best, most = OWN, -1.0
    for name, system in systems().items():
        score = sum(_best_table(sheet, system, False)[1] for sheet in sheets)
        if (name == wanted) or (not wanted and score > most):
            best, most = name, score
    system = systems()[best]
    return Mapping(best, tuple(_reading(sheet, system) for sheet in sheets))


def _reading(sheet: Sheet, system: System) -> Reading:
    table, _ = _best_table(sheet, system, True)
    if not table:
        return Reading(sheet.file)
    columns = _matched(sheet, system, table, True)
    fields = {one.name: one for one in (*TABLES[table].fields, *AIDS.get(table, ()))}
    dated = [columns[name] for name in columns if fields[name].kind == DATE]
    # Degrees are often written another way than amounts, and can be read in either (`degrees.parse_degrees`).
    amounts = [columns[name] for name in columns if fields[name].kind in (NUMBER, SIGNED) and name not in PLACE]
    doubt, dates = "", _order(sheet, dated)
    if dates not in ORDERS:
        mixed, alike = "some days are day first and some month first", "days and months can't be told apart"
        doubt, dates = f"{mixed if dates == BOTH else alike}; read as month-day-year", ORDERS[2]
    made = Reading(sheet.file, table, columns, dates or ORDERS[0], _decimal(sheet, amounts), {}, doubt)
    return filled(made, sheet, system)


def _order(sheet: Sheet, headers: Sequence[str]) -> str:
    """How dates are written there: what any column tells holds for all of the sheet; empty where none tells."""
    orders = [order_of(sheet.under(header)) for header in headers]
    told = {order for order in orders if order in (*ORDERS[1:], BOTH)}
    if told:
        return BOTH if len(told) > 1 else told.pop()
    return "" if "" in orders else ORDERS[0]


def _decimal(sheet: Sheet, headers: Sequence[str]) -> str:
    comma = point = False
    for header in headers:
        commas, points = styles(sheet.under(header))
        comma, point = comma or commas, point or points
    return COMMA if comma and not point else POINT


def _best_table(sheet: Sheet, system: System, usual: bool) -> tuple[str, float]:
    """The table that a sheet most likely is, and how well it fits; empty where none does."""
    found, most = "", 0.0
    if _named(sheet.file, NO_TABLES):
        return found, most
    for table in system.headers:
        named = _named(sheet.file, system.files[table])
        columns = _matched(sheet, system, table, usual)
        lacking = [one.name for one in TABLES[table].fields if one.needed and one.name not in columns]
        score = len(columns) + FILE_SAYS * named
        if not lacking and (named or len(columns) >= ENOUGH) and score > most:
            found, most = table, float(score)
    return found, most


def _named(file: str, names: Sequence[str]) -> bool:
    """Whether a file's or sheet's name is one of those: `deals`, `Deals 2024-01-31` and `my_deals` all are `deals`."""
    stem = re.sub(r"\.\w+$", "", file.rpartition(" / ")[2]).casefold()
    words = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", stem))
    return any(squeezed(name) in (squeezed(stem), "".join(words), *words) for name in names)


def _matched(sheet: Sheet, system: System, table: str, usual: bool) -> dict[str, str]:
    """The header of each column of a table that the sheet has. A header has one meaning only, the first that fits."""
    free = {squeezed(name): name for name in reversed(sheet.head) if squeezed(name)}
    found: dict[str, str] = {}
    sources = [system.headers[table]]
    if usual and system.name != OWN:
        sources.append(systems()[USUAL].headers[table])
    for place, headers in enumerate(sources):
        for one in (*TABLES[table].fields, *AIDS.get(table, ())):
            own = (one.name,) if system.name in (OWN, USUAL) or place else ()
            for header in (*headers.get(one.name, ()), *own):
                if one.name not in found and squeezed(header) in free:
                    found[one.name] = free.pop(squeezed(header))
    if "id" not in found and "name" in found and TABLES[table].fields[0].name == "id":
        found = {"id": found.pop("name"), **found}
    return _in_order(table, found)


def _in_order(table: str, columns: Dict[str, str]) -> dict[str, str]:
    names = [one.name for one in (*TABLES[table].fields, *AIDS.get(table, ()))]
    return {name: columns[name] for name in names if name in columns}


def meaning(column: str, word: str, system: System) -> str:
    """What a word of a column with set meanings means: by the system's own words, else by what it says.

    >>> salesforce = systems()["salesforce"]
    >>> meaning("outcome", "Closed Won", salesforce), meaning("outcome", "Proposal", salesforce)
    ('won', 'open')
    >>> [meaning("outcome", word, salesforce) for word in ("Closed, won't buy", "Ready to close", "Deal lost")]
    ['lost', 'open', 'lost']
    >>> meaning("kind", "Phone Call", salesforce), meaning("kind", "To-do", salesforce)
    ('call', '')
    """
    for to, words in system.words.get(column, {}).items():
        if squeezed(word) in {squeezed(one) for one in words}:
            return to
    plain = squeezed(word)
    if column == "outcome":
        said = re.search(f"(?P<won>{SAYS_WON})|{SAYS_LOST}", word.casefold())
        if said:
            return OUTCOMES[1] if said["won"] else OUTCOMES[2]
        return OUTCOMES[2] if "closed" in plain or "disqualif" in plain else OUTCOMES[0]
    for to, parts in SAYS_KIND.items():
        if any(part in plain for part in parts):
            return to
    return ""


def filled(reading: Reading, sheet: Sheet, system: System) -> Reading:
    """The reading with what each word of its columns with set meanings means, where it does not say so yet."""
    words = dict(reading.words)
    for column in MEANINGS:
        header = word_header(reading, column)
        if header:
            said = words.get(column, {})
            distinct = sorted({word for word in sheet.under(header) if word} - set(said))
            words[column] = said | {word: meaning(column, word, system) for word in distinct[:MOST_WORDS]}
    return Reading(**{**vars(reading), "words": words})


def word_header(reading: Reading, column: str) -> str:
    """The header under which the words of a column with set meanings stand: an outcome may stand in the stages."""
    columns = reading.columns
    if column == "outcome" and reading.table == "opportunities":
        return "" if {"won", "closed_flag"} <= set(columns) else columns.get("outcome", columns.get("stage", ""))
    return columns.get(column, "") if column == "kind" and reading.table == "activities" else ""


def as_yaml(mapping: Mapping) -> str:
    """The mapping as a file that planners can change and give back."""
    files: dict[str, Any] = {}
    for reading in mapping.readings:
        said: dict[str, Any] = {"table": reading.table}
        if reading.table:
            said |= {"dates": reading.dates, "decimal": reading.decimal, "columns": reading.columns}
            if reading.words:
                said["words"] = reading.words
        files[reading.file] = said
    head = (
        "# How each file of the export is read. Change what is wrong and give it back:\n"
        "#   territory import FOLDER --mapping THIS_FILE\n"
        f"# table: {', '.join(TABLES)}, or '' for a file that is not used\n"
        f"# dates: {', '.join(ORDERS)}; decimal: point or comma\n"
    )
    return head + yaml.safe_dump({"source": mapping.source, "files": files}, sort_keys=False, allow_unicode=True)


def from_yaml(path: Path, sheets: Sequence[Sheet]) -> Mapping:
    """The mapping in a planner's file, for these sheets. Raises InputError with everything that is wrong with it."""
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError([f"{path.name}: can't be read ({error.strerror})"]) from None
    except RecursionError:
        raise InputError([f"{path.name}: this is no YAML that can be read: it is nested too deeply"]) from None
    except (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        raise InputError([f"{path.name}: this is no YAML that can be read: {' '.join(str(error).split())}"]) from None
    if not isinstance(said, dict) or not isinstance(said.get("files"), dict):
        raise InputError([f"{path.name}: it has no part 'files' that says how each file is read"])
    source = str(said.get("source", USUAL))
    problems = []
    if source not in systems():
        problems.append(f"{path.name}: source: there is no system '{source}'; {nearest(source, systems())}")
    here = {sheet.file: sheet for sheet in sheets}
    readings = []
    for file, asked in said["files"].items():
        if str(file) not in here:
            problems.append(f"{path.name}: there is no file '{file}'; {nearest(str(file), here)}")
        else:
            problems += [f"{path.name}: {file}: {problem}" for problem in _problems(asked, here[str(file)])]
            readings.append((str(file), asked))
    if problems:
        raise InputError(problems)
    system = systems()[source]
    made = [_from(file, asked, here[file], system) for file, asked in readings]
    named = {reading.file for reading in made}
    return Mapping(source, (*made, *(Reading(sheet.file) for sheet in sheets if sheet.file not in named)))


def _from(file: str, asked: dict[str, Any], sheet: Sheet, system: System) -> Reading:
    table = str(asked.get("table") or "")
    if not table:
        return Reading(file)
    columns = _in_order(table, {key: str(header) for key, header in (asked.get("columns") or {}).items()})
    words = {key: {str(k): str(v or "") for k, v in said.items()} for key, said in (asked.get("words") or {}).items()}
    dates, decimal = str(asked.get("dates") or ORDERS[0]), str(asked.get("decimal") or POINT)
    return filled(Reading(file, table, columns, dates, decimal, words), sheet, system)


def _problems(asked: Any, sheet: Sheet) -> list[str]:
    """What is wrong with how a planner's file says that a sheet is read."""
    if not isinstance(asked, dict):
        return ["say which table it is, as in  table: accounts"]
    table = asked.get("table") or ""
    if not table:
        return []
    if not isinstance(table, str):
        return ["table: this is no name; " + nearest("", TABLES)]
    if table not in TABLES:
        return [f"no table '{table}'; {nearest(table, TABLES)}"]
    problems = []
    known: dict[str, Field] = {one.name: one for one in (*TABLES[table].fields, *AIDS.get(table, ()))}
    columns = asked.get("columns") or {}
    if not isinstance(columns, dict):
        return ["columns: give the header of each column, as in  id: Account ID"]
    for key, header in columns.items():
        if key not in known:
            problems.append(f"{table} have no column '{key}'; {nearest(str(key), known)}")
        if str(header) not in sheet.head:
            problems.append(f"it has no header '{header}'; {nearest(str(header), sheet.head)}")
    problems += [f"{table} need a column '{name}'" for name, one in known.items() if one.needed and name not in columns]
    for key, choices in (("dates", ORDERS), ("decimal", (POINT, COMMA))):
        if asked.get(key) and asked[key] not in choices:
            problems.append(f"{key}: there is no '{asked[key]}'; {nearest(str(asked[key]), choices)}")
    return problems + _word_problems(asked.get("words") or {})


def _word_problems(words: Any) -> list[str]:
    """What is wrong with what a planner's file says that words mean."""
    problems = []
    if not isinstance(words, dict):
        words = {"": words}
    for key, said in words.items():
        if key not in MEANINGS or not isinstance(said, dict):
            problems.append(f"words: say what they mean for {' or '.join(MEANINGS)}, as in  outcome: {{Signed: won}}")
            continue
        for word, to in said.items():
            if to and to not in MEANINGS[key]:
                problems.append(f"words: {word}: there is no {key} '{to}'; {nearest(str(to), MEANINGS[key])}")
    return problems
