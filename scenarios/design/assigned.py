"""Who has which account, read back from what was written: CSV, a workbook, or GeoJSON."""

from __future__ import annotations

import json
from pathlib import Path

from scenarios.design.files import ACCOUNT_IDS
from scenarios.intake.sheet import contents, decoded, read_sheet
from scenarios.problems import InputError

ACCOUNT = ("account", "account_id", "accountid", "objectid", "id")
TERRITORY = ("rep", "territory", "territory2id", "territoryid", "hubspot_owner_id", "owner")
MAPS = (".geojson", ".json")


def read_assigned(path: Path) -> list[tuple[int, str, str]]:
    """Line, account and territory of each row; the number of its outline instead of a line where the file is a map.

    Raises InputError with everything that makes it no such file.
    """
    if path.suffix.casefold() in MAPS:
        return _of_map(path)
    sheet = read_sheet(path)
    found = [next((name for name in choices if name in sheet.names), "") for choices in (ACCOUNT, TERRITORY)]
    missing = [words[0] for words, name in zip((ACCOUNT, TERRITORY), found, strict=True) if not name]
    problems = [
        f"{sheet.file}, line {sheet.head_line}: column {name} is missing; found: {', '.join(sheet.names)}"
        for name in missing
    ]
    problems += [f"{one.file}, line {one.line}: {one.reason}" for one in sheet.rejects]
    if problems:
        raise InputError(problems)
    return list(zip(sheet.lines, *(sheet.column(name) for name in found), strict=True))


def _of_map(path: Path) -> list[tuple[int, str, str]]:
    """The accounts that the outlines of a map carry."""
    try:
        features = json.loads(decoded(path.name, contents(path))[0])["features"]
        properties = [one["properties"] for one in features]
        rows = [
            (number, str(account), str(one["territory"]))
            for number, one in enumerate(properties, 1)
            for account in one[ACCOUNT_IDS]
        ]
    except (ValueError, KeyError, TypeError):
        rows = []
    if not rows:
        lack = f"each feature needs the properties territory and {ACCOUNT_IDS}, as territory design writes them"
        raise InputError([f"{path.name}: this map does not say who has which account; {lack}"])
    return rows
