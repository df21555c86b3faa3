"""How a number that steers the program is declared: once, with unit, range, meaning and source."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, get_args, get_type_hints

Kind = Literal["measured", "convention", "assumption", "choice"]


class Parameter(NamedTuple):
    """What is said of one parameter, beside its name, type and default.

    ``kind`` says where the default comes from: *measured* (a published figure), *convention* (what
    planners usually take), *assumption* (ours), *choice* (the planner's to set).
    """

    unit: str
    low: float | None
    high: float | None
    meaning: str
    source: str = ""
    kind: Kind = "assumption"


class Declared(NamedTuple):
    """One declared parameter: name, type, default and what is said of it."""

    name: str
    type: type
    default: Any
    about: Parameter


def declared(table: type) -> list[Declared]:
    """Every parameter that a NamedTuple or dataclass declares with ``Annotated[type, Parameter(...)]``.

    >>> from sim.behaviour import Behaviour
    >>> declared(Behaviour)[0].name
    'carry_over'
    """
    hints = get_type_hints(table, include_extras=True)
    defaults = getattr(table, "_field_defaults", None)
    if defaults is None:
        defaults = {name: field.default for name, field in table.__dataclass_fields__.items()}  # type: ignore[attr-defined]
    found = []
    for name, hint in hints.items():
        notes = [note for note in getattr(hint, "__metadata__", ()) if isinstance(note, Parameter)]
        if notes:
            found.append(Declared(name, get_args(hint)[0], defaults[name], notes[0]))
    return found
