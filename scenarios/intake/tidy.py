"""From sheets of text to clean tables: values made out, words spelt one way, names looked up, bad rows set aside."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from scenarios.intake.degrees import PLACE, blank_impossible, parse_degrees
from scenarios.intake.mapping import COMMA, MEANINGS, Reading, word_header
from scenarios.intake.rows import AT, LINE, TEXT, Rows
from scenarios.intake.schema import AIDS, DATE, FLAG, LOST, NUMBER, OPEN, OUTCOMES, SIGNED, TABLES, WON, WORD
from scenarios.intake.sellers import owners_of_blanks, owners_sell
from scenarios.intake.sheet import SEPARATORS, Sheet
from scenarios.intake.values import SIGN, UNKNOWN, date, flag, number, pointed, signed
from scenarios.intake.words import COUNTRIES, SECTORS, meant, squeezed

MOST_STRANGERS = 300
RARE = 0.0005  # of all opportunities
LISTED = {"industry": SECTORS, "country": COUNTRIES}  # words that are expected
NAMED_UNKNOWN = {("accounts", "industry"), ("reps", "region")}  # blanks get a name of their own
MUST_BE_KNOWN = {
    ("opportunities", "account"), ("opportunities", "rep"), ("opportunities", "product"), ("orders", "account"),
    ("assignments", "account"), ("stages", "opportunity"),
}  # fmt: skip


def rows_of(sheet: Sheet, reading: Reading) -> Rows:
    """The columns of a sheet that are used, as text, each row with its file, line and text."""
    columns = {name: sheet.under(header) for name, header in reading.columns.items()}
    frame = pd.DataFrame({name: pd.Series(texts, dtype="str") for name, texts in columns.items()})
    for column in MEANINGS:
        header = word_header(reading, column)
        if header:
            said = reading.words.get(column, {})
            frame[column] = pd.Series([said.get(word, "") if word else "" for word in sheet.under(header)], dtype="str")
    frame[AT], frame[LINE] = pd.Series(sheet.file, index=frame.index, dtype="str"), sheet.lines
    frame[TEXT] = pd.Series([sheet.separator.join(row) for row in sheet.rows], dtype="str")
    rows = Rows(
        reading.table, (sheet.file,), frame, dict(reading.columns), len(sheet.rows) + len(sheet.rejects),
        list(sheet.rejects),
    )  # fmt: skip
    rows.found("not written in UTF-8", int(not sheet.plain), "read as Windows-1252; look at names with accents")
    way = SEPARATORS.get(sheet.separator, "")
    rows.found(f"fields parted by {way}", int(sheet.separator != ","), "read so")
    rows.found(reading.doubt, int(bool(reading.doubt)), "say which in a mapping, where that is wrong (dates:)")
    _values(rows, reading)
    if reading.table == "opportunities" and {"won", "closed_flag"} <= set(reading.columns):
        outcome = np.where(rows.frame["won"], WON, np.where(rows.frame["closed_flag"], LOST, OPEN))
        rows.frame = rows.frame.assign(outcome=pd.Series(outcome, index=rows.frame.index, dtype="str"))
    return rows


def _values(rows: Rows, reading: Reading) -> None:
    """Reads numbers, dates and marks, as this file writes them."""
    comma = reading.decimal == COMMA

    def amount(text: str) -> float | None:
        return number(pointed(text) if comma else text)

    for one in (*TABLES[reading.table].fields, *AIDS.get(reading.table, ())):
        if one.name not in reading.columns:
            continue
        if one.kind == NUMBER:
            texts = rows.frame[one.name]
            signs = texts.str.contains(f"[{SIGN},]", regex=True) & ~texts.str.contains(rf"[^\d.,{SIGN} -]", regex=True)
            rows.parse(one.name, amount, "number of 0 or more", np.nan)
            name = rows.header(one.name)
            rows.found(f"{name} with currency signs or commas", int(signs.sum()), "read as the number meant")
        elif one.kind == SIGNED:
            if one.name in PLACE:
                parse_degrees(rows, one.name)
            else:
                rows.parse(one.name, lambda text: signed(pointed(text) if comma else text), "number", np.nan)
        elif one.kind == DATE:
            kind = f"date ({reading.dates}, 1970 to 2099)"
            rows.parse(one.name, lambda text: date(text, reading.dates), kind, -1)
        elif one.kind == FLAG:
            rows.parse(one.name, flag, "yes or no", False)


def complete(rows: Rows) -> None:
    """Gives a table all its columns, in order; those that no file has are blank."""
    table = TABLES[rows.table]
    frame = rows.frame
    for one in (*table.fields, *AIDS.get(rows.table, ())):
        if one.name not in frame:
            if one.kind in (NUMBER, SIGNED):
                frame = frame.assign(**{one.name: np.nan})
            elif one.kind in (DATE, FLAG):
                frame = frame.assign(**{one.name: -1 if one.kind == DATE else False})
            else:
                frame = frame.assign(**{one.name: pd.Series("", index=frame.index, dtype="str")})
    rows.frame = frame
    for one in table.fields:
        if one.kind == DATE:
            rows.frame[one.name] = rows.frame[one.name].astype("int64")
        elif one.kind in (NUMBER, SIGNED):
            rows.frame[one.name] = rows.frame[one.name].astype("float64")


def tidy(rows: Rows) -> None:
    """Spells words one way, sets rows without their name or with one that stands there twice aside; sorts the rest."""
    table = TABLES[rows.table]
    for one in table.fields:
        if one.needed and one.name not in ("id", *MEANINGS):
            column = rows.frame[one.name]
            blank = {DATE: column.eq(-1), NUMBER: column.isna()}.get(one.kind, column.eq(""))
            rows.set_aside(blank, f"no {rows.header(one.name)}")
    if rows.table == "opportunities":
        _outcomes(rows)
    if any(one.name == "id" and one.needed for one in table.fields):
        _unique(rows)
    for one in table.fields:
        if one.kind == WORD and one.name not in MEANINGS:
            _spell(rows, one.name)
    if rows.table == "accounts":
        _sizes(rows)
        alike = rows.frame["name"].duplicated(keep=False) & (rows.frame["name"] != "")
        rows.found(f"{rows.header('name')} that several accounts have", int(alike.sum()), "kept apart by their ids")
    if rows.table in ("accounts", "reps"):
        blank_impossible(rows)
    if rows.table == "activities":
        no_contact = rows.frame["kind"] == ""
        rows.found("neither visit, call nor e-mail", int(no_contact.sum()), "left out")
        rows.frame = rows.frame[~no_contact]
    rows.frame = rows.frame.sort_values([*([table.key] if table.key else table.names), TEXT], kind="stable")
    rows.frame = rows.frame.reset_index(drop=True)


def _sizes(rows: Rows) -> None:
    """An account without revenue or employees is one of which they are not known."""
    for column in ("revenue", "employees"):
        blank = ~(rows.frame[column] > 0)
        if column in rows.headers:
            what = f"blank or zero {rows.header(column)}"
            rows.found(what, int(blank.sum()), "taken as its industry's usual one")
        rows.frame[column] = rows.frame[column].where(~blank)


def _outcomes(rows: Rows) -> None:
    """Makes out each opportunity's value and closing day; rows that contradict themselves go."""
    frame = rows.frame
    frame = frame.assign(
        amount=frame["amount"].where(frame["amount"] > 0, frame["expected"]).fillna(frame["amount"]),
        closed=_first_day(frame["closed"], frame["won_on"], frame["lost_on"]),
    )
    rows.frame = frame.drop(columns=[one.name for one in AIDS["opportunities"]])
    told_by = rows.header("outcome" if "outcome" in rows.headers else "stage")
    rows.set_aside(~rows.frame["outcome"].isin(OUTCOMES), f"no {told_by}")
    _rare_stages(rows)
    frame = rows.frame
    decided = frame["outcome"] != OPEN
    reason = pd.Series("", index=frame.index, dtype="str")
    reason = reason.mask((frame["outcome"] == WON) & ~(frame["amount"] > 0), "won, but without a value")
    reason = reason.mask(decided & (frame["closed"] < 0), "won or lost, but without a close date")
    backwards = decided & (frame["closed"] >= 0) & (frame["created"] > frame["closed"])
    reason = reason.mask(backwards, "closed before it began")
    rows.set_aside(reason != "", reason)
    no_start = (rows.frame["outcome"] != OPEN) & (rows.frame["created"] < 0)
    rows.found("won or lost without a day it began", int(no_start.sum()), "counted, but not for how long deals take")


def _first_day(*days: pd.Series) -> pd.Series:
    """The first of several columns that says a day."""
    found = days[0]
    for other in days[1:]:
        found = found.where(found >= 0, other)
    return found


def _rare_stages(rows: Rows) -> None:
    """Notes stages that hardly any opportunity is in: a slip of the pen, most likely."""
    counts = rows.frame.loc[rows.frame["stage"] != "", "stage"].value_counts()
    rare = sorted(counts.index[counts <= RARE * counts.sum()])
    shown = ", ".join(f"'{stage[:40]}'" for stage in rare[:5]) + (" …" if len(rare) > 5 else "")
    rows.found(
        f"stages that hardly occur: {shown}", int(counts[rare].sum()), "see in mapping.yaml what they are read as"
    )


def _unique(rows: Rows) -> None:
    """Sets blank and repeated names aside; of several rows the one whose text sorts first stays, wherever it stands."""
    name = rows.header("id")
    rows.set_aside(rows.frame["id"] == "", f"no {name}")
    if not rows.frame["id"].is_unique:
        order = rows.frame.sort_values(["id", TEXT], kind="stable")
        again = order["id"].duplicated().reindex(rows.frame.index)
        rows.set_aside(again, f"{name} '" + rows.frame["id"].str.slice(0, 60) + "' stands there more than once")


def _spell(rows: Rows, column: str) -> None:
    """One spelling a word: misspelt ones by the list of expected ones, case and spaces by the commonest."""
    words = rows.frame[column]
    common = words[words != ""].value_counts()
    expected = LISTED.get(column, ())
    ways: dict[str, str] = {}
    for word in sorted(common.index, key=lambda one: (-common[one], one)):
        ways.setdefault(squeezed(word), word)
    guess = len(common) <= MOST_STRANGERS
    listed = {squeezed(word) for word in expected}
    right = {}
    for word in common.index:
        slip = guess and expected and squeezed(word) not in listed
        right[word] = (meant(word, expected) if slip else None) or ways[squeezed(word)]
    for word in sorted(right):
        if right[word] != word:
            rows.found(f"{rows.header(column)} '{word}'", int(common[word]), f"read as '{right[word]}'")
    blank = UNKNOWN if (rows.table, column) in NAMED_UNKNOWN else ""
    if blank and column in rows.headers:
        rows.found(f"blank {rows.header(column)}", int((words == "").sum()), f"called '{UNKNOWN}'")
    codes, texts = pd.factorize(words)
    spelt = np.array([right.get(text, blank) for text in texts], dtype=object)
    rows.frame = rows.frame.assign(**{column: pd.Series(spelt[codes], index=words.index, dtype="str")})


def refer(rows: Rows, tables: dict[str, Rows]) -> None:
    """Looks up every account, rep, product … that a table names in the table of these; strangers are dealt with.

    Where they must be known the row is set aside; else the name is left out. Blank names stay: such rows count for the
    rates of what they do name. A name that is written another way than an id is taken for the id.
    """
    for one in TABLES[rows.table].fields:
        if not one.of or one.of not in tables or one.name not in rows.headers:
            continue
        words = rows.frame[one.name]
        right = _known(words, tables[one.of])
        shown = _written_otherwise(words, right, tables[one.of])
        where, header = ", ".join(tables[one.of].files), rows.header(one.name)
        for wrong, fixed in shown:
            what = f"{header} '{wrong}', in {where} '{fixed}'"
            rows.found(what, int((words == wrong).sum()), "taken as the same")
        stranger = right.isna() & (words != "")
        rows.frame = rows.frame.assign(**{one.name: right.fillna("").astype("str")})
        if (rows.table, one.name) in MUST_BE_KNOWN:
            names = tables[one.of].frame["name"]
            several = set(names[names.duplicated(keep=False)]) - {""}
            said = np.where(words.isin(several), f"' is the name of several in {where}", f"' is not in {where}")
            rows.set_aside(stranger, f"{header} '" + words.str.slice(0, 60) + pd.Series(said, words.index, dtype="str"))
        elif (rows.table, one.name) == ("accounts", "parent"):
            what = "parent company that is no account"
            rows.found(what, int(stranger.sum()), "taken as one that sells nothing itself")
            rows.frame[one.name] = rows.frame[one.name].where(~stranger, words)
        else:
            rows.found(f"{header} that is not in {where}", int(stranger.sum()), "left out")
        if (rows.table, one.name) == ("accounts", "rep"):
            done = "today's rep is who it is assigned to, else who sold most there"
            rows.found(f"blank {header}", int((words == "").sum()), done)
    if rows.table == "opportunities":
        if "rep" in rows.headers:
            owners_of_blanks(rows, tables["accounts"])
        else:
            owners_sell(rows, tables["accounts"])
        for column, use in (("account", "rep and product"), ("product", "rep and account")):
            if column in rows.headers:
                blank = int((rows.frame[column] == "").sum())
                done = f"counted for the rates of {use}, not for any account's sales"
                rows.found(f"no {rows.header(column)}", blank, done)


def _known(words: pd.Series, table: Rows) -> pd.Series:
    """The id meant by each word: an id, a name that only one row has, or the one most alike; missing where none is."""
    ids = set(table.frame["id"])
    names = table.frame.loc[table.frame["name"] != "", ["name", "id"]].drop_duplicates("name", keep=False)
    by_name = {name: key for name, key in zip(names["name"], names["id"], strict=True) if name not in ids}
    codes, texts = pd.factorize(words)
    strangers = [text for text in texts if text and text not in ids and text not in by_name]
    # Associations of one record with several come as "123;456": the first that is there counts.
    choices = {**by_name, **{key: key for key in ids}}
    alike = {text: choices[found] for text in strangers if ";" in text and (found := _first_of(text, choices))}
    strangers = [text for text in strangers if text not in alike]
    # A file that names hundreds of strangers belongs to another export: no guessing, which would take hours.
    if len(strangers) <= MOST_STRANGERS:
        alike |= {text: choices[found] for text in strangers if (found := meant(text, choices)) and _same(text, found)}
    right = [text if text in ids else by_name.get(text, alike.get(text)) for text in texts]
    return pd.Series(np.array(right, dtype=object)[codes] if len(texts) else [], index=words.index, dtype="str")


def _first_of(text: str, choices: Iterable[str]) -> str | None:
    return next((part.strip() for part in text.split(";") if part.strip() in choices), None)


def _same(word: str, other: str) -> bool:
    """Whether two words that look alike may be one: with figures in them they may be the ids of two records.

    An id of 15 characters is one of 18 without its last three, as Salesforce writes both.

    >>> _same("GTXPro 5", "GTX Pro 5"), _same("9876543299", "9876543291"), _same("Cancty", "Cancity")
    (True, False, True)
    >>> _same("001xx000003DGb1", "001xx000003DGb1AAG")
    True
    """
    if squeezed(word) == squeezed(other) or not re.search(r"\d", word + other):
        return True
    short, long = sorted((word, other), key=len)
    return (len(short), len(long)) == (15, 18) and long.startswith(short)


def _written_otherwise(words: pd.Series, right: pd.Series, table: Rows) -> Iterable[tuple[str, str]]:
    """Words that are neither an id nor anybody's name, with the id that they were taken for."""
    differs = right.notna() & (right != words)
    names = set(table.frame["name"])
    pairs = set(zip(words[differs], right[differs], strict=True))
    return sorted((wrong, fixed) for wrong, fixed in pairs if wrong not in names)
