"""The rows of one table as they are being cleaned: what is noticed is noted, what can't be used is set aside."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from scenarios.intake.schema import TABLES
from scenarios.intake.sheet import SHOWN, Reject
from scenarios.market import Finding

FEW_ROWS, FEW_SHARE = 5, 0.02  # above the larger of the two, bad rows stop the import
BY_MAPPING = "territory import FOLDER --mapping FILE (docs/crm.md shows one)"
AT, LINE, TEXT = " file", " line", " text"  # beside the columns: where a row stood, and what it said


@dataclass
class Rows:
    """A table's ``frame``, text at first; ``headers`` are its columns' names in the files, for people to read."""

    table: str
    files: tuple[str, ...]
    frame: pd.DataFrame
    headers: dict[str, str]
    size: int  # rows in the files, bad ones too
    rejects: list[Reject] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    pardoned: set[str] = field(default_factory=set)  # reasons for which any number of rows may be set aside

    def set_aside(self, bad: pd.Series, reason: str | pd.Series) -> None:
        """Takes the rows where ``bad`` out of the table, each with its reason."""
        if not bad.any():
            return
        reasons = reason[bad] if isinstance(reason, pd.Series) else [reason] * int(bad.sum())
        gone = self.frame.loc[bad, [AT, LINE, TEXT]]
        for file, line, text, why in zip(gone[AT], gone[LINE], gone[TEXT], reasons, strict=True):
            self.rejects.append(Reject(str(file), int(line), str(why), str(text)[:SHOWN]))
        self.frame = self.frame[~bad]

    def found(self, what: str, count: int, done: str) -> None:
        """Notes something about the table, where it happens at all."""
        if count:
            self.findings.append(Finding(", ".join(self.files), what, int(count), done))

    def header(self, column: str) -> str:
        """What the files call a column."""
        return self.headers.get(column, column)

    def parse(self, column: str, read: Callable[[str], Any], kind: str, blank: Any) -> None:
        """Reads every text of a column, each distinct one once; rows where ``read`` gives None are set aside."""
        codes, texts = pd.factorize(self.frame[column])
        values = [read(str(text)) for text in texts]
        bad = pd.Series(np.array([value is None for value in values], dtype=bool)[codes], index=self.frame.index)
        words = self.frame[column]
        clean = np.array([blank if value is None else value for value in values])
        self.frame = self.frame.assign(**{column: clean[codes] if len(values) else np.array([], dtype=float)})
        if bad.any():
            self.set_aside(bad, f"{self.header(column)}: '" + words.str.slice(0, 40) + f"' is no {kind}")

    def too_many_bad(self) -> list[str]:
        """A sentence where more rows are bad than max(5, 2 %) of the table; else nothing."""
        allowed = max(FEW_ROWS, int(FEW_SHARE * self.size))
        bad = [reject for reject in self.rejects if reject.reason not in self.pardoned]
        if len(bad) <= allowed:
            return []
        counts = pd.Series([re.sub(r"'.*'", "…", reject.reason) for reject in bad]).value_counts()
        kinds = sorted(counts.items(), key=lambda kind: (-kind[1], str(kind[0])))[:5]
        first = sorted(bad, key=lambda reject: (reject.file, reject.line))[:3]
        return [
            f"{', '.join(self.files)}: {len(bad)} of {self.size} rows can't be used, more than the {allowed} "
            "that are set aside: "
            + "; ".join(f"{count} × {reason}" for reason, count in kinds)
            + ". First: "
            + "; ".join(f"line {reject.line}: {reject.reason}" for reject in first)
            + f". {self.way_out(str(kinds[0][0]))}"
        ]

    def way_out(self, reason: str) -> str:
        """What mends most of the rows that can't be used."""
        needed = {self.header(one.name): one.needed for one in TABLES[self.table].fields}
        blank = reason.removeprefix("no ").partition(",")[0]
        if reason.startswith("no ") and not needed.get(blank, True):
            return f"Fill the column '{blank}', or leave it out of a mapping: {BY_MAPPING}"
        if reason.startswith("no "):
            return f"Fill the column '{blank}', or say which other column it is: {BY_MAPPING}"
        if "is no date" in reason:
            return f"Say how days are written (dates:): {BY_MAPPING}"
        if "is no number" in reason:
            signs = "take out signs that are no part of them"
            return f"Say how numbers are written (decimal:), {signs}, or leave the column out: {BY_MAPPING}"
        if "is not in" in reason or "name of several" in reason:
            where = reason.rpartition(" in ")[2]
            return f"Add what is missing to {where}, name them by id, or leave the column out: {BY_MAPPING}"
        return f"Correct those rows or take them out of the file, or leave the whole file out: {BY_MAPPING}"


def joined(table: str, parts: Sequence[Rows]) -> Rows:
    """The parts of a table that stood in several files as one."""
    if len(parts) == 1:
        return parts[0]
    frame = pd.concat([part.frame for part in parts], ignore_index=True)
    headers = {column: name for part in reversed(parts) for column, name in part.headers.items()}
    made = Rows(table, tuple(part.files[0] for part in parts), frame, headers, sum(p.size for p in parts))
    for part in parts:
        made.rejects += part.rejects
        made.findings += part.findings
    return made
