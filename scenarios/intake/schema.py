"""The one form that all data takes: tables and their columns. Only accounts are needed; everything else is welcome."""

from __future__ import annotations

from typing import NamedTuple

TEXT, WORD, NUMBER, SIGNED, DATE, FLAG = "text", "word", "number", "signed", "date", "flag"
OPEN, WON, LOST = "open", "won", "lost"
OUTCOMES = (OPEN, WON, LOST)
VISIT, CALL, EMAIL = "visit", "call", "email"
KINDS = (VISIT, CALL, EMAIL)


class Field(NamedTuple):
    """A column: its name, what kind of value stands there, and what it means.

    ``needed``: a row without it says nothing. ``of``: the table whose id it holds.
    """

    name: str
    kind: str
    meaning: str
    needed: bool = False
    of: str = ""


class Table(NamedTuple):
    """A table: its name, its columns, and what one row is."""

    name: str
    row: str
    fields: tuple[Field, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(field.name for field in self.fields)

    @property
    def key(self) -> str:
        """The column that names each row; empty where rows have no name."""
        return "id" if "id" in self.names else ""


TABLES = {
    table.name: table
    for table in (
        Table(
            "accounts",
            "a customer or prospect",
            (
                Field("id", TEXT, "what names it in every other table", needed=True),
                Field("name", TEXT, "what people call it"),
                Field("industry", WORD, "its trade"),
                Field("region", WORD, "part of the market it lies in"),
                Field("country", WORD, "country"),
                Field("county", WORD, "county or state"),
                Field("city", WORD, "city"),
                Field("postcode", TEXT, "postal code"),
                Field("latitude", SIGNED, "degrees north"),
                Field("longitude", SIGNED, "degrees east"),
                Field("revenue", NUMBER, "its own revenue a year, in the unit of the export"),
                Field("employees", NUMBER, "people who work there"),
                Field("potential", NUMBER, "what it could buy from us in a year, money"),
                Field("parent", TEXT, "the account that owns it", of="accounts"),
                Field("rep", TEXT, "who has it today", of="reps"),
                Field("territory", TEXT, "the territory it lies in today", of="territories"),
                Field("status", WORD, "prospect, customer, lapsed or the like"),
                Field("created", DATE, "day it was entered"),
            ),
        ),
        Table(
            "reps",
            "somebody who sells",
            (
                Field("id", TEXT, "what names the rep in every other table", needed=True),
                Field("name", TEXT, "what people call the rep"),
                Field("manager", WORD, "who leads the rep"),
                Field("region", WORD, "office or part of the market"),
                Field("territory", TEXT, "the rep's territory today", of="territories"),
                Field("latitude", SIGNED, "degrees north of the rep's home"),
                Field("longitude", SIGNED, "degrees east of it"),
                Field("hired", DATE, "first day"),
                Field("left", DATE, "last day"),
            ),
        ),
        Table(
            "territories",
            "a territory",
            (
                Field("id", TEXT, "what names it in every other table", needed=True),
                Field("name", TEXT, "what people call it"),
                Field("parent", TEXT, "the larger territory that it is a part of", of="territories"),
            ),
        ),
        Table(
            "assignments",
            "an account that is a rep's, or in a territory, for some time",
            (
                Field("account", TEXT, "which account", needed=True, of="accounts"),
                Field("rep", TEXT, "whose", of="reps"),
                Field("territory", TEXT, "in which territory", of="territories"),
                Field("since", DATE, "first day"),
                Field("until", DATE, "last day; blank: it still is"),
            ),
        ),
        Table(
            "opportunities",
            "something that an account may buy",
            (
                Field("id", TEXT, "what names it in every other table", needed=True),
                Field("name", TEXT, "what people call it"),
                Field("account", TEXT, "whose", of="accounts"),
                Field("rep", TEXT, "who works on it", of="reps"),
                Field("product", TEXT, "what it is about", of="products"),
                Field("stage", WORD, "how far it is"),
                Field("outcome", WORD, "open, won or lost"),
                Field("amount", NUMBER, "its value, money"),
                Field("created", DATE, "day it began"),
                Field("closed", DATE, "day it was won or lost"),
                Field("reason", WORD, "why it was lost or won"),
                Field("competitor", WORD, "who else was asked"),
                Field("source", WORD, "where it came from"),
            ),
        ),
        Table(
            "stages",
            "a stage that an opportunity came to",
            (
                Field("opportunity", TEXT, "which opportunity", needed=True, of="opportunities"),
                Field("stage", WORD, "the stage", needed=True),
                Field("entered", DATE, "the day it came there", needed=True),
            ),
        ),
        Table(
            "activities",
            "a visit, phone call or e-mail",
            (
                Field("id", TEXT, "what names it"),
                Field("kind", WORD, "visit, call or email", needed=True),
                Field("date", DATE, "its day", needed=True),
                Field("account", TEXT, "with whom", of="accounts"),
                Field("opportunity", TEXT, "about what", of="opportunities"),
                Field("rep", TEXT, "by whom", of="reps"),
                Field("minutes", NUMBER, "how long it took, travel left out"),
            ),
        ),
        Table(
            "orders",
            "a recurring order, beside opportunities",
            (
                Field("id", TEXT, "what names it"),
                Field("account", TEXT, "whose", needed=True, of="accounts"),
                Field("date", DATE, "its day", needed=True),
                Field("amount", NUMBER, "its value, money", needed=True),
                Field("product", TEXT, "of what", of="products"),
                Field("rep", TEXT, "who has the account", of="reps"),
            ),
        ),
        Table(
            "quotas",
            "what a rep or territory is to reach in a time",
            (
                Field("rep", TEXT, "whose", of="reps"),
                Field("territory", TEXT, "or of which territory", of="territories"),
                Field("since", DATE, "first day", needed=True),
                Field("until", DATE, "last day"),
                Field("amount", NUMBER, "how much", needed=True),
                Field("measure", WORD, "of what: revenue, calls, opportunities; blank: revenue"),
            ),
        ),
        Table(
            "products",
            "something that is sold",
            (
                Field("id", TEXT, "what names it in every other table", needed=True),
                Field("name", TEXT, "what people call it"),
                Field("family", WORD, "the kind of product"),
                Field("price", NUMBER, "its list price, money"),
                Field("cost", NUMBER, "what one costs us, money"),
            ),
        ),
        Table(
            "competitors",
            "a competitor, as people judge it: scores from -1 (we are far ahead) to 1 (it is)",
            (
                Field("name", TEXT, "who", needed=True),
                Field("industry", WORD, "in which trade; blank: in all"),
                Field("positioning", SIGNED, "how well it is known and placed"),
                Field("price", SIGNED, "how cheap it is"),
                Field("reviews", SIGNED, "how well it is spoken of"),
                Field("use_case", SIGNED, "how well it fits what customers do"),
                Field("quality", SIGNED, "how good it is"),
            ),
        ),
    )
}

# Columns that only some systems have; from them an opportunity's outcome, amount and closing day are made out.
AIDS = {
    "opportunities": (
        Field("won", FLAG, "whether it was won"),
        Field("closed_flag", FLAG, "whether it was won or lost"),
        Field("expected", NUMBER, "its value as long as it is open, money"),
        Field("won_on", DATE, "day it was won"),
        Field("lost_on", DATE, "day it was lost"),
    ),
}
