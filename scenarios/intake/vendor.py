"""Canonical tables in the columns of a CRM: what its export would look like."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from scenarios.intake.mapping import System, systems
from scenarios.intake.schema import AIDS, LOST, OPEN, WON
from scenarios.intake.writing import as_text, beside, put
from scenarios.problems import InputError


def write_as(tables: Mapping[str, pd.DataFrame], name: str, folder: Path) -> list[str]:
    """Writes the tables as that CRM's export, all or nothing; returns the files' names.

    Raises InputError where the folder holds anything.
    """
    if folder.exists() and any(folder.iterdir()):
        raise InputError([f"--to: {folder} is not empty; give a new folder"])
    system = systems()[name]
    files = []
    with beside(folder) as part:
        for table, frame in tables.items():
            if table in system.headers:
                files.append(f"{system.files[table][0]}.csv")
                in_columns(table, frame, system).to_csv(part / files[-1], index=False, lineterminator="\n")
        put(part, folder)
    return files


def in_columns(table: str, frame: pd.DataFrame, system: System) -> pd.DataFrame:
    """A table under the headers that the system gives its columns; those without one are left out."""
    text = as_text(table, frame)
    words = {one: {to: said[0] for to, said in of.items()} for one, of in system.words.items()}
    if table == "activities":
        text["kind"] = text["kind"].map(words.get("kind", {})).fillna(text["kind"])
    if table == "opportunities":
        text = _with_aids(text, words.get("outcome", {}), set(system.headers[table]))
    headers = system.headers[table]
    text = text[[name for name in text if (text[name] != "").any()]]
    return pd.DataFrame({headers[name][0]: text[name] for name in text if name in headers})


def _with_aids(text: pd.DataFrame, words: Mapping[str, str], known: set[str]) -> pd.DataFrame:
    """Outcome, value and closing day as this system has them."""
    outcome = text["outcome"]
    amount = text["amount"]
    made = text.assign(
        outcome=outcome.map(words).fillna(outcome),
        won=np.where(outcome == WON, "true", "false"),
        closed_flag=np.where(outcome == OPEN, "false", "true"),
        won_on=text["closed"].where(outcome == WON, ""),
        lost_on=text["closed"].where(outcome == LOST, ""),
        expected=amount,
    )
    if "expected" in known:
        made["amount"] = amount.where(outcome == WON, "")
    order = ["id", "name", "account", "rep", "product", "stage", "outcome", "amount"]
    rest = [one for one in made if one not in order]
    aids = {one.name for one in AIDS["opportunities"]}
    return made[[one for one in (*order, *rest) if one not in aids or one in known]]
