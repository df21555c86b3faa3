"""In which currencies a file's amounts are: by the sign or code beside each, else by a column that names it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from scenarios.intake.mapping import Reading
from scenarios.intake.sheet import Sheet
from scenarios.intake.values import column_name, currency
from scenarios.market import Finding

ADDED_UP = ("opportunities", "orders")  # whose amounts are added up
USUAL = "$"  # what money is shown in where nothing else is set
CALLED = ("currency", "währung", "waehrung")  # a column that names it
Named = Mapping[str, int]


def named(sheet: Sheet, reading: Reading) -> Counter[str]:
    """How many amounts of a file are in each currency, an empty name for those of which it is not said."""
    header = reading.columns.get("amount", "")
    if reading.table not in ADDED_UP or not header:
        return Counter()
    amounts = sheet.under(header)
    codes = _codes(sheet, header)
    return Counter(currency(text) or code for text, code in zip(amounts, codes, strict=True) if text)


def _codes(sheet: Sheet, header: str) -> list[str]:
    """What the column of currencies says, row by row; blanks where there is none, or amounts are in one anyhow."""
    nothing = [""] * len(sheet.rows)
    if _calls(header):  # as in "Amount in company currency"
        return nothing
    for name in sheet.head:
        if _calls(name):
            codes = [currency(text) for text in sheet.under(name)]
            if any(codes):
                return codes
    return nothing


def _calls(header: str) -> bool:
    return any(word in column_name(header) for word in CALLED)


def only(found: Named) -> str:
    """The one currency that most amounts are in while none is in another; empty where there is no such.

    >>> only({"€": 9, "": 1}), only({"€": 9, "$": 1}), only({"": 9})
    ('€', '', '')
    """
    names = [name for name in found if name]
    return names[0] if len(names) == 1 and 2 * found[names[0]] >= sum(found.values()) else ""


def mixed(found: Named) -> str:
    """How many amounts are in which currency, where that is more than one; else nothing.

    >>> mixed({"€": 9, "$": 1}), mixed({"€": 9, "": 1}), mixed({"€": 1, "": 9})
    ('9 in €, 1 in $', '', '1 in €, 9 without a sign')
    """
    if only(found) or not any(found):
        return ""
    ordered = sorted(found.items(), key=lambda one: (not one[0], -one[1], one[0]))
    return ", ".join(f"{count:,} {f'in {name}' if name else 'without a sign'}" for name, count in ordered)


def currency_findings(found: Named, files: str) -> list[Finding]:
    """What a report says of it; nothing where money is shown in that currency anyway."""
    one, count = only(found), sum(found.values())
    if mixed(found):
        return [Finding(files, f"amounts in several currencies: {mixed(found)}", count, "added up WITHOUT conversion")]
    if one and one != USUAL:
        return [Finding(files, f"amounts in {one}", found[one], f"read as they are; market.currency={one} shows it")]
    return []
